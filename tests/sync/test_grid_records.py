"""Two desks without a line and one city: what each did on rounds, findings, facilities and days comes together."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest

from app.base.clock import FixedClock
from app.domain.attendance import AttendanceState, RollCall
from app.domain.case_judgement import StepInputs
from app.domain.checklists import ChecklistItem, Programme
from app.domain.decisions import Verdict
from app.domain.facilities import Facility, FacilityState
from app.domain.findings import FindingDraft, TaskState
from app.domain.grids import GridKind
from app.domain.patrol_views import EnteredPoint, RoundFilter
from app.domain.patrols import CheckGrade, CheckPoint, PatrolPlan, RoundKind, RoundState
from app.services.patrols import RoundDraft
from app.sync import engine, giving_way
from tests.sync import promises
from tests.sync.conftest import MakeOffice
from tests.sync.offices import Office

TODAY = WEEK = date(2026, 11, 2)
LAMP = {"major": "01", "minor": "37", "street_code": "410105001", "address": "经八路12号门前"}


@pytest.fixture
def two(make_desk_with_line: MakeOffice) -> tuple[Office, Office]:
    """Two desks of one district that know the same."""
    return make_desk_with_line("A"), make_desk_with_line("B")


def met(*offices: Office) -> None:
    """Both talk to the city until nothing is new; no person is asked anything, and all hold the same."""
    for office in (*offices, *offices):
        report = office.sync()
        assert (report.problem_code, report.conflicts, report.refused, report.held) == ("", 0, 0, 0)
    for office in offices:
        promises.equal_with_city(office.desk.store, office.city, "410105")
        promises.check_desk(office.desk.store)
    promises.same_on_all(office.desk.store for office in offices)
    promises.check_city(offices[0].city)


def a_plan(office: Office, **what_matters: object) -> PatrolPlan:
    points = tuple(CheckPoint(no=no, name=f"检查点{no}") for no in (1, 2))
    values: dict[str, object] = {"name": "纬一路", "points": points, "valid_from": TODAY, "street_code": "410105001"}
    return office.desk.patrol_plans.save({**values, **what_matters}, actor=office.actor)


def the_rounds(office: Office) -> list[UUID]:
    """Rounds of the week, today's first."""
    lines = office.desk.patrols.first_page(RoundFilter())
    return [line.id for line in sorted(lines, key=lambda line: line.day)]


GOOD = [EnteredPoint(no, CheckGrade.GOOD) for no in (1, 2)]


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
    for module in (engine, giving_way):
        monkeypatch.setattr(module, "AT_ONCE", 2)
    one, other = two
    plan = a_plan(one)
    met(one, other)
    one.desk.patrol_plans.plan_week(WEEK, actor=one.actor)
    other.desk.patrol_plans.save({"street_code": "410105002"}, actor=other.actor, plan_id=plan.id)
    other.desk.patrol_plans.plan_week(WEEK, actor=other.actor)

    met(one, other)


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


# Facilities ----------------------------------------------------------------------------------------------------------


def a_census(office: Office, facility: Facility, grade: CheckGrade) -> UUID:
    """A round whose only check point is the facility, entered at once."""
    point = CheckPoint(no=1, name="路灯", facility_id=facility.id)
    walk = office.desk.patrols.open(RoundDraft(day=TODAY, kind=RoundKind.CENSUS, points=(point,)), actor=office.actor)
    office.desk.patrols.enter(walk.id, [EnteredPoint(1, grade)], actor=office.actor)
    return walk.id


@pytest.mark.parametrize("later_first", [True, False], ids=["the later look arrives first", "the earlier first"])
def test_of_two_rounds_that_saw_one_facility_the_later_look_stands(
    two: tuple[Office, Office], clock: FixedClock, later_first: bool
) -> None:
    one, other = two
    lamp = one.desk.facilities.save(LAMP, actor=one.actor)
    met(one, other)
    a_census(one, lamp, CheckGrade.GOOD)
    clock.advance(timedelta(minutes=30))
    a_census(other, lamp, CheckGrade.BAD)

    met(*((other, one) if later_first else (one, other)))

    for office in two:
        seen = office.desk.facilities.get(lamp.id)
        assert (seen.state, seen.seen_at) == (FacilityState.DAMAGED, clock.now())
        assert len(the_rounds(office)) == 2


def test_a_state_set_by_hand_against_what_a_round_saw_is_decided_by_a_person(two: tuple[Office, Office]) -> None:
    one, other = two
    lamp = one.desk.facilities.save(LAMP, actor=one.actor)
    met(one, other)
    walk = a_census(one, lamp, CheckGrade.BAD)
    other.desk.facilities.set_state([lamp.id], FacilityState.MISSING, "灯杆已不在", actor=other.actor)
    other.sync()
    assert one.sync().conflicts == 1
    assert one.desk.sync.troubles()[0].title == f"部件 {lamp.code or lamp.address}"

    one.desk.sync.decide(lamp.id, Verdict.THEIRS, {}, "以现场为准", actor=one.actor)

    met(one, other)
    for office in two:
        assert office.desk.facilities.get(lamp.id).state is FacilityState.MISSING
        assert office.desk.patrols.get(walk).state is RoundState.DONE
        assert "灯杆已不在" in str(office.desk.facilities.history(lamp.id))


# Days and tasks ------------------------------------------------------------------------------------------------------


def test_a_day_written_on_two_desks_counts_once_as_it_was_written_last(
    two: tuple[Office, Office], clock: FixedClock
) -> None:
    one, other = two
    member = one.desk.members.all()[0]
    one.desk.attendance.mark([(member.id, TODAY)], AttendanceState.PRESENT, actor=one.actor)
    clock.advance(timedelta(minutes=5))
    other.desk.attendance.mark([(member.id, TODAY)], AttendanceState.LATE, actor=other.actor)

    met(other, one)

    for office in two:
        sheet = office.desk.attendance.month(TODAY)
        assert sheet.entries[member.id, TODAY].state is AttendanceState.LATE
        assert (sheet.count(member.id, AttendanceState.LATE), sheet.count(member.id, AttendanceState.PRESENT)) == (1, 0)


def a_roll_call(two: tuple[Office, Office]) -> RollCall:
    """Of two members, known to both desks."""
    one, other = two
    one.desk.members.save({"name": "采集员乙"}, actor=one.actor)
    call = one.desk.roll_calls.call(one.desk.members.all()[:2], 2, actor=one.actor)
    met(one, other)
    return call


def test_members_of_one_roll_call_telephoned_from_two_desks_have_all_answered(two: tuple[Office, Office]) -> None:
    one, other = two
    call = a_roll_call(two)
    first, second = (answer.member_id for answer in call.answers)
    one.desk.roll_calls.answer(call.id, first, actor=one.actor, there=True)
    other.desk.roll_calls.answer(call.id, second, actor=other.actor, there=False, note="未接")

    met(one, other)

    for office in two:
        [told] = office.desk.roll_calls.of_month(TODAY)
        assert [(answer.answered, answer.note) for answer in told.answers] == [(True, ""), (False, "未接")]


def test_two_answers_of_one_member_are_decided_by_a_person(two: tuple[Office, Office]) -> None:
    one, other = two
    call = a_roll_call(two)
    for office, there in ((one, True), (other, False)):
        office.desk.roll_calls.answer(call.id, call.answers[0].member_id, actor=office.actor, there=there)

    one.sync()

    assert other.sync().conflicts == 1
    assert other.desk.sync.troubles()[0].title == f"点名抽查 {call.number}"


@pytest.mark.parametrize("answer", ["exists", "missing"])
def test_a_task_answered_on_two_desks_is_over_once_its_case_is_decided(
    two: tuple[Office, Office], clock: FixedClock, answer: str
) -> None:
    one, other = two
    case = one.report()
    one.desk.cases.act(case.id, "send_verify", StepInputs(collector_name="采集员甲"), actor=one.actor)
    met(one, other)
    [task] = one.desk.field_tasks.of_case(case.id)
    other.desk.field_tasks.answer(task.id, answer, "路口", actor=other.actor)
    clock.advance(timedelta(minutes=5))
    one.desk.field_tasks.answer(task.id, "exists", "在现场看到", actor=one.actor)
    other.sync()
    assert one.sync().conflicts

    one.desk.sync.decide(case.id, Verdict.THEIRS, {}, "他处已核实", actor=one.actor)

    met(one, other)
    for office in two:
        [told] = office.desk.field_tasks.of_case(case.id)
        assert (told.state, told.result) == (TaskState.DONE, answer)
        assert office.case(case.id) == one.case(case.id)
