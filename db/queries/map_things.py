"""What the map shows of points and tracks: few columns of many rows, as tuples."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection

from app.domain.stages import OPEN_STAGES
from db.engine import run

Row = Sequence[Any]
_OPEN = ", ".join(f"'{stage}'" for stage in sorted(OPEN_STAGES))
_CASES = f"""
SELECT id, longitude, latitude, stage, due_at, warn_at, local_no || ' ' || minor_name FROM cases
WHERE stage IN ({_OPEN}) AND stage NOT IN ('closed', 'void') AND longitude IS NOT NULL AND latitude IS NOT NULL LIMIT ?
"""
_FACILITIES = """
SELECT id, longitude, latitude, state, coalesce(nullif(name, ''), minor_name) || ' ' || coalesce(nullif(code, ''), house_number)
FROM facilities WHERE longitude IS NOT NULL AND latitude IS NOT NULL LIMIT ?
"""
_FACILITIES_OF = _FACILITIES.replace("WHERE", 'WHERE "group" = ? AND')
_FINDINGS = """
SELECT id, longitude, latitude, state, number || ' ' || coalesce(nullif(minor_name, ''), category_text) FROM findings
WHERE found_at >= ? AND found_at < ? AND longitude IS NOT NULL AND latitude IS NOT NULL LIMIT ?
"""
_CHECK_POINTS = """
SELECT r.id, json_extract(p.value, '$.longitude'), json_extract(p.value, '$.latitude'),
       coalesce((SELECT c.grade FROM check_results c
                 WHERE c.parent = r.id AND c.point_no = json_extract(p.value, '$.no') ORDER BY c.rid DESC LIMIT 1), ''),
       r.member_name || ' ' || json_extract(p.value, '$.name')
FROM patrol_rounds r, json_each(r.points) p
WHERE r.day >= ? AND r.day <= ? AND r.state <> 'cancelled'
  AND json_extract(p.value, '$.longitude') IS NOT NULL AND json_extract(p.value, '$.latitude') IS NOT NULL LIMIT ?
"""
_TRACKS = """
SELECT id, points, member_name || ' ' || day FROM tracks WHERE day >= ? AND day <= ? LIMIT ?
"""


def open_cases(connection: Connection, most: int) -> list[Row]:
    """(id, longitude, latitude, stage, due_at, warn_at, words) of open cases with a point."""
    return _all(connection, _CASES, most)


def facilities(connection: Connection, group: str, most: int) -> list[Row]:
    """(id, longitude, latitude, state, words) of a register, or of all."""
    if group:
        return _all(connection, _FACILITIES_OF, group, most)
    return _all(connection, _FACILITIES, most)


def findings(connection: Connection, since: int, until: int, most: int) -> list[Row]:
    """(id, longitude, latitude, state, words) of findings between two instants in microseconds."""
    return _all(connection, _FINDINGS, since, until, most)


def check_points(connection: Connection, first: str, last: str, most: int) -> list[Row]:
    """(round, longitude, latitude, grade or "", words) of the check points of rounds on days, both counting."""
    return _all(connection, _CHECK_POINTS, first, last, most)


def tracks(connection: Connection, first: str, last: str, most: int) -> list[Row]:
    """(id, packed points, words) of tracks on days, both counting."""
    return _all(connection, _TRACKS, first, last, most)


def facility_box(connection: Connection, street_code: str) -> Row | None:
    """West, south, east, north of a street's facilities; None: it has none with a point."""
    sql = "SELECT min(longitude), min(latitude), max(longitude), max(latitude) FROM facilities WHERE street_code = ?"
    row: Row = run(connection, sql, (street_code,)).fetchone()
    return None if row[0] is None else row


def case_points(connection: Connection, rids: Sequence[int]) -> list[Row]:
    """(id, longitude, latitude, words) of those of some cases that have a point, in the order asked."""
    marks = ",".join("?" * len(rids))
    sql = (
        "SELECT rid, id, longitude, latitude, local_no || ' ' || minor_name || ' ' || address FROM cases "
        f"WHERE rid IN ({marks}) AND longitude IS NOT NULL AND latitude IS NOT NULL"
    )
    found = {row[0]: row[1:] for row in _all(connection, sql, *rids)}
    return [found[rid] for rid in rids if rid in found]


def points_of_numbers(connection: Connection, number: str, most: int) -> list[Row]:
    """(kind, id, longitude, latitude, words) of cases, findings, rounds and facilities whose number begins so."""
    found: list[Row] = []
    last = number + "\U0010ffff"
    for kind, table, column, words in _NUMBERED:
        sql = (
            f"SELECT '{kind}', id, longitude, latitude, {words} FROM {table} "
            f"WHERE {column} >= ? AND {column} < ? AND {column} <> '' AND longitude IS NOT NULL LIMIT ?"
        )
        found += _all(connection, sql, number, last, most)
    return found[:most]


_NUMBERED = (
    ("case", "cases", "local_no", "local_no || ' ' || minor_name"),
    ("case", "cases", "city_no", "city_no || ' ' || minor_name"),
    ("facility", "facilities", "code", "minor_name || ' ' || code"),
    ("facility", "facilities", "house_number", "minor_name || ' ' || house_number"),
)


def _all(connection: Connection, sql: str, *values: object) -> list[Row]:
    rows: list[Row] = run(connection, sql, values).fetchall()
    return rows
