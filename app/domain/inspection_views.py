"""Plain values between queries and screens: lines of inspections and enterprises, and what lists are narrowed by."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from app.domain.inspections import InspectionBasis, InspectionState


class InspectionView(StrEnum):
    """The saved views every office has."""

    TO_APPROVE = "to_approve"
    TO_NOTIFY = "to_notify"
    COMING = "coming"
    UNDER_WAY = "under_way"
    DONE = "done"
    OVER_CAP = "over_cap"
    CANCELLED = "cancelled"
    ALL = "all"


INSPECTION_VIEW_TITLES = {
    InspectionView.TO_APPROVE: "待审批",
    InspectionView.TO_NOTIFY: "待告知",
    InspectionView.COMING: "待检查",
    InspectionView.UNDER_WAY: "检查中",
    InspectionView.DONE: "已完成",
    InspectionView.OVER_CAP: "超年度上限",
    InspectionView.CANCELLED: "已取消",
    InspectionView.ALL: "全部",
}
_STATES = {
    InspectionView.TO_APPROVE: InspectionState.DRAFTED,
    InspectionView.TO_NOTIFY: InspectionState.APPROVED,
    InspectionView.COMING: InspectionState.NOTIFIED,
    InspectionView.UNDER_WAY: InspectionState.UNDER_WAY,
    InspectionView.DONE: InspectionState.DONE,
    InspectionView.CANCELLED: InspectionState.CANCELLED,
}


@dataclass(frozen=True)
class InspectionFilter:
    """What a list is narrowed by; everything empty means all. planned_until: the last day itself. ids: only these."""

    states: frozenset[InspectionState] = frozenset()
    enterprise_id: UUID | None = None
    draw_id: UUID | None = None
    basis: InspectionBasis | None = None
    result: str = ""
    planned_from: date | None = None
    planned_until: date | None = None
    search: str = ""
    ids: tuple[UUID, ...] | None = None

    def narrowed(self, **fields: object) -> InspectionFilter:
        """The same filter with more said."""
        return replace(self, **fields)  # type: ignore[arg-type]


def inspection_filter(view: InspectionView) -> InspectionFilter:
    """The filter a saved view stands for; which visits are over the cap is said beside it."""
    state = _STATES.get(view)
    return InspectionFilter(states=frozenset() if state is None else frozenset({state}))


class InspectionLine(NamedTuple):
    """One line of the list of inspections."""

    rid: int
    id: UUID
    number: str
    enterprise_id: UUID
    enterprise_name: str
    basis: InspectionBasis
    state: InspectionState
    matter: str
    units: tuple[str, ...]
    officer_words: tuple[str, ...]
    planned_on: date
    started_at: datetime | None
    result: str
    case_no: str
    version: int


@dataclass(frozen=True)
class EnterpriseFilter:
    """What the list of enterprises is narrowed by."""

    street_code: str = ""
    risk: str = ""
    category: str = ""
    active: bool | None = True
    search: str = ""

    def narrowed(self, **fields: object) -> EnterpriseFilter:
        """The same filter with more said."""
        return replace(self, **fields)  # type: ignore[arg-type]


class EnterpriseLine(NamedTuple):
    """One line of the list of enterprises. visits: counted ones of the year asked. cap: its own, None: the office's."""

    rid: int
    id: UUID
    name: str
    credit_code: str
    category: str
    risk: str
    street_name: str
    address: str
    cap: int | None
    active: bool
    visits: int
