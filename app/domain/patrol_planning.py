"""From plan to rounds: which days a plan walks, and rounds with identities that every PC makes alike.

Two offices that plan the same week without a line must not double it: identity and number of a planned round come from
its plan, day and turn alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from app.domain.alike import hashed, identity_mark, uuid7
from app.domain.checklists import ChecklistTemplate
from app.domain.numbering import local_number, number_series
from app.domain.patrols import HolidayRule, PatrolPlan, PatrolRound, RoundState
from app.domain.workcalendar import CalendarGap, WorkCalendar

ROUND_LETTERS = "XC"
# No run of days off is longer; a planned day is never moved further than this.
LONGEST_REST = 30
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Turn:
    """The n-th walk (from 1) of a plan on a day."""

    day: date
    no: int


@dataclass(frozen=True)
class PlanDays:
    """Turns of a plan in a span of days. unknown_year: the first year no calendar says anything about, None when known."""

    turns: tuple[Turn, ...]
    unknown_year: int | None = None


@dataclass(frozen=True)
class PlaceWords:
    """Names a round carries beside the identities of its plan, as they are when it is made."""

    member_name: str = ""
    grid_code: str = ""
    street_code: str = ""
    street_name: str = ""
    road: str = ""


def monday_of(day: date) -> date:
    """The Monday of the week that holds `day`."""
    return day - timedelta(days=day.weekday())


def named_days(plan: PatrolPlan, first: date, last: date) -> Iterator[date]:
    """Days the plan's frequency names from `first` to `last`, whatever the calendar says of them."""
    start = monday_of(plan.valid_from)
    day = max(first, plan.valid_from)
    end = last if plan.valid_until is None else min(last, plan.valid_until)
    while day <= end:
        week = (monday_of(day) - start).days // 7
        if day.isoweekday() in plan.frequency.weekdays and week % plan.frequency.every_weeks == 0:
            yield day
        day += DAY


def plan_days(plan: PatrolPlan, first: date, last: date, calendar: WorkCalendar) -> PlanDays:
    """The turns of a plan from `first` to `last`.

    A holiday is left out, kept, or walked on the next work day; several days moved onto one are walked once. Days the
    calendar does not know are left out and their year is told, but for a plan that walks on holidays as well.
    """
    if not plan.active:
        return PlanDays(())
    days: set[date] = set()
    unknown: int | None = None
    for named in named_days(plan, first - LONGEST_REST * DAY, last):
        try:
            walked = _walked(plan, named, calendar)
        except CalendarGap as gap:
            unknown = gap.year if named >= first else unknown
            continue
        if walked is not None and first <= walked <= last and _valid(plan, walked):
            days.add(walked)
    turns = [Turn(day, no) for day in sorted(days) for no in range(1, plan.frequency.times_a_day + 1)]
    return PlanDays(tuple(turns), unknown)


def _walked(plan: PatrolPlan, named: date, calendar: WorkCalendar) -> date | None:
    """The day on which a named day is walked; None: not at all. Raises CalendarGap."""
    rule = plan.frequency.holidays
    if rule is HolidayRule.KEEP or not is_holiday(named, calendar):
        return named
    if rule is HolidayRule.SKIP:
        return None
    day = named + DAY
    while not calendar.is_workday(day):
        day += DAY
    return day


def is_holiday(day: date, calendar: WorkCalendar) -> bool:
    """A day off by the holiday table, or a weekend day beside one; a plain weekend is no holiday to a plan that names it.

    Raises CalendarGap.
    """
    if calendar.is_workday(day):
        return False
    if day.isoweekday() <= 5 or _said_off(day, calendar):
        return True
    # 1 October to 7 October is one rest, also where the table names only its weekdays.
    return all(_off_before_or_after(day, step, calendar) for step in (-DAY, DAY))


def _said_off(day: date, calendar: WorkCalendar) -> bool:
    return calendar.table.days.get(day.isoformat()) is False


def _off_before_or_after(day: date, step: timedelta, calendar: WorkCalendar) -> bool:
    day += step
    while day.isoweekday() > 5 and not _said_off(day, calendar):
        day += step
    return _said_off(day, calendar)


def _valid(plan: PatrolPlan, day: date) -> bool:
    # A day moved past the end of the plan is still walked: it was due while the plan held.
    return day >= plan.valid_from


def round_id(plan_id: UUID, turn: Turn) -> UUID:
    """The identity of a planned round: the same on every PC, in order of days like any other identity (UUIDv7)."""
    midnight = datetime.combine(turn.day, time(), UTC)
    chance = hashed(plan_id.bytes + f"{turn.day.isoformat()}/{turn.no}".encode())
    return uuid7(int(midnight.timestamp() * 1000), chance)


def result_id(round_: UUID, point_no: int) -> UUID:
    """The identity of the result of a check point: entered on two PCs it is still one result."""
    return uuid7(round_.int >> 80, hashed(round_.bytes + str(point_no).encode()))


def round_number(plan_id: UUID, turn: Turn, office_mark: str) -> str:
    """`XC-<office>-<plan mark>-<yymmdd>-<nnnn>`, the same on every PC."""
    return local_number(f"{ROUND_LETTERS}-{number_series(office_mark, identity_mark(plan_id), turn.day)}", turn.no)


def made_round(
    plan: PatrolPlan, turn: Turn, words: PlaceWords, template: ChecklistTemplate | None, office_mark: str, at: datetime
) -> PatrolRound:
    """The round a plan makes for a turn; nothing in it depends on the PC that makes it but the instant."""
    return PatrolRound(
        id=round_id(plan.id, turn),
        created_at=at,
        changed_at=at,
        number=round_number(plan.id, turn, office_mark),
        plan_id=plan.id,
        kind=plan.kind,
        state=RoundState.PLANNED,
        day=turn.day,
        shift_start=plan.shift_start,
        shift_end=plan.shift_end,
        member_id=plan.member_id,
        grid_id=plan.grid_id,
        points=plan.points,
        points_total=len(plan.points),
        units=plan.units,
        **template_fields(template),
        **words.__dict__,
    )


def template_fields(template: ChecklistTemplate | None) -> dict[str, object]:
    """What a round keeps of the checklist it is made with."""
    if template is None:
        return {}
    return {"template_id": template.id, "template_name": template.name, "programme": template.programme}


def shift_span(day: date, start: time, end: time) -> tuple[datetime, datetime]:
    """First and last moment of a shift, without a zone; an end not after its start lies on the next day."""
    over = DAY if end <= start else timedelta()
    return datetime.combine(day, start), datetime.combine(day + over, end)


def in_force(templates: Sequence[ChecklistTemplate], family: UUID, on: date) -> ChecklistTemplate | None:
    """The version of a checklist that new rounds of a day take: the highest number whose day has come, while in use."""
    ready = [one for one in templates if one.family == family and one.valid_from <= on]
    newest = max(ready, key=lambda one: (one.number, one.created_at, one.id), default=None)
    return newest if newest is not None and newest.active else None
