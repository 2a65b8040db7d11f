"""Says that Caps Lock is on while a password is typed, from the letters themselves: no platform tells it the same way."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit


class CapsLockWatch(QObject):
    """Follows the keys of some password fields; `changed(True)` when a letter came out in the wrong case."""

    changed = Signal(bool)

    def __init__(self, *fields: QLineEdit) -> None:
        super().__init__(fields[0])
        self._on: bool | None = None
        for field in fields:
            field.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Look at every key, and let it through."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            self._look(event)
        return False

    def _look(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_CapsLock and self._on is not None:
            self._tell(not self._on)
        text = event.text()
        if len(text) == 1 and text.isascii() and text.isalpha():
            shifted = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self._tell(text.isupper() != shifted)

    def _tell(self, on: bool) -> None:
        if on != self._on:
            self._on = on
            self.changed.emit(on)
