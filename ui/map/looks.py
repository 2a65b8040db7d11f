"""How things look on the map: a shape and a colour together, so that nobody needs the colour to tell two apart."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import cos, pi, sin

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPalette, QPen, QPixmap

from ui.theme import LIGHT_LOOKS

Role = QPalette.ColorRole
SPOT_PX = 13
CLEAR = 0
DARK = 128


@dataclass(frozen=True)
class Look:
    """word: what the legend says, in the language in use. shape: one of SHAPES. colours: as on light and as on dark ground.

    fill: how much of an area's inside is coloured, 0 to 255. width, dashed: of its outline or line.
    """

    word: str
    shape: str = "●"
    on_light: str = "#27598f"
    on_dark: str = "#8fb8e6"
    fill: int = CLEAR
    width: float = 1.5
    dashed: bool = False

    def colour(self, palette: QPalette) -> QColor:
        """The colour on the ground of that palette; paper is light in a dark room too."""
        return QColor(self.on_dark if palette.color(Role.Base).lightness() < DARK else self.on_light)

    def pen(self, palette: QPalette) -> QPen:
        """For outlines and lines: as wide at every distance."""
        pen = QPen(self.colour(palette), self.width)
        pen.setCosmetic(True)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        pen.setStyle(Qt.PenStyle.DashLine if self.dashed else Qt.PenStyle.SolidLine)
        return pen


def light_look(light: str, word: str) -> Look:
    """The look of a deadline's light: a key of LIGHT_LOOKS."""
    look = LIGHT_LOOKS[light]
    return Look(word, look.shape, look.on_light, look.on_dark)


def spot(look: Look, ratio: float, palette: QPalette) -> QPixmap:
    """The picture of a point, with an edge in the ground's colour that keeps neighbours apart."""
    return _spot(look.shape, look.colour(palette).name(), palette.color(Role.Base).name(), ratio)


@lru_cache(maxsize=256)
def _spot(shape: str, colour: str, edge: str, ratio: float) -> QPixmap:
    side = round(SPOT_PX * ratio)
    picture = QPixmap(side, side)
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    draw_shape(painter, shape, QRectF(1, 1, SPOT_PX - 2, SPOT_PX - 2), QColor(colour), QColor(edge))
    painter.end()
    return picture


def draw_shape(painter: QPainter, shape: str, inside: QRectF, colour: QColor, edge: QColor) -> None:
    """Draw a shape of SHAPES into a square."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    path = SHAPES[shape](inside)
    halo = QPen(edge, 2.0)
    halo.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    if shape in OPEN_SHAPES:
        painter.strokePath(path, QPen(edge, 5.0))
        painter.strokePath(path, QPen(colour, 2.4))
        return
    painter.strokePath(path, halo)
    painter.fillPath(path, colour)
    if shape == "◐":
        half = QPainterPath()
        half.arcMoveTo(inside.adjusted(2, 2, -2, -2), -90)
        half.arcTo(inside.adjusted(2, 2, -2, -2), -90, 180)
        painter.fillPath(half, edge)


def _disc(inside: QRectF) -> QPainterPath:
    path = QPainterPath()
    path.addEllipse(inside.adjusted(0.5, 0.5, -0.5, -0.5))
    return path


def _corners(inside: QRectF, count: int, turn: float = 0) -> QPainterPath:
    """A regular polygon; its first corner points up, turned by `turn`."""
    half, middle = inside.width() / 2, inside.center()
    turns = [turn + 2 * pi * at / count for at in range(count)]
    path = QPainterPath()
    path.addPolygon([QPointF(middle.x() + half * sin(at), middle.y() - half * cos(at)) for at in turns])
    path.closeSubpath()
    return path


def _triangle(inside: QRectF) -> QPainterPath:
    return _corners(inside.translated(0, 1.5), 3)


def _diamond(inside: QRectF) -> QPainterPath:
    return _corners(inside, 4)


def _square(inside: QRectF) -> QPainterPath:
    return _corners(inside.adjusted(-0.5, -0.5, 0.5, 0.5), 4, pi / 4)


def _hexagon(inside: QRectF) -> QPainterPath:
    return _corners(inside, 6)


def _bars(inside: QRectF) -> QPainterPath:
    path = QPainterPath()
    for left in (0.16, 0.58):
        path.addRect(inside.left() + inside.width() * left, inside.top(), inside.width() * 0.26, inside.height())
    return path


def _tick(inside: QRectF) -> QPainterPath:
    return _stroke(inside, ((0.1, 0.55), (0.4, 0.85), (0.9, 0.15)))


def _cross(inside: QRectF) -> QPainterPath:
    path = _stroke(inside, ((0.15, 0.15), (0.85, 0.85)))
    path.addPath(_stroke(inside, ((0.85, 0.15), (0.15, 0.85))))
    return path


def _ring(inside: QRectF) -> QPainterPath:
    path = QPainterPath()
    path.addEllipse(inside.adjusted(1.5, 1.5, -1.5, -1.5))
    return path


def _stroke(inside: QRectF, points: tuple[tuple[float, float], ...]) -> QPainterPath:
    path = QPainterPath()
    for at, (right, down) in enumerate(points):
        point = QPointF(inside.left() + right * inside.width(), inside.top() + down * inside.height())
        if at == 0:
            path.moveTo(point)
        else:
            path.lineTo(point)
    return path


SHAPES = {
    "●": _disc,
    "◐": _disc,
    "▲": _triangle,
    "◆": _diamond,
    "■": _square,
    "⬢": _hexagon,
    "‖": _bars,
    "✓": _tick,
    "×": _cross,
    "○": _ring,
}
OPEN_SHAPES = frozenset({"✓", "×", "○"})
