"""Statutory terms (法定期限): how long the law gives, counted so that every day can be shown.

The day of the start event is not counted (民事诉讼法(2023) 第85条2款; 民法典 第201条). Terms of up to seven days in 行政处罚法
(第85条) and up to ten in 行政强制法 (第69条) are working days; longer ones are calendar days. Months and years end on the day
of the same number, or on the month's last (民法典 第202条). Where the law says so, a term that ends on a day of rest ends on the
next working day. Days are those of Asia/Shanghai.
"""

from __future__ import annotations

import calendar as months
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from itertools import islice

from pydantic import BaseModel, ConfigDict, Field

from app.domain.problems import Refused
from app.domain.workcalendar import ZONE, CalendarGap, WorkCalendar

SURCHARGE_A_DAY = Decimal("0.03")
DAYS_TO_FULL = 34
FEN = Decimal("0.01")
PAUSE_DAYS = 3660
LIKELY_YEARS = range(1950, 3000)
_DAY = timedelta(days=1)


class TermUnit(StrEnum):
    """What a term is counted in; the last six have no length."""

    WORKING_DAY = "working_day"
    CALENDAR_DAY = "calendar_day"
    HOUR = "hour"
    MONTH = "month"
    YEAR = "year"
    ON_SPOT = "on_spot"
    EVENT = "event"
    PROMPT = "prompt"
    EXCLUDED = "excluded_period"
    FORBIDDEN = "forbidden"
    FORBIDDEN_PERIOD = "forbidden_period"


MEASURED = frozenset({TermUnit.WORKING_DAY, TermUnit.CALENDAR_DAY, TermUnit.HOUR, TermUnit.MONTH, TermUnit.YEAR})


class TermSense(StrEnum):
    """Something must happen until the end, or may happen only after it."""

    UNTIL = "until"
    AFTER = "after"


class TermMark(StrEnum):
    """How sure a rule is: its text was read; partly; it is our deduction; or it stands from memory."""

    READ = "read"
    MIXED = "mixed"
    DERIVED = "derived"
    MEMORY = "memory"


class TermRule(BaseModel):
    """One term. start_title, end_title: the events in words. shift_basis: the article that moves a last day of rest.

    confirmed: the office's legal section stands by it, whatever `mark` says.
    """

    model_config = ConfigDict(frozen=True)

    code: str
    procedure: str
    title: str
    start_event: str
    start_title: str
    end_event: str
    end_title: str
    value: int = Field(ge=0)
    unit: TermUnit
    sense: TermSense = TermSense.UNTIL
    shift_basis: str = ""
    basis: str
    consequence: str = ""
    mark: TermMark
    confirmed: bool = False

    @property
    def measured(self) -> bool:
        """It has a length; else an event ends it, or it says what must not be."""
        return self.unit in MEASURED

    @property
    def to_be_confirmed(self) -> bool:
        """Nobody read it in the law's own words, and no legal section has said that it holds here."""
        return self.mark in {TermMark.DERIVED, TermMark.MEMORY} and not self.confirmed


class TermSetting(BaseModel):
    """What an office says of one rule. value None: the shipped length."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    value: int | None = Field(default=None, ge=1, le=3660, title="期限长度")
    confirmed: bool = Field(default=False, title="已经法制机构确认")


@dataclass(frozen=True)
class Pause:
    """Days that do not count, both ends included, and why. Raises Refused: term.pause_backwards, term.pause_too_long."""

    first: date
    last: date
    reason: str = ""

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise Refused("term.pause_backwards", first=self.first.isoformat(), last=self.last.isoformat())
        if (self.last - self.first).days > PAUSE_DAYS:
            raise Refused("term.pause_too_long", first=self.first.isoformat(), last=self.last.isoformat())


class DayKind(StrEnum):
    """What a run of days is in the arithmetic of a term."""

    START = "start"
    COUNTED = "counted"
    REST = "rest"
    PAUSED = "paused"
    SHIFTED = "shifted"


@dataclass(frozen=True)
class DayRun:
    """Days in a row that are all the same. count: how many of the term had passed with the last of them."""

    kind: DayKind
    first: date
    last: date
    count: int
    reason: str = ""


@dataclass(frozen=True)
class Term:
    """A term that was counted.

    due: the instant (UTC) at which it ends. last_day: the day whose end that is (of hours: the day it lies in).
    counted_to: the last day before a shift. certain: False when the calendar does not know whether the last day is worked.
    """

    rule: TermRule
    started: datetime
    due: datetime
    last_day: date
    counted_to: date
    runs: tuple[DayRun, ...]
    certain: bool = True

    @property
    def first_day_after(self) -> date:
        """The first day on which something may be done that has to wait for the term."""
        return self.last_day + _DAY

    def is_over(self, now: datetime) -> bool:
        """Whether the term has ended."""
        return now >= self.due


def count_term(rule: TermRule, started: datetime, calendar: WorkCalendar, pauses: Sequence[Pause] = ()) -> Term:
    """Count a term from its start event (aware).

    Raises Refused: term.no_length for a rule that an event ends; term.day_unlikely; term.calendar_gap when working days
    lie in a year nobody has announced yet.
    """
    if not rule.measured:
        raise Refused("term.no_length", title=rule.title)
    if started.year not in LIKELY_YEARS:
        raise Refused("term.day_unlikely", day=started.date().isoformat())
    if rule.unit == TermUnit.HOUR:
        return _hours(rule, started)
    start, paused = started.astimezone(ZONE).date(), _paused(pauses)
    try:
        if rule.unit == TermUnit.WORKING_DAY:
            runs = _count_days(start, rule.value, paused, calendar)
        elif rule.unit == TermUnit.CALENDAR_DAY:
            runs = _count_days(start, rule.value, paused, None)
        else:
            runs = _count_until(start, _same_day(start, rule), paused)
    except CalendarGap as gap:
        raise Refused("term.calendar_gap", title=rule.title, year=gap.year) from gap
    return _ended(rule, started, runs, calendar)


def with_settings(rules: Iterable[TermRule], settings: Mapping[str, TermSetting]) -> tuple[TermRule, ...]:
    """The rules as the office has set them; a length is the office's to set only where nobody read it in the law."""
    return tuple(_set(rule, settings.get(rule.code)) for rule in rules)


def may_be_set(rule: TermRule) -> bool:
    """Whether an office may give the rule a length of its own: what was read in a law is not for it to change."""
    return rule.measured and rule.mark != TermMark.READ


def surcharge(principal: Decimal, due: date, until: date, pauses: Sequence[Pause] = ()) -> Decimal:
    """What a late fine has grown by on the day `until`, in yuan with two places, never more than the fine.

    Three per cent of the fine for each day after `due`; days under review or in court do not count
    (行政处罚法(2021) 第72条1款1项, 第73条3款). Raises Refused("term.fine_below_zero").
    """
    if principal < 0:
        raise Refused("term.fine_below_zero", amount=str(principal))
    paused = _paused(pauses)
    counted = (number for number in range(1, (until - due).days + 1) if due + number * _DAY not in paused)
    days = sum(1 for _number in islice(counted, DAYS_TO_FULL))
    return min(principal, principal * SURCHARGE_A_DAY * days).quantize(FEN, ROUND_HALF_UP)


def _set(rule: TermRule, setting: TermSetting | None) -> TermRule:
    if setting is None:
        return rule
    value = setting.value if setting.value is not None and may_be_set(rule) else rule.value
    return rule.model_copy(update={"value": value, "confirmed": setting.confirmed})


def _hours(rule: TermRule, started: datetime) -> Term:
    due = (started + timedelta(hours=rule.value)).astimezone(UTC)
    first, last = started.astimezone(ZONE).date(), due.astimezone(ZONE).date()
    return Term(rule, started, due, last, last, (DayRun(DayKind.COUNTED, first, last, rule.value),))


def _count_days(start: date, goal: int, paused: Mapping[date, str], calendar: WorkCalendar | None) -> list[DayRun]:
    """Days after `start` until `goal` of them counted; with a calendar only worked days do."""
    runs, day, count = [DayRun(DayKind.START, start, start, 0)], start, 0
    while count < goal:
        day += _DAY
        kind = DayKind.COUNTED
        if day in paused:
            kind = DayKind.PAUSED
        elif calendar is not None and not calendar.is_workday(day):
            kind = DayKind.REST
        count += kind == DayKind.COUNTED
        _lengthen(runs, kind, day, count, paused.get(day, ""))
    return runs


def _count_until(start: date, end: date, paused: Mapping[date, str]) -> list[DayRun]:
    """Days from `start` to `end`, and one more for each that did not count."""
    return _count_days(start, (end - start).days, paused, None)


def _same_day(start: date, rule: TermRule) -> date:
    """The day of the same number so many months or years later, or that month's last."""
    passed = start.month - 1 + rule.value * (12 if rule.unit == TermUnit.YEAR else 1)
    year, month = start.year + passed // 12, passed % 12 + 1
    return date(year, month, min(start.day, months.monthrange(year, month)[1]))


def _ended(rule: TermRule, started: datetime, runs: list[DayRun], calendar: WorkCalendar) -> Term:
    last = counted_to = runs[-1].last
    certain = True
    if rule.shift_basis:
        try:
            while not calendar.is_workday(last):
                last += _DAY
                _lengthen(runs, DayKind.SHIFTED, last, runs[-1].count, rule.shift_basis)
        except CalendarGap:
            certain = False
    due = datetime.combine(last + _DAY, time(), ZONE).astimezone(UTC)
    return Term(rule, started, due, last, counted_to, tuple(runs), certain)


def _lengthen(runs: list[DayRun], kind: DayKind, day: date, count: int, reason: str) -> None:
    """Another day at the end: of the last run when it is the same, else of a new one."""
    last = runs[-1]
    if (last.kind, last.reason) == (kind, reason):
        runs[-1] = DayRun(kind, last.first, day, count, reason)
    else:
        runs.append(DayRun(kind, day, day, count, reason))


def _paused(pauses: Sequence[Pause]) -> Mapping[date, str]:
    """Day -> why it does not count; a day in two pauses counts once."""
    days: dict[date, str] = {}
    for pause in pauses:
        for number in range((pause.last - pause.first).days + 1):
            days.setdefault(pause.first + number * _DAY, pause.reason)
    return days
