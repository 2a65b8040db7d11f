"""Plain values between queries and screens: lines of findings and of verify and check tasks, and what lists are narrowed by."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from app.domain.deadlines import Light, light
from app.domain.findings import FindingState, TaskKind, TaskState


class FindingView(StrEnum):
    """The saved views every office has."""

    WAITING = "waiting"
    WATCH_DUE = "watch_due"
    WATCHED = "watched"
    CASE = "case"
    SETTLED = "settled"
    DROPPED = "dropped"
    ALL = "all"


FINDING_VIEW_TITLES = {
    FindingView.WAITING: "待处理",
    FindingView.WATCH_DUE: "今天到期关注",
    FindingView.WATCHED: "持续关注",
    FindingView.CASE: "已转案件",
    FindingView.SETTLED: "当场解决",
    FindingView.DROPPED: "不成立",
    FindingView.ALL: "全部",
}
_STATES = {
    FindingView.WAITING: FindingState.OPEN,
    FindingView.WATCHED: FindingState.WATCH,
    FindingView.CASE: FindingState.CASE,
    FindingView.SETTLED: FindingState.SETTLED,
    FindingView.DROPPED: FindingState.DROPPED,
}


@dataclass(frozen=True)
class FindingFilter:
    """What a list is narrowed by; everything empty means all findings. watch_until: the last day itself."""

    states: frozenset[FindingState] = frozenset()
    round_id: UUID | None = None
    facility_id: UUID | None = None
    member_id: UUID | None = None
    street_code: str = ""
    kind: str = ""
    major: str = ""
    minor: str = ""
    found_from: datetime | None = None
    found_until: datetime | None = None
    watch_until: date | None = None
    search: str = ""
    ascending: bool = False

    def narrowed(self, **fields: object) -> FindingFilter:
        """The same filter with more said."""
        return replace(self, **fields)  # type: ignore[arg-type]


def finding_filter(view: FindingView, today: date) -> FindingFilter:
    """The filter a saved view stands for on that day."""
    if view is FindingView.WATCH_DUE:
        return FindingFilter(states=frozenset({FindingState.WATCH}), watch_until=today)
    state = _STATES.get(view)
    return FindingFilter(states=frozenset() if state is None else frozenset({state}))


class FindingLine(NamedTuple):
    """One line of the list of findings."""

    rid: int
    id: UUID
    number: str
    state: FindingState
    minor_name: str
    category_text: str
    description: str
    address: str
    street_name: str
    member_name: str
    found_at: datetime
    watch_until: date | None
    case_id: UUID | None
    case_no: str
    round_id: UUID | None
    photos: int
    waiting: int
    version: int


class TaskView(StrEnum):
    """The saved views every office has."""

    TO_HAND = "to_hand"
    OVERDUE = "overdue"
    MY_STREET = "my_street"
    UNDER_WAY = "under_way"
    DONE = "done"
    ALL = "all"


TASK_VIEW_TITLES = {
    TaskView.TO_HAND: "未交办",
    TaskView.OVERDUE: "超期",
    TaskView.MY_STREET: "我的街道",
    TaskView.UNDER_WAY: "进行中",
    TaskView.DONE: "已反馈",
    TaskView.ALL: "全部",
}
UNDER_WAY = frozenset({TaskState.OPEN, TaskState.HANDED})


@dataclass(frozen=True)
class TaskFilter:
    """What a list is narrowed by; everything empty means all tasks. `due_until` exclusive."""

    states: frozenset[TaskState] = frozenset()
    kind: TaskKind | None = None
    member_id: UUID | None = None
    street_code: str = ""
    due_until: datetime | None = None
    search: str = ""
    ascending: bool = False

    def narrowed(self, **fields: object) -> TaskFilter:
        """The same filter with more said."""
        return replace(self, **fields)  # type: ignore[arg-type]


def task_filter(view: TaskView, now: datetime, my_street: str = "") -> TaskFilter:
    """The filter a saved view stands for now; my_street: code of the street this person looks after."""
    match view:
        case TaskView.TO_HAND:
            return TaskFilter(states=frozenset({TaskState.OPEN}), ascending=True)
        case TaskView.OVERDUE:
            return TaskFilter(states=UNDER_WAY, due_until=now, ascending=True)
        case TaskView.MY_STREET:
            return TaskFilter(states=UNDER_WAY, street_code=my_street or "-", ascending=True)
        case TaskView.UNDER_WAY:
            return TaskFilter(states=UNDER_WAY, ascending=True)
        case TaskView.DONE:
            return TaskFilter(states=frozenset({TaskState.DONE}))
        case _:
            return TaskFilter()


class TaskLine(NamedTuple):
    """One line of the list of tasks; place and matter are those of its case."""

    rid: int
    id: UUID
    number: str
    kind: TaskKind
    state: TaskState
    case_id: UUID
    case_no: str
    minor_name: str
    address: str
    street_code: str
    member_name: str
    chosen_by: str
    distance_m: float | None
    issued_at: datetime
    due_at: datetime | None
    warn_at: datetime | None
    due_gap_year: int | None
    handed_at: datetime | None
    done_at: datetime | None
    result: str
    version: int

    def light(self, now: datetime) -> Light:
        """The light of the task's clock, which is the case's own stage clock; done once it is over."""
        return light(self.due_at, self.warn_at, paused=False, done=self.state not in UNDER_WAY, now=now)
