"""A facility seen, a day written, a roll called and a task answered on two desks without a line."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from app.base.clock import FixedClock
from app.domain.attendance import AttendanceState, RollCall
from app.domain.case_judgement import StepInputs
from app.domain.decisions import Decision, Verdict
from app.domain.facilities import Facility, FacilityState
from app.domain.findings import TaskState
from app.domain.patrol_views import EnteredPoint
from app.domain.patrols import CheckGrade, CheckPoint, RoundKind, RoundState
from app.services.patrols import RoundDraft
from app.sync import deciding
from tests.sync.grid_desks import LAMP, TODAY, met, the_rounds
from tests.sync.offices import Office

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


def test_an_answer_typed_while_the_program_joins_the_others_is_not_given_up(
    two: tuple[Office, Office], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = two
    call = a_roll_call(two)
    first, second = (answer.member_id for answer in call.answers)
    one.desk.roll_calls.answer(call.id, first, actor=one.actor, there=True)
    other.desk.roll_calls.answer(call.id, second, actor=other.actor, there=False)
    one.sync()
    decide = deciding.decide

    def typed_before(*given: Any, **named: Any) -> Decision:
        other.desk.roll_calls.answer(call.id, first, actor=other.actor, there=False, note="停机")
        return decide(*given, **named)

    monkeypatch.setattr(deciding, "decide", typed_before)

    report = other.sync()

    assert (report.problem_code, report.conflicts) == ("", 1)
    [told] = other.desk.roll_calls.of_month(TODAY)
    assert [answer.note for answer in told.answers] == ["停机", ""]


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
