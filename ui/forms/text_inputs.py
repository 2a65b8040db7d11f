"""Text in one line and in several."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QInputMethodEvent, QKeyEvent
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from ui.theme import FIELD
from ui.widgets.composing_line import COMPOSING_KEYS, ComposingLine


class TextInput(ComposingLine):
    """One line. Told at committed letters only: what an input method still composes is nobody's business."""

    edited = Signal()
    left = Signal()

    def __init__(self, longest: int | None = None, parent: QWidget | None = None) -> None:
        """longest: letters a person may type; a longer text handed in stays whole. left: the keyboard went elsewhere."""
        super().__init__(parent)
        self._longest = longest
        if longest is not None:
            self.setMaxLength(longest)
        self.textEdited.connect(self.edited)

    def value(self) -> str:
        """The text, without blanks around it."""
        return self.text().strip()

    def set_value(self, value: str | None) -> None:
        """Show a text."""
        text = value or ""
        if self._longest is not None:
            self.setMaxLength(max(self._longest, len(text)))
        self.setText(text)
        self.setCursorPosition(0)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Tell that the person is done here."""
        super().focusOutEvent(event)
        self.left.emit()


class ParagraphInput(QPlainTextEdit):
    """Several lines: Enter breaks the line, Tab and Shift+Enter leave, Ctrl+Enter belongs to the page."""

    edited = Signal()
    left = Signal()

    def __init__(self, lines: int = 4, parent: QWidget | None = None) -> None:
        """lines: how many are seen without scrolling."""
        super().__init__(parent)
        self._lines = lines
        self._showing = False
        self._composing = False
        self.setTabChangesFocus(True)
        self.document().contentsChange.connect(self._on_contents_change)
        self.setMinimumHeight(self.sizeHint().height())

    def value(self) -> str:
        """The text as typed."""
        return self.toPlainText()

    def set_value(self, value: str | None) -> None:
        """Show a text."""
        self._showing = True
        self.setPlainText(value or "")
        self._showing = False

    def sizeHint(self) -> QSize:
        """As high as its lines."""
        return QSize(super().sizeHint().width(), self.fontMetrics().lineSpacing() * self._lines + FIELD // 2)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """Remember whether letters are still being composed."""
        self._composing = bool(event.preeditString())
        super().inputMethodEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave Enter with Ctrl or Shift to the form, and the keys of composing to the input method."""
        if self._composing and event.key() in COMPOSING_KEYS:
            event.accept()
            return
        held = event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and held:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Tell that the person is done here."""
        super().focusOutEvent(event)
        self.left.emit()

    def _on_contents_change(self, _at: int, removed: int, added: int) -> None:
        if not self._showing and not self._composing and (removed or added):
            self.edited.emit()
