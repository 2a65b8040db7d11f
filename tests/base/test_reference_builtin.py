"""The shipped tables: whole, consistent with each other, and readable as what the rules expect."""

from __future__ import annotations

import csv
from datetime import date

import pytest

from app.base import reference_builtin as builtin
from app.base.resources import resource_path, resource_rows
from app.domain.cases import CaseKind
from app.domain.deadlines import Limit, LimitUnit
from app.domain.limit_words import parse_limit
from app.domain.problems import Refused
from app.domain.reference import CategoryTable, Divisions
from app.domain.stages import CLOCK_TITLES

TABLES = sorted(path.name for path in resource_path("tables").glob("*.csv"))


@pytest.mark.parametrize(("scheme", "minors", "conditions"), [("GB2013", 211, 518), ("CJT214", 139, 5)])
def test_the_built_in_standards_are_whole(scheme: str, minors: int, conditions: int) -> None:
    table = builtin.category_table(scheme)

    assert (len(table.categories), table.condition_count) == (minors, conditions)
    assert table.version_id == f"builtin:{scheme}:2026-11"
    assert {category.kind for category in table.categories} == {kind.value for kind in CaseKind}


def test_every_limit_row_belongs_to_a_category_of_that_name() -> None:
    for scheme in builtin.SCHEMES:
        table = builtin.category_table(scheme)
        for row in resource_rows("tables", f"time_limits_{scheme.lower()}.csv"):
            category = table.find(row["kind"], row["major_code"], row["minor_code"])
            assert category is not None
            assert category.minor_name == row["minor_name_zh"]
            assert category.condition(int(row["condition_no"])) is not None


def test_every_built_in_limit_reads_back_from_its_own_words() -> None:
    for category in builtin.category_table("GB2013").categories:
        for condition in category.conditions:
            back = parse_limit(condition.limit_text)
            assert isinstance(back, Limit)
            assert condition.limit is not None
            assert (back.value, back.unit) == (condition.limit.value, condition.limit.unit)


def test_the_two_numberings_give_one_code_to_different_things() -> None:
    newer, older = builtin.category_table("GB2013"), builtin.category_table("CJT214")

    shop = newer.find("event", "04", "05")
    assert shop is not None
    assert shop.minor_name == "店外经营"
    assert shop.conditions[0].limit == Limit(value=2, unit=LimitUnit.HOUR, text="2紧急工作时")
    other = older.find("event", "04", "05")
    assert other is not None
    assert other.minor_name == "热力管道破裂"


def test_a_scheme_nobody_imported_is_refused_in_words() -> None:
    with pytest.raises(Refused) as refusal:
        builtin.category_table("郑州")
    assert refusal.value.code == "reference.scheme_missing"


def test_tables_survive_being_stored_as_json() -> None:
    table = builtin.category_table("GB2013")
    assert CategoryTable.model_validate_json(table.model_dump_json()) == table
    divisions = builtin.divisions()
    assert Divisions.model_validate_json(divisions.model_dump_json()) == divisions


def test_every_stage_clock_but_handling_has_its_limit() -> None:
    limits = builtin.stage_limits()

    assert set(limits) == set(CLOCK_TITLES) - {"handle"}
    assert limits["verify_task"] == Limit(value=30, unit=LimitUnit.MINUTE, text="30分钟")


def test_divisions_hang_together() -> None:
    divisions = builtin.divisions()
    codes = [place.code for place in (*divisions.districts, *divisions.streets, *divisions.communities)]

    assert (len(divisions.districts), len(divisions.streets), len(divisions.communities)) == (15, 208, 3306)
    assert len(codes) == len(set(codes))
    assert all(divisions.district(street.code[:6]) for street in divisions.streets)
    assert all(divisions.street(community.code[:9]) for community in divisions.communities)
    assert sum(len(divisions.streets_of(district.code)) for district in divisions.districts) == 208
    assert len(divisions.communities_of("410102")) == sum(
        len(divisions.communities_of(street.code)) for street in divisions.streets_of("410102")
    )


DAYS_OFF = {2018: (25, 7), 2019: (22, 6), 2020: (30, 7), 2021: (31, 7), 2022: (32, 7), 2023: (26, 7)}
DAYS_OFF |= {2024: (28, 8), 2025: (28, 5), 2026: (33, 6)}


@pytest.mark.parametrize("year", DAYS_OFF)
def test_each_year_has_its_holidays_and_make_up_days(year: int) -> None:
    said = [worked for day, worked in builtin.workday_table().days.items() if day.startswith(str(year))]
    assert (said.count(False), said.count(True)) == DAYS_OFF[year]


def test_the_calendar_ends_with_2026_and_knows_its_days() -> None:
    calendar = builtin.workday_table().calendar()

    assert calendar.last_day == date(2026, 12, 31)
    assert not calendar.is_workday(date(2026, 10, 1))
    assert calendar.is_workday(date(2026, 10, 10))
    assert not calendar.is_workday(date(2020, 2, 1))
    assert calendar.is_workday(date(2018, 12, 29))


def test_rules_and_weights_speak_of_categories_that_exist() -> None:
    table = builtin.category_table("GB2013")
    for row in resource_rows("tables", "collection_rules.csv"):
        assert table.find(row["kind"], row["major"], row["minor"]), row
    for minor in builtin.frequent_minors():
        category = table.find(minor.kind, minor.major, minor.minor)
        assert category is not None
        assert category.conditions
    assert builtin.frequent_minors()[0].weight == 613


def test_the_form_can_say_what_is_not_a_case() -> None:
    assert any("不采集" in rule for rule in builtin.collection_rules("component", "04", "02"))
    assert builtin.collection_rules("event", "06", "02") == []


def test_codes_of_other_systems_are_found_also_where_several_share_a_line() -> None:
    properties = builtin.code_lists()["act_property_egova"]

    assert properties.find("3") == properties.find("4")
    assert properties.named("作废") == properties.find("102")
    assert properties.find("") is None
    assert builtin.code_lists()["component_state"].find("") is None


def test_a_case_can_come_from_collector_hotline_and_citizens() -> None:
    assert {"collector", "hotline_12319", "hotline_12345", "snap", "ai_video"} <= set(builtin.case_sources())


def test_names_of_the_built_in_tables_are_found_by_pinyin() -> None:
    pinyin = builtin.initials()

    assert pinyin.variants("重庆")[:2] == ["zq", "cq"]
    assert pinyin.matches("非机动车乱停放", "fjdc")
    assert pinyin.matches("𰻝𰻝面", "mian")
    for category in builtin.category_table("GB2013").categories:
        assert pinyin.variants(category.minor_name), category.minor_name


@pytest.mark.parametrize("name", TABLES)
def test_a_table_is_even_utf_8_and_named_in_the_sources(name: str) -> None:
    text = resource_path("tables", name).read_bytes().decode("utf-8")
    rows = list(csv.reader(text.splitlines()))

    assert "\r" not in text
    assert len({len(row) for row in rows}) == 1
    assert f"`{name}`" in resource_path("SOURCES.md").read_text(encoding="utf-8")
