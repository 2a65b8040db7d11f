"""Findings: ids of a whole list, one page of lines, counts, and what services look up. The index is said in the SQL."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from datetime import date, datetime
from operator import itemgetter
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Connection

from app.domain.case_views import CountSaid
from app.domain.finding_views import FindingFilter, FindingLine
from app.domain.findings import FindingState
from db.engine import run
from db.fts import SPAN
from db.queries.searching import search_sql
from db.types import from_microseconds, to_microseconds

LINE_SQL = """
SELECT f.rid, f.id, f.number, f.state, f.minor_name, f.category_text, substr(f.description, 1, 200), f.address,
       f.street_name, f.member_name, f.found_at, f.watch_until, f.case_id, f.case_no, f.round_id,
       (SELECT count(*) FROM photos p WHERE p.parent = f.id),
       (SELECT count(*) FROM outbox o WHERE o.record_id = f.id AND o.state NOT IN ('settled', 'decided')), f.version
FROM findings f WHERE f.rid IN ({marks})
"""
# The narrowest first: a list runs along the first of these that its filter names.
_BY_VALUE = (
    ("round_id", "ix_findings_round"),
    ("facility_id", "ix_findings_facility"),
    ("member_id", "ix_findings_member_found"),
    ("street_code", "ix_findings_street_found"),
)
_EQUALS = ("round_id", "facility_id", "member_id", "street_code", "kind", "major", "minor")


class PathQuery(NamedTuple):
    """One SQL text with its parameters."""

    sql: str
    params: tuple[Any, ...]


def list_query(wanted: FindingFilter, limit: int | None = None) -> PathQuery:
    """Rids of a list, newest found first unless it ascends; search hits last entered first."""
    where, params = _where(wanted)
    cut = "" if limit is None else f" LIMIT {int(limit)}"
    direction = "ASC" if wanted.ascending else "DESC"
    if wanted.search.strip():
        match, tail = search_sql("finding", wanted.search)
        joined = f"search CROSS JOIN findings f ON f.rid = search.rowid / {SPAN}"
        sql = f"SELECT f.rid FROM {joined} WHERE {tail}{where}"
        return PathQuery(f"{sql} ORDER BY search.rowid DESC{cut}", (match, *params))
    order = f" ORDER BY f.found_at {direction}, f.rid {direction}{cut}"
    if wanted.watch_until is not None:
        sql = f"SELECT f.rid FROM findings f INDEXED BY ix_findings_watch WHERE f.watch_until IS NOT NULL{where}"
        return PathQuery(f"{sql} ORDER BY f.watch_until, f.rid{cut}", params)
    return PathQuery(f"SELECT f.rid FROM findings f INDEXED BY {_path(wanted)} WHERE 1{where}{order}", params)


def _path(wanted: FindingFilter) -> str:
    for name, index in _BY_VALUE:
        if getattr(wanted, name):
            return index
    return "ix_findings_state_found" if len(wanted.states) == 1 else "ix_findings_found"


def _where(wanted: FindingFilter) -> tuple[str, tuple[Any, ...]]:
    parts: list[str] = []
    params: list[Any] = []
    for name in _EQUALS:
        if value := getattr(wanted, name):
            parts.append(f" AND f.{name} = ?")
            params.append(getattr(value, "bytes", value))
    if wanted.states:
        marks = ",".join("?" * len(wanted.states))
        parts.append(" AND f.state = ?" if len(wanted.states) == 1 else f" AND f.state IN ({marks})")
        params += sorted(state.value for state in wanted.states)
    for sign, at in ((">=", wanted.found_from), ("<", wanted.found_until)):
        if at is not None:
            parts.append(f" AND f.found_at {sign} ?")
            params.append(to_microseconds(at))
    if wanted.watch_until is not None:
        parts.append(" AND f.watch_until <= ?")
        params.append(wanted.watch_until.isoformat())
    return "".join(parts), tuple(params)


def ids(connection: Connection, wanted: FindingFilter, limit: int | None = None) -> array[int]:
    """Row numbers of the whole result (or its first `limit`), in order: 8 bytes a row."""
    query = list_query(wanted, limit)
    return array("q", map(itemgetter(0), run(connection, query.sql, query.params)))


def count(connection: Connection, wanted: FindingFilter, cap: int | None = 1000) -> CountSaid:
    """How many findings the list holds; stops counting past `cap`."""
    query = list_query(wanted, None if cap is None else cap + 1)
    total = int(run(connection, f"SELECT count(*) FROM ({query.sql})", query.params).fetchone()[0])
    return CountSaid(total) if cap is None or total <= cap else CountSaid(cap, capped=True)


def lines(connection: Connection, rids: Sequence[int]) -> list[FindingLine]:
    """The lines of these rows, in the order asked; rows that are gone are left out."""
    if not rids:
        return []
    rows = {row[0]: row for row in run(connection, LINE_SQL.format(marks=",".join("?" * len(rids))), tuple(rids))}
    return [_line(rows[rid]) for rid in rids if rid in rows]


def rid_of(connection: Connection, finding_id: UUID) -> int | None:
    """The row number of a finding."""
    row = run(connection, "SELECT rid FROM findings WHERE id = ?", (finding_id.bytes,)).fetchone()
    return None if row is None else int(row[0])


def of_round(connection: Connection, round_id: UUID) -> list[UUID]:
    """The findings of a round, in order of entry."""
    sql = "SELECT id FROM findings INDEXED BY ix_findings_round WHERE round_id = ? ORDER BY rid"
    return [UUID(bytes=row[0]) for row in run(connection, sql, (round_id.bytes,))]


def of_case(connection: Connection, case_id: UUID) -> list[UUID]:
    """The findings that became a case or were linked to it."""
    sql = "SELECT id FROM findings INDEXED BY ix_findings_case WHERE case_id = ? ORDER BY rid"
    return [UUID(bytes=row[0]) for row in run(connection, sql, (case_id.bytes,))]


def of_facility(connection: Connection, facility_id: UUID, limit: int = 200) -> list[UUID]:
    """The newest findings about a facility."""
    sql = (
        "SELECT id FROM findings INDEXED BY ix_findings_facility WHERE facility_id = ? "
        f"ORDER BY found_at DESC LIMIT {int(limit)}"
    )
    return [UUID(bytes=row[0]) for row in run(connection, sql, (facility_id.bytes,))]


def find_by_number(connection: Connection, number: str) -> UUID | None:
    """The finding of that number."""
    sql = "SELECT id FROM findings INDEXED BY ix_findings_number WHERE number = ? LIMIT 1"
    row = run(connection, sql, (number,)).fetchone()
    return None if row is None else UUID(bytes=row[0])


def source_numbers(connection: Connection, system: str, number: str) -> list[tuple[str, UUID]]:
    """(source number, case) of the cases made of a finding: its number, and with -2, -3 … behind it."""
    sql = (
        "SELECT source_no, id FROM cases WHERE source_system = ? AND source_no <> '' "
        "AND source_no >= ? AND source_no < ?"
    )
    return [(row[0], UUID(bytes=row[1])) for row in run(connection, sql, (system, number, f"{number}~"))]


def made_twice(connection: Connection) -> list[tuple[UUID, UUID]]:
    """(finding, case) where an open case was made of a finding that names another case, and is linked to none."""
    sql = (
        "SELECT f.id, c.id FROM cases c INDEXED BY ix_cases_of_findings "
        "JOIN findings f INDEXED BY ix_findings_number ON f.number = c.source_no "
        "WHERE c.source_system = 'finding' AND c.stage NOT IN ('closed', 'void') AND c.linked_case_id IS NULL "
        "AND f.case_id IS NOT NULL AND f.case_id <> c.id"
    )
    return [(UUID(bytes=row[0]), UUID(bytes=row[1])) for row in run(connection, sql)]


def undercounted(connection: Connection, since: datetime) -> list[UUID]:
    """Finished rounds that count fewer findings than name them, among those with one found since then."""
    recent = "SELECT round_id FROM findings INDEXED BY ix_findings_found WHERE found_at >= ? AND round_id IS NOT NULL"
    sql = (
        # From the few rounds to their rows: by state it would be every round that was ever walked.
        f"SELECT r.id FROM (SELECT DISTINCT round_id FROM ({recent})) recent CROSS JOIN patrol_rounds r ON r.id = recent.round_id "
        "WHERE +r.state = 'done' AND r.finding_count < (SELECT count(*) FROM findings o WHERE o.round_id = r.id)"
    )
    return [UUID(bytes=row[0]) for row in run(connection, sql, (to_microseconds(since),))]


def _line(row: Sequence[Any]) -> FindingLine:
    return FindingLine._make(
        (
            row[0],
            UUID(bytes=row[1]),
            row[2],
            FindingState(row[3]),
            *row[4:10],
            from_microseconds(row[10]),
            None if row[11] is None else date.fromisoformat(row[11]),
            None if row[12] is None else UUID(bytes=row[12]),
            row[13],
            None if row[14] is None else UUID(bytes=row[14]),
            *row[15:],
        )
    )
