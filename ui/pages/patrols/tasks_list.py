"""The list of verify and check tasks: its columns, its chips, and where it reads."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from app.base.words import N_, _
from app.desk import Desk
from app.domain.deadlines import time_left
from app.domain.finding_views import TASK_VIEW_TITLES, UNDER_WAY, TaskFilter, TaskLine, TaskView
from app.domain.findings import ChosenBy, TaskKind
from app.domain.permissions import Actor
from app.domain.task_rules import CHOSEN_BY_TITLES, RESULTS, TASK_KIND_TITLES, TASK_STATE_TITLES
from app.services.case_words import left_words, swapped
from ui.pages.patrols.findings_list import members
from ui.tables.columns import RIGHT, Column
from ui.tables.list_source import Asked, EmptyWords, ListSource
from ui.time_words import moment_words
from ui.widgets.choices import Choice
from ui.widgets.deadline_light import light_text
from ui.widgets.filter_bar import FilterSpec


class TaskWords:
    """What the cells of a line say, as of now."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @property
    def now(self) -> datetime:
        """The instant everything is told of."""
        return self._desk.clock.now()

    def light_key(self, line: TaskLine) -> str:
        """Key of the light."""
        return line.light(self.now).value

    def light(self, line: TaskLine) -> str:
        """Shape and word."""
        return light_text(self.light_key(line))

    def kind(self, line: TaskLine) -> str:
        """核实 or 核查, as this office calls it."""
        return _(swapped(TASK_KIND_TITLES[line.kind], self._desk.reference.office()))

    def left(self, line: TaskLine) -> str:
        """What is left on the clock; nothing once it is over."""
        if line.state not in UNDER_WAY:
            return ""
        if line.due_gap_year is not None:
            return _("缺 {year} 年日历").format(year=line.due_gap_year)
        return "–" if line.due_at is None else time_words(line.due_at, self.now)

    def why(self, line: TaskLine) -> str:
        """Why this member: 距离最近 91 米."""
        if not line.member_name:
            return ""
        said = _(CHOSEN_BY_TITLES[ChosenBy(line.chosen_by)])
        return said if line.distance_m is None else f"{said} {_('{n} 米').format(n=round(line.distance_m))}"


def time_words(due_at: datetime, now: datetime) -> str:
    """剩 20 分, 超 3 小时: task clocks are short and run on."""
    return left_words(time_left(int((due_at - now).total_seconds()), working=False, day_seconds=86_400))


def result_word(kind: TaskKind, result: str) -> str:
    """达标, 不属实 and so on."""
    return _(RESULTS[kind].get(result, result)) if result else ""


def task_columns(words: TaskWords) -> list[Column[TaskLine]]:
    """All of them, in the order they come; some must be chosen first."""
    return [
        Column("light", N_("灯"), 80, words.light, light=words.light_key),
        Column("kind", N_("任务"), 52, words.kind),
        Column("state", N_("状态"), 88, lambda line: _(TASK_STATE_TITLES[line.state])),
        Column("left", N_("剩余"), 108, words.left, RIGHT, light=words.light_key),
        Column("problem", N_("问题"), 104, lambda line: line.minor_name),
        Column("address", N_("地点"), 150, lambda line: line.address),
        Column("member", N_("网格员"), 92, lambda line: line.member_name or _("(待指定)")),
        Column("why", N_("指派"), 116, words.why),
        Column("case_no", N_("案件"), 172, lambda line: line.case_no),
        Column("issued_at", N_("下达"), 92, lambda line: moment_words(line.issued_at, words.now), RIGHT),
        Column("result", N_("结果"), 64, lambda line: result_word(line.kind, line.result)),
        Column("number", N_("编号"), 176, lambda line: line.number, shown=False),
    ]


def task_source(desk: Desk, actor: Actor) -> ListSource:
    """Where the list of tasks comes from."""
    tasks = desk.field_tasks

    return ListSource(
        lambda asked: tasks.ids(filter_of(desk, asked, actor)),
        tasks.lines,
        tasks.rid_of,
        _specs(desk),
        EmptyWords(N_("这里现在没有任务"), N_("案件“派核实”“派核查”时,任务会自动派给距离最近的网格员")),
        {view.value: title for view, title in TASK_VIEW_TITLES.items()},
        lambda: {view.value: said for view, said in tasks.counts(list(TaskView), actor=actor).items()},
    )


def filter_of(desk: Desk, asked: Asked, actor: Actor) -> TaskFilter:
    """The filter a view with its chips and words stands for."""
    wanted = desk.field_tasks.view(TaskView(asked.view), actor=actor)
    said: dict[str, Any] = {"search": asked.search}
    for key, value in asked.one().items():
        match key:
            case "member":
                said["member_id"] = UUID(value)
            case "street":
                said["street_code"] = value
            case "kind":
                said["kind"] = TaskKind(value)
    return wanted.narrowed(**said)


def _specs(desk: Desk) -> list[FilterSpec]:
    def kinds() -> list[Choice]:
        office = desk.reference.office()
        return [Choice(kind.value, "", _(swapped(title, office))) for kind, title in TASK_KIND_TITLES.items()]

    return [
        FilterSpec("kind", _("任务"), kinds, many=False),
        FilterSpec("street", _("街道"), lambda: streets(desk), many=False),
        FilterSpec("member", _("网格员"), lambda: members(desk), many=False),
    ]


def streets(desk: Desk) -> list[Choice]:
    """Streets of the district."""
    return [Choice(one.key, one.code, one.title, one.hint) for one in desk.pickers.streets("")]
