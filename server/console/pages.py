"""How a page is made: templates that escape everything, headers that let a browser do little, refusals in words."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from fastapi.routing import APIRoute
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app.domain.problems import Problem
from server.console import words
from server.console.seats import city_of

_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
}
_ENVIRONMENT = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_ENVIRONMENT.filters.update(words.FILTERS)
_STATUS_WORDS = {
    400: ("表单看不懂", "请回到上一页再试一次。"),
    403: ("这张表单不是这次登录发出的", "请回到上一页,刷新后再办。"),
    404: ("没有这一页", "可能已经被处理,或地址写错了。"),
    413: ("内容太长", "请缩短后再试。"),
    422: ("地址里的内容不对", "请从页面上的链接进入。"),
}


def render(request: Request, template: str, status: int = 200, /, **values: object) -> HTMLResponse:
    """A page of the console. The one who is signed in, if any, stands in its head."""
    seat = getattr(request.state, "seat", None)
    done = words.DONE.get(request.query_params.get("done", ""), "")
    common: dict[str, object] = {
        "seat": seat,
        "city_name": city_of(request).name,
        "done": done,
        "path": request.url.path,
    }
    common["query"] = partial(_query, request)
    return HTMLResponse(_ENVIRONMENT.get_template(template).render({**common, **values}), status)


def _query(request: Request, **changes: str) -> str:
    """This page's address with other questions; a word of what was done is not repeated."""
    asked = {name: value for name, value in request.query_params.items() if name not in ("done", "after")}
    return "?" + urlencode({name: value for name, value in {**asked, **changes}.items() if value})


def back_to(place: str, done: str = "") -> RedirectResponse:
    """After a deed: the page it was done on, with a word that it is done."""
    joint = "&" if "?" in place else "?"
    return RedirectResponse(f"{place}{joint}done={done}" if done else place, 303)


def console_router() -> APIRouter:
    """A router whose pages refuse in words and carry the headers; not part of what desks speak with."""
    return APIRouter(prefix="/console", route_class=ConsoleRoute, include_in_schema=False)


class ConsoleRoute(APIRoute):
    """Every answer of the console gets its headers; a refusal becomes a page."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler FastAPI calls, wrapped."""
        plain = super().get_route_handler()

        async def handler(request: Request) -> Response:
            try:
                response = await plain(request)
            except Problem as problem:
                response = refused(request, problem)
            except RequestValidationError:
                response = _as_page(request, HTTPException(404))
            except HTTPException as error:
                response = _as_page(request, error)
            return _with_headers(request, response)

        return handler


def refused(request: Request, problem: Problem) -> Response:
    """A page that says what is wrong and what to do, with a way back."""
    title, cure = words.problem(problem)
    return render(request, "problem.html", 422, title=title, cure=cure)


def said(problem: Problem) -> str:
    """A refusal in one sentence, for the page the form stands on."""
    return "。".join(part.rstrip("。") for part in words.problem(problem) if part)


def _as_page(request: Request, error: HTTPException) -> Response:
    if error.status_code == 303 and error.headers:
        return RedirectResponse(error.headers["Location"], 303)
    title, cure = _STATUS_WORDS.get(error.status_code, ("办不了", "请回到上一页再试一次。"))
    return render(request, "problem.html", error.status_code, title=title, cure=cure)


def _with_headers(request: Request, response: Response) -> Response:
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    if city_of(request).settings.secure_cookies:
        response.headers["Strict-Transport-Security"] = "max-age=31536000"
    return response
