"""Whether steps taken elsewhere could be taken: the desk's own table and guards, asked by the city of what arrives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache
from typing import Any
from uuid import UUID

from app.domain.case_guards import INPUT_GUARDS, STATE_GUARDS
from app.domain.case_judgement import FlowContext, Judged, StepInputs
from app.domain.case_rules import moved_facts
from app.domain.cases import AppealState, Case, CaseStep
from app.domain.permissions import Actor
from app.domain.problems import Refused
from app.domain.stages import BEFORE_FILING, Stage
from app.domain.workcalendar import DayTable, WorkCalendar
from app.domain.workflow import FlowStep, Workflow

PLAIN_ACTIONS = frozenset({"report", "correct", "link", "import"})
"""Steps outside the flow: they tell of the case and move nothing, but for an import."""
_NOTES = frozenset({"correct", "link"})
SYSTEM_ROLE = "system"
FLOW_FIELDS = frozenset(
    {"stage", "stage_before", "stage_at", "closed_at", "suspend_count", "rework_count", "appeal", "supervise"}
)
"""Fields of a case that change with a step alone."""


_ON_AFTER = frozenset({"condition_chosen", "closing_chosen"})


@dataclass(frozen=True)
class Objection:
    """The record that cannot stand, and why."""

    record_id: UUID
    refusal: Refused


@dataclass(frozen=True)
class Moves:
    """One case of a group of changes.

    before: as it was, None for a new one. after: as it would be. moved: FLOW_FIELDS that change. steps: in order of entry.
    actors: who did each step. flows: the versions it may have gone by, its own first. photos: (phase, batch) of each.
    """

    before: Case | None
    after: Case
    moved: frozenset[str]
    steps: Sequence[CaseStep]
    actors: Mapping[UUID, Actor]
    flows: Sequence[Workflow]
    photos: tuple[tuple[str, int], ...] = ()


def objection(moves: Moves) -> Objection | None:
    """What is wrong with the steps, or None. A new case may stand anywhere: it was opened, or imported, elsewhere."""
    if not moves.steps:
        if moves.before is not None and moves.moved:
            return Objection(moves.after.id, Refused("sync.stage_without_step"))
        return None
    case = _beginning(moves)
    stage = None if moves.before is None else moves.before.stage
    for step in moves.steps:
        try:
            case, stage = _followed(moves, step, case, stage)
        except Refused as refusal:
            return Objection(step.id, refusal)
        except OverflowError:
            return Objection(step.id, Refused("sync.field_wrong", field="at", reason="不是可信的时间"))
    if stage != moves.after.stage:
        return Objection(moves.steps[-1].id, _does_not_fit(moves.steps[-1], moves.flows))
    return None


def _beginning(moves: Moves) -> Case:
    """The case before the first step; of a new one what it must have been: nothing counted, nobody sent."""
    if moves.before is not None:
        return moves.before
    nothing: dict[str, Any] = {"suspend_count": 0, "rework_count": 0, "appeal": AppealState.NONE, "handler_name": ""}
    return moves.after.model_copy(update={**nothing, "suspended_until": None, "clocks": ()})


def _followed(moves: Moves, step: CaseStep, case: Case, stage: Stage | None) -> tuple[Case, Stage]:
    """The case and its stage after a step, as far as later steps of the group look at them."""
    if step.action in PLAIN_ACTIONS and step.from_stage in (None, step.to_stage):
        # What was reported, corrected or linked stays true wherever the case has gone meanwhile.
        return case, stage or step.to_stage
    if step.from_stage is None or step.from_stage != (stage or step.from_stage):
        raise _does_not_fit(step, moves.flows)
    if step.action in PLAIN_ACTIONS:
        if step.action != "import" or step.from_stage not in BEFORE_FILING or step.to_stage != Stage.CLOSED:
            raise _does_not_fit(step, moves.flows)
        return case, step.to_stage
    actor = moves.actors[step.id]
    if actor.person_id != step.actor_id:
        raise _does_not_fit(step, moves.flows)
    flow, row = _row(moves, step, actor)
    if flow.target(row, step.from_stage, case.stage_before or Stage.PENDING_HANDLE) != step.to_stage:
        raise _does_not_fit(step, moves.flows)
    if row.reason_required and not step.note.strip():
        raise Refused("case.reason_missing", action=row.title)
    inputs = _inputs(step)
    # Whether urging and forcing are on is a setting of the office, which stays on its PC.
    context = FlowContext(step.at, flow, _no_calendar(), {}, 0.2, True, True, moves.photos)
    _guard(Judged(case.model_copy(update={"stage": step.from_stage}), inputs, actor, context, row), moves.after)
    return _moved(case, step, inputs, moves.after), step.to_stage


def _row(moves: Moves, step: CaseStep, actor: Actor) -> tuple[Workflow, FlowStep]:
    """The row of the first flow that has the step for this person. Raises the refusal of the case's own flow."""
    assert step.from_stage is not None
    refusals: list[Refused] = []
    for flow in moves.flows:
        try:
            return flow, flow.follow(step.from_stage, step.action, actor.flow_roles | {SYSTEM_ROLE})
        except Refused as refusal:
            refusals.append(refusal)
    if any(refusal.code == "case.role_missing" for refusal in refusals):
        raise Refused("sync.not_permitted", name=actor.name)
    raise _does_not_fit(step, moves.flows)


def _guard(judged: Judged, after: Case) -> None:
    """Guards on the case as it was then, at the step's own instant; condition and closing on what came of it."""
    for name in judged.step.guards:
        if name == "not_overdue":
            _in_time(judged)
        elif name in STATE_GUARDS:
            STATE_GUARDS[name](judged)
        else:
            INPUT_GUARDS[name](replace(judged, case=after) if name in _ON_AFTER else judged)


def _moved(case: Case, step: CaseStep, inputs: StepInputs, after: Case) -> Case:
    """What a step leaves behind for the guards of the next one; clocks stay as they were."""
    fields: dict[str, Any] = {"stage": step.to_stage, "handled_late": after.handled_late}
    for name in ("unit_id", "handler_name", "acceptor_id"):
        if said := getattr(inputs, name):
            fields[name] = said
    if step.action == "suspend":
        fields["stage_before"] = step.from_stage
    return case.model_copy(update=fields | moved_facts(case, step.action, inputs))


def _in_time(judged: Judged) -> None:
    """The due time as the desk laid it out by its office hours, which the city does not know."""
    due = judged.case.due_at if judged.case.clock == "handle" else None
    if due is not None and judged.context.now > due:
        raise Refused("case.overdue_extension", case=judged.case.local_no)


def _inputs(step: CaseStep) -> StepInputs:
    """What was given with a step, as far as guards look at it. Raises Refused("sync.field_wrong")."""
    said = {name: str(value) for name, value in step.inputs.items()}
    try:
        return StepInputs(
            closing=said.get("closing", ""),
            unit_id=UUID(said["unit_id"]) if "unit_id" in said else None,
            handler_name=said.get("handler_name", ""),
            acceptor_id=UUID(said["acceptor_id"]) if "acceptor_id" in said else None,
            until=_instant(said["until"]) if "until" in said else None,
            approved_by=said.get("approved_by", ""),
            result=said.get("result", ""),
        )
    except ValueError:
        raise Refused("sync.field_wrong", field="inputs", reason="格式不对") from None


def _instant(words: str) -> datetime:
    at = datetime.fromisoformat(words)
    if at.tzinfo is None:
        raise ValueError("an instant needs its zone")
    return at


def _does_not_fit(step: CaseStep, flows: Sequence[Workflow]) -> Refused:
    title = next((flow.title(step.action) for flow in flows), step.action)
    return Refused("sync.step_does_not_fit", action=title)


@cache
def _no_calendar() -> WorkCalendar:
    day = date(2000, 1, 1)
    return DayTable(day, day, {}).calendar()
