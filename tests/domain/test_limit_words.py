"""Limits in words: what is read, what is asked, and that nothing is guessed."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.deadlines import Limit, LimitUnit
from app.domain.limit_words import LONGEST, Unclear, limit_words, parse_limit
from app.domain.workcalendar import DayTable

CALENDAR = DayTable(date(2026, 1, 1), date(2026, 12, 31), {}).calendar()


@pytest.mark.parametrize(
    ("words", "value", "unit"),
    [
        ("2紧急工作时", 2, LimitUnit.HOUR),
        ("4小时", 4, LimitUnit.WORKING_HOUR),
        ("4工作时", 4, LimitUnit.WORKING_HOUR),
        ("2天", 2, LimitUnit.WORKING_DAY),
        ("1紧急工作日", 24, LimitUnit.HOUR),
        ("15天", 15, LimitUnit.WORKING_DAY),
        ("7日", 7, LimitUnit.WORKING_DAY),
        ("7个自然日", 7, LimitUnit.DAY),
        ("半天", 240, LimitUnit.WORKING_MINUTE),
        ("半个工作日", 240, LimitUnit.WORKING_MINUTE),
        ("半小时", 30, LimitUnit.WORKING_MINUTE),
        ("30分钟", 30, LimitUnit.MINUTE),
        ("2小时内", 2, LimitUnit.WORKING_HOUR),
        ("3个工作日", 3, LimitUnit.WORKING_DAY),
        ("三个工作日", 3, LimitUnit.WORKING_DAY),
        ("两小时", 2, LimitUnit.WORKING_HOUR),
        ("十天", 10, LimitUnit.WORKING_DAY),
        ("十五天", 15, LimitUnit.WORKING_DAY),
        ("二十天", 20, LimitUnit.WORKING_DAY),
        ("一百二十天", 120, LimitUnit.WORKING_DAY),
        ("一百零五天", 105, LimitUnit.WORKING_DAY),
        ("２４小时", 24, LimitUnit.WORKING_HOUR),
        (" 2 个 工作日 以内。", 2, LimitUnit.WORKING_DAY),
        ("2\u3000紧急 工作时", 2, LimitUnit.HOUR),
        ("002天", 2, LimitUnit.WORKING_DAY),
    ],
)
def test_limits_in_words_are_read(words: str, value: int, unit: LimitUnit) -> None:
    limit = parse_limit(words)

    assert isinstance(limit, Limit)
    assert (limit.value, limit.unit) == (value, unit)


NO_LENGTHS = (
    *(
        "立即",
        "",
        " ",
        "2",
        "尽快",
        "0天",
        "零天",
        "2-3天",
        "当日",
        "2天/3天",
        "三五天",
        "二十百天",
        "十十天",
        "99999天",
    ),
    *(
        "1.5天",
        "一百二天",
        "2小时30分钟",
        "2周",
        "1个月",
        "约2小时",
        "2小时左右",
        "٣天",
        "-2天",
        "2天前",
        "天",
        "二0天",
    ),
    *("9" * 5000 + "天", "2" + "零" * 60 + "天"),
)


@pytest.mark.parametrize("words", NO_LENGTHS)
def test_words_that_name_no_length_are_asked_and_never_guessed(words: str) -> None:
    assert parse_limit(words) == Unclear(words)


@given(st.text() | st.text(alphabet="0123456789两二三十百半个紧急工作自然时小分钟天日内以之.-  "))
def test_any_words_give_a_positive_limit_or_come_back_as_they_were(words: str) -> None:
    limit = parse_limit(words)

    if isinstance(limit, Limit):
        assert limit.seconds(CALENDAR) > 0
    else:
        assert limit == Unclear(words)


@given(st.builds(Limit, value=st.integers(1, LONGEST), unit=st.sampled_from(LimitUnit)))
def test_what_is_written_is_read_back_as_the_same_length(limit: Limit) -> None:
    back = parse_limit(limit_words(limit))

    assert isinstance(back, Limit)
    assert (back.seconds(CALENDAR), back.is_working) == (limit.seconds(CALENDAR), limit.is_working)
