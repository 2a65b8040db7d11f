"""Polygons and lines: the only place that knows shapely. Degrees are WGS-84; lengths and areas in metres."""

from __future__ import annotations

from collections.abc import Sequence

import shapely

from app.domain.grids import Boundary


def as_shape(boundary: Boundary) -> shapely.MultiPolygon:
    """The boundary as shapely sees it."""
    return shapely.MultiPolygon([shapely.Polygon(rings[0], rings[1:]) for rings in boundary])


class AreaIndex:
    """Which of many areas holds a point. Built once, asked many times; a point on a border is in every area it touches."""

    def __init__(self, boundaries: Sequence[Boundary]) -> None:
        self._shapes = [as_shape(boundary) for boundary in boundaries]
        self._tree = shapely.STRtree(self._shapes)
        shapely.prepare(self._shapes)

    def at(self, longitude: float, latitude: float) -> list[int]:
        """Places in the list given, ascending, of the areas that hold the point."""
        found = self._tree.query(shapely.Point(longitude, latitude), predicate="intersects")
        return sorted(int(place) for place in found)

    def at_many(self, points: Sequence[tuple[float, float]]) -> list[list[int]]:
        """The same for many points at once, in their order."""
        held: list[list[int]] = [[] for _point in points]
        asked, areas = self._tree.query(shapely.points(points), predicate="intersects")
        for point, area in zip(asked.tolist(), areas.tolist(), strict=True):
            held[point].append(area)
        return [sorted(areas_of) for areas_of in held]
