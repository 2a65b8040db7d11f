"""Stage clocks: what stops, what goes on, what starts anew."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import deadlines
from app.domain.deadlines import LIGHT_LOOKS, Light, Limit, LimitUnit, StageClock, TimeLeft, light, time_left
from app.domain.workcalendar import DayTable

CALENDAR = DayTable(date(2026, 1, 1), date(2027, 12, 31), {}).calendar()
NINE = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)
HOURS_2 = Limit(value=2, unit=LimitUnit.HOUR)
DAYS_2 = Limit(value=2, unit=LimitUnit.WORKING_DAY)
THIS, OTHER = UUID(int=1), UUID(int=2)
LIMITS = st.builds(Limit, value=st.integers(1, 20), unit=st.sampled_from(LimitUnit))
MINUTES = st.integers(0, 10_000)


def test_a_stopped_clock_has_no_deadline_and_uses_no_time() -> None:
    clock = deadlines.stop(deadlines.start("handle", HOURS_2, NINE), NINE + timedelta(minutes=30))

    assert deadlines.due_at(clock, CALENDAR) is None
    assert deadlines.used(clock, NINE + timedelta(days=3), CALENDAR) == 1800


def test_the_same_unit_gets_the_remaining_time() -> None:
    clock = deadlines.stop(deadlines.start("handle", HOURS_2, NINE, THIS), NINE + timedelta(minutes=30))
    again = NINE + timedelta(hours=5)

    resumed = deadlines.handle_clock_for(clock, THIS, HOURS_2, again)

    assert deadlines.due_at(resumed, CALENDAR) == again + timedelta(minutes=90)


def test_another_unit_gets_the_full_limit_again() -> None:
    clock = deadlines.stop(deadlines.start("handle", HOURS_2, NINE, THIS), NINE + timedelta(minutes=30))
    again = NINE + timedelta(hours=5)

    fresh = deadlines.handle_clock_for(clock, OTHER, HOURS_2, again)

    assert deadlines.due_at(fresh, CALENDAR) == again + timedelta(hours=2)


def test_the_same_unit_under_another_condition_buys_no_time() -> None:
    clock = deadlines.stop(deadlines.start("handle", HOURS_2, NINE, THIS), NINE + timedelta(minutes=90))
    again = NINE + timedelta(hours=5)

    resumed = deadlines.handle_clock_for(clock, THIS, Limit(value=4, unit=LimitUnit.HOUR), again)

    assert deadlines.due_at(resumed, CALENDAR) == again + timedelta(minutes=150)


def test_a_case_that_comes_back_after_closing_goes_on_where_it_ended() -> None:
    ended = deadlines.finish(deadlines.start("handle", HOURS_2, NINE, THIS), NINE + timedelta(minutes=90))
    again = NINE + timedelta(days=1)

    resumed = deadlines.handle_clock_for(ended, THIS, HOURS_2, again)

    assert deadlines.is_running(resumed)
    assert deadlines.due_at(resumed, CALENDAR) == again + timedelta(minutes=30)


def test_a_pc_clock_set_back_takes_nothing_from_the_unit() -> None:
    clock = deadlines.start("handle", HOURS_2, NINE)
    earlier = NINE - timedelta(days=365)

    stopped = deadlines.stop(clock, earlier)

    assert deadlines.used(clock, earlier, CALENDAR) == 0
    assert deadlines.used(stopped, NINE, CALENDAR) == 0
    assert deadlines.resume(stopped, earlier).runs[-1].started_at == NINE


def test_time_already_overrun_in_office_hours_lays_the_deadline_in_office_hours() -> None:
    clock = deadlines.start("handle", Limit(value=2, unit=LimitUnit.WORKING_HOUR), NINE, THIS)
    stopped = deadlines.stop(clock, NINE + timedelta(hours=9))

    resumed = deadlines.resume(stopped, NINE + timedelta(days=1))

    due = deadlines.due_at(resumed, CALENDAR)
    assert due is not None
    assert due < NINE + timedelta(days=1)
    assert CALENDAR.is_working_time(due)


def test_a_clock_travels_as_json_unchanged() -> None:
    clock = deadlines.resume(deadlines.stop(deadlines.start("handle", DAYS_2, NINE, THIS), NINE), NINE)

    assert StageClock.model_validate_json(clock.model_dump_json()) == clock


def test_moves_that_change_nothing_leave_the_clock_as_it_is() -> None:
    clock = deadlines.start("accept", HOURS_2, NINE)
    stopped = deadlines.stop(clock, NINE)

    assert deadlines.resume(clock, NINE + timedelta(hours=1)) is clock
    assert deadlines.stop(stopped, NINE + timedelta(hours=1)) is stopped


def test_an_extension_adds_one_original_limit_to_the_current_deadline() -> None:
    clock = deadlines.start("handle", HOURS_2, NINE)
    first = deadlines.due_at(clock, CALENDAR)
    assert first is not None

    extended = deadlines.extend(clock)

    assert deadlines.due_at(extended, CALENDAR) == first + timedelta(hours=2)


@given(LIMITS, MINUTES, MINUTES)
def test_a_pause_never_shortens_a_limit(limit: Limit, before: int, pause: int) -> None:
    clock = deadlines.start("handle", limit, NINE)
    stop_at = NINE + timedelta(minutes=before)
    paused = deadlines.resume(deadlines.stop(clock, stop_at), stop_at + timedelta(minutes=pause))

    plain, shifted = deadlines.due_at(clock, CALENDAR), deadlines.due_at(paused, CALENDAR)

    assert plain is not None
    assert shifted is not None
    assert shifted >= min(plain, stop_at + timedelta(minutes=pause))
    if plain > stop_at:
        assert shifted >= plain


@given(LIMITS, st.lists(st.integers(1, 600), max_size=6))
def test_used_and_remaining_make_the_whole_limit(limit: Limit, stretches: list[int]) -> None:
    clock, now = deadlines.start("handle", limit, NINE), NINE
    for stretch in stretches:
        now += timedelta(minutes=stretch)
        clock = deadlines.stop(clock, now)
        now += timedelta(minutes=stretch)
        clock = deadlines.resume(clock, now)

    whole = deadlines.used(clock, now, CALENDAR) + deadlines.remaining(clock, now, CALENDAR)

    assert whole == limit.seconds(CALENDAR)


@given(LIMITS, MINUTES, MINUTES, MINUTES)
def test_a_working_deadline_lies_in_office_hours_however_often_it_was_paused(
    limit: Limit, before: int, pause: int, start: int
) -> None:
    begun = NINE + timedelta(minutes=start)
    clock = deadlines.start("handle", limit, begun)
    stop_at = begun + timedelta(minutes=before)
    clock = deadlines.resume(deadlines.stop(clock, stop_at), stop_at + timedelta(minutes=pause))

    due = deadlines.due_at(clock, CALENDAR)

    assert due is not None
    exactly_used_up = deadlines.remaining(clock, clock.runs[-1].started_at, CALENDAR) == 0
    assert not limit.is_working or exactly_used_up or CALENDAR.is_working_time(due)


@given(LIMITS, MINUTES, st.integers(1, 5000))
def test_less_remains_as_time_goes_on_and_none_at_the_deadline(limit: Limit, first: int, more: int) -> None:
    clock = deadlines.start("handle", limit, NINE)
    now = NINE + timedelta(minutes=first)
    due = deadlines.due_at(clock, CALENDAR)
    assert due is not None

    left = deadlines.remaining(clock, now, CALENDAR)

    assert deadlines.remaining(clock, now + timedelta(minutes=more), CALENDAR) <= left
    assert deadlines.remaining(clock, due, CALENDAR) == 0


@given(LIMITS, st.floats(0.05, 0.9))
def test_yellow_comes_before_red(limit: Limit, share: float) -> None:
    clock = deadlines.start("handle", limit, NINE)
    warn, due = deadlines.warn_at(clock, CALENDAR, share), deadlines.due_at(clock, CALENDAR)
    assert warn is not None
    assert due is not None
    assert NINE <= warn <= due


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [(0, Light.GREEN), (95, Light.GREEN), (96, Light.YELLOW), (120, Light.YELLOW), (121, Light.RED)],
)
def test_the_light_turns_yellow_at_the_share_and_red_at_the_end(minutes: int, expected: Light) -> None:
    clock = deadlines.start("handle", HOURS_2, NINE)
    due, warn = deadlines.due_at(clock, CALENDAR), deadlines.warn_at(clock, CALENDAR, 0.2)
    now = NINE + timedelta(minutes=minutes)

    assert light(due, warn, paused=False, done=False, now=now) is expected


def test_no_deadline_and_a_pause_are_grey_and_a_closed_case_is_done() -> None:
    assert light(None, None, paused=False, done=False, now=NINE) is Light.GREY
    assert light(NINE, NINE, paused=True, done=False, now=NINE) is Light.GREY
    assert light(NINE, NINE, paused=True, done=True, now=NINE + timedelta(days=9)) is Light.DONE


def test_every_light_has_a_shape_and_a_word_of_its_own() -> None:
    assert set(LIGHT_LOOKS) == set(Light)
    assert len({look.shape for look in LIGHT_LOOKS.values()}) == len(Light)
    assert len({look.word for look in LIGHT_LOOKS.values()}) == len(Light)


def test_working_time_left_is_told_in_office_days() -> None:
    left = time_left(9 * 3600, working=True, day_seconds=8 * 3600)
    assert (left.days, left.hours, left.minutes, left.overdue) == (1, 1, 0, False)
    late = time_left(-3 * 3600, working=False, day_seconds=8 * 3600)
    assert (late.days, late.hours, late.overdue) == (0, 3, True)


def test_a_begun_minute_counts_so_that_nothing_is_late_by_nothing() -> None:
    assert time_left(-1, working=False, day_seconds=8 * 3600).minutes == 1
    assert time_left(115 * 60, working=False, day_seconds=8 * 3600) == TimeLeft(0, 1, 55, overdue=False, working=False)
    assert time_left(0, working=True, day_seconds=8 * 3600) == TimeLeft(0, 0, 0, overdue=False, working=True)


def test_two_working_days_from_friday_end_on_tuesday() -> None:
    friday = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
    clock = deadlines.start("handle", DAYS_2, friday)
    assert deadlines.due_at(clock, CALENDAR) == datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
