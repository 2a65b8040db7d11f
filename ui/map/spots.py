"""Points of one layer on the window: each by itself where there is room, gathered with their number where there is not."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPalette, QPen, QPixmap

from ui.map.camera import Box, Camera, Floats, level_of
from ui.map.layers import MapLayer, Places
from ui.map.looks import SPOT_PX, spot

CELL_PX = 56
CROWDED = 12
"""More points than this in an ordinary cell, and the level is gathered."""
KEPT_LEVELS = 6
REACH_PX = 10
TOGETHER_M = 1.0
"""Points nearer than this cannot be told apart by going nearer."""
THOUSAND = 1000
NUMBER_PX = 11
SHARES = 24
"""In how many pieces a ring is cut at most."""
QUARTER = 90 * 16
"""A quarter of a ring, in sixteenths of a degree."""

Bytes = npt.NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class Cells:
    """The points of a level by cell: `order` sorts them so that each cell's are together, from `starts` on."""

    order: Places
    starts: Places
    counts: Places
    xs: Floats
    ys: Floats
    states: Bytes
    shares: Floats
    crowded: bool


@dataclass(frozen=True, eq=False)
class Drawn:
    """What was put on the window. members: for a gathered spot its cell, for a single one the point itself."""

    xs: Floats
    ys: Floats
    states: Bytes
    counts: Places
    members: Places
    cells: Cells | None

    def shares(self, at: int) -> Floats:
        """How much of a gathered spot wears each look, together 1."""
        assert self.cells is not None
        shares: Floats = self.cells.shares[self.members[at]]
        return shares


class Spots:
    """Draws and finds the points of a layer. Cells are laid by level of distance, so that moving changes nothing."""

    def __init__(self, layer: MapLayer) -> None:
        self.layer = layer
        self._levels: OrderedDict[int, Cells] = OrderedDict()

    def drawn(self, camera: Camera) -> Drawn:
        """What the window shows of the layer."""
        cells = self._cells(level_of(camera.scale))
        box = camera.box().grown(SPOT_PX * camera.scale)
        if not cells.crowded:
            seen = _inside(self.layer.xs, self.layer.ys, box)
            xs, ys = camera.pixels(self.layer.xs[seen], self.layer.ys[seen])
            return Drawn(xs, ys, self.layer.states[seen], np.ones(len(seen), np.int64), seen, None)
        seen = _inside(cells.xs, cells.ys, box.grown(CELL_PX * camera.scale / 2))
        xs, ys = camera.pixels(cells.xs[seen], cells.ys[seen])
        return Drawn(xs, ys, cells.states[seen], cells.counts[seen], seen, cells)

    def at(self, drawn: Drawn, px: float, py: float) -> Places:
        """The points under a pixel, nearest first: several where they are gathered. Empty: none."""
        if not len(drawn.xs):
            return np.zeros(0, np.int64)
        far = np.hypot(drawn.xs - px, drawn.ys - py)
        reach = np.maximum(REACH_PX, radius_of(drawn.counts) + 2)
        near = np.flatnonzero(far <= reach)
        near = near[np.argsort(far[near], kind="stable")]
        if drawn.cells is None or not len(near):
            return drawn.members[near]
        return members_of(drawn.cells, int(drawn.members[near[0]]))

    def within(self, box: Box) -> Places:
        """Every point in a rectangle of the map, gathered or not."""
        return _inside(self.layer.xs, self.layer.ys, box)

    def _cells(self, level: int) -> Cells:
        if level in self._levels:
            self._levels.move_to_end(level)
            return self._levels[level]
        made = self._levels[level] = gathered(self.layer, CELL_PX * 2.0**level)
        while len(self._levels) > KEPT_LEVELS:
            self._levels.popitem(last=False)
        return made


def gathered(layer: MapLayer, side: float) -> Cells:
    """The points of a layer in square cells of `side` metres."""
    if not len(layer.xs):
        none = np.zeros(0, np.int64)
        return Cells(none, none, none, np.zeros(0), np.zeros(0), np.zeros(0, np.uint8), np.zeros((0, 1)), crowded=False)
    columns, rows = (np.floor(values / side).astype(np.int64) for values in (layer.xs, layer.ys))
    keys = (columns - columns.min()) * (rows.max() - rows.min() + 1) + (rows - rows.min())
    order = np.argsort(keys, kind="stable")
    ordered = keys[order]
    starts = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]]))
    counts = np.diff(np.append(starts, len(ordered)))
    xs, ys = (np.add.reduceat(values[order], starts) / counts for values in (layer.xs, layer.ys))
    states = np.minimum.reduceat(layer.states[order], starts)
    looks = len(layer.looks)
    cell_of = np.repeat(np.arange(len(starts)), counts)
    worn = np.bincount(cell_of * looks + layer.states[order], minlength=len(starts) * looks).reshape(-1, looks)
    crowded = bool(np.percentile(counts, 95) > CROWDED)
    return Cells(order, starts, counts, xs, ys, states, worn / counts[:, None], crowded)


def members_of(cells: Cells, cell: int) -> Places:
    """The points a cell gathers."""
    start = int(cells.starts[cell])
    return cells.order[start : start + int(cells.counts[cell])]


def together(layer: MapLayer, members: Places) -> bool:
    """True when going nearer would not part them."""
    wide, high = np.ptp(layer.xs[members]), np.ptp(layer.ys[members])
    return bool(max(wide, high) < TOGETHER_M)


def radius_of(counts: Places) -> Floats:
    """How large a gathered spot is drawn, in pixels; a single one has the size of its picture."""
    return np.where(counts > 1, 9 + 3 * np.log10(np.maximum(counts, 1)), SPOT_PX / 2)


def paint_spots(painter: QPainter, layer: MapLayer, drawn: Drawn, ratio: float, palette: QPalette) -> None:
    """Put them on the window: single ones first, so that numbers stay readable."""
    single = drawn.counts == 1
    half = SPOT_PX / 2
    for state in np.unique(drawn.states[single])[::-1]:
        picture = spot(layer.looks[state], ratio, palette)
        mine = single & (drawn.states == state)
        draw = painter.drawPixmap
        # Whole pixels: a picture between them is blended anew every time, ten times as slow.
        lefts, tops = (np.round(values[mine] - half).astype(np.int64).tolist() for values in (drawn.xs, drawn.ys))
        for left, top in zip(lefts, tops, strict=True):
            draw(left, top, picture)
    if drawn.cells is not None:
        _paint_gathered(painter, layer, drawn, np.flatnonzero(~single), palette, ratio)


def _paint_gathered(
    painter: QPainter, layer: MapLayer, drawn: Drawn, which: Places, palette: QPalette, ratio: float
) -> None:
    """Spots with their numbers. The same ones come again at every move, so each picture is kept."""
    colours = tuple(look.colour(palette).name() for look in layer.looks)
    ground, ink = palette.color(QPalette.ColorRole.Base).name(), palette.color(QPalette.ColorRole.Text).name()
    family = painter.font().family()
    radii = np.round(radius_of(drawn.counts)).astype(np.int64)
    for at in which.tolist():
        radius = int(radii[at])
        shares = tuple(np.round(drawn.shares(at) * SHARES).astype(np.int64).tolist())
        words = number_words(int(drawn.counts[at]))
        picture = _gathered_picture(radius, words, shares, colours, ground, ink, family, ratio)
        painter.drawPixmap(round(drawn.xs[at]) - radius - 1, round(drawn.ys[at]) - radius - 1, picture)


@lru_cache(maxsize=2048)
def _gathered_picture(
    radius: int,
    words: str,
    shares: tuple[int, ...],
    colours: tuple[str, ...],
    ground: str,
    ink: str,
    family: str,
    ratio: float,
) -> QPixmap:
    side = 2 * radius + 2
    picture = QPixmap(round(side * ratio), round(side * ratio))
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    font = QFont(family)
    font.setPixelSize(NUMBER_PX)
    painter.setFont(font)
    whole = QRectF(1, 1, 2 * radius, 2 * radius)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(ground))
    painter.drawEllipse(whole)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    _paint_shares(painter, whole.adjusted(1.5, 1.5, -1.5, -1.5), shares, colours)
    painter.setPen(QColor(ink))
    painter.drawText(whole, Qt.AlignmentFlag.AlignCenter, words)
    painter.end()
    return picture


def _paint_shares(painter: QPainter, ring: QRectF, shares: Sequence[int], colours: Sequence[str]) -> None:
    """The ring around a gathered spot: each look as long as its share, the most important one first from the top."""
    start, total = QUARTER, sum(shares)
    for share, colour in zip(shares, colours, strict=False):
        if share:
            painter.setPen(QPen(QColor(colour), 3, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
            painter.drawArc(ring, start, round(-4 * QUARTER * share / total))
            start -= round(4 * QUARTER * share / total)


def number_words(count: int) -> str:
    """A number that fits into a spot: 12, 940, 1.2k, 38k."""
    if count < THOUSAND:
        return str(count)
    return f"{count / THOUSAND:.1f}k" if count < 10 * THOUSAND else f"{round(count / THOUSAND)}k"


def _inside(xs: Floats, ys: Floats, box: Box) -> Places:
    return np.flatnonzero((xs >= box.west) & (xs <= box.east) & (ys >= box.south) & (ys <= box.north))
