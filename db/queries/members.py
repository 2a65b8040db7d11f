"""Grid members: their attendance, what still hangs on them, and what their month comes to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Connection

from app.domain.attendance import Attendance
from app.domain.attendance_rules import DEFAULT_SHIFT, Seen
from app.domain.findings import FieldTask
from app.domain.grids import Grid
from app.domain.patrols import PatrolPlan, PatrolRound
from db.engine import run
from db.tx import CODECS
from db.types import from_microseconds, to_microseconds

_LATEST = """
WHERE day BETWEEN ? AND ? AND rid = (
  SELECT a.rid FROM attendances a WHERE a.day = attendances.day AND a.member_id = attendances.member_id
  ORDER BY a.changed_at DESC, a.rid DESC LIMIT 1)
"""

_FINDINGS = """
SELECT f.member_id, count(*), sum(f.state NOT IN ('open', 'watch')),
 sum(f.state = 'settled' OR (f.state = 'case' AND coalesce(c.stage, '') <> 'void')), sum(f.state = 'settled')
FROM findings f INDEXED BY ix_findings_found LEFT JOIN cases c ON c.id = f.case_id
WHERE f.found_at >= ? AND f.found_at < ? AND f.member_id IS NOT NULL GROUP BY f.member_id
"""
_FOUND_IN_GRIDS = """
SELECT f.duty_grid, f.member_id, count(*)
FROM findings f INDEXED BY ix_findings_found LEFT JOIN cases c ON c.id = f.case_id
WHERE f.found_at >= ? AND f.found_at < ? AND f.duty_grid <> '' AND f.member_id IS NOT NULL
 AND (f.state = 'settled' OR (f.state = 'case' AND coalesce(c.stage, '') <> 'void'))
GROUP BY f.duty_grid, f.member_id
"""
_TASKS = """
SELECT member_id, kind, count(*), sum(done_at IS NOT NULL AND (due_at IS NULL OR done_at <= due_at))
FROM field_tasks INDEXED BY ix_field_tasks_member_issued
WHERE member_id IN (SELECT id FROM workers) AND issued_at >= ? AND issued_at < ? AND state <> 'called_off'
GROUP BY member_id, kind
"""
_ROUNDS = """
SELECT member_id, sum(state <> 'cancelled'), sum(state = 'done'),
 sum(CASE WHEN state <> 'cancelled' THEN points_total ELSE 0 END),
 sum(CASE WHEN state <> 'cancelled' THEN points_checked ELSE 0 END)
FROM patrol_rounds INDEXED BY ix_patrol_rounds_day
WHERE day BETWEEN ? AND ? AND member_id IS NOT NULL GROUP BY member_id
"""
_SEEN = """
SELECT member_id, day, started_at, ended_at, shift_start, shift_end FROM patrol_rounds INDEXED BY ix_patrol_rounds_day
WHERE day BETWEEN ? AND ? AND member_id IS NOT NULL AND started_at IS NOT NULL AND ended_at IS NOT NULL
 AND shift_start IS NOT NULL AND shift_end IS NOT NULL
UNION ALL
SELECT member_id, day, started_at, ended_at, NULL, NULL FROM tracks INDEXED BY ix_tracks_day
WHERE day BETWEEN ? AND ? AND member_id IS NOT NULL
"""


def attendance_between(connection: Connection, first: date, last: date) -> list[Attendance]:
    """One entry per member and day: of several the one changed last."""
    sql = f"{CODECS['attendance'].select_sql} {_LATEST} ORDER BY day, member_name"
    rows = run(connection, sql, (first.isoformat(), last.isoformat()))
    return [cast(Attendance, CODECS["attendance"].decode(row)) for row in rows]


def members_with_rounds(connection: Connection, day: date) -> set[UUID]:
    """Who has a round on that day that was not cancelled."""
    sql = (
        "SELECT DISTINCT member_id FROM patrol_rounds WHERE day = ? AND member_id IS NOT NULL AND state <> 'cancelled'"
    )
    return {UUID(bytes=row[0]) for row in run(connection, sql, (day.isoformat(),))}


def grids_of(connection: Connection, member_id: UUID) -> list[Grid]:
    """Grids in use a member answers for."""
    return cast(list[Grid], _records(connection, "grid", "WHERE member_id = ? AND active", (member_id.bytes,)))


def open_tasks_of(connection: Connection, member_id: UUID) -> list[FieldTask]:
    """Verify and check tasks a member has not finished."""
    where = "WHERE member_id = ? AND state IN ('open', 'handed')"
    return cast(list[FieldTask], _records(connection, "field_task", where, (member_id.bytes,)))


def plans_of(connection: Connection, member_id: UUID) -> list[PatrolPlan]:
    """Plans in use that a member walks."""
    return cast(
        list[PatrolPlan], _records(connection, "patrol_plan", "WHERE member_id = ? AND active", (member_id.bytes,))
    )


def rounds_ahead(connection: Connection, member_id: UUID, day: date) -> list[PatrolRound]:
    """Rounds a member is to walk, planned for that day or later."""
    where = "INDEXED BY ix_patrol_rounds_member_day WHERE member_id = ? AND day >= ? AND state = 'planned'"
    return cast(list[PatrolRound], _records(connection, "patrol_round", where, (member_id.bytes, day.isoformat())))


def finding_counts(connection: Connection, since: datetime, until: datetime) -> dict[UUID, tuple[int, int, int, int]]:
    """Member -> findings reported, decided, valid and settled on the spot, found from since to before until."""
    rows = run(connection, _FINDINGS, (to_microseconds(since), to_microseconds(until)))
    return {
        UUID(bytes=member): (reported, decided, valid, settled) for member, reported, decided, valid, settled in rows
    }


def found_in_grids(connection: Connection, since: datetime, until: datetime) -> dict[tuple[str, UUID], int]:
    """(duty grid, finder) -> true findings of a span."""
    rows = run(connection, _FOUND_IN_GRIDS, (to_microseconds(since), to_microseconds(until)))
    return {(code, UUID(bytes=member)): count for code, member, count in rows}


def task_counts(connection: Connection, since: datetime, until: datetime) -> dict[tuple[UUID, str], tuple[int, int]]:
    """(member, kind of task) -> tasks given and done in time, issued from since to before until."""
    rows = run(connection, _TASKS, (to_microseconds(since), to_microseconds(until)))
    return {(UUID(bytes=member), kind): (given, in_time) for member, kind, given, in_time in rows}


def round_counts(connection: Connection, first: date, last: date) -> dict[UUID, tuple[int, int, int, int]]:
    """Member -> rounds planned and done, check points on the routes and seen, on those days."""
    rows = run(connection, _ROUNDS, (first.isoformat(), last.isoformat()))
    return {UUID(bytes=member): tuple(figures) for member, *figures in rows}


def walked_between(connection: Connection, first: date, last: date) -> list[Seen]:
    """When members were seen at rounds and on tracks of those days."""
    days = (first.isoformat(), last.isoformat())
    seen = []
    for member, day, begin, end, *shift in run(connection, _SEEN, (*days, *days)):
        hours = (_clock(shift[0]), _clock(shift[1])) if shift[0] else DEFAULT_SHIFT
        whole = (UUID(bytes=member), date.fromisoformat(day), from_microseconds(begin), from_microseconds(end))
        seen.append(Seen(*whole, hours))
    return seen


def _clock(stored: str) -> time:
    return time.fromisoformat(stored.strip('"'))


def _records(connection: Connection, kind: str, where: str, values: Sequence[Any]) -> list[Any]:
    return [CODECS[kind].decode(row) for row in run(connection, f"{CODECS[kind].select_sql} {where}", values)]
