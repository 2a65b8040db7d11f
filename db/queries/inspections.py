"""Inspections of enterprises: ids of a list, pages of lines, counts, the visits of one enterprise, who is over the cap."""

from __future__ import annotations

import json
from array import array
from collections.abc import Sequence
from datetime import date
from operator import itemgetter
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Connection

from app.domain.case_views import CountSaid
from app.domain.inspection_caps import NOT_COUNTED
from app.domain.inspection_views import InspectionFilter, InspectionLine
from app.domain.inspections import InspectionBasis, InspectionState
from db.engine import run
from db.fts import SPAN
from db.queries.searching import search_sql
from db.types import from_microseconds

LINE_SQL = """
SELECT rid, id, number, enterprise_id, enterprise_name, basis, state, matter, units, officer_words, planned_on,
       started_at, result, case_no, version
FROM inspections WHERE rid IN ({marks})
"""
_HITS = f"search CROSS JOIN inspections ON inspections.rid = search.rowid / {SPAN}"
# The day a visit counts on, in Chinese time, and whether it counts at all; as inspection_rules says it.
VISIT_DAY = "coalesce(date(started_at / 1000000, 'unixepoch', '+8 hours'), planned_on)"
_NOT_COUNTED = ", ".join(f"'{basis.value}'" for basis in sorted(NOT_COUNTED))
COUNTED = f"state <> 'cancelled' AND basis NOT IN ({_NOT_COUNTED})"


class PathQuery(NamedTuple):
    """One SQL text with its parameters."""

    sql: str
    params: tuple[Any, ...]


def list_query(wanted: InspectionFilter, limit: int | None = None) -> PathQuery:
    """Rids of a list by planned day, the latest first; search hits last entered first."""
    where, params = _narrowing(wanted)
    cut = "" if limit is None else f" LIMIT {int(limit)}"
    if wanted.search.strip():
        match, found = search_sql("inspection", wanted.search)
        states, named = _in_states(wanted)
        sql = f"SELECT rid FROM {_HITS} WHERE {found}{where}{states} ORDER BY search.rowid DESC{cut}"
        return PathQuery(sql, (match, *params, *named))
    path = _path(wanted)
    if path is not None:
        states, named = _in_states(wanted)
        sql = f"SELECT rid FROM inspections {path} WHERE 1{where}{states} ORDER BY planned_on DESC, rid DESC{cut}"
        return PathQuery(sql, (*params, *named))
    if not wanted.states:
        whole = f"SELECT rid FROM inspections INDEXED BY ix_inspections_planned WHERE 1{where}"
        return PathQuery(f"{whole} ORDER BY planned_on DESC, rid DESC{cut}", params)
    states_asked = sorted(state.value for state in wanted.states)
    one = f"SELECT rid, planned_on FROM inspections INDEXED BY ix_inspections_state WHERE state = ?{where}"
    runs = " UNION ALL ".join([one] * len(states_asked))
    sql = f"SELECT rid FROM ({runs} ORDER BY 2 DESC, 1 DESC{cut})"
    return PathQuery(sql, tuple(value for state in states_asked for value in (state, *params)))


def ids(connection: Connection, wanted: InspectionFilter, limit: int | None = None) -> array[int]:
    """Row numbers of the whole result (or its first `limit`), in order: 8 bytes a row."""
    query = list_query(wanted, limit)
    return array("q", map(itemgetter(0), run(connection, query.sql, query.params)))


def count(connection: Connection, wanted: InspectionFilter, cap: int | None = 1000) -> CountSaid:
    """How many the list holds; stops counting past `cap`."""
    query = list_query(wanted, None if cap is None else cap + 1)
    total = int(run(connection, f"SELECT count(*) FROM ({query.sql})", query.params).fetchone()[0])
    return CountSaid(total) if cap is None or total <= cap else CountSaid(cap, capped=True)


def lines(connection: Connection, rids: Sequence[int]) -> list[InspectionLine]:
    """The lines of these rows, in the order asked; rows that are gone are left out."""
    if not rids:
        return []
    rows = {row[0]: row for row in run(connection, LINE_SQL.format(marks=",".join("?" * len(rids))), tuple(rids))}
    return [_line(rows[rid]) for rid in rids if rid in rows]


def rid_of(connection: Connection, inspection_id: UUID) -> int | None:
    """The row number of an inspection."""
    row = run(connection, "SELECT rid FROM inspections WHERE id = ?", (inspection_id.bytes,)).fetchone()
    return None if row is None else int(row[0])


def find_by_number(connection: Connection, number: str) -> UUID | None:
    """The inspection of that number."""
    sql = "SELECT id FROM inspections INDEXED BY ix_inspections_number WHERE number = ? LIMIT 1"
    row = run(connection, sql, (number,)).fetchone()
    return None if row is None else UUID(bytes=row[0])


def of_enterprise(connection: Connection, enterprise_id: UUID) -> list[UUID]:
    """The visits of an enterprise, the latest planned first."""
    sql = (
        "SELECT id FROM inspections INDEXED BY ix_inspections_enterprise WHERE enterprise_id = ? "
        "ORDER BY planned_on DESC, rid DESC"
    )
    return [UUID(bytes=row[0]) for row in run(connection, sql, (enterprise_id.bytes,))]


def crowded(connection: Connection, year: int, cap: int) -> list[UUID]:
    """Enterprises with more counted visits in a year than their cap, or the office's."""
    sql = (
        f"SELECT v.enterprise_id FROM (SELECT enterprise_id, count(*) AS visits FROM inspections WHERE {COUNTED} "
        f"AND {VISIT_DAY} BETWEEN ? AND ? GROUP BY enterprise_id) v LEFT JOIN enterprises e ON e.id = v.enterprise_id "
        "WHERE v.visits > coalesce(e.yearly_cap, ?)"
    )
    return [UUID(bytes=row[0]) for row in run(connection, sql, (f"{year}-01-01", f"{year}-12-31", cap))]


def _path(wanted: InspectionFilter) -> str | None:
    """The index of the few that are asked for; None: all of them, by state and day."""
    if wanted.ids is not None:
        return ""
    if wanted.enterprise_id is not None:
        return "INDEXED BY ix_inspections_enterprise"
    return "INDEXED BY ix_inspections_draw" if wanted.draw_id is not None else None


def _narrowing(wanted: InspectionFilter) -> tuple[str, tuple[Any, ...]]:
    parts: list[str] = []
    params: list[Any] = []
    if wanted.ids is not None:
        parts.append(f" AND id IN ({','.join('?' * len(wanted.ids))})")
        params += [own.bytes for own in wanted.ids]
    for name in ("enterprise_id", "draw_id"):
        if own := getattr(wanted, name):
            parts.append(f" AND {name} = ?")
            params.append(own.bytes)
    for name in ("basis", "result"):
        if value := getattr(wanted, name):
            parts.append(f" AND {name} = ?")
            params.append(str(value))
    for sign, day in ((">=", wanted.planned_from), ("<=", wanted.planned_until)):
        if day is not None:
            parts.append(f" AND planned_on {sign} ?")
            params.append(day.isoformat())
    return "".join(parts), tuple(params)


def _in_states(wanted: InspectionFilter) -> tuple[str, tuple[str, ...]]:
    if not wanted.states:
        return "", ()
    states = tuple(sorted(state.value for state in wanted.states))
    return f" AND state IN ({','.join('?' * len(states))})", states


def _line(row: Sequence[Any]) -> InspectionLine:
    return InspectionLine(
        row[0],
        UUID(bytes=row[1]),
        row[2],
        UUID(bytes=row[3]),
        row[4],
        InspectionBasis(row[5]),
        InspectionState(row[6]),
        row[7],
        tuple(json.loads(row[8])),
        tuple(json.loads(row[9])),
        date.fromisoformat(row[10]),
        None if row[11] is None else from_microseconds(row[11]),
        *row[12:],
    )
