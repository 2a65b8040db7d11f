"""What an answer of the city means, and what stands in the way of one: every trouble of the line has a name."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Mapping
from typing import TypeVar

from pydantic import ValidationError

from app.domain.problems import Problem, Refused, Unavailable
from app.domain.problems.catalog import PROBLEMS
from app.wire.problem import MEDIA_TYPE, ProblemBody
from app.wire.sync import Wire

JSON = "application/json"
_BUSY = frozenset({429, 502, 503, 504})
_LATER = frozenset({"sync.city_busy", "sync.city_full", "sync.too_many_tries", "sync.disk_low"})
"""Codes after which asking again helps."""
W = TypeVar("W", bound=Wire)


def good(status: int, headers: Mapping[str, str], content: bytes, plain: bool) -> bytes:
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


def read(content: bytes, kind: type[W]) -> W:
    try:
        return kind.model_validate_json(content)
    except ValidationError as error:
        where = ".".join(map(str, error.errors(include_url=False, include_input=False)[0]["loc"]))
        raise Unavailable("sync.reply_broken", reason=where or "JSON") from error


def trust(own_ca: str) -> ssl.SSLContext:
    """The system's certificates, or the city's own authority alone. Raises Unavailable("sync.tls")."""
    try:
        return ssl.create_default_context(cadata=own_ca or None)
    except (ssl.SSLError, ValueError) as error:
        raise Unavailable("sync.tls", reason="CA") from error


def is_tls(error: BaseException) -> bool:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLError):
            return True
        cause = cause.__cause__ or cause.__context__
    return "CERTIFICATE" in str(error) or "SSL" in str(error)


def tls_words(error: BaseException) -> str:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return cause.verify_message
        cause = cause.__cause__ or cause.__context__
    return "TLS"
