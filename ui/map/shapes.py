"""Lines and areas of one layer on the window: paths made once, only those in sight drawn, found by where one clicks."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QBrush, QPainter, QPainterPath, QPalette, QPolygonF

from ui.map.camera import Box, Camera, Floats, level_of
from ui.map.layers import Geometry, MapLayer, Places

LINE_REACH_PX = 6.0
THIN_PX = 0.5
EXACT = -100
"""The level that leaves no corner out."""
KEPT_LEVELS = 4


class Shapes:
    """Draws and finds the lines or areas of a layer. Paths count from the layer's own middle, so that they stay exact."""

    def __init__(self, layer: MapLayer) -> None:
        self.layer = layer
        box = layer.box() or Box(0, 0, 0, 0)
        self.x, self.y = (box.west + box.east) / 2, (box.south + box.north) / 2
        self.boxes = _boxes(layer)
        self._paths: dict[int, dict[int, QPainterPath]] = {}
        self._rings = _rings_by_owner(layer)

    def seen(self, box: Box) -> Places:
        """The things whose rectangle touches one."""
        west, south, east, north = self.boxes
        return np.flatnonzero((east >= box.west) & (west <= box.east) & (north >= box.south) & (south <= box.north))

    def path(self, at: int, level: int = EXACT) -> QPainterPath:
        """The outline of a thing, counted from (x, y). level: as fine as pixels of 2 ** level metres show."""
        paths = self._paths.setdefault(level, {})
        while len(self._paths) > KEPT_LEVELS:
            del self._paths[next(other for other in self._paths if other != level)]
        if at not in paths:
            path = paths[at] = QPainterPath()
            path.setFillRule(Qt.FillRule.OddEvenFill)
            for ring in self._rings.get(at, ()):
                xs, ys = ring if level == EXACT else _thinned(*ring, THIN_PX * 2.0**level)
                points = zip((xs - self.x).tolist(), (ys - self.y).tolist(), strict=True)
                path.addPolygon(QPolygonF([QPointF(x, y) for x, y in points]))
        return paths[at]

    def paint(self, painter: QPainter, camera: Camera, palette: QPalette) -> None:
        """Put what is in sight on the window, the most important look on top."""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setTransform(camera.transform(self.x, self.y), combine=True)
        level = level_of(camera.scale)
        seen = self.seen(camera.box())
        for at in seen[np.argsort(-self.layer.states[seen].astype(np.int64), kind="stable")].tolist():
            look = self.layer.looks[self.layer.states[at]]
            if self.layer.geometry == Geometry.AREAS and look.fill:
                colour = look.colour(palette)
                colour.setAlpha(look.fill)
                painter.fillPath(self.path(at, level), QBrush(colour))
            painter.strokePath(self.path(at, level), look.pen(palette))
        painter.restore()

    def at(self, camera: Camera, px: float, py: float) -> Places:
        """The things under a pixel: areas from the smallest, lines from the nearest."""
        x, y = camera.place(px, py)
        reach = LINE_REACH_PX * camera.scale
        near = self.seen(Box(x, y, x, y).grown(reach))
        if self.layer.geometry == Geometry.AREAS:
            spot = QPointF(x - self.x, y - self.y)
            hit = [at for at in near.tolist() if self.path(at).contains(spot)]
            return np.array(sorted(hit, key=self.size), np.int64)
        far = [(self._distance(at, x, y), at) for at in near.tolist()]
        return np.array([at for metres, at in sorted(far) if metres <= reach], np.int64)

    def size(self, at: int) -> float:
        """How much room an area takes; a line none."""
        if self.layer.geometry == Geometry.LINES:
            return 0.0
        west, south, east, north = self.boxes
        return float((east[at] - west[at]) * (north[at] - south[at]))

    def within(self, box: Box) -> Places:
        """Every thing that lies wholly in a rectangle."""
        west, south, east, north = self.boxes
        return np.flatnonzero((west >= box.west) & (east <= box.east) & (south >= box.south) & (north <= box.north))

    def middle(self, at: int) -> tuple[float, float]:
        """Where a thing's name stands: the middle of its rectangle, for a line its middle corner."""
        if self.layer.geometry == Geometry.LINES:
            xs, ys = max(self._rings[at], key=lambda ring: len(ring[0]))
            return float(xs[len(xs) // 2]), float(ys[len(ys) // 2])
        west, south, east, north = (values[at] for values in self.boxes)
        return float(west + east) / 2, float(south + north) / 2

    def box_of(self, at: int) -> Box:
        """The rectangle around a thing."""
        west, south, east, north = (float(values[at]) for values in self.boxes)
        return Box(west, south, east, north)

    def _distance(self, at: int, x: float, y: float) -> float:
        return min((_to_line(xs, ys, x, y) for xs, ys in self._rings.get(at, ())), default=float("inf"))


def _rings_by_owner(layer: MapLayer) -> dict[int, list[tuple[Floats, Floats]]]:
    ends = np.append(layer.starts, len(layer.xs))[1:]
    rings: dict[int, list[tuple[Floats, Floats]]] = {}
    for owner, start, end in zip(layer.owners.tolist(), layer.starts.tolist(), ends.tolist(), strict=True):
        rings.setdefault(owner, []).append((layer.xs[start:end], layer.ys[start:end]))
    return rings


def _thinned(xs: Floats, ys: Floats, step: float) -> tuple[Floats, Floats]:
    """A line without the corners that fall into the same square as the one before; both ends stay."""
    columns, rows = np.floor(xs / step), np.floor(ys / step)
    kept = np.ones(len(xs), bool)
    kept[1:-1] = (np.diff(columns)[:-1] != 0) | (np.diff(rows)[:-1] != 0)
    return xs[kept], ys[kept]


def _boxes(layer: MapLayer) -> tuple[Floats, Floats, Floats, Floats]:
    """West, south, east, north of every thing; one without a shape has none that anything touches."""
    low, high = np.full((2, len(layer)), np.inf), np.full((2, len(layer)), -np.inf)
    if len(layer.starts):
        for axis, values in enumerate((layer.xs, layer.ys)):
            np.minimum.at(low[axis], layer.owners, np.minimum.reduceat(values, layer.starts))
            np.maximum.at(high[axis], layer.owners, np.maximum.reduceat(values, layer.starts))
    return low[0], low[1], high[0], high[1]


def _to_line(xs: Floats, ys: Floats, x: float, y: float) -> float:
    """Metres from a place to the nearest piece of a line."""
    if len(xs) == 1:
        return float(np.hypot(xs[0] - x, ys[0] - y))
    dx, dy = np.diff(xs), np.diff(ys)
    length = np.maximum(dx * dx + dy * dy, 1e-12)
    along = np.clip(((x - xs[:-1]) * dx + (y - ys[:-1]) * dy) / length, 0, 1)
    return float(np.hypot(xs[:-1] + along * dx - x, ys[:-1] + along * dy - y).min())
