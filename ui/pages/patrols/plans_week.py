"""A week's work: members down, days across, and what to know before its rounds are made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.base.words import _
from app.domain.patrol_planning import monday_of
from app.domain.patrol_views import PlanNotice, PlanTrouble, WeekPlanned, Workload
from app.domain.problems import Problem
from ui.naming import name
from ui.notices import problem_box
from ui.pages.context import PageContext
from ui.pages.patrols.rounds_columns import weekday_word
from ui.tasks import Latest
from ui.theme import ROW, gap, set_look

WEEK = timedelta(days=7)
MOST_NOTICES = 6


@dataclass(frozen=True)
class _Week:
    work: Workload
    notices: Sequence[PlanNotice]


class WeekPanel(QWidget):
    """rounds_wanted: first day and last day of a week, or of one of its days. planned: WeekPlanned."""

    rounds_wanted = Signal(object, object)
    planned = Signal(object)

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        name(self, "week_panel", _("一周安排"))
        self._context = context
        self.monday = monday_of(context.desk.reference.today())
        self._latest: Latest[_Week] = Latest(context.tasks, done=self._show, parent=self)
        self._title = set_look(name(QLabel(), "week_title", _("哪一周")), "title")
        self._before = name(QPushButton("◀"), "week_before", _("上一周"))
        self._after = name(QPushButton("▶"), "week_after", _("下一周"))
        self.plan_button = set_look(name(QPushButton(_("排出这一周")), "plan_week", _("排出这一周的巡查")), "primary")
        self._open = name(QPushButton(_("看这一周的巡查")), "week_rounds", _("看这一周的巡查"))
        self.table = name(QTableWidget(), "workload", _("每人每天的巡查次数"))
        self._notices = name(QLabel(), "week_notices", _("需要留意"))
        self._notices.setWordWrap(True)
        self._notices.setTextFormat(Qt.TextFormat.PlainText)
        self._lay_out()
        self._connect()

    def refresh(self) -> None:
        """Read the week again."""
        plans, monday = self._context.desk.patrol_plans, self.monday
        self._latest.ask(lambda _watch: _Week(plans.workload(monday), plans.notices(monday)))

    def go(self, day: date) -> None:
        """Show the week that holds a day."""
        self.monday = monday_of(day)
        self.refresh()

    def plan(self) -> None:
        """Make this week's rounds."""
        plans, actor, monday = self._context.desk.patrol_plans, self._context.actor, self.monday
        self._context.tasks.write(
            lambda _watch: plans.plan_week(monday, actor=actor), done=self._on_planned, failed=self._trouble
        )

    def said(self) -> str:
        """What is to be known of the week."""
        return self._notices.text()

    def _lay_out(self) -> None:
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.verticalHeader().setDefaultSectionSize(ROW)
        self.table.verticalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.table.setMinimumHeight(ROW * 4)
        for button in (self._before, self._after):
            button.setFixedWidth(gap(8))
        head = QHBoxLayout()
        head.setSpacing(gap(2))
        for widget in (self._before, self._title, self._after):
            head.addWidget(widget)
        head.addStretch(1)
        head.addWidget(self._open)
        head.addWidget(self.plan_button)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(gap(3), gap(2), gap(3), gap(2))
        lines.setSpacing(gap(2))
        lines.addLayout(head)
        lines.addWidget(self._notices)
        lines.addWidget(self.table, 1)

    def _connect(self) -> None:
        self._before.clicked.connect(lambda: self.go(self.monday - WEEK))
        self._after.clicked.connect(lambda: self.go(self.monday + WEEK))
        self.plan_button.clicked.connect(self.plan)
        self._open.clicked.connect(lambda: self.rounds_wanted.emit(self.monday, self.monday + timedelta(days=6)))
        self.table.cellDoubleClicked.connect(self._on_cell)

    def _show(self, week: _Week) -> None:
        work = week.work
        last = self.monday + timedelta(days=6)
        self._title.setText(f"{self.monday:%Y-%m-%d} – {last:%m-%d}")
        heads = [f"{weekday_word(day.weekday())}\n{day:%m-%d}" for day in work.days]
        self.table.clear()
        self.table.setColumnCount(len(heads) + 1)
        self.table.setHorizontalHeaderLabels([*heads, _("合计")])
        self.table.setRowCount(len(work.members))
        self.table.setVerticalHeaderLabels([title or _("未指定") for _member, title in work.members])
        for row, (member, _title) in enumerate(work.members):
            counts = [work.cells.get((member, day), 0) for day in work.days]
            for column, count in enumerate([*counts, sum(counts)]):
                item = QTableWidgetItem(str(count or ""))
                item.setTextAlignment(Qt.AlignmentFlag.AlignCenter)
                self.table.setItem(row, column, item)
        self._say(week.notices)

    def _say(self, notices: Sequence[PlanNotice]) -> None:
        said = list(map(notice_words, notices[:MOST_NOTICES]))
        if len(notices) > MOST_NOTICES:
            said.append(_("另有 {n} 条").format(n=len(notices) - MOST_NOTICES))
        self._notices.setText("\n".join(f"▲ {one}" for one in said))
        self._notices.setVisible(bool(said))

    def _on_cell(self, _row: int, column: int) -> None:
        day = self.monday + timedelta(days=min(column, 6))
        self.rounds_wanted.emit(day, day)

    def _on_planned(self, planned: WeekPlanned) -> None:
        words = _("排出 {made} 次巡查,原有 {there} 次没有变动")
        self._context.notices.say(words.format(made=planned.made, there=planned.there))
        self.planned.emit(planned)
        self.refresh()

    def _trouble(self, problem: Problem) -> None:
        problem_box(self, problem)


def notice_words(notice: PlanNotice) -> str:
    """A notice in a sentence."""
    days = "、".join(f"{day:%m-%d}" for day in notice.days)
    match notice.trouble:
        case PlanTrouble.CALENDAR_ENDS:
            words = _("“{plan}”:还没有 {year} 年的工作日历,这些天没有排;请在设置里补上日历")
        case PlanTrouble.NO_MEMBER:
            words = _("“{plan}”没有网格员,网格也没有责任人")
        case PlanTrouble.RETIRED:
            words = _("“{plan}”的网格员{member}已停用")
        case PlanTrouble.SECONDED:
            words = _("“{plan}”的网格员{member}下沉到别的街道:{days}")
        case PlanTrouble.AWAY:
            words = _("“{plan}”的网格员{member}请假或休息:{days}")
        case PlanTrouble.NO_TEMPLATE:
            words = _("“{plan}”的检查模板已停用或还没有启用")
    return words.format(plan=notice.plan_name, member=notice.member_name, days=days, year=notice.year)
