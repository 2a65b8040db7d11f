"""Verify and check tasks: who is sent, what their clock is, and how a task follows its case."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.domain.cases import Case
from app.domain.directory import Worker
from app.domain.finding_views import UNDER_WAY
from app.domain.findings import ChosenBy, FieldTask, TaskKind, TaskState
from app.domain.places import distance_m
from app.domain.problems import Refused
from app.domain.stages import Stage

KIND_OF_STAGE: Mapping[Stage, TaskKind] = {Stage.VERIFYING: TaskKind.VERIFY, Stage.CHECKING: TaskKind.CHECK}
SENDING_ACTIONS: Mapping[str, TaskKind] = {"send_verify": TaskKind.VERIFY, "send_check": TaskKind.CHECK}
ANSWERS: Mapping[TaskKind, str] = {TaskKind.VERIFY: "verify_done", TaskKind.CHECK: "check_done"}
"""The step of the case that a task's result is."""
RESULTS: Mapping[TaskKind, Mapping[str, str]] = {
    TaskKind.VERIFY: {"exists": "属实", "missing": "不属实"},
    TaskKind.CHECK: {"ok": "达标", "not_ok": "不达标"},
}
TASK_KIND_TITLES = {TaskKind.VERIFY: "核实", TaskKind.CHECK: "核查"}
TASK_STATE_TITLES = {
    TaskState.OPEN: "未交办",
    TaskState.HANDED: "已交办",
    TaskState.DONE: "已反馈",
    TaskState.CALLED_OFF: "已撤回",
}
CHOSEN_BY_TITLES = {ChosenBy.NEAREST: "距离最近", ChosenBy.OWNER: "责任网格", ChosenBy.HAND: "人工指定"}
Seen = tuple[float, float, datetime]
"""Longitude, latitude, and when somebody was there."""


@dataclass(frozen=True)
class Chosen:
    """Who is sent and why. member None: nobody could be found. distance_m, seen_at: from where they were last seen."""

    member: Worker | None
    chosen_by: ChosenBy
    distance_m: float | None = None
    seen_at: datetime | None = None


def choose(case: Case, members: Iterable[Worker], seen: Mapping[UUID, Seen], owner: Worker | None) -> Chosen:
    """The member nearest the spot; else the owner of the duty grid; else nobody, to be chosen by hand.

    members: those on duty. seen: where each was last seen within the day. Two at the same distance: the one seen later,
    then by name. Source: the open system of Yuncheng (nearest collector, else owner of the responsibility grid).
    """
    near = [
        (distance, -there[2].timestamp(), member.name, str(member.id), member, there[2])
        for member in members
        if (there := seen.get(member.id)) is not None and (distance := _metres(case, there)) is not None
    ]
    if near:
        distance, *_order, member, seen_at = min(near, key=lambda one: one[:4])
        return Chosen(member, ChosenBy.NEAREST, round(distance, 1), seen_at)
    if owner is not None and owner.active:
        return Chosen(owner, ChosenBy.OWNER)
    return Chosen(None, ChosenBy.HAND)


def by_hand(case: Case, member: Worker | None, seen: Mapping[UUID, Seen]) -> Chosen:
    """Somebody a clerk named; how far they are is told where it is known."""
    there = None if member is None else seen.get(member.id)
    distance = None if there is None else _metres(case, there)
    return Chosen(
        member, ChosenBy.HAND, None if distance is None else round(distance, 1), there[2] if there is not None else None
    )


def made_task(case: Case, chosen: Chosen, name: str, *, task_id: UUID, number: str, now: datetime) -> FieldTask:
    """The task of a case that just went to verifying or checking; its clock is the case's own.

    name: who is sent when the list of members does not know them.
    """
    return FieldTask(
        id=task_id,
        created_at=now,
        changed_at=now,
        number=number,
        case_id=case.id,
        case_no=case.local_no,
        kind=KIND_OF_STAGE[case.stage],
        state=TaskState.OPEN,
        member_id=chosen.member.id if chosen.member else None,
        member_name=chosen.member.name if chosen.member else name,
        chosen_by=chosen.chosen_by,
        distance_m=chosen.distance_m,
        street_code=case.street_code,
        duty_grid=case.duty_grid,
        issued_at=now,
        due_at=case.due_at,
        warn_at=case.warn_at,
    )


def followed(task: FieldTask, case: Case, *, done: bool, result: str, note: str, now: datetime) -> FieldTask:
    """The task after its case moved: the same clock while it waits, its result when it came, called off otherwise.

    done: the case's step was the answer to this task.
    """
    if task.state not in UNDER_WAY:
        return task
    if KIND_OF_STAGE.get(case.stage) == task.kind:
        if (task.due_at, task.warn_at) == (case.due_at, case.warn_at):
            return task
        return task.changed(now, due_at=case.due_at, warn_at=case.warn_at)
    if done:
        return task.changed(now, state=TaskState.DONE, done_at=now, result=result, note=note)
    return task.changed(now, state=TaskState.CALLED_OFF, done_at=now, note=note)


def handed(task: FieldTask, now: datetime) -> FieldTask:
    """The task, told or given to its member. Raises Refused: task.over, task.member_missing."""
    refuse_over(task)
    if not task.member_name:
        raise Refused("task.member_missing", number=task.number)
    return task.changed(now, state=TaskState.HANDED, handed_at=now)


def given_to(task: FieldTask, chosen: Chosen, now: datetime) -> FieldTask:
    """The task, given to somebody else; it has to be handed over anew."""
    refuse_over(task)
    if chosen.member is None:
        raise Refused("task.member_missing", number=task.number)
    fields: dict[str, object] = {"member_id": chosen.member.id, "member_name": chosen.member.name}
    fields |= {"chosen_by": chosen.chosen_by, "distance_m": chosen.distance_m}
    return task.changed(now, state=TaskState.OPEN, handed_at=None, **fields)


def refuse_over(task: FieldTask) -> None:
    """Raise Refused("task.over") for a task that has its result, or was called off."""
    if task.state not in UNDER_WAY:
        raise Refused("task.over", number=task.number, state=TASK_STATE_TITLES[task.state])


def answer_note(kind: TaskKind, result: str, note: str) -> str:
    """What the case's step says: a verify answer has no field of its own in the flow, so it stands in front."""
    if result not in RESULTS[kind]:
        raise Refused("task.result_missing")
    if kind is TaskKind.CHECK:
        return note.strip()
    said = RESULTS[kind][result]
    return f"{said}:{note.strip()}" if note.strip() else said


def _metres(case: Case, there: Seen) -> float | None:
    if case.longitude is None or case.latitude is None:
        return None
    return distance_m(case.longitude, case.latitude, there[0], there[1])
