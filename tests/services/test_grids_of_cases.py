"""A case with a point finds its grids by itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.desk import Desk
from app.domain.directory import Worker, WorkerKind
from app.domain.grids import GridKind
from app.domain.permissions import Actor
from app.domain.problems import Refused
from app.services.place_words import place_words
from tests.builders import a_draft

STREET = "410105001"
WEST = ((((113.60, 34.70), (113.61, 34.70), (113.61, 34.71), (113.60, 34.71), (113.60, 34.70)),),)
EAST = ((((113.61, 34.70), (113.62, 34.70), (113.62, 34.71), (113.61, 34.71), (113.61, 34.70)),),)


@pytest.fixture(autouse=True)
def _two_grids(desk: Desk, actor: Actor) -> None:
    for serial, boundary in ((1, WEST), (2, EAST)):
        unit = {"kind": GridKind.UNIT, "code": f"410105001001{serial:03}", "boundary": boundary, "street_code": STREET}
        desk.grids.save(unit, actor=actor)
        duty = {"kind": GridKind.DUTY, "code": f"Z{serial}", "unit_codes": (unit["code"],)}
        desk.grids.save(duty, actor=actor)


def test_a_case_with_a_point_carries_its_grids_and_street(desk: Desk, actor: Actor) -> None:
    case = desk.cases.report(a_draft(longitude=113.605, latitude=34.705, street_code=""), actor=actor)
    assert (case.unit_grid, case.duty_grid) == ("410105001001001", "Z1")
    assert case.street_code == STREET
    assert case.street_name


def test_what_the_clerk_said_stands(desk: Desk, actor: Actor) -> None:
    said = a_draft(longitude=113.605, latitude=34.705, street_code="410105002", duty_grid="Z9")
    case = desk.cases.report(said, actor=actor)
    assert (case.street_code, case.duty_grid, case.unit_grid) == ("410105002", "Z9", "410105001001001")


def test_a_case_without_a_point_has_no_grid(desk: Desk, actor: Actor) -> None:
    case = desk.cases.report(a_draft(), actor=actor)
    assert (case.unit_grid, case.duty_grid) == ("", "")


def test_a_corrected_point_moves_the_case_to_its_new_grid(desk: Desk, actor: Actor) -> None:
    draft = a_draft(longitude=113.605, latitude=34.705)
    case = desk.cases.report(draft, actor=actor)
    moved = draft.model_copy(update={"longitude": 113.615})
    after = desk.cases.correct(case.id, moved, "", actor=actor, seen=case)
    assert (after.unit_grid, after.duty_grid) == ("410105001001002", "Z2")


def test_a_correction_of_words_keeps_the_grids(desk: Desk, actor: Actor) -> None:
    case = desk.cases.report(a_draft(unit_grid="410105001001009", duty_grid="Z9"), actor=actor)
    after = desk.cases.correct(case.id, a_draft(description="改了说明"), "", actor=actor, seen=case)
    assert (after.unit_grid, after.duty_grid) == ("410105001001009", "Z9")


def test_a_member_who_owns_grids_is_not_taken_out_of_use_in_passing(desk: Desk, actor: Actor) -> None:
    member = desk.directory.save(Worker, {"name": "网格员甲", "kind": WorkerKind.COLLECTOR}, actor=actor)
    duty = desk.grids.find(GridKind.DUTY, "Z1")
    assert duty is not None
    desk.grids.save({"member_id": member.id}, actor=actor, grid_id=duty.id)
    with pytest.raises(Refused, match=r"grid\.member_owns") as refusal:
        desk.directory.save(Worker, {"active": False}, actor=actor, record_id=member.id)
    assert refusal.value.details["grids"] == "Z1"
    successor = desk.directory.save(Worker, {"name": "网格员乙", "kind": WorkerKind.COLLECTOR}, actor=actor)
    desk.members.retire(member.id, successor_id=successor.id, actor=actor)
    assert desk.grids.owner_of("Z1") == successor


def test_what_is_odd_about_a_point_is_said_in_words(desk: Desk, actor: Actor) -> None:
    own = {"kind": GridKind.DISTRICT, "code": "410105", "name": "金水区", "boundary": WEST}
    desk.grids.save(own, actor=actor)
    border = place_words(desk.grids.at(113.61, 34.705))
    assert "在边界上" in border
    assert "410105001001001" in border
    assert "410105001001002" in border
    assert "不在本区县范围内" in place_words(desk.grids.at(113.615, 34.705))
    inside = place_words(desk.grids.at(113.605, 34.705), "网格员甲")
    assert inside.startswith("金水区")
    assert "责任网格 Z1(网格员甲)" in inside
    assert "▲" not in inside


def test_cases_from_a_sheet_carry_the_grids_of_their_points(desk: Desk, actor: Actor, tmp_path: Path) -> None:
    sheet = tmp_path / "cases.csv"
    rows = "案件编号,上报时间,问题描述,经度,纬度\nA1,2026-10-30 09:00,井盖破损,113.605,34.705\nA2,2026-10-30 09:00,井盖破损,,\n"
    sheet.write_text(rows, encoding="utf-8")
    desk.imports.run(sheet, actor=actor)
    first, second = (desk.cases.get(desk.cases.find_number(number)) for number in ("A1", "A2"))
    assert (first.unit_grid, first.duty_grid, first.street_code) == ("410105001001001", "Z1", STREET)
    assert (second.unit_grid, second.street_code) == ("", "")
