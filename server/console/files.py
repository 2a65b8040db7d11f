"""Files by district: complete or still on their way, and how much room they take."""

from __future__ import annotations

from fastapi import Depends, Request
from fastapi.responses import Response
from sqlalchemy import case, func, select

from server.console import keyset, places
from server.console.pages import console_router, render
from server.console.seats import city_of, seated
from server.tables import BLOB

router = console_router()
_COMPLETE = BLOB.c.completed_at.is_not(None)
_SUMS = (
    select(
        BLOB.c.scope,
        func.count().label("files"),
        func.sum(case((_COMPLETE, 1), else_=0)).label("complete"),
        func.sum(case((_COMPLETE, BLOB.c.size), else_=0)).label("complete_bytes"),
        func.sum(case((_COMPLETE, 0), else_=BLOB.c.size - BLOB.c.offset)).label("missing_bytes"),
        func.max(BLOB.c.touched_at).label("touched_at"),
    )
    .group_by(BLOB.c.scope)
    .order_by(BLOB.c.scope)
)
# The thumbnail stays in the database: a list of files has no use for its bytes.
_LINES = select(
    *(column for column in BLOB.c if column.name != "thumbnail"), BLOB.c.thumbnail.is_not(None).label("seen")
)


@router.get("/files", dependencies=[Depends(seated)])
def listing(request: Request, district: str = "", state: str = "partial", after: str = "") -> Response:
    """Sums of every district, and the files of one state."""
    query = _LINES.where(_COMPLETE if state == "complete" else BLOB.c.completed_at.is_(None))
    if district:
        query = query.where(BLOB.c.scope == district)
    with city_of(request).database.read() as connection:
        sums = connection.execute(_SUMS.limit(keyset.PAGE)).all()
        page = keyset.page_of(connection, query, (BLOB.c.scope, BLOB.c.sha256), after)
        known = places.districts(connection)
    asked = {"district": district, "state": "complete" if state == "complete" else "partial"}
    return render(request, "files.html", sums=sums, page=page, districts=known, **asked)
