"""What may happen to a case: taking a step, and which steps are open to whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from app.domain import deadlines
from app.domain.case_guards import GUARDS, STATE_GUARDS
from app.domain.case_judgement import FlowContext, Judged, StepInputs
from app.domain.cases import AppealState, Case, CaseStep, SuperviseLevel
from app.domain.deadlines import StageClock
from app.domain.permissions import Actor
from app.domain.problems import Problem, Refused
from app.domain.stages import CLOSED_STAGES, Stage
from app.domain.workcalendar import CalendarGap
from app.domain.workflow import FlowStep


@dataclass(frozen=True)
class ActionOffer:
    """One step leaving the case's stage: open to this person, or closed with the rule that says no."""

    step: FlowStep
    refusal: Problem | None = None

    @property
    def allowed(self) -> bool:
        """True when the person may take the step now (its inputs are asked for then)."""
        return self.refusal is None


@dataclass(frozen=True)
class Taken:
    """The case after a step, and the step to be written down."""

    case: Case
    step: CaseStep


def offers(case: Case, actor: Actor, context: FlowContext) -> list[ActionOffer]:
    """Every step that leaves the case's stage, allowed or with its reason, in the table's order."""
    found: list[ActionOffer] = []
    for step in context.workflow.leaving(case.stage):
        judged = Judged(case, StepInputs(), actor, context, step)
        try:
            context.workflow.follow(case.stage, step.action, actor.flow_roles)
            for name in step.guards:
                if name in STATE_GUARDS:
                    STATE_GUARDS[name](judged)
        except Refused as refusal:
            found.append(ActionOffer(step, refusal))
        else:
            found.append(ActionOffer(step))
    return found


def take_step(
    case: Case,
    action: str,
    inputs: StepInputs,
    *,
    actor: Actor,
    roles: frozenset[str],
    step_id: UUID,
    context: FlowContext,
) -> Taken:
    """The case after `action`, its clocks moved as the table says, and the step that tells it.

    roles: roles of the flow the person acts in. Raises Refused("case.…") naming the guard that says no.
    Source: case-workflow specification of Yuncheng's open system (transitions, guards), eGova statistics program (clocks).
    """
    step = context.workflow.follow(case.stage, action, roles)
    if step.reason_required and not inputs.note.strip():
        raise Refused("case.reason_missing", action=step.title)
    inputs = inputs.asked_for(step.inputs)
    judged = Judged(case, inputs, actor, context, step)
    for name in step.guards:
        GUARDS[name](judged)
    target = Stage(context.workflow.target(step, case.stage, case.stage_before or Stage.PENDING_HANDLE))
    fields = {**_facts(case, step, inputs), **_stage_fields(case, step, target, context.now)}
    clocks = _moved_clocks(case, step, fields, context)
    if _runs_late(case, step, context):
        fields["handled_late"] = True
    fields |= clock_fields(clocks, target, context)
    after = case.changed(context.now, **fields)
    return Taken(after, _written(case, after, step, inputs, actor, roles, step_id, context.now))


def _stage_fields(case: Case, step: FlowStep, target: Stage, now: datetime) -> dict[str, Any]:
    fields: dict[str, Any] = {"stage": target}
    if target != case.stage:
        fields["stage_at"] = now
    if target in CLOSED_STAGES and case.stage not in CLOSED_STAGES:
        fields["closed_at"] = now
    if target == Stage.SUSPENDED:
        fields["stage_before"] = case.stage
    elif step.action == "resume":
        fields |= {"stage_before": None, "suspended_until": None}
    return fields


def _facts(case: Case, step: FlowStep, inputs: StepInputs) -> dict[str, Any]:
    """Fields a step fills in; nothing that was filled in is cleared, but for an assignment taken back."""
    fields: dict[str, Any] = {}
    if inputs.condition is not None:
        chosen = inputs.condition
        fields |= {"condition_no": chosen.no, "condition": chosen.filing, "limit": chosen.limit}
        fields["closing"] = inputs.closing or chosen.closing
    elif inputs.closing:
        fields["closing"] = inputs.closing
    for name in ("unit_id", "unit_name", "handler_name", "acceptor_id", "acceptor_name", "collector_name"):
        value = getattr(inputs, name)
        if value:
            fields[name] = value
    return fields | moved_facts(case, step.action, inputs)


def moved_facts(case: Case, action: str, inputs: StepInputs) -> dict[str, Any]:
    """What the action itself changes: an assignment taken back, rework counted, a suspension, an appeal."""
    match action:
        case "revoke_assign" | "return_unit":
            return {"handler_name": ""}
        case "rework_unit":
            return {"rework_count": case.rework_count + 1, "handler_name": ""}
        case "return_dispatcher" if case.stage == Stage.PENDING_CLOSE:
            return {"rework_count": case.rework_count + 1, "handler_name": ""}
        case "suspend":
            return {"suspended_until": inputs.until, "suspend_count": case.suspend_count + 1}
        case "check_done":
            return {"check_result": inputs.result}
        case "supervise":
            chosen = inputs.level if inputs.level != SuperviseLevel.NONE else SuperviseLevel.IMPORTANT
            return {"supervise": chosen}
        case "self_handle":
            return {"self_handled": True}
        case _:
            return _appeal(action)


def _appeal(action: str) -> dict[str, Any]:
    moved = {
        "appeal": AppealState.ASKED,
        "appeal_support": AppealState.SUPPORTED,
        "appeal_allow": AppealState.ALLOWED,
        "appeal_refuse": AppealState.REFUSED,
    }
    return {"appeal": moved[action]} if action in moved else {}


def _moved_clocks(
    case: Case, step: FlowStep, fields: Mapping[str, Any], context: FlowContext
) -> tuple[StageClock, ...]:
    clocks = {clock.name: clock for clock in case.clocks}
    for move in step.clocks:
        if move.clock == "all":
            clocks = {name: deadlines.finish(clock, context.now) for name, clock in clocks.items()}
        elif move.move == "dispatch":
            limit = fields.get("limit", case.limit)
            if limit is None:
                raise Refused("case.limit_missing", case=case.local_no)
            unit = fields.get("unit_id", case.unit_id)
            clocks["handle"] = deadlines.handle_clock_for(clocks.get("handle"), unit, limit, context.now)
        elif move.move == "start":
            clocks[move.clock] = deadlines.start(move.clock, context.stage_limits[move.clock], context.now)
        elif move.clock in clocks:
            clocks[move.clock] = _MOVES[move.move](clocks[move.clock], context.now)
    return tuple(clocks.values())


def _extend(clock: StageClock, _now: datetime) -> StageClock:
    return deadlines.extend(clock)


_MOVES = {
    "stop": deadlines.stop,
    "resume": deadlines.resume,
    "finish": deadlines.finish,
    "extend": _extend,
}


def _runs_late(case: Case, step: FlowStep, context: FlowContext) -> bool:
    """True when the handling clock stops after its time ran out."""
    stops = any(move.clock == "handle" and move.move == "stop" for move in step.clocks)
    handle = case.stage_clock("handle")
    if not stops or handle is None or step.action == "suspend":
        return False
    try:
        due = deadlines.due_at(handle, context.calendar)
    except CalendarGap:
        return False
    return due is not None and context.now > due


def clock_fields(clocks: tuple[StageClock, ...], stage: Stage, context: FlowContext) -> dict[str, Any]:
    """The fields a list reads: the clock shown, when it runs out and when it turns yellow.

    A calendar that ends too early gives no time but the first missing year.
    """
    fields: dict[str, Any] = {"clocks": clocks, "clock": "", "due_at": None, "warn_at": None, "due_gap_year": None}
    running = next((clock for clock in clocks if deadlines.is_running(clock)), None)
    if running is None or stage in CLOSED_STAGES or stage == Stage.SUSPENDED:
        return fields
    fields["clock"] = running.name
    try:
        fields["due_at"] = deadlines.due_at(running, context.calendar)
        fields["warn_at"] = deadlines.warn_at(running, context.calendar, context.yellow_share)
    except CalendarGap as gap:
        fields["due_gap_year"] = gap.year
    return fields


def _written(
    before: Case,
    after: Case,
    step: FlowStep,
    inputs: StepInputs,
    actor: Actor,
    roles: frozenset[str],
    step_id: UUID,
    now: datetime,
) -> CaseStep:
    acting = sorted(step.roles & roles)
    return CaseStep(
        id=step_id,
        created_at=now,
        changed_at=now,
        parent=before.id,
        action=step.action,
        from_stage=before.stage,
        to_stage=after.stage,
        at=now,
        actor_id=actor.person_id,
        actor_name=actor.name,
        role=acting[0] if acting else "",
        on_behalf_of=inputs.on_behalf_of or _named(step, inputs),
        note=inputs.note,
        inputs=inputs.given(),
    )


def _named(step: FlowStep, inputs: StepInputs) -> str:
    """The outside person whose step this is, as far as the inputs name one."""
    if "collector" in step.roles:
        return inputs.collector_name
    return inputs.handler_name if "handler" in step.roles else ""


def recomputed(case: Case, context: FlowContext) -> Case:
    """The case with its times laid out anew after the calendar or the yellow share changed."""
    fields = clock_fields(case.clocks, case.stage, context)
    if all(getattr(case, name) == value for name, value in fields.items()):
        return case
    return case.changed(context.now, **fields)
