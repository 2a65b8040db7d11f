"""All grids and roads of the office as they lie over each other at one moment, ready to be asked for points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from app.domain.directory import Road
from app.domain.grid_places import PlaceOfPoint
from app.domain.grids import Grid, GridKind
from app.domain.reference import Division, Divisions
from app.services.grids import ROAD_WITHIN_M, Point
from app.services.shapes import AreaIndex, Areas, LineIndex, as_shape, union_of


@dataclass(frozen=True)
class Layer:
    """The areas of one kind, by code, and their index."""

    grids: Sequence[Grid]
    index: AreaIndex


class GridNet:
    """Built from the records in use; whoever keeps it throws it away when one of them changes."""

    def __init__(self, grids: Sequence[Grid], roads: Sequence[Road], divisions: Divisions, district_code: str) -> None:
        self._divisions = divisions
        self._district_code = district_code
        shapes = _shapes_of(grids)
        self._layers = {kind: layer for kind in GridKind if (layer := _layer(kind, grids, shapes)) is not None}
        district = self._layers.get(GridKind.DISTRICT)
        self._knows_district = district is not None and any(g.code == district_code for g in district.grids)
        self._roads = [road for road in roads if road.lines]
        self._lines = LineIndex([road.lines for road in self._roads])

    def at(self, longitude: float, latitude: float) -> PlaceOfPoint:
        """The place of one point, without the cost of columns."""
        held = tuple(tuple(layer.index.at(longitude, latitude)) for layer in self._layers.values())
        return self._place(held, int(self._lines.nearest_many([(longitude, latitude)], ROAD_WITHIN_M)[0]))

    def at_many(self, points: Sequence[Point], *, roads: bool = True) -> list[PlaceOfPoint]:
        """The place of each point, in their order; roads False leaves the roads out."""
        near = self._lines.nearest_many(points, ROAD_WITHIN_M) if roads else np.full(len(points), -1)
        held = [layer.index.sets_of_many(points) for layer in self._layers.values()]
        # Many points lie in the same grids: what is said of them is put together once.
        alike = near + 1
        for numbers, sets in held:
            alike = np.unique(alike, return_inverse=True)[1] * len(sets) + numbers
        _alike, one_of_each, which = np.unique(alike, return_index=True, return_inverse=True)
        places = [
            self._place([sets[numbers[at]] for numbers, sets in held], int(near[at])) for at in one_of_each.tolist()
        ]
        return [places[at] for at in which.tolist()]

    def codes_at_many(self, points: Sequence[Point], kind: GridKind) -> list[str]:
        """The code of the area of one kind that holds each point, "" for none: the quick way for very many."""
        layer = self._layers.get(kind)
        if layer is None:
            return [""] * len(points)
        codes = np.array([*(grid.code for grid in layer.grids), ""], dtype=object)
        found: list[str] = codes[layer.index.first_of_many(points)].tolist()
        return found

    def nearest_road(self, longitude: float, latitude: float, within_m: float) -> Road | None:
        """The road nearest to the point within so many metres."""
        at = int(self._lines.nearest_many([(longitude, latitude)], within_m)[0])
        return self._roads[at] if at >= 0 else None

    def _place(self, held: Sequence[Sequence[int]], road: int) -> PlaceOfPoint:
        layers = zip(self._layers.items(), held, strict=True)
        touching = {kind: [layer.grids[at] for at in places] for (kind, layer), places in layers if places}
        first = {kind: grids[0] for kind, grids in touching.items()}
        district = touching.get(GridKind.DISTRICT, ())
        return PlaceOfPoint(
            district=self._district(district),
            street=self._street(first),
            community=self._community(first),
            unit_grid=first.get(GridKind.UNIT),
            duty_grid=first.get(GridKind.DUTY),
            governance_grid=first.get(GridKind.GOVERNANCE),
            road=self._roads[road] if road >= 0 else None,
            border=any(len(grids) > 1 for grids in touching.values()),
            outside=self._knows_district and all(grid.code != self._district_code for grid in district),
            touching=tuple(grid for grids in touching.values() for grid in grids),
        )

    def _district(self, touching: Sequence[Grid]) -> Division | None:
        # On the border with a neighbour the point is counted to the office's own district.
        own = next((grid for grid in touching if grid.code == self._district_code), None)
        found = own or next(iter(touching), None)
        return _division(found, self._divisions.district(found.code)) if found else None

    def _street(self, first: dict[GridKind, Grid]) -> Division | None:
        outline = first.get(GridKind.STREET)
        if outline is not None:
            return _division(outline, self._divisions.street(outline.street_code or outline.code))
        codes = (grid.street_code or grid.community_code[:9] for grid in first.values())
        return next((street for code in codes if (street := self._divisions.street(code)) is not None), None)

    def _community(self, first: dict[GridKind, Grid]) -> Division | None:
        outline = first.get(GridKind.COMMUNITY)
        if outline is not None:
            return _division(outline, self._divisions.community(outline.community_code or outline.code))
        codes = (grid.community_code for grid in first.values())
        return next((found for code in codes if (found := self._divisions.community(code)) is not None), None)


def _division(outline: Grid, known: Division | None) -> Division:
    """The division as the table has it; an outline the table does not know speaks for itself."""
    return known or Division(code=outline.code, name=outline.name)


def _shapes_of(grids: Sequence[Grid]) -> dict[str, Areas]:
    """Grid id -> its area: as drawn, or for a duty grid without a boundary the sum of its unit grids."""
    units = {grid.code: as_shape(grid.boundary) for grid in grids if grid.kind == GridKind.UNIT and grid.boundary}
    shapes: dict[str, Areas] = {}
    for grid in grids:
        if grid.boundary:
            shapes[str(grid.id)] = as_shape(grid.boundary)
        elif summed := [units[code] for code in grid.unit_codes if code in units]:
            shapes[str(grid.id)] = union_of(summed)
    return shapes


def _layer(kind: GridKind, grids: Sequence[Grid], shapes: dict[str, Areas]) -> Layer | None:
    drawn = [grid for grid in grids if grid.kind == kind and str(grid.id) in shapes]
    if not drawn:
        return None
    drawn.sort(key=lambda grid: grid.code)
    return Layer(drawn, AreaIndex([shapes[str(grid.id)] for grid in drawn]))
