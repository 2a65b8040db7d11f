"""The line on top of a list that tells of new rows and lets the person fetch them."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QWidget

from app.base.words import _
from ui.icons import icon
from ui.naming import name
from ui.theme import gap, set_look


class NewsBar(QFrame):
    """Hidden until there is news; `wanted` when the person asks to see them."""

    wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_look(name(self, "news_bar", _("新记录提示")), "bar")
        self._text = name(QLabel(self), "news_text", _("新记录提示"))
        self._show = set_look(name(QPushButton(_("显示"), self), "news_show", _("显示新记录")), "quiet")
        self._close = set_look(name(QToolButton(self), "news_close", _("收起提示")), "quiet")
        self._close.setIcon(icon("close"))
        for button in (self._show, self._close):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._show.clicked.connect(self._on_show)
        self._close.clicked.connect(self.hide)
        line = QHBoxLayout(self)
        line.setContentsMargins(gap(3), 0, gap(1), 0)
        line.addWidget(self._text)
        line.addWidget(self._show)
        line.addStretch(1)
        line.addWidget(self._close)
        self.hide()

    def tell(self, text: str) -> None:
        """Show the line with `text`; an empty text hides it."""
        self._text.setText(text)
        self.setVisible(bool(text))

    def text(self) -> str:
        """What is told; empty while hidden."""
        return "" if self.isHidden() else self._text.text()

    def _on_show(self) -> None:
        self.hide()
        self.wanted.emit()
