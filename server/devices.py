"""PCs the city knows: what is remembered of each, the counters it has used, stopping one and letting it back in."""

from __future__ import annotations

from collections.abc import Sequence
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
    func,
    insert,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.sql.dml import ReturningUpdate, Update

from app.domain.problems import Refused
from server import audit
from server.city import City
from server.statements import Rows, Said, Statement
from server.tables import ATTEMPT, DEVICE

REMEMBERED = 64
_MASK = 2**63 - 1
_OURS = DEVICE.c.id == bindparam("pc", type_=DEVICE.c.id.type)
_SAME_KEY = DEVICE.c.sign_key == bindparam("key", type_=DEVICE.c.sign_key.type)


@dataclass(frozen=True)
class Device:
    """A PC of one district. previous: identities it had before a clone or a restored image gave it a new one."""

    id: UUID
    district: str
    office: str
    pc_mark: str
    revoked: bool
    previous: frozenset[UUID] = frozenset()


@dataclass(frozen=True)
class Entry:
    """A request whose signature was found right by this key, its counter not yet taken."""

    device_id: UUID
    counter: int
    sign_key: bytes

    def taken(self, now: datetime) -> Said:
        """The statement that takes the counter; it gives a row when this PC still has the key and did not use it before."""
        return _ENTERED, [self._values(now)]

    def taken_to_push(self, now: datetime, program: str, offset_ms: int | None) -> Said:
        """The same, noting what a PC that hands in work says of itself."""
        return _ENTERED_TO_PUSH, [self._values(now) | {"program": program, "offset": offset_ms}]

    def _values(self, now: datetime) -> dict[str, Any]:
        return {"pc": self.device_id, "used": self.counter, "at": now, "key": self.sign_key}


class NotEntered(Exception):
    """The counter was not to be had so simply: the request is looked at closely, from the beginning."""


def entered(connection: Connection, rows: Rows) -> Device:
    """The device of what `Entry.taken` gave. Raises NotEntered."""
    if not rows:
        raise NotEntered
    return _device(connection, rows[0])


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


def told(device_id: UUID, program: str, offset_ms: int | None, now: datetime) -> Said:
    """What notes the program of a PC that hands in work, and how far its clock is off."""
    return _TOLD, [{"pc": device_id, "program": program, "offset": offset_ms, "at": now}]


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


def _device(connection: Connection, row: Sequence[Any]) -> Device:
    device_id, district, office, pc_mark, revoked_at, older = row[: len(_COLUMNS)]
    previous: set[UUID] = set()
    while older is not None and older not in previous:
        previous.add(older)
        older = connection.execute(select(DEVICE.c.renewed_from).where(DEVICE.c.id == older)).scalar()
    return Device(device_id, district, office, pc_mark, revoked_at is not None, frozenset(previous))


def _bit(place: ColumnElement[int]) -> ColumnElement[int]:
    return literal(1, BigInteger).bitwise_lshift(place)


def _within(places: ColumnElement[int]) -> ColumnElement[int]:
    # Both databases evaluate only the branch that is taken; a place outside 0..63 is no place at all.
    return cast(case((and_(places >= 0, places < REMEMBERED), places), else_=0), Integer)


def _counted() -> Update:
    """Takes a counter nobody used: the newest moves on, or a bit of the window is set."""
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
    mine = update(DEVICE).where(_OURS, or_(rising, unseen))
    return mine.values(**seen, last_seen_at=bindparam("at", type_=DEVICE.c.last_seen_at.type))


def _entered(postgres: bool) -> ReturningUpdate[Any]:
    mine = _counted().where(_SAME_KEY)
    # A counter lost in a crash of the city lets one old request through once more: changes are known by their id.
    hasty = [func.set_config("synchronous_commit", "off", literal(True))] if postgres else []
    return mine.returning(*_COLUMNS, *hasty)


def _telling(mine: Update) -> Update:
    """The same, with what a PC that hands in work says of itself."""
    offset = func.coalesce(bindparam("offset", type_=BigInteger), DEVICE.c.clock_offset_ms)
    told = {"program": bindparam("program", type_=DEVICE.c.program.type), "clock_offset_ms": offset}
    return mine.values(**told, last_ok_at=bindparam("at", type_=DEVICE.c.last_ok_at.type))


_TAKEN = _counted().returning(*_COLUMNS)
_ENTERED = Statement(_entered)
_ENTERED_TO_PUSH = Statement(lambda _postgres: _telling(_counted().where(_SAME_KEY)).returning(*_COLUMNS))
_TOLD = Statement(lambda _postgres: _telling(update(DEVICE).where(_OURS)))
