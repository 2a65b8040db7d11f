"""One of a few that need to be read in full: a line each, with its own words beside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QRadioButton, QSizePolicy, QVBoxLayout, QWidget

from ui.naming import name
from ui.theme import gap


@dataclass(frozen=True)
class RadioChoice:
    """key: what is kept. text: in the language in use, wrapped at will by `wrap`."""

    key: str
    text: str


class RadioInput(QWidget):
    """Chooses one of `choices`; nothing is chosen until somebody does."""

    edited = Signal()

    def __init__(self, object_name: str, choices: Sequence[RadioChoice], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._group = QButtonGroup(self)
        self._keys = [choice.key for choice in choices]
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, gap(1), 0, gap(1))
        lines.setSpacing(gap(2))
        for number, choice in enumerate(choices):
            button = name(QRadioButton(wrapped(choice.text)), f"{object_name}_{choice.key}", choice.text, choice.text)
            button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
            self._group.addButton(button, number)
            lines.addWidget(button)
        self._group.idToggled.connect(self._on_toggled)
        if self._keys:
            self.setFocusProxy(self._group.button(0))

    def value(self) -> str | None:
        """The key chosen."""
        at = self._group.checkedId()
        return self._keys[at] if at >= 0 else None

    def set_value(self, key: str | None) -> None:
        """Choose one."""
        if key in self._keys:
            button = self._group.button(self._keys.index(key))
            button.setChecked(True)
            self.setFocusProxy(button)

    def _on_toggled(self, _number: int, on: bool) -> None:
        if on:
            self.edited.emit()


def wrapped(text: str, wide: int = 34) -> str:
    """`text` in lines of about `wide` characters: a radio button does not wrap by itself."""
    lines, line, length = [], "", 0.0
    for letter in text:
        length += 0.55 if letter.isascii() else 1
        line += letter
        if length >= wide and not letter.isascii():
            lines.append(line)
            line, length = "", 0
    return "\n".join([*lines, line] if line else lines).replace("&", "&&")
