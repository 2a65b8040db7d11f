"""Yes or no."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QWidget


class TickInput(QCheckBox):
    """A box to tick."""

    edited = Signal()

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.clicked.connect(self.edited)

    def value(self) -> bool:
        """Ticked or not."""
        return self.isChecked()

    def set_value(self, value: bool | None) -> None:
        """Show it ticked or not."""
        self.setChecked(bool(value))
