"""The ground of the demonstration: a made-up net of grids and roads that is nobody's boundary."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from app.domain.grids import GridKind, PointSystem
from app.domain.reference import Divisions

WEST, NORTH = 113.60, 34.82
STREET_COLUMNS = 6
UNIT_COLUMNS, UNIT_ROWS = 4, 2
"""Unit grids of a street, from west to east and from north to south; its western and eastern half are duty grids."""
UNIT_WIDE, UNIT_HIGH = 0.005, 0.0125
SHAKEN = 0.12
INSIDE = (0.08, 0.92)
ROAD_WIDE = 0.03
HALVES = 2

Corner = tuple[int, int]
Position = tuple[float, float]


@dataclass(frozen=True)
class DemoPlace:
    """A point on a road, inside a unit grid and a duty grid. road: its place in the list of lines."""

    longitude: float
    latitude: float
    road: int
    unit_code: str
    duty_code: str


@dataclass(frozen=True)
class Cell:
    """A unit grid of the net. column, row: counted over the whole net."""

    column: int
    row: int
    code: str
    street_code: str
    community_code: str
    half: int


class DemoGround:
    """A net of crooked squares: a street is eight unit grids, a duty grid four of them, a road runs through their middles."""

    def __init__(self, seed: int, district_code: str, divisions: Divisions) -> None:
        self._chance = random.Random(seed)
        self._district = district_code
        district = divisions.district(district_code)
        self._name = district.name if district else ""
        self._streets = divisions.streets_of(district_code)
        self._corners: dict[Corner, Position] = {}
        self.cells: dict[str, list[Cell]] = {}
        for at, street in enumerate(self._streets):
            communities = [one.code for one in divisions.communities_of(street.code)] or [f"{street.code}000"]
            self.cells[street.code] = list(_cells(at, street.code, communities))
        self._roads = self._courses()

    def place(self, chance: random.Random, street_code: str, half: int | None = None) -> DemoPlace:
        """Somewhere on a road of a street, or of one of its duty grids."""
        cell = chance.choice([one for one in self.cells[street_code] if half in (None, one.half)])
        along = chance.uniform(*INSIDE)
        beside = 0.5 + chance.uniform(-ROAD_WIDE, ROAD_WIDE)
        road = self._across.get(cell.row, 0)
        if cell.column in self._down and chance.random() < 0.5:
            road, along, beside = self._down[cell.column], beside, along
        longitude, latitude = self._inside(cell, along, beside)
        return DemoPlace(longitude, latitude, road, cell.code, duty_code(self._streets_at(street_code), cell.half))

    def grids(self) -> list[dict[str, Any]]:
        """The fields of every grid: district, streets, unit grids, duty grids."""
        found: list[dict[str, Any]] = []
        for at, street in enumerate(self._streets):
            own = self.cells[street.code]
            found.append(self._fields(GridKind.STREET, street.code, street.name, own))
            found += [
                self._fields(GridKind.UNIT, cell.code, "", [cell]) | {"community_code": cell.community_code}
                for cell in own
            ]
            for half in range(HALVES):
                part = [cell for cell in own if cell.half == half]
                fields = self._fields(GridKind.DUTY, duty_code(at, half), "", part)
                found.append(fields | {"unit_codes": tuple(cell.code for cell in part)})
        return [self._outline(), *found]

    def roads(self, count: int) -> list[tuple[Position, ...]]:
        """The courses of the first so many roads."""
        return self._roads[:count]

    def middle(self, street_code: str) -> Position:
        """A point well inside a street."""
        return self._inside(self.cells[street_code][1], 0.5, 0.5)

    def _streets_at(self, code: str) -> int:
        return next(at for at, street in enumerate(self._streets) if street.code == code)

    def _fields(self, kind: GridKind, code: str, name: str, cells: Sequence[Cell]) -> dict[str, Any]:
        ring = self._ring(cells)
        return {
            "kind": kind,
            "code": code,
            "name": name,
            "street_code": cells[0].street_code,
            "boundary": ((ring,),),
            "source_system": PointSystem.WGS84,
            "area_m2": round(_square_metres(ring), 1),
        }

    def _outline(self) -> dict[str, Any]:
        """The district: a polygon for each row of streets."""
        rows: dict[int, list[Cell]] = {}
        for own in self.cells.values():
            rows.setdefault(own[0].row, []).extend(own)
        rings = [self._ring(cells) for cells in rows.values()]
        return {
            "kind": GridKind.DISTRICT,
            "code": self._district,
            "name": self._name,
            "boundary": tuple((ring,) for ring in rings),
            "source_system": PointSystem.WGS84,
            "area_m2": round(sum(map(_square_metres, rings)), 1),
        }

    def _ring(self, cells: Sequence[Cell]) -> tuple[Position, ...]:
        """The outline of cells that fill a rectangle, corner by corner, closed."""
        left, right = min(cell.column for cell in cells), max(cell.column for cell in cells) + 1
        top, bottom = min(cell.row for cell in cells), max(cell.row for cell in cells) + 1
        corners = [(x, top) for x in range(left, right)] + [(right, y) for y in range(top, bottom)]
        corners += [(x, bottom) for x in range(right, left, -1)] + [(left, y) for y in range(bottom, top, -1)]
        return tuple(self._corner(x, y) for x, y in [*corners, corners[0]])

    def _corner(self, x: int, y: int) -> Position:
        """A corner of the net, moved a little from where a square would have it."""
        if (x, y) not in self._corners:
            east = x + self._chance.uniform(-SHAKEN, SHAKEN)
            south = y + self._chance.uniform(-SHAKEN, SHAKEN)
            self._corners[x, y] = (round(WEST + east * UNIT_WIDE, 6), round(NORTH - south * UNIT_HIGH, 6))
        return self._corners[x, y]

    def _inside(self, cell: Cell, along: float, down: float) -> Position:
        """The point of a cell at shares of its width and height."""
        x, y = cell.column, cell.row
        (ax, ay), (bx, by) = self._corner(x, y), self._corner(x + 1, y)
        (cx, cy), (dx, dy) = self._corner(x, y + 1), self._corner(x + 1, y + 1)
        top = (ax + (bx - ax) * along, ay + (by - ay) * along)
        low = (cx + (dx - cx) * along, cy + (dy - cy) * along)
        return round(top[0] + (low[0] - top[0]) * down, 6), round(top[1] + (low[1] - top[1]) * down, 6)

    def _courses(self) -> list[tuple[Position, ...]]:
        """One road through each row of unit grids, then one through every other column."""
        cells = [cell for own in self.cells.values() for cell in own]
        rows = sorted({cell.row for cell in cells})
        columns = sorted({cell.column for cell in cells if cell.column % 2 == 1})
        self._across = {row: at for at, row in enumerate(rows)}
        self._down = {column: len(rows) + at for at, column in enumerate(columns)}
        across = [sorted((cell for cell in cells if cell.row == row), key=lambda one: one.column) for row in rows]
        down = [sorted((cell for cell in cells if cell.column == at), key=lambda one: one.row) for at in columns]
        return [tuple(self._inside(cell, 0.5, 0.5) for cell in line) for line in (*across, *down)]


def duty_code(street: int, half: int) -> str:
    """The code of a duty grid by the place of its street in the table."""
    return f"ZR{street * HALVES + half + 1:03d}"


def _cells(at: int, street_code: str, communities: Sequence[str]) -> list[Cell]:
    column, row = at % STREET_COLUMNS * UNIT_COLUMNS, at // STREET_COLUMNS * UNIT_ROWS
    found = []
    for n in range(UNIT_COLUMNS * UNIT_ROWS):
        half = n % UNIT_COLUMNS * HALVES // UNIT_COLUMNS
        community = communities[min(half, len(communities) - 1)]
        code = f"{community}{n + 1:03d}"
        found.append(Cell(column + n % UNIT_COLUMNS, row + n // UNIT_COLUMNS, code, street_code, community, half))
    return found


def _square_metres(ring: Sequence[Position]) -> float:
    """By the shoelace, on a plane that fits this latitude."""
    east, north = 91_290.0, 110_950.0
    flat = [((lon - WEST) * east, (lat - NORTH) * north) for lon, lat in ring]
    return abs(sum(ax * by - bx * ay for (ax, ay), (bx, by) in pairwise(flat))) / 2
