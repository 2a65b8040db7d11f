"""The city over HTTPS: one question, one answer, no second try; every trouble of the line has a name."""

from __future__ import annotations

import gzip
import socket
import threading
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

import httpx2

from app.base.watch import Cancelled
from app.domain.problems import Problem, Refused, Unavailable
from app.sync.ahead import Ahead, Answer
from app.sync.city_answers import JSON, good, is_tls, read, tls_words, trust
from app.sync.link import LinkStore
from app.sync.reading import pull_reply, snapshot_reply
from app.wire.accounts import EnrolReply, EnrolRequest, NumberBlock, NumberRequest, RenewRequest
from app.wire.blobs import PIECE_BYTES, FileOffer, FileState, Receipt
from app.wire.signing import PROTOCOL_HEADER
from app.wire.sync import PROTOCOL, PullReply, PullRequest, PushReply, PushRequest, SnapshotReply, Wire

PACKED_FROM = 1024
PACKING = 1
"""Of gzip: what more would save is less than what it costs a slow PC."""
CONNECT_S, READ_S = 10.0, 60.0
LARGEST_ANSWER = 64 * 1024 * 1024
_HERE = frozenset({"127.0.0.1", "localhost", "::1"})
_SOCKETS = 8
"""So many of the newest connections are remembered for breaking off."""
_HUNG_UP = "Server disconnected without sending a response."
"""How the library says that a connection ended before any answer; it has no class of its own for it."""
W = TypeVar("W", bound=Wire)


class CityClient:
    """A CityLine to the address of a link, trusting its authority, through its proxy; its requests are signed by it.

    Kept open between runs: the second request needs no second handshake. Raises Refused("sync.not_enrolled").
    """

    def __init__(self, link: LinkStore, *, transport: httpx2.BaseTransport | None = None) -> None:
        said = link.need()
        self._base = said.url.rstrip("/")
        self._link = link
        self.broken_off = False
        self._asking = 0
        self._count = threading.Lock()
        self._sockets: deque[socket.socket] = deque(maxlen=_SOCKETS)
        with _told_in_words():
            self._client = httpx2.Client(
                verify=trust(said.own_ca) if self._base.startswith("https:") else False,
                proxy=said.proxy or None,
                transport=transport,
                timeout=httpx2.Timeout(READ_S, connect=CONNECT_S),
                follow_redirects=False,
                # A city on this very machine is never behind the office's proxy.
                trust_env=httpx2.URL(self._base).host not in _HERE,
                headers={PROTOCOL_HEADER: str(PROTOCOL), "Accept-Encoding": "gzip"},
            )

    def close(self) -> None:
        """Let go of the connection."""
        self._client.close()

    @property
    def asking(self) -> bool:
        """Whether somebody waits for an answer now."""
        return self._asking > 0

    def break_off(self) -> None:
        """End what is under way, from any thread: it raises Cancelled, as does every later question."""
        self.broken_off = True
        for each in tuple(self._sockets):
            with suppress(OSError):
                # Not the method of a TLS socket, which would first let go of what the waiting thread reads with.
                socket.socket.shutdown(each, socket.SHUT_RDWR)

    def enrol(self, request: EnrolRequest) -> EnrolReply:
        return self._post("/v1/enrol", request, EnrolReply)

    def renew(self, request: RenewRequest) -> EnrolReply:
        return self._post("/v1/renew", request, EnrolReply)

    def push(self, request: PushRequest) -> PushReply:
        return self._post("/v1/sync/push", request, PushReply)

    def push_written(self, body: bytes, *, ahead: bool) -> Answer[PushReply]:
        asked = self._question("POST", "/v1/sync/push", body, JSON)
        if ahead:
            return Ahead(lambda: self._send(asked), lambda content: read(content, PushReply))
        return Answer(lambda: read(self._send(asked), PushReply))

    def pull(self, request: PullRequest) -> PullReply:
        body = request.model_dump_json().encode()
        return pull_reply(self._ask("POST", "/v1/sync/pull", body, JSON, wait=request.wait))

    def snapshot(self, scope: str, after: UUID | None, limit: int) -> SnapshotReply:
        return snapshot_reply(self._ask("GET", _snapshot_target(scope, after, limit)))

    def snapshot_ahead(self, scope: str, after: UUID | None, limit: int) -> Answer[SnapshotReply]:
        asked = self._question("GET", _snapshot_target(scope, after, limit))
        return Ahead(lambda: self._send(asked), snapshot_reply)

    def numbers(self, request: NumberRequest) -> NumberBlock:
        return self._post("/v1/numbers", request, NumberBlock)

    def offer_file(self, offer: FileOffer) -> FileState:
        return self._post("/v1/files", offer, FileState)

    def file_state(self, sha256: str) -> FileState:
        return read(self._ask("GET", f"/v1/files/{sha256}/state"), FileState)

    def send_piece(self, sha256: str, offset: int, piece: bytes) -> FileState:
        target = f"/v1/files/{sha256}?offset={offset}"
        return read(self._ask("PATCH", target, piece, "application/octet-stream"), FileState)

    def send_thumbnail(self, sha256: str, thumbnail: bytes) -> None:
        self._ask("PUT", f"/v1/files/{sha256}/thumbnail", thumbnail, "application/octet-stream", plain=True)

    def fetch_thumbnail(self, sha256: str) -> bytes | None:
        try:
            return self._ask("GET", f"/v1/files/{sha256}/thumbnail", plain=True)
        except Refused as problem:
            if problem.code == "sync.file_unknown":
                return None
            raise

    def fetch_piece(self, sha256: str, offset: int) -> bytes:
        return self._ask("GET", f"/v1/files/{sha256}?offset={offset}", most=PIECE_BYTES, plain=True)

    def receipt(self, record_id: UUID) -> Receipt:
        return read(self._ask("GET", f"/v1/receipts/{record_id}"), Receipt)

    def _post(self, target: str, request: Wire, kind: type[W]) -> W:
        return read(self._ask("POST", target, request.model_dump_json().encode(), JSON), kind)

    def _ask(
        self,
        method: str,
        target: str,
        body: bytes = b"",
        media_type: str = "",
        *,
        wait: int = 0,
        most: int = LARGEST_ANSWER,
        plain: bool = False,
    ) -> bytes:
        """The body of a good answer. plain: bytes of a file, else JSON is expected."""
        return self._send(self._question(method, target, body, media_type, wait), most, plain)

    def _question(self, method: str, target: str, body: bytes = b"", media_type: str = "", wait: int = 0) -> _Question:
        headers = {"Content-Type": media_type} if media_type else {}
        if media_type == JSON and len(body) > PACKED_FROM:
            body = gzip.compress(body, PACKING, mtime=0)
            headers["Content-Encoding"] = "gzip"
        headers["Authorization"] = self._link.next_proof(method, target, body)
        return _Question(method, target, body, headers, wait)

    def _send(self, asked: _Question, most: int = LARGEST_ANSWER, plain: bool = False) -> bytes:
        """Raises of the line; Cancelled when somebody broke it off."""
        with self._count:
            self._asking += 1
        try:
            return self._exchange(asked, most, plain)
        except Problem as problem:
            if self.broken_off:
                raise Cancelled from problem
            raise
        finally:
            with self._count:
                self._asking -= 1

    def _exchange(self, asked: _Question, most: int, plain: bool) -> bytes:
        if self.broken_off:
            raise Cancelled
        timeout = httpx2.Timeout(READ_S + asked.wait, connect=CONNECT_S)
        url, seen = self._base + asked.target, {"trace": self._note_socket}
        try:
            with (
                _told_in_words(),
                self._client.stream(
                    asked.method, url, content=asked.body, headers=asked.headers, timeout=timeout, extensions=seen
                ) as answer,
            ):
                content = _limited(answer, most)
        except RuntimeError as error:
            if not self._client.is_closed:
                raise
            # Somebody changed how the city is reached while this run was under way: the next one takes the new way.
            raise Unavailable("sync.offline", reason="closed") from error
        return good(answer.status_code, answer.headers, content, plain)

    def _note_socket(self, _event: str, info: Mapping[str, object]) -> None:
        """Told what the library does; a new connection comes by as what a step of it returned."""
        ask = getattr(info.get("return_value"), "get_extra_info", None)
        found = ask("socket") if ask is not None else None
        if isinstance(found, socket.socket):
            self._sockets.append(found)
            if self.broken_off:
                self.break_off()


@dataclass(frozen=True)
class _Question:
    """A request that was packed and signed; wait: seconds the city may hold it open."""

    method: str
    target: str
    body: bytes
    headers: Mapping[str, str]
    wait: int


def _snapshot_target(scope: str, after: UUID | None, limit: int) -> str:
    asked = {"scope": scope, "limit": str(limit)} | ({"after": str(after)} if after else {})
    return f"/v1/sync/snapshot?{httpx2.QueryParams(asked)}"


def _limited(answer: httpx2.Response, most: int) -> bytes:
    parts: list[bytes] = []
    size = 0
    for part in answer.iter_bytes():
        size += len(part)
        if size > most:
            raise Unavailable("sync.reply_broken", reason="size")
        parts.append(part)
    return b"".join(parts)


@contextmanager
def _told_in_words() -> Iterator[None]:
    """Trouble on the way there or back as Unavailable("sync.…")."""
    try:
        yield
    except httpx2.TimeoutException as error:
        raise Unavailable("sync.timeout") from error
    except httpx2.ProxyError as error:
        if "407" in str(error):
            raise Unavailable("sync.proxy_asks") from error
        raise Unavailable("sync.offline", reason="proxy") from error
    except httpx2.ConnectError as error:
        if is_tls(error):
            raise Unavailable("sync.tls", reason=tls_words(error)) from error
        raise Unavailable("sync.offline", reason="connect") from error
    except (httpx2.DecodingError, httpx2.RemoteProtocolError) as error:
        code = "sync.offline" if str(error) == _HUNG_UP else "sync.reply_broken"
        raise Unavailable(code, reason=type(error).__name__) from error
    except (httpx2.InvalidURL, httpx2.UnsupportedProtocol) as error:
        raise Refused("sync.address_wrong", url="") from error
    except httpx2.TransportError as error:
        raise Unavailable("sync.offline", reason=type(error).__name__) from error
