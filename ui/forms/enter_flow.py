"""Enter goes to the next field, Shift+Enter back, as clerks expect of every form."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QWidget

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


def enter_moves_on(container: QWidget) -> None:
    """Let Enter that no field inside `container` wants move to the next field.

    Fields that use Enter themselves (several lines, a list that is open, an input method that composes) keep it, since
    only a key nobody accepted comes up to the container.
    """
    container.installEventFilter(_EnterFlow(container))


class _EnterFlow(QObject):
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take Enter and Shift+Enter, leave everything else."""
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent) or event.key() not in _ENTER:
            return False
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if modifiers not in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier):
            return False
        if isinstance(watched, QWidget):
            move(watched, forward=not modifiers)
        return True


def move(container: QWidget, *, forward: bool) -> None:
    """Give the keyboard to the field before or after the one that has it, inside `container` or beyond its end."""
    start = container.window().focusWidget()
    at = _beside(start, forward)
    while at is not None and at is not start:
        if _takes_keyboard(at):
            at.setFocus(Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason)
            return
        at = _beside(at, forward)


def _beside(widget: QWidget | None, forward: bool) -> QWidget | None:
    if widget is None:
        return None
    return widget.nextInFocusChain() if forward else widget.previousInFocusChain()


def _takes_keyboard(widget: QWidget) -> bool:
    """A field a person would stop at: visible, enabled, reached by Tab, and no small tool button."""
    if not widget.isVisible() or not widget.isEnabled() or widget.focusProxy() is not None:
        return False
    if not widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
        return False
    return not (isinstance(widget, QAbstractButton) and widget.property("look") == "quiet")
