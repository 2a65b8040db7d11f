"""The flow of a case and the limits of its stages as they are in force; newer tables are imported."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QPushButton, QTabWidget, QWidget

from app.base.watch import Watch
from app.base.words import N_, _
from app.desk import Desk
from app.domain.deadlines import Limit, LimitUnit
from app.domain.permissions import Actor
from app.domain.stages import CLOCK_TITLES, STAGE_TITLES, Stage
from app.domain.workflow import ANY_OPEN, SAME_STAGE, STAGE_BEFORE, FlowStep
from app.services.case_step_words import roles_words
from app.services.sheets.flow_rows import read_flow, read_stage_limits
from ui.naming import name
from ui.pages.context import PageContext
from ui.pages.settings.section import Section
from ui.tables.columns import Column
from ui.tables.small_table import SmallTable
from ui.theme import gap
from ui.widgets.empty_state import EmptyState

SHEETS = "*.csv *.xlsx *.xls *.ods"
UNIT_TITLES = {
    LimitUnit.MINUTE: N_("{n} 分钟(连续计时)"),
    LimitUnit.HOUR: N_("{n} 小时(连续计时)"),
    LimitUnit.DAY: N_("{n} 天(连续计时)"),
    LimitUnit.WORKING_MINUTE: N_("{n} 分钟(工作时间)"),
    LimitUnit.WORKING_HOUR: N_("{n} 小时(工作时间)"),
    LimitUnit.WORKING_DAY: N_("{n} 个工作日"),
}
_SPECIAL = {ANY_OPEN: N_("任一在办环节"), SAME_STAGE: N_("(不变)"), STAGE_BEFORE: N_("(挂账前的环节)")}


def stage_words(stage: str) -> str:
    """A stage of the flow table in words."""
    return _(_SPECIAL[stage]) if stage in _SPECIAL else _(STAGE_TITLES[Stage(stage)])


def limit_words(limit: Limit) -> str:
    """A limit in words that say how it is counted."""
    return _(UNIT_TITLES[limit.unit]).format(n=limit.value)


STEP_COLUMNS: tuple[Column[FlowStep], ...] = (
    Column("from", N_("环节"), 130, lambda step: stage_words(step.source)),
    Column("title", N_("步骤"), 130, lambda step: _(step.title)),
    Column("to", N_("到环节"), 130, lambda step: stage_words(step.target)),
    Column("roles", N_("谁来办"), 180, lambda step: roles_words(" ".join(sorted(step.roles)))),
    Column("reason", N_("要写理由"), 80, lambda step: _("是") if step.reason_required else ""),
    Column("key", N_("按键"), 60, lambda step: step.key),
    Column("note", N_("说明"), 320, lambda step: _(step.note)),
)
LimitLine = tuple[str, Limit]
LIMIT_COLUMNS: tuple[Column[LimitLine], ...] = (
    Column("clock", N_("计时"), 160, lambda line: _(CLOCK_TITLES[line[0]])),
    Column("limit", N_("时限"), 220, lambda line: limit_words(line[1])),
)


class FlowSection(Section):
    """The tables to read; an administrator imports newer ones."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(
            context,
            "flow_settings",
            _("流程与环节时限"),
            _("案件怎样一步步办理,以及受理、派遣等环节的时限。在办案件按自己立案时的流程办完。"),
            editable=context.actor.administers,
        )
        self.steps: SmallTable[FlowStep] = SmallTable(
            "flow_steps", _("办理流程"), STEP_COLUMNS, context, EmptyState(_("还没有流程"))
        )
        self.limits: SmallTable[LimitLine] = SmallTable(
            "stage_limits", _("环节时限"), LIMIT_COLUMNS, context, EmptyState(_("还没有环节时限"))
        )
        tabs: QTabWidget = name(QTabWidget(), "flow_tabs", _("流程与环节时限"))
        tabs.setDocumentMode(True)
        tabs.addTab(self.steps, _("办理流程"))
        tabs.addTab(self.limits, _("环节时限"))
        row = QHBoxLayout()
        row.setSpacing(gap(2))
        for object_name, title, act in (
            ("flow_import", _("导入办理流程…"), self._choose_flow),
            ("limits_import", _("导入环节时限…"), self._choose_limits),
        ):
            button = name(QPushButton(title), object_name, title)
            button.setVisible(self.editable)
            button.clicked.connect(act)
            row.addWidget(button)
        row.addStretch(1)
        self.body.addLayout(row)
        self.body.addWidget(tabs, 1)

    def refresh(self) -> None:
        """Show the tables in force."""
        reference = self.context.desk.reference
        self.steps.show_all(reference.workflow().steps)
        known = reference.stage_limits()
        self.limits.show_all([(clock, known[clock]) for clock in CLOCK_TITLES if clock in known])

    def import_flow(self, path: Path) -> None:
        """Take over a newer flow."""
        self._take(partial(_take_flow, self.context.desk, path, self.context.actor))

    def import_limits(self, path: Path) -> None:
        """Take over newer stage limits."""
        self._take(partial(_take_limits, self.context.desk, path, self.context.actor))

    def _take(self, job: partial[int]) -> None:
        self.context.tasks.write(job, done=self._on_taken, failed=self.say_problem)

    def _on_taken(self, rows: int) -> None:
        self.say(_("已接收 {n} 行,今后立案的案件按新表办理").format(n=rows))
        self.refresh()

    def _choose_flow(self) -> None:
        path = _ask(self, _("导入办理流程"))
        if path is not None:
            self.import_flow(path)

    def _choose_limits(self) -> None:
        path = _ask(self, _("导入环节时限"))
        if path is not None:
            self.import_limits(path)


def _ask(parent: QWidget, title: str) -> Path | None:
    chosen, _kind = QFileDialog.getOpenFileName(parent, title, "", f"{_('表格')} ({SHEETS})")
    return Path(chosen) if chosen else None


def _take_flow(desk: Desk, path: Path, actor: Actor, watch: Watch) -> int:
    rows = read_flow(path, watch)
    desk.reference.take_over_flow(rows, label=path.stem[:80], source=path.name, actor=actor)
    return len(rows)


def _take_limits(desk: Desk, path: Path, actor: Actor, watch: Watch) -> int:
    limits = read_stage_limits(path, watch)
    desk.reference.take_over_stage_limits(limits, label=path.stem[:80], source=path.name, actor=actor)
    return len(limits)
