"""Which index a case list is read along. The path is said in the SQL, so that no statistics can change it.

A list of open stages runs along one ordered index per stage, merged by SQLite without a sort; other filters narrow what is
met on the way, which is at most the open cases. A list of one street, unit, category … runs along the index of that value.
Sorted after all are only cases closed in some period (read from an index alone) and what `few` says is few.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app.domain.case_views import CaseFilter, CaseOrder
from app.domain.stages import OPEN_STAGES, Stage
from app.domain.text import match_query
from db.fts import PLACES, SPAN
from db.types import to_microseconds

NEWEST_FOUND = 100_000
_HIT = f"search MATCH ? AND search.rowid % {SPAN} = {PLACES['case']}"
_OWN_ID = re.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
OPEN_ONLY = "stage NOT IN ('closed', 'void')"
"""The condition of the indexes over open cases, word for word as a query must repeat it."""
_WHOLE = {
    CaseOrder.REPORTED: "ix_cases_reported",
    CaseOrder.DUE: "ix_cases_due",
    CaseOrder.CHANGED: "ix_cases_changed",
    CaseOrder.NUMBER: "ix_cases_number",
}
_BY_STAGE = {
    CaseOrder.REPORTED: "ix_cases_stage_reported",
    CaseOrder.DUE: "ix_cases_stage_due",
    CaseOrder.CHANGED: "ix_cases_open_changed",
    CaseOrder.NUMBER: "ix_cases_open_number",
}
_EQUALS = ("street_code", "source", "minor", "major", "kind")
# The narrowest first.
_BY_VALUE = (
    ("minor", "ix_cases_category_reported"),
    ("acceptor_id", "ix_cases_acceptor_reported"),
    ("unit_id", "ix_cases_unit_reported"),
    ("street_code", "ix_cases_street_reported"),
    ("source", "ix_cases_source_reported"),
)
_RANGES = (
    ("reported_at >= ?", "reported_from"),
    ("reported_at < ?", "reported_until"),
    ("due_at >= ?", "due_from"),
    ("due_at < ?", "due_until"),
    ("closed_at >= ?", "closed_from"),
    ("closed_at < ?", "closed_until"),
)


@dataclass(frozen=True)
class Query:
    """One SQL text with its parameters."""

    sql: str
    params: tuple[Any, ...]


def ordered(
    wanted: CaseFilter, order: CaseOrder, limit: int | None, *, few: bool = False, without_clock: bool = False
) -> Query:
    """Rids and the column they are ordered by. few: the cases of the filter's value may be sorted."""
    direction = "ASC" if wanted.ascending else "DESC"
    tail = f"ORDER BY 2 {direction}, 1 {direction}" + _limited(limit)
    return _along(wanted, order, tail, few=few, without_clock=without_clock)


def counting(wanted: CaseFilter, limit: int | None) -> Query:
    """Rids in no order, `limit` at most, for counting them."""
    runs_out = wanted.due_from is not None or wanted.due_until is not None
    return _along(wanted, CaseOrder.DUE if runs_out else CaseOrder.REPORTED, _limited(limit))


def rarity(wanted: CaseFilter, limit: int) -> Query | None:
    """What counts the cases of the filter's value, `limit` at most; None when there is no such value."""
    path = _value_path(wanted)
    if path is None or (wanted.stages and wanted.stages <= OPEN_STAGES):
        return None
    name, index = path
    value = getattr(wanted, name)
    return Query(
        f"SELECT rid FROM cases INDEXED BY {index} WHERE {name} = ?{_limited(limit)}", (getattr(value, "bytes", value),)
    )


def found(wanted: CaseFilter, limit: int | None) -> Query:
    """Search hits, last entered first; more filters narrow the hits. An identity in full names its case alone."""
    if (own := _own_id(wanted.search)) is not None:
        return Query("SELECT rid FROM cases WHERE id = ?", (own.bytes,))
    match = match_query(wanted.search)
    if match is None:
        return Query("SELECT rid FROM cases WHERE 0", ())
    columns = "words initials person" if wanted.search_persons else "words initials"
    match = f"{{{columns}}} : ({match})"
    where, params = _narrowing(wanted, "c.")
    stages = sorted(wanted.stages)
    if stages:
        where += f" AND c.stage IN ({','.join('?' * len(stages))})"
    tail = "ORDER BY search.rowid DESC" + _limited(min(limit or NEWEST_FOUND, NEWEST_FOUND))
    if not where:
        return Query(f"SELECT search.rowid / {SPAN} FROM search WHERE {_HIT} {tail}", (match,))
    sql = f"SELECT c.rid FROM search CROSS JOIN cases c ON c.rid = search.rowid / {SPAN} WHERE {_HIT}{where} {tail}"
    return Query(sql, (match, *params, *(stage.value for stage in stages)))


def _own_id(search: str) -> UUID | None:
    word = search.strip()
    return UUID(word) if _OWN_ID.fullmatch(word) else None


def _along(wanted: CaseFilter, order: CaseOrder, tail: str, *, few: bool = False, without_clock: bool = False) -> Query:
    where, params = _narrowing(wanted)
    if without_clock:
        where += " AND due_at IS NULL"
    elif order == CaseOrder.DUE:
        where += " AND due_at IS NOT NULL"
    stages = wanted.stages
    if not stages and order != CaseOrder.DUE and (wanted.due_from is not None or wanted.due_until is not None):
        stages = OPEN_STAGES  # only open cases have a time that runs out
    path = _value_path(wanted)
    if stages and (stages <= OPEN_STAGES or (path is None and order == CaseOrder.REPORTED)):
        return _merged(stages, _stage_index(stages, order, without_clock), order, where, params, tail)
    if stages:
        where += f" AND stage IN ({','.join('?' * len(stages))})"
        params = (*params, *(stage.value for stage in sorted(stages)))
    index = _whole_index(wanted, order, None if path is None else path[1], few)
    return Query(f"SELECT rid, {order} FROM cases INDEXED BY {index} WHERE 1{where} {tail}", params)


def _merged(
    stages: frozenset[Stage], index: str, order: CaseOrder, where: str, params: tuple[Any, ...], tail: str
) -> Query:
    """One ordered run per stage, merged by SQLite: no sort of the whole result."""
    open_only = f" AND {OPEN_ONLY}" if "_open_" in index else ""
    run = f"SELECT rid, {order} FROM cases INDEXED BY {index} WHERE stage = ?{open_only}{where}"
    values = tuple(value for stage in sorted(stages) for value in (stage.value, *params))
    return Query(" UNION ALL ".join([run] * len(stages)) + f" {tail}", values)


def _stage_index(stages: frozenset[Stage], order: CaseOrder, without_clock: bool) -> str:
    return "ix_cases_open_no_clock" if without_clock and stages <= OPEN_STAGES else _BY_STAGE[order]


def _whole_index(wanted: CaseFilter, order: CaseOrder, by_value: str | None, few: bool) -> str:
    if order == CaseOrder.REPORTED and (wanted.closed_from is not None or wanted.closed_until is not None):
        return "ix_cases_closed"
    if by_value is not None and (few or order == CaseOrder.REPORTED):
        return by_value
    return _WHOLE[order]


def _value_path(wanted: CaseFilter) -> tuple[str, str] | None:
    """The value of the filter that has an index of its own, and that index."""
    return next(((name, index) for name, index in _BY_VALUE if getattr(wanted, name)), None)


def _narrowing(wanted: CaseFilter, prefix: str = "") -> tuple[str, tuple[Any, ...]]:
    parts: list[str] = []
    params: list[Any] = []
    for name in _EQUALS:
        if value := getattr(wanted, name):
            parts.append(f" AND {prefix}{name} = ?")
            params.append(str(value))
    for name in ("unit_id", "acceptor_id"):
        if (uid := getattr(wanted, name)) is not None:
            parts.append(f" AND {prefix}{name} = ?")
            params.append(uid.bytes)
    for clause, name in _RANGES:
        if (at := getattr(wanted, name)) is not None:
            parts.append(f" AND {prefix}{clause}")
            params.append(to_microseconds(at))
    return "".join(parts), tuple(params)


def _limited(limit: int | None) -> str:
    return "" if limit is None else f" LIMIT {int(limit)}"
