"""One task beside the list: whose it is and why, what is left of its time, the case, and what may be done."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QStackedLayout, QToolButton, QVBoxLayout, QWidget

from app.base.words import N_, _
from app.domain.deadlines import light
from app.domain.finding_views import UNDER_WAY
from app.domain.findings import FieldTask, TaskState
from app.domain.task_rules import TASK_KIND_TITLES, TASK_STATE_TITLES, Chosen
from app.reports.field_task_paper import chosen_words
from app.services.case_words import swapped
from app.services.field_tasks import TaskDetail
from ui.naming import name
from ui.pages.context import PageContext
from ui.pages.patrols.tasks_list import result_word, time_words
from ui.tasks import Latest
from ui.theme import gap, set_look
from ui.time_words import moment_words
from ui.widgets.deadline_light import DeadlineLight
from ui.widgets.empty_state import EmptyState
from ui.widgets.fitting_row import FittingRow, quiet_button
from ui.widgets.timeline import Timeline, TimelineStep

REST_MS = 60
DEEDS = (
    ("answer", N_("反馈结果 F5"), "under_way"),
    ("hand_over", N_("交办 H"), "to_hand"),
    ("assign", N_("换人 M"), "under_way"),
    ("print", N_("打印任务单 Ctrl+P"), "any"),
    ("open_case", N_("打开案件 O"), "any"),
)


class TaskDetailPane(QWidget):
    """`deed_wanted` carries the name of a deed; the task it is about is `detail.task`."""

    deed_wanted = Signal(str)

    def __init__(self, context: PageContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        name(self, "task_detail", _("任务详情"))
        self._context = context
        self._wanted: UUID | None = None
        self.detail: TaskDetail | None = None
        self._latest: Latest[TaskDetail] = Latest(context.tasks, done=self._show, pause_ms=REST_MS, parent=self)
        self._make_parts()
        self._lay_out()
        self.show_task(None)

    def show_task(self, task_id: UUID | None) -> None:
        """Show another task, or none."""
        self._wanted = task_id
        if task_id is None:
            self._latest.drop()
            self.detail = None
            self._stack.setCurrentWidget(self._empty)
            return
        tasks = self._context.desk.field_tasks
        self._latest.ask(lambda _watch: tasks.detail(task_id))

    def refresh(self) -> None:
        """Read it again."""
        self.show_task(self._wanted)

    def may(self, deed: str) -> bool:
        """The deed can be done with what is shown."""
        return self.detail is not None and next(
            _RULES[when](self.detail.task) for key, _title, when in DEEDS if key == deed
        )

    def _make_parts(self) -> None:
        self._empty = EmptyState(_("在列表里选一个任务,这里显示案件、网格员和时限"))
        self._title = set_look(name(QLabel(), "task_head", _("任务")), "title")
        self._light = DeadlineLight()
        self._facts = name(QLabel(), "task_facts", _("任务概要"))
        for label in (self._title, self._facts):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._row = FittingRow("task_deeds", _("办理"))
        self._story = Timeline()

    def _lay_out(self) -> None:
        body = QWidget()
        lines = QVBoxLayout(body)
        lines.setContentsMargins(gap(3), gap(2), gap(3), gap(2))
        lines.setSpacing(gap(2))
        for widget in (self._title, self._light, self._row, self._facts):
            lines.addWidget(widget)
        lines.addWidget(self._story, 1)
        area = name(QScrollArea(), "task_detail_scroll", _("任务详情"))
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidget(body)
        self._body = area
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self._empty)
        self._stack.addWidget(area)

    def _show(self, detail: TaskDetail) -> None:
        self.detail = detail
        task, case, now = detail.task, detail.case, self._context.desk.clock.now()
        office = self._context.desk.reference.office()
        kind = _(swapped(TASK_KIND_TITLES[task.kind], office))
        what = case.minor_name or case.category_text
        self._title.setText(" · ".join(part for part in (kind, what, _(TASK_STATE_TITLES[task.state])) if part))
        under_way = task.state in UNDER_WAY
        key = light(task.due_at, task.warn_at, paused=False, done=not under_way, now=now).value
        left = time_words(task.due_at, now) if under_way and task.due_at else ""
        self._light.show_light(key, left)
        self._facts.setText("\n".join(fact_lines(detail, self._context)))
        self._row.set_buttons([self._button(deed, title) for deed, title, when in DEEDS if _RULES[when](task)])
        self._story.show_steps(story(task, self._context))
        self._stack.setCurrentWidget(self._body)

    def _button(self, deed: str, title: str) -> QToolButton:
        button = quiet_button(f"task_{deed}", _(title))
        if deed == "answer":
            set_look(button, "primary")
        button.clicked.connect(partial(self.deed_wanted.emit, deed))
        return button


_RULES: dict[str, Callable[[FieldTask], bool]] = {
    "under_way": lambda task: task.state in UNDER_WAY,
    "to_hand": lambda task: task.state is TaskState.OPEN and bool(task.member_name),
    "any": lambda _task: True,
}


def fact_lines(detail: TaskDetail, context: PageContext) -> list[str]:
    """What the head of the detail says."""
    task, case, now = detail.task, detail.case, context.desk.clock.now()
    who = _("网格员 {name} · {why}").format(name=task.member_name, why=chosen_words(task))
    lines = [
        f"{task.number} · {case.local_no}",
        who if task.member_name else _("还没有指定网格员"),
        nearest_words(detail.nearest, task, context),
        _("截止 {at}").format(at=moment_words(task.due_at, now)) if task.due_at else "",
        case.address,
        case.description,
    ]
    if task.result:
        lines.append(_("结果:{result}").format(result=result_word(task.kind, task.result)))
    return [line for line in lines if line]


def nearest_words(nearest: Chosen, task: FieldTask, context: PageContext) -> str:
    """Who would be sent now, where that is somebody else."""
    if task.state not in UNDER_WAY or nearest.member is None or nearest.member.id == task.member_id:
        return ""
    if nearest.distance_m is None or nearest.seen_at is None:
        return _("责任网格:{name}").format(name=nearest.member.name)
    at = moment_words(nearest.seen_at, context.desk.clock.now())
    return _("现在最近:{name},{n} 米({at})").format(name=nearest.member.name, n=round(nearest.distance_m), at=at)


def story(task: FieldTask, context: PageContext) -> list[TimelineStep]:
    """Issued, handed over, answered or called off."""
    now = context.desk.clock.now()
    steps = [TimelineStep(moment_words(task.issued_at, now), _("下达"), task.member_name)]
    if task.handed_at is not None:
        steps.append(TimelineStep(moment_words(task.handed_at, now), _("交办"), task.member_name))
    if task.done_at is not None:
        said = " · ".join(part for part in (result_word(task.kind, task.result), task.note) if part)
        title = _(TASK_STATE_TITLES[task.state])
        steps.append(TimelineStep(moment_words(task.done_at, now), title, task.member_name, said))
    return steps
