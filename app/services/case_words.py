"""Words for the clocks and lights of a case, the same in lists, on paper and on the command line."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from app.base.words import _
from app.domain.case_views import CaseLine
from app.domain.cases import Case
from app.domain.deadlines import LIGHT_LOOKS, Light, TimeLeft, time_left
from app.domain.office import Office
from app.domain.stages import CLOCK_TITLES, STAGE_TITLES, Stage
from app.domain.workcalendar import CalendarGap, WorkCalendar
from app.services.reference import OFFICE_ZONE

_SWAPPED = {"核实": "核查", "核查": "核实"}


def light_word(light: Light) -> str:
    """Shape and word of a light: ▲ 红."""
    look = LIGHT_LOOKS[light]
    return f"{look.shape} {_(look.word)}"


def stage_word(stage: Stage, office: Office) -> str:
    """The stage's name; 核实 and 核查 change places where the city calls them so."""
    return _(swapped(STAGE_TITLES[stage], office))


def clock_word(clock: str, office: Office) -> str:
    """The name of the clock that is shown, or nothing."""
    return _(swapped(CLOCK_TITLES[clock], office)) if clock else ""


def swapped(title: str, office: Office) -> str:
    """A Chinese title with 核实 and 核查 exchanged when the office says so; the meaning inside stays."""
    if not office.swap_verify_and_check:
        return title
    for word, other in _SWAPPED.items():
        if word in title:
            return title.replace(word, other)
    return title


def remaining_words(line: CaseLine | Case, now: datetime, calendar: WorkCalendar) -> str:
    """剩 1 小时 55 分 · 超 3 小时 · why there is no time: suspended until, calendar missing, nothing running.

    The length to the deadline is told in running time; working limits say their day and hour instead when it is far.
    """
    if line.stage == Stage.SUSPENDED and line.suspended_until is not None:
        return _("挂账至 {day}").format(day=f"{line.suspended_until.astimezone(OFFICE_ZONE):%Y-%m-%d}")
    if line.due_gap_year is not None:
        return _("缺 {year} 年日历").format(year=line.due_gap_year)
    if line.due_at is None:
        return "–"
    return left_words(_left(line.due_at, now, calendar))


def _left(due: datetime, now: datetime, calendar: WorkCalendar) -> TimeLeft:
    """Working time when the deadline lies beyond today's closing, else plain time."""
    plain = int((due - now).total_seconds())
    try:
        working = calendar.working_seconds_between(now, due)
    except CalendarGap:
        return time_left(plain, working=False, day_seconds=calendar.day_seconds)
    if abs(plain) < 12 * 3600 or abs(working) < 3600:
        return time_left(plain, working=False, day_seconds=calendar.day_seconds)
    return time_left(working, working=True, day_seconds=calendar.day_seconds)


def left_words(left: TimeLeft) -> str:
    """A length of time in words, its two largest parts."""
    units: Mapping[str, int] = {
        _("{n} 个工作日") if left.working else _("{n} 天"): left.days,
        _("{n} 小时"): left.hours,
        _("{n} 分"): left.minutes,
    }
    parts = [words.format(n=number) for words, number in units.items() if number]
    length = " ".join(parts[:2]) or _("不到 1 分")
    return (_("超 {length}") if left.overdue else _("剩 {length}")).format(length=length)


def delivery_word(waiting: int, version: int) -> str:
    """What the city has of a case: changes that wait, all of it, or nothing because it was never sent from here."""
    if waiting:
        return _("待送 {n}").format(n=waiting)
    return _("已送 ✓") if version else _("仅本机")


def line_word(state: str, waiting: int, files_done: int, files: int) -> str:
    """Where a record stands on its way to the city, shape and word. state: as the line's views name it."""
    match state:
        case "conflict":
            return _("◆ 冲突")
        case "refused":
            return _("▲ 退回")
        case "held":
            return _("‖ 等待")
        case "waiting":
            return _("○ 待送 {n}").format(n=waiting)
        case "sent":
            return _("◐ 照片 {done}/{n}").format(done=files_done, n=files)
        case "with_city":
            return _("✓ 市平台已收")
        case _:
            return _("– 仅本机")


def masked(text: str) -> str:
    """Personal data with its middle hidden: 138****1234, 李*."""
    if text.isascii() and len(text) >= 7:
        return f"{text[:3]}****{text[-4:]}"
    return text[:1] + "*" * (len(text) - 1)
