"""Signing in and out, one's own password, and the two files every page needs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from fastapi import Depends, Request
from fastapi.responses import RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from app.domain.problems import Problem
from server import operators
from server.console.pages import back_to, console_router, render, said
from server.console.seats import (
    SIGN_IN,
    Deed,
    city_of,
    deed,
    drop_cookie,
    form_cookie,
    form_of,
    new_form_token,
    refuse_foreign,
    safe_next,
    seated,
    session_cookie,
    set_cookie,
)
from server.operators import Seat

router = console_router()
_STYLE = (Path(__file__).parent / "console.css").read_bytes()
_ICON = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><rect width="16" height="16" rx="3" fill="#1558b0"/>'
    b'<path d="M4 4h3v3H4zM9 4h3v3H9zM4 9h3v3H4zM9 9h3v3H9z" fill="#fff"/></svg>'
)


@router.get("/style.css")
def style() -> Response:
    """The one style sheet."""
    return Response(_STYLE, media_type="text/css; charset=utf-8", headers={"Cache-Control": "max-age=300"})


@router.get("/icon.svg")
def icon() -> Response:
    """The mark in the browser's tab."""
    return Response(_ICON, media_type="image/svg+xml", headers={"Cache-Control": "max-age=86400"})


@router.get("/sign-in")
def form(request: Request, next: str = "") -> Response:  # noqa: A002 (the word in the address)
    """The sign-in form."""
    return _form(request, next=safe_next(next))


@router.post("/sign-in")
async def sign_in(request: Request) -> Response:
    """Name and password in, a session out."""
    city, fields = city_of(request), await form_of(request)
    refuse_foreign(request, fields, request.cookies.get(form_cookie(city), ""))
    login, password, wanted = (fields.get(name, [""])[0] for name in ("login", "password", "next"))
    address = request.client.host if request.client else ""
    try:
        token = await run_in_threadpool(operators.sign_in, city, login, password, address=address)
    except Problem as problem:
        return _form(request, next=safe_next(wanted), login=login[:40], wrong=said(problem))
    response = RedirectResponse(safe_next(wanted), 303)
    set_cookie(response, city, session_cookie(city), token)
    drop_cookie(response, city, form_cookie(city))
    return response


@router.post("/sign-out")
def sign_out(done: Annotated[Deed, Depends(deed)]) -> Response:
    """The session ends here and now."""
    operators.sign_out(done.city, done.seat)
    response = back_to(SIGN_IN, "signed_out")
    drop_cookie(response, done.city, session_cookie(done.city))
    return response


@router.get("/password")
def password_form(request: Request, _seat: Annotated[Seat, Depends(seated)]) -> Response:
    """Changing one's own password."""
    return render(request, "password.html", wrong="")


@router.post("/password")
def change_password(request: Request, done: Annotated[Deed, Depends(deed)]) -> Response:
    """The new password, when the old one is right and the new one was typed twice alike."""
    old, new, again = (done.fields.get(name, [""])[0] for name in ("old", "new", "again"))
    if new != again:
        return render(request, "password.html", 422, wrong="两次输入的新密码不一样")
    try:
        operators.change_own_password(done.city, done.seat, old=old, new=new)
    except Problem as problem:
        return render(request, "password.html", 422, wrong=said(problem))
    return back_to("/console", "password")


def _form(request: Request, *, next: str, login: str = "", wrong: str = "") -> Response:  # noqa: A002
    city = city_of(request)
    # One token a browser, not one a form: two tabs that both ask to sign in must both work.
    token = request.cookies.get(form_cookie(city), "") or new_form_token()
    status = 422 if wrong else 200
    response = render(request, "sign_in.html", status, token=token, next=next, login=login, wrong=wrong)
    set_cookie(response, city, form_cookie(city), token)
    return response
