"""One task beside the list: whose it is and why, what is left of its time, the case, and what may be done."""

from __future__ import annotations

from collections.abc import Sequence

from app.base.words import N_, _
from app.domain.deadlines import light
from app.domain.finding_views import UNDER_WAY
from app.domain.findings import FieldTask, TaskState
from app.domain.task_rules import TASK_KIND_TITLES, TASK_STATE_TITLES, Chosen
from app.reports.field_task_paper import chosen_words
from app.services.case_words import swapped
from app.services.field_tasks import TaskDetail
from ui.pages.context import PageContext
from ui.pages.patrols.tasks_list import result_word, time_words
from ui.tables.record_pane import DeedPane, PaneDeed, PaneWords
from ui.time_words import moment_words
from ui.widgets.deadline_light import DeadlineLight
from ui.widgets.timeline import TimelineStep


def _under_way(detail: TaskDetail) -> bool:
    return detail.task.state in UNDER_WAY


def _to_hand(detail: TaskDetail) -> bool:
    return detail.task.state is TaskState.OPEN and bool(detail.task.member_name)


DEEDS: Sequence[PaneDeed[TaskDetail]] = (
    PaneDeed("answer", N_("反馈结果 F5"), "F5", _under_way, primary=True),
    PaneDeed("hand_over", N_("交办 H"), "H", _to_hand),
    PaneDeed("assign", N_("换人 M"), "M", _under_way),
    PaneDeed("print", N_("打印任务单 Ctrl+P"), "Ctrl+P", lambda _detail: True),
    PaneDeed("open_case", N_("打开案件 O"), "O", lambda _detail: True),
)


class TaskDetailPane(DeedPane[TaskDetail]):
    """The task with the light of its clock."""

    def __init__(self, context: PageContext) -> None:
        words = PaneWords(
            _("任务详情"),
            _("任务"),
            _("任务概要"),
            _("办理"),
            _("在列表里选一个任务,这里显示案件、网格员和时限"),
        )
        super().__init__(context, "task", words, DEEDS, context.desk.field_tasks.detail)
        self._light = DeadlineLight()
        self.put_between([self._light, self.row], [])

    def show_detail(self, detail: TaskDetail) -> None:
        """Fill the widgets."""
        task, case, now = detail.task, detail.case, self._context.desk.clock.now()
        kind = _(swapped(TASK_KIND_TITLES[task.kind], self._context.desk.reference.office()))
        what = case.minor_name or case.category_text
        self.head.setText(" · ".join(part for part in (kind, what, _(TASK_STATE_TITLES[task.state])) if part))
        under_way = task.state in UNDER_WAY
        key = light(task.due_at, task.warn_at, paused=False, done=not under_way, now=now).value
        self._light.show_light(key, time_words(task.due_at, now) if under_way and task.due_at else "")
        self.facts.setText("\n".join(fact_lines(detail, self._context)))
        self.story.show_steps(story(task, self._context))


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
