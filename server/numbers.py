"""Official numbers in blocks: each block belongs to one PC alone, of one district, kind and year."""

from __future__ import annotations

import re
from itertools import product
from uuid import UUID

from sqlalchemy import Connection, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from app.domain.facility_codes import SERIAL_KIND, SERIAL_YEAR
from app.domain.problems import Refused
from app.domain.workcalendar import ZONE
from app.wire.accounts import NumberBlock, NumberRequest
from server.city import City
from server.devices import Device
from server.tables import DISTRICT, NUMBER_BLOCK, NUMBER_SERIES

DIGITS = 6
KINDS = frozenset({"case", SERIAL_KIND})
ANYBODY = UUID(int=0)
"""Stands for the PC of a block nobody remembers: numbers given between a backup and the disaster are good on every PC."""
AFTER_RESTORE = 5000
_NUMBER = re.compile(r"([0-9]{6})-([0-9]{4})-([0-9]{6})")


def grant(connection: Connection, city: City, device: Device, request: NumberRequest) -> NumberBlock:
    """The block of a request; asked again with the same request_id, the same one.

    Raises Refused("sync.request_broken") for an unknown kind and for a request_id another PC used,
    Refused("city.number_series_full").
    """
    if request.kind not in KINDS:
        raise Refused("sync.request_broken", reason="kind")
    given = connection.execute(select(NUMBER_BLOCK).where(NUMBER_BLOCK.c.id == request.request_id)).first()
    if given is not None:
        if given.device_id != device.id:
            raise Refused("sync.request_broken", reason="request_id")
        return NumberBlock.model_validate({name: given._mapping[name] for name in NumberBlock.model_fields})
    last = _advance(connection, device.district, request)
    if last >= 10**DIGITS:
        raise Refused("city.number_series_full", year=request.year)
    block = NumberBlock(
        id=request.request_id,
        kind=request.kind,
        year=request.year,
        first=last - request.count + 1,
        last=last,
        pattern=_pattern(device.district, request.year),
    )
    values = block.model_dump() | {"district": device.district, "device_id": device.id, "granted_at": city.now()}
    connection.execute(insert(NUMBER_BLOCK).values(values))
    return block


def belongs(connection: Connection, device: Device, kind: str, number: str) -> bool:
    """Whether a number was given to this PC, under its present identity or an earlier one."""
    found = _NUMBER.fullmatch(number)
    if found is None or found[1] != device.district:
        return False
    n = int(found[3])
    block = select(NUMBER_BLOCK.c.id).where(
        NUMBER_BLOCK.c.district == device.district,
        NUMBER_BLOCK.c.kind == kind,
        NUMBER_BLOCK.c.year == int(found[2]),
        NUMBER_BLOCK.c.first <= n,
        NUMBER_BLOCK.c.last >= n,
        NUMBER_BLOCK.c.device_id.in_([device.id, *device.previous, ANYBODY]),
    )
    return connection.execute(block.limit(1)).first() is not None


def leap(connection: Connection, city: City) -> None:
    """After a restore: skip what may have been given since the backup, so that no number is given a second time."""
    _begin_series(connection, city)
    for row in connection.execute(select(NUMBER_SERIES)).all():
        series = {"district": row.district, "kind": row.kind, "year": row.year}
        span = {"first": row.last + 1, "last": row.last + AFTER_RESTORE}
        named = {"id": city.ids.new(), "pattern": _pattern(row.district, row.year), "device_id": ANYBODY}
        connection.execute(insert(NUMBER_BLOCK).values(**series, **span, **named, granted_at=city.now()))
        moved = update(NUMBER_SERIES).where(*(NUMBER_SERIES.c[name] == value for name, value in series.items()))
        connection.execute(moved.values(last=span["last"]))


def _begin_series(connection: Connection, city: City) -> None:
    """The series PCs may have asked for since the backup, at nought where the backup does not know them."""
    today = city.now().astimezone(ZONE).date()
    # As PCs do, who ask for the next year's numbers in December.
    years = (today.year - 1, today.year, *([today.year + 1] if today.month == 12 else []))
    known = {(row.district, row.kind, row.year) for row in connection.execute(select(NUMBER_SERIES))}
    for district in connection.execute(select(DISTRICT.c.code).order_by(DISTRICT.c.code)).scalars().all():
        for kind, year in [*product(("case",), years), (SERIAL_KIND, SERIAL_YEAR)]:
            if (district, kind, year) not in known:
                fresh = {"district": district, "kind": kind, "year": year, "last": 0}
                connection.execute(insert(NUMBER_SERIES).values(fresh))


def _pattern(district: str, year: int) -> str:
    return f"{district}-{year}-{{n:0{DIGITS}d}}"


def _advance(connection: Connection, district: str, request: NumberRequest) -> int:
    """Move the series on by the block's size; its row stays locked until the commit."""
    make = (postgresql if connection.dialect.name == "postgresql" else sqlite).insert(NUMBER_SERIES)
    fresh = make.values(district=district, kind=request.kind, year=request.year, last=request.count)
    moved = fresh.on_conflict_do_update(
        index_elements=["district", "kind", "year"], set_={"last": NUMBER_SERIES.c.last + request.count}
    )
    return int(connection.execute(moved.returning(NUMBER_SERIES.c.last)).scalar_one())
