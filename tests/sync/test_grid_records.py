"""Two desks without a line and one city: what each did on rounds, findings, facilities and days comes together."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.base.clock import FixedClock
from app.domain.checklists import ChecklistItem, Programme
from app.domain.decisions import Verdict
from app.domain.findings import FindingDraft
from app.domain.grids import GridKind
from app.domain.patrol_views import EnteredPoint, RoundFilter
from app.domain.patrols import CheckGrade, RoundState
from app.services.patrols import RoundDraft
from app.sync import giving_way
from tests.sync.grid_desks import GOOD, TODAY, WEEK, a_plan, met, the_rounds
from tests.sync.offices import Office

# Rounds --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("planned_apart", [False, True], ids=["planned by one", "planned by both"])
@pytest.mark.parametrize("missed_first", [True, False], ids=["the miss arrives first", "the walk arrives first"])
def test_a_round_that_was_walked_stands_over_the_day_the_program_gave_it_up(
    two: tuple[Office, Office], clock: FixedClock, missed_first: bool, planned_apart: bool
) -> None:
    walker, other = two
    a_plan(walker)
    met(walker, other)
    walker.desk.patrol_plans.plan_week(WEEK, actor=walker.actor)
    if planned_apart:
        other.desk.patrol_plans.plan_week(WEEK, actor=other.actor)
    else:
        met(walker, other)
    round_id = the_rounds(walker)[0]
    walker.desk.patrols.enter(round_id, GOOD, actor=walker.actor)
    for _day in range(20):
        clock.advance(timedelta(days=1))
    for office in two:
        assert office.desk.patrols.mark_missed(actor=office.desk.accounts.system()) >= 4

    met(*((other, walker) if missed_first else (walker, other)))

    for office in two:
        assert office.desk.patrols.get(round_id).state is RoundState.DONE
        assert [one.grade for one in office.desk.patrols.results(round_id)] == [CheckGrade.GOOD] * 2
        states = [line.state for line in office.desk.patrols.first_page(RoundFilter())]
        assert sorted(states) == [RoundState.DONE, *[RoundState.MISSED] * 4]


def test_a_week_planned_and_walked_alike_at_two_times_is_the_same_to_the_minute_on_both_desks(
    two: tuple[Office, Office], clock: FixedClock
) -> None:
    one, other = two
    a_plan(one)
    met(one, other)
    for office in two:
        office.desk.patrol_plans.plan_week(WEEK, actor=office.actor)
        clock.advance(timedelta(minutes=7))
    for office in two:
        office.desk.patrols.enter(the_rounds(office)[0], GOOD, actor=office.actor)
        clock.advance(timedelta(minutes=7))

    met(one, other)

    assert len(the_rounds(one)) == 5


def test_a_week_made_from_a_plan_and_from_its_newer_form_is_the_one_the_city_heard_of_first(
    two: tuple[Office, Office],
) -> None:
    one, other = two
    member = one.desk.members.save({"name": "采集员乙"}, actor=one.actor)
    plan = a_plan(one)
    met(one, other)
    one.desk.patrol_plans.plan_week(WEEK, actor=one.actor)
    other.desk.patrol_plans.save({"member_id": member.id}, actor=other.actor, plan_id=plan.id)
    other.desk.patrol_plans.plan_week(WEEK, actor=other.actor)

    met(one, other)

    assert len(the_rounds(one)) == 5
    assert {other.desk.patrols.get(round_id).member_id for round_id in the_rounds(other)} == {None}
    assert one.desk.patrol_plans.get(plan.id).member_id == member.id


def test_more_rounds_planned_twice_than_are_settled_at_once_are_settled_in_one_run(
    two: tuple[Office, Office], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(giving_way, "AT_ONCE", 2)
    one, other = two
    plan = a_plan(one)
    met(one, other)
    one.desk.patrol_plans.plan_week(WEEK, actor=one.actor)
    other.desk.patrol_plans.save({"street_code": "410105002"}, actor=other.actor, plan_id=plan.id)
    other.desk.patrol_plans.plan_week(WEEK, actor=other.actor)

    met(one, other)


def test_what_a_person_has_to_decide_does_not_keep_the_rest_waiting(
    two: tuple[Office, Office], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(giving_way, "AT_ONCE", 2)
    one, other = two
    plan = a_plan(one)
    met(one, other)
    members = [one.desk.members.save({"name": name}, actor=one.actor) for name in ("采集员乙", "采集员丙")]
    by_hand = one.desk.patrols.open(RoundDraft(day=WEEK), actor=one.actor)
    met(one, other)
    for office, member in zip((one, other), members, strict=True):
        office.desk.patrols.assign(by_hand.id, member.id, actor=office.actor)
    one.desk.patrol_plans.plan_week(WEEK, actor=one.actor)
    other.desk.patrol_plans.save({"street_code": "410105002"}, actor=other.actor, plan_id=plan.id)
    other.desk.patrol_plans.plan_week(WEEK, actor=other.actor)
    one.sync()

    assert other.sync().conflicts == 1


def test_a_point_seen_differently_on_two_desks_is_decided_by_a_person(two: tuple[Office, Office]) -> None:
    one, other = two
    a_plan(one)
    one.desk.patrol_plans.plan_week(WEEK, actor=one.actor)
    met(one, other)
    round_id = the_rounds(one)[0]
    one.desk.patrols.enter(round_id, GOOD, actor=one.actor)
    other.desk.patrols.enter(round_id, [GOOD[0], EnteredPoint(2, CheckGrade.BAD)], actor=other.actor)
    one.sync()
    assert other.sync().conflicts == 1

    [line] = other.desk.sync.troubles()
    shown = other.desk.sync.trouble(line.record_id)
    assert shown is not None
    assert [clash.name for clash in shown.clashes] == ["grade"]
    assert line.title == "检查结果 检查点2"
    other.desk.sync.decide(line.record_id, Verdict.MINE, {}, "看过照片", actor=other.actor)

    met(other, one)
    assert [result.grade for result in one.desk.patrols.results(round_id)] == [CheckGrade.GOOD, CheckGrade.BAD]


@pytest.mark.parametrize("more", [1, 2], ids=["one each", "one here, two there"])
def test_findings_two_desks_add_to_one_finished_round_are_all_counted(two: tuple[Office, Office], more: int) -> None:
    one, other = two
    a_plan(one)
    one.desk.patrol_plans.plan_week(WEEK, actor=one.actor)
    round_id = the_rounds(one)[0]
    one.desk.patrols.enter(round_id, GOOD, actor=one.actor)
    met(one, other)
    for office in (one, *[other] * more):
        draft = FindingDraft(round_id=round_id, road="纬一路", house_no="12", description="出店摆放")
        office.desk.findings.report(draft, actor=office.actor)

    met(one, other)
    assert [office.desk.findings.count_again(actor=office.desk.accounts.system()) for office in two] == [1, 1]
    met(one, other)

    for office in two:
        assert len(office.desk.findings.of_round(round_id)) == 1 + more
        assert office.desk.patrols.get(round_id).finding_count == 1 + more
        assert office.desk.findings.count_again(actor=office.desk.accounts.system()) == 0


# Plans, grids, checklists --------------------------------------------------------------------------------------------


def test_a_grid_taken_out_of_use_while_another_desk_plans_on_it_leaves_the_rounds_their_code(
    two: tuple[Office, Office],
) -> None:
    one, other = two
    grid = one.desk.grids.save({"kind": GridKind.DUTY, "code": "Z-01", "name": "一号"}, actor=one.actor)
    met(one, other)
    one.desk.grids.retire(grid.id, actor=one.actor)
    a_plan(other, grid_id=grid.id)
    other.desk.patrol_plans.plan_week(WEEK, actor=other.actor)

    met(one, other)

    assert not one.desk.grids.get(grid.id).active
    assert not other.desk.grids.get(grid.id).active
    for office in two:
        assert {office.desk.patrols.get(round_id).grid_code for round_id in the_rounds(office)} == {"Z-01"}
        assert office.desk.grids.find(GridKind.DUTY, "Z-01") is None


def test_a_checklist_edited_on_two_desks_is_there_twice_and_rounds_keep_theirs(
    two: tuple[Office, Office], clock: FixedClock
) -> None:
    one, other = two
    items = [ChecklistItem(code="a1", title="店外经营")]
    first = one.desk.checklists.save("序化", Programme.ORDER, items, actor=one.actor)
    walk = one.desk.patrols.open(RoundDraft(day=TODAY, template_id=first.id), actor=one.actor)
    met(one, other)
    for office, title in ((one, "占道经营"), (other, "乱堆乱放")):
        more = [*items, ChecklistItem(code="a2", title=title)]
        office.desk.checklists.save("序化", Programme.ORDER, more, actor=office.actor, seen=first)
        clock.advance(timedelta(minutes=1))

    met(one, other)

    for office in two:
        versions = office.desk.checklists.versions(first.family)
        assert {version.items[-1].title for version in versions} == {"店外经营", "占道经营", "乱堆乱放"}
        assert office.desk.patrols.get(walk.id).template_id == first.id
        [newest] = [one for one in office.desk.checklists.newest() if one.family == first.family]
        assert newest.items[-1].title == "乱堆乱放"
        assert office.desk.checklists.for_plan(first.id, TODAY) == newest
