"""PCs the city knows: what is remembered of each, the counters it has used, stopping one and letting it back in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Integer,
    and_,
    bindparam,
    case,
    cast,
    insert,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.sql.dml import ReturningUpdate

from app.domain.problems import Refused
from server import audit
from server.city import City
from server.tables import ATTEMPT, DEVICE

REMEMBERED = 64
_MASK = 2**63 - 1


@dataclass(frozen=True)
class Device:
    """A PC of one district. previous: identities it had before a clone or a restored image gave it a new one."""

    id: UUID
    district: str
    office: str
    pc_mark: str
    revoked: bool
    previous: frozenset[UUID] = frozenset()


def get(connection: Connection, device_id: UUID) -> Device | None:
    """The device of an id."""
    row = connection.execute(select(*_COLUMNS).where(DEVICE.c.id == device_id)).first()
    return None if row is None else _device(connection, row)


def count(connection: Connection, device_id: UUID, counter: int, now: datetime) -> Device | None:
    """Use a counter up; None when it was used before or is older than those remembered.

    The newest counter and the 63 below it are remembered: bit i of `window` stands for newest - 1 - i.
    """
    row = connection.execute(_TAKEN, {"pc": device_id, "used": counter, "at": now}).first()
    return None if row is None else _device(connection, row)


def note_failure(
    connection: Connection, now: datetime, device_id: UUID | None, code: str, kind: str = "request"
) -> None:
    """Write down a request that failed, also of a PC nobody knows."""
    values = {"at": now, "device_id": device_id, "kind": kind, "ok": False, "code": code, "note": ""}
    connection.execute(insert(ATTEMPT).values(values))
    if device_id is not None:
        failed = {"last_failed_at": now, "last_failure": code, "failures": DEVICE.c.failures + 1}
        connection.execute(update(DEVICE).where(DEVICE.c.id == device_id).values(failed))


def revoke(connection: Connection, city: City, device_id: UUID, *, who: str) -> None:
    """Stop a PC: it gets nothing any more; what it still sends goes to the review tray."""
    _set_revoked(connection, device_id, city.now())
    audit.note(connection, city.now(), who, "device.revoke", str(device_id))


def reinstate(connection: Connection, city: City, device_id: UUID, *, who: str) -> None:
    """Let a stopped PC back in."""
    _set_revoked(connection, device_id, None)
    audit.note(connection, city.now(), who, "device.reinstate", str(device_id))


def _set_revoked(connection: Connection, device_id: UUID, at: datetime | None) -> None:
    if connection.execute(update(DEVICE).where(DEVICE.c.id == device_id).values(revoked_at=at)).rowcount != 1:
        raise Refused("sync.device_unknown")


_COLUMNS = (
    DEVICE.c.id,
    DEVICE.c.district,
    DEVICE.c.office,
    DEVICE.c.pc_mark,
    DEVICE.c.revoked_at,
    DEVICE.c.renewed_from,
)


def _device(connection: Connection, row: Any) -> Device:
    previous: set[UUID] = set()
    older: UUID | None = row.renewed_from
    while older is not None and older not in previous:
        previous.add(older)
        older = connection.execute(select(DEVICE.c.renewed_from).where(DEVICE.c.id == older)).scalar()
    return Device(row.id, row.district, row.office, row.pc_mark, row.revoked_at is not None, frozenset(previous))


def _bit(place: ColumnElement[int]) -> ColumnElement[int]:
    return literal(1, BigInteger).bitwise_lshift(place)


def _within(places: ColumnElement[int]) -> ColumnElement[int]:
    # Both databases evaluate only the branch that is taken; a place outside 0..63 is no place at all.
    return cast(case((and_(places >= 0, places < REMEMBERED), places), else_=0), Integer)


def _taken() -> ReturningUpdate[Any]:
    """The one statement that takes a counter, made once: every request runs it."""
    used = bindparam("used", type_=BigInteger)
    ahead = used - DEVICE.c.counter
    behind = DEVICE.c.counter - 1 - used
    rising = DEVICE.c.counter < used
    is_new = DEVICE.c.window.bitwise_and(_bit(_within(behind))) == literal(0, BigInteger)
    unseen = and_(behind >= 0, behind < REMEMBERED - 1, is_new)
    moved = DEVICE.c.window.bitwise_lshift(_within(ahead)).bitwise_or(_bit(_within(ahead - 1)))
    window = case(
        (and_(rising, ahead < REMEMBERED), moved.bitwise_and(literal(_MASK, BigInteger))),
        (rising, literal(0, BigInteger)),
        else_=DEVICE.c.window.bitwise_or(_bit(_within(behind))),
    )
    counter = case((rising, used), else_=DEVICE.c.counter)
    seen = {"window": window, "counter": counter, "requests": DEVICE.c.requests + 1}
    mine = update(DEVICE).where(DEVICE.c.id == bindparam("pc", type_=DEVICE.c.id.type), or_(rising, unseen))
    return mine.values(**seen, last_seen_at=bindparam("at", type_=DEVICE.c.last_seen_at.type)).returning(*_COLUMNS)


_TAKEN = _taken()
