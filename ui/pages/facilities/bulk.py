"""One change for many facilities: state, light, owners."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QVBoxLayout, QWidget

from app.base.words import N_, _
from app.domain.facilities import FACILITY_STATE_TITLES, Facility
from ui.forms.choice_input import ChoiceInput
from ui.forms.field import FormColumn
from ui.forms.refusals import title_of
from ui.forms.text_inputs import TextInput
from ui.naming import name
from ui.theme import gap

UNCHANGED = N_("不改")
ROLES = ("authority", "owner", "maintainer")


class BulkDialog(QDialog):
    """`agreed`: (fields to set, note). What stays empty stays as it is."""

    agreed = Signal(object, str)

    def __init__(self, count: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        name(self, "bulk_dialog", _("批量修改部件"))
        self.setWindowTitle(_("批量修改部件"))
        self.setMinimumWidth(gap(110))
        said = QLabel(_("修改选中的 {n} 件部件;没有填的项目保持不变。").format(n=f"{count:,}"))
        said.setWordWrap(True)
        self.state = ChoiceInput(list(FACILITY_STATE_TITLES.items()), empty=UNCHANGED)
        self.lit = ChoiceInput(_yes_no(N_("亮灯"), N_("不亮")), empty=UNCHANGED)
        self.main_road = ChoiceInput(_yes_no(N_("是"), N_("否")), empty=UNCHANGED)
        self.roles = {role: TextInput(80) for role in ROLES}
        self.note = TextInput(400)
        form = FormColumn()
        form.add("state", title_of(Facility, "state"), self.state)
        form.add("lit", title_of(Facility, "lit"), self.lit)
        form.add("main_road", title_of(Facility, "main_road"), self.main_road)
        for role, line in self.roles.items():
            form.add(role, title_of(Facility, role), line)
        form.add("reason", _("说明"), self.note)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        self.ok = buttons.button(QDialogButtonBox.StandardButton.Ok)
        self.ok.setText(_("修改"))
        buttons.button(QDialogButtonBox.StandardButton.Cancel).setText(_("取消"))
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(gap(5), gap(4), gap(5), gap(4))
        lines.setSpacing(gap(3))
        for widget in (said, form, buttons):
            lines.addWidget(widget)

    def fields(self) -> dict[str, Any]:
        """What is to be set."""
        chosen = {"state": self.state.value(), "lit": self.lit.value(), "main_road": self.main_road.value()}
        typed = {role: line.value() for role, line in self.roles.items() if line.value()}
        return {name: value for name, value in chosen.items() if value is not None} | typed

    def accept(self) -> None:
        """Tell what is to be set, if anything is."""
        if fields := self.fields():
            self.agreed.emit(fields, self.note.value())
        super().accept()


def _yes_no(yes: str, no: str) -> Sequence[tuple[bool, str]]:
    return ((True, yes), (False, no))
