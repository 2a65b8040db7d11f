"""The part of plans: the plans at the left with the week under them, one plan's form at the right."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from PySide6.QtCore import QEvent, QModelIndex, QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QScrollArea, QSplitter, QVBoxLayout, QWidget

from app.base.words import N_, _
from app.domain.patrols import ROUND_KIND_TITLES, PatrolPlan
from app.domain.problems import Problem
from ui.naming import name
from ui.notices import problem_box
from ui.pages.context import PageContext
from ui.pages.patrols.plans_form import HOLIDAYS, PlanForm
from ui.pages.patrols.plans_week import WeekPanel
from ui.pages.patrols.rounds_columns import weekday_word
from ui.tables.columns import RIGHT, Column
from ui.tables.small_table import SmallTable
from ui.tasks import Latest
from ui.theme import gap, set_look
from ui.widgets.empty_state import EmptyState
from ui.widgets.half_typed import half_typed_words
from ui.widgets.sections import InPart

SHARE = (60, 40)


class _FormArea(QScrollArea):
    """Scrolls up and down only: as wide as what is in it, whatever is shown there."""

    def minimumSizeHint(self) -> QSize:
        """The form's least width beside its scroll bar."""
        inside = self.widget().minimumSizeHint().width() + self.verticalScrollBar().sizeHint().width()
        return QSize(inside, super().minimumSizeHint().height())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Whatever is shown in the form may make it wider."""
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)


class PlansPart(QWidget):
    """`go` takes the id of a plan, a day whose week is shown, or None."""

    wanted = Signal(str, object)

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        name(self, "plans_part", _("巡查计划"))
        self._context = context
        self._plan: PatrolPlan | None = None
        self._asked: UUID | None = None
        self._dirty = self._moving = False
        self._latest: Latest[list[PatrolPlan]] = Latest(context.tasks, done=self._show, parent=self)
        self.form = PlanForm(context)
        self.week = WeekPanel(context)
        empty = EmptyState(_("还没有巡查计划"), _("新建计划"), _("按网格或道路排好频次和路线,每周一键排出巡查"))
        empty.acted.connect(self._on_new)
        self.table: SmallTable[PatrolPlan] = SmallTable("plan_table", _("巡查计划"), self._columns(), context, empty)
        self._title = set_look(name(QLabel(), "plan_title", _("计划")), "title")
        self.new = name(QPushButton(_("+ 新建计划")), "new_plan", _("新建计划"))
        self.save_button = set_look(name(QPushButton(_("保存 Ctrl+S")), "save_plan", _("保存计划")), "primary")
        self._lay_out()
        self._connect()
        self.start_new()

    def go(self, argument: object) -> None:
        """Show what was asked for."""
        if isinstance(argument, UUID):
            self._asked = argument
            self.refresh()
        elif isinstance(argument, date):
            self.week.go(argument)

    def refresh(self) -> None:
        """Read again what is shown; what is half typed stays."""
        plans = self._context.desk.patrol_plans
        self._latest.ask(lambda _watch: plans.all())
        self.week.refresh()

    def keep(self) -> None:
        """A plan is saved or not; its form stays as it is while the window is open."""

    def start_new(self) -> None:
        """An empty form."""
        self._plan = None
        self.table.table.view.setCurrentIndex(QModelIndex())
        self._title.setText(_("新计划"))
        self.form.show_plan(None, self._context.desk.reference.today())
        self._dirty = False

    def save(self) -> None:
        """Keep the plan in the form; rounds it made already stay."""
        values = self.form.values()
        if values is None:
            return
        plans, actor = self._context.desk.patrol_plans, self._context.actor
        plan_id = None if self._plan is None else self._plan.id
        self._context.tasks.write(
            lambda _watch: plans.save(values, actor=actor, plan_id=plan_id), done=self._on_saved, failed=self._trouble
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape gives up what is half typed, unless a field took it: to close its list, or to end composing."""
        if event.key() == Qt.Key.Key_Escape and self._dirty:
            self._give_up()
        else:
            super().keyPressEvent(event)

    def _columns(self) -> list[Column[PatrolPlan]]:
        members = self._context.desk.patrol_plans.member_name
        return [
            Column("name", N_("名称"), 152, lambda plan: plan.name if plan.active else f"{plan.name} {_('(停用)')}"),
            Column("kind", N_("类别"), 70, lambda plan: _(ROUND_KIND_TITLES[plan.kind])),
            Column("member", N_("网格员"), 66, members),
            Column("days", N_("频次"), 172, frequency_words),
            Column("shift", N_("班次"), 92, lambda plan: f"{plan.shift_start:%H:%M}-{plan.shift_end:%H:%M}"),
            Column("points", N_("检查点"), 58, lambda plan: str(len(plan.points)), RIGHT),
            Column("until", N_("有效期至"), 84, lambda plan: f"{plan.valid_until or ''}"),
        ]

    def _lay_out(self) -> None:
        left = name(QSplitter(Qt.Orientation.Vertical), "plans_left", _("计划和一周安排"))
        left.setChildrenCollapsible(False)
        left.addWidget(self.table)
        left.addWidget(self.week)
        side = QWidget()
        lines = QVBoxLayout(side)
        lines.setContentsMargins(gap(3), gap(2), gap(3), gap(2))
        lines.setSpacing(gap(2))
        head = QHBoxLayout()
        head.addWidget(self._title, 1)
        head.addWidget(self.new)
        lines.addLayout(head)
        area = name(_FormArea(), "plan_scroll", _("计划内容"))
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(self.form)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        lines.addWidget(area, 1)
        lines.addWidget(self.save_button, 0, Qt.AlignmentFlag.AlignLeft)
        split = name(QSplitter(Qt.Orientation.Horizontal), "plans_split", _("计划"))
        split.setChildrenCollapsible(False)
        for at, widget in enumerate((left, side)):
            split.addWidget(widget)
            split.setStretchFactor(at, SHARE[at])
        split.setSizes([share * 10 for share in SHARE])
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.addWidget(split)
        self.setFocusProxy(self.table)

    def _connect(self) -> None:
        self.table.chosen.connect(self._on_chosen)
        self.form.changed.connect(self._on_changed)
        self.new.clicked.connect(self._on_new)
        self.save_button.clicked.connect(self.save)
        self.week.rounds_wanted.connect(self._on_rounds_wanted)
        for keys, slot in (("Ctrl+S", self.save), ("Ctrl+N", self._on_new)):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(slot)

    def _show(self, plans: list[PatrolPlan]) -> None:
        own = self._asked or (None if self._plan is None else self._plan.id)
        self._asked = None
        # A row that moved is not a row somebody went to: what is typed stays with its plan.
        self._moving = True
        self.table.show_all(plans)
        self.table.go_to(lambda plan: plan.id == own)
        self._moving = False
        self._on_chosen(self.table.current())

    def _on_chosen(self, plan: PatrolPlan | None) -> None:
        """Another row fills the form, unless something half typed stands in it: that stays, with its row."""
        if self._moving or plan is None or (self._plan is not None and plan.id == self._plan.id and self._dirty):
            return
        if self._dirty:
            # The table is in the middle of its own move: it goes back once that is done.
            QTimer.singleShot(0, self, self._stand_back)
            return
        self._plan = plan
        self._title.setText(plan.name)
        self.form.show_plan(plan, self._context.desk.reference.today())
        self._dirty = False

    def _on_changed(self) -> None:
        self._dirty = True

    def _stand_back(self) -> None:
        """Stay with the plan half typed, and say how to leave it."""
        own = None if self._plan is None else self._plan.id
        self._moving = True
        self.table.table.view.setCurrentIndex(QModelIndex())
        self.table.go_to(lambda plan: plan.id == own)
        self._moving = False
        self._context.notices.say(half_typed_words(self._title.text()))

    def _on_new(self) -> None:
        if self._dirty:
            self._context.notices.say(half_typed_words(self._title.text()))
        else:
            self.start_new()

    def _give_up(self) -> None:
        """Forget what is half typed."""
        plan, self._dirty = self._plan, False
        if plan is None:
            self.start_new()
        else:
            self._on_chosen(plan)

    def _on_saved(self, plan: PatrolPlan) -> None:
        self._plan, self._dirty = plan, False
        self._asked = plan.id
        self._title.setText(plan.name)
        self._context.notices.say(_("计划“{name}”已保存;已排出的巡查不变").format(name=plan.name))
        self.refresh()

    def _on_rounds_wanted(self, first: date, last: date) -> None:
        self.wanted.emit("patrols", InPart("rounds", (first, last)))

    def _trouble(self, problem: Problem) -> None:
        problem_box(self, problem, safe=_("填的内容还在"))


def frequency_words(plan: PatrolPlan) -> str:
    """`周一周三 每2周 每天2次 节假日照常`."""
    frequency = plan.frequency
    parts = [_("每天")] if len(frequency.weekdays) == 7 else [weekday_word(day - 1) for day in frequency.weekdays]
    if frequency.every_weeks > 1:
        parts.append(_("每 {n} 周").format(n=frequency.every_weeks))
    if frequency.times_a_day > 1:
        parts.append(_("每天 {n} 次").format(n=frequency.times_a_day))
    parts.append(_(dict(HOLIDAYS)[frequency.holidays]))
    return " ".join(parts)
