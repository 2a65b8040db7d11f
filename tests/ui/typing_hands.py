"""Hands for tests of screens: type as people do, with and without an input method."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget


def put(widget: QWidget, text: str) -> None:
    """Hand over a text at once, as an input method commits it."""
    event = QInputMethodEvent()
    event.setCommitString(text)
    QCoreApplication.sendEvent(widget, event)


def compose(widget: QWidget, letters: str) -> None:
    """Letters that are not yet text; none: the composition ends without a word."""
    QCoreApplication.sendEvent(widget, QInputMethodEvent(letters, []))


def press(widget: QWidget, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """One key."""
    QTest.keyClick(widget, key, modifier)


def enter(widget: QWidget) -> None:
    """The key that goes on."""
    press(widget, Qt.Key.Key_Return)
