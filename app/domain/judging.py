"""Whether steps taken elsewhere could be taken: the desk's own table and guards, asked by the city of what arrives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache
from uuid import UUID

from app.domain.case_guards import INPUT_GUARDS, STATE_GUARDS
from app.domain.case_judgement import FlowContext, Judged, StepInputs
from app.domain.cases import Case, CaseStep
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
    stage = None if moves.before is None else moves.before.stage
    if not moves.steps:
        if moves.before is not None and moves.moved:
            return Objection(moves.after.id, Refused("sync.stage_without_step"))
        return None
    for step in moves.steps:
        try:
            stage = _followed(moves, step, stage)
        except Refused as refusal:
            return Objection(step.id, refusal)
    if stage != moves.after.stage:
        return Objection(moves.steps[-1].id, _does_not_fit(moves.steps[-1], moves.flows))
    return None


def _followed(moves: Moves, step: CaseStep, stage: Stage | None) -> Stage:
    """The stage after a step from `stage`."""
    if step.action in _NOTES and stage is not None and step.from_stage == step.to_stage:
        # It tells of the case and moves nothing: it stands, whatever stage others brought the case to meanwhile.
        return stage
    if step.from_stage is not None and stage is not None and step.from_stage != stage:
        raise _does_not_fit(step, moves.flows)
    if step.action in PLAIN_ACTIONS:
        if not _plain_step_fits(step, stage):
            raise _does_not_fit(step, moves.flows)
        return step.to_stage
    actor = moves.actors[step.id]
    if step.from_stage is None or actor.person_id != step.actor_id:
        raise _does_not_fit(step, moves.flows)
    flow, row = _row(moves, step, actor)
    before_pause = moves.before.stage_before if moves.before is not None else None
    if flow.target(row, step.from_stage, before_pause or Stage.PENDING_HANDLE) != step.to_stage:
        raise _does_not_fit(step, moves.flows)
    if row.reason_required and not step.note.strip():
        raise Refused("case.reason_missing", action=row.title)
    try:
        _guard(moves, step, row, actor, flow)
    except OverflowError:
        raise Refused("sync.field_wrong", field="at", reason="不是可信的时间") from None
    return step.to_stage


def _plain_step_fits(step: CaseStep, stage: Stage | None) -> bool:
    if stage is None:
        return step.from_stage is None or step.from_stage == step.to_stage
    if step.to_stage == stage:
        return True
    return step.action == "import" and stage in BEFORE_FILING and step.to_stage == Stage.CLOSED


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


def _guard(moves: Moves, step: CaseStep, row: FlowStep, actor: Actor, flow: Workflow) -> None:
    """Guards on the case as it was, guards on what was given, both at the step's own instant."""
    inputs = StepInputs(
        until=_until(step),
        approved_by=str(step.inputs.get("approved_by", "")),
        result=str(step.inputs.get("result", "")),
    )
    # Whether urging and forcing are on is a setting of the office, which stays on its PC.
    context = FlowContext(step.at, flow, _no_calendar(), {}, 0.2, True, True, moves.photos)
    was = Judged(moves.before or moves.after, inputs, actor, context, row)
    for name in row.guards:
        if name == "not_overdue":
            _in_time(was)
        elif name in STATE_GUARDS:
            STATE_GUARDS[name](was)
        else:
            INPUT_GUARDS[name](replace(was, case=moves.after))


def _in_time(judged: Judged) -> None:
    """The due time as the desk laid it out by its office hours, which the city does not know."""
    due = judged.case.due_at if judged.case.clock == "handle" else None
    if due is not None and judged.context.now > due:
        raise Refused("case.overdue_extension", case=judged.case.local_no)


def _until(step: CaseStep) -> datetime | None:
    given = step.inputs.get("until")
    if given is None:
        return None
    try:
        until = datetime.fromisoformat(str(given))
    except ValueError:
        until = None
    if until is None or until.tzinfo is None:
        raise Refused("sync.field_wrong", field="inputs", reason="格式不对")
    return until


def _does_not_fit(step: CaseStep, flows: Sequence[Workflow]) -> Refused:
    title = next((flow.title(step.action) for flow in flows), step.action)
    return Refused("sync.step_does_not_fit", action=title)


@cache
def _no_calendar() -> WorkCalendar:
    day = date(2000, 1, 1)
    return DayTable(day, day, {}).calendar()
