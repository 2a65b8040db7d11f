"""The drawn side of the map: its layers, where one looks, the pin; what hands do to it is in `ui.map.view`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QPen, QResizeEvent
from PySide6.QtWidgets import QWidget

from app.domain.mercator import to_degrees, to_metres
from ui.map.backdrop import Backdrop
from ui.map.camera import Box, Camera
from ui.map.furniture import paint_pin, paint_scale
from ui.map.layers import MapHit, MapLayer
from ui.map.scene import Ground, Scene

CHINA = Box.of_degrees(73.5, 18.0, 135.1, 53.6)
PIN_SPAN_M = 400.0


class MapSurface(QWidget):
    """`moved` when another piece of the map is in sight."""

    moved = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMinimumSize(120, 90)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.scene = Scene()
        self.camera = Camera(0, 0, 1, 100, 100).fitted(CHINA)
        self._pin: tuple[float, float] | None = None
        self._wanted: Box | None = None
        self._looked = False
        self._backdrop = Backdrop()

    def set_layers(self, layers: Sequence[MapLayer]) -> None:
        """Show these layers, the first lowest; which are hidden, and where one looks, stays. The first ones are fitted."""
        first = self.scene.box() is None
        hidden = {drawing.layer.name for drawing in self.scene.drawings if not drawing.shown}
        self.scene.set_layers(layers, hidden)
        if first and not self._looked:
            self.home()
            self._looked = False
        self.update()

    def show_layer(self, layer: str, shown: bool) -> None:
        """Draw a layer or leave it out."""
        drawing = self.scene.named(layer)
        if drawing is not None:
            drawing.shown = shown
            self.update()

    def set_ground(self, ground: Ground | None) -> None:
        """Lay a base map under everything, or take it away."""
        self.scene.ground = ground
        self.update()

    def home(self) -> None:
        """Everything there is, as large as it goes."""
        box = self.scene.box()
        if box is not None:
            self._look(box.grown(50))

    def look_at(self, west: float, south: float, east: float, north: float) -> None:
        """Go to a rectangle in degrees."""
        self._look(Box.of_degrees(west, south, east, north))

    def look_at_box(self, box: Box) -> None:
        """Go to a rectangle of the flat map."""
        self._look(box)

    def look_at_place(self, longitude: float, latitude: float, span_m: float = PIN_SPAN_M) -> None:
        """Go to a place in degrees, and put the pin there."""
        x, y = to_metres(longitude, latitude)
        self._pin = (x, y)
        self._look(Box(x, y, x, y).grown(span_m / 2))

    def look_at_hit(self, hit: MapHit) -> bool:
        """Go to a thing of some layer; False: no layer has it (yet)."""
        box = self.scene.box_of(hit)
        if box is None:
            return False
        if box.west == box.east and box.south == box.north:
            self.look_at_place(*to_degrees(box.west, box.south))
        else:
            self._look(box)
        return True

    def set_pin(self, longitude: float | None, latitude: float | None) -> None:
        """Put the pin somewhere without going there; None takes it away."""
        self._pin = None if longitude is None or latitude is None else to_metres(longitude, latitude)
        self.update()

    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east, north of what is in sight, in degrees."""
        box = self.camera.box()
        return (*to_degrees(box.west, box.south), *to_degrees(box.east, box.north))

    def see(self, camera: Camera) -> None:
        """Show another piece of the map."""
        self.camera = camera
        self._wanted = None
        self.moved.emit()
        self.update()

    def export(self, path: Path, title: str = "", note: str = "", date_words: str = "") -> None:
        """What is in sight as PNG or PDF with title, legend, scale bar, date and source. Raises Unavailable."""
        from ui.map.exporting import write_picture

        write_picture(self.scene, self.camera, Path(path), title=title, note=note, date_words=date_words)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the middle; before the first showing, what was asked for."""
        super().resizeEvent(event)
        self.camera = self.camera.sized(self.width(), self.height())
        if self._wanted is not None:
            self._look(self._wanted)

    def sizeHint(self) -> QSize:
        """Room enough to see something."""
        return QSize(480, 360)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the map."""
        painter = QPainter(self)
        palette = self.palette()
        self.scene.paint(painter, self.camera, palette, self.devicePixelRatioF(), self._backdrop)
        paint_scale(painter, self.camera, palette)
        if self._pin is not None:
            paint_pin(painter, *self.camera.pixel(*self._pin), palette)
        self.paint_over(painter, palette)
        wide = 2 if self.hasFocus() else 1
        frame = palette.color(QPalette.ColorRole.Accent if self.hasFocus() else QPalette.ColorRole.Mid)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(frame, wide))
        painter.drawRect(QRectF(self.rect()).adjusted(wide / 2, wide / 2, -wide / 2, -wide / 2))
        painter.end()

    def paint_over(self, painter: QPainter, palette: QPalette) -> None:
        """What is drawn over the map while somebody works on it; nothing here."""

    def _look(self, box: Box) -> None:
        self._looked = True
        self.see(self.camera.fitted(box))
        if not self.isVisible():
            self._wanted = box
