"""Plain values between queries and screens: one line of the list of rounds, what it is narrowed by, a week's work."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from app.domain.checklists import Programme
from app.domain.patrols import CheckGrade, ItemAnswer, RoundKind, RoundState


@dataclass(frozen=True)
class RoundFilter:
    """What a list is narrowed by, in order of days; everything empty means all rounds. `last` is the last day itself."""

    first: date | None = None
    last: date | None = None
    states: frozenset[RoundState] = frozenset()
    kind: RoundKind | None = None
    programme: Programme | None = None
    member_id: UUID | None = None
    grid_code: str = ""
    street_code: str = ""
    plan_id: UUID | None = None
    search: str = ""
    ascending: bool = False

    def narrowed(self, **fields: object) -> RoundFilter:
        """The same filter with more said."""
        return replace(self, **fields)  # type: ignore[arg-type]


class RoundLine(NamedTuple):
    """One line of the list of rounds."""

    rid: int
    id: UUID
    number: str
    kind: RoundKind
    state: RoundState
    programme: Programme
    day: date
    member_name: str
    grid_code: str
    street_name: str
    road: str
    template_name: str
    points_total: int
    points_checked: int
    finding_count: int
    distance_m: float | None
    waiting: int
    version: int


@dataclass(frozen=True)
class EnteredPoint:
    """What was said of one check point. at: None lets the times be spread over the round."""

    no: int
    grade: CheckGrade
    answers: tuple[ItemAnswer, ...] = ()
    at: datetime | None = None
    note: str = ""


@dataclass(frozen=True)
class Workload:
    """A week: members down, days across. cells: (member, day) -> rounds planned; None is nobody in particular."""

    days: Sequence[date]
    members: Sequence[tuple[UUID | None, str]]
    cells: Mapping[tuple[UUID | None, date], int]


class PlanTrouble(StrEnum):
    """What somebody should know of a plan before its week begins."""

    CALENDAR_ENDS = "calendar_ends"
    NO_MEMBER = "no_member"
    RETIRED = "retired"
    SECONDED = "seconded"
    AWAY = "away"
    NO_TEMPLATE = "no_template"


@dataclass(frozen=True)
class PlanNotice:
    """One trouble of one plan. days: those it concerns; year: the one without a calendar."""

    trouble: PlanTrouble
    plan_id: UUID
    plan_name: str
    member_name: str = ""
    days: tuple[date, ...] = ()
    year: int | None = None


@dataclass(frozen=True)
class WeekPlanned:
    """What planning a week did: rounds made now, rounds that were there already, and what to know."""

    made: int
    there: int
    notices: Sequence[PlanNotice] = ()
