"""Which PC sent a request: proof header, rising counter, limits of the body, and what is remembered of attempts."""

from __future__ import annotations

import re
import zlib
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from fastapi import Request
from pydantic import BaseModel, ValidationError
from sqlalchemy import Connection, bindparam, insert, select
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect

from app.domain.problems import Problem, Refused
from app.wire.signing import PROTOCOL_HEADER, Proof, signed_bytes
from app.wire.sync import OLDEST_PROTOCOL, PullRequest
from server import devices
from server.city import City
from server.devices import Device, Entry, NotEntered
from server.statements import together
from server.tables import DEAD_LETTER, DEVICE

__all__ = ["Device", "Proven", "Signed", "city_of", "keep_dead_letter", "proven", "signed", "understood"]

M = TypeVar("M", bound=BaseModel)
_PIECE = 1024 * 1024
LARGEST_OF_STRANGERS = 1_000_000
"""Bytes anybody may send before it is known who it is, packed or not: an office with 500 persons needs a quarter."""
_SIGN_KEY = select(DEVICE.c.sign_key).where(DEVICE.c.id == bindparam("pc", type_=DEVICE.c.id.type))


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

    def is_signed_by(self, raw_key: bytes) -> bool:
        """Whether the holder of this Ed25519 key signed exactly this request."""
        words = signed_bytes(self.method, self.target, self.proof.counter, self.body)
        try:
            Ed25519PublicKey.from_public_bytes(raw_key).verify(self.proof.signature, words)
        except (InvalidSignature, ValueError):
            return False
        return True


def city_of(request: Request) -> City:
    """The city this application serves."""
    city = request.app.state.city
    assert isinstance(city, City)
    return city


async def signed(request: Request) -> Signed:
    """The device behind a request (FastAPI dependency).

    Raises Refused("sync.proof_missing" | "sync.device_unknown" | "sync.signature_wrong" | "sync.counter_old" |
    "sync.device_revoked" | "sync.upgrade_needed" | "sync.too_large" | "sync.request_broken").
    """
    return await run_in_threadpool(_signed, request, await proven(request))


def _signed(request: Request, sent: Proven) -> Signed:
    found = admitted(city_of(request), sent)
    refuse(request, found.device)
    return found


def refuse(request: Request, device: Device) -> None:
    """Whom nothing is given to. Raises Refused("sync.device_revoked"), ("sync.upgrade_needed")."""
    if device.revoked:
        _note_stopped(city_of(request), device.id)
        raise Refused("sync.device_revoked")
    refuse_old_protocol(request)


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


def refuse_old_protocol(request: Request) -> None:
    """Raises Refused("sync.upgrade_needed") for a program that speaks a protocol older than we still answer."""
    said = request.headers.get(PROTOCOL_HEADER, "")
    if said.isascii() and said.isdigit() and int(said[:9]) < OLDEST_PROTOCOL:
        raise Refused("sync.upgrade_needed")


def refuse_old_program(city: City, asked: PullRequest) -> None:
    """Raises Refused("sync.upgrade_needed") for a program the operator no longer lets receive; it may still hand in."""
    oldest = _version(city.settings.oldest_program)
    if asked.protocol < OLDEST_PROTOCOL or (oldest and asked.program and _version(asked.program) < oldest):
        raise Refused("sync.upgrade_needed")


def _version(words: str) -> tuple[int, ...]:
    """1.10.2 as numbers, so that it comes after 1.9."""
    return tuple(int(part) for part in re.findall(r"[0-9]{1,9}", words)[:4])


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


def readable(kind: type[M], body: bytes) -> M | None:
    """The body as `kind`; None when it is none."""
    try:
        return kind.model_validate_json(body)
    except ValidationError:
        return None


def understood(request: Request, sent: Signed, kind: type[M]) -> M:
    """The body as `kind`. Raises Refused("sync.request_broken") after keeping the bytes as a dead letter."""
    try:
        return kind.model_validate_json(sent.body)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        reason = f"{'.'.join(map(str, first['loc']))} {first['type']}".strip()
        agent = request.headers.get("User-Agent", "")[:200]
        keep_dead_letter(city_of(request), sent.device.id, "sync.request_broken", reason, agent, sent.body)
        raise Refused("sync.request_broken", reason=reason) from None


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


def entry(city: City, sent: Proven) -> Entry | None:
    """What takes the counter together with the work; None when the request must be looked at closely."""
    proof = sent.proof
    signer = city.signers.get(proof.device_id)
    words = signed_bytes(sent.method, sent.target, proof.counter, sent.body)
    if signer is None or not signer.signed(words, proof.signature):
        return None
    return Entry(proof.device_id, proof.counter, signer.raw)


def admitted(city: City, sent: Proven) -> Signed:
    """The device that signed, its counter taken, and the body. Raises as `signed` does, but for a revoked device."""
    known = entry(city, sent)
    if known is None:
        return admitted_closely(city, sent)

    def enter(connection: Connection) -> Device:
        (rows,) = together(connection, known.taken(city.now()), commit=True)
        return devices.entered(connection, rows)

    try:
        return Signed(city.database.retrying(enter), unpacked(city, sent))
    except NotEntered:
        return admitted_closely(city, sent)


def admitted_closely(city: City, sent: Proven) -> Signed:
    """As `admitted`, step by step and believing nothing that was remembered."""
    return Signed(_admit(city, sent), unpacked(city, sent))


@contextmanager
def counter_used(city: City, sent: Proven) -> Iterator[None]:
    """Work that takes the counter in its own transaction: when that is rolled back, the counter is used up all the same."""
    done = False
    try:
        yield
        done = True
    except NotEntered:
        done = True
        raise
    finally:
        if not done:
            city.database.retrying(
                lambda connection: devices.count(connection, sent.proof.device_id, sent.proof.counter, city.now())
            )


def _admit(city: City, sent: Proven) -> Device:
    """The device that signed, its counter moved on; every failure is written down before it is refused."""
    device_id, now = sent.proof.device_id, city.now()

    def admit(connection: Connection) -> Device | Problem:
        _commit_without_waiting(connection)
        key = connection.execute(_SIGN_KEY, {"pc": device_id}).scalar()
        if key is None:
            return _failure(connection, now, None, "sync.device_unknown")
        if not sent.is_signed_by(bytes(key)):
            return _failure(connection, now, device_id, "sync.signature_wrong")
        city.signers.remember(device_id, bytes(key))
        device = devices.count(connection, device_id, sent.proof.counter, now)
        return device or _failure(connection, now, device_id, "sync.counter_old")

    found = city.database.retrying(admit)
    if isinstance(found, Problem):
        raise found
    return found


def _note_stopped(city: City, device_id: UUID) -> None:
    """A stopped PC that asks all the same is an attempt the operator sees."""
    city.database.retrying(
        lambda connection: devices.note_failure(connection, city.now(), device_id, "sync.device_revoked")
    )


def _failure(connection: Connection, now: datetime, device_id: UUID | None, code: str) -> Problem:
    devices.note_failure(connection, now, device_id, code)
    return Refused(code)


def _commit_without_waiting(connection: Connection) -> None:
    # A counter lost in a crash of the city lets one old request through once more: changes are known by their id.
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET LOCAL synchronous_commit = off")


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
