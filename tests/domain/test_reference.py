"""Tables made of standard rows: what belongs together, and what contradicts itself."""

from __future__ import annotations

from datetime import date

import pytest

from app.domain.deadlines import Limit, LimitUnit
from app.domain.problems import Refused
from app.domain.reference import CategoryTable, Division, Divisions, StandardRow, category_table_of

DAY = Limit(value=1, unit=LimitUnit.WORKING_DAY, text="1天")


def row(minor: str, name: str, filing: str = "", limit: Limit | None = None, limit_text: str = "") -> StandardRow:
    return StandardRow(
        kind="event",
        major="04",
        major_name="街面秩序",
        minor=minor,
        minor_name=name,
        filing=filing,
        limit=limit,
        limit_text=limit_text,
    )


def table(*rows: StandardRow) -> CategoryTable:
    return category_table_of(rows, scheme="郑州", label="2026版", valid_from=date(2026, 12, 1), version_id="v1")


def test_conditions_of_one_category_are_gathered_and_numbered_wherever_they_stand() -> None:
    made = table(
        row("05", "店外经营", "跨门", DAY), row("06", "占道经营", "占道", DAY), row("05", "店外经营", "外摆", DAY)
    )

    shop = made.find("event", "04", "05")

    assert [category.minor for category in made.categories] == ["05", "06"]
    assert shop is not None
    assert [(condition.no, condition.filing) for condition in shop.conditions] == [(1, "跨门"), (2, "外摆")]
    assert made.condition_count == 3


def test_a_category_without_conditions_is_kept() -> None:
    made = table(row("01", "无照经营游商"))

    assert made.find("event", "04", "01") is not None
    assert made.condition_count == 0


def test_words_nobody_could_read_are_kept_without_a_limit() -> None:
    category = table(row("05", "店外经营", "跨门", None, "立即")).find("event", "04", "05")

    assert category is not None
    assert category.conditions[0].limit is None
    assert category.conditions[0].limit_text == "立即"


def test_one_code_with_two_names_is_refused() -> None:
    with pytest.raises(Refused) as refusal:
        table(row("05", "店外经营", "跨门", DAY), row("05", "占道经营", "占道", DAY))

    assert refusal.value.code == "reference.category_twice"
    assert refusal.value.details["code"] == "E-04-05"


def test_a_name_may_stand_in_two_majors() -> None:
    other = row("09", "店外经营").model_copy(update={"major": "01", "major_name": "市容环境"})

    made = table(row("05", "店外经营"), other)

    assert [category.code for category in made.named("店外经营")] == ["E-04-05", "E-01-09"]
    assert made.named("不存在") == ()
    assert made.find("component", "04", "05") is None


def test_a_division_is_asked_for_by_its_level() -> None:
    place = Divisions(
        districts=(Division(code="410102", name="中原区"),),
        streets=(Division(code="410102001", name="林山寨街道"),),
        communities=(Division(code="410102001002", name="碧沙岗社区居委会"),),
    )

    assert place.street("410102") is None
    assert place.district("410102") == place.districts[0]
    assert place.communities_of("410102") == place.communities_of("410102001") == place.communities
    assert place.streets_of("410199") == ()
