"""The first page: what waits for the operator, and how every district stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from fastapi import Depends, Request
from fastapi.responses import Response
from sqlalchemy import ColumnElement, Connection, Select, func, select

from server import people, review
from server.city import City
from server.console import places
from server.console.health import ailments
from server.console.pages import console_router, render
from server.console.seats import city_of, seated
from server.tables import BLOB, DEAD_LETTER, DEVICE, PERSON, REVIEW, SCOPE_HEAD

router = console_router()
Counts = dict[str, int]


@router.get("", dependencies=[Depends(seated)])
def overview(request: Request) -> Response:
    """One line a district, and the sums that want a hand."""
    city = city_of(request)
    with city.database.read() as connection:
        lines, devices = _lines(connection), _devices(connection)
        unread = _counted(
            connection, func.coalesce(DEVICE.c.district, ""), DEAD_LETTER.c.seen_at.is_(None), letters=True
        )
    health = _health(devices, city)
    totals = {
        "review": sum(line["review"] for line in lines),
        "to_map": sum(line["to_map"] for line in lines),
        "unwell": sum(count for (_, state), count in health.items() if state == "unwell"),
        "letters": sum(unread.values()),
    }
    return render(request, "overview.html", lines=lines, health=health, totals=totals, unread=unread, now=city.now())


def _lines(connection: Connection) -> list[dict[str, Any]]:
    known = places.districts(connection)
    heads = {row.scope: row for row in connection.execute(select(SCOPE_HEAD).where(SCOPE_HEAD.c.scope.in_(known)))}
    reviews = _counted(
        connection, REVIEW.c.district, REVIEW.c.state == review.WAITING, what=REVIEW.c.group_id.distinct()
    )
    to_map = _counted(connection, PERSON.c.district, PERSON.c.state == people.TO_MAP)
    partial = _counted(connection, BLOB.c.scope, BLOB.c.completed_at.is_(None))
    return [
        {
            "code": code,
            "name": name,
            "head": heads[code].head if code in heads else 0,
            "count": heads[code].live_count if code in heads else 0,
            "review": reviews.get(code, 0),
            "to_map": to_map.get(code, 0),
            "partial": partial.get(code, 0),
        }
        for code, name in known.items()
    ]


def _counted(
    connection: Connection, by: Any, which: ColumnElement[bool], *, what: Any = None, letters: bool = False
) -> Counts:
    count = func.count() if what is None else func.count(what)
    query: Select[Any] = select(by, count).where(which).group_by(by)
    if letters:
        query = query.select_from(DEAD_LETTER.outerjoin(DEVICE, DEVICE.c.id == DEAD_LETTER.c.device_id))
    return {str(place): int(number) for place, number in connection.execute(query)}


def _devices(connection: Connection) -> Sequence[Any]:
    seen = (DEVICE.c.last_seen_at, DEVICE.c.last_ok_at, DEVICE.c.last_failed_at, DEVICE.c.clock_offset_ms)
    return connection.execute(select(DEVICE.c.district, DEVICE.c.revoked_at, *seen)).all()


def _health(devices: Sequence[Any], city: City) -> Counter[tuple[str, str]]:
    """Number of PCs by district and state: well, unwell, revoked."""
    now = city.now()
    states = (
        (one.district, "revoked" if one.revoked_at else "unwell" if ailments(one, now) else "well") for one in devices
    )
    return Counter(states)
