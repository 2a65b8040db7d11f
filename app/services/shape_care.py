"""What is done to outlines that come from outside: read, moved to WGS-84, mended, thinned; overlaps and gaps between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from app.base.watch import Watch
from app.base.words import N_, _
from app.domain.geojson import AREAS, LINES
from app.domain.grids import Line, PointSystem
from app.domain.problems import Refused
from app.domain.projections import ValueKind, kind_of_values, meridian_of, to_wgs84
from app.services.shapes import Areas, Lines, areas_in, in_metres

MOST_POINTS = 5000
FIRST_TOLERANCE_M = 0.5
SMALLEST_M2 = 20.0
"""Overlaps and gaps below this are left by rounding and by neighbours drawn with other points; nobody can walk them."""
NARROW_M = 5.0
OVERLAPS = N_("正在比较重叠")
OTHER_REASON = N_("几何不成立")
REASONS = {
    "self-intersection": N_("边线交叉"),
    "ring self-intersection": N_("边线在一点上碰到自己"),
    "hole lies outside shell": N_("洞在外框之外"),
    "holes are nested": N_("洞里还有洞"),
    "nested holes": N_("洞里还有洞"),
    "nested shells": N_("一块套在另一块里"),
    "interior is disconnected": N_("内部被切断"),
    "too few points in geometry component": N_("点太少"),
    "duplicate rings": N_("同一条边线画了两次"),
}
SWAPPED = frozenset({ValueKind.SWAPPED_DEGREES, ValueKind.SWAPPED_METRES})
IN_METRES = frozenset({ValueKind.METRES, ValueKind.SWAPPED_METRES})


@dataclass(frozen=True)
class Overlap:
    """Two areas, by their places in the list given, and what they share."""

    first: int
    second: int
    area_m2: float


@dataclass(frozen=True)
class Gap:
    """A piece nobody has, with a point in it (longitude, latitude)."""

    point: tuple[float, float]
    area_m2: float


def raw_shape(kind: str, coordinates: Any) -> Areas | Lines:
    """The geometry of a feature, its numbers as they stand. Raises Refused("grid.geometry_…")."""
    if kind not in AREAS | LINES:
        raise Refused("grid.geometry_kind", kind=kind or "—")
    parts = coordinates if kind.startswith("Multi") else [coordinates]
    try:
        shape = _polygons(parts) if kind in AREAS else shapely.MultiLineString([_positions(line) for line in parts])
    except (ValueError, TypeError, IndexError, OverflowError, shapely.errors.ShapelyError) as error:
        raise Refused("grid.geometry_unreadable") from error
    if shape.is_empty or not np.isfinite(shapely.get_coordinates(shape)).all():
        raise Refused("grid.geometry_unreadable")
    return shape


def kind_of(shape: Areas | Lines) -> ValueKind:
    """What the numbers of a raw shape are."""
    return kind_of_values(*(float(end) for end in shape.bounds))


def moved(shape: Areas | Lines, kind: ValueKind, system: PointSystem, near_longitude: float) -> Areas | Lines:
    """The shape in WGS-84. kind: what its numbers are, axes the wrong way round are turned."""

    def move(positions: np.ndarray) -> np.ndarray:
        first, second = positions[:, 0], positions[:, 1]
        if kind in SWAPPED:
            first, second = second, first
        meridian = meridian_of(float(first[0]), near_longitude) if kind in IN_METRES else None
        return np.column_stack(to_wgs84(first, second, system, np, meridian=meridian))

    return shapely.transform(shape, move)


def mended(shape: Areas) -> Areas:
    """A valid area of an outline that crosses itself; nothing is added that some part of the outline did not enclose."""
    return areas_in(shapely.make_valid(shape))


def why_invalid(shape: Areas) -> str:
    """What is wrong with an outline, and near which place; "" when nothing is."""
    if shapely.is_valid(shape):
        return ""
    # GEOS says: Self-intersection[113.735 34.765]
    kind, _bracket, place = str(shapely.is_valid_reason(shape)).partition("[")
    where = place.removesuffix("]").replace(" ", ", ")
    words = _(REASONS.get(kind.strip().lower(), OTHER_REASON))
    return _("{what},在 {where} 附近").format(what=words, where=where) if where else words


def square_metres(shape: shapely.Geometry) -> float:
    """Square metres of a shape in degrees."""
    return float(shapely.area(in_metres(shape)))


def points_of(shape: shapely.Geometry) -> int:
    """How many points an outline has."""
    return int(shapely.get_num_coordinates(shape))


def thinned(shape: Areas) -> tuple[Areas, float]:
    """An outline of at most MOST_POINTS points, and by how many metres it may have moved: 0 when nothing was done."""
    tolerance, found = 0.0, shape
    while points_of(found) > MOST_POINTS:
        tolerance = tolerance * 2 or FIRST_TOLERANCE_M
        # On a plane of metres, so that east and north are thinned alike.
        found = areas_in(in_metres(shapely.simplify(in_metres(shape), tolerance), back=True))
    return found, tolerance


def lines_of(shape: Lines) -> tuple[Line, ...]:
    """Lines as records keep them."""
    return tuple(
        tuple((round(lon, 7), round(lat, 7)) for lon, lat in shapely.get_coordinates(line).tolist())
        for line in shape.geoms
    )


def joined(first: Lines, second: Lines) -> Lines:
    """The lines of both."""
    return shapely.MultiLineString([*first.geoms, *second.geoms])


def overlaps(shapes: Sequence[Areas], watch: Watch | None = None) -> list[Overlap]:
    """Pairs that share more than a sliver, the largest first."""
    flat = np.array([in_metres(shape) for shape in shapes], dtype=object)
    # Neighbours that share their border point by point are passed over: thousands of them cost a second, not a minute.
    odd = np.flatnonzero(~shapely.is_empty(shapely.coverage_invalid_edges(flat)))
    first, second = shapely.STRtree(flat).query(flat[odd], predicate="intersects")
    pairs = {(min(a, b), max(a, b)) for a, b in zip(odd[first].tolist(), second.tolist(), strict=True) if a != b}
    found = []
    for done, (one, other) in enumerate(sorted(pairs)):
        if watch is not None:
            watch.step(done, len(pairs), OVERLAPS)
        shared = float(shapely.area(shapely.intersection(flat[one], flat[other])))
        if shared > SMALLEST_M2:
            found.append(Overlap(one, other, shared))
    return sorted(found, key=lambda overlap: -overlap.area_m2)


def gaps(shapes: Sequence[Areas]) -> list[Gap]:
    """Pieces enclosed by the areas, or lying narrow between them, that belong to none; the largest first."""
    if len(shapes) < 2:
        return []
    flat = [in_metres(shape) for shape in shapes]
    whole = shapely.coverage_union_all(flat) if shapely.coverage_is_valid(flat) else shapely.union_all(flat)
    closed = shapely.buffer(shapely.buffer(whole, NARROW_M, join_style="mitre"), -NARROW_M, join_style="mitre")
    filled = shapely.union_all([shapely.Polygon(part.exterior) for part in areas_in(closed).geoms])
    open_pieces = shapely.difference(filled, whole)
    found = []
    for piece in areas_in(open_pieces).geoms:
        if piece.area > SMALLEST_M2:
            inside = shapely.get_coordinates(in_metres(piece.representative_point(), back=True))[0]
            found.append(Gap((round(float(inside[0]), 6), round(float(inside[1]), 6)), float(piece.area)))
    return sorted(found, key=lambda gap: -gap.area_m2)


def _polygons(parts: Any) -> Areas:
    polygons = []
    for rings in parts:
        outline, *holes = [_positions(ring) for ring in rings]
        polygons.append(shapely.Polygon(outline, holes))
    return shapely.MultiPolygon(polygons)


def _positions(ring: Any) -> np.ndarray:
    """Pairs of numbers; a height that stands behind them is dropped."""
    try:
        positions = np.asarray(ring, dtype=float)
    except ValueError:
        positions = np.asarray([position[:2] for position in ring], dtype=float)
    if positions.ndim != 2 or positions.shape[1] < 2:
        raise ValueError(positions.shape)
    return positions[:, :2]
