"""What can be done with several cases at once."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from app.base.words import _
from ui.icons import icon
from ui.naming import name
from ui.theme import gap, set_look

LEAST = 2


class SelectionBar(QFrame):
    """Shown while several rows are selected."""

    dispatch_wanted = Signal()
    print_wanted = Signal()
    export_wanted = Signal()
    clear_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_look(name(self, "selection_bar", _("所选案件")), "bar")
        self._count = name(QLabel(self), "selection_count", _("所选案件数"))
        line = QHBoxLayout(self)
        line.setContentsMargins(gap(3), gap(1), gap(2), gap(1))
        line.setSpacing(gap(1))
        line.addWidget(self._count)
        line.addSpacing(gap(3))
        self._add(line, "bulk_dispatch", _("批量派遣"), "dispatch", self.dispatch_wanted)
        self._add(line, "bulk_print", _("打印派遣单"), "print", self.print_wanted)
        self._add(line, "bulk_export", _("导出所选"), "export", self.export_wanted)
        line.addStretch(1)
        self._add(line, "bulk_clear", _("取消选择"), "", self.clear_wanted)
        self.hide()

    def show_count(self, count: int) -> None:
        """Say how many are selected; fewer than two take the bar away."""
        self._count.setText(_("已选 {n} 件").format(n=f"{count:,}"))
        self.setVisible(count >= LEAST)

    def _add(self, line: QHBoxLayout, object_name: str, title: str, icon_name: str, wanted: SignalInstance) -> None:
        button = set_look(name(QPushButton(title), object_name, title), "quiet")
        if icon_name:
            button.setIcon(icon(icon_name))
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(wanted)
        line.addWidget(button)
