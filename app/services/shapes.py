"""Polygons and lines: the only place that knows shapely. Degrees are WGS-84; lengths and areas in metres."""

from __future__ import annotations

from collections.abc import Sequence
from math import cos, radians

import numpy as np
import shapely

from app.domain.grids import Boundary, Line
from app.domain.places import EARTH_M

Areas = shapely.MultiPolygon
METRES_PER_DEGREE = EARTH_M * radians(1)
Lines = shapely.MultiLineString
TRUE_LATITUDE = 34.7
CRACK_DEGREES = 2e-7
"""About 2 cm: a point between two areas that were rounded apart belongs to both."""


def as_shape(boundary: Boundary) -> Areas:
    """The boundary as shapely sees it."""
    return shapely.MultiPolygon([shapely.Polygon(rings[0], rings[1:]) for rings in boundary])


class AreaIndex:
    """Which of many areas holds a point. Built once, asked many times; a point on a border is in every area it touches."""

    def __init__(self, shapes: Sequence[Areas]) -> None:
        self._shapes = list(shapes)
        self._tree = shapely.STRtree(self._shapes)
        shapely.prepare(self._shapes)

    def at(self, longitude: float, latitude: float) -> list[int]:
        """Places in the list given, ascending, of the areas that hold the point."""
        point = shapely.Point(longitude, latitude)
        found = self._tree.query(point, predicate="intersects")
        if not len(found):
            found = self._tree.query(point, predicate="dwithin", distance=CRACK_DEGREES)
        return sorted(int(place) for place in found)

    def sets_of_many(self, points: Sequence[tuple[float, float]]) -> tuple[np.ndarray, list[tuple[int, ...]]]:
        """For each point the number of the set of areas that hold it, and these sets: none, each alone, several."""
        asked, areas = self.pairs(points)
        numbers = _first_of_each(asked, areas, len(points)) + 1
        sets = [(), *((place,) for place in range(len(self._shapes)))]
        # Few points lie on a border; they alone are looked at one by one.
        several: dict[tuple[int, ...], int] = {}
        for point in np.flatnonzero(np.bincount(asked, minlength=len(points)) > 1).tolist():
            start, end = np.searchsorted(asked, (point, point + 1))
            numbers[point] = several.setdefault(tuple(areas[start:end].tolist()), len(sets) + len(several))
        return numbers, [*sets, *several]

    def first_of_many(self, points: Sequence[tuple[float, float]]) -> np.ndarray:
        """For each point the first area that holds it, -1 for none."""
        return _first_of_each(*self.pairs(points), len(points))

    def pairs(self, points: Sequence[tuple[float, float]]) -> tuple[np.ndarray, np.ndarray]:
        """(place of a point, place of an area that holds it) as two columns, ascending by both."""
        shapes = _points(points)
        asked, areas = self._tree.query(shapes, predicate="intersects")
        missing = np.ones(len(points), dtype=np.bool_)
        missing[asked] = False
        missed = np.flatnonzero(missing)
        if len(missed) and len(self._shapes):
            near, more = self._tree.query(shapes[missed], predicate="dwithin", distance=CRACK_DEGREES)
            asked, areas = np.concatenate([asked, missed[near]]), np.concatenate([areas, more])
        order = np.lexsort((areas, asked))
        return asked[order], areas[order]


class LineIndex:
    """Which of many lines is nearest to a point, measured in metres on a plane around the lines' own latitude."""

    def __init__(self, lines: Sequence[Sequence[Line]]) -> None:
        latitudes = [position[1] for road in lines for line in road for position in line]
        self._shrink = cos(radians(sum(latitudes) / len(latitudes))) if latitudes else 1.0
        shapes = [shapely.MultiLineString([self._metres(line) for line in road]) for road in lines]
        self._tree = shapely.STRtree(shapes)

    def nearest_many(self, points: Sequence[tuple[float, float]], within_m: float) -> np.ndarray:
        """For each point the place of the nearest line (the first of equals) within so many metres, -1 for none."""
        if not len(self._tree.geometries) or not len(points):
            return np.full(len(points), -1, dtype=np.int64)
        asked, lines = self._tree.query_nearest(shapely.points(self._metres(points)), max_distance=within_m)
        order = np.lexsort((lines, asked))
        return _first_of_each(asked[order], lines[order], len(points))

    def _metres(self, positions: Sequence[tuple[float, float]]) -> np.ndarray:
        return np.asarray(positions, dtype=float).reshape(-1, 2) * (METRES_PER_DEGREE * np.array([self._shrink, 1.0]))


def _first_of_each(asked: np.ndarray, found: np.ndarray, count: int) -> np.ndarray:
    """Of pairs in ascending order, for each of so many points what was found first, -1 for nothing."""
    first = np.full(count, -1, dtype=np.int64)
    # Written backwards, the first of each point is written last.
    first[asked[::-1]] = found[::-1]
    return first


def _points(points: Sequence[tuple[float, float]]) -> np.ndarray:
    return np.asarray(shapely.points(np.asarray(points, dtype=float).reshape(-1, 2)))


def union_of(shapes: Sequence[Areas]) -> Areas:
    """The areas as one."""
    return areas_in(shapely.union_all(list(shapes)))


def boundary_of(shape: Areas) -> Boundary:
    """The boundary of a shape, degrees to seven places (a centimetre)."""
    return tuple(tuple(_ring(ring) for ring in (polygon.exterior, *polygon.interiors)) for polygon in shape.geoms)


def area_m2(boundary: Boundary) -> float:
    """Square metres on the sphere."""
    return float(shapely.area(in_metres(as_shape(boundary))))


def in_metres(shape: shapely.Geometry, *, back: bool = False) -> shapely.Geometry:
    """A shape of degrees on a plane of metres, or back again. Areas are those on the sphere; lengths hold near Henan.

    Lambert's cylinder touching at 34.7 degrees north: true to scale there, within 1 % for a degree to both sides.
    """
    shrink = cos(radians(TRUE_LATITUDE))

    def flat(positions: np.ndarray) -> np.ndarray:
        x = np.radians(positions[:, 0]) * (EARTH_M * shrink)
        return np.column_stack([x, np.sin(np.radians(positions[:, 1])) * (EARTH_M / shrink)])

    def round_again(positions: np.ndarray) -> np.ndarray:
        latitude = np.degrees(np.arcsin(positions[:, 1] * shrink / EARTH_M))
        return np.column_stack([np.degrees(positions[:, 0] / (EARTH_M * shrink)), latitude])

    return shapely.transform(shape, round_again if back else flat)


def areas_in(shape: shapely.Geometry) -> Areas:
    """The polygons of whatever an operation gave; lines and points it left over fall away."""
    parts = [part for part in shapely.get_parts(shapely.get_parts(shape)) if isinstance(part, shapely.Polygon)]
    return shapely.MultiPolygon([part for part in parts if not part.is_empty])


def _ring(ring: shapely.LinearRing) -> tuple[tuple[float, float], ...]:
    return tuple((round(lon, 7), round(lat, 7)) for lon, lat in shapely.get_coordinates(ring).tolist())
