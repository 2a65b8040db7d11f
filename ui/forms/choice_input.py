"""One of a few, from a drop-down."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QComboBox, QWidget

from app.base.words import _


class ChoiceInput(QComboBox):
    """Chooses among (value, msgid) pairs; the wheel scrolls the page, not the choice."""

    edited = Signal()

    def __init__(
        self, choices: Sequence[tuple[Any, str]] = (), *, empty: str = "", parent: QWidget | None = None
    ) -> None:
        """empty: msgid of a first line that stands for None; without it there is none."""
        super().__init__(parent)
        self._values: list[Any] = []
        self.set_choices(choices, empty=empty)
        self.activated.connect(self._on_activated)

    def set_choices(self, choices: Sequence[tuple[Any, str]], *, empty: str = "") -> None:
        """Offer other choices; what was chosen stays if it is among them."""
        before = self.value()
        self.clear()
        self._values = []
        for value, title in ([(None, empty)] if empty else []) + list(choices):
            self._values.append(value)
            self.addItem(_(title))
        self.set_value(before)

    def value(self) -> Any:
        """What is chosen; None: nothing."""
        at = self.currentIndex()
        return self._values[at] if 0 <= at < len(self._values) else None

    def set_value(self, value: Any) -> None:
        """Show a choice; one that is not offered shows nothing chosen."""
        self.setCurrentIndex(self._values.index(value) if value in self._values else -1)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Never change a choice while somebody scrolls the form."""
        event.ignore()

    def _on_activated(self, _at: int) -> None:
        self.edited.emit()
