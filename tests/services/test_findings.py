"""What an office does with findings, on a real store."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from uuid import UUID

import pytest

from app.base.clock import FixedClock
from app.desk import Desk
from app.domain.case_judgement import StepInputs
from app.domain.cases import Case, CaseDraft, CaseKind, PhotoPhase
from app.domain.finding_rules import case_draft, on_the_ground
from app.domain.finding_views import FindingView
from app.domain.findings import Finding, FindingDraft, FindingState
from app.domain.patrols import PatrolRound, RoundState
from app.domain.permissions import Actor, OfficeRole
from app.domain.problems import Refused
from app.domain.stages import Stage
from app.services.photos import TakenPhoto
from tests.builders import a_picture
from tests.rounds import LAT, LON, a_round


def a_finding_draft(**what_matters: object) -> FindingDraft:
    fields: dict[str, object] = {
        "kind": CaseKind.EVENT,
        "major": "04",
        "minor": "05",
        "street_code": "410105001",
        "road": "纬一路",
        "house_no": "12",
        "member_name": "采集员甲",
        "description": "店外经营,占用人行道",
    }
    return FindingDraft.model_validate({**fields, **what_matters})


def refused(act: Callable[[], object]) -> str:
    """The code a deed is refused with."""
    with pytest.raises(Refused) as caught:
        act()
    return caught.value.code


def a_photo(desk: Desk, mark: str) -> TakenPhoto:
    return desk.photos.take_in(a_picture(mark), f"{mark}.jpg")


def test_a_finding_of_a_check_point_needs_nothing_typed_but_what_is_wrong(desk: Desk, actor: Actor) -> None:
    walk = a_round(desk, actor)

    finding = desk.findings.report(
        FindingDraft(round_id=walk.id, point_no=1, item_code="a1", description="出店摆放"), actor=actor
    )

    assert (finding.road, finding.house_no, finding.near) == ("纬一路", "12", "经八路口")
    assert (finding.longitude, finding.latitude) == (LON, LAT)
    assert (finding.minor_name, finding.member_name) == ("店外经营", walk.member_name)
    assert finding.street_code == walk.street_code
    assert finding.state is FindingState.OPEN
    assert finding.number.startswith("WT-JS-")
    assert [one.id for one in desk.findings.of_round(walk.id)] == [finding.id]


def test_what_was_typed_is_never_written_over_by_what_the_round_knows(desk: Desk, actor: Actor) -> None:
    walk = a_round(desk, actor)
    typed = a_finding_draft(
        round_id=walk.id, point_no=1, item_code="a1", minor="06", road="经八路", longitude=113.7, latitude=34.8
    )

    finding = desk.findings.report(typed, actor=actor)

    assert (finding.minor, finding.road, finding.longitude, finding.latitude) == ("06", "经八路", 113.7, 34.8)


def test_numbers_of_findings_count_up_by_themselves(desk: Desk, actor: Actor) -> None:
    numbers = [desk.findings.report(a_finding_draft(), actor=actor).number for _again in range(3)]

    assert [number[-4:] for number in numbers] == ["0001", "0002", "0003"]


def test_a_finding_that_says_nothing_or_lies_nowhere_is_refused(desk: Desk, actor: Actor, clock: FixedClock) -> None:
    assert refused(lambda: desk.findings.report(FindingDraft(road="纬一路"), actor=actor)) == "finding.nothing_said"
    assert (
        refused(lambda: desk.findings.report(FindingDraft(description="井盖丢失"), actor=actor))
        == "finding.place_missing"
    )
    later = a_finding_draft(found_at=clock.now() + timedelta(hours=1))
    assert refused(lambda: desk.findings.report(later, actor=actor)) == "finding.found_later"
    half = a_finding_draft(longitude=113.6)
    assert refused(lambda: desk.findings.report(half, actor=actor)) == "case.point_incomplete"


def test_a_case_made_of_a_finding_has_everything_and_both_name_each_other(desk: Desk, actor: Actor) -> None:
    walk = a_round(desk, actor)
    photos = {PhotoPhase.BEFORE: [a_photo(desk, "10")]}
    finding = desk.findings.report(
        FindingDraft(round_id=walk.id, point_no=1, item_code="a1", description="出店摆放"),
        actor=actor,
        photos=photos,
    )

    case = desk.findings.to_case(finding.id, actor=actor)
    after = desk.findings.get(finding.id)

    assert case.stage == Stage.PENDING_REGISTER
    assert (case.source, case.source_no, case.collector_name) == ("collector", finding.number, walk.member_name)
    assert (case.minor_name, case.address, case.description) == ("店外经营", finding.address, "出店摆放")
    assert (case.longitude, case.latitude, case.reported_at) == (LON, LAT, finding.found_at)
    assert (after.state, after.case_id, after.case_no) == (FindingState.CASE, case.id, case.local_no)
    assert [one.id for one in desk.findings.of_case(case.id)] == [finding.id]


def test_the_photos_of_a_finding_go_along_and_no_file_is_kept_twice(desk: Desk, actor: Actor) -> None:
    finding = desk.findings.report(
        a_finding_draft(), actor=actor, photos={PhotoPhase.BEFORE: [a_photo(desk, "10"), a_photo(desk, "20")]}
    )
    files = sorted(path for path in desk.paths.files.rglob("*") if path.is_file())

    case = desk.findings.to_case(finding.id, actor=actor)

    assert {p.sha256 for p in desk.photos.of(case.id)} == {p.sha256 for p in desk.photos.of(finding.id)}
    assert sorted(path for path in desk.paths.files.rglob("*") if path.is_file()) == files


def test_a_finding_becomes_one_case_however_often_the_key_is_pressed(desk: Desk, actor: Actor) -> None:
    finding = desk.findings.report(a_finding_draft(), actor=actor)
    case = desk.findings.to_case(finding.id, actor=actor)

    with pytest.raises(Refused, match=r"finding\.settled_before") as refusal:
        desk.findings.to_case(finding.id, actor=actor)

    assert refusal.value.details["case"] == case.local_no
    assert desk.case_lists.totals() == {"pending_register": 1}


def test_a_case_there_is_already_is_hinted_and_taken_instead(desk: Desk, actor: Actor) -> None:
    first = desk.findings.report(a_finding_draft(longitude=LON, latitude=LAT), actor=actor)
    case = desk.findings.to_case(first.id, actor=actor)
    again = desk.findings.report(
        a_finding_draft(longitude=LON + 0.0002, latitude=LAT, road="", house_no=""), actor=actor
    )

    hints = desk.findings.duplicates(again)
    linked = desk.findings.link_case(again.id, case.id, actor=actor)

    assert [hint.local_no for hint in hints] == [case.local_no]
    assert (linked.state, linked.case_no) == (FindingState.CASE, case.local_no)
    assert desk.case_lists.totals() == {"pending_register": 1}
    assert len(desk.findings.of_case(case.id)) == 2


def test_settling_on_the_spot_needs_a_photo_from_before_and_one_from_after(desk: Desk, actor: Actor) -> None:
    finding = desk.findings.report(a_finding_draft(), actor=actor, photos={PhotoPhase.BEFORE: [a_photo(desk, "10")]})

    assert refused(lambda: desk.findings.settle(finding.id, "已劝离", actor=actor)) == "finding.photos_missing"
    after = {PhotoPhase.AFTER: [a_photo(desk, "20")]}
    settled = desk.findings.settle(finding.id, "已劝离", actor=actor, photos=after)

    assert (settled.state, settled.outcome_note) == (FindingState.SETTLED, "已劝离")
    assert {photo.phase for photo in desk.photos.of(finding.id)} == {PhotoPhase.BEFORE, PhotoPhase.AFTER}


def test_a_refused_settling_keeps_no_photo_half_attached(desk: Desk, actor: Actor) -> None:
    finding = desk.findings.report(a_finding_draft(), actor=actor)
    after = {PhotoPhase.AFTER: [a_photo(desk, "20")]}

    assert refused(lambda: desk.findings.settle(finding.id, "", actor=actor, photos=after)) == "finding.photos_missing"

    assert desk.photos.of(finding.id) == []


def test_a_watched_finding_comes_back_on_its_day(desk: Desk, actor: Actor, clock: FixedClock) -> None:
    finding = desk.findings.report(a_finding_draft(), actor=actor)
    desk.findings.watch(finding.id, date(2026, 11, 5), "看是否再犯", actor=actor)
    due = desk.findings.view(FindingView.WATCH_DUE)

    before = desk.findings.count(due).count
    clock.advance(timedelta(days=3))
    on_the_day = desk.findings.lines(desk.findings.ids(desk.findings.view(FindingView.WATCH_DUE)))

    assert before == 0
    assert [line.number for line in on_the_day] == [finding.number]


@pytest.mark.parametrize("until", [date(2026, 11, 2), date(2026, 10, 1), date(2028, 1, 1)], ids=str)
def test_a_watch_ends_after_today_and_within_a_year(desk: Desk, actor: Actor, until: date) -> None:
    finding = desk.findings.report(a_finding_draft(), actor=actor)

    assert refused(lambda: desk.findings.watch(finding.id, until, actor=actor)) == "finding.watch_until_wrong"


def test_dropping_needs_a_reason(desk: Desk, actor: Actor) -> None:
    finding = desk.findings.report(a_finding_draft(), actor=actor)

    assert refused(lambda: desk.findings.drop(finding.id, "  ", actor=actor)) == "finding.reason_missing"
    dropped = desk.findings.drop(finding.id, "已有许可", actor=actor)

    assert (dropped.state, dropped.outcome_note) == (FindingState.DROPPED, "已有许可")


def test_every_decision_can_be_taken_back(desk: Desk, actor: Actor) -> None:
    finding = desk.findings.report(a_finding_draft(), actor=actor)
    desk.findings.watch(finding.id, date(2026, 11, 9), actor=actor)
    desk.findings.take_back(finding.id, actor=actor)
    desk.findings.drop(finding.id, "已有许可", actor=actor)

    again = desk.findings.take_back(finding.id, actor=actor)

    assert (again.state, again.watch_until, again.outcome_note) == (FindingState.OPEN, None, "")


def test_taking_back_a_case_voids_it_and_it_can_be_made_anew(desk: Desk, actor: Actor) -> None:
    finding = desk.findings.report(a_finding_draft(), actor=actor)
    first = desk.findings.to_case(finding.id, actor=actor)
    desk.findings.take_back(finding.id, actor=actor)

    second = desk.findings.to_case(finding.id, actor=actor)

    assert desk.cases.get(first.id).stage == Stage.VOID
    assert (second.stage, second.source_no) == (Stage.PENDING_REGISTER, f"{finding.number}-2")
    assert desk.findings.get(finding.id).case_id == second.id


def test_a_case_somebody_went_on_with_is_not_taken_back(desk: Desk, actor: Actor) -> None:
    finding = desk.findings.report(a_finding_draft(), actor=actor)
    case = desk.findings.to_case(finding.id, actor=actor)
    desk.cases.act(case.id, "send_verify", StepInputs(), actor=actor)

    assert refused(lambda: desk.findings.take_back(finding.id, actor=actor)) == "finding.case_went_on"

    assert not desk.findings.detail(finding.id).can_undo
    assert desk.findings.get(finding.id).state is FindingState.CASE


def test_of_two_cases_made_of_one_finding_the_one_the_finding_names_stands(desk: Desk, actor: Actor) -> None:
    finding = desk.findings.report(a_finding_draft(), actor=actor)
    mine = desk.findings.to_case(finding.id, actor=actor)
    theirs = desk.cases.report(mine_elsewhere(mine), actor=actor)
    name_in_finding(desk, actor, finding.id, theirs)

    joined = desk.findings.join_doubles(actor=actor)

    assert [(case.id, case.linked_case_id) for case in joined] == [(mine.id, theirs.id)]
    assert desk.cases.get(mine.id).is_open
    assert desk.findings.join_doubles(actor=actor) == []


def mine_elsewhere(case: Case) -> CaseDraft:
    """The draft another PC made its case from."""
    return case_draft(a_finding_draft(description=case.description))


def name_in_finding(desk: Desk, actor: Actor, finding_id: UUID, case: Case) -> None:
    """As the city's row came down: the finding names the case it heard of first."""
    with desk.store.write(actor, "sync.pull") as tx:
        tx.change(tx.need(Finding, finding_id).changed(tx.now, case_id=case.id, case_no=case.local_no))


def test_a_finding_after_its_round_was_finished_counts_in_the_round(desk: Desk, actor: Actor) -> None:
    walk = a_round(desk, actor, state=RoundState.DONE)

    desk.findings.report(a_finding_draft(round_id=walk.id, point_no=2), actor=actor)

    with desk.store.read() as reader:
        assert reader.need(PatrolRound, walk.id).finding_count == 1


def test_an_auditor_decides_about_no_finding(desk: Desk, actor: Actor) -> None:
    finding = desk.findings.report(a_finding_draft(), actor=actor)
    auditor = Actor(actor.person_id, actor.name, frozenset({OfficeRole.AUDITOR}), actor.device_id)

    assert refused(lambda: desk.findings.report(a_finding_draft(), actor=auditor)) == "account.role_needed"
    assert refused(lambda: desk.findings.to_case(finding.id, actor=auditor)) == "account.role_needed"


def test_the_saved_views_hold_what_their_names_say(desk: Desk, actor: Actor) -> None:
    waiting = desk.findings.report(a_finding_draft(), actor=actor)
    becomes_case = desk.findings.report(a_finding_draft(minor="06"), actor=actor)
    desk.findings.to_case(becomes_case.id, actor=actor)
    said = {
        view: [line.number for line in desk.findings.lines(desk.findings.ids(desk.findings.view(view)))]
        for view in FindingView
    }

    assert said[FindingView.WAITING] == [waiting.number]
    assert said[FindingView.CASE] == [becomes_case.number]
    assert said[FindingView.ALL] == [becomes_case.number, waiting.number]
    assert said[FindingView.SETTLED] == said[FindingView.DROPPED] == said[FindingView.WATCHED] == []
    assert desk.findings.counts([FindingView.ALL])[FindingView.ALL].count == 2


def test_the_nets_say_the_grids_of_a_point_but_never_its_road() -> None:
    codes = {"unit_grid": "410105001001001", "duty_grid": "Z-01", "road": "经八路", "street_code": "410105001"}

    placed = on_the_ground(FindingDraft(longitude=LON, latitude=LAT, duty_grid="Z-09"), codes)

    assert (placed.unit_grid, placed.duty_grid, placed.street_code) == ("410105001001001", "Z-09", "410105001")
    assert placed.road == ""


def test_a_refused_case_keeps_neither_the_finding_nor_loses_the_draft(desk: Desk, actor: Actor) -> None:
    draft_id = desk.drafts.save("finding_entry", {"fields": {"description": "出店"}}, actor=actor)
    # A facility is place enough for a finding, not for a case.
    placed = FindingDraft(facility_id=UUID(int=7), description="井盖松动")

    assert (
        refused(lambda: desk.findings.report(placed, actor=actor, draft_id=draft_id, to_case=True))
        == "case.place_missing"
    )

    assert desk.findings.counts([FindingView.ALL])[FindingView.ALL].count == 0
    assert desk.case_lists.totals() == {}
    assert [one.id for one in desk.drafts.all("finding_entry", actor=actor)] == [draft_id]
    assert desk.findings.report(placed, actor=actor, draft_id=draft_id).state is FindingState.OPEN
    assert desk.drafts.all("finding_entry", actor=actor) == []


def test_saved_and_made_a_case_at_once_both_name_each_other_and_share_the_photos(desk: Desk, actor: Actor) -> None:
    photos = {PhotoPhase.BEFORE: [a_photo(desk, "before")]}

    finding = desk.findings.report(a_finding_draft(), actor=actor, photos=photos, to_case=True)

    assert finding == desk.findings.get(finding.id)
    assert finding.case_id is not None
    assert desk.cases.get(finding.case_id).source_no == finding.number
    assert [photo.phase for photo in desk.photos.of(finding.case_id)] == [PhotoPhase.BEFORE]
