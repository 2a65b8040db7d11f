"""Working time: office hours over holidays and make-up days, handed in as data.

The calendar knows a first and a last day; beyond them it raises CalendarGap and never guesses.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")
Periods = tuple[tuple[time, time], ...]
DEFAULT_PERIODS: Periods = ((time(8), time(12)), (time(14), time(18)))


class CalendarGap(Exception):
    """The calendar ends before the answer; `year` is the first year that is missing."""

    def __init__(self, year: int) -> None:
        super().__init__(f"no calendar for {year}")
        self.year = year


@dataclass(frozen=True)
class DayTable:
    """Which days are worked: ISO day -> True (make-up work day) or False (holiday); other days follow the week.

    Known are the whole days from `first_day` to `last_day`. `days` may name days beyond: they wait for the years between.
    """

    first_day: date
    last_day: date
    days: Mapping[str, bool]

    def with_days(self, days: Mapping[str, bool]) -> DayTable:
        """The same table with more days said, the new word winning.

        A year is known when any of its days is named and the years between are known too: naming 2028 alone leaves
        the table ending with 2026, because nobody said anything about 2027.
        """
        said = {**self.days, **days}
        named = {date.fromisoformat(day).year for day in said}
        first, last = self.first_day.year, self.last_day.year
        while first - 1 in named:
            first -= 1
        while last + 1 in named:
            last += 1
        return DayTable(min(self.first_day, date(first, 1, 1)), max(self.last_day, date(last, 12, 31)), said)

    def calendar(self, periods: Periods = DEFAULT_PERIODS) -> WorkCalendar:
        """The calendar of an office that works these hours."""
        return WorkCalendar(self, periods)


@dataclass(frozen=True)
class WorkCalendar:
    """One office's working time, to the second. Office hours are those of Asia/Shanghai.

    Every instant has a place on one line of working seconds, counted from the midnight of `table.first_day`; day counts
    are made once, so that an answer costs a look-up however many years lie between.
    """

    table: DayTable
    periods: Periods = DEFAULT_PERIODS

    @property
    def last_day(self) -> date:
        """The last day the calendar knows."""
        return self.table.last_day

    @cached_property
    def day_seconds(self) -> int:
        """Working seconds of one working day."""
        return sum(end - begin for begin, end in self._spans)

    @cached_property
    def _spans(self) -> tuple[tuple[int, int], ...]:
        return tuple((_seconds(begin), _seconds(end)) for begin, end in self.periods)

    @cached_property
    def _first_ordinal(self) -> int:
        return self.table.first_day.toordinal()

    @cached_property
    def _worked_before(self) -> list[int]:
        """Worked days before each day of the table, and in all."""
        said = {date.fromisoformat(day).toordinal(): worked for day, worked in self.table.days.items()}
        counts = [0]
        for ordinal in range(self._first_ordinal, self.table.last_day.toordinal() + 1):
            # Ordinal 1 was a Monday, so Monday to Friday leave the remainders 1 to 5.
            counts.append(counts[-1] + said.get(ordinal, 1 <= ordinal % 7 <= 5))
        return counts

    def is_workday(self, day: date) -> bool:
        """True when the office works on that day. Raises CalendarGap outside the table."""
        number = self._number(day)
        return self._worked_before[number + 1] > self._worked_before[number]

    def is_working_time(self, at: datetime) -> bool:
        """True in office hours, their first and last second included. Raises CalendarGap outside the table."""
        local = at.astimezone(ZONE)
        moment = _seconds(local.time())
        return self.is_workday(local.date()) and any(begin <= moment <= end for begin, end in self._spans)

    def working_seconds_between(self, start: datetime, end: datetime) -> int:
        """Working seconds from `start` to `end` (aware; negative when end is earlier). Raises CalendarGap."""
        return self._worked_until(end) - self._worked_until(start)

    def add_working_seconds(self, start: datetime, seconds: int) -> datetime:
        """The first instant (UTC) at which that much working time has passed since `start`.

        A start outside office hours counts from the next opening; a day's end is answered as that evening, not as the
        next morning. Negative seconds go back; a zero length gives `start` itself. Raises CalendarGap.
        """
        if seconds == 0:
            return start.astimezone(UTC)
        goal = self._worked_until(start) + seconds
        counts = self._worked_before
        if goal > counts[-1] * self.day_seconds:
            raise CalendarGap(self.table.last_day.year + 1)
        if goal <= 0:
            raise CalendarGap(self.table.first_day.year - 1)
        # The day on which the goal is reached: the last one before which less than the goal has been worked.
        number = bisect_left(counts, -(-goal // self.day_seconds)) - 1
        rest = goal - counts[number] * self.day_seconds
        midnight = datetime.combine(date.fromordinal(self._first_ordinal + number), time(), ZONE)
        return (midnight + timedelta(seconds=self._moment_after(rest))).astimezone(UTC)

    def _moment_after(self, worked: int) -> int:
        """The second of a working day at which `worked` seconds of it have passed."""
        for begin, end in self._spans:
            if worked <= end - begin:
                return begin + worked
            worked -= end - begin
        raise AssertionError("a working day holds its own seconds")

    def _worked_until(self, at: datetime) -> int:
        local = at.astimezone(ZONE)
        number = self._number(local.date())
        counts = self._worked_before
        worked = counts[number] * self.day_seconds
        if counts[number + 1] == counts[number]:
            return worked
        moment = local.hour * 3600 + local.minute * 60 + local.second
        for begin, end in self._spans:
            if moment <= begin:
                break
            worked += min(moment, end) - begin
        return worked

    def _number(self, day: date) -> int:
        """Place of the day in the table."""
        if day > self.table.last_day:
            raise CalendarGap(self.table.last_day.year + 1)
        if day < self.table.first_day:
            raise CalendarGap(day.year)
        return day.toordinal() - self._first_ordinal


def _seconds(moment: time) -> int:
    return moment.hour * 3600 + moment.minute * 60 + moment.second
