"""Scores of grid members by month: every figure opens its records, and says what it is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QToolButton, QVBoxLayout, QWidget

from app.base.words import N_, _
from app.domain.member_scores import SCORE_MEANINGS, SCORE_TITLES, MemberScore, Score
from app.services.member_scores import month_of
from ui.icons import icon
from ui.naming import name
from ui.pages.context import PageContext
from ui.tables.columns import RIGHT, Column
from ui.tables.small_table import SmallTable
from ui.tasks import Latest
from ui.theme import gap, set_look
from ui.widgets.empty_state import EmptyState
from ui.widgets.sections import InPart

COUNTED = frozenset({Score.MISSED, Score.SELF_HANDLED})


class MemberScores(QWidget):
    """`go` takes a day of the month to show, or None."""

    wanted = Signal(str, object)

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        name(self, "member_scores", _("网格员考核"))
        self._context = context
        self._day = context.desk.reference.today()
        self._latest: Latest[list[MemberScore]] = Latest(context.tasks, done=self._show, parent=self)
        self.month = set_look(name(QLabel(), "scores_month", _("月份")), "title")
        self.earlier = self._tool("scores_earlier", _("上个月"), "left")
        self.later = self._tool("scores_later", _("下个月"), "right")
        self.rounds = name(QPushButton(_("看巡查")), "scores_rounds", _("打开这位网格员本月的巡查"))
        self.findings = name(QPushButton(_("看问题")), "scores_findings", _("打开这位网格员上报的问题"))
        self.tasks = name(QPushButton(_("看核实核查")), "scores_tasks", _("打开这位网格员的核实核查任务"))
        self.table: SmallTable[MemberScore] = SmallTable(
            "score_table", _("网格员考核"), score_columns(), context, EmptyState(_("还没有网格员"))
        )
        self.meaning = set_look(name(QLabel(_meanings()), "scores_meaning", _("怎么算的")), "muted")
        self.meaning.setWordWrap(True)
        self._lay_out()
        self._connect()

    def go(self, argument: object) -> None:
        """Show the month of a day."""
        if isinstance(argument, date):
            self._day = argument
            self.refresh()

    def refresh(self) -> None:
        """Count again."""
        day, service = self._day, self._context.desk.member_scores
        self.month.setText(_("{year} 年 {month} 月").format(year=day.year, month=day.month))
        self._latest.ask(lambda watch: service.month(day, watch=watch))

    def keep(self) -> None:
        """Nothing is typed here."""

    def open_rounds(self) -> None:
        """Rounds of the member one stands on, in the month shown."""
        score = self.table.current()
        if score is not None:
            self.wanted.emit("patrols", InPart("rounds", self._chosen(score)))

    def open_findings(self) -> None:
        """Findings of the member one stands on, of the month shown."""
        score = self.table.current()
        if score is not None:
            self.wanted.emit("patrols", InPart("findings", self._chosen(score)))

    def open_tasks(self) -> None:
        """Verify and check tasks of the member one stands on."""
        score = self.table.current()
        if score is not None:
            self.wanted.emit("patrols", InPart("tasks", {"member": (str(score.member_id),)}))

    def _chosen(self, score: MemberScore) -> dict[str, tuple[str, ...]]:
        first, last = month_of(self._day)
        return {"period": (f"{first.isoformat()}..{last.isoformat()}",), "member": (str(score.member_id),)}

    def _show(self, scores: list[MemberScore]) -> None:
        self.table.show_all(scores)

    def _move(self, months: int) -> None:
        first, last = month_of(self._day)
        self._day = date.fromordinal(last.toordinal() + 1 if months > 0 else first.toordinal() - 1)
        self.refresh()

    def _on_chosen(self, score: MemberScore | None) -> None:
        for button in (self.rounds, self.findings, self.tasks):
            button.setEnabled(score is not None)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(gap(2))
        for widget in (self.earlier, self.month, self.later):
            top.addWidget(widget)
        top.addStretch(1)
        for button in (self.rounds, self.findings, self.tasks):
            button.setEnabled(False)
            top.addWidget(button)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(gap(3), gap(2), gap(3), gap(2))
        lines.setSpacing(gap(2))
        lines.addLayout(top)
        lines.addWidget(self.table, 1)
        lines.addWidget(self.meaning, 0, Qt.AlignmentFlag.AlignBottom)

    def _connect(self) -> None:
        self.earlier.clicked.connect(lambda: self._move(-1))
        self.later.clicked.connect(lambda: self._move(1))
        self.rounds.clicked.connect(self.open_rounds)
        self.findings.clicked.connect(self.open_findings)
        self.tasks.clicked.connect(self.open_tasks)
        self.table.chosen.connect(self._on_chosen)
        self.table.opened.connect(lambda _score: self.open_rounds())

    def _tool(self, object_name: str, title: str, picture: str) -> QToolButton:
        tool = name(QToolButton(), object_name, title, title)
        tool.setIcon(icon(picture))
        return tool


def score_columns() -> Sequence[Column[MemberScore]]:
    """Name, the figures, and what they were counted from."""
    scores = [_score_column(score) for score in Score]
    return (
        Column("name", N_("姓名"), 90, lambda one: one.name),
        Column("rounds", N_("巡查"), 64, lambda one: f"{one.counts.rounds_done}/{one.counts.rounds_planned}", RIGHT),
        Column("reported", N_("上报"), 48, lambda one: str(one.counts.reported), RIGHT),
        *scores,
    )


def score_words(one: MemberScore, score: Score) -> str:
    """A share in percent or a count; "-" when there was nothing to count."""
    value = one.value(score)
    if value is None:
        return "-"
    return f"{value:.0f}" if score in COUNTED else f"{100 * value:.1f}%"


def _score_column(score: Score) -> Column[MemberScore]:
    return Column(
        str(score),
        SCORE_TITLES[score],
        100,
        lambda one: score_words(one, score),
        RIGHT,
        hint=lambda _one: f"{_(SCORE_TITLES[score])}:{_(SCORE_MEANINGS[score])}",
    )


def _meanings() -> str:
    parts = [f"{_(SCORE_TITLES[score])} = {_(SCORE_MEANINGS[score])}" for score in Score]
    return "\n".join([*parts, _("“-”表示没有可统计的记录,不是 0。")])
