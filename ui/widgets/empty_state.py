"""What an empty place says: one sentence what belongs here, and one button to begin."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from app.base.words import _
from ui.naming import name
from ui.theme import gap, set_look


class EmptyState(QWidget):
    """A calm sentence in the middle; `acted` when its button is pressed."""

    acted = Signal()

    def __init__(self, sentence: str, button: str = "", hint: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sentence = name(QLabel(self), "empty_sentence", _("空列表说明"))
        self._hint = set_look(name(QLabel(self), "empty_hint", _("补充说明")), "muted")
        self._button = name(QPushButton(self), "empty_button", _("开始"))
        for label in (self._sentence, self._hint):
            label.setWordWrap(True)
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._button.clicked.connect(self.acted)

        lines = QVBoxLayout(self)
        lines.setSpacing(gap(3))
        lines.addStretch(2)
        lines.addWidget(self._sentence)
        lines.addWidget(self._hint)
        lines.addWidget(self._button, 0, Qt.AlignmentFlag.AlignHCenter)
        lines.addStretch(3)
        self.set_words(sentence, button, hint)

    def set_words(self, sentence: str, button: str = "", hint: str = "") -> None:
        """Say something else; without a word for it there is no button."""
        self._sentence.setText(sentence)
        self._hint.setText(hint)
        self._hint.setVisible(bool(hint))
        self._button.setText(button)
        self._button.setAccessibleName(button or _("开始"))
        self._button.setVisible(bool(button))

    def sentence(self) -> str:
        """The sentence said."""
        return self._sentence.text()
