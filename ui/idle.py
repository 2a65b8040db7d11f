"""Knows when nobody has touched keyboard or mouse for a while."""

from __future__ import annotations

import time

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QWindow

LOOK_EVERY_MS = 5000
TOUCHES = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
        QEvent.Type.TabletPress,
        QEvent.Type.InputMethod,
    }
)


class IdleWatch(QObject):
    """Emits `idle` once when `minutes` have passed without a touch; a touch arms it again.

    Only native windows are watched, not every widget: an application-wide filter would cost a call per event.
    """

    idle = Signal()

    def __init__(self, minutes: int, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._limit_s = minutes * 60
        self._last_s = time.monotonic()
        self._told = False
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_EVERY_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()
        app = QGuiApplication.instance()
        if isinstance(app, QGuiApplication):
            app.focusWindowChanged.connect(self._watch_window)
            self._watch_window(app.focusWindow())

    def set_minutes(self, minutes: int) -> None:
        """Wait that long from now on."""
        self._limit_s = minutes * 60

    def touch(self) -> None:
        """Somebody is there."""
        self._last_s = time.monotonic()
        self._told = False

    def look(self) -> None:
        """Tell when it has been too long."""
        if not self._told and time.monotonic() - self._last_s >= self._limit_s:
            self._told = True
            self.idle.emit()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Note touches; let everything through."""
        if event.type() in TOUCHES:
            self.touch()
        return False

    def _watch_window(self, window: QWindow | None) -> None:
        if window is not None:
            window.removeEventFilter(self)
            window.installEventFilter(self)
