"""Scopes: how far each feed has come and what it holds, to be compared with what a desk says."""

from __future__ import annotations

from fastapi import Depends, Request
from fastapi.responses import Response
from sqlalchemy import select

from server.console import keyset, places
from server.console.pages import console_router, render
from server.console.seats import city_of, seated
from server.tables import SCOPE_HEAD

router = console_router()


@router.get("/feeds", dependencies=[Depends(seated)])
def listing(request: Request, tests: str = "", after: str = "") -> Response:
    """Districts and what is published for all; tests: also each PC's own test records."""
    query = select(SCOPE_HEAD)
    if not tests:
        query = query.where(SCOPE_HEAD.c.scope.not_like("%/%"))
    with city_of(request).database.read() as connection:
        page = keyset.page_of(connection, query, (SCOPE_HEAD.c.scope,), after)
        known = places.districts(connection)
    return render(request, "feeds.html", page=page, districts=known, tests=tests)
