"""The case list: ids of a whole result, one page of lines, counts. Every list here runs along an index."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from app.domain.case_views import CaseFilter, CaseLine, CaseOrder, CountSaid
from app.domain.stages import Stage
from app.domain.text import match_query
from db.fts import SPAN
from db.types import from_microseconds, to_microseconds

_LINE_SQL = """
SELECT c.rid, c.id, c.local_no, c.city_no, c.minor_name, c.category_text, substr(c.description, 1, 200), c.address,
       c.street_name, c.stage, c.source, c.unit_name, c.acceptor_name, c.reported_at, c.changed_at, c.clock, c.due_at,
       c.warn_at, c.due_gap_year, c.suspended_until, c.handled_late, c.supervise,
       (SELECT count(*) FROM outbox o WHERE o.record_id = c.id AND o.state <> 'settled'),
       (SELECT count(*) FROM photos p WHERE p.parent = c.id)
FROM cases c WHERE c.rid IN ({marks})
"""
_EQUALS = ("street_code", "source", "minor", "major", "kind")
_RANGES = (
    ("reported_at >= ?", "reported_from"),
    ("reported_at < ?", "reported_until"),
    ("due_at >= ?", "due_from"),
    ("due_at < ?", "due_until"),
    ("closed_at >= ?", "closed_from"),
    ("closed_at < ?", "closed_until"),
)
NEWEST_FOUND = 100_000


@dataclass(frozen=True)
class Query:
    """One SQL text with its parameters."""

    sql: str
    params: tuple[Any, ...]


def id_queries(wanted: CaseFilter, limit: int | None = None) -> list[Query]:
    """The queries whose rids, one after the other, are the list in its order."""
    if wanted.search.strip():
        return [_found(wanted, limit)]
    if wanted.order == CaseOrder.DUE:
        without = "AND due_at IS NULL"
        return [
            _ordered(wanted, "due_at", limit, "AND due_at IS NOT NULL"),
            _ordered(wanted.narrowed(ascending=False), "reported_at", limit, without),
        ]
    return [_ordered(wanted, wanted.order.value, limit)]


def ids(connection: Connection, wanted: CaseFilter, limit: int | None = None) -> array[int]:
    """Row numbers of the whole result (or its first `limit`), in order: 8 bytes a row."""
    found: array[int] = array("q")
    for query in id_queries(wanted, limit):
        rows = connection.exec_driver_sql(query.sql, query.params)
        found.extend(row[0] for row in rows)
        if limit is not None and len(found) >= limit:
            return found[:limit]
    return found


def lines(connection: Connection, rids: Sequence[int]) -> list[CaseLine]:
    """The lines of these rows, in the order asked; rows that are gone are left out."""
    if not rids:
        return []
    sql = _LINE_SQL.format(marks=",".join("?" * len(rids)))
    found = {row[0]: _line(row) for row in connection.exec_driver_sql(sql, tuple(rids))}
    return [found[rid] for rid in rids if rid in found]


def count(connection: Connection, wanted: CaseFilter, cap: int | None = 1000) -> CountSaid:
    """How many cases the list holds; stops counting past `cap`."""
    total = 0
    for query in id_queries(wanted, None if cap is None else cap + 1):
        total += int(connection.exec_driver_sql(f"SELECT count(*) FROM ({query.sql})", query.params).scalar_one())
    return CountSaid(total) if cap is None or total <= cap else CountSaid(cap, capped=True)


def rid_of(connection: Connection, case_id: UUID) -> int | None:
    """The row number of a case."""
    found = connection.exec_driver_sql("SELECT rid FROM cases WHERE id = ?", (case_id.bytes,)).scalar()
    return None if found is None else int(found)


def _ordered(wanted: CaseFilter, order: str, limit: int | None, extra: str = "") -> Query:
    where, params = _where(wanted)
    direction = "ASC" if wanted.ascending else "DESC"
    tail = f"ORDER BY 2 {direction}, 1 {direction}" + ("" if limit is None else f" LIMIT {int(limit)}")
    stages = sorted(wanted.stages)
    alone = len(stages) > 1 and not any(getattr(wanted, name) for name in _EQUALS) and wanted.unit_id is None
    if alone and wanted.acceptor_id is None and order in ("reported_at", "due_at"):
        # One ordered run per stage, merged by SQLite: no sort of the whole result.
        parts = [f"SELECT rid, {order} FROM cases WHERE stage = ? {where} {extra}" for _stage in stages]
        merged: tuple[Any, ...] = tuple(value for stage in stages for value in (stage.value, *params))
        return Query(" UNION ALL ".join(parts) + f" {tail}", merged)
    if stages:
        where = f"AND stage IN ({','.join('?' * len(stages))}) {where}"
        params = (*(stage.value for stage in stages), *params)
    return Query(f"SELECT rid, {order} FROM cases WHERE 1 {where} {extra} {tail}", params)


def _where(wanted: CaseFilter, prefix: str = "") -> tuple[str, tuple[Any, ...]]:
    parts: list[str] = []
    params: list[Any] = []
    for name in _EQUALS:
        if value := getattr(wanted, name):
            parts.append(f"AND {prefix}{name} = ?")
            params.append(str(value))
    for name in ("unit_id", "acceptor_id"):
        if (uid := getattr(wanted, name)) is not None:
            parts.append(f"AND {prefix}{name} = ?")
            params.append(uid.bytes)
    for clause, name in _RANGES:
        if (at := getattr(wanted, name)) is not None:
            parts.append(f"AND {prefix}{clause}")
            params.append(to_microseconds(at))
    return " ".join(parts), tuple(params)


def _found(wanted: CaseFilter, limit: int | None) -> Query:
    """Search hits, last entered first; more filters narrow the hits."""
    columns = "words initials person" if wanted.search_persons else "words initials"
    match = match_query(wanted.search)
    if match is None:
        return Query("SELECT rid FROM cases WHERE 0", ())
    where, params = _where(wanted, "c.")
    if wanted.stages:
        where += f" AND c.stage IN ({','.join('?' * len(wanted.stages))})"
        params = (*params, *(stage.value for stage in sorted(wanted.stages)))
    cap = min(limit or NEWEST_FOUND, NEWEST_FOUND)
    match = f"{{{columns}}} : ({match})"
    if not where:
        sql = f"SELECT rowid / {SPAN} FROM search WHERE search MATCH ? ORDER BY rowid DESC LIMIT {cap}"
        return Query(sql, (match,))
    sql = (
        f"SELECT c.rid FROM search s CROSS JOIN cases c ON c.rid = s.rowid / {SPAN} "
        f"WHERE s.search MATCH ? {where} ORDER BY s.rowid DESC LIMIT {cap}"
    )
    return Query(sql.replace("s.search MATCH", "search MATCH"), (match, *params))


def _line(row: Any) -> CaseLine:
    def at(value: int | None) -> Any:
        return None if value is None else from_microseconds(value)

    return CaseLine(
        rid=row[0],
        id=UUID(bytes=row[1]),
        local_no=row[2],
        city_no=row[3],
        minor_name=row[4],
        category_text=row[5],
        description=row[6],
        address=row[7],
        street_name=row[8],
        stage=Stage(row[9]),
        source=row[10],
        unit_name=row[11],
        acceptor_name=row[12],
        reported_at=at(row[13]),
        changed_at=at(row[14]),
        clock=row[15],
        due_at=at(row[16]),
        warn_at=at(row[17]),
        due_gap_year=row[18],
        suspended_until=at(row[19]),
        handled_late=bool(row[20]),
        supervise=row[21],
        waiting=row[22],
        photos=row[23],
    )
