"""A number of the day that opens its list."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from app.base.words import _
from ui.naming import name
from ui.theme import gap, set_look
from ui.widgets.deadline_light import DeadlineLight


class NumberTile(QPushButton):
    """A title, a large number and a word about it; pressed by mouse, Enter or Space."""

    def __init__(self, object_name: str, title: str, light: str | None = None, parent: QWidget | None = None) -> None:
        """light: key of LIGHT_LOOKS whose shape stands before the title."""
        super().__init__(parent)
        set_look(name(self, object_name, title), "card")
        self._title = title
        self._light = light
        self._head = DeadlineLight(self)
        self._number = set_look(QLabel(self), "number")
        self._hint = set_look(QLabel(self), "muted")
        self._head.show_light(light, title)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(gap(4), gap(3), gap(4), gap(3))
        lines.setSpacing(0)
        for label in (self._head, self._number, self._hint):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            lines.addWidget(label)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(gap(36))
        self.set_number(None)

    def set_number(self, number: int | None, hint: str = "") -> None:
        """Show a number; None: it is being counted."""
        self._number.setText("…" if number is None else f"{number:,}")
        self._hint.setText(hint)
        self._head.show_light(self._light if number else None, self._title)
        said = _("正在计数") if number is None else str(number)
        self.setAccessibleName(f"{self._title} {said} {hint}".strip())

    def number_text(self) -> str:
        """The number as shown."""
        return self._number.text()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses it as well as Space."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)
