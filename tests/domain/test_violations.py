"""Violations: which version holds, how much it allows, what was written for it, and which of two is milder."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from app.base import reference_builtin as builtin
from app.domain.problems import Refused
from app.domain.violation_words import kinds_of, tiers_of
from app.domain.violations import Subject, Violation, ViolationTable, milder, tier_of

TABLE = builtin.violations()
CODE_DAY = date(2026, 8, 15)


def an_item(**what_matters: object) -> Violation:
    given = {"code": "X1", "title": "占道", "basis": "条例 第1条", "fine_low": 100, "fine_high": 500}
    return Violation.model_validate(given | what_matters)


def test_the_day_of_the_act_picks_the_law_of_that_day() -> None:
    before = {item.code for item in TABLE.in_force(CODE_DAY - timedelta(days=1))}
    after = {item.code for item in TABLE.in_force(CODE_DAY)}

    assert {"VC07", "VE08"} <= before
    assert {"VC08", "VE07"} <= after
    assert not {"VC07", "VE08"} & after
    assert not {"VC08", "VE07"} & before


def test_every_law_that_ended_names_items_that_are_there() -> None:
    codes = {item.code for item in TABLE.items}

    assert {code for item in TABLE.items for code in item.replaced_by} <= codes
    assert [item.code for item in TABLE.later(TABLE.find("VE12", CODE_DAY - timedelta(days=1)), CODE_DAY)] == [
        "VE10",
        "VE11",
    ]


def test_an_item_out_of_force_is_refused_by_its_name_and_day() -> None:
    with pytest.raises(Refused) as caught:
        TABLE.find("VC07", CODE_DAY)
    assert caught.value.code == "violation.not_in_force"

    with pytest.raises(Refused) as unknown:
        TABLE.find("ZZ99", CODE_DAY)
    assert unknown.value.code == "violation.unknown"


@pytest.mark.parametrize(
    ("code", "quantity", "low", "high"),
    [
        ("VA01", "1", "50", "500"),
        ("VA01", "7", "50", "500"),  # for the act as a whole, however many stalls
        ("VH01", "2", "6000", "6000"),  # 3,000 a dog
        ("VI02", "12.5", "6250", "12500"),  # 500 to 1,000 a square metre
        ("VJ01", "500", "15000", "20000"),  # 30 to 100 a square metre, 20,000 in all
        ("VJ01", "1000", "20000", "20000"),
    ],
)
def test_the_range_is_what_the_article_gives_for_so_many(code: str, quantity: str, low: str, high: str) -> None:
    item = TABLE.find(code, date(2026, 9, 1))

    assert item.range_for(Decimal(quantity)) == (Decimal(low), Decimal(high))


@pytest.mark.parametrize(
    ("code", "quantity", "refused"),
    [
        ("VG01", "1", "violation.base_needed"),
        ("VK09", "1", "violation.no_fine"),
        ("VI02", "0", "violation.quantity_wrong"),
    ],
)
def test_a_range_nobody_can_know_is_refused(code: str, quantity: str, refused: str) -> None:
    with pytest.raises(Refused) as caught:
        TABLE.find(code, date(2026, 9, 1)).range_for(Decimal(quantity))

    assert caught.value.code == refused


def test_the_milder_law_is_the_one_that_allows_less_and_at_par_the_old_one() -> None:
    old, new = an_item(), an_item(code="X2", fine_high=400)

    assert milder(old, new) is new
    assert milder(new, old) is new
    assert milder(old, an_item(code="X3")) is old
    assert milder(old, an_item(code="X4", fine_low=50)) == an_item(code="X4", fine_low=50)


@pytest.mark.parametrize("other", [{"unit": "元/只"}, {"kinds": ("警告", "罚款")}, {"fine_low": 0, "fine_high": 0}])
def test_laws_of_another_kind_are_left_to_a_person(other: dict[str, object]) -> None:
    assert milder(an_item(kinds=("罚款",)), an_item(kinds=("罚款",), code="X2").model_copy(update=other)) is None


def test_tiers_are_read_as_they_are_written_and_else_kept_as_a_note() -> None:
    tiers, note = tiers_of("轻微:<10m³:10000-40000|一般:10-20m³:40000-70000|严重:>20m³:70000-100000")

    assert (note, [tier.name for tier in tiers]) == ("", ["轻微", "一般", "严重"])
    assert tier_of(tiers, Decimal(40000)) == tiers[0]
    assert tier_of(tiers, Decimal(40001)) == tiers[1]
    assert tier_of(tiers, Decimal(5)) is None
    assert tiers_of("视情节") == ((), "视情节")


def test_kinds_are_divided_however_a_clerk_divides_them() -> None:
    assert kinds_of("警告;罚款;没收违法所得、停业") == ("警告", "罚款", "没收违法所得", "停业")


@pytest.mark.parametrize(
    "wrong", [{"fine_low": 501}, {"fine_high": -1}, {"valid_from": "2026-01-02", "valid_to": "2026-01-01"}]
)
def test_an_item_that_contradicts_itself_is_none(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        an_item(**wrong)


DAYS = st.dates(date(2010, 1, 1), date(2030, 1, 1))


@settings(deadline=None)
@given(DAYS, st.sampled_from(list(Subject)))
def test_what_is_listed_for_a_day_is_found_on_that_day(on: date, subject: Subject) -> None:
    for item in TABLE.in_force(on):
        assert TABLE.find(item.code, on) == item
        assert item.concerns(Subject.BOTH)
        assert item.concerns(subject) or {item.subject, subject} == {Subject.CITIZEN, Subject.ORGANISATION}


@settings(deadline=None)
@given(st.lists(DAYS, min_size=1, max_size=6, unique=True))
def test_the_last_list_that_names_an_item_of_a_day_wins(first_days: list[date]) -> None:
    table = ViolationTable(items=())
    for day in (*first_days, *first_days):
        table = table.with_items([an_item(valid_from=day, fine_high=500 + len(table.items))])

    assert sorted(item.valid_from for item in table.items if item.valid_from) == sorted(first_days)
    assert all(item.fine_high == 500 + len(first_days) for item in table.items)
