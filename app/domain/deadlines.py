"""Limits, stage clocks and lights.

Source: clock rules of Yuncheng's open system and the eGova statistics program; limit words of the Yuncheng standard.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from app.domain.workcalendar import WorkCalendar

HOUR_S = 3600
DAY_S = 86_400


class LimitUnit(StrEnum):
    """Running units count nights and holidays; working units count office hours only."""

    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"
    WORKING_MINUTE = "working_minute"
    WORKING_HOUR = "working_hour"
    WORKING_DAY = "working_day"


WORKING_UNITS = frozenset({LimitUnit.WORKING_MINUTE, LimitUnit.WORKING_HOUR, LimitUnit.WORKING_DAY})
_UNIT_SECONDS: Mapping[LimitUnit, int] = {
    LimitUnit.MINUTE: 60,
    LimitUnit.HOUR: HOUR_S,
    LimitUnit.DAY: DAY_S,
    LimitUnit.WORKING_MINUTE: 60,
    LimitUnit.WORKING_HOUR: HOUR_S,
}


class Limit(BaseModel):
    """How long something may take. `text`: the words of the standard it was read from."""

    model_config = ConfigDict(frozen=True)

    value: int = Field(ge=1, title="时限")
    unit: LimitUnit = Field(title="单位")
    text: str = Field(default="", max_length=80, title="原文")

    @property
    def is_working(self) -> bool:
        """Counted in office hours."""
        return self.unit in WORKING_UNITS

    def seconds(self, calendar: WorkCalendar) -> int:
        """Length in its own measure: running seconds, or working seconds of that office."""
        each = calendar.day_seconds if self.unit == LimitUnit.WORKING_DAY else _UNIT_SECONDS[self.unit]
        return self.value * each


class ClockRun(BaseModel):
    """One stretch during which a clock ran; `stopped_at` None: it runs still."""

    model_config = ConfigDict(frozen=True)

    started_at: AwareDatetime
    stopped_at: AwareDatetime | None = None


class StageClock(BaseModel):
    """The clock of one stage: accept, dispatch, handle, close_accept, verify_task or check_task."""

    model_config = ConfigDict(frozen=True)

    name: str
    limit: Limit
    extensions: int = Field(default=0, ge=0)
    runs: tuple[ClockRun, ...] = ()
    unit_id: UUID | None = None
    finished: bool = False


def start(name: str, limit: Limit, at: datetime, unit_id: UUID | None = None) -> StageClock:
    """A new clock, running from `at`."""
    return StageClock(name=name, limit=limit, runs=(ClockRun(started_at=at),), unit_id=unit_id)


def is_running(clock: StageClock) -> bool:
    """True while time passes on it."""
    return not clock.finished and bool(clock.runs) and clock.runs[-1].stopped_at is None


def stop(clock: StageClock, at: datetime) -> StageClock:
    """The clock standing still; a clock that stands already is left alone."""
    if not is_running(clock):
        return clock
    last = clock.runs[-1]
    ended = ClockRun(started_at=last.started_at, stopped_at=max(at, last.started_at))
    return clock.model_copy(update={"runs": (*clock.runs[:-1], ended)})


def resume(clock: StageClock, at: datetime) -> StageClock:
    """The clock running on with what remains; one that runs is left alone."""
    if is_running(clock):
        return clock
    begun = max(at, clock.runs[-1].stopped_at or at) if clock.runs else at
    return clock.model_copy(update={"runs": (*clock.runs, ClockRun(started_at=begun)), "finished": False})


def finish(clock: StageClock, at: datetime) -> StageClock:
    """The clock stopped for good."""
    return stop(clock, at).model_copy(update={"finished": True})


def extend(clock: StageClock) -> StageClock:
    """One more original limit, counted from the current deadline (延期)."""
    return clock.model_copy(update={"extensions": clock.extensions + 1})


def handle_clock_for(previous: StageClock | None, unit_id: UUID | None, limit: Limit, at: datetime) -> StageClock:
    """The handling clock after a dispatch: same unit, the remaining time goes on; another unit, the full limit again.

    The same unit under another filing condition gets the new limit, less what it has used: a return does not buy time.
    """
    if previous is not None and previous.unit_id == unit_id:
        return resume(previous, at).model_copy(update={"limit": limit})
    return start("handle", limit, at, unit_id)


def used(clock: StageClock, now: datetime, calendar: WorkCalendar) -> int:
    """Seconds used so far, in the limit's own measure."""
    return sum(_length(run.started_at, run.stopped_at or now, clock.limit, calendar) for run in clock.runs)


def due_at(clock: StageClock, calendar: WorkCalendar) -> datetime | None:
    """Instant (UTC) at which a running clock runs out; None for one that stands. Raises CalendarGap."""
    return _reaches(clock, calendar, clock.limit.seconds(calendar) * (1 + clock.extensions))


def warn_at(clock: StageClock, calendar: WorkCalendar, yellow_share: float) -> datetime | None:
    """Instant (UTC) from which only `yellow_share` of one limit is left; None for a clock that stands."""
    whole = clock.limit.seconds(calendar)
    return _reaches(clock, calendar, whole * (1 + clock.extensions) - round(whole * yellow_share))


def remaining(clock: StageClock, now: datetime, calendar: WorkCalendar) -> int:
    """Seconds left in the limit's own measure; negative once it ran out."""
    return clock.limit.seconds(calendar) * (1 + clock.extensions) - used(clock, now, calendar)


def _reaches(clock: StageClock, calendar: WorkCalendar, goal: int) -> datetime | None:
    if not is_running(clock):
        return None
    before = sum(
        _length(run.started_at, run.stopped_at, clock.limit, calendar) for run in clock.runs[:-1] if run.stopped_at
    )
    return _add(clock.runs[-1].started_at, goal - before, clock.limit, calendar)


def _add(at: datetime, seconds: int, limit: Limit, calendar: WorkCalendar) -> datetime:
    if limit.is_working:
        return calendar.add_working_seconds(at, seconds)
    return (at + timedelta(seconds=seconds)).astimezone(UTC)


def _length(begin: datetime, end: datetime, limit: Limit, calendar: WorkCalendar) -> int:
    """Seconds of one run; nothing while the PC's clock stands before its start."""
    if end <= begin:
        return 0
    if limit.is_working:
        return calendar.working_seconds_between(begin, end)
    return int((end - begin).total_seconds())


class Light(StrEnum):
    """The light of a deadline; never by colour alone."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"
    GREY = "grey"
    DONE = "done"


@dataclass(frozen=True)
class LightLook:
    """Shape and word shown beside the colour."""

    shape: str
    word: str


LIGHT_LOOKS: Mapping[Light, LightLook] = {
    Light.GREEN: LightLook("●", "绿"),
    Light.YELLOW: LightLook("◐", "黄"),
    Light.RED: LightLook("▲", "红"),
    Light.GREY: LightLook("‖", "灰"),
    Light.DONE: LightLook("✓", "完"),
}


def light(due: datetime | None, warn: datetime | None, *, paused: bool, done: bool, now: datetime) -> Light:
    """Green in time, yellow soon, red overdue, grey while nothing runs, done when closed.

    The last instant of the limit is still in time, as for the lists and for late handling.
    """
    if done:
        return Light.DONE
    if paused or due is None:
        return Light.GREY
    if now > due:
        return Light.RED
    return Light.YELLOW if warn is not None and now >= warn else Light.GREEN


@dataclass(frozen=True)
class TimeLeft:
    """A length in days, hours and minutes; a working day is one office day long."""

    days: int
    hours: int
    minutes: int
    overdue: bool
    working: bool


def time_left(seconds: int, *, working: bool, day_seconds: int) -> TimeLeft:
    """`seconds` (negative: overdue) split for wording; a begun minute counts, so that nothing is ever `over by 0`."""
    overdue, minutes = seconds < 0, -(-abs(seconds) // 60)
    per_day = (day_seconds if working else DAY_S) // 60
    days, rest = divmod(minutes, per_day)
    return TimeLeft(days, rest // 60, rest % 60, overdue, working)
