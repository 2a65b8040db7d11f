"""Single answers about cases: by any number, likely duplicates, what runs out, the month at a glance."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from app.domain.case_views import DuplicateHint
from app.domain.places import distance_m, same_house
from db.types import from_microseconds, to_microseconds


def find_by_number(connection: Connection, number: str) -> UUID | None:
    """The case with that own id, local number, city number or source number."""
    try:
        own = UUID(number)
    except ValueError:
        own = None
    if own is not None:
        row = connection.exec_driver_sql("SELECT id FROM cases WHERE id = ?", (own.bytes,)).first()
        if row is not None:
            return own
    for sql in (
        "SELECT id FROM cases WHERE local_no = ?",
        "SELECT id FROM cases WHERE city_no = ? AND city_no <> ''",
        "SELECT id FROM cases WHERE source_no = ? AND source_no <> '' LIMIT 1",
    ):
        row = connection.exec_driver_sql(sql, (number,)).first()
        if row is not None:
            return UUID(bytes=row[0])
    return None


def waiting_of(connection: Connection, case_id: UUID) -> int:
    """Changes of a case, its steps and its photos that the city has not got yet."""
    sql = (
        "SELECT count(*) FROM outbox WHERE state NOT IN ('settled', 'decided') AND record_id IN (SELECT ? UNION ALL "
        "SELECT id FROM case_steps WHERE parent = ? UNION ALL SELECT id FROM photos WHERE parent = ?)"
    )
    return int(connection.exec_driver_sql(sql, (case_id.bytes,) * 3).scalar_one())


def known_numbers(connection: Connection, source_system: str, numbers: Sequence[str]) -> dict[str, UUID]:
    """Source number -> case, for those of `numbers` (at most a few thousand) that an outside system's cases carry."""
    known: dict[str, UUID] = {}
    for start in range(0, len(numbers), 500):
        some = numbers[start : start + 500]
        sql = (
            "SELECT source_no, id FROM cases WHERE source_system = ? AND source_no <> '' "
            f"AND source_no IN ({','.join('?' * len(some))})"
        )
        known |= {row[0]: UUID(bytes=row[1]) for row in connection.exec_driver_sql(sql, (source_system, *some))}
    return known


def duplicates(
    connection: Connection,
    *,
    kind: str,
    major: str,
    minor: str,
    since: datetime,
    until: datetime,
    point: tuple[float, float] | None,
    road: str,
    house_no: str,
    metres: float,
) -> list[DuplicateHint]:
    """Cases of the same minor category reported in [since, until] within `metres`, or at the same road and house number.

    point: (longitude, latitude) WGS-84. Source: 50 m and 24 h, defaults of Yuncheng's open system.
    """
    sql = (
        "SELECT id, local_no, minor_name, address, reported_at, longitude, latitude, road, house_no FROM cases "
        "WHERE minor = ? AND major = ? AND kind = ? AND reported_at BETWEEN ? AND ? AND stage <> 'void' "
        "ORDER BY reported_at DESC"
    )
    params = (minor, major, kind, to_microseconds(since), to_microseconds(until))
    hints: list[DuplicateHint] = []
    for row in connection.exec_driver_sql(sql, params):
        near = _distance(point, row[5], row[6])
        close = near is not None and near <= metres
        if close or (road and house_no and same_house(road, house_no, row[7], row[8])):
            at = from_microseconds(row[4])
            hints.append(DuplicateHint(UUID(bytes=row[0]), row[1], row[2], row[3], at, near if close else None))
    return hints


def _distance(point: tuple[float, float] | None, longitude: Any, latitude: Any) -> float | None:
    if point is None or longitude is None or latitude is None:
        return None
    return distance_m(point[0], point[1], longitude, latitude)


def suspended_due(connection: Connection, now: datetime) -> list[UUID]:
    """Suspended cases whose day has come."""
    sql = (
        "SELECT id FROM cases INDEXED BY ix_cases_suspended "
        "WHERE suspended_until IS NOT NULL AND suspended_until <= ? AND stage = 'suspended'"
    )
    return [UUID(bytes=row[0]) for row in connection.exec_driver_sql(sql, (to_microseconds(now),))]


_WITHOUT_TIME = (
    "SELECT id FROM cases WHERE stage IN ('pending_register','verifying','returned_acceptor',"
    "'pending_dispatch','returned_dispatcher','pending_handle','handling','handle_finished','pending_close',"
    "'checking') AND due_gap_year IS NOT NULL"
)


def open_with_clock(connection: Connection) -> Iterator[UUID]:
    """Open cases whose clock is running, for laying their times out anew."""
    sql = f"SELECT id FROM cases INDEXED BY ix_cases_due WHERE due_at IS NOT NULL UNION ALL {_WITHOUT_TIME}"
    for row in connection.exec_driver_sql(sql).all():
        yield UUID(bytes=row[0])


def open_without_time(connection: Connection) -> list[UUID]:
    """Open cases whose time could not be laid out for want of a calendar."""
    return [UUID(bytes=row[0]) for row in connection.exec_driver_sql(_WITHOUT_TIME)]


def daily_figures(connection: Connection, first: date, days: int, offset: timedelta) -> list[tuple[int, int, int]]:
    """(reported, closed, closed late) of each day from `first`; `offset`: the office's hours before UTC."""
    start = datetime(first.year, first.month, first.day, tzinfo=from_microseconds(0).tzinfo) - offset
    low, high = to_microseconds(start), to_microseconds(start + timedelta(days=days))
    day = 86_400_000_000
    figures = [[0, 0, 0] for _ in range(days)]
    reported = (
        "SELECT (reported_at - ?) / ?, count(*) FROM cases INDEXED BY ix_cases_reported "
        "WHERE reported_at >= ? AND reported_at < ? GROUP BY 1"
    )
    closed = (
        "SELECT (closed_at - ?) / ?, count(*), sum(handled_late) FROM cases INDEXED BY ix_cases_closed "
        "WHERE closed_at >= ? AND closed_at < ? AND stage = 'closed' GROUP BY 1"
    )
    for row in connection.exec_driver_sql(reported, (low, day, low, high)):
        figures[row[0]][0] = row[1]
    for row in connection.exec_driver_sql(closed, (low, day, low, high)):
        figures[row[0]][1:] = [row[1], row[2]]
    return [(line[0], line[1], line[2]) for line in figures]


def totals(connection: Connection) -> dict[str, int]:
    """Cases by stage, along the stage index."""
    sql = "SELECT stage, count(*) FROM cases GROUP BY stage"
    return {row[0]: row[1] for row in connection.exec_driver_sql(sql)}
