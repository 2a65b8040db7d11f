"""A boundary being worked on: its corners dragged, inserted and removed, every change taken back one by one."""

from __future__ import annotations

from math import hypot

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPalette, QPen, QPolygonF

from app.domain.grids import Boundary
from app.domain.mercator import to_degrees, to_metres
from ui.map.camera import Box, Camera

GRAB_PX = 9.0
HANDLE_PX = 4.5
FEWEST = 3
MOST_HANDLES = 3000
Corner = tuple[float, float]
Rings = list[list[list[Corner]]]
Place = tuple[int, int, int]
"""Polygon, ring, corner."""


class AreaEdit:
    """Rings without their closing corner, in metres of the map. `boundary` gives what they are now, in degrees."""

    def __init__(self, boundary: Boundary) -> None:
        self._given = boundary
        self._rings: Rings = [[[to_metres(*at) for at in ring[:-1]] for ring in polygon] for polygon in boundary]
        self._before: list[Rings] = []
        self._held: Place | None = None
        self._changed = False
        self.chosen: Place | None = None

    def boundary(self) -> Boundary:
        """The boundary as it stands; corners nobody touched keep every digit they came with."""
        known = {to_metres(*at): at for polygon in self._given for ring in polygon for at in ring}
        degrees = [[[known.get(at) or _rounded(at) for at in ring] for ring in polygon] for polygon in self._rings]
        return tuple(tuple((*ring, ring[0]) for ring in polygon) for polygon in degrees)

    def box(self) -> Box | None:
        """The rectangle around it."""
        corners = [at for polygon in self._rings for ring in polygon for at in ring]
        if not corners:
            return None
        xs, ys = zip(*corners, strict=True)
        return Box(min(xs), min(ys), max(xs), max(ys))

    def grab(self, camera: Camera, px: float, py: float) -> bool:
        """Take hold of the corner under a pixel, or put one on the edge there; False: neither is near."""
        found = self._corner_at(camera, px, py)
        if found is None:
            found = self._insert_at(camera, px, py)
        else:
            self._before.append(self._copy())
            self._changed = False
        self._held = self.chosen = found
        return found is not None

    def drag(self, x: float, y: float) -> None:
        """Move the corner held."""
        if self._held is not None:
            polygon, ring, corner = self._held
            self._rings[polygon][ring][corner] = (x, y)
            self._changed = True

    def drop(self) -> bool:
        """Let it go; True when the boundary is another now."""
        self._held = None
        if not self._changed:
            self._before.pop()
        return self._changed

    def remove(self) -> bool:
        """Take the chosen corner away; three must stay."""
        if self.chosen is None:
            return False
        polygon, ring, corner = self.chosen
        if len(self._rings[polygon][ring]) <= FEWEST:
            return False
        self._before.append(self._copy())
        del self._rings[polygon][ring][corner]
        self.chosen = None
        return True

    def undo(self) -> bool:
        """Take the last change back."""
        if not self._before:
            return False
        self._rings = self._before.pop()
        self.chosen = self._held = None
        return True

    def paint(self, painter: QPainter, camera: Camera, palette: QPalette) -> None:
        """The outline and its handles."""
        accent, ground = palette.color(QPalette.ColorRole.Accent), palette.color(QPalette.ColorRole.Base)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        outline = QPainterPath()
        for polygon in self._rings:
            for ring in polygon:
                outline.addPolygon(QPolygonF([QPointF(*camera.pixel(*at)) for at in (*ring, ring[0])]))
        inside = QColor(accent)
        inside.setAlpha(40)
        painter.fillPath(outline, inside)
        painter.strokePath(outline, QPen(accent, 2))
        painter.setPen(QPen(accent, 1.5))
        for place, px, py in self._handles(camera):
            side = HANDLE_PX + 2 if place == self.chosen else HANDLE_PX
            painter.setBrush(accent if place == self.chosen else ground)
            painter.drawRect(QRectF(px - side, py - side, 2 * side, 2 * side))
        painter.setBrush(Qt.BrushStyle.NoBrush)

    def _handles(self, camera: Camera) -> list[tuple[Place, float, float]]:
        """The corners in sight. Where there are too many to take hold of, only the outline is drawn."""
        box = camera.box()
        seen = [
            ((p, r, c), *camera.pixel(x, y))
            for p, polygon in enumerate(self._rings)
            for r, ring in enumerate(polygon)
            for c, (x, y) in enumerate(ring)
            if box.west <= x <= box.east and box.south <= y <= box.north
        ]
        return seen if len(seen) <= MOST_HANDLES else []

    def _corner_at(self, camera: Camera, px: float, py: float) -> Place | None:
        near = [(hypot(x - px, y - py), place) for place, x, y in self._handles(camera)]
        metres, place = min(near, default=(GRAB_PX + 1, (0, 0, 0)))
        return place if metres <= GRAB_PX else None

    def _insert_at(self, camera: Camera, px: float, py: float) -> Place | None:
        best, where = GRAB_PX, None
        for p, polygon in enumerate(self._rings):
            for r, ring in enumerate(polygon):
                for c, start in enumerate(ring):
                    far = _to_edge((px, py), camera.pixel(*start), camera.pixel(*ring[(c + 1) % len(ring)]))
                    if far < best:
                        best, where = far, (p, r, c + 1)
        if where is not None:
            self._before.append(self._copy())
            self._rings[where[0]][where[1]].insert(where[2], camera.place(px, py))
            self._changed = True
        return where

    def _copy(self) -> Rings:
        return [[list(ring) for ring in polygon] for polygon in self._rings]


def _rounded(at: Corner) -> Corner:
    longitude, latitude = to_degrees(*at)
    return round(longitude, 7), round(latitude, 7)


def _to_edge(at: Corner, start: Corner, end: Corner) -> float:
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = dx * dx + dy * dy
    along = 0.0 if length == 0 else max(0.0, min(1.0, ((at[0] - start[0]) * dx + (at[1] - start[1]) * dy) / length))
    return hypot(start[0] + along * dx - at[0], start[1] + along * dy - at[1])
