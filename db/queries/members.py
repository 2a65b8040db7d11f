"""Grid members: their attendance, and what still hangs on them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Connection

from app.domain.attendance import Attendance
from app.domain.findings import FieldTask
from app.domain.grids import Grid
from db.engine import run
from db.tx import CODECS

_LATEST = """
WHERE day BETWEEN ? AND ? AND rid = (
  SELECT a.rid FROM attendances a WHERE a.day = attendances.day AND a.member_id = attendances.member_id
  ORDER BY a.changed_at DESC, a.rid DESC LIMIT 1)
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


def _records(connection: Connection, kind: str, where: str, values: Sequence[Any]) -> list[Any]:
    return [CODECS[kind].decode(row) for row in run(connection, f"{CODECS[kind].select_sql} {where}", values)]
