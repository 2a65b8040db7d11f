"""Asks for the number of the case that is the same matter."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.base.words import _
from app.domain.cases import Case
from app.domain.problems import Problem
from ui.forms.field import FormColumn
from ui.forms.text_inputs import TextInput
from ui.naming import name
from ui.pages.cases.offer_words import refusal_words
from ui.theme import gap, set_look

WIDTH = 460


class LinkDialog(QDialog):
    """`number_given` carries what was typed; the asker answers by `accept` or `show_refusal`."""

    number_given = Signal(str)

    def __init__(self, case: Case, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        name(self, "link_dialog", _("关联另一件案件"))
        self.setWindowTitle(_("关联另一件案件"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(WIDTH)
        self.number = TextInput()
        self.form = FormColumn()
        hint = _("本地编号、市平台编号或来源编号;{number} 会记为与它同一件事").format(number=case.local_no)
        self.form.add("number", _("编号"), self.number, hint=hint, required=True)
        ok = set_look(name(QPushButton(_("关联")), "link_ok", _("关联")), "primary")
        cancel = name(QPushButton(_("取消")), "link_cancel", _("取消"))
        ok.setDefault(True)
        ok.clicked.connect(self.submit)
        cancel.clicked.connect(self.reject)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(cancel)
        foot.addWidget(ok)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(gap(5), gap(4), gap(5), gap(4))
        lines.setSpacing(gap(3))
        lines.addWidget(self.form)
        lines.addLayout(foot)
        self.number.setFocus(Qt.FocusReason.OtherFocusReason)

    def submit(self) -> None:
        """Hand on the number."""
        self.number_given.emit(self.number.value())

    def show_refusal(self, problem: Problem) -> None:
        """Say at the field why not."""
        self.form.show_refusals({"number": refusal_words(problem)})
