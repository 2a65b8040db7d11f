"""Tracks and roll calls: of a round, of a day, by their file; where somebody was last seen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Connection

from app.domain.attendance import RollCall, Track
from app.domain.patrols import PatrolRound
from db.engine import run
from db.tx import CODECS
from db.types import from_microseconds, to_microseconds

Sighting = tuple[UUID, float, float, datetime]
_RESULTS_SEEN = """
SELECT r.member_id, c.longitude, c.latitude, max(c.at)
FROM patrol_rounds r JOIN check_results c ON c.parent = r.id
WHERE r.day BETWEEN ? AND ? AND r.member_id IS NOT NULL AND c.longitude IS NOT NULL AND c.at <= ?
GROUP BY r.member_id
"""


def of_round(connection: Connection, round_id: UUID) -> list[Track]:
    """Tracks of a round, in the order they began."""
    return _tracks(connection, "WHERE round_id = ? ORDER BY started_at", (round_id.bytes,))


def of_day(connection: Connection, day: date, member_id: UUID | None = None) -> list[Track]:
    """Tracks of a day, of all members or of one, in the order they began."""
    if member_id is None:
        return _tracks(connection, "WHERE day = ? ORDER BY started_at", (day.isoformat(),))
    where = "WHERE day = ? AND member_id = ? ORDER BY started_at"
    return _tracks(connection, where, (day.isoformat(), member_id.bytes))


def begun_between(connection: Connection, first: date, last: date) -> list[Track]:
    """Tracks of the days from first to last."""
    return _tracks(
        connection, "WHERE day BETWEEN ? AND ? ORDER BY day, started_at", (first.isoformat(), last.isoformat())
    )


def rounds_between(connection: Connection, first: date, last: date, member_id: UUID | None = None) -> list[PatrolRound]:
    """Rounds of those days, of all members or of one, in the order of their days."""
    where, values = "WHERE day BETWEEN ? AND ?", (first.isoformat(), last.isoformat())
    if member_id is not None:
        return _rounds(connection, f"{where} AND member_id = ? ORDER BY day, rid", (*values, member_id.bytes))
    return _rounds(connection, f"{where} ORDER BY member_name, rid", values)


def of_file(connection: Connection, sha256: str) -> Track | None:
    """The track that was read from a file of that content."""
    return next(iter(_tracks(connection, "WHERE sha256 = ? LIMIT 1", (sha256,))), None)


def results_seen(connection: Connection, first: date, last: date, until: datetime) -> Iterator[Sighting]:
    """Where each member last wrote down a check point with a place, on the rounds of those days."""
    values = (first.isoformat(), last.isoformat(), to_microseconds(until))
    for member, longitude, latitude, at in run(connection, _RESULTS_SEEN, values):
        yield UUID(bytes=member), longitude, latitude, from_microseconds(at)


def roll_calls(connection: Connection, since: datetime, until: datetime) -> list[RollCall]:
    """Roll calls of a span (the end is exclusive), newest first."""
    sql = f"{CODECS['roll_call'].select_sql} WHERE called_at >= ? AND called_at < ? ORDER BY called_at DESC"
    rows = run(connection, sql, (to_microseconds(since), to_microseconds(until)))
    return [cast(RollCall, CODECS["roll_call"].decode(row)) for row in rows]


def _tracks(connection: Connection, where: str, values: Sequence[Any]) -> list[Track]:
    rows = run(connection, f"{CODECS['track'].select_sql} {where}", values)
    return [cast(Track, CODECS["track"].decode(row)) for row in rows]


def _rounds(connection: Connection, where: str, values: Sequence[Any]) -> list[PatrolRound]:
    rows = run(connection, f"{CODECS['patrol_round'].select_sql} {where}", values)
    return [cast(PatrolRound, CODECS["patrol_round"].decode(row)) for row in rows]
