"""Verify and check tasks on a real store: who is sent, whose clock runs, and how the result comes back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta

import pytest

from app.base.clock import FixedClock
from app.desk import Desk
from app.domain.attendance import RollAnswer, RollCall
from app.domain.case_judgement import StepInputs
from app.domain.cases import Case, PhotoPhase
from app.domain.directory import Worker, WorkerKind
from app.domain.finding_views import TaskView
from app.domain.findings import ChosenBy, FieldTask, TaskKind, TaskState
from app.domain.grids import Grid, GridKind
from app.domain.permissions import Actor, OfficeRole
from app.domain.problems import Refused
from app.domain.stages import Stage
from app.reports.paper import Block, Facts, Heading, Paper, Together
from tests.builders import a_draft, a_picture, an_actor
from tests.rounds import LAT, LON


def refused(act: Callable[[], object]) -> str:
    """The code a deed is refused with."""
    with pytest.raises(Refused) as caught:
        act()
    return caught.value.code


def members(desk: Desk, actor: Actor, *names: str) -> list[Worker]:
    """More members beside 采集员甲."""
    people: list[dict[str, object]] = [{"name": name, "kind": WorkerKind.COLLECTOR} for name in names]
    desk.directory.save_many(Worker, people, actor=actor)
    by_name = {one.name: one for one in desk.members.all()}
    return [by_name[name] for name in names]


def was_seen(desk: Desk, actor: Actor, member: Worker, longitude: float, latitude: float) -> None:
    """The member answered a roll call from there, just now."""
    with desk.store.write(actor, "roll_call.call") as tx:
        answer = RollAnswer(
            member_id=member.id, member_name=member.name, at=tx.now, longitude=longitude, latitude=latitude
        )
        fields: dict[str, object] = {"id": tx.ids.new(), "created_at": tx.now, "changed_at": tx.now}
        fields |= {"number": "DM-1", "called_at": tx.now, "seed": "1", "pool": (member.id,), "answers": (answer,)}
        tx.add(RollCall.model_validate(fields))


def a_spot(desk: Desk, actor: Actor, **what_matters: object) -> Case:
    draft = a_draft(longitude=LON, latitude=LAT, duty_grid="Z-01", **what_matters)
    return desk.cases.report(draft, actor=actor)


def sent(desk: Desk, case: Case, actor: Actor, name: str = "") -> FieldTask:
    desk.cases.act(case.id, "send_verify", StepInputs(collector_name=name), actor=actor)
    return desk.field_tasks.of_case(case.id)[-1]


def in_checking(desk: Desk, actor: Actor) -> Case:
    case = a_spot(desk, actor)
    unit = desk.directory.units()[0]
    after = desk.photos.take_in(a_picture(), "after.jpg")
    steps: list[tuple[str, dict[str, object]]] = [
        ("register", {}),
        ("dispatch", {"unit_id": unit.id, "unit_name": unit.name}),
        ("assign", {"handler_name": "处置员甲"}),
    ]
    for action, given in steps:
        desk.cases.act(case.id, action, StepInputs(**given), actor=actor)  # type: ignore[arg-type]
    desk.photos.attach(case.id, [after], PhotoPhase.AFTER, actor=actor)
    for action in ("submit", "confirm", "forward", "send_check"):
        case = desk.cases.act(case.id, action, StepInputs(), actor=actor)
    return case


def test_the_member_nearest_the_spot_is_sent_and_the_distance_is_told(desk: Desk, actor: Actor) -> None:
    near, far = members(desk, actor, "采集员乙", "采集员丙")
    was_seen(desk, actor, far, LON + 0.02, LAT)
    was_seen(desk, actor, near, LON + 0.001, LAT)

    task = sent(desk, a_spot(desk, actor), actor)

    assert (task.member_name, task.member_id, task.chosen_by) == ("采集员乙", near.id, ChosenBy.NEAREST)
    assert task.distance_m == pytest.approx(91, abs=2)
    assert (task.kind, task.state, task.number[:6]) == (TaskKind.VERIFY, TaskState.OPEN, "HC-JS-")


def test_where_nobody_was_seen_today_the_owner_of_the_duty_grid_is_sent(
    desk: Desk, actor: Actor, clock: FixedClock
) -> None:
    [near] = members(desk, actor, "采集员乙")
    was_seen(desk, actor, near, LON, LAT)
    clock.advance(timedelta(days=1))
    owner = desk.members.all()[0]
    owns(desk, actor, owner)

    task = sent(desk, a_spot(desk, actor), actor)

    assert (task.member_name, task.chosen_by, task.distance_m) == (owner.name, ChosenBy.OWNER, None)


def owns(desk: Desk, actor: Actor, owner: Worker) -> None:
    with desk.store.write(actor, "grid.save") as tx:
        fields: dict[str, object] = {"id": tx.ids.new(), "created_at": tx.now, "changed_at": tx.now}
        tx.add(Grid.model_validate({**fields, "kind": GridKind.DUTY, "code": "Z-01", "member_id": owner.id}))


def test_with_nobody_to_send_the_task_waits_for_a_hand(desk: Desk, actor: Actor) -> None:
    task = sent(desk, a_spot(desk, actor), actor)

    assert (task.member_name, task.chosen_by) == ("", ChosenBy.HAND)
    assert refused(lambda: desk.field_tasks.hand_over([task.id], actor=actor)) == "task.member_missing"


def test_an_auditor_gives_no_task_to_anybody(desk: Desk, actor: Actor) -> None:
    task, auditor = sent(desk, a_spot(desk, actor), actor, "采集员甲"), an_actor(OfficeRole.AUDITOR)
    [other] = members(desk, actor, "采集员乙")

    assert refused(lambda: desk.field_tasks.assign(task.id, other.id, actor=auditor)) == "account.role_needed"
    assert refused(lambda: desk.field_tasks.hand_over([task.id], actor=auditor)) == "account.role_needed"


def test_who_the_clerk_names_is_sent(desk: Desk, actor: Actor) -> None:
    near, far = members(desk, actor, "采集员乙", "采集员丙")
    was_seen(desk, actor, near, LON, LAT)
    was_seen(desk, actor, far, LON + 0.02, LAT)

    task = sent(desk, a_spot(desk, actor), actor, "采集员丙")

    assert (task.member_id, task.chosen_by) == (far.id, ChosenBy.HAND)
    assert task.distance_m == pytest.approx(1827, abs=10)


def test_a_name_nobody_has_in_the_list_is_kept_as_typed(desk: Desk, actor: Actor) -> None:
    task = sent(desk, a_spot(desk, actor), actor, "临时人员")

    assert (task.member_name, task.member_id, task.chosen_by) == ("临时人员", None, ChosenBy.HAND)


def test_the_clock_of_a_task_is_the_clock_of_its_case(desk: Desk, actor: Actor) -> None:
    case = a_spot(desk, actor)
    task = sent(desk, case, actor)
    case = desk.cases.get(case.id)

    assert case.clock == "verify_task"
    assert (task.due_at, task.warn_at) == (case.due_at, case.warn_at)
    assert task.due_at is not None


def test_a_task_given_to_another_is_handed_over_anew(desk: Desk, actor: Actor) -> None:
    one, other = members(desk, actor, "采集员乙", "采集员丙")
    task = sent(desk, a_spot(desk, actor), actor, "采集员乙")
    [handed] = desk.field_tasks.hand_over([task.id], actor=actor)

    given = desk.field_tasks.assign(task.id, other.id, actor=actor)

    assert one.name == "采集员乙"
    assert (handed.state, handed.handed_at is not None) == (TaskState.HANDED, True)
    assert (given.state, given.handed_at, given.member_id) == (TaskState.OPEN, None, other.id)
    assert given.chosen_by is ChosenBy.HAND


def test_the_result_of_a_check_is_the_step_of_the_case(desk: Desk, actor: Actor) -> None:
    members(desk, actor, "采集员乙")
    case = in_checking(desk, actor)
    task = desk.field_tasks.of_case(case.id)[-1]
    desk.field_tasks.assign(task.id, desk.members.named("采集员乙").id, actor=actor)
    photo = desk.photos.take_in(a_picture("check"), "check.jpg")

    after = desk.field_tasks.answer(task.id, "not_ok", "仍有摊位", actor=actor, photos=[photo])
    step = desk.cases.detail(case.id, actor=actor).steps[-1]
    done = desk.field_tasks.get(task.id)

    assert (after.stage, after.check_result) == (Stage.PENDING_CLOSE, "not_ok")
    assert (step.action, step.on_behalf_of, step.note) == ("check_done", "采集员乙", "仍有摊位")
    assert (done.state, done.result, done.note) == (TaskState.DONE, "not_ok", "仍有摊位")
    assert PhotoPhase.CHECK in {one.phase for one in desk.photos.of(case.id)}


def test_the_result_of_a_verification_stands_in_the_words_of_the_step(desk: Desk, actor: Actor) -> None:
    case = a_spot(desk, actor)
    task = sent(desk, case, actor, "采集员甲")

    after = desk.field_tasks.answer(task.id, "missing", "现场没有摊位", actor=actor)
    step = desk.cases.detail(case.id, actor=actor).steps[-1]

    assert after.stage == Stage.PENDING_REGISTER
    assert (step.action, step.note) == ("verify_done", "不属实:现场没有摊位")
    assert desk.field_tasks.get(task.id).result == "missing"


def test_a_result_typed_in_the_case_closes_its_task_too(desk: Desk, actor: Actor) -> None:
    case = in_checking(desk, actor)
    desk.cases.act(case.id, "check_done", StepInputs(result="ok", note="已清理"), actor=actor)

    [task] = desk.field_tasks.of_case(case.id)

    assert (task.state, task.result, task.note) == (TaskState.DONE, "ok", "已清理")


def test_a_result_is_typed_once_and_must_be_one(desk: Desk, actor: Actor) -> None:
    task = sent(desk, a_spot(desk, actor), actor, "采集员甲")

    assert refused(lambda: desk.field_tasks.answer(task.id, "", actor=actor)) == "task.result_missing"
    assert refused(lambda: desk.field_tasks.answer(task.id, "ok", actor=actor)) == "task.result_missing"
    desk.field_tasks.answer(task.id, "exists", actor=actor)
    assert refused(lambda: desk.field_tasks.answer(task.id, "exists", actor=actor)) == "task.over"


def test_a_task_is_called_off_when_its_case_goes_elsewhere(desk: Desk, actor: Actor) -> None:
    office = desk.reference.office()
    desk.reference.set_office(office.changed(desk.clock.now(), force_close_switched_on=True), actor=actor)
    case = a_spot(desk, actor)
    task = sent(desk, case, actor, "采集员甲")

    desk.cases.act(case.id, "force_close", StepInputs(note="重复"), actor=actor)

    assert desk.field_tasks.get(task.id).state is TaskState.CALLED_OFF


def test_a_task_overtaken_by_another_pc_is_closed_with_the_answer_given_there(desk: Desk, actor: Actor) -> None:
    case = a_spot(desk, actor)
    task = sent(desk, case, actor, "采集员甲")
    desk.field_tasks.answer(task.id, "exists", "属实", actor=actor)
    with desk.store.write(actor, "sync.pull") as tx:
        again = tx.need(FieldTask, task.id)
        tx.change(again.changed(tx.now, state=TaskState.HANDED, done_at=None, result="", note=""))

    [settled] = desk.field_tasks.settle_left_behind(actor=desk.accounts.system())

    assert settled.state is TaskState.DONE
    assert desk.field_tasks.settle_left_behind(actor=desk.accounts.system()) == []


def test_the_saved_views_hold_what_their_names_say(desk: Desk, actor: Actor, clock: FixedClock) -> None:
    waiting = sent(desk, a_spot(desk, actor), actor, "采集员甲")
    handed = sent(desk, a_spot(desk, actor, street_code="410105002"), actor, "采集员甲")
    desk.field_tasks.hand_over([handed.id], actor=actor)
    done = sent(desk, a_spot(desk, actor), actor, "采集员甲")
    desk.field_tasks.answer(done.id, "exists", actor=actor)
    desk.field_tasks.set_my_street("410105002", actor=actor)

    def shown(view: TaskView) -> list[str]:
        tasks = desk.field_tasks
        return [line.number for line in tasks.lines(tasks.ids(tasks.view(view, actor=actor)))]

    assert shown(TaskView.TO_HAND) == [waiting.number]
    assert shown(TaskView.UNDER_WAY) == [waiting.number, handed.number]
    assert shown(TaskView.MY_STREET) == [handed.number]
    assert shown(TaskView.DONE) == [done.number]
    assert shown(TaskView.OVERDUE) == []
    clock.advance(timedelta(days=2))
    assert shown(TaskView.OVERDUE) == [waiting.number, handed.number]
    assert desk.field_tasks.counts(list(TaskView), actor=actor)[TaskView.ALL].count == 3


def test_a_retired_member_leaves_their_task_to_the_successor(desk: Desk, actor: Actor) -> None:
    one, other = members(desk, actor, "采集员乙", "采集员丙")
    task = sent(desk, a_spot(desk, actor), actor, "采集员乙")

    desk.members.retire(one.id, actor=actor, successor_id=other.id)

    assert desk.field_tasks.get(task.id).member_name == "采集员丙"


def slip_of(paper: Paper) -> Sequence[Block]:
    """The blocks of the one slip on a paper; it is kept on one page."""
    (slip,) = paper.blocks
    assert isinstance(slip, Together)
    return slip.blocks


def test_the_slip_says_what_where_until_when_and_has_boxes_for_the_result(desk: Desk, actor: Actor) -> None:
    task = sent(desk, a_spot(desk, actor), actor, "采集员甲")

    paper = desk.field_tasks.slips([task.id], actor=actor)
    facts = next(block for block in slip_of(paper) if isinstance(block, Facts))
    said = {title: value for row in facts.rows for title, value in row}

    assert (said["任务编号"], said["网格员"]) == (task.number, "采集员甲")
    assert said["结果"] == "□ 属实    □ 不属实"
    assert "纬一路12号" in said["地点"]
    assert said["截止时间"]


def test_the_slip_calls_the_task_as_the_office_does(desk: Desk, actor: Actor) -> None:
    office = desk.reference.office()
    desk.reference.set_office(office.changed(desk.clock.now(), swap_verify_and_check=True), actor=actor)
    task = sent(desk, a_spot(desk, actor), actor, "采集员甲")

    paper = desk.field_tasks.slips([task.id], actor=actor)

    assert next(block.text for block in slip_of(paper) if isinstance(block, Heading)) == "城市管理案件核查任务单"
