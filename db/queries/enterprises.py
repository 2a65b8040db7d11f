"""The register of enterprises: ids of a list, pages of lines with the year's visits, known numbers and names."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from operator import itemgetter
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from app.domain.case_views import CountSaid
from app.domain.inspection_views import EnterpriseFilter, EnterpriseLine
from db.engine import run
from db.fts import SPAN
from db.queries.inspections import COUNTED, VISIT_DAY
from db.queries.searching import search_sql

_VISITS = (
    "SELECT count(*) FROM inspections INDEXED BY ix_inspections_enterprise "
    f"WHERE enterprise_id = e.id AND {COUNTED} AND {VISIT_DAY} BETWEEN ? AND ?"
)
LINE_SQL = f"""
SELECT e.rid, e.id, e.name, e.credit_code, e.category, e.risk, e.street_name, e.address, e.yearly_cap, e.active,
       ({_VISITS})
FROM enterprises e WHERE e.rid IN ({{marks}})
"""
_HITS = f"search CROSS JOIN enterprises ON enterprises.rid = search.rowid / {SPAN}"


def id_query(wanted: EnterpriseFilter, limit: int | None = None) -> tuple[str, tuple[Any, ...]]:
    """Rids of a list by name; search hits last entered first."""
    parts: list[str] = []
    params: list[Any] = []
    for name in ("street_code", "risk", "category"):
        if value := getattr(wanted, name):
            parts.append(f" AND {name} = ?")
            params.append(value)
    if wanted.active is not None:
        parts.append(" AND active = ?")
        params.append(int(wanted.active))
    where, cut = "".join(parts), "" if limit is None else f" LIMIT {int(limit)}"
    if wanted.search.strip():
        match, found = search_sql("enterprise", wanted.search)
        sql = f"SELECT rid FROM {_HITS} WHERE {found}{where} ORDER BY search.rowid DESC{cut}"
        return sql, (match, *params)
    return f"SELECT rid FROM enterprises INDEXED BY ix_enterprises_name WHERE 1{where} ORDER BY name, rid{cut}", tuple(
        params
    )


def ids(connection: Connection, wanted: EnterpriseFilter, limit: int | None = None) -> array[int]:
    """Row numbers of the whole result (or its first `limit`), in order."""
    return array("q", map(itemgetter(0), run(connection, *id_query(wanted, limit))))


def count(connection: Connection, wanted: EnterpriseFilter, cap: int | None = 1000) -> CountSaid:
    """How many the list holds; stops counting past `cap`."""
    sql, params = id_query(wanted, None if cap is None else cap + 1)
    total = int(run(connection, f"SELECT count(*) FROM ({sql})", params).fetchone()[0])
    return CountSaid(total) if cap is None or total <= cap else CountSaid(cap, capped=True)


def lines(connection: Connection, rids: Sequence[int], year: int) -> list[EnterpriseLine]:
    """The lines of these rows with their counted visits of a year, in the order asked."""
    if not rids:
        return []
    sql = LINE_SQL.format(marks=",".join("?" * len(rids)))
    params = (f"{year}-01-01", f"{year}-12-31", *rids)
    rows = {row[0]: row for row in run(connection, sql, params)}
    return [
        EnterpriseLine._make((row[0], UUID(bytes=row[1]), *row[2:9], bool(row[9]), row[10]))
        for rid in rids
        if (row := rows.get(rid)) is not None
    ]


def below_cap(connection: Connection, wanted: EnterpriseFilter, year: int, cap: int) -> list[UUID]:
    """Enterprises of a list whose counted visits of a year are fewer than their cap, or the office's."""
    listed, params = id_query(wanted)
    sql = (
        f"SELECT e.id FROM ({listed}) q CROSS JOIN enterprises e ON e.rid = q.rid WHERE ({_VISITS}) "
        "< coalesce(e.yearly_cap, ?)"
    )
    return [UUID(bytes=row[0]) for row in run(connection, sql, (*params, f"{year}-01-01", f"{year}-12-31", cap))]


def names_and_risks(connection: Connection, ids: Sequence[UUID]) -> dict[UUID, tuple[str, str]]:
    """Enterprise -> its name and its credit risk."""
    found: dict[UUID, tuple[str, str]] = {}
    for start in range(0, len(ids), 500):
        some = tuple(own.bytes for own in ids[start : start + 500])
        sql = f"SELECT id, name, risk FROM enterprises WHERE id IN ({','.join('?' * len(some))})"
        found |= {UUID(bytes=row[0]): (row[1], row[2]) for row in run(connection, sql, some)}
    return found


def rid_of(connection: Connection, enterprise_id: UUID) -> int | None:
    """The row number of an enterprise."""
    row = run(connection, "SELECT rid FROM enterprises WHERE id = ?", (enterprise_id.bytes,)).fetchone()
    return None if row is None else int(row[0])


def find(connection: Connection, text: str) -> list[UUID]:
    """Enterprises of exactly that credit code or name."""
    found: list[UUID] = []
    for column in ("credit_code", "name"):
        sql = f"SELECT id FROM enterprises INDEXED BY ix_enterprises_{column} WHERE {column} = ? AND {column} <> ''"
        found += [UUID(bytes=row[0]) for row in run(connection, sql, (text,))]
    return list(dict.fromkeys(found))


def known_codes(connection: Connection, codes: Sequence[str]) -> dict[str, UUID]:
    """Credit code -> enterprise, for those that are known."""
    known: dict[str, UUID] = {}
    for start in range(0, len(codes), 500):
        some = tuple(codes[start : start + 500])
        sql = (
            "SELECT credit_code, id FROM enterprises INDEXED BY ix_enterprises_credit_code "
            f"WHERE credit_code IN ({','.join('?' * len(some))}) AND credit_code <> '' ORDER BY rid"
        )
        known |= {row[0]: UUID(bytes=row[1]) for row in run(connection, sql, some)}
    return known


def known_names(connection: Connection, names: Sequence[str]) -> dict[str, dict[str, UUID]]:
    """Name -> address -> enterprise, for those that are known, the one entered last at the end: chains share a name."""
    known: dict[str, dict[str, UUID]] = {}
    for start in range(0, len(names), 500):
        some = tuple(names[start : start + 500])
        sql = (
            "SELECT name, address, id FROM enterprises INDEXED BY ix_enterprises_name "
            f"WHERE name IN ({','.join('?' * len(some))}) ORDER BY rid"
        )
        for name, address, own in run(connection, sql, some):
            known.setdefault(name, {})[address] = UUID(bytes=own)
    return known


def words_of(connection: Connection, column: str) -> list[str]:
    """What stands in "risk" or "category", the most frequent first."""
    sql = f"SELECT {column} FROM enterprises WHERE {column} <> '' GROUP BY 1 ORDER BY count(*) DESC LIMIT 100"
    return [row[0] for row in run(connection, sql)]
