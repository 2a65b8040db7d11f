"""Rounds: ids of a whole list, one page of lines, counts, and what services look up. The index is said in the SQL."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from datetime import date
from operator import itemgetter
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Connection

from app.domain.case_views import CountSaid
from app.domain.checklists import Programme
from app.domain.patrol_views import RoundFilter, RoundLine
from app.domain.patrols import RoundKind, RoundState
from db.engine import run
from db.fts import SPAN
from db.queries.searching import search_sql

LINE_SQL = """
SELECT r.rid, r.id, r.number, r.kind, r.state, r.programme, r.day, r.member_name, r.grid_code, r.street_name, r.road,
       r.template_name, r.points_total, r.points_checked, r.finding_count, r.distance_m,
       (SELECT count(*) FROM outbox o WHERE o.record_id = r.id AND o.state NOT IN ('settled', 'decided')), r.version
FROM patrol_rounds r WHERE r.rid IN ({marks})
"""
# The narrowest first: a list runs along the first of these that its filter names.
_BY_VALUE = (
    ("plan_id", "ix_patrol_rounds_plan_day"),
    ("member_id", "ix_patrol_rounds_member_day"),
    ("grid_code", "ix_patrol_rounds_grid_day"),
    ("street_code", "ix_patrol_rounds_street_day"),
)
_EQUALS = ("plan_id", "member_id", "grid_code", "street_code", "kind", "programme")
CHUNK = 500


class PathQuery(NamedTuple):
    """One SQL text with its parameters."""

    sql: str
    params: tuple[Any, ...]


def list_query(wanted: RoundFilter, limit: int | None = None) -> PathQuery:
    """Rids of a list in the order of days, newest first unless it ascends."""
    direction = "ASC" if wanted.ascending else "DESC"
    where, params = _where(wanted)
    cut = "" if limit is None else f" LIMIT {int(limit)}"
    if wanted.search.strip():
        return _found(wanted, where, params, cut)
    condition = f" WHERE {' AND '.join(where)}" if where else ""
    sql = (
        f"SELECT rid FROM patrol_rounds INDEXED BY {_path(wanted)}{condition} ORDER BY day {direction}, rid {direction}"
    )
    return PathQuery(sql + cut, tuple(params))


def _path(wanted: RoundFilter) -> str:
    for name, index in _BY_VALUE:
        if getattr(wanted, name):
            return index
    return "ix_patrol_rounds_state_day" if len(wanted.states) == 1 else "ix_patrol_rounds_day"


def _where(wanted: RoundFilter) -> tuple[list[str], list[Any]]:
    where: list[str] = []
    params: list[Any] = []
    for name in _EQUALS:
        value = getattr(wanted, name)
        if value:
            where.append(f"{name} = ?")
            params.append(getattr(value, "bytes", value))
    if wanted.states:
        marks = ",".join("?" * len(wanted.states))
        where.append("state = ?" if len(wanted.states) == 1 else f"state IN ({marks})")
        params += sorted(state.value for state in wanted.states)
    for sign, day in ((">=", wanted.first), ("<=", wanted.last)):
        if day is not None:
            where.append(f"day {sign} ?")
            params.append(day.isoformat())
    return where, params


def _found(wanted: RoundFilter, where: list[str], params: list[Any], cut: str) -> PathQuery:
    """Search hits, last entered first; more filters narrow the hits."""
    match, tail = search_sql("patrol_round", wanted.search)
    more = "".join(f" AND r.{one}" for one in where)
    joined = f"search CROSS JOIN patrol_rounds r ON r.rid = search.rowid / {SPAN}"
    sql = f"SELECT r.rid FROM {joined} WHERE {tail}{more} ORDER BY search.rowid DESC{cut}"
    return PathQuery(sql, (match, *params))


def ids(connection: Connection, wanted: RoundFilter, limit: int | None = None) -> array[int]:
    """Row numbers of the whole list (or its first `limit`), in order: 8 bytes a row."""
    query = list_query(wanted, limit)
    return array("q", map(itemgetter(0), run(connection, query.sql, query.params)))


def lines(connection: Connection, rids: Sequence[int]) -> list[RoundLine]:
    """The lines of these rows, in the order asked; rows that are gone are left out."""
    found: dict[int, RoundLine] = {}
    for start in range(0, len(rids), CHUNK):
        page = tuple(rids[start : start + CHUNK])
        for row in run(connection, LINE_SQL.format(marks=",".join("?" * len(page))), page):
            found[row[0]] = _line(row)
    return [found[rid] for rid in rids if rid in found]


def export_rows(connection: Connection, rids: Sequence[int]) -> list[tuple[Any, ...]]:
    """Cells of a sheet of these rows, in the order asked."""
    found: dict[int, tuple[Any, ...]] = {}
    for start in range(0, len(rids), CHUNK):
        page = tuple(rids[start : start + CHUNK])
        sql = (
            "SELECT rid, number, day, state, kind, programme, member_name, grid_code, street_name, road, template_name, "
            "points_total, points_checked, finding_count, distance_m, source_no "
            f"FROM patrol_rounds WHERE rid IN ({','.join('?' * len(page))})"
        )
        found |= {row[0]: tuple(row[1:]) for row in run(connection, sql, page)}
    return [found[rid] for rid in rids if rid in found]


def count(connection: Connection, wanted: RoundFilter, cap: int | None = 1000) -> CountSaid:
    """How many rounds the list holds; stops counting past `cap`."""
    query = list_query(wanted, None if cap is None else cap + 1)
    total = int(run(connection, f"SELECT count(*) FROM ({query.sql})", query.params).fetchone()[0])
    return CountSaid(total) if cap is None or total <= cap else CountSaid(cap, capped=True)


def rid_of(connection: Connection, round_id: UUID) -> int | None:
    """The row number of a round."""
    row = run(connection, "SELECT rid FROM patrol_rounds WHERE id = ?", (round_id.bytes,)).fetchone()
    return None if row is None else int(row[0])


def id_of_number(connection: Connection, number: str) -> UUID | None:
    """The round with that number, or with that number at its source."""
    for column in ("number", "source_no"):
        row = run(connection, f"SELECT id FROM patrol_rounds WHERE {column} = ? LIMIT 1", (number,)).fetchone()
        if row is not None:
            return UUID(bytes=row[0])
    return None


def places_of_results(connection: Connection, result_ids: Iterable[UUID]) -> dict[UUID, tuple[UUID, str]]:
    """Those of the identities that are results here -> the round that holds each, and the place it is about."""
    wanted = [one.bytes for one in result_ids]
    found: dict[UUID, tuple[UUID, str]] = {}
    for start in range(0, len(wanted), CHUNK):
        page = tuple(wanted[start : start + CHUNK])
        sql = f"SELECT id, parent, name FROM check_results WHERE id IN ({','.join('?' * len(page))})"
        found |= {UUID(bytes=row[0]): (UUID(bytes=row[1]), row[2]) for row in run(connection, sql, page)}
    return found


def planned_before(connection: Connection, day: date, limit: int) -> list[UUID]:
    """The first rounds still planned whose day is before `day`, oldest first."""
    sql = (
        "SELECT id FROM patrol_rounds INDEXED BY ix_patrol_rounds_state_day "
        "WHERE state = 'planned' AND day < ? ORDER BY day, rid LIMIT ?"
    )
    return [UUID(bytes=row[0]) for row in run(connection, sql, (day.isoformat(), limit))]


def finding_count(connection: Connection, round_id: UUID) -> int:
    """Findings of a round that stand."""
    sql = "SELECT count(*) FROM findings WHERE round_id = ? AND state <> 'dropped'"
    return int(run(connection, sql, (round_id.bytes,)).fetchone()[0])


def findings_of(connection: Connection, round_id: UUID) -> list[UUID]:
    """Findings of a round, as they were found."""
    sql = "SELECT id FROM findings INDEXED BY ix_findings_round WHERE round_id = ? ORDER BY found_at, rid"
    return [UUID(bytes=row[0]) for row in run(connection, sql, (round_id.bytes,))]


def tracks_of(connection: Connection, round_id: UUID) -> list[UUID]:
    """Tracks of a round, the earliest first."""
    sql = "SELECT id FROM tracks INDEXED BY ix_tracks_round WHERE round_id = ? ORDER BY started_at, rid"
    return [UUID(bytes=row[0]) for row in run(connection, sql, (round_id.bytes,))]


def workload(connection: Connection, first: date, last: date) -> list[tuple[UUID | None, str, date, int]]:
    """Member, name, day, rounds of a span of days; cancelled ones do not count."""
    sql = (
        "SELECT member_id, max(member_name), day, count(*) FROM patrol_rounds INDEXED BY ix_patrol_rounds_day "
        "WHERE day BETWEEN ? AND ? AND state <> 'cancelled' GROUP BY member_id, day ORDER BY 2, 3"
    )
    return [
        (None if row[0] is None else UUID(bytes=row[0]), row[1], date.fromisoformat(row[2]), row[3])
        for row in run(connection, sql, (first.isoformat(), last.isoformat()))
    ]


def findings_by_source(connection: Connection, system: str, numbers: Sequence[str]) -> set[str]:
    """Source numbers of findings of a system that are known."""
    found: set[str] = set()
    for start in range(0, len(numbers), CHUNK):
        page = tuple(numbers[start : start + CHUNK])
        sql = (
            "SELECT source_no FROM findings INDEXED BY ix_findings_source_no "
            f"WHERE source_no IN ({','.join('?' * len(page))}) AND source_system = ?"
        )
        found |= {row[0] for row in run(connection, sql, (*page, system))}
    return found


def absences(connection: Connection, first: date, last: date) -> list[tuple[UUID, date, str]]:
    """Member, day and kind of attendance for days somebody is not at work; of several for a day the latest counts."""
    sql = "SELECT member_id, day, state FROM attendances WHERE day BETWEEN ? AND ? ORDER BY changed_at"
    latest = {(row[0], row[1]): row[2] for row in run(connection, sql, (first.isoformat(), last.isoformat()))}
    return [(UUID(bytes=key[0]), date.fromisoformat(key[1]), state) for key, state in latest.items()]


_KINDS, _STATES, _PROGRAMMES = (
    {one.value: one for one in RoundKind},
    {one.value: one for one in RoundState},
    {one.value: one for one in Programme},
)


def _line(row: Sequence[Any]) -> RoundLine:
    return RoundLine(
        row[0],
        UUID(bytes=row[1]),
        row[2],
        _KINDS[row[3]],
        _STATES[row[4]],
        _PROGRAMMES[row[5]],
        date.fromisoformat(row[6]),
        *row[7:],
    )
