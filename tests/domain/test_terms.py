"""Statutory terms: the arithmetic an officer would do on a wall calendar, and the days the law moves.

Days of rest are typed here from the notices of the State Council's office for each year, not read from the program's table.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.base import reference_builtin as builtin
from app.domain.problems import Refused
from app.domain.terms import (
    DayKind,
    Pause,
    TermMark,
    TermRule,
    TermSetting,
    TermUnit,
    count_term,
    may_be_set,
    surcharge,
    with_settings,
)
from app.domain.workcalendar import ZONE

CALENDAR = builtin.workday_table().calendar()
RULES = {rule.code: rule for rule in builtin.terms()}
MEASURED = [rule for rule in RULES.values() if rule.measured]


def days(first: str, last: str) -> set[date]:
    begin, end = date.fromisoformat(first), date.fromisoformat(last)
    return {begin + timedelta(days=n) for n in range((end - begin).days + 1)}


RESTED = (
    days("2025-01-01", "2025-01-01")
    | days("2025-01-28", "2025-02-04")
    | days("2025-04-04", "2025-04-06")
    | days("2025-05-01", "2025-05-05")
    | days("2025-05-31", "2025-06-02")
    | days("2025-10-01", "2025-10-08")
    | days("2026-01-01", "2026-01-03")
    | days("2026-02-15", "2026-02-23")
    | days("2026-04-04", "2026-04-06")
    | days("2026-05-01", "2026-05-05")
    | days("2026-06-19", "2026-06-21")
    | days("2026-09-25", "2026-09-27")
    | days("2026-10-01", "2026-10-07")
)
MADE_UP = {
    date(year, month, day)
    for year, month, day in (
        (2025, 1, 26),
        (2025, 2, 8),
        (2025, 4, 27),
        (2025, 9, 28),
        (2025, 10, 11),
        (2026, 1, 4),
        (2026, 2, 14),
        (2026, 2, 28),
        (2026, 5, 9),
        (2026, 9, 20),
        (2026, 10, 10),
    )
}


def is_worked(day: date) -> bool:
    return day in MADE_UP or (day.weekday() < 5 and day not in RESTED)


def at(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment.replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    ("code", "start", "last", "arithmetic"),
    [
        ("HEARING_REQUEST", "2025-09-26", "2025-10-10", "9-28调休1 9-29=2 9-30=3 国庆 10-9=4 10-10=5"),
        ("HEARING_REQUEST", "2024-02-07", "2024-02-20", "2-8=1 2-9=2 春节 2-18调休3 2-19=4 2-20=5"),
        ("HEARING_NOTICE", "2026-02-12", "2026-02-28", "2-13=1 2-14调休2 春节 2-24=3 25 26 27=6 2-28调休7"),
        ("SERVE_7", "2023-09-27", "2023-10-12", "9-28=1 中秋国庆 10-7调休2 10-8调休3 9 10 11 12=7"),
        ("EVID_REG_PRESERVE", "2024-09-27", "2024-10-12", "9-29调休1 9-30=2 国庆 10-8=3 9 10 11=6 10-12调休7"),
        ("DEFENCE_WINDOW", "2025-01-22", "2025-02-05", "1-23=1 1-24=2 1-26调休3 1-27=4 春节 2-5=5"),
        ("DEMAND_BEFORE_COURT", "2025-01-24", "2025-02-13", "1-26调休1 1-27=2 春节 2-5=3 6 7 8调休6 10 11 12 13=10"),
        ("SUBSTITUTE_DEMAND", "2026-09-30", "2026-10-10", "国庆 10-8=1 10-9=2 10-10调休3"),
        ("SPOT_HAND_IN", "2026-09-30", "2026-10-09", "国庆 10-8=1 10-9=2"),
        ("SPOT_BANK", "2026-02-13", "2026-02-24", "2-14调休1 春节 2-24=2"),
        ("PUBLIC_WITHDRAW", "2025-09-30", "2025-10-11", "国庆 10-9=1 10-10=2 10-11调休3"),
        (
            "PUBLIC_GENERAL",
            "2026-09-18",
            "2026-10-22",
            "9-20调休1 21到24=5 中秋 28到30=8 国庆 10-8 9 10调休=11 12到16=16 19到22=20",
        ),
        ("COURT_ACCEPT", "2025-04-30", "2025-05-12", "劳动节 5-6=1 7 8 9=4 5-12=5"),
        ("PAY_15", "2025-09-19", "2025-10-09", "第15日 10-4 国庆,顺延到 10-9"),
        ("PAY_15", "2026-01-31", "2026-02-24", "第15日 2-15 春节,顺延到 2-24"),
        ("PAY_15", "2026-03-02", "2026-03-17", "第15日 3-17 周二"),
        ("RECON_60", "2025-08-05", "2025-10-09", "8月26 9月30=56 10-4=60 国庆,顺延"),
        ("LITIGATE_6M", "2025-04-03", "2025-10-09", "10-3 国庆,顺延"),
        ("LITIGATE_6M", "2025-08-31", "2026-02-28", "2月没有31日,月末;2-28调休上班,不顺延"),
        ("LITIGATE_AFTER_RECON", "2026-02-01", "2026-02-24", "第15日 2-16 春节,顺延"),
        ("SERVE_PUBLIC_NOTICE", "2025-09-04", "2025-10-09", "第30日 10-4 国庆,顺延"),
        ("DECISION_90", "2025-07-10", "2025-10-08", "7月21 8月31 9月30=82 10-8=90;办案期限不因放假顺延"),
        ("SEIZE_TERM", "2026-01-20", "2026-02-19", "1月11 2-19=30;期满应当解除,不顺延"),
        ("TB_GENERAL", "2024-02-29", "2026-02-28", "没有2-29,月末"),
        ("COURT_APPLY", "2025-11-30", "2026-02-28", "2月没有30日,月末"),
        ("ARCHIVE_3M", "2025-10-31", "2026-01-31", "对应日"),
        ("CREDIT_SERIOUS_MAX", "2023-05-20", "2026-05-20", "三年后的对应日"),
    ],
    ids=lambda value: value if value.isascii() else "",
)
def test_a_term_ends_on_the_day_counted_by_hand(code: str, start: str, last: str, arithmetic: str) -> None:
    term = count_term(RULES[code], at(start), CALENDAR)

    assert term.last_day == date.fromisoformat(last), arithmetic
    assert term.due == at(last) + timedelta(days=1)


def test_hours_run_through_nights_and_holidays() -> None:
    term = count_term(RULES["PARKING_HANDOVER_24H"], at("2026-02-14T15:30"), CALENDAR)

    assert term.due == at("2026-02-15T15:30")


def test_what_must_wait_may_be_done_the_day_after_and_not_on_the_last_day() -> None:
    term = count_term(RULES["HEARING_NOTICE"], at("2026-02-12T09:00"), CALENDAR)

    assert term.first_day_after == date(2026, 3, 1)
    assert not term.is_over(at("2026-02-28T23:59"))
    assert term.is_over(at("2026-03-01"))


def test_days_of_a_test_are_taken_out_and_said_with_their_reason() -> None:
    pause = Pause(date(2026, 1, 26), date(2026, 1, 30), "检测")

    term = count_term(
        RULES["SEIZE_TERM"], at("2026-01-20"), CALENDAR, [pause, Pause(date(2026, 1, 28), date(2026, 1, 29))]
    )

    assert term.last_day == date(2026, 2, 24)  # 30 days and the five of the test; the days in both pauses once
    assert [(run.first.day, run.last.day, run.reason) for run in term.runs if run.kind == DayKind.PAUSED] == [
        (26, 30, "检测")
    ]


def test_a_working_day_term_beyond_the_announced_calendar_is_refused_by_its_year() -> None:
    with pytest.raises(Refused) as caught:
        count_term(RULES["SERVE_7"], at("2026-12-28"), CALENDAR)

    assert (caught.value.code, caught.value.details["year"]) == ("term.calendar_gap", 2027)


def test_a_last_day_nobody_has_announced_is_said_to_be_uncertain() -> None:
    term = count_term(RULES["PAY_15"], at("2026-12-20"), CALENDAR)

    assert (term.last_day, term.certain) == (date(2027, 1, 4), False)


@pytest.mark.parametrize("rule", [rule for rule in RULES.values() if not rule.measured], ids=lambda rule: rule.code)
def test_what_an_event_ends_is_not_counted(rule: TermRule) -> None:
    with pytest.raises(Refused) as caught:
        count_term(rule, at("2026-03-02"), CALENDAR)

    assert caught.value.code == "term.no_length"


@pytest.mark.parametrize("start", ["1026-03-02", "9026-03-02"])
def test_a_year_mistyped_is_refused(start: str) -> None:
    with pytest.raises(Refused) as caught:
        count_term(RULES["PAY_15"], at(start), CALENDAR)

    assert caught.value.code == "term.day_unlikely"


@pytest.mark.parametrize(
    ("first", "last", "code"),
    [("2026-03-05", "2026-03-04", "term.pause_backwards"), ("2026-03-05", "2056-03-05", "term.pause_too_long")],
)
def test_a_pause_that_cannot_be_is_refused(first: str, last: str, code: str) -> None:
    with pytest.raises(Refused) as caught:
        Pause(date.fromisoformat(first), date.fromisoformat(last))

    assert caught.value.code == code


STARTS = st.dates(date(2025, 1, 1), date(2026, 9, 1))
PAUSES = st.lists(
    st.tuples(STARTS, st.integers(0, 12)).map(lambda p: Pause(p[0], p[0] + timedelta(days=p[1]))), max_size=3
)


@given(st.sampled_from([rule for rule in MEASURED if rule.unit == TermUnit.WORKING_DAY]), STARTS, PAUSES)
def test_exactly_so_many_worked_days_lie_after_the_start(rule: TermRule, start: date, pauses: list[Pause]) -> None:
    term = count_term(rule, at(start.isoformat()), CALENDAR, pauses)

    paused = {day for pause in pauses for day in days(pause.first.isoformat(), pause.last.isoformat())}
    counted = [
        day for day in sorted(days(start.isoformat(), term.last_day.isoformat()) - {start} - paused) if is_worked(day)
    ]
    assert len(counted) == rule.value
    assert counted[-1] == term.last_day


@given(st.sampled_from([rule for rule in MEASURED if rule.unit != TermUnit.HOUR]), STARTS, PAUSES)
def test_the_days_shown_are_without_gap_and_a_shift_ends_on_a_worked_day(
    rule: TermRule, start: date, pauses: list[Pause]
) -> None:
    term = count_term(rule, at(start.isoformat()), CALENDAR, pauses)

    shown = [day for run in term.runs for day in sorted(days(run.first.isoformat(), run.last.isoformat()))]
    assert shown == sorted(days(start.isoformat(), term.last_day.isoformat()))
    if rule.shift_basis and term.certain and term.last_day.year in (2025, 2026):
        assert is_worked(term.last_day)
    if not rule.shift_basis:
        assert term.last_day == term.counted_to


@pytest.mark.parametrize(
    ("until", "grown"),
    [
        ("2026-03-17", "0.00"),
        ("2026-03-18", "6.00"),
        ("2026-04-19", "198.00"),
        ("2026-04-20", "200.00"),
        ("2027-01-01", "200.00"),
    ],
)
def test_a_late_fine_grows_by_three_per_cent_a_day_up_to_itself(until: str, grown: str) -> None:
    assert surcharge(Decimal(200), date(2026, 3, 17), date.fromisoformat(until)) == Decimal(grown)


def test_days_under_review_do_not_make_a_fine_grow() -> None:
    review = Pause(date(2026, 3, 20), date(2026, 5, 18), "行政复议")

    assert surcharge(Decimal(1000), date(2026, 3, 17), date(2026, 5, 19), [review]) == Decimal("90.00")


def test_an_office_sets_lengths_nobody_read_and_confirms_the_rest() -> None:
    said = {"DEFENCE_WINDOW": TermSetting(value=7, confirmed=True), "HEARING_REQUEST": TermSetting(value=3)}

    rules = {rule.code: rule for rule in with_settings(builtin.terms(), said)}

    assert (rules["DEFENCE_WINDOW"].value, rules["DEFENCE_WINDOW"].to_be_confirmed) == (7, False)
    assert rules["HEARING_REQUEST"].value == 5  # read in the law: not the office's to change


def test_every_term_nobody_read_is_marked_until_it_is_confirmed() -> None:
    unread = {rule.code for rule in RULES.values() if rule.mark in (TermMark.DERIVED, TermMark.MEMORY)}

    assert unread == {rule.code for rule in RULES.values() if rule.to_be_confirmed}
    assert unread
    assert all(may_be_set(rule) for rule in RULES.values() if rule.code in unread and rule.measured)
