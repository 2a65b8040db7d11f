"""Bars over the sync page that ask for a person: the brake, and a PC the city has turned away."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton

from app.base.words import _
from app.sync.views import SyncStatus
from ui.naming import name
from ui.theme import gap, set_look


class BrakeBar(QFrame):
    """Says how many records the city wants gone from here, and asks twice before they go. `allowed`: they may."""

    allowed = Signal()

    def __init__(self, *, may_allow: bool) -> None:
        super().__init__()
        set_look(name(self, "brake_bar", _("需要确认的移走")), "bar")
        self._may_allow = may_allow
        self._asked = False
        self._count = 0
        self._words = name(QLabel(), "brake_words", _("需要确认的移走"))
        self._words.setWordWrap(True)
        self.let_go = name(QPushButton(), "brake_allow", _("放行"))
        self.back = name(QPushButton(_("先不放行")), "brake_back", _("先不放行"))
        self.let_go.clicked.connect(self._on_let_go)
        self.back.clicked.connect(self._ask_first)
        row = QHBoxLayout(self)
        row.setContentsMargins(gap(3), gap(2), gap(2), gap(2))
        row.setSpacing(gap(2))
        row.addWidget(self._words, 1)
        row.addWidget(self.let_go)
        row.addWidget(self.back)
        self.hide()

    def show_status(self, status: SyncStatus) -> None:
        """Show the bar while removals wait; another number is asked about from the start."""
        if status.brake != self._count:
            self._count = status.brake
            self._ask_first()
        self.setVisible(bool(status.brake))

    def words(self) -> str:
        """What is said."""
        return self._words.text()

    def _ask_first(self) -> None:
        self._asked = False
        words = _("▲ 市平台要求从本机移走 {n} 条记录,同步已停下来等人确认。请先问清市平台。")
        if not self._may_allow:
            words = _("▲ 市平台要求从本机移走 {n} 条记录,同步已停。请管理员问清市平台后放行。")
        self._words.setText(words.format(n=f"{self._count:,}"))
        self.let_go.setText(_("放行…"))
        self.let_go.setVisible(self._may_allow)
        self.back.hide()

    def _on_let_go(self) -> None:
        if self._asked:
            self.allowed.emit()
            self._ask_first()
            return
        self._asked = True
        words = _("这 {n} 条记录放行后会从本机的列表里消失。已向市平台问清了吗?")
        self._words.setText(words.format(n=f"{self._count:,}"))
        self.let_go.setText(_("已问清,放行 {n} 条").format(n=f"{self._count:,}"))
        self.back.show()
