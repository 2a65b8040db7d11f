"""Mouse and keys on the map."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import QHelpEvent, QKeyEvent, QKeySequence, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QToolTip

from ui.map.camera import Box

if TYPE_CHECKING:
    from ui.map.view import MapView

SLOP_PX = 4
KEY_STEP = 0.15
ZOOM_STEP = 1.5
WHEEL_NOTCH = 120
Key = Qt.Key
_WAYS = {Key.Key_Left: (-1, 0), Key.Key_Right: (1, 0), Key.Key_Up: (0, -1), Key.Key_Down: (0, 1)}
_NEARER, _FARTHER = (Key.Key_Plus, Key.Key_Equal), (Key.Key_Minus, Key.Key_Underscore)


class Hands:
    """What a person's hands do on one map. rectangle: what is being drawn; shows_cross: the keys were used last."""

    def __init__(self, view: MapView) -> None:
        self._view = view
        self._from: QPointF | None = None
        self._last = QPointF()
        self._way_made = False
        self._drags_corner = False
        self.rectangle: QRectF | None = None
        self.shows_cross = False

    def press(self, event: QMouseEvent) -> None:
        """A button went down."""
        if event.button() not in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton):
            return
        self._from = self._last = event.position()
        self._way_made = False
        self.shows_cross = False
        view = self._view
        self._drags_corner = view.edit is not None and view.edit.grab(view.camera, self._last.x(), self._last.y())
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if view.walks_layers and (shift or view.chooses) and event.button() == Qt.MouseButton.LeftButton:
            self.rectangle = QRectF(self._last, self._last)
        view.update()

    def move(self, event: QMouseEvent) -> None:
        """The mouse moves, a button down or not."""
        if self._from is None:
            return
        at = event.position()
        if not self._way_made and (at - self._from).manhattanLength() < SLOP_PX:
            return
        self._way_made = True
        view = self._view
        if self._drags_corner and view.edit is not None:
            view.edit.drag(*view.camera.place(at.x(), at.y()))
            view.update()
        elif self.rectangle is not None:
            self.rectangle = QRectF(self._from, at).normalized()
            view.update()
        else:
            view.setCursor(Qt.CursorShape.ClosedHandCursor)
            view.see(view.camera.moved(self._last.x() - at.x(), self._last.y() - at.y()))
        self._last = at

    def release(self, event: QMouseEvent) -> None:
        """A button came up."""
        if self._from is None:
            return
        at, moved, rectangle = event.position(), self._way_made, self.rectangle
        corner, self._from, self.rectangle, self._drags_corner = self._drags_corner, None, None, False
        view = self._view
        if corner and view.edit is not None:
            if view.edit.drop():
                view.tell_edit()
        elif rectangle is not None and moved:
            west, north = view.camera.place(rectangle.left(), rectangle.top())
            east, south = view.camera.place(rectangle.right(), rectangle.bottom())
            view.choose(Box(west, south, east, north))
        elif moved:
            view.show_cursor()
        elif event.button() == Qt.MouseButton.LeftButton:
            view.click(at.x(), at.y())
        view.update()

    def wheel(self, event: QWheelEvent) -> None:
        """The wheel turned; a touchpad tells smaller steps."""
        notches = event.angleDelta().y() / WHEEL_NOTCH
        if notches:
            at = event.position()
            self._view.see(self._view.camera.zoomed(ZOOM_STEP**notches, at.x(), at.y()))
        event.accept()

    def key(self, event: QKeyEvent) -> bool:
        """A key went down; False: the map has no use for it."""
        view, key = self._view, Key(event.key())
        if event.matches(QKeySequence.StandardKey.Undo):
            return view.undo_edit()
        if key in _WAYS:
            right, down = _WAYS[key]
            view.see(view.camera.moved(right * view.width() * KEY_STEP, down * view.height() * KEY_STEP))
        elif key in _NEARER or key in _FARTHER:
            view.see(view.camera.zoomed(ZOOM_STEP if key in _NEARER else 1 / ZOOM_STEP))
        elif key == Key.Key_Home:
            view.home()
        elif key in (Key.Key_Return, Key.Key_Enter):
            view.open_nearest()
        elif key == Key.Key_Space and view.walks_layers:
            view.choose(view.camera.box())
        elif key == Key.Key_Delete and view.edit is not None:
            if view.edit.remove():
                view.tell_edit()
        elif key == Key.Key_Escape and self.rectangle is not None:
            self.rectangle = self._from = None
        else:
            return False
        self.shows_cross = True
        view.update()
        return True

    def tab(self, event: QKeyEvent) -> bool:
        """Tab and Shift+Tab go through the layers, then on to the next control."""
        if (
            not self._view.walks_layers
            or event.key() not in (Key.Key_Tab, Key.Key_Backtab)
            or event.modifiers() & Qt.KeyboardModifier.ControlModifier
        ):
            return False
        self.shows_cross = True
        return self._view.go_to_layer(forward=event.key() == Key.Key_Tab)

    def tell(self, event: QEvent) -> None:
        """The pointer rests: say what lies there."""
        assert isinstance(event, QHelpEvent)
        words = self._view.tell_under(event.pos().x(), event.pos().y())
        if words:
            QToolTip.showText(event.globalPos(), words, self._view)
        else:
            QToolTip.hideText()
