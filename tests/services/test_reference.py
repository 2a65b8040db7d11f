"""Tables in force on a day, and what a case keeps of the ones it was filed under."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from app.base.clock import FixedClock
from app.desk import Desk
from app.domain.case_judgement import StepInputs
from app.domain.permissions import Actor, OfficeRole
from app.domain.problems import Refused
from app.domain.reference import Category, CategoryTable, Condition
from app.domain.reference_versions import ReferenceTable
from tests.builders import TWO_HOURS, a_draft


def a_table(valid_from: date, name: str, scheme: str = "GB2013") -> CategoryTable:
    condition = Condition(no=1, filing="新条件", closing="新结案", limit=TWO_HOURS, limit_text="2紧急工作时")
    category = Category(
        kind="event", major="04", major_name="街面秩序", minor="05", minor_name=name, conditions=(condition,),
        collection_rules=("拍全景",),
    )  # fmt: skip
    return CategoryTable(scheme=scheme, label=name, valid_from=valid_from, source="测试", categories=(category,))


def test_a_newer_table_is_in_force_from_its_day_and_not_before(desk: Desk, actor: Actor, clock: FixedClock) -> None:
    desk.reference.take_over_standards(a_table(date(2026, 11, 10), "店外经营(新)"), actor=actor)

    before = desk.cases.report(a_draft(), actor=actor)
    clock.advance(timedelta(days=9))
    after = desk.cases.report(a_draft(), actor=actor)

    assert (before.minor_name, after.minor_name) == ("店外经营", "店外经营(新)")
    old, new = (desk.reference.categories_of(case.standards_version) for case in (before, after))
    assert old.find("event", "04", "05").minor_name == "店外经营"  # type: ignore[union-attr]
    assert new.find("event", "04", "05").minor_name == "店外经营(新)"  # type: ignore[union-attr]


def take_over(desk: Desk, table: ReferenceTable, content: dict[str, Any], actor: Actor) -> None:
    day = date(2026, 1, 1)
    desk.reference.take_over(
        table, scheme="GB2013", label="新", valid_from=day, source="市平台", content=content, actor=actor
    )


WRONG: list[tuple[ReferenceTable, dict[str, Any]]] = [
    (ReferenceTable.WORKDAYS, {"days": ["2026-11-03"]}),
    (ReferenceTable.WORKDAYS, {"days": {"2026-11-03": "假"}}),
    (ReferenceTable.STANDARDS, {"categories": "全部"}),
    (ReferenceTable.STAGE_LIMITS, {"accept": "15分钟"}),
    (ReferenceTable.FLOW, {"rows": [{"action": "register"}]}),
    (ReferenceTable.DIVISIONS, {"streets": []}),
]


@pytest.mark.parametrize(("table", "content"), WRONG)
def test_a_version_this_program_cannot_read_is_left_out_and_work_goes_on(
    desk: Desk, actor: Actor, table: ReferenceTable, content: dict[str, Any]
) -> None:
    known = desk.reference.context()
    take_over(desk, table, content, actor)

    assert desk.reference.context() == known
    assert desk.cases.report(a_draft(), actor=actor).minor_name == "店外经营"
    assert [choice.title for choice in desk.pickers.streets("410105001")] == ["经八路街道"]
    assert desk.reference.versions(table) == []


def test_a_version_that_names_one_stage_leaves_the_limits_of_the_others(desk: Desk, actor: Actor) -> None:
    before = desk.reference.stage_limits()
    content = {"accept": before["check_task"].model_dump(mode="json")}
    take_over(desk, ReferenceTable.STAGE_LIMITS, content, actor)

    assert desk.reference.stage_limits() == {**before, "accept": before["check_task"]}


def test_another_scheme_does_not_touch_the_offices_own(desk: Desk, actor: Actor) -> None:
    desk.reference.take_over_standards(a_table(date(2026, 1, 1), "别的", scheme="ZZ"), actor=actor)

    assert desk.reference.categories().find("event", "04", "05").minor_name == "店外经营"  # type: ignore[union-attr]
    assert desk.reference.schemes() == ["GB2013", "CJT214", "ZZ"]


def test_the_citys_own_rules_of_collection_stand_beside_its_category(desk: Desk, actor: Actor) -> None:
    desk.reference.take_over_standards(a_table(date(2026, 1, 1), "店外经营(新)"), actor=actor)
    assert desk.reference.collection_rules("event", "04", "05") == ["拍全景"]


def test_only_an_administrator_takes_over_a_table(desk: Desk, actor: Actor) -> None:
    desk.accounts.add_person("王某", "wang", [OfficeRole.ACCEPTOR], "Acceptor-2026", actor=actor)
    clerk = desk.accounts.actor(desk.accounts.person_named("wang").id)
    with pytest.raises(Refused) as refused:
        desk.reference.take_over_standards(a_table(date(2026, 1, 1), "新"), actor=clerk)
    assert refused.value.code == "account.not_administrator"


def test_a_year_taken_over_closes_the_gap_and_a_missing_year_is_named(
    desk: Desk, actor: Actor, clock: FixedClock
) -> None:
    clock.advance(timedelta(days=58, hours=8))
    long = {"kind": "component", "major": "01", "minor": "01", "condition_no": 3}
    case = desk.cases.report(a_draft(**long), actor=actor)
    assert desk.reference.today() == date(2026, 12, 30)
    desk.cases.act(case.id, "register", StepInputs(), actor=actor)
    unit = desk.directory.units()[0]
    sent = desk.cases.act(case.id, "dispatch", StepInputs(unit_id=unit.id, unit_name=unit.name), actor=actor)
    assert (sent.due_at, sent.due_gap_year) == (None, 2027)

    desk.reference.take_over_workdays({"2027-01-01": False}, label="2027", source="国务院办公厅", actor=actor)
    desk.cases.lay_out_times(actor=actor)

    laid_out = desk.cases.get(case.id)
    assert laid_out.due_gap_year is None
    assert laid_out.due_at is not None
    assert laid_out.due_at.date() == date(2027, 1, 4)


@pytest.mark.parametrize("typed", ["E-04-05", "e-04", "04-05", "0405", "e0405", "店外", "dwjy"])
def test_a_category_is_picked_by_its_code_however_it_is_written(desk: Desk, typed: str) -> None:
    assert "店外经营" in [choice.title for choice in desk.pickers.categories(typed)]


@pytest.mark.parametrize("typed", ["001", "410105001", "jbl"])
def test_a_street_is_picked_by_the_code_of_its_district_or_in_full(desk: Desk, typed: str) -> None:
    assert desk.pickers.streets(typed)[0].title == "经八路街道"
