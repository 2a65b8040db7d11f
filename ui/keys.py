"""Keys of a place: they work while the keyboard is anywhere in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget


def listen(place: QWidget, keys: Mapping[str, Callable[[], object]]) -> None:
    """Each key does what stands beside it while `place` or something in it has the keyboard."""
    for key, act in keys.items():
        shortcut = QShortcut(QKeySequence(key), place)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(act)
