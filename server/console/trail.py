"""The city's own trail, newest first, and whether its chain still holds."""

from __future__ import annotations

from fastapi import Depends, Request
from fastapi.responses import Response
from sqlalchemy import func, select

from server import audit
from server.console import keyset
from server.console.pages import console_router, render
from server.console.seats import city_of, seated
from server.tables import AUDIT

router = console_router()
CHECKED_UNASKED = 5000


@router.get("/trail", dependencies=[Depends(seated)])
def listing(request: Request, check: str = "", after: str = "") -> Response:
    """Who did what. check: the whole chain is gone through, however long it is."""
    with city_of(request).database.read() as connection:
        page = keyset.page_of(connection, select(AUDIT), (AUDIT.c.id,), after, newest_first=True)
        newest = connection.execute(select(func.max(AUDIT.c.id))).scalar() or 0
        checked = bool(check) or newest <= CHECKED_UNASKED
        broken = audit.broken_at(connection) if checked else None
    return render(request, "trail.html", page=page, checked=checked, broken=broken)
