"""A form beside a list: it scrolls, and is as wide as its longest title in any language."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from ui.forms.field import FormColumn
from ui.naming import name
from ui.theme import gap


class SideForm(QScrollArea):
    """`changed`: a person chose something else. A subclass adds its fields to `form`, then calls `put_in_place`."""

    changed = Signal()

    def __init__(self, object_name: str, title: str) -> None:
        super().__init__()
        name(self, object_name, title)
        self.form = FormColumn()

    def put_in_place(self) -> None:
        """Show the fields added so far; what lies beside takes the room they leave."""
        page = QWidget()
        lines = QVBoxLayout(page)
        lines.setContentsMargins(0, 0, gap(2), 0)
        lines.addWidget(self.form)
        lines.addStretch(1)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidget(page)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMinimumWidth(page.minimumSizeHint().width() + self.verticalScrollBar().sizeHint().width())
