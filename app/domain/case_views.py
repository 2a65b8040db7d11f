"""Plain values between queries and screens: one line of the case list, and what a list is narrowed by."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from app.domain.deadlines import Light, light
from app.domain.stages import CLOSED_STAGES, Stage


class CaseView(StrEnum):
    """The saved views every office has."""

    ALL = "all"
    OPEN_MINE = "mine"
    WAITS_FOR_ME = "waits_for_me"
    DUE_TODAY = "due_today"
    OVERDUE = "overdue"
    SUSPENDED = "suspended"
    RETURNED = "returned"
    TO_DISPATCH = "to_dispatch"
    IN_HANDLING = "in_handling"
    TO_CLOSE = "to_close"


CASE_VIEW_TITLES = {
    CaseView.ALL: "全部",
    CaseView.WAITS_FOR_ME: "待我办理",
    CaseView.OPEN_MINE: "我的",
    CaseView.DUE_TODAY: "今日到期",
    CaseView.OVERDUE: "超期",
    CaseView.RETURNED: "退回",
    CaseView.TO_DISPATCH: "待派遣",
    CaseView.IN_HANDLING: "处置中",
    CaseView.TO_CLOSE: "待结案",
    CaseView.SUSPENDED: "挂账",
}


class CaseOrder(StrEnum):
    """What a list may be ordered by: each has an index."""

    REPORTED = "reported_at"
    DUE = "due_at"
    CHANGED = "changed_at"
    NUMBER = "local_no"


@dataclass(frozen=True)
class CaseFilter:
    """What a list is narrowed by; everything empty means all cases. Instants aware; `until` are exclusive."""

    stages: frozenset[Stage] = frozenset()
    street_code: str = ""
    unit_id: UUID | None = None
    acceptor_id: UUID | None = None
    source: str = ""
    kind: str = ""
    major: str = ""
    minor: str = ""
    reported_from: datetime | None = None
    reported_until: datetime | None = None
    due_from: datetime | None = None
    due_until: datetime | None = None
    closed_from: datetime | None = None
    closed_until: datetime | None = None
    search: str = ""
    search_persons: bool = False
    order: CaseOrder = CaseOrder.REPORTED
    ascending: bool = False

    def narrowed(self, **fields: object) -> CaseFilter:
        """The same filter with more said."""
        return replace(self, **fields)  # type: ignore[arg-type]


class CaseLine(NamedTuple):
    """One line of the case list; a plain tuple, since a page makes hundreds of them."""

    rid: int
    id: UUID
    local_no: str
    city_no: str
    minor_name: str
    category_text: str
    description: str
    address: str
    street_name: str
    stage: Stage
    source: str
    unit_name: str
    acceptor_name: str
    reported_at: datetime
    changed_at: datetime
    clock: str
    due_at: datetime | None
    warn_at: datetime | None
    due_gap_year: int | None
    suspended_until: datetime | None
    handled_late: bool
    supervise: str
    waiting: int
    photos: int
    version: int

    def light(self, now: datetime) -> Light:
        """The light of the clock shown."""
        return light(
            self.due_at, self.warn_at, paused=self.stage == Stage.SUSPENDED, done=self.stage in CLOSED_STAGES, now=now
        )


@dataclass(frozen=True)
class CountSaid:
    """How many cases a view holds: exact, or more than a cap."""

    count: int
    capped: bool = False


@dataclass(frozen=True)
class DuplicateHint:
    """An earlier case that may be the same thing. metres: None when matched by road and house number."""

    id: UUID
    local_no: str
    minor_name: str
    address: str
    reported_at: datetime
    metres: float | None
