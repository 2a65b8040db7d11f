"""Taking a grid member out of use: what they still answer for, and who takes it over."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.base.words import N_, _
from app.domain.directory import Worker
from app.services.members import Hanging
from ui.forms.choice_input import ChoiceInput
from ui.forms.field import FormColumn
from ui.naming import name
from ui.theme import gap, set_look

WIDTH = 440


class LeavingDialog(QDialog):
    """`agreed` carries the successor's id, or None when nothing has to be handed over."""

    agreed = Signal(object)

    def __init__(self, member: Worker, left: Hanging, members: Sequence[Worker], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        title = _("停用 {name}").format(name=member.name)
        name(self, "leaving_dialog", title)
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(WIDTH)
        self._needed = not left.nothing
        about = name(QLabel(_words(left)), "leaving_about", _("还没有移交的"))
        about.setWordWrap(True)
        others = [(one.id, one.name) for one in members if one.id != member.id]
        self.successor = ChoiceInput(others, empty=N_("请选择"))
        self.form = FormColumn()
        self.form.add("successor", _("移交给"), self.successor, required=True)
        self.form.setVisible(self._needed)
        ok = set_look(
            name(QPushButton(_("移交并停用") if self._needed else _("停用")), "leaving_ok", _("停用")), "primary"
        )
        cancel = name(QPushButton(_("取消")), "leaving_cancel", _("取消"))
        ok.clicked.connect(self.submit)
        cancel.clicked.connect(self.reject)
        foot = QHBoxLayout()
        foot.setSpacing(gap(2))
        foot.addStretch(1)
        foot.addWidget(cancel)
        foot.addWidget(ok)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(gap(5), gap(4), gap(5), gap(4))
        lines.setSpacing(gap(3))
        lines.addWidget(about)
        lines.addWidget(self.form)
        lines.addLayout(foot)

    def submit(self) -> None:
        """Hand on the successor, when one is needed."""
        successor = self.successor.value()
        if self._needed and successor is None:
            self.form.show_refusals({"successor": _("请选择接手的网格员")})
            return
        self.agreed.emit(successor if self._needed else None)
        self.accept()


def _words(left: Hanging) -> str:
    if left.nothing:
        return _("名下没有网格、任务和计划,可以直接停用。历史记录都保留。")
    grids = "、".join(grid.name or grid.code for grid in left.grids) or _("无")
    words = _("名下还有网格:{grids};未办完的核实核查任务 {tasks} 件;在用的巡查计划 {plans} 个。一次全部移交后停用。")
    return words.format(grids=grids, tasks=len(left.tasks), plans=len(left.plans))
