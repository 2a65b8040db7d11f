"""What helps to read a map: names that do not cover each other, the net of degrees, the scale bar, the cross of the keys."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from math import ceil, cos, floor, log10, radians
from typing import NamedTuple

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPaintEngine, QPainter, QPainterPath, QPalette, QPen, QPixmap

from app.domain.mercator import to_degrees, to_metres
from ui.map.camera import Camera

Role = QPalette.ColorRole
FONT_PX = 12
MOST_NAMES = 400
BAR_PX = 120
NET_PX = 160
NET_ALPHA = 130
HALO_PX, HALO_ALPHA = 3, 220
ROUND_STEPS = (1, 2, 5)
MARGIN = 12
ASIDE_PX = (0, -24, 24)
SAME_PX = 60
EDGE_PX = 28


class Name(NamedTuple):
    """A name that wants to stand at a place of the window. weight: the heaviest is placed first."""

    x: float
    y: float
    text: str
    weight: float


def map_font(painter: QPainter, px: int = FONT_PX) -> QFont:
    """The font of everything written on the map."""
    font = QFont(painter.font())
    font.setPixelSize(px)
    return font


def paint_names(
    painter: QPainter, names: Iterable[Name], palette: QPalette, covered: Sequence[QRectF] = ()
) -> list[QRectF]:
    """Write the names that find room, the heaviest first, a little aside where something stands; gives where they are.

    The same name is not written twice beside itself: a street and its duty grid often bear one.
    """
    font = map_font(painter)
    measure = QFontMetricsF(font)
    taken = list(covered)
    written: dict[str, list[QRectF]] = {}
    for name in sorted(names, key=lambda one: -one.weight)[:MOST_NAMES]:
        wide, high = measure.horizontalAdvance(name.text), measure.height()
        first = QRectF(name.x - wide / 2, name.y - high / 2, wide, high).adjusted(-HALO_PX, -1, HALO_PX, 1)
        tried = (first.translated(0, down) for down in ASIDE_PX)
        room = next((one for one in tried if not any(one.intersects(other) for other in taken)), None)
        if room is None or any(near.intersects(room) for near in written.get(name.text, ())):
            continue
        taken.append(room)
        written.setdefault(name.text, []).append(room.adjusted(-SAME_PX, -SAME_PX, SAME_PX, SAME_PX))
        _write(painter, room, name.text, font, palette)
    return taken[len(covered) :]


def _write(painter: QPainter, room: QRectF, text: str, font: QFont, palette: QPalette) -> None:
    """One name with its halo: as outlines on paper, on a screen as a picture that is kept."""
    ground, ink = palette.color(Role.Base), palette.color(Role.Text)
    if painter.paintEngine().type() == QPaintEngine.Type.Pdf:
        painter.save()
        painter.translate(room.topLeft())
        _outline(painter, text, font, ground, ink)
        painter.restore()
        return
    size = (ceil(room.width()), ceil(room.height()))
    ratio = painter.device().devicePixelRatioF()
    picture = _name_picture(text, font.toString(), size, ground.name(), ink.name(), ratio)
    painter.drawPixmap(round(room.left()), round(room.top()), picture)


@lru_cache(maxsize=1024)
def _name_picture(text: str, font: str, size: tuple[int, int], ground: str, ink: str, ratio: float) -> QPixmap:
    picture = QPixmap(round(size[0] * ratio), round(size[1] * ratio))
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    written = QFont()
    written.fromString(font)
    _outline(painter, text, written, QColor(ground), QColor(ink))
    painter.end()
    return picture


def _outline(painter: QPainter, text: str, font: QFont, ground: QColor, ink: QColor) -> None:
    path = QPainterPath()
    path.addText(QPointF(HALO_PX, 1 + QFontMetricsF(font).ascent()), font, text)
    ground.setAlpha(HALO_ALPHA)
    halo = QPen(ground, HALO_PX, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
    painter.strokePath(path, halo)
    painter.fillPath(path, ink)


def round_step(least: float) -> float:
    """The first of 1, 2, 5, 10, 20… (or 0.5, 0.2…) that is at least as large."""
    power = 10.0 ** floor(log10(least))
    return next((step * power for step in ROUND_STEPS if step * power >= least), 10 * power)


def scale_words(camera: Camera) -> tuple[float, str]:
    """How long the scale bar is in pixels, and what it says: metres on the ground at the middle of the window."""
    _lon, lat = to_degrees(camera.x, camera.y)
    ground = camera.scale * cos(radians(lat))
    metres = round_step(ground * BAR_PX / 2)
    said = f"{metres / 1000:g} km" if metres >= 1000 else f"{metres:g} m"
    return metres / ground, said


def paint_scale(painter: QPainter, camera: Camera, palette: QPalette) -> None:
    """The scale bar in the lower left corner."""
    long, said = scale_words(camera)
    bottom = camera.height - MARGIN
    bar = [
        QLineF(MARGIN, bottom - 5, MARGIN, bottom),
        QLineF(MARGIN, bottom, MARGIN + long, bottom),
        QLineF(MARGIN + long, bottom, MARGIN + long, bottom - 5),
    ]
    for colour, width in ((palette.color(Role.Base), 4.0), (palette.color(Role.Text), 1.5)):
        painter.setPen(QPen(colour, width))
        painter.drawLines(bar)
    text = QFontMetricsF(map_font(painter)).horizontalAdvance(said)
    paint_names(painter, [Name(MARGIN + max(long, text) / 2 + 3, bottom - 14, said, 0)], palette)


def paint_net(painter: QPainter, camera: Camera, palette: QPalette) -> None:
    """Meridians and parallels with their degrees: what there is to hold on to where nothing else is in sight."""
    box = camera.box()
    (west, south), (east, north) = to_degrees(box.west, box.south), to_degrees(box.east, box.north)
    step = round_step(max(1e-6, (east - west) * NET_PX / camera.width))
    decimals = max(0, -floor(log10(step) + 1e-9))
    colour = QColor(palette.color(Role.Mid))
    colour.setAlpha(NET_ALPHA)
    names = []
    for at in _steps(west, east, step):
        x = camera.pixel(to_metres(at, 0)[0], 0)[0]
        painter.fillRect(round(x), 0, 1, camera.height, colour)
        names.append(Name(min(max(x, EDGE_PX), camera.width - EDGE_PX), 10, f"{at:.{decimals}f}°", 1))
    for at in _steps(south, north, step):
        y = camera.pixel(0, to_metres(0, at)[1])[1]
        painter.fillRect(0, round(y), camera.width, 1, colour)
        names.append(Name(camera.width - 34, max(y, EDGE_PX), f"{at:.{decimals}f}°", 0))
    paint_names(painter, names, palette)


def paint_cross(painter: QPainter, x: float, y: float, palette: QPalette) -> None:
    """Where the keys point."""
    lines = [
        QLineF(x - 12, y, x - 4, y),
        QLineF(x + 4, y, x + 12, y),
        QLineF(x, y - 12, x, y - 4),
        QLineF(x, y + 4, x, y + 12),
    ]
    for colour, width in ((palette.color(Role.Base), 4.0), (palette.color(Role.Text), 1.5)):
        painter.setPen(QPen(colour, width))
        painter.drawLines(lines)


def paint_pin(painter: QPainter, x: float, y: float, palette: QPalette) -> None:
    """A place that was chosen or looked for."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    drop = QPainterPath(QPointF(x, y))
    drop.cubicTo(QPointF(x - 3, y - 8), QPointF(x - 9, y - 12), QPointF(x - 9, y - 18))
    drop.arcTo(QRectF(x - 9, y - 27, 18, 18), 180, -180)
    drop.cubicTo(QPointF(x + 9, y - 12), QPointF(x + 3, y - 8), QPointF(x, y))
    painter.strokePath(drop, QPen(palette.color(Role.Base), 3))
    painter.fillPath(drop, palette.color(Role.Accent))
    painter.setBrush(palette.color(Role.Base))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.drawEllipse(QPointF(x, y - 18), 3.5, 3.5)


def _steps(low: float, high: float, step: float) -> list[float]:
    first = floor(low / step)
    return [step * (first + at) for at in range(1, int((high - low) / step) + 2) if step * (first + at) <= high]
