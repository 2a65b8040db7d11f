"""Putting a finding right: only what was changed, nobody's work overwritten, a case never touched."""

from __future__ import annotations

import pytest

from app.desk import Desk
from app.domain.cases import CaseKind
from app.domain.finding_corrections import as_draft
from app.domain.findings import Finding, FindingDraft, FindingState
from app.domain.grids import GridKind
from app.domain.permissions import Actor, OfficeRole
from app.domain.problems import Conflict, Refused

WEST = ((113.60, 34.70), (113.65, 34.70), (113.65, 34.80), (113.60, 34.80), (113.60, 34.70))
EAST = ((113.65, 34.70), (113.70, 34.70), (113.70, 34.80), (113.65, 34.80), (113.65, 34.70))
WEST_CODE, EAST_CODE = "410105001001001", "410105001001002"


def a_finding(desk: Desk, actor: Actor, **what_matters: object) -> Finding:
    fields: dict[str, object] = {"kind": CaseKind.EVENT, "major": "04", "minor": "05", "street_code": "410105001"}
    fields |= {"road": "纬一路", "house_no": "12", "description": "出店摆放"}
    return desk.findings.report(FindingDraft.model_validate({**fields, **what_matters}), actor=actor)


def with_words(finding: Finding, **changes: object) -> FindingDraft:
    return as_draft(finding).model_copy(update=changes)


def test_only_what_was_changed_is_saved_and_the_place_is_said_anew(desk: Desk, actor: Actor) -> None:
    seen = a_finding(desk, actor)
    desk.findings.correct(seen.id, with_words(seen, description="占道经营"), actor=actor)

    again = desk.findings.correct(seen.id, with_words(seen, road="经八路"), actor=actor, seen=seen)

    assert (again.description, again.road, again.number) == ("占道经营", "经八路", seen.number)
    assert "经八路" in again.address
    assert "纬一路" not in again.address
    assert again == desk.findings.get(seen.id)


def test_what_somebody_else_changed_since_is_a_conflict_and_stays(desk: Desk, actor: Actor) -> None:
    seen = a_finding(desk, actor)
    desk.findings.correct(seen.id, with_words(seen, description="占道经营"), actor=actor)

    with pytest.raises(Conflict) as caught:
        desk.findings.correct(seen.id, with_words(seen, description="乱摆摊"), actor=actor, seen=seen)

    assert caught.value.code == "finding.changed_meanwhile"
    assert desk.findings.get(seen.id).description == "占道经营"


def test_a_moved_point_finds_its_grids_anew_and_no_point_has_none(desk: Desk, actor: Actor) -> None:
    for code, ring in ((WEST_CODE, WEST), (EAST_CODE, EAST)):
        desk.grids.save({"kind": GridKind.UNIT, "code": code, "boundary": ((ring,),)}, actor=actor)
    seen = a_finding(desk, actor, longitude=113.62, latitude=34.75)
    assert seen.unit_grid == WEST_CODE

    moved = desk.findings.correct(seen.id, with_words(seen, longitude=113.68), actor=actor, seen=seen)
    nowhere = desk.findings.correct(seen.id, with_words(moved, longitude=None, latitude=None), actor=actor, seen=moved)

    assert moved.unit_grid == EAST_CODE
    assert nowhere.unit_grid == ""


def test_of_a_finding_that_is_a_case_only_the_words_are_put_right(desk: Desk, actor: Actor) -> None:
    finding = a_finding(desk, actor)
    case = desk.findings.to_case(finding.id, actor=actor)
    seen = desk.findings.get(finding.id)

    with pytest.raises(Refused) as caught:
        desk.findings.correct(seen.id, with_words(seen, minor="06", description="占道"), actor=actor, seen=seen)
    corrected = desk.findings.correct(seen.id, with_words(seen, description="占道"), actor=actor, seen=seen)

    assert caught.value.code == "finding.case_fixed"
    assert (corrected.description, corrected.minor, corrected.state) == ("占道", "05", FindingState.CASE)
    assert corrected.case_id == case.id
    assert desk.cases.get(case.id) == case


def test_a_dropped_finding_and_one_that_would_say_nothing_are_refused(desk: Desk, actor: Actor) -> None:
    seen = a_finding(desk, actor)
    nothing = with_words(seen, kind=None, major="", minor="", description="")
    with pytest.raises(Refused) as empty:
        desk.findings.correct(seen.id, nothing, actor=actor, seen=seen)
    assert empty.value.code == "finding.nothing_said"
    desk.findings.drop(seen.id, "看错了", actor=actor)

    with pytest.raises(Refused) as caught:
        desk.findings.correct(seen.id, with_words(seen, description="占道"), actor=actor)

    assert caught.value.code == "finding.settled_before"


def test_another_category_brings_its_name(desk: Desk, actor: Actor) -> None:
    seen = a_finding(desk, actor)

    corrected = desk.findings.correct(seen.id, with_words(seen, minor="06"), actor=actor, seen=seen)

    assert corrected.minor == "06"
    assert corrected.minor_name not in ("", seen.minor_name)


def test_an_auditor_corrects_nothing(desk: Desk, actor: Actor) -> None:
    seen = a_finding(desk, actor)
    auditor = Actor(actor.person_id, actor.name, frozenset({OfficeRole.AUDITOR}), actor.device_id)

    with pytest.raises(Refused):
        desk.findings.correct(seen.id, with_words(seen, description="占道"), actor=auditor)
