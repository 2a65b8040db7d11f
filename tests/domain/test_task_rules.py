"""Who is sent and whose clock a task has: rules over plain values."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.case_judgement import StepInputs
from app.domain.case_rules import recomputed, take_step
from app.domain.cases import Case
from app.domain.deadlines import Light, light
from app.domain.directory import Worker, WorkerKind
from app.domain.finding_rules import source_number
from app.domain.finding_views import UNDER_WAY
from app.domain.findings import ChosenBy, FieldTask, Finding, FindingState, TaskKind, TaskState
from app.domain.problems import Refused
from app.domain.stages import Stage
from app.domain.task_rules import Chosen, answer_note, by_hand, choose, followed, made_task
from tests.builders import NINE, a_case, a_context, an_actor

LON, LAT = 113.67, 34.76


def a_member(number: int, name: str = "") -> Worker:
    fields: dict[str, object] = {"id": UUID(int=number), "created_at": NINE, "changed_at": NINE}
    return Worker.model_validate({**fields, "name": name or f"采集员{number}", "kind": WorkerKind.COLLECTOR})


def sent(now: datetime) -> Case:
    """A case sent to be verified at that moment."""
    case = a_case(stage=Stage.PENDING_REGISTER, longitude=LON, latitude=LAT)
    taken = take_step(
        case,
        "send_verify",
        StepInputs(),
        actor=an_actor(),
        roles=frozenset({"acceptor"}),
        step_id=UUID(int=9),
        context=a_context(now),
    )
    return taken.case


def a_task(case: Case, now: datetime = NINE) -> FieldTask:
    return made_task(case, Chosen(a_member(1), ChosenBy.HAND), "", task_id=UUID(int=5), number="HC-1", now=now)


def case_light(case: Case, now: datetime) -> Light:
    return light(case.due_at, case.warn_at, paused=False, done=False, now=now)


def task_light(task: FieldTask, now: datetime) -> Light:
    return light(task.due_at, task.warn_at, paused=False, done=task.state not in UNDER_WAY, now=now)


@given(st.integers(0, 3 * 24 * 60), st.integers(-60, 3 * 24 * 60))
def test_the_light_of_a_task_is_the_light_of_its_case_at_every_moment(issued: int, looked: int) -> None:
    at, now = NINE + timedelta(minutes=issued), NINE + timedelta(minutes=looked)
    case = sent(at)

    assert task_light(a_task(case, at), now) == case_light(case, now)


@given(st.floats(0.05, 0.95), st.integers(0, 120))
def test_the_light_stays_the_same_when_times_are_laid_out_anew(share: float, looked: int) -> None:
    case = sent(NINE)
    task, now = a_task(case), NINE + timedelta(minutes=looked)
    again = recomputed(case, a_context(NINE, yellow_share=share))

    moved = followed(task, again, done=False, result="", note="", now=NINE)

    assert task_light(moved, now) == case_light(again, now)
    assert moved.state is TaskState.OPEN


def test_the_nearest_goes_and_of_two_as_near_the_one_seen_later() -> None:
    near, later, far = a_member(1), a_member(2), a_member(3)
    seen = {
        near.id: (LON + 0.001, LAT, NINE),
        later.id: (LON + 0.001, LAT, NINE + timedelta(minutes=5)),
        far.id: (LON + 0.1, LAT, NINE + timedelta(hours=1)),
    }

    chosen = choose(a_case(longitude=LON, latitude=LAT), [far, near, later], seen, None)

    assert (chosen.member, chosen.chosen_by, chosen.seen_at) == (later, ChosenBy.NEAREST, NINE + timedelta(minutes=5))


@given(st.permutations([1, 2, 3, 4]))
def test_the_order_of_the_list_of_members_changes_nothing(order: list[int]) -> None:
    members = [a_member(number) for number in order]
    seen = {member.id: (LON + member.id.int % 3 / 1000, LAT, NINE) for member in members}
    case = a_case(longitude=LON, latitude=LAT)

    chosen = choose(case, members, seen, None)

    assert chosen.member is not None
    assert chosen.member.id == UUID(int=3)


def test_a_case_without_a_point_goes_to_the_owner_and_an_owner_who_left_to_nobody() -> None:
    owner, seen = a_member(1), {UUID(int=2): (LON, LAT, NINE)}
    gone = owner.model_copy(update={"active": False})

    assert choose(a_case(), [a_member(2)], seen, owner).chosen_by is ChosenBy.OWNER
    assert choose(a_case(), [a_member(2)], seen, gone) == Chosen(None, ChosenBy.HAND)
    assert by_hand(a_case(longitude=LON, latitude=LAT), None, seen).distance_m is None


@pytest.mark.parametrize(("done", "state"), [(True, TaskState.DONE), (False, TaskState.CALLED_OFF)], ids=str)
def test_a_case_that_left_takes_its_task_along(done: bool, state: TaskState) -> None:
    task, elsewhere = a_task(sent(NINE)), a_case(stage=Stage.PENDING_REGISTER)

    assert followed(task, elsewhere, done=done, result="exists", note="", now=NINE).state is state


def test_a_task_that_is_over_stays_as_it_is() -> None:
    over = a_task(sent(NINE)).changed(NINE, state=TaskState.DONE)

    assert followed(over, a_case(stage=Stage.CLOSED), done=False, result="", note="", now=NINE) is over


def test_a_check_knows_no_result_of_a_verification() -> None:
    assert answer_note(TaskKind.CHECK, "ok", " 已清理 ") == "已清理"
    assert answer_note(TaskKind.VERIFY, "exists", "") == "属实"
    with pytest.raises(Refused):
        answer_note(TaskKind.CHECK, "exists", "")


@given(st.sets(st.integers(1, 9)))
def test_a_case_made_anew_of_a_finding_never_takes_a_number_that_is_taken(used: set[int]) -> None:
    finding = Finding(
        id=UUID(int=1),
        created_at=NINE,
        changed_at=NINE,
        number="WT-JS-ABCD-261102-0001",
        found_at=datetime(2026, 11, 2, tzinfo=UTC),
        state=FindingState.OPEN,
    )
    taken = {finding.number if n == 1 else f"{finding.number}-{n}" for n in used}

    number = source_number(finding, taken)

    assert number not in taken
    assert number.startswith(finding.number)
