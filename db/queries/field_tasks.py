"""Verify and check tasks: ids of a list, one page of lines, counts, and what services look up."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from operator import itemgetter
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Connection

from app.domain.case_views import CountSaid
from app.domain.finding_views import UNDER_WAY, TaskFilter, TaskLine
from app.domain.findings import TaskKind, TaskState
from db.engine import run
from db.types import from_microseconds, to_microseconds

LINE_SQL = """
SELECT t.rid, t.id, t.number, t.kind, t.state, t.case_id, t.case_no,
       coalesce(nullif(c.minor_name, ''), c.category_text, ''), coalesce(c.address, ''), t.street_code, t.member_name,
       t.chosen_by, t.distance_m, t.issued_at, t.due_at, t.warn_at, c.due_gap_year, t.handed_at, t.done_at, t.result,
       t.version
FROM field_tasks t LEFT JOIN cases c ON c.id = t.case_id WHERE t.rid IN ({marks})
"""
_SEARCHED = ("number", "case_no", "member_name")
_OPEN = "state IN ('open', 'handed')"


class PathQuery(NamedTuple):
    """One SQL text with its parameters."""

    sql: str
    params: tuple[Any, ...]


def list_query(wanted: TaskFilter, limit: int | None = None) -> PathQuery:
    """Rids of a list by the time they were issued, newest first unless it ascends."""
    direction = "ASC" if wanted.ascending else "DESC"
    where, params = _where(wanted)
    cut = "" if limit is None else f" LIMIT {int(limit)}"
    index = "ix_field_tasks_member_issued" if wanted.member_id else "ix_field_tasks_state_issued"
    states = sorted(state.value for state in wanted.states or TaskState)
    # One ordered run per state, merged by SQLite: the tasks under way are few, those done are all that ever were.
    runs = " UNION ALL ".join(
        [f"SELECT rid, issued_at FROM field_tasks INDEXED BY {index} WHERE state = ?{where}"] * len(states)
    )
    sql = f"SELECT rid FROM ({runs} ORDER BY 2 {direction}, 1 {direction}{cut})"
    return PathQuery(sql, tuple(value for state in states for value in (state, *params)))


def _where(wanted: TaskFilter) -> tuple[str, tuple[Any, ...]]:
    parts: list[str] = []
    params: list[Any] = []
    for name in ("kind", "member_id", "street_code"):
        if value := getattr(wanted, name):
            parts.append(f" AND {name} = ?")
            params.append(getattr(value, "bytes", str(value)))
    if wanted.due_until is not None:
        parts.append(" AND due_at IS NOT NULL AND due_at < ?")
        params.append(to_microseconds(wanted.due_until))
    for word in wanted.search.split():
        parts.append(f" AND ({' OR '.join(f'instr({name}, ?)' for name in _SEARCHED)})")
        params += [word] * len(_SEARCHED)
    return "".join(parts), tuple(params)


def ids(connection: Connection, wanted: TaskFilter, limit: int | None = None) -> array[int]:
    """Row numbers of the whole result (or its first `limit`), in order: 8 bytes a row."""
    query = list_query(wanted, limit)
    return array("q", map(itemgetter(0), run(connection, query.sql, query.params)))


def count(connection: Connection, wanted: TaskFilter, cap: int | None = 1000) -> CountSaid:
    """How many tasks the list holds; stops counting past `cap`."""
    query = list_query(wanted, None if cap is None else cap + 1)
    total = int(run(connection, f"SELECT count(*) FROM ({query.sql})", query.params).fetchone()[0])
    return CountSaid(total) if cap is None or total <= cap else CountSaid(cap, capped=True)


def lines(connection: Connection, rids: Sequence[int]) -> list[TaskLine]:
    """The lines of these rows, in the order asked; rows that are gone are left out."""
    if not rids:
        return []
    rows = {row[0]: row for row in run(connection, LINE_SQL.format(marks=",".join("?" * len(rids))), tuple(rids))}
    return [_line(rows[rid]) for rid in rids if rid in rows]


def rid_of(connection: Connection, task_id: UUID) -> int | None:
    """The row number of a task."""
    row = run(connection, "SELECT rid FROM field_tasks WHERE id = ?", (task_id.bytes,)).fetchone()
    return None if row is None else int(row[0])


def of_case(connection: Connection, case_id: UUID) -> list[UUID]:
    """The tasks of a case, in order of entry."""
    sql = "SELECT id FROM field_tasks INDEXED BY ix_field_tasks_case WHERE case_id = ? ORDER BY rid"
    return [UUID(bytes=row[0]) for row in run(connection, sql, (case_id.bytes,))]


def under_way_of_case(connection: Connection, case_id: UUID) -> list[UUID]:
    """The tasks of a case that wait for a result."""
    sql = f"SELECT id FROM field_tasks INDEXED BY ix_field_tasks_case WHERE case_id = ? AND {_OPEN} ORDER BY rid"
    return [UUID(bytes=row[0]) for row in run(connection, sql, (case_id.bytes,))]


def left_behind(connection: Connection) -> list[UUID]:
    """Tasks that wait though their case has gone on elsewhere, on another PC for example."""
    states = sorted(state.value for state in UNDER_WAY)
    sql = (
        "SELECT t.id FROM field_tasks t INDEXED BY ix_field_tasks_state_issued JOIN cases c ON c.id = t.case_id "
        "WHERE t.state IN (?, ?) AND NOT (t.kind = 'verify' AND c.stage = 'verifying') "
        "AND NOT (t.kind = 'check' AND c.stage = 'checking')"
    )
    return [UUID(bytes=row[0]) for row in run(connection, sql, tuple(states))]


def find_by_number(connection: Connection, number: str) -> UUID | None:
    """The task of that number."""
    sql = "SELECT id FROM field_tasks INDEXED BY ix_field_tasks_number WHERE number = ? LIMIT 1"
    row = run(connection, sql, (number,)).fetchone()
    return None if row is None else UUID(bytes=row[0])


def _line(row: Sequence[Any]) -> TaskLine:
    moments = [None if at is None else from_microseconds(at) for at in (row[14], row[15], row[17], row[18])]
    return TaskLine._make(
        (
            row[0],
            UUID(bytes=row[1]),
            row[2],
            TaskKind(row[3]),
            TaskState(row[4]),
            UUID(bytes=row[5]),
            *row[6:13],
            from_microseconds(row[13]),
            moments[0],
            moments[1],
            row[16],
            moments[2],
            moments[3],
            *row[19:],
        )
    )
