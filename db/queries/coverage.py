"""Coverage of a span in one GROUP BY, last days seen, check points passed over."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from uuid import UUID

from sqlalchemy import Connection

from app.domain.coverage import Cell, CoverageBy, PassedPoint
from db.engine import run

LOOK_BACK_DAYS = 92
MOST_POINTS = 500
# What is neither walked nor given up counts as undone once its day is over: ?1 is today.
_AHEAD = "r.day >= ?1 AND r.state IN ('planned', 'started')"
_DUE = f"r.state <> 'cancelled' AND NOT ({_AHEAD})"
_FIGURES = f"""
 sum({_DUE}), sum(r.state = 'done'), sum({_AHEAD}),
 sum(CASE WHEN {_DUE} THEN r.points_total ELSE 0 END),
 sum(CASE WHEN {_DUE} THEN r.points_checked ELSE 0 END),
 sum(r.finding_count), sum(r.state = 'done' AND coalesce(r.distance_m, 0) > 0),
 sum(CASE WHEN r.state = 'done' AND r.distance_m > 0 THEN r.finding_count ELSE 0 END),
 total(CASE WHEN r.state = 'done' THEN r.distance_m END)
"""
# Every grid's days lie together in the index: from code to code it is jumped, and the table is never touched.
_CODES = """
WITH RECURSIVE codes(code) AS (
  SELECT min(grid_code) FROM patrol_rounds WHERE grid_code > ''
  UNION ALL SELECT (SELECT min(grid_code) FROM patrol_rounds WHERE grid_code > codes.code)
  FROM codes WHERE codes.code IS NOT NULL)
"""
GRID_SQL = f"""{_CODES}
SELECT r.grid_code, r.day, {_FIGURES}
FROM codes CROSS JOIN patrol_rounds r INDEXED BY ix_patrol_rounds_grid_day
WHERE r.grid_code = codes.code AND r.day BETWEEN ?2 AND ?3 {{street}}
GROUP BY r.grid_code, r.day
"""
OTHER_SQL = f"""
SELECT {{key}}, r.day, {_FIGURES}
FROM patrol_rounds r INDEXED BY ix_patrol_rounds_day
WHERE r.day BETWEEN ?2 AND ?3 {{street}}
GROUP BY {{key}}, r.day
"""
GRID_SEEN_SQL = f"""{_CODES}
SELECT codes.code, (
  SELECT r.day FROM patrol_rounds r INDEXED BY ix_patrol_rounds_grid_day
  WHERE r.grid_code = codes.code AND r.day <= ? AND r.state = 'done' ORDER BY r.day DESC LIMIT 1)
FROM codes WHERE codes.code IS NOT NULL
"""
OTHER_SEEN_SQL = """
SELECT {key}, max(r.day) FROM patrol_rounds r INDEXED BY ix_patrol_rounds_day
WHERE r.day BETWEEN date(?, '-{back} days') AND ? AND r.state = 'done' GROUP BY {key}
"""
PASSED_SQL = """
SELECT r.grid_code, c.name, count(*), max(r.day)
FROM patrol_rounds r INDEXED BY ix_patrol_rounds_day
CROSS JOIN check_results c INDEXED BY ix_check_results_parent ON c.parent = r.id
WHERE r.day BETWEEN ? AND ? AND r.points_checked < r.points_total AND c.grade = 'passed_over' {street}
GROUP BY r.grid_code, c.name ORDER BY count(*) DESC, c.name LIMIT ?
"""
_KEYS = {
    CoverageBy.STREET: "r.street_code",
    CoverageBy.MEMBER: "coalesce(hex(r.member_id), '')",
    CoverageBy.ROAD: "r.road",
}
_STREET = "AND r.street_code = ?"


def cells(
    connection: Connection, by: CoverageBy, first: date, last: date, today: date, street_code: str = ""
) -> Iterator[tuple[str, date, Cell]]:
    """(key, day, figures) of every day with a round; key "": rounds without a street, member or road."""
    sql = GRID_SQL if by == CoverageBy.GRID else OTHER_SQL
    sql = sql.format(key=_KEYS.get(by, ""), street=_STREET if street_code else "")
    values = (today.isoformat(), first.isoformat(), last.isoformat(), *((street_code,) if street_code else ()))
    days: dict[str, date] = {}
    for key, day, *figures in run(connection, sql, values):
        known = days.get(day) or days.setdefault(day, date.fromisoformat(day))
        yield key, known, Cell._make(figures)


def last_seen(connection: Connection, by: CoverageBy, until: date) -> dict[str, date]:
    """The last day each was walked up to that day: grids for all time, others within three months."""
    if by == CoverageBy.GRID:
        rows = run(connection, GRID_SEEN_SQL, (until.isoformat(),))
    else:
        sql = OTHER_SEEN_SQL.format(key=_KEYS[by], back=LOOK_BACK_DAYS)
        rows = run(connection, sql, (until.isoformat(), until.isoformat()))
    return {key: date.fromisoformat(day) for key, day in rows if day}


def passed_over(connection: Connection, first: date, last: date, street_code: str = "") -> list[PassedPoint]:
    """Check points that were passed over, the most frequent first."""
    sql = PASSED_SQL.format(street=_STREET if street_code else "")
    values = (first.isoformat(), last.isoformat(), *((street_code,) if street_code else ()), MOST_POINTS)
    return [
        PassedPoint(code, name, times, date.fromisoformat(day))
        for code, name, times, day in run(connection, sql, values)
    ]


def names_grids(connection: Connection) -> bool:
    """True when a round names a grid, drawn or not."""
    sql = "SELECT 1 FROM patrol_rounds INDEXED BY ix_patrol_rounds_grid_day WHERE grid_code > '' LIMIT 1"
    return run(connection, sql).fetchone() is not None


def member_key(member_id: UUID) -> str:
    """A member as the key of a row."""
    return member_id.hex.upper()
