"""A request as it came: its proof, its body within limits, unpacked; what could not be used is kept."""

from __future__ import annotations

import zlib
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from uuid import UUID

from fastapi import Request
from sqlalchemy import Connection, insert, select
from starlette.requests import ClientDisconnect

from app.domain.problems import Refused
from app.wire.signing import Proof, signed_bytes
from server import devices
from server.city import City
from server.devices import Device
from server.signers import Signer
from server.tables import DEAD_LETTER

_PIECE = 1024 * 1024
LARGEST_OF_STRANGERS = 1_000_000
"""Bytes anybody may send before it is known who it is, packed or not: an office with 500 persons needs a quarter."""


@dataclass(frozen=True)
class Signed:
    """A request whose device is proved; body is unpacked."""

    device: Device
    body: bytes


@dataclass(frozen=True)
class Proven:
    """A request as it came: proof, what was signed, the body as sent. Nothing of it is checked yet.

    plain: the unpacked body, once somebody unpacked it.
    """

    proof: Proof
    method: str
    target: str
    body: bytes
    packed: bool
    agent: str
    plain: bytes = b""

    def is_signed_by(self, signer: Signer) -> bool:
        """Whether the holder of this key signed exactly this request."""
        words = signed_bytes(self.method, self.target, self.proof.counter, self.body)
        return signer.signed(words, self.proof.signature)


def city_of(request: Request) -> City:
    """The city this application serves."""
    city = request.app.state.city
    assert isinstance(city, City)
    return city


async def proven(request: Request, largest: int | None = None) -> Proven:
    """Proof header and body of a request, unchecked. largest: bytes of a body, when fewer than usual are allowed.

    Raises Refused("sync.proof_missing"), ("sync.too_large").
    """
    proof = Proof.of_header(request.headers.get("Authorization", ""))
    if proof is None:
        raise Refused("sync.proof_missing")
    path = request.scope.get("raw_path") or request.scope["path"].encode()
    query = request.scope.get("query_string", b"")
    target = (path + b"?" + query if query else path).decode("latin-1")
    packed = request.headers.get("Content-Encoding", "").lower() == "gzip"
    body = await _body(request, largest or city_of(request).settings.largest_body)
    return Proven(proof, request.method, target, body, packed, request.headers.get("User-Agent", "")[:200])


def unpacked(city: City, sent: Proven, *, known: bool = True) -> bytes:
    """The body without its gzip, taken piece by piece so that no small body fills the memory.

    known: the PC is proved; what strangers send is kept nowhere.
    Raises Refused("sync.too_large"), ("sync.request_broken") with a dead letter.
    """
    if not sent.packed:
        return sent.body
    limit = city.settings.largest_unpacked if known else LARGEST_OF_STRANGERS
    try:
        return _unpacked(sent.body, limit)
    except (zlib.error, EOFError):
        if known:
            keep_dead_letter(city, sent.proof.device_id, "sync.request_broken", "gzip", sent.agent, sent.body)
        raise Refused("sync.request_broken", reason="gzip") from None


def plain(city: City, sent: Proven) -> bytes | None:
    """The body of a request whose signature is right, without its gzip; None when that cannot be."""
    try:
        return _unpacked(sent.body, city.settings.largest_unpacked) if sent.packed else sent.body
    except (zlib.error, EOFError, Refused):
        return None


def _unpacked(packed: bytes, limit: int) -> bytes:
    pieces = bytearray()
    for piece in _pieces(packed):
        pieces += piece
        if len(pieces) > limit:
            raise Refused("sync.too_large", limit=f"{limit // 1_000_000} MB")
    return bytes(pieces)


def keep_dead_letter(city: City, device_id: UUID | None, reason: str, note: str, agent: str, raw: bytes) -> None:
    """Keep what could not be used, byte for byte and once however often it comes; each time is a failed attempt."""
    # PostgreSQL knows no NUL in a text; the names in a broken request are anybody's.
    told = {"note": note.replace("\0", ""), "agent": agent[:200]}
    values = {"at": city.now(), "device_id": device_id, "reason": reason, **told}

    def keep(connection: Connection) -> None:
        same = (DEAD_LETTER.c.device_id == device_id, DEAD_LETTER.c.reason == reason, DEAD_LETTER.c.raw == raw)
        if connection.execute(select(DEAD_LETTER.c.id).where(*same).limit(1)).first() is None:
            connection.execute(insert(DEAD_LETTER).values({**values, "raw": raw, "seen_at": None}))
        devices.note_failure(connection, city.now(), device_id, reason)

    city.database.retrying(keep)


async def _body(request: Request, limit: int) -> bytes:
    too_large = Refused("sync.too_large", limit=f"{limit // 1_000_000} MB")
    said = request.headers.get("Content-Length", "")
    if said.isascii() and said.isdigit() and int(said[:18]) > limit:
        raise too_large
    taken = bytearray()
    stream: AsyncIterator[bytes] = request.stream()
    try:
        async for piece in stream:
            taken += piece
            if len(taken) > limit:
                raise too_large
    except ClientDisconnect:
        # The line broke in the middle of the body; nobody hears the answer.
        raise Refused("sync.request_broken", reason="cut") from None
    return bytes(taken)


def _pieces(packed: bytes) -> Iterator[bytes]:
    """Unpacked pieces of at most a mebibyte. Raises zlib.error, EOFError for a body cut short or followed by more."""
    machine = zlib.decompressobj(wbits=31)
    rest = packed
    while not machine.eof:
        piece = machine.decompress(rest, _PIECE)
        rest = machine.unconsumed_tail
        if not piece and not rest and not machine.eof:
            raise EOFError("gzip ends too early")
        yield piece
    if machine.unused_data:
        raise EOFError("more than one gzip member")
