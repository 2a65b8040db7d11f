"""All pages of the console."""

from __future__ import annotations

from fastapi import APIRouter

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


def console_routers() -> list[APIRouter]:
    """Every page (registration)."""
    pages = (overview, devices, people, codes, review, answers, dead_letters, feeds, numbers, files, reference, trail)
    return [sign_in.router, *(page.router for page in pages)]
