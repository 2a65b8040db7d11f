"""The map: layers of the office drawn without any line to the outside, moved with mouse or keys, asked by click."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPalette, QPen, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QToolTip, QWidget

from app.base.words import _
from app.domain.grids import Boundary
from app.domain.mercator import to_degrees, to_metres
from ui.map.backdrop import Backdrop
from ui.map.camera import Box, Camera
from ui.map.editing import AreaEdit
from ui.map.furniture import paint_cross, paint_pin, paint_scale
from ui.map.hands import Hands
from ui.map.layers import MapHit, MapLayer
from ui.map.scene import Ground, Scene
from ui.naming import name

CHINA = Box.of_degrees(73.5, 18.0, 135.1, 53.6)
PIN_SPAN_M = 400.0


class Mode(StrEnum):
    """What a click means now."""

    LOOK = "look"
    PLACE = "place"
    EDIT = "edit"


class MapView(QWidget):
    """`picked(MapHit)` on a click; `selected(list of MapHit)` for a rectangle (Shift and drag) or points in one spot.

    `placed(longitude, latitude)` answers `ask_place`; `edited(Boundary)` follows every change while `edit_area` lasts;
    `doubled` on a double click (outside place mode it goes nearer by itself).
    `moved` when another piece of the map is in sight; `layer_changed(name)` when the keys go to another layer.
    """

    picked = Signal(object)
    selected = Signal(object)
    placed = Signal(float, float)
    edited = Signal(object)
    moved = Signal()
    layer_changed = Signal(str)
    doubled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        name(self, "map_view", _("地图"), _("方向键移动,加减号缩放,Home 看全区,Tab 换图层,回车打开"))
        self.setToolTip("")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setMinimumSize(120, 90)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.scene = Scene()
        self.camera = Camera(0, 0, 1, 100, 100).fitted(CHINA)
        self.mode = Mode.LOOK
        self.active = ""
        self.edit: AreaEdit | None = None
        self._pin: tuple[float, float] | None = None
        self._wanted: Box | None = None
        self._looked = False
        self._backdrop = Backdrop()
        self._hands = Hands(self)

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

    def ask_place(self) -> None:
        """From now on a click (Enter: the middle) answers `placed`; Escape ends it."""
        self._set_mode(Mode.PLACE)

    def edit_area(self, boundary: Boundary) -> None:
        """Show handles on the corners: drag one, click an edge to insert one, Delete removes, Ctrl+Z goes back."""
        self.edit = AreaEdit(boundary)
        self._set_mode(Mode.EDIT)
        box = self.edit.box()
        if box is not None:
            self._look(box.grown(20))

    def stop(self) -> None:
        """Back to looking: no place is asked for, no boundary is worked on."""
        self.edit = None
        self._set_mode(Mode.LOOK)

    def undo_edit(self) -> bool:
        """Take the last change of the boundary back; False: there is none."""
        done = self.edit is not None and self.edit.undo()
        if done:
            self.tell_edit()
        return done

    def tell_edit(self) -> None:
        """Say what the boundary is now."""
        if self.edit is not None:
            self.edited.emit(self.edit.boundary())
            self.update()

    def export(self, path: Path, title: str = "", note: str = "", date_words: str = "") -> None:
        """What is in sight as PNG or PDF with title, legend, scale bar, date and source. Raises Unavailable."""
        from ui.map.exporting import write_picture

        write_picture(self.scene, self.camera, Path(path), title=title, note=note, date_words=date_words)

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

    def click(self, px: float, py: float) -> None:
        """What a click at a pixel does in the mode of now."""
        if self.mode == Mode.PLACE:
            longitude, latitude = self.camera.degrees(px, py)
            self.set_pin(longitude, latitude)
            self.placed.emit(round(longitude, 7), round(latitude, 7))
            return
        found = self.scene.at(self.camera, px, py)
        if found.gathered is not None:
            self._look(found.gathered)
            return
        points = [hit for hit in found.hits if found.hits[0].layer == hit.layer]
        if len(points) > 1 and self.is_points(points[0].layer):
            self.selected.emit(points)
        elif found.hits:
            self.picked.emit(found.hits[0])

    def is_points(self, layer: str) -> bool:
        """True when a layer is one of points."""
        drawing = self.scene.named(layer)
        return drawing is not None and drawing.spots is not None

    def choose(self, box: Box) -> None:
        """Tell everything in a rectangle."""
        self.selected.emit(self.scene.within(box))

    @property
    def walks_layers(self) -> bool:
        """Tab goes through the layers only where things may be opened."""
        return self.mode == Mode.LOOK

    def go_to_layer(self, forward: bool) -> bool:
        """Give the keys the next layer in sight that has anything; False: there is none further."""
        names = [drawing.layer.name for drawing in reversed(self.scene.shown) if len(drawing.layer)]
        at = names.index(self.active) if self.active in names else (-1 if forward else len(names))
        at += 1 if forward else -1
        if not 0 <= at < len(names):
            self.active = ""
            return False
        self.active = names[at]
        drawing = self.scene.named(self.active)
        self.setAccessibleDescription(drawing.layer.title if drawing is not None else "")
        self.layer_changed.emit(self.active)
        self.update()
        return True

    def open_nearest(self) -> None:
        """Open what lies under the cross; without it, the nearest of the layer the keys are on."""
        if self.mode == Mode.PLACE:
            self.click(self.width() / 2, self.height() / 2)
            return
        hit = self.scene.nearest(self.camera, self.active)
        if hit is not None:
            self.picked.emit(hit)

    def tell_under(self, px: float, py: float) -> str:
        """The words of what lies under a pixel, for the pointer that rests there."""
        found = self.scene.at(self.camera, px, py)
        return "\n".join(hit.title for hit in found.hits[:6] if hit.title)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the map."""
        painter = QPainter(self)
        palette = self.palette()
        self.scene.paint(painter, self.camera, palette, self.devicePixelRatioF(), self._backdrop)
        paint_scale(painter, self.camera, palette)
        if self._pin is not None:
            paint_pin(painter, *self.camera.pixel(*self._pin), palette)
        if self.edit is not None:
            self.edit.paint(painter, self.camera, palette)
        if self._hands.shows_cross:
            paint_cross(painter, self.width() / 2, self.height() / 2, palette)
        self._paint_frames(painter, palette)
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the middle; before the first showing, what was asked for."""
        super().resizeEvent(event)
        self.camera = self.camera.sized(self.width(), self.height())
        if self._wanted is not None:
            self._look(self._wanted)

    def sizeHint(self) -> QSize:
        """Room enough to see something."""
        return QSize(480, 360)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin to move the map, a rectangle or a corner."""
        self._hands.press(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go on with it."""
        self._hands.move(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End it; without a way made it was a click."""
        self._hands.release(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Nearer; where a place is asked for, that it is meant."""
        if self.mode == Mode.LOOK and event.button() == Qt.MouseButton.LeftButton:
            self.see(self.camera.zoomed(2, event.position().x(), event.position().y()))
        self.doubled.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Nearer or farther, the place under the pointer stays."""
        self._hands.wheel(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Everything the mouse can do."""
        if not self._hands.key(event):
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """Tab goes through the layers before it leaves the map."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and self._hands.tab(event):
            return True
        if event.type() == QEvent.Type.ToolTip:
            self._hands.tell(event)
            return True
        return super().event(event)

    def _look(self, box: Box) -> None:
        self._looked = True
        self.see(self.camera.fitted(box))
        if not self.isVisible():
            self._wanted = box

    def show_cursor(self) -> None:
        """The pointer of the mode of now."""
        self.setCursor(Qt.CursorShape.CrossCursor if self.mode == Mode.PLACE else Qt.CursorShape.ArrowCursor)

    def _set_mode(self, mode: Mode) -> None:
        self.mode = mode
        self.show_cursor()
        QToolTip.hideText()
        self.update()

    def _paint_frames(self, painter: QPainter, palette: QPalette) -> None:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        rectangle = self._hands.rectangle
        if rectangle is not None:
            colour = palette.color(QPalette.ColorRole.Accent)
            painter.setPen(QPen(colour, 1.5, Qt.PenStyle.DashLine))
            colour.setAlpha(30)
            painter.fillRect(rectangle, colour)
            painter.drawRect(rectangle)
        wide = 2 if self.hasFocus() else 1
        painter.setPen(
            QPen(palette.color(QPalette.ColorRole.Accent if self.hasFocus() else QPalette.ColorRole.Mid), wide)
        )
        painter.drawRect(QRectF(self.rect()).adjusted(wide / 2, wide / 2, -wide / 2, -wide / 2))


__all__ = ["MapHit", "MapLayer", "MapView", "Mode"]
