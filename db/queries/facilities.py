"""The register of facilities: ids of a whole result, pages of lines, counts, what is near a point, known numbers.

A list runs along the index of what it is ordered by, or of the street, grid or register it is narrowed to when those are few;
the path is said in the SQL, so that no statistics can change it.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, radians
from operator import itemgetter
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from app.domain.case_views import CountSaid
from app.domain.facilities import FacilityState
from app.domain.facility_rules import StateCount
from app.domain.facility_views import FacilityFilter, FacilityLine, FacilityOrder, GroupCount, NearFacility
from app.domain.places import distance_m
from db.engine import run
from db.fts import SPAN
from db.queries.searching import search_sql
from db.types import from_microseconds, to_microseconds

LINE_COLUMNS = (
    'rid, id, code, house_number, name, minor_name, "group", state, lit, main_road, street_name, road, address, '
    "unit_grid, duty_grid, authority, owner, maintainer, seen_at, surveyed_on, longitude, latitude"
)
METRES_A_DEGREE = 111_194.9
NEAREST = 500
_STATES = {state.value: state for state in FacilityState}
_EQUALS = ("group", "street_code", "unit_grid", "duty_grid", "owner", "maintainer", "minor", "major")
_DOUBLED = (
    "SELECT code FROM facilities INDEXED BY ix_facilities_code WHERE code <> '' GROUP BY code HAVING count(*) > 1"
)
_HITS = f"search CROSS JOIN facilities ON facilities.rid = search.rowid / {SPAN}"
# The narrowest first. Their rows are sorted after all; a street or a category is a small part of the whole.
_BY_VALUE = (
    ("street_code", "group", "ix_facilities_group_street"),
    ("street_code", "", "ix_facilities_street_state"),
    ("minor", "", "ix_facilities_minor_street"),
)


@dataclass(frozen=True)
class Query:
    """One SQL text with its parameters."""

    sql: str
    params: tuple[Any, ...]


def id_query(wanted: FacilityFilter, limit: int | None = None) -> Query:
    """Rids of a list in its order; search hits last entered first, whatever the order asked."""
    where, params = _narrowing(wanted)
    if wanted.search.strip():
        match, found = search_sql("facility", wanted.search)
        tail = "ORDER BY search.rowid DESC" + ("" if limit is None else f" LIMIT {int(limit)}")
        return Query(f"SELECT rid FROM {_HITS} WHERE {found}{where} {tail}", (match, *params))
    direction = "ASC" if wanted.ascending else "DESC"
    order = "rid" if wanted.order == FacilityOrder.ENTERED else f"{wanted.order} {direction}, rid"
    tail = f"ORDER BY {order} {direction}" + ("" if limit is None else f" LIMIT {int(limit)}")
    return Query(f"SELECT rid FROM facilities {_path(wanted)} WHERE 1{where} {tail}", params)


def ids(connection: Connection, wanted: FacilityFilter, limit: int | None = None) -> array[int]:
    """Row numbers of the whole result (or its first `limit`), in order: 8 bytes a row."""
    query = id_query(wanted, limit)
    return array("q", map(itemgetter(0), run(connection, query.sql, query.params)))


def lines(connection: Connection, rids: Sequence[int]) -> list[FacilityLine]:
    """The lines of these rows, in the order asked; rows that are gone are left out."""
    if not rids:
        return []
    sql = f"SELECT {LINE_COLUMNS} FROM facilities WHERE rid IN ({','.join('?' * len(rids))})"
    rows = {row[0]: row for row in run(connection, sql, tuple(rids))}
    return [_line(rows[rid]) for rid in rids if rid in rows]


def count(connection: Connection, wanted: FacilityFilter, cap: int | None = 1000) -> CountSaid:
    """How many the list holds; stops counting past `cap`."""
    most = "" if cap is None else f" LIMIT {cap + 1}"
    if wanted.search.strip():
        query = id_query(wanted, None if cap is None else cap + 1)
    else:
        where, params = _narrowing(wanted)
        query = Query(f"SELECT 1 FROM facilities {_path(wanted, counting=True)} WHERE 1{where}{most}", params)
    total = int(run(connection, f"SELECT count(*) FROM ({query.sql})", query.params).fetchone()[0])
    return CountSaid(total) if cap is None or total <= cap else CountSaid(cap, capped=True)


def group_counts(connection: Connection) -> list[GroupCount]:
    """How many each register holds, read from one index alone."""
    sql = (
        "SELECT \"group\", count(*), sum(state IN ('damaged', 'missing')) FROM facilities "
        'INDEXED BY ix_facilities_group_street GROUP BY "group"'
    )
    return [GroupCount(*row) for row in run(connection, sql)]


def state_counts(connection: Connection, group: str) -> list[StateCount]:
    """The facilities of a register counted by street, state, light and kind of road."""
    sql = (
        "SELECT street_code, max(street_name), state, lit, main_road, count(*) FROM facilities "
        'INDEXED BY ix_facilities_group_street WHERE "group" = ? GROUP BY street_code, state, lit, main_road'
    )
    return [
        StateCount(row[0], row[1], _STATES[row[2]], _truth(row[3]), _truth(row[4]), row[5])
        for row in run(connection, sql, (group,))
    ]


def near(connection: Connection, longitude: float, latitude: float, metres: float) -> list[NearFacility]:
    """Facilities within `metres` of a WGS-84 point, the nearest first, at most 500."""
    up = metres / METRES_A_DEGREE
    aside = up / max(0.01, cos(radians(latitude)))
    sql = (
        f"SELECT {LINE_COLUMNS} FROM facilities INDEXED BY ix_facilities_point "
        "WHERE longitude BETWEEN ? AND ? AND latitude BETWEEN ? AND ?"
    )
    box = (longitude - aside, longitude + aside, latitude - up, latitude + up)
    found = []
    for row in run(connection, sql, box):
        away = distance_m(longitude, latitude, row[-2], row[-1])
        if away <= metres:
            found.append((away, row[0], row))
    found.sort(key=itemgetter(0, 1))
    return [NearFacility(_line(row), away) for away, _rid, row in found[:NEAREST]]


def rid_of(connection: Connection, facility_id: UUID) -> int | None:
    """The row number of a facility."""
    row = run(connection, "SELECT rid FROM facilities WHERE id = ?", (facility_id.bytes,)).fetchone()
    return None if row is None else int(row[0])


def ids_of(connection: Connection, rids: Sequence[int]) -> list[UUID]:
    """The identities of these rows, in the order asked; a few thousand at a time."""
    found: dict[int, bytes] = {}
    for start in range(0, len(rids), 500):
        some = tuple(rids[start : start + 500])
        found |= dict(run(connection, f"SELECT rid, id FROM facilities WHERE rid IN ({_marks(some)})", some).fetchall())
    return [UUID(bytes=found[rid]) for rid in rids if rid in found]


def find_by_number(connection: Connection, number: str) -> UUID | None:
    """The facility with that identity code, house number or number of its source."""
    for column, index in (
        ("code", "ix_facilities_code"),
        ("house_number", "ix_facilities_house_number"),
        ("source_no", "ix_facilities_source_no"),
    ):
        sql = f"SELECT id FROM facilities INDEXED BY {index} WHERE {column} = ? AND {column} <> '' LIMIT 1"
        row = run(connection, sql, (number,)).fetchone()
        if row is not None:
            return UUID(bytes=row[0])
    return None


def known_codes(connection: Connection, codes: Sequence[str]) -> dict[str, UUID]:
    """Identity code -> facility, for those that are known."""
    return _known(connection, "code", "ix_facilities_code", codes, "", ())


def known_house_numbers(connection: Connection, numbers: Sequence[str]) -> dict[str, UUID]:
    """House number -> facility, for those that are known."""
    return _known(connection, "house_number", "ix_facilities_house_number", numbers, "", ())


def known_source_numbers(connection: Connection, source: str, numbers: Sequence[str]) -> dict[str, UUID]:
    """Number of a source -> facility, for those that are known."""
    return _known(connection, "source_no", "ix_facilities_source_no", numbers, " AND source = ?", (source,))


def highest_code(connection: Connection, prefix: str) -> str:
    """The highest identity code that begins so; empty: none."""
    sql = "SELECT code FROM facilities INDEXED BY ix_facilities_code WHERE code >= ? AND code < ? ORDER BY code DESC LIMIT 1"
    row = run(connection, sql, (prefix, f"{prefix}:")).fetchone()
    return "" if row is None else str(row[0])


def without_code(connection: Connection, limit: int) -> list[UUID]:
    """Facilities of a coded category registered at this PC that have no identity code yet, the oldest first.

    Those of other desks get theirs there, so that no two desks number the same thing.
    """
    sql = (
        "SELECT f.id FROM facilities f INDEXED BY ix_facilities_code CROSS JOIN outbox o INDEXED BY ix_outbox_record "
        "ON o.record_id = f.id WHERE f.code = '' AND f.major GLOB '[0-9][0-9]' AND f.minor GLOB '[0-9][0-9]' "
        "AND o.record_type = 'facility' "
        "AND o.state <> 'decided' AND o.base_version = 0 AND o.follows IS NULL ORDER BY f.rid LIMIT ?"
    )
    return [UUID(bytes=row[0]) for row in run(connection, sql, (limit,))]


def owners(connection: Connection, column: str) -> list[str]:
    """The names that stand in one of the owner roles, the most frequent first."""
    sql = f'SELECT "{column}" FROM facilities WHERE "{column}" <> \'\' GROUP BY 1 ORDER BY count(*) DESC LIMIT 200'
    return [row[0] for row in run(connection, sql)]


def double_codes(connection: Connection) -> list[str]:
    """Identity codes that stand on more than one facility."""
    return [row[0] for row in run(connection, f"{_DOUBLED} LIMIT 100")]


def is_alone(connection: Connection) -> bool:
    """True while this PC belongs to no city: nobody else gives serials of this district."""
    return run(connection, "SELECT 1 FROM city_link WHERE id = 1").fetchone() is None


def _known(
    connection: Connection, column: str, index: str, values: Sequence[str], more: str, params: tuple[Any, ...]
) -> dict[str, UUID]:
    known: dict[str, UUID] = {}
    for start in range(0, len(values), 500):
        some = tuple(values[start : start + 500])
        sql = (
            f"SELECT {column}, id FROM facilities INDEXED BY {index} "
            f"WHERE {column} IN ({_marks(some)}) AND {column} <> ''{more}"
        )
        known |= {row[0]: UUID(bytes=row[1]) for row in run(connection, sql, (*some, *params))}
    return known


def _path(wanted: FacilityFilter, *, counting: bool = False) -> str:
    for column, beside, index in _BY_VALUE:
        if getattr(wanted, column) and (not beside or getattr(wanted, beside)):
            return f"INDEXED BY {index}"
    if wanted.states and (counting or not wanted.group) and FacilityState.INTACT not in wanted.states:
        return "INDEXED BY ix_facilities_state"
    if wanted.group:
        return "INDEXED BY ix_facilities_group_code"
    if counting or wanted.order == FacilityOrder.ENTERED:
        return "NOT INDEXED"
    return "INDEXED BY ix_facilities_code" if wanted.order == FacilityOrder.CODE else "INDEXED BY ix_facilities_seen"


def _narrowing(wanted: FacilityFilter) -> tuple[str, tuple[Any, ...]]:
    parts: list[str] = []
    params: list[Any] = []
    for name in _EQUALS:
        if value := getattr(wanted, name):
            parts.append(f' AND "{name}" = ?')
            params.append(value)
    if wanted.states:
        parts.append(f" AND state IN ({_marks(wanted.states)})")
        params += sorted(state.value for state in wanted.states)
    if wanted.lit is not None:
        parts.append(" AND lit = ?")
        params.append(int(wanted.lit))
    if wanted.unseen_since is not None:
        parts.append(" AND (seen_at IS NULL OR seen_at < ?)")
        params.append(to_microseconds(wanted.unseen_since))
    if wanted.doubled:
        parts.append(f" AND code IN ({_DOUBLED})")
    if wanted.uncoded:
        parts.append(" AND code = ''")
    if wanted.picked:
        parts.append(" AND hex(id) IN (SELECT value FROM json_each(?))")
        params.append(json.dumps([own.hex.upper() for own in wanted.picked]))
    return "".join(parts), tuple(params)


def _line(row: Sequence[Any]) -> FacilityLine:
    seen = row[18]
    return FacilityLine._make(
        (
            row[0],
            UUID(bytes=row[1]),
            *row[2:7],
            _STATES[row[7]],
            _truth(row[8]),
            _truth(row[9]),
            *row[10:18],
            None if seen is None else from_microseconds(seen),
            row[19] or "",
            *row[20:],
        )
    )


def _truth(value: int | None) -> bool | None:
    return None if value is None else bool(value)


def _marks(values: Any) -> str:
    return ",".join("?" * len(values))
