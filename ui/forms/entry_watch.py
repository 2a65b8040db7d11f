"""Watches the fields of a form: which one was left, whether an input method composes, and pictures pasted into text."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QMimeData, QObject, Signal
from PySide6.QtGui import QGuiApplication, QInputMethodEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QWidget


class FieldWatch(QObject):
    """`left` carries the name of a field the keyboard has left, `entered` the widget it came to.

    picture_pasted: a picture or files, no words.
    """

    left = Signal(str)
    entered = Signal(object)
    picture_pasted = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._names: dict[int, str] = {}
        self._composing_in: QObject | None = None

    def follow(self, field_name: str, widget: QWidget) -> None:
        """Watch one field."""
        self._names[id(widget)] = field_name
        widget.installEventFilter(self)

    def composing(self) -> bool:
        """True while an input method has letters that are not yet text; no key of the page may act then."""
        return self._composing_in is not None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Look, and let every event pass, but for a paste that has nothing for a text field."""
        if isinstance(event, QInputMethodEvent):
            self._composing_in = watched if event.preeditString() else None
        elif isinstance(event, QKeyEvent):
            pastes = event.type() == QEvent.Type.KeyPress and event.matches(QKeySequence.StandardKey.Paste)
            if pastes and holds_no_words(QGuiApplication.clipboard().mimeData()):
                self.picture_pasted.emit()
                return True
        elif event.type() == QEvent.Type.FocusIn:
            self.entered.emit(watched)
        elif event.type() == QEvent.Type.FocusOut:
            if self._composing_in is watched:
                self._composing_in = None
            field_name = self._names.get(id(watched))
            if field_name is not None:
                self.left.emit(field_name)
        return False


def holds_no_words(mime: QMimeData) -> bool:
    """A copied picture or copied files. A spreadsheet's cells come as a picture too, but with words beside it."""
    return not mime.hasFormat("text/plain") and (mime.hasImage() or mime.hasUrls())
