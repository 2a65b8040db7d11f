"""Which days a plan walks: no day twice, none left out, holidays as the plan says, and the same on every PC."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.base import reference_builtin as builtin
from app.domain.patrol_planning import (
    PlaceWords,
    Turn,
    is_holiday,
    made_round,
    named_days,
    plan_days,
    result_id,
    round_id,
    round_number,
    shift_span,
)
from app.domain.patrols import Frequency, HolidayRule, PatrolPlan

AT = datetime(2026, 9, 1, tzinfo=UTC)
CALENDAR = builtin.workday_table().calendar()
PLAN_ID = UUID(int=7)
DAY = timedelta(days=1)


def a_plan(**what_matters: object) -> PatrolPlan:
    fields = {"id": PLAN_ID, "created_at": AT, "changed_at": AT, "name": "纬一路", "valid_from": date(2026, 9, 1)}
    return PatrolPlan.model_validate({**fields, **what_matters})


def days(plan: PatrolPlan, first: date, last: date) -> list[date]:
    return [turn.day for turn in plan_days(plan, first, last, CALENDAR).turns]


def test_a_weekday_plan_walks_monday_to_friday() -> None:
    assert days(a_plan(), date(2026, 11, 2), date(2026, 11, 8)) == [date(2026, 11, n) for n in range(2, 7)]


def test_every_second_week_is_counted_from_the_plan_s_first_week() -> None:
    plan = a_plan(valid_from=date(2026, 11, 4), frequency=Frequency(weekdays=(1,), every_weeks=2))
    assert days(plan, date(2026, 11, 2), date(2026, 12, 6)) == [date(2026, 11, 16), date(2026, 11, 30)]


def test_several_times_a_day_are_several_turns() -> None:
    plan = a_plan(frequency=Frequency(weekdays=(1,), times_a_day=3))
    monday = date(2026, 11, 2)
    assert plan_days(plan, monday, monday, CALENDAR).turns == tuple(Turn(monday, no) for no in (1, 2, 3))


def test_a_holiday_is_left_out_kept_or_walked_on_the_next_work_day() -> None:
    first, last = date(2026, 9, 28), date(2026, 10, 11)
    daily = tuple(range(1, 8))

    def walked(rule: HolidayRule) -> list[date]:
        return days(a_plan(frequency=Frequency(weekdays=daily, holidays=rule)), first, last)

    everything = [first + n * DAY for n in range(14)]
    rest = {day for day in everything if is_holiday(day, CALENDAR)}
    assert date(2026, 10, 1) in rest
    assert walked(HolidayRule.KEEP) == everything
    assert walked(HolidayRule.SKIP) == [day for day in everything if day not in rest]
    assert walked(HolidayRule.NEXT_WORKDAY) == walked(HolidayRule.SKIP)


def test_a_weekly_round_on_a_holiday_moves_to_the_first_work_day_after_it() -> None:
    plan = a_plan(frequency=Frequency(weekdays=(4,), holidays=HolidayRule.NEXT_WORKDAY))
    moved = [day for day in days(plan, date(2026, 10, 1), date(2026, 10, 12)) if day != date(2026, 10, 8)]
    assert not is_holiday(days(plan, date(2026, 10, 1), date(2026, 10, 12))[0], CALENDAR)
    assert moved == [] or CALENDAR.is_workday(moved[0])


def test_a_plain_weekend_is_walked_when_the_plan_names_it() -> None:
    plan = a_plan(frequency=Frequency(weekdays=(6, 7)))
    assert days(plan, date(2026, 11, 2), date(2026, 11, 8)) == [date(2026, 11, 7), date(2026, 11, 8)]


def test_a_calendar_that_ends_is_said_and_nothing_is_guessed() -> None:
    found = plan_days(a_plan(), date(2026, 12, 28), date(2027, 1, 3), CALENDAR)
    assert [turn.day for turn in found.turns] == [date(2026, 12, n) for n in range(28, 32)]
    assert found.unknown_year == 2027
    keeping = a_plan(frequency=Frequency(holidays=HolidayRule.KEEP))
    assert plan_days(keeping, date(2027, 1, 4), date(2027, 1, 10), CALENDAR).unknown_year is None


def test_a_plan_out_of_use_walks_nothing() -> None:
    assert not days(a_plan(active=False), date(2026, 11, 2), date(2026, 11, 8))


def test_a_night_shift_ends_on_the_next_day() -> None:
    begin, end = shift_span(date(2026, 11, 2), time(22), time(6))
    assert (begin, end) == (datetime(2026, 11, 2, 22), datetime(2026, 11, 3, 6))


def test_two_pcs_make_the_same_round() -> None:
    turn, words = Turn(date(2026, 11, 2), 1), PlaceWords(member_name="采集员甲")
    one = made_round(a_plan(), turn, words, None, "JS", AT)
    other = made_round(a_plan(), turn, words, None, "JS", AT)
    assert one == other
    assert one.id.version == 7


def test_identities_differ_by_plan_day_turn_and_point() -> None:
    turns = [Turn(date(2026, 11, 2) + n * DAY, no) for n in range(60) for no in (1, 2, 3)]
    ids = [round_id(plan, turn) for plan in (PLAN_ID, UUID(int=8)) for turn in turns]
    assert len(set(ids)) == len(ids)
    assert ids[: len(turns)][::3] == sorted(ids[: len(turns)][::3])
    assert len({result_id(ids[0], no) for no in range(1, 200)}) == 199
    assert round_number(PLAN_ID, turns[0], "JS").startswith("XC-JS-")


frequencies = st.builds(
    Frequency,
    weekdays=st.sets(st.integers(1, 7), min_size=1).map(lambda found: tuple(sorted(found))),
    every_weeks=st.integers(1, 5),
    times_a_day=st.integers(1, 3),
    holidays=st.sampled_from(HolidayRule),
)
DAYS_KNOWN = st.dates(date(2019, 2, 1), date(2026, 10, 1))


@given(frequencies, DAYS_KNOWN, st.integers(0, 90), DAYS_KNOWN)
def test_weeks_planned_one_by_one_are_the_span_planned_at_once(
    frequency: Frequency, begin: date, length: int, since: date
) -> None:
    """No double, no gap: cutting a span anywhere neither loses a turn nor makes one twice."""
    plan = a_plan(frequency=frequency, valid_from=since, valid_until=since + 200 * DAY)
    last = begin + length * DAY
    at_once = plan_days(plan, begin, last, CALENDAR).turns
    day_by_day = [
        turn for n in range(length + 1) for turn in plan_days(plan, begin + n * DAY, begin + n * DAY, CALENDAR).turns
    ]
    assert list(at_once) == day_by_day
    assert len({(turn.day, turn.no) for turn in at_once}) == len(at_once)


@given(frequencies, DAYS_KNOWN)
def test_every_named_day_is_walked_unless_a_holiday_is_left_out(frequency: Frequency, since: date) -> None:
    plan = a_plan(frequency=frequency, valid_from=since)
    named = list(named_days(plan, since, since + 40 * DAY))
    walked = set(days(plan, since, since + 80 * DAY))
    for day in named:
        if frequency.holidays is HolidayRule.KEEP or not is_holiday(day, CALENDAR):
            assert day in walked
        elif frequency.holidays is HolidayRule.NEXT_WORKDAY:
            later = next(day + n * DAY for n in range(1, 40) if CALENDAR.is_workday(day + n * DAY))
            assert later in walked


@pytest.mark.parametrize("rule", list(HolidayRule))
def test_a_round_never_lands_on_a_day_the_rule_forbids(rule: HolidayRule) -> None:
    plan = a_plan(valid_from=date(2020, 1, 1), frequency=Frequency(weekdays=(1, 3, 6), holidays=rule))
    for day in days(plan, date(2020, 1, 1), date(2020, 12, 31)):
        assert rule is HolidayRule.KEEP or not is_holiday(day, CALENDAR)
