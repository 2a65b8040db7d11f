"""A phone or identity number shown in part; the whole is asked for and noted by whoever hands it out."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QWidget

from app.base.words import _
from ui.icons import icon
from ui.naming import name
from ui.theme import gap, set_look

SHOWN_MS = 30_000
PHONE = 11
SHORTEST_OPEN = 5


class MaskedLabel(QWidget):
    """Shows the masked text until `reveal`, and masks it again after half a minute or when it goes out of sight."""

    reveal_wanted = Signal()

    def __init__(self, object_name: str, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        name(self, object_name, title)
        self._masked = ""
        self._text = name(QLabel(self), f"{object_name}_text", title)
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._eye = set_look(name(QToolButton(self), f"{object_name}_reveal", _("显示全部")), "quiet")
        self._eye.setIcon(icon("eye"))
        self._eye.setToolTip(_("显示全部(会记入操作日志)"))
        self._eye.clicked.connect(self.reveal_wanted)
        self._timer = QTimer(self, singleShot=True, interval=SHOWN_MS)
        self._timer.timeout.connect(self.cover)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(gap(1))
        line.addWidget(self._text)
        line.addWidget(self._eye)
        line.addStretch(1)

    def show_masked(self, masked: str) -> None:
        """Show a text that is masked already; empty: there is nothing to reveal."""
        self._masked = masked
        self._eye.setVisible(bool(masked))
        self.cover()

    def reveal(self, text: str) -> None:
        """Show the whole for half a minute; it can be selected and copied meanwhile."""
        self._text.setText(text)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._timer.start()

    @Slot()
    def cover(self) -> None:
        """Mask it again."""
        self._timer.stop()
        self._text.setText(self._masked)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)

    def text(self) -> str:
        """What is seen now."""
        return self._text.text()

    def hideEvent(self, event: QHideEvent) -> None:
        """Mask it when it goes out of sight."""
        self.cover()
        super().hideEvent(event)


def mask(text: str) -> str:
    """`text` with its middle covered: 138****1234; a short one keeps its first letter."""
    if len(text) == PHONE:
        return f"{text[:3]}****{text[-4:]}"
    if len(text) < SHORTEST_OPEN:
        return text[:1] + "*" * (len(text) - 1)
    shown = len(text) // 4
    return text[:shown] + "*" * (len(text) - 2 * shown) + text[-shown:]
