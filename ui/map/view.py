"""The map: layers of the office drawn without any line to the outside, moved with mouse or keys, asked by click."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPalette, QPen, QWheelEvent
from PySide6.QtWidgets import QToolTip, QWidget

from app.base.words import _
from app.domain.grids import Boundary
from ui.map.camera import Box
from ui.map.editing import AreaEdit
from ui.map.furniture import paint_cross
from ui.map.hands import Hands
from ui.map.layers import MapHit, MapLayer
from ui.map.surface import MapSurface
from ui.naming import name


class Mode(StrEnum):
    """What a click means now."""

    LOOK = "look"
    PLACE = "place"
    EDIT = "edit"


class MapView(MapSurface):
    """`picked(MapHit)` on a click; `selected(list of MapHit)` for a rectangle (Shift and drag) or points in one spot.

    `placed(longitude, latitude)` answers `ask_place`; `edited(Boundary)` follows every change while `edit_area` lasts;
    `doubled` on a double click (outside place mode it goes nearer by itself); `layer_changed(name)` when the keys go to
    another layer. chooses: dragging draws a rectangle without Shift too.
    """

    picked = Signal(object)
    selected = Signal(object)
    placed = Signal(float, float)
    edited = Signal(object)
    layer_changed = Signal(str)
    doubled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        name(self, "map_view", _("地图"), _("方向键移动,加减号缩放,Home 看全区,Tab 换图层,回车打开,空格列出视野内"))
        self.setToolTip("")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.mode = Mode.LOOK
        self.active = ""
        self.chooses = False
        self.edit: AreaEdit | None = None
        self._hands = Hands(self)

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

    def click(self, px: float, py: float) -> None:
        """What a click at a pixel does in the mode of now."""
        if self.mode == Mode.PLACE:
            longitude, latitude = self.camera.degrees(px, py)
            self.set_pin(longitude, latitude)
            self.placed.emit(round(longitude, 7), round(latitude, 7))
            return
        if self.mode == Mode.EDIT:
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

    def set_chooses(self, chooses: bool) -> None:
        """Let dragging draw a rectangle, or move the map again."""
        self.chooses = chooses
        self.show_cursor()

    def show_cursor(self) -> None:
        """The pointer of the mode of now."""
        aims = self.mode == Mode.PLACE or self.chooses
        self.setCursor(Qt.CursorShape.CrossCursor if aims else Qt.CursorShape.ArrowCursor)

    def _set_mode(self, mode: Mode) -> None:
        self.mode = mode
        self.show_cursor()
        QToolTip.hideText()
        self.update()

    def paint_over(self, painter: QPainter, palette: QPalette) -> None:
        """The boundary worked on, the cross of the keys, the rectangle being drawn."""
        if self.edit is not None:
            self.edit.paint(painter, self.camera, palette)
        if self._hands.shows_cross:
            paint_cross(painter, self.width() / 2, self.height() / 2, palette)
        rectangle = self._hands.rectangle
        if rectangle is not None:
            colour = palette.color(QPalette.ColorRole.Accent)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(colour, 1.5, Qt.PenStyle.DashLine))
            painter.drawRect(rectangle)
            colour.setAlpha(30)
            painter.fillRect(rectangle, colour)


__all__ = ["MapHit", "MapLayer", "MapView", "Mode"]
