"""A field that finds a thing by code, name or pinyin initials, by keyboard alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QFocusEvent, QHideEvent, QKeyEvent, QMouseEvent, Qt
from PySide6.QtWidgets import QWidget

from ui.widgets.choice_popup import MOST_SHOWN, ChoicePopup
from ui.widgets.choices import Choice
from ui.widgets.composing_line import ComposingLine

Search = Callable[[str], Sequence[Choice]]
_STEPS = {
    Qt.Key.Key_Down: 1,
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_PageDown: MOST_SHOWN,
    Qt.Key.Key_PageUp: -MOST_SHOWN,
}


class CodePicker(ComposingLine):
    """Type, see the list, Enter takes the lit line and goes on. Nothing typed: the most used are offered, none lit, so
    that Enter leaves an optional field empty and Down takes hold of the first.

    `picked` carries a Choice, or None when the text was changed away from one. `edited` is told with it, as inputs do.
    Only committed text is looked up: while an input method composes, the list waits and Enter belongs to it.
    """

    picked = Signal(object)
    edited = Signal()

    def __init__(self, search: Search, parent: QWidget | None = None) -> None:
        """search: choices for a text, best first, quick (it is asked at every letter); `search("")`: the most used."""
        super().__init__(parent)
        self._search = search
        self._choice: Choice | None = None
        self._popup = ChoicePopup(self)
        self._popup.taken.connect(self._take)
        self.textEdited.connect(self._on_edited)
        self.setClearButtonEnabled(True)

    def choice(self) -> Choice | None:
        """What is chosen; None: nothing, or a text that was not taken from the list."""
        return self._choice

    def value(self) -> str | None:
        """The key of what is chosen."""
        return None if self._choice is None else self._choice.key

    def set_choice(self, choice: Choice | None) -> None:
        """Show a choice without telling anybody."""
        self._choice = choice
        self.setText("" if choice is None else choice.title)
        self.setToolTip("" if choice is None else f"{choice.code} {choice.title} {choice.hint}".strip())
        self.setCursorPosition(0)
        self._popup.hide()

    def offered(self) -> list[Choice]:
        """What the list offers now; empty while it is hidden."""
        return self._popup.offered() if self._popup.isVisible() else []

    def open_list(self) -> None:
        """Offer choices for the text as it stands (all of the most used when one is chosen already)."""
        text = "" if self._choice is not None else self.text().strip()
        self._popup.offer(self._search(text), light_first=bool(text))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move the light, Enter takes the lit line and goes on, Escape closes the list, Down opens it."""
        if self.composing:
            super().keyPressEvent(event)
            return
        key = Qt.Key(event.key())
        lit = self._popup.lit()
        if key in _STEPS:
            if self._popup.isVisible():
                self._popup.move_light(_STEPS[key])
            elif key == Qt.Key.Key_Down:
                self.open_list()
        elif key == Qt.Key.Key_Escape and self._popup.isVisible():
            self._popup.hide()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if lit is not None:
                self._take(lit)
            self._popup.hide()
            super().keyPressEvent(event)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click into the field opens the list."""
        super().mousePressEvent(event)
        if not self._popup.isVisible() and not self.isReadOnly():
            self.open_list()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Coming by keyboard into an empty field shows the most used."""
        super().focusInEvent(event)
        by_keys = event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        if by_keys and not self.text() and not self.isReadOnly():
            QTimer.singleShot(0, self, self._open_if_here)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Leaving by Tab takes the lit line; leaving otherwise takes a text that is exactly one code or name."""
        lit = self._popup.lit()
        self._popup.hide()
        if lit is not None and event.reason() == Qt.FocusReason.TabFocusReason:
            self._take(lit)
        elif self._choice is None:
            self._take_exact()
        super().focusOutEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        """The list goes with the field."""
        self._popup.hide()
        super().hideEvent(event)

    def _open_if_here(self) -> None:
        if self.hasFocus() and not self.text():
            self.open_list()

    def _on_edited(self, text: str) -> None:
        if self._choice is not None:
            self._choice = None
            self.picked.emit(None)
        self._popup.offer(self._search(text.strip()), light_first=bool(text.strip()))
        self.edited.emit()

    def _take(self, choice: Choice) -> None:
        changed = choice != self._choice
        self.set_choice(choice)
        if changed:
            self.picked.emit(choice)
            self.edited.emit()

    def _take_exact(self) -> None:
        text = self.text().strip()
        if not text:
            return
        same = [choice for choice in self._search(text) if text in (choice.code, choice.title)]
        if len(same) == 1:
            self._take(same[0])
