"""What the coverage is asked for: rows of what, which street, from when to when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QToolButton, QWidget

from app.base.words import N_, _
from app.desk import Desk
from app.domain.coverage import COVERAGE_BY_TITLES, MOST_DAYS, CoverageBy
from ui.forms.choice_input import ChoiceInput
from ui.forms.time_inputs import DayInput
from ui.icons import icon
from ui.naming import name
from ui.pages.patrols.rounds_filters import period_days
from ui.theme import gap, set_look

DAY_PX = 104
SPANS = (("week", N_("本周")), ("last_week", N_("上周")), ("month", N_("本月")), ("last_month", N_("上月")))


@dataclass(frozen=True)
class Question:
    """What is asked."""

    by: CoverageBy
    first: date
    last: date
    street_code: str


class CoverageBar(QWidget):
    """`asked` when a person chose otherwise and the days are days."""

    asked = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        name(self, "coverage_bar", _("覆盖范围"))
        self._today = desk.reference.today
        self.by = name(ChoiceInput(list(COVERAGE_BY_TITLES.items())), "coverage_by", _("按什么统计"))
        self.by.set_value(desk.coverage.best_by())
        streets = desk.reference.divisions().streets_of(desk.reference.office().district_code)
        choices = [(street.code, street.name) for street in streets]
        self.street = name(ChoiceInput(choices, empty=N_("全部街道")), "coverage_street", _("街道"))
        self.span = name(ChoiceInput(SPANS, empty=N_("自定日期")), "coverage_span", _("时段"))
        self.first = name(DayInput(), "coverage_first", _("从"))
        self.last = name(DayInput(), "coverage_last", _("到"))
        self.wrong = set_look(name(QLabel(), "coverage_wrong", _("日期有误")), "wrong")
        self.wrong.hide()
        self.export = self._tool("coverage_export", _("导出表格或图片 (Ctrl+E)"), "export")
        self.print = self._tool("coverage_print", _("打印 (Ctrl+P)"), "print")
        self.go = set_look(name(QPushButton(_("统计")), "coverage_go", _("统计")), "primary")
        self._lay_out()
        self.span.set_value("month")
        self._on_span()
        for choice in (self.by, self.street):
            choice.edited.connect(self.asked)
        self.span.edited.connect(self._on_span)
        self.go.clicked.connect(self._on_days)
        for day in (self.first, self.last):
            day.setFixedWidth(DAY_PX)
            day.returnPressed.connect(self._on_days)

    def question(self) -> Question | None:
        """What is asked; None: the days are no span, which is said."""
        first, last, by = self.first.value(), self.last.value(), self.by.value()
        wrong = ""
        if not isinstance(first, date) or not isinstance(last, date):
            wrong = _("请写成 2026-11-01 这样的日期")
        elif not 0 <= (last - first).days < MOST_DAYS:
            wrong = _("结束日期不能早于开始日期,最多 {n} 天").format(n=MOST_DAYS)
        self.wrong.setText(wrong)
        self.wrong.setVisible(bool(wrong))
        if wrong or not isinstance(first, date) or not isinstance(last, date):
            return None
        return Question(CoverageBy(by), first, last, self.street.value() or "")

    def _on_span(self) -> None:
        span = self.span.value()
        if span is not None:
            first, last = period_days(span, self._today())
            self.first.set_value(first)
            # What lies ahead says nothing yet of how well was walked; its days can still be typed.
            self.last.set_value(min(last, self._today()))
            self.asked.emit()

    def _on_days(self) -> None:
        self.span.set_value(None)
        self.asked.emit()

    def _lay_out(self) -> None:
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(gap(2))
        for widget in (self.by, self.street, self.span, self.first, QLabel("–"), self.last, self.go, self.wrong):
            line.addWidget(widget)
        line.addStretch(1)
        line.addWidget(self.export)
        line.addWidget(self.print)

    def _tool(self, object_name: str, title: str, picture: str) -> QToolButton:
        tool = name(QToolButton(), object_name, title, title)
        tool.setIcon(icon(picture))
        return tool
