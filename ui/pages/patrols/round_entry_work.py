"""The left half of a round's entry: which round, its times, its check points, and what ends it."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.base.words import _
from ui.forms.text_inputs import TextInput
from ui.naming import name
from ui.pages.patrols.round_entry_point import PointPanel
from ui.pages.patrols.round_entry_table import EntryTable
from ui.theme import gap, set_look


class EntryWork(QWidget):
    """Parts and where they stand; what they do is the entry's."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        name(self, "round_entry_work", _("检查点录入"))
        self.title = set_look(name(QLabel(), "round_entry_title", _("这次巡查")), "title")
        self.facts = set_look(name(QLabel(), "round_entry_facts", _("巡查概要")), "muted")
        self.begin = _clock("round_begin", _("开始"))
        self.end = _clock("round_end", _("结束"))
        self.count = name(QLabel(), "round_entry_count", _("已填"))
        self.table = EntryTable(self)
        self.panel = PointPanel(self)
        self.back = name(QPushButton(_("返回 Esc")), "round_entry_back", _("返回列表"))
        self.save = name(QPushButton(_("暂存 Ctrl+S")), "round_entry_save", _("暂存"))
        self.finish = set_look(name(QPushButton(_("完成 Ctrl+Enter")), "round_entry_finish", _("完成巡查")), "primary")
        self._keys = set_look(name(QLabel(), "round_entry_keys", _("按键")), "muted")
        for label in (self.title, self.facts, self._keys):
            label.setWordWrap(True)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(gap(3), gap(2), gap(3), gap(2))
        lines.setSpacing(gap(2))
        top = QHBoxLayout()
        top.addWidget(self.title, 1)
        top.addWidget(self.count)
        lines.addLayout(top)
        lines.addWidget(self.facts)
        lines.addLayout(self._head())
        lines.addWidget(self.table, 1)
        lines.addWidget(self.panel)
        lines.addWidget(self._keys)
        lines.addLayout(self._foot())

    def say_keys(self) -> None:
        """The keys of this round: where everything is a number, digits are the number."""
        if self.table.only_measured():
            self._keys.setText(_("数字键直接填数值  F 问题  A 其余全好  Enter 数值说明  Ctrl+Z 撤销"))
        else:
            self._keys.setText(_("1 好  2 一般  3 差  0 未查  F 问题  A 其余全好  Enter 数值说明  Ctrl+Z 撤销"))

    def _head(self) -> QHBoxLayout:
        spread = set_look(QLabel(_("填了开始和结束,各点时间均匀分摊")), "muted")
        spread.setWordWrap(True)
        head = QHBoxLayout()
        head.setSpacing(gap(2))
        for widget in (QLabel(_("开始")), self.begin, QLabel(_("结束")), self.end):
            head.addWidget(widget)
        head.addWidget(spread, 1)
        return head

    def _foot(self) -> QHBoxLayout:
        foot = QHBoxLayout()
        foot.setSpacing(gap(2))
        foot.addStretch(1)
        for button in (self.back, self.save, self.finish):
            foot.addWidget(button)
        return foot


def _clock(object_name: str, title: str) -> TextInput:
    field = name(TextInput(8), object_name, title)
    field.setPlaceholderText("08:30")
    field.setMaximumWidth(gap(18))
    return field
