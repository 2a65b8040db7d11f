"""A page that remembers what the window asked of it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from ui.pages.context import PageContext


class PlainPage(QWidget):
    """One field to type in; `asked` holds every argument."""

    wanted = Signal(str, object)
    badge = Signal(int)

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self.context = context
        self.asked: list[object] = []
        self.refreshed = self.kept = 0
        self.field = QLineEdit()
        QVBoxLayout(self).addWidget(self.field)

    def go(self, argument: object) -> None:
        """Note the argument."""
        self.asked.append(argument)

    def refresh(self) -> None:
        """Count it."""
        self.refreshed += 1

    def keep(self) -> None:
        """Count it."""
        self.kept += 1
