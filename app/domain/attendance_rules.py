"""How a member's day is judged: what tracks and rounds propose, and what may be written down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from app.domain.attendance import AttendanceState
from app.domain.problems import Refused
from app.domain.workcalendar import ZONE

LATE_AFTER = timedelta(minutes=10)
DEFAULT_SHIFT = (time(8, 30), time(17, 30))
AT_WORK = frozenset({AttendanceState.PRESENT, AttendanceState.LATE, AttendanceState.LEFT_EARLY})
ONLY_PAST = AT_WORK | {AttendanceState.ABSENT}
ATTENDANCE_KEYS = {
    "1": AttendanceState.PRESENT,
    "2": AttendanceState.LATE,
    "3": AttendanceState.LEFT_EARLY,
    "4": AttendanceState.ABSENT,
    "5": AttendanceState.LEAVE,
    "6": AttendanceState.SICK,
    "7": AttendanceState.REST,
    "8": AttendanceState.SECONDED,
}
ATTENDANCE_SIGNS = {
    AttendanceState.PRESENT: "√",
    AttendanceState.LATE: "迟",
    AttendanceState.LEFT_EARLY: "早",
    AttendanceState.ABSENT: "缺",
    AttendanceState.LEAVE: "假",
    AttendanceState.SICK: "病",
    AttendanceState.REST: "休",
    AttendanceState.SECONDED: "沉",
}


@dataclass(frozen=True)
class Seen:
    """First and last trace of a member on a day, with the shift that was theirs."""

    member_id: UUID
    day: date
    first: datetime
    last: datetime
    shift: tuple[time, time] = DEFAULT_SHIFT


@dataclass(frozen=True)
class Proposal:
    """What the traces of a day say; nothing is written before a person agrees."""

    seen: Seen
    state: AttendanceState


def judged(seen: Seen) -> AttendanceState:
    """Late when first seen more than ten minutes into the shift, else gone early by as much, else present."""
    begin = datetime.combine(seen.day, seen.shift[0], ZONE)
    end = datetime.combine(seen.day, seen.shift[1], ZONE)
    if seen.first > begin + LATE_AFTER:
        return AttendanceState.LATE
    return AttendanceState.LEFT_EARLY if seen.last < end - LATE_AFTER else AttendanceState.PRESENT


def merged(seen: Sequence[Seen]) -> list[Proposal]:
    """One proposal per member and day from all that was seen."""
    days: dict[tuple[UUID, date], Seen] = {}
    for one in seen:
        known = days.get((one.member_id, one.day))
        if known is not None:
            shift = known.shift if known.shift != DEFAULT_SHIFT else one.shift
            one = Seen(one.member_id, one.day, min(known.first, one.first), max(known.last, one.last), shift)
        days[one.member_id, one.day] = one
    return [Proposal(one, judged(one)) for one in days.values()]


def check_day(state: AttendanceState, day: date, today: date) -> None:
    """Raises Refused("attendance.in_future") for a day nobody can have worked yet."""
    if state in ONLY_PAST and day > today:
        raise Refused("attendance.in_future", day=day)
