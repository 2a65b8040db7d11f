"""The case list: ids of a whole result, one page of lines, counts."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from operator import itemgetter
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from app.domain.case_views import CaseFilter, CaseLine, CaseOrder, CountSaid
from app.domain.stages import Stage
from db.engine import run
from db.queries.case_paths import NEWEST_FOUND, Query, counting, found, ordered, rarity
from db.types import from_microseconds

LINE_SQL = """
SELECT c.rid, c.id, c.local_no, c.city_no, c.minor_name, c.category_text, substr(c.description, 1, 200), c.address,
       c.street_name, c.stage, c.source, c.unit_name, c.acceptor_name, c.reported_at, c.changed_at, c.clock, c.due_at,
       c.warn_at, c.due_gap_year, c.suspended_until, c.handled_late, c.supervise,
       (SELECT count(*) FROM outbox o WHERE o.record_id = c.id AND o.state NOT IN ('settled', 'decided')),
       (SELECT count(*) FROM photos p WHERE p.parent = c.id), c.version
FROM cases c WHERE c.rid IN ({marks})
"""
FEW = 5000
_STAGES = {stage.value: stage for stage in Stage}


def id_queries(wanted: CaseFilter, limit: int | None = None, *, few: bool = False) -> list[Query]:
    """The queries whose rids, one after the other, are the list in its order."""
    if wanted.search.strip():
        return [found(wanted, limit)]
    if wanted.order != CaseOrder.DUE:
        return [ordered(wanted, wanted.order, limit, few=few)]
    queries = [ordered(wanted, CaseOrder.DUE, limit)]
    if wanted.due_from is None and wanted.due_until is None:
        queries.append(ordered(wanted.narrowed(ascending=False), CaseOrder.REPORTED, limit, without_clock=True))
    return queries


def ids(connection: Connection, wanted: CaseFilter, limit: int | None = None) -> array[int]:
    """Row numbers of the whole result (or its first `limit`), in order: 8 bytes a row."""
    rids: array[int] = array("q")
    few = limit is None or _is_few(connection, wanted)
    for query in id_queries(wanted, limit, few=few):
        rids.extend(map(itemgetter(0), run(connection, query.sql, query.params)))
        if limit is not None and len(rids) >= limit:
            return rids[:limit]
    return rids


def lines(connection: Connection, rids: Sequence[int]) -> list[CaseLine]:
    """The lines of these rows, in the order asked; rows that are gone are left out."""
    if not rids:
        return []
    rows = {row[0]: row for row in run(connection, LINE_SQL.format(marks=",".join("?" * len(rids))), tuple(rids))}
    return [_line(rows[rid]) for rid in rids if rid in rows]


def count(connection: Connection, wanted: CaseFilter, cap: int | None = 1000) -> CountSaid:
    """How many cases the list holds; stops counting past `cap`."""
    most = None if cap is None else cap + 1
    query = found(wanted, most) if wanted.search.strip() else counting(wanted, most)
    total = int(run(connection, f"SELECT count(*) FROM ({query.sql})", query.params).fetchone()[0])
    return CountSaid(total) if cap is None or total <= cap else CountSaid(cap, capped=True)


def rid_of(connection: Connection, case_id: UUID) -> int | None:
    """The row number of a case."""
    row = run(connection, "SELECT rid FROM cases WHERE id = ?", (case_id.bytes,)).fetchone()
    return None if row is None else int(row[0])


def _is_few(connection: Connection, wanted: CaseFilter) -> bool:
    """True when the office has so few cases of the filter's value that sorting them beats looking for them."""
    query = rarity(wanted, FEW) if wanted.order in (CaseOrder.CHANGED, CaseOrder.NUMBER) else None
    return query is not None and len(run(connection, query.sql, query.params).fetchall()) < FEW


def _line(row: Sequence[Any]) -> CaseLine:
    reported, changed, clock, due, warn, gap, suspended, late, *last = row[13:]
    return CaseLine._make(
        (
            row[0],
            UUID(bytes=row[1]),
            *row[2:9],
            _STAGES[row[9]],
            *row[10:13],
            from_microseconds(reported),
            from_microseconds(changed),
            clock,
            None if due is None else from_microseconds(due),
            None if warn is None else from_microseconds(warn),
            gap,
            None if suspended is None else from_microseconds(suspended),
            late == 1,
            *last,
        )
    )


__all__ = ["LINE_SQL", "NEWEST_FOUND", "count", "id_queries", "ids", "lines", "rid_of"]
