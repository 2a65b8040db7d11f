"""Office time: holidays, make-up days, and the end of the calendar."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.domain.workcalendar import ZONE, CalendarGap, DayTable, WorkCalendar

TABLE = DayTable(
    date(2026, 1, 1),
    date(2026, 12, 31),
    {"2026-10-01": False, "2026-10-02": False, "2026-10-10": True, "2026-09-20": True},
)
CALENDAR = TABLE.calendar()
FIRST_MOMENT = datetime(2026, 1, 2, tzinfo=ZONE)
MOMENTS = st.integers(0, 330 * 86_400).map(lambda seconds: FIRST_MOMENT + timedelta(seconds=seconds))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ("2026-11-02T09:00", 2, "2026-11-02T11:00"),
        ("2026-11-02T11:00", 2, "2026-11-02T15:00"),
        ("2026-11-02T12:30", 1, "2026-11-02T15:00"),
        ("2026-11-20T15:00", 8, "2026-11-23T15:00"),
        ("2026-11-21T10:00", 4, "2026-11-23T12:00"),
        ("2026-09-30T17:00", 2, "2026-10-05T09:00"),
        ("2026-10-09T17:00", 2, "2026-10-10T09:00"),
    ],
)
def test_a_working_limit_passes_over_noon_nights_weekends_and_holidays(start: str, hours: int, end: str) -> None:
    assert CALENDAR.add_working_seconds(at(start), hours * 3600) == at(end)


@given(MOMENTS, st.integers(1, 60 * 3600))
def test_adding_time_and_measuring_it_agree(start: datetime, seconds: int) -> None:
    try:
        end = CALENDAR.add_working_seconds(start, seconds)
    except CalendarGap:
        return
    assert CALENDAR.working_seconds_between(start, end) == seconds


@given(MOMENTS, st.integers(1, 60 * 3600))
def test_a_working_deadline_never_falls_outside_office_hours(start: datetime, seconds: int) -> None:
    try:
        end = CALENDAR.add_working_seconds(start, seconds).astimezone(ZONE)
    except CalendarGap:
        return
    assert CALENDAR.is_workday(end.date())
    assert any(begin <= end.time() <= close for begin, close in CALENDAR.periods)


@given(MOMENTS, MOMENTS, MOMENTS)
def test_measured_time_adds_up(a: datetime, b: datetime, c: datetime) -> None:
    between = CALENDAR.working_seconds_between
    assert between(a, b) + between(b, c) == between(a, c)


def test_beyond_the_last_day_the_missing_year_is_named() -> None:
    with pytest.raises(CalendarGap) as gap:
        CALENDAR.add_working_seconds(at("2026-12-31T17:30"), 3600)
    assert gap.value.year == 2027


def test_a_new_year_taken_over_closes_the_gap() -> None:
    longer = TABLE.with_days({"2027-01-01": False}).calendar()

    due = longer.add_working_seconds(at("2026-12-31T17:30"), 3600)

    assert due == at("2027-01-04T08:30")


def test_a_year_nobody_spoke_of_is_not_jumped_over() -> None:
    table = TABLE.with_days({"2028-01-03": False})
    assert table.last_day == date(2026, 12, 31)

    whole = table.with_days({"2027-01-01": False})

    assert whole.last_day == date(2028, 12, 31)
    assert not whole.calendar().is_workday(date(2028, 1, 3))


def test_a_day_said_again_follows_the_later_word() -> None:
    assert TABLE.with_days({"2026-10-01": True}).calendar().is_workday(date(2026, 10, 1))
    assert not CALENDAR.is_workday(date(2026, 10, 1))


def test_before_the_first_day_the_missing_year_is_named() -> None:
    with pytest.raises(CalendarGap) as gap:
        CALENDAR.working_seconds_between(at("2019-05-06T09:00"), at("2026-05-06T09:00"))
    assert gap.value.year == 2019
    with pytest.raises(CalendarGap) as back:
        CALENDAR.add_working_seconds(at("2026-01-05T09:00"), -40 * 3600)
    assert back.value.year == 2025


def test_a_full_day_ends_in_the_evening_not_on_the_next_morning() -> None:
    assert CALENDAR.add_working_seconds(at("2026-11-02T08:00"), 8 * 3600) == at("2026-11-02T18:00")
    assert CALENDAR.add_working_seconds(at("2026-11-03T10:00"), -2 * 3600) == at("2026-11-02T18:00")


def test_no_time_at_all_is_the_start_itself() -> None:
    assert CALENDAR.add_working_seconds(at("2026-11-01T03:00"), 0) == at("2026-11-01T03:00")


@given(MOMENTS, st.integers(-60 * 3600, 60 * 3600), st.integers(0, 3600))
def test_more_time_never_ends_earlier(start: datetime, seconds: int, more: int) -> None:
    assume(seconds and seconds + more)
    try:
        end, later = (CALENDAR.add_working_seconds(start, length) for length in (seconds, seconds + more))
    except CalendarGap:
        return
    assert end <= later
    assert CALENDAR.working_seconds_between(start, end) == seconds


def test_the_week_is_right_on_every_day_of_a_century() -> None:
    calendar = DayTable(date(2000, 1, 1), date(2099, 12, 31), {}).calendar()
    days = (date(2000, 1, 1) + timedelta(days=number) for number in range(36_525))
    assert all(calendar.is_workday(day) == (day.weekday() < 5) for day in days)


def test_an_office_with_other_hours_counts_its_own_day() -> None:
    night = WorkCalendar(TABLE, ((time(0), time(6)),))
    assert night.day_seconds == 6 * 3600
    end = night.add_working_seconds(datetime(2026, 11, 2, 0, tzinfo=UTC), 3600)
    assert end == at("2026-11-03T01:00")
    assert end - at("2026-11-02T08:00") == timedelta(hours=17)
