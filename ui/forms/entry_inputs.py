"""Inputs of the entry form: text kept as it was typed, letter by letter, and pickers that remember half a word."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import QMimeData, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from app.services.pickers import Choice as Offer
from ui.forms.text_inputs import ParagraphInput
from ui.widgets.choices import Choice
from ui.widgets.code_picker import CodePicker

# A text document breaks its lines at these signs and forgets which one it was; while shown they wear a stand-in of the
# private planes. Line feed needs none: it is what a broken line is read back as.
_STAND_INS = {"\r": "\U0010fff1", "\u2029": "\U0010fff2", "\ufdd0": "\U0010fff3", "\ufdd1": "\U0010fff4"}
_AS_SHOWN = str.maketrans(_STAND_INS)
_AS_TYPED = str.maketrans({shown: sign for sign, shown in _STAND_INS.items()} | {"\u2029": "\n"})


class EntryLine(QLineEdit):
    """One line kept exactly as typed: blanks, odd signs and all. What is too long is said, never cut off."""

    edited = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.textEdited.connect(self.edited)

    def value(self) -> str:
        """The text as typed."""
        return self.text()

    def set_value(self, value: str | None) -> None:
        """Show a text without telling anybody."""
        self.setText(value or "")
        self.setCursorPosition(0)


class DescriptionInput(ParagraphInput):
    """The description. Enter goes on to the next field, Alt+Enter breaks the line, as in a spreadsheet cell."""

    def value(self) -> str:
        """The text as typed, every sign of it."""
        return self.document().toRawText().translate(_AS_TYPED)

    def set_value(self, value: str | None) -> None:
        """Show a text without telling anybody."""
        super().set_value(_shown(value or ""))

    def insert(self, text: str) -> None:
        """Put words where the cursor stands, as one step that Ctrl+Z takes back."""
        self.textCursor().insertText(_shown(text))

    def insertFromMimeData(self, source: QMimeData) -> None:
        """Paste plain words only, with Windows line ends made plain."""
        if source.hasText():
            self.insert(source.text().replace("\r\n", "\n"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Alt+Enter breaks the line; any other Enter belongs to the form."""
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            super().keyPressEvent(event)
        elif event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.insert("\n")
        else:
            event.ignore()


class EntryPicker(CodePicker):
    """A picker whose half-typed word is kept in the draft. free: words outside the list are taken as they are."""

    def __init__(self, search: Callable[[str], Sequence[Offer]], *, free: bool = False) -> None:
        super().__init__(lambda typed: [Choice(c.key, c.code, c.title, c.hint) for c in search(typed)])
        self.free = free

    def text_value(self) -> str:
        """The key of what is chosen; for a free picker else the words as typed."""
        if self.choice() is not None:
            return self.value() or ""
        return self.text() if self.free else ""

    def is_unknown(self) -> bool:
        """Something is typed that is not in the list, where the list is all there is."""
        return not self.free and self.choice() is None and bool(self.text().strip())

    def typed(self) -> Any:
        """What stands in the field, as plain JSON."""
        choice = self.choice()
        return self.text() if choice is None else [choice.key, choice.code, choice.title, choice.hint]

    def restore(self, typed: Any) -> None:
        """Show again what `typed` gave."""
        if isinstance(typed, list) and len(typed) == 4:
            self.set_choice(Choice(*map(str, typed)))
        else:
            self.set_choice(None)
            self.setText(str(typed or ""))

    def choose(self, key: str, title: str) -> None:
        """Show what a record says: a key and its name; an empty key clears the field."""
        self.set_choice(Choice(key, "", title or key) if key else None)


def plain(typed: Mapping[str, Any], field_name: str) -> str:
    """One text out of a draft's body."""
    found = typed.get(field_name, "")
    return found if isinstance(found, str) else ""


def _shown(text: str) -> str:
    return text.translate(_AS_SHOWN)
