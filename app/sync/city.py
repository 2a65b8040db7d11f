"""The city over HTTPS: one question, one answer, no second try; every trouble of the line has a name."""

from __future__ import annotations

import gzip
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

import httpx2
from pydantic import ValidationError

from app.domain.problems import Problem, Refused, Unavailable
from app.domain.problems.catalog import PROBLEMS
from app.sync.ahead import Ahead, Answer
from app.sync.link import LinkStore
from app.sync.reading import pull_reply, snapshot_reply
from app.wire.accounts import EnrolReply, EnrolRequest, NumberBlock, NumberRequest, RenewRequest
from app.wire.blobs import PIECE_BYTES, FileOffer, FileState, Receipt
from app.wire.problem import MEDIA_TYPE, ProblemBody
from app.wire.signing import PROTOCOL_HEADER
from app.wire.sync import PROTOCOL, PullReply, PullRequest, PushReply, PushRequest, SnapshotReply, Wire

JSON = "application/json"
PACKED_FROM = 1024
PACKING = 1
"""Of gzip: what more would save is less than what it costs a slow PC."""
CONNECT_S, READ_S = 10.0, 60.0
LARGEST_ANSWER = 64 * 1024 * 1024
_BUSY = frozenset({429, 502, 503, 504})
_LATER = frozenset({"sync.city_busy", "sync.city_full", "sync.too_many_tries", "sync.disk_low"})
"""Codes after which asking again helps."""
_HERE = frozenset({"127.0.0.1", "localhost", "::1"})
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
        with _told_in_words():
            self._client = httpx2.Client(
                verify=_trust(said.own_ca) if self._base.startswith("https:") else False,
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

    def enrol(self, request: EnrolRequest) -> EnrolReply:
        return self._post("/v1/enrol", request, EnrolReply)

    def renew(self, request: RenewRequest) -> EnrolReply:
        return self._post("/v1/renew", request, EnrolReply)

    def push(self, request: PushRequest) -> PushReply:
        return self._post("/v1/sync/push", request, PushReply)

    def push_written(self, body: bytes, *, ahead: bool) -> Answer[PushReply]:
        asked = self._question("POST", "/v1/sync/push", body, JSON)
        if ahead:
            return Ahead(lambda: self._send(asked), lambda content: _read(content, PushReply))
        return Answer(lambda: _read(self._send(asked), PushReply))

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
        return _read(self._ask("GET", f"/v1/files/{sha256}/state"), FileState)

    def send_piece(self, sha256: str, offset: int, piece: bytes) -> FileState:
        target = f"/v1/files/{sha256}?offset={offset}"
        return _read(self._ask("PATCH", target, piece, "application/octet-stream"), FileState)

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
        return _read(self._ask("GET", f"/v1/receipts/{record_id}"), Receipt)

    def _post(self, target: str, request: Wire, kind: type[W]) -> W:
        return _read(self._ask("POST", target, request.model_dump_json().encode(), JSON), kind)

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
        timeout = httpx2.Timeout(READ_S + asked.wait, connect=CONNECT_S)
        url = self._base + asked.target
        try:
            with (
                _told_in_words(),
                self._client.stream(
                    asked.method, url, content=asked.body, headers=asked.headers, timeout=timeout
                ) as answer,
            ):
                content = _limited(answer, most)
        except RuntimeError as error:
            if not self._client.is_closed:
                raise
            # Somebody changed how the city is reached while this run was under way: the next one takes the new way.
            raise Unavailable("sync.offline", reason="closed") from error
        return _good(answer.status_code, answer.headers, content, plain)


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


def _good(status: int, headers: Mapping[str, str], content: bytes, plain: bool) -> bytes:
    """The content of an answer that is the city's and says yes. Raises what it says otherwise."""
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == MEDIA_TYPE:
        raise _said(status, content)
    if status == 407:
        raise Unavailable("sync.proxy_asks")
    if status == 413:
        raise Refused("sync.too_large", limit="HTTP 413")
    if status in _BUSY:
        raise Unavailable("sync.city_busy")
    if status >= 500:
        raise Unavailable("sync.city_failed", status=status)
    if status not in (200, 204) or kind == "text/html":
        # Not our city speaks: a login page of the network, a redirect to one, somebody else's server.
        raise Unavailable("sync.captive_portal")
    if status == 204 or plain or kind == JSON:
        return content
    raise Unavailable("sync.captive_portal")


def _said(status: int, content: bytes) -> Problem:
    """The problem the city names; one this program does not know counts by its status."""
    try:
        body = ProblemBody.model_validate_json(content)
    except ValidationError:
        return Unavailable("sync.reply_broken", reason=f"HTTP {status}")
    if body.code not in PROBLEMS:
        return Unavailable("sync.city_failed", status=status)
    details = _Words({name: str(value) for name, value in (body.model_extra or {}).items()})
    details["wait_s"] = str(body.retry_after_s)
    later = body.code in _LATER or status in _BUSY
    return _problem(Unavailable if later else Refused, body.code, details)


class _Words(dict[str, object]):
    """Details of a problem; one the city did not say is a dash."""


def _problem(kind: Callable[..., Problem], code: str, details: _Words) -> Problem:
    while True:
        try:
            return kind(code, **details)
        except KeyError as missing:
            details[str(missing.args[0])] = "-"


def _read(content: bytes, kind: type[W]) -> W:
    try:
        return kind.model_validate_json(content)
    except ValidationError as error:
        where = ".".join(map(str, error.errors(include_url=False, include_input=False)[0]["loc"]))
        raise Unavailable("sync.reply_broken", reason=where or "JSON") from error


def _trust(own_ca: str) -> ssl.SSLContext:
    """The system's certificates, or the city's own authority alone. Raises Unavailable("sync.tls")."""
    try:
        return ssl.create_default_context(cadata=own_ca or None)
    except (ssl.SSLError, ValueError) as error:
        raise Unavailable("sync.tls", reason="CA") from error


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
        if _is_tls(error):
            raise Unavailable("sync.tls", reason=_tls_words(error)) from error
        raise Unavailable("sync.offline", reason="connect") from error
    except (httpx2.DecodingError, httpx2.RemoteProtocolError) as error:
        code = "sync.offline" if str(error) == _HUNG_UP else "sync.reply_broken"
        raise Unavailable(code, reason=type(error).__name__) from error
    except (httpx2.InvalidURL, httpx2.UnsupportedProtocol) as error:
        raise Refused("sync.address_wrong", url="") from error
    except httpx2.TransportError as error:
        raise Unavailable("sync.offline", reason=type(error).__name__) from error


def _is_tls(error: BaseException) -> bool:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLError):
            return True
        cause = cause.__cause__ or cause.__context__
    return "CERTIFICATE" in str(error) or "SSL" in str(error)


def _tls_words(error: BaseException) -> str:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return cause.verify_message
        cause = cause.__cause__ or cause.__context__
    return "TLS"
