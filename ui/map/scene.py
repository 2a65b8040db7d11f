"""The layers of one map and how each is drawn and found: shared by the window, the little map and the exported picture."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Protocol

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPalette

from ui.map.backdrop import Backdrop
from ui.map.camera import Box, Camera
from ui.map.furniture import Name, paint_names, paint_net
from ui.map.layers import Geometry, MapHit, MapLayer, Places
from ui.map.shapes import Shapes
from ui.map.spots import Drawn, Spots, paint_spots, radius_of, together

NAME_PX = 4
MOST_LISTED = 2000
POINTS_NAMED = 80
_SERIALS = count()
"""So that a picture kept of one drawing is never taken for that of another."""


class Ground(Protocol):
    """What lies under all layers: a base map."""

    def paint(self, painter: QPainter, camera: Camera) -> None:
        """Draw what the window shows of it."""

    def mark(self) -> Hashable:
        """Another value when it would be drawn otherwise."""


@dataclass(eq=False)
class Drawing:
    """One layer with what draws it. last: what the newest picture shows of its points, for finding them."""

    layer: MapLayer
    spots: Spots | None = None
    shapes: Shapes | None = None
    shown: bool = True
    last: Drawn | None = None
    serial: int = field(default_factory=lambda: next(_SERIALS))

    @classmethod
    def of(cls, layer: MapLayer) -> Drawing:
        """The layer with what it needs."""
        if layer.geometry == Geometry.POINTS:
            return cls(layer, spots=Spots(layer))
        return cls(layer, shapes=Shapes(layer))


@dataclass(frozen=True)
class Found:
    """What lies under a pixel. gathered: the rectangle of points drawn as one, which going nearer would part."""

    hits: Sequence[MapHit]
    gathered: Box | None = None


@dataclass
class Scene:
    """What is on the map, lowest first."""

    drawings: list[Drawing] = field(default_factory=list)
    ground: Ground | None = None

    def set_layers(self, layers: Sequence[MapLayer], hidden: frozenset[str] | set[str] = frozenset()) -> None:
        """Show these; a layer that stays the same value keeps what was prepared for it."""
        kept = {id(drawing.layer): drawing for drawing in self.drawings}
        self.drawings = [kept.get(id(layer)) or Drawing.of(layer) for layer in layers]
        for drawing in self.drawings:
            drawing.shown = drawing.layer.name not in hidden

    def named(self, name: str) -> Drawing | None:
        """The layer of that name."""
        return next((drawing for drawing in self.drawings if drawing.layer.name == name), None)

    @property
    def shown(self) -> list[Drawing]:
        """The layers in sight, lowest first."""
        return [drawing for drawing in self.drawings if drawing.shown]

    def box(self) -> Box | None:
        """The rectangle that holds all layers in sight; of everything when none is."""
        whole: Box | None = None
        for drawing in self.shown or self.drawings:
            box = drawing.layer.box()
            if box is not None:
                whole = box if whole is None else whole.joined(box)
        return whole

    def paint(
        self, painter: QPainter, camera: Camera, palette: QPalette, ratio: float, backdrop: Backdrop | None = None
    ) -> None:
        """The whole map: ground, areas and lines, points over them, names on top. backdrop: keeps what lies under the points."""

        def draw_under(under: QPainter, seen: Camera) -> None:
            self._paint_under(under, seen, palette)

        if backdrop is None:
            draw_under(painter, camera)
        else:
            shown = tuple(drawing.serial for drawing in self.shown if drawing.shapes is not None)
            ground = None if self.ground is None else self.ground.mark()
            mark = (shown, ground, palette.color(QPalette.ColorRole.Base).name())
            backdrop.paint(painter, camera, ratio, mark, draw_under)
        if self.ground is None:
            paint_net(painter, camera, palette)
        names: list[Name] = []
        for drawing in self.shown:
            if drawing.spots is not None:
                drawing.last = drawing.spots.drawn(camera)
                paint_spots(painter, drawing.layer, drawing.last, ratio, palette)
            names += _names(drawing, camera)
        paint_names(painter, names, palette, self._taken())

    def _paint_under(self, painter: QPainter, camera: Camera, palette: QPalette) -> None:
        painter.fillRect(0, 0, camera.width, camera.height, palette.color(QPalette.ColorRole.Base))
        if self.ground is not None:
            self.ground.paint(painter, camera)
        for drawing in self.shown:
            if drawing.shapes is not None:
                drawing.shapes.paint(painter, camera, palette)

    def _taken(self) -> list[QRectF]:
        """Where gathered spots stand: no name is written there."""
        taken = []
        for drawing in self.shown:
            last = drawing.last
            if last is not None and last.cells is not None:
                for x, y, radius in zip(last.xs, last.ys, radius_of(last.counts), strict=True):
                    taken.append(QRectF(x - radius, y - radius, 2 * radius, 2 * radius))
        return taken

    def at(self, camera: Camera, px: float, py: float) -> Found:
        """What lies under a pixel, the topmost first: points before lines before areas."""
        hits: list[MapHit] = []
        for drawing in reversed(self.shown):
            if drawing.spots is not None:
                members = drawing.spots.at(drawing.spots.drawn(camera), px, py)
                if len(members) > 1 and not together(drawing.layer, members) and _is_one_spot(drawing, camera):
                    return Found((), _box_of(drawing.layer, members))
                hits += [drawing.layer.hit(at) for at in members[:MOST_LISTED].tolist()]
        shapes = [drawing.shapes for drawing in reversed(self.shown) if drawing.shapes is not None]
        under = [(one, at) for one in shapes for at in one.at(camera, px, py).tolist()]
        # Lines as they lie, areas from the smallest: a grid before its street before the district.
        under.sort(key=lambda found: found[0].size(found[1]))
        return Found([*hits, *(one.layer.hit(at) for one, at in under)])

    def box_of(self, hit: MapHit) -> Box | None:
        """Where a thing lies; None: no layer has it."""
        for drawing in reversed(self.drawings):
            layer = drawing.layer
            if layer.kind != hit.kind or (hit.layer and layer.name != hit.layer):
                continue
            at = layer.place_of(hit.id)
            if at >= 0 and drawing.shapes is not None:
                return drawing.shapes.box_of(at)
            if at >= 0:
                x, y = float(layer.xs[at]), float(layer.ys[at])
                return Box(x, y, x, y)
        return None

    def nearest(self, camera: Camera, name: str = "") -> MapHit | None:
        """What lies under the middle of the window; else the nearest thing in sight of the layer named."""
        px, py = camera.width / 2, camera.height / 2
        drawing = self.named(name)
        if drawing is None:
            return next(iter(self.at(camera, px, py).hits), None)
        box, layer = camera.box(), drawing.layer
        if drawing.shapes is not None:
            seen = drawing.shapes.seen(box)
            places = np.array([drawing.shapes.middle(at) for at in seen.tolist()]).reshape(-1, 2)
        else:
            assert drawing.spots is not None
            seen = drawing.spots.within(box)
            places = np.column_stack([layer.xs[seen], layer.ys[seen]])
        if not len(seen):
            return None
        far = np.hypot(places[:, 0] - camera.x, places[:, 1] - camera.y)
        return layer.hit(int(seen[far.argmin()]))

    def within(self, box: Box) -> list[MapHit]:
        """Everything in sight that lies in a rectangle, points first; at most MOST_LISTED of a layer."""
        hits: list[MapHit] = []
        for drawing in _by_rank(self.shown):
            finder = drawing.spots or drawing.shapes
            if finder is not None:
                hits += [drawing.layer.hit(at) for at in finder.within(box)[:MOST_LISTED].tolist()]
        return hits


def _is_one_spot(drawing: Drawing, camera: Camera) -> bool:
    assert drawing.spots is not None
    return drawing.spots.drawn(camera).cells is not None


def _box_of(layer: MapLayer, members: Places) -> Box:
    xs, ys = layer.xs[members], layer.ys[members]
    return Box(float(xs.min()), float(ys.min()), float(xs.max()), float(ys.max()))


def _names(drawing: Drawing, camera: Camera) -> list[Name]:
    layer = drawing.layer
    if not layer.titles or not layer.labelled:
        return []
    if drawing.shapes is not None:
        return _shape_names(drawing.shapes, camera)
    if drawing.last is None or drawing.last.cells is not None or len(drawing.last.xs) > POINTS_NAMED:
        return []
    places = zip(drawing.last.xs.tolist(), drawing.last.ys.tolist(), drawing.last.members.tolist(), strict=True)
    return [Name(x, y + 15, layer.titles[at], 0) for x, y, at in places if layer.titles[at]]


def _shape_names(shapes: Shapes, camera: Camera) -> list[Name]:
    """Names of what is large enough in the window to bear one."""
    names = []
    box = camera.box()
    west, south, east, north = shapes.boxes
    for at in shapes.seen(box).tolist():
        text = shapes.layer.titles[at]
        size = max(east[at] - west[at], north[at] - south[at]) / camera.scale
        if text and size >= NAME_PX * 6 + len(text) * 7:
            x, y = camera.pixel(*shapes.middle(at))
            names.append(Name(x, y, text, size))
    return names


def _by_rank(drawings: Sequence[Drawing]) -> list[Drawing]:
    """The topmost first, points before everything else."""
    topmost = list(reversed(drawings))
    return sorted(topmost, key=lambda one: one.spots is None)
