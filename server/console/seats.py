"""Who asks for a page and whether a form is theirs: session cookie, form tokens, the limits of a form."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qs, quote

from fastapi import HTTPException, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from server import operators
from server.city import City
from server.operators import Seat

SIGN_IN = "/console/sign-in"
_LARGEST_FORM = 64 * 1024
_MOST_FIELDS = 200
_OWN_SITE = ("same-origin", "none")


@dataclass(frozen=True)
class Deed:
    """A form somebody signed in has sent from a page of ours."""

    city: City
    seat: Seat
    fields: Mapping[str, list[str]]

    def get(self, name: str) -> str:
        """The field's text without blanks around it; "" when it was not sent."""
        return self.fields.get(name, [""])[0].strip()

    def all(self, name: str) -> list[str]:
        """Every value of a field that may be sent several times."""
        return self.fields.get(name, [])


def city_of(request: Request) -> City:
    """The city this application serves."""
    city = request.app.state.city
    assert isinstance(city, City)
    return city


async def seated(request: Request) -> Seat:
    """Who is signed in (FastAPI dependency); anybody else is sent to sign in and comes back afterwards."""
    city = city_of(request)
    token = request.cookies.get(session_cookie(city), "")
    seat = await run_in_threadpool(operators.seat_of, city, token) if token else None
    if seat is None:
        back = request.url.path if request.method == "GET" else ""
        where = f"{SIGN_IN}?next={quote(back, safe='')}" if back not in ("", "/console") else SIGN_IN
        raise HTTPException(303, headers={"Location": where})
    request.state.seat = seat
    return seat


async def deed(request: Request) -> Deed:
    """A form of this session (FastAPI dependency); without its token, or from another site, it is 403."""
    seat = await seated(request)
    fields = await form_of(request)
    refuse_foreign(request, fields, seat.csrf)
    return Deed(city_of(request), seat, fields)


async def form_of(request: Request) -> dict[str, list[str]]:
    """The fields of a small urlencoded form; anything else is 400 or 413."""
    if not request.headers.get("Content-Type", "").startswith("application/x-www-form-urlencoded"):
        raise HTTPException(400)
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > _LARGEST_FORM:
            raise HTTPException(413)
    try:
        return parse_qs(body.decode("utf-8"), keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    except ValueError as error:
        raise HTTPException(400) from error


def refuse_foreign(request: Request, fields: Mapping[str, list[str]], expected: str) -> None:
    """403 for a form that does not carry the token it was made with, or that another site sent."""
    given = fields.get("csrf", [""])[0]
    if not expected or not hmac.compare_digest(given.encode(), expected.encode()):
        raise HTTPException(403)
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in _OWN_SITE:
        raise HTTPException(403)


def safe_next(wanted: str) -> str:
    """Where to go after signing in: a page of the console, never another site."""
    plain = wanted.startswith("/console") and wanted[8:9] in ("", "/") and "\\" not in wanted and wanted.isprintable()
    return wanted if plain and not wanted.startswith(SIGN_IN) else "/console"


def session_cookie(city: City) -> str:
    """The cookie's name; the prefix makes browsers insist on TLS, this host and the whole path."""
    return "__Host-griddesk" if city.settings.secure_cookies else "griddesk"


def form_cookie(city: City) -> str:
    """The cookie that ties the sign-in form to the browser it was made for."""
    return "__Host-griddesk-form" if city.settings.secure_cookies else "griddesk-form"


def set_cookie(response: Response, city: City, name: str, value: str) -> None:
    """A cookie for this visit alone, out of reach of scripts and other sites."""
    secure = city.settings.secure_cookies
    response.set_cookie(name, value, path="/", httponly=True, samesite="strict", secure=secure)


def drop_cookie(response: Response, city: City, name: str) -> None:
    """Take a cookie back."""
    secure = city.settings.secure_cookies
    response.delete_cookie(name, path="/", httponly=True, samesite="strict", secure=secure)


def new_form_token() -> str:
    """A token for a form nobody is signed in behind yet."""
    return secrets.token_urlsafe(32)
