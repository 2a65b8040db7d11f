"""Asks for a first and a last day."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.base.words import _
from ui.forms.field import FormColumn
from ui.forms.time_inputs import DayInput
from ui.naming import name
from ui.theme import gap, set_look

WIDTH = 360


class PeriodDialog(QDialog):
    """`given` carries the period as the list's question writes it: `2026-11-01..2026-11-07`."""

    given = Signal(str)

    def __init__(self, today: date, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        name(self, "period_dialog", _("自定日期"))
        self.setWindowTitle(_("自定日期"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(WIDTH)
        self.first, self.last = DayInput(), DayInput()
        self.first.set_value(today.replace(day=1))
        self.last.set_value(today)
        self.form = FormColumn()
        self.form.add("first_day", _("从"), self.first, required=True)
        self.form.add("last_day", _("到(含)"), self.last, required=True)
        ok = set_look(name(QPushButton(_("确定")), "period_ok", _("确定")), "primary")
        cancel = name(QPushButton(_("取消")), "period_cancel", _("取消"))
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

    def submit(self) -> None:
        """Hand on the days, when they are days in their order."""
        first, last = self.first.value(), self.last.value()
        wrong = {
            field: _("请写成 2026-11-01 这样的日期")
            for field, day in (("first_day", first), ("last_day", last))
            if not isinstance(day, date)
        }
        if isinstance(first, date) and isinstance(last, date):
            if first <= last:
                self.given.emit(f"{first.isoformat()}..{last.isoformat()}")
                self.accept()
                return
            wrong = {"last_day": _("不能早于开始的日期")}
        self.form.show_refusals(wrong)
