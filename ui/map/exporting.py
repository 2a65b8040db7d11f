"""The map as a picture for a report: PNG or PDF on white ground, with title, legend, scale bar, date and source."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QLineF, QMarginsF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QImage, QImageWriter, QPageSize, QPainter, QPalette, QPdfWriter

from app.base.disk import drop, part_beside
from app.base.words import _
from app.domain.problems import Unavailable
from ui.map.camera import Camera
from ui.map.furniture import map_font, paint_scale
from ui.map.layers import Geometry
from ui.map.looks import Look, draw_shape
from ui.map.scene import Scene
from ui.theme import palette as theme_palette

RATIO = 2
HEAD_PX, FOOT_PX, ROW_PX, SIGN_PX = 44, 30, 20, 14
LEGEND_COLUMN_PX = 170
PDF_DPI = 96


def write_picture(
    scene: Scene, camera: Camera, path: Path, *, title: str = "", note: str = "", date_words: str = ""
) -> None:
    """Write what the camera shows. The ending of the name decides: .pdf, else PNG.

    Raises Unavailable("map.picture_unwritable") when the place cannot be written.
    """
    rows = _legend_rows(scene, camera.width)
    height = HEAD_PX + camera.height + rows * ROW_PX + FOOT_PX
    drawn = _pdf if path.suffix.lower() == ".pdf" else _png
    data = drawn(scene, camera, height, (title or _("地图"), note, date_words))
    part = part_beside(path)
    try:
        part.write_bytes(data)
        part.replace(path)
    except OSError as error:
        drop(part)
        raise Unavailable("map.picture_unwritable", name=path.name) from error


def _png(scene: Scene, camera: Camera, height: int, words: tuple[str, str, str]) -> bytes:
    picture = QImage(camera.width * RATIO, height * RATIO, QImage.Format.Format_RGB32)
    picture.setDevicePixelRatio(RATIO)
    picture.fill(QColor("white"))
    painter = QPainter(picture)
    _paint(painter, scene, camera, height, words)
    painter.end()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"png")).write(picture)
    return bytes(buffer.data().data())


def _pdf(scene: Scene, camera: Camera, height: int, words: tuple[str, str, str]) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setTitle(words[0])
    inches = QSizeF(camera.width / PDF_DPI, height / PDF_DPI)
    writer.setPageSize(QPageSize(inches, QPageSize.Unit.Inch, "", QPageSize.SizeMatchPolicy.ExactMatch))
    writer.setPageMargins(QMarginsF(0, 0, 0, 0))
    painter = QPainter(writer)
    painter.scale(writer.width() / camera.width, writer.height() / height)
    _paint(painter, scene, camera, height, words)
    painter.end()
    return bytes(buffer.data().data())


def _paint(painter: QPainter, scene: Scene, camera: Camera, height: int, words: tuple[str, str, str]) -> None:
    title, note, date_words = words
    colours = theme_palette(dark=False)
    ink = colours.color(QPalette.ColorRole.Text)
    painter.setPen(ink)
    painter.setFont(map_font(painter, 18))
    painter.drawText(QRectF(0, 0, camera.width, HEAD_PX), Qt.AlignmentFlag.AlignCenter, title)
    painter.save()
    painter.translate(0, HEAD_PX)
    painter.setClipRect(0, 0, camera.width, camera.height)
    painter.setFont(map_font(painter))
    scene.paint(painter, camera, colours, RATIO)
    paint_scale(painter, camera, colours)
    painter.restore()
    _paint_legend(painter, scene, camera.width, HEAD_PX + camera.height, colours)
    foot = QRectF(12, height - FOOT_PX, camera.width - 24, FOOT_PX)
    painter.setFont(map_font(painter))
    painter.setPen(ink)
    painter.drawText(foot, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, note)
    painter.drawText(foot, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, date_words)


def legend_of(scene: Scene) -> list[tuple[Geometry, Look, str]]:
    """What the legend explains: every look that something in sight wears."""
    found = []
    for drawing in scene.shown:
        layer = drawing.layer
        worn = sorted(set(layer.states.tolist()))
        for state in worn:
            look = layer.looks[state]
            words = layer.title if len(layer.looks) == 1 or not look.word else f"{layer.title} · {look.word}"
            found.append((layer.geometry, look, words))
    return found


def _legend_rows(scene: Scene, width: int) -> int:
    return -(-len(legend_of(scene)) // max(1, width // LEGEND_COLUMN_PX))


def _paint_legend(painter: QPainter, scene: Scene, width: int, top: int, palette: QPalette) -> None:
    columns = max(1, width // LEGEND_COLUMN_PX)
    painter.setFont(map_font(painter))
    for at, (geometry, look, words) in enumerate(legend_of(scene)):
        row, column = divmod(at, columns)
        left, middle = 12 + column * LEGEND_COLUMN_PX, top + row * ROW_PX + ROW_PX / 2
        paint_sign(painter, geometry, look, QRectF(left, middle - SIGN_PX / 2, SIGN_PX, SIGN_PX), palette)
        painter.setPen(palette.color(QPalette.ColorRole.Text))
        room = QRectF(left + SIGN_PX + 6, middle - ROW_PX / 2, LEGEND_COLUMN_PX - SIGN_PX - 14, ROW_PX)
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, words)


def paint_sign(painter: QPainter, geometry: Geometry, look: Look, inside: QRectF, palette: QPalette) -> None:
    """How a thing of that look is drawn, small."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if geometry == Geometry.POINTS:
        draw_shape(
            painter,
            look.shape,
            inside.adjusted(1.5, 1.5, -1.5, -1.5),
            look.colour(palette),
            palette.color(QPalette.ColorRole.Base),
        )
        return
    painter.setPen(look.pen(palette))
    if geometry == Geometry.LINES:
        painter.drawLine(QLineF(inside.left(), inside.center().y(), inside.right(), inside.center().y()))
        return
    colour = look.colour(palette)
    colour.setAlpha(look.fill)
    painter.setBrush(colour)
    painter.drawRect(inside.adjusted(0.5, 1.5, -0.5, -1.5))
    painter.setBrush(Qt.BrushStyle.NoBrush)
