"""Reference versions: what is published for the whole city, and what districts imported for themselves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Request
from fastapi.responses import Response
from pydantic_core import from_json
from sqlalchemy import select

from app.wire.sync import CITY_SCOPE
from server import publish
from server.console import keyset, places
from server.console.pages import back_to, console_router, render
from server.console.seats import Deed, city_of, deed, seated
from server.tables import RECORD

router = console_router()


@dataclass(frozen=True)
class Version:
    """One version of one table, without its content."""

    line: Any
    table: str
    label: str
    scheme: str
    valid_from: str
    source: str


@router.get("/reference", dependencies=[Depends(seated)])
def listing(request: Request, district: str = "", after: str = "") -> Response:
    """What is published, newest first; below it the districts' own."""
    live = select(RECORD).where(RECORD.c.type == "reference_version", ~RECORD.c.deleted)
    published = live.where(RECORD.c.scope == CITY_SCOPE).order_by(RECORD.c.id.desc()).limit(keyset.PAGE)
    own = live.where(RECORD.c.scope == district if district else RECORD.c.scope != CITY_SCOPE)
    with city_of(request).database.read() as connection:
        everywhere = connection.execute(published).all()
        page = keyset.page_of(connection, own, (RECORD.c.id,), after, newest_first=True)
        known = places.districts(connection)
    shown = {"published": [version(line) for line in everywhere], "own": [version(line) for line in page.lines]}
    return render(request, "reference.html", page=page, districts=known, district=district, **shown)


@router.post("/reference/{record_id}/promote")
def promote(record_id: UUID, done: Annotated[Deed, Depends(deed)]) -> Response:
    """A district's version becomes the whole city's."""
    city, who = done.city, done.seat.who
    city.database.retrying(lambda connection: publish.promote(connection, city, record_id, who=who))
    return back_to("/console/reference", "reference.promote")


def version(line: Any) -> Version:
    """A record's row with the few fields of its body that tell it from others."""
    body = from_json(line.body)
    table, label, scheme, valid_from, source = (
        str(body.get(name) or "") for name in ("table", "label", "scheme", "valid_from", "source")
    )
    return Version(line, table, label, scheme, valid_from, source)
