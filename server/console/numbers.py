"""Official numbers given out in blocks, each to one PC."""

from __future__ import annotations

from fastapi import Depends, Request
from fastapi.responses import Response
from sqlalchemy import select

from server.console import keyset, places
from server.console.pages import console_router, render
from server.console.seats import city_of, seated
from server.tables import NUMBER_BLOCK, NUMBER_SERIES

router = console_router()


@router.get("/numbers", dependencies=[Depends(seated)])
def listing(request: Request, district: str = "", after: str = "") -> Response:
    """Series with their last number, and the newest blocks first."""
    series = select(NUMBER_SERIES).order_by(NUMBER_SERIES.c.district, NUMBER_SERIES.c.kind, NUMBER_SERIES.c.year.desc())
    query = select(NUMBER_BLOCK)
    if district:
        series, query = (
            series.where(NUMBER_SERIES.c.district == district),
            query.where(NUMBER_BLOCK.c.district == district),
        )
    by = (NUMBER_BLOCK.c.granted_at, NUMBER_BLOCK.c.id)
    with city_of(request).database.read() as connection:
        rows = connection.execute(series.limit(keyset.PAGE)).all()
        page = keyset.page_of(connection, query, by, after, newest_first=True)
        known = places.districts(connection)
        names = places.devices(connection, [block.device_id for block in page.lines])
    shown = {"districts": known, "district": district, "names": names}
    return render(request, "numbers.html", series=rows, page=page, **shown)
