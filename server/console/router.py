"""All pages of the console."""

from __future__ import annotations

from fastapi import APIRouter, Depends, HTTPException
from fastapi.responses import Response

from server.console import (
    answers,
    codes,
    dead_letters,
    devices,
    feeds,
    files,
    numbers,
    overview,
    people,
    reference,
    review,
    sign_in,
    trail,
)
from server.console.pages import back_to, console_router
from server.console.seats import seated

elsewhere = console_router()


@elsewhere.get("/{rest:path}", dependencies=[Depends(seated)])
def no_such_page(rest: str) -> Response:
    """An address that is none of the others, said in words."""
    if rest:
        raise HTTPException(404)
    return back_to("/console")


def console_routers() -> list[APIRouter]:
    """Every page (registration)."""
    pages = (overview, devices, people, codes, review, answers, dead_letters, feeds, numbers, files, reference, trail)
    return [sign_in.router, *(page.router for page in pages), elsewhere]
