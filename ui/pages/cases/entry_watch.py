"""Watches the fields of a form: which one the keyboard left, and whether an input method is composing in one."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QWidget


class FieldWatch(QObject):
    """`left` carries the name of a field the keyboard has left."""

    left = Signal(str)

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
        """Look, and let every event pass."""
        if isinstance(event, QInputMethodEvent):
            self._composing_in = watched if event.preeditString() else None
        elif event.type() == QEvent.Type.FocusOut:
            if self._composing_in is watched:
                self._composing_in = None
            field_name = self._names.get(id(watched))
            if field_name is not None:
                self.left.emit(field_name)
        return False
