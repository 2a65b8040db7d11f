"""The case flow: every transition of the table, every guard, and a wanderer that never gets stuck."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from app.base import reference_builtin as builtin
from app.domain import case_rules, deadlines
from app.domain.case_guards import GUARDS
from app.domain.case_judgement import FlowContext, StepInputs
from app.domain.cases import AppealState, Case, PhotoPhase
from app.domain.deadlines import Limit, LimitUnit
from app.domain.permissions import OfficeRole
from app.domain.problems import Refused
from app.domain.stages import CLOSED_STAGES, OPEN_STAGES, Stage
from tests.builders import CONDITION, NINE, UNIT_A, UNIT_B, a_case, a_context, an_actor, inputs
from tests.data_files import data_rows

ACTOR = an_actor()
EVERY_ROLE = frozenset(
    ["acceptor", "dispatcher", "unit", "handler", "collector", "leader", "admin", "district", "city", "system"]
)
PHOTOS = tuple((phase, batch) for phase in PhotoPhase for batch in range(5))
FLOW = builtin.workflow()
SPECIFIED = data_rows("flow", "case_flow_specified.csv")


def take(case: Case, action: str, given: StepInputs | None = None, context: FlowContext | None = None) -> Case:
    context = context or a_context(photos=PHOTOS)
    taken = case_rules.take_step(
        case, action, given or inputs(), actor=ACTOR, roles=EVERY_ROLE, step_id=uuid4(), context=context
    )
    return taken.case


def at_stage(stage: Stage, **what_matters: object) -> Case:
    """A case that came to `stage` by the shortest way."""
    ways = {
        Stage.PENDING_REGISTER: "",
        Stage.VERIFYING: "send_verify",
        Stage.PENDING_DISPATCH: "register",
        Stage.RETURNED_ACCEPTOR: "register return_acceptor",
        Stage.PENDING_HANDLE: "register dispatch",
        Stage.RETURNED_DISPATCHER: "register dispatch return_dispatcher",
        Stage.HANDLING: "register dispatch assign",
        Stage.HANDLE_FINISHED: "register dispatch assign submit",
        Stage.PENDING_REVIEW: "register dispatch assign submit confirm",
        Stage.PENDING_CLOSE: "register dispatch assign submit confirm forward",
        Stage.CHECKING: "register dispatch assign submit confirm forward send_check",
        Stage.SUSPENDED: "register dispatch suspend",
        Stage.CLOSED: "register dispatch assign submit confirm forward close",
        Stage.CITY_REVIEW: "register dispatch assign submit confirm forward city_review",
    }
    if stage == Stage.REPORTED:
        return a_case(stage=Stage.REPORTED, **what_matters)
    case = take(a_case(stage=Stage.REPORTED, city_level=True, **what_matters), "enter_pool")
    for action in ways[stage].split():
        case = take(case, action, inputs(until=NINE + timedelta(days=30)))
    return case


def test_the_table_holds_every_transition_that_was_specified() -> None:
    ours = {(step.source, step.action, step.target) for step in FLOW.steps}
    words = {"(any open)": "(open)", "(state before)": "(before)"}
    wanted = {
        (words.get(row["from_state"], row["from_state"]), row["action"], words.get(row["to_state"], row["to_state"]))
        for row in SPECIFIED
    }
    assert wanted <= ours


def test_the_table_asks_for_the_roles_and_reasons_that_were_specified() -> None:
    for row in SPECIFIED:
        source = {"(any open)": "(open)"}.get(row["from_state"], row["from_state"])
        step = next(s for s in FLOW.steps if (s.source, s.action) == (source, row["action"]))
        assert row["role"] in step.roles, row
        assert step.reason_required == (row["reason_required"] == "Y"), row


def test_the_table_chooses_only_among_guards_the_program_knows() -> None:
    assert {name for step in FLOW.steps for name in step.guards} <= set(GUARDS)


def test_from_every_stage_a_case_can_still_come_to_an_end() -> None:
    reaching = {str(stage) for stage in CLOSED_STAGES}
    while True:
        more = {step.source for step in FLOW.steps if step.target in reaching} - reaching
        if any(step.source == "suspended" for step in FLOW.steps) and "pending_handle" in reaching:
            more |= {"suspended"} - reaching
        if not more:
            break
        reaching |= more
    assert {str(stage) for stage in OPEN_STAGES} <= reaching


@pytest.mark.parametrize("step", FLOW.steps, ids=lambda step: f"{step.source}-{step.action}")
def test_every_row_of_the_table_can_be_taken(step: object) -> None:
    stage = Stage.PENDING_HANDLE if step.source == "(open)" else Stage(step.source)  # type: ignore[attr-defined]
    action = step.action  # type: ignore[attr-defined]
    case = at_stage(stage)
    if action.startswith("appeal"):
        states = {"appeal": AppealState.NONE, "appeal_allow": AppealState.SUPPORTED}
        case = case.changed(NINE, handled_late=True, appeal=states.get(action, AppealState.ASKED))
    now = NINE + timedelta(days=31) if action == "resume" else NINE
    context = a_context(now, photos=PHOTOS, urge_switched_on=True, force_close_switched_on=True)

    after = take(case, action, inputs(until=NINE + timedelta(days=30)), context)

    expected = step.target  # type: ignore[attr-defined]
    before = case.stage_before or case.stage
    assert after.stage == {"(same)": case.stage, "(before)": before}.get(expected, expected)


@pytest.mark.parametrize("step", [s for s in FLOW.steps if s.reason_required], ids=lambda s: f"{s.source}-{s.action}")
def test_a_step_that_needs_a_reason_is_refused_without_one(step: object) -> None:
    stage = Stage.PENDING_HANDLE if step.source == "(open)" else Stage(step.source)  # type: ignore[attr-defined]
    with pytest.raises(Refused) as refused:
        take(at_stage(stage), step.action, inputs(note="  "))  # type: ignore[attr-defined]
    assert refused.value.code == "case.reason_missing"


@pytest.mark.parametrize(
    ("stage", "action", "missing", "code"),
    [
        (Stage.PENDING_REGISTER, "register", {"condition": None}, "case.condition_missing"),
        (Stage.PENDING_DISPATCH, "dispatch", {"unit_id": None}, "case.unit_missing"),
        (Stage.PENDING_HANDLE, "assign", {"handler_name": ""}, "case.handler_missing"),
        (Stage.CHECKING, "check_done", {"result": ""}, "case.result_missing"),
        (
            Stage.PENDING_HANDLE,
            "suspend",
            {"approved_by": "", "until": NINE + timedelta(days=2)},
            "case.approval_missing",
        ),
        (Stage.PENDING_HANDLE, "suspend", {"until": None}, "case.until_wrong"),
        (Stage.PENDING_HANDLE, "suspend", {"until": NINE + timedelta(days=400)}, "case.until_wrong"),
        (Stage.PENDING_HANDLE, "suspend", {"until": NINE - timedelta(days=1)}, "case.until_wrong"),
    ],
)
def test_a_step_says_what_it_still_needs(stage: Stage, action: str, missing: dict[str, object], code: str) -> None:
    with pytest.raises(Refused) as refused:
        take(at_stage(stage), action, inputs(**missing))
    assert refused.value.code == code


def test_nobody_takes_a_step_of_another_role() -> None:
    collector = an_actor(OfficeRole.GRID_CLERK)
    with pytest.raises(Refused) as refused:
        case_rules.take_step(
            at_stage(Stage.PENDING_REGISTER), "register", inputs(), actor=collector, roles=collector.flow_roles,
            step_id=uuid4(), context=a_context(),
        )  # fmt: skip
    assert refused.value.code == "case.role_missing"


def test_a_return_never_clears_what_was_filled_in() -> None:
    case = at_stage(Stage.PENDING_HANDLE)

    returned = take(case, "return_dispatcher")
    back = take(returned, "return_acceptor")

    for name in ("condition_no", "condition", "closing", "limit", "unit_id", "unit_name", "description", "address"):
        assert getattr(back, name) == getattr(case, name), name


def test_the_unit_takes_back_its_worker_before_it_returns_a_case() -> None:
    handling = at_stage(Stage.HANDLING)

    with pytest.raises(Refused):
        take(handling, "return_dispatcher")
    taken_back = take(handling, "revoke_assign")

    assert take(taken_back, "return_dispatcher").stage == Stage.RETURNED_DISPATCHER


def test_a_returned_case_cannot_be_pushed_to_closing() -> None:
    with pytest.raises(Refused) as refused:
        take(at_stage(Stage.RETURNED_DISPATCHER), "forward")
    assert refused.value.code == "case.step_unknown"
    assert refused.value.details["stage"] == "退回派遣员"


def test_only_the_named_acceptor_may_close() -> None:
    case = at_stage(Stage.PENDING_CLOSE).changed(NINE, acceptor_id=uuid4(), acceptor_name="王某")
    with pytest.raises(Refused) as refused:
        take(case, "close")
    assert refused.value.code == "case.other_acceptor"


def test_handling_is_not_done_without_a_photo_of_this_round() -> None:
    context = a_context(photos=((PhotoPhase.BEFORE, 0),))
    with pytest.raises(Refused) as refused:
        take(at_stage(Stage.HANDLING), "submit", context=context)
    assert refused.value.code == "case.photo_missing"

    again = take(take(at_stage(Stage.PENDING_REVIEW), "rework_unit"), "assign")
    with pytest.raises(Refused):
        take(again, "submit", context=a_context(photos=((PhotoPhase.AFTER, 0),)))
    assert take(again, "submit", context=a_context(photos=((PhotoPhase.AFTER, 1),))).stage == Stage.HANDLE_FINISHED


def test_the_handling_clock_stops_on_return_and_goes_on_for_the_same_unit() -> None:
    case = at_stage(Stage.PENDING_HANDLE)
    context = a_context(NINE + timedelta(minutes=30), photos=PHOTOS)
    returned = take(case, "return_dispatcher", context=context)
    later = a_context(NINE + timedelta(hours=6), photos=PHOTOS)

    same = take(returned, "dispatch", inputs(unit_id=UNIT_A), later)
    other = take(returned, "dispatch", inputs(unit_id=UNIT_B), later)

    assert returned.clock == "dispatch"
    assert same.due_at == later.now + timedelta(minutes=90)
    assert other.due_at == later.now + timedelta(hours=2)


def test_the_acceptance_clock_stands_while_a_verify_task_is_out() -> None:
    case = at_stage(Stage.PENDING_REGISTER)
    out = take(case, "send_verify", context=a_context(NINE + timedelta(minutes=5), photos=PHOTOS))
    back = take(out, "verify_done", context=a_context(NINE + timedelta(minutes=25), photos=PHOTOS))

    assert out.clock == "verify_task"
    assert back.clock == "accept"
    assert back.due_at == NINE + timedelta(minutes=35)


def test_an_extension_counts_from_the_current_deadline_and_only_twice() -> None:
    case = at_stage(Stage.PENDING_HANDLE)
    once = take(case, "extend")
    twice = take(once, "extend")

    assert case.due_at is not None
    assert once.due_at == case.due_at + timedelta(hours=2)
    assert twice.due_at == case.due_at + timedelta(hours=4)
    with pytest.raises(Refused) as refused:
        take(twice, "extend")
    assert refused.value.code == "case.extended_twice"


def test_an_overdue_case_is_not_extended() -> None:
    late = a_context(NINE + timedelta(hours=3), photos=PHOTOS)
    with pytest.raises(Refused) as refused:
        take(at_stage(Stage.PENDING_HANDLE), "extend", context=late)
    assert refused.value.code == "case.overdue_extension"


def test_a_suspended_case_uses_no_time_and_comes_back_where_it_was() -> None:
    handling = at_stage(Stage.HANDLING)
    until = NINE + timedelta(days=30)
    half = a_context(NINE + timedelta(minutes=30), photos=PHOTOS)
    suspended = take(handling, "suspend", inputs(until=until), half)
    back_at = a_context(until + timedelta(hours=1), photos=PHOTOS)

    back = take(suspended, "resume", StepInputs(), back_at)

    assert (suspended.due_at, suspended.clock) == (None, "")
    assert back.stage == Stage.HANDLING
    assert back.due_at == back_at.now + timedelta(minutes=90)
    with pytest.raises(Refused) as refused:
        take(back, "suspend", inputs(until=until + timedelta(days=9)), back_at)
    assert refused.value.code == "case.suspended_before"


def test_a_suspension_does_not_end_before_its_day() -> None:
    with pytest.raises(Refused) as refused:
        take(at_stage(Stage.SUSPENDED), "resume", StepInputs())
    assert refused.value.code == "case.until_not_reached"


def test_late_handling_is_marked_when_the_unit_confirms_and_not_before() -> None:
    finished = at_stage(Stage.HANDLE_FINISHED)
    in_time = take(finished, "confirm", context=a_context(NINE + timedelta(hours=1), photos=PHOTOS))
    late = take(finished, "confirm", context=a_context(NINE + timedelta(hours=3), photos=PHOTOS))

    assert not in_time.handled_late
    assert late.handled_late


def test_an_appeal_is_heard_twice_and_the_late_mark_stays() -> None:
    closed = at_stage(Stage.CLOSED).changed(NINE, handled_late=True)

    allowed = take(take(take(closed, "appeal"), "appeal_support"), "appeal_allow")

    assert allowed.appeal == AppealState.ALLOWED
    assert allowed.handled_late
    with pytest.raises(Refused) as refused:
        take(allowed, "appeal")
    assert refused.value.code == "case.appealed_before"


@pytest.mark.parametrize("action", ["urge", "force_close"])
def test_what_is_known_from_memory_only_is_off_until_the_office_wants_it(action: str) -> None:
    with pytest.raises(Refused) as refused:
        take(at_stage(Stage.PENDING_HANDLE), action)
    assert refused.value.code == "case.action_switched_off"


def test_a_calendar_that_ends_gives_no_deadline_but_the_missing_year() -> None:
    short = replace(a_context(NINE, photos=PHOTOS), now=NINE.replace(month=12, day=31))
    slow = CONDITION.model_copy(update={"limit": Limit(value=5, unit=LimitUnit.WORKING_DAY)})
    case = take(at_stage(Stage.PENDING_REGISTER), "register", inputs(condition=slow), short)

    sent = take(case, "dispatch", inputs(condition=None), short)

    assert (sent.due_at, sent.due_gap_year, sent.clock) == (None, 2027, "handle")


def test_a_button_that_is_off_says_why() -> None:
    offers = case_rules.offers(at_stage(Stage.HANDLING), ACTOR, a_context())

    refused = {offer.step.action: offer.refusal.code for offer in offers if offer.refusal}
    allowed = {offer.step.action for offer in offers if offer.allowed}

    assert refused["submit"] == "case.photo_missing"
    assert {"revoke_assign", "return_unit", "suspend", "extend", "supervise"} <= allowed


class Wanderer(RuleBasedStateMachine):
    """Takes any offered step in any order; what must always hold is checked after each."""

    @initialize()
    def open(self) -> None:
        self.now = NINE
        self.case = take(a_case(stage=Stage.REPORTED), "enter_pool")
        self.trail: list[str] = []

    @precondition(lambda self: self.case.is_open)
    @rule(place=st.integers(0, 20), minutes=st.integers(0, 3000), same_unit=st.booleans())
    def act(self, place: int, minutes: int, same_unit: bool) -> None:
        self.now += timedelta(minutes=minutes)
        context = a_context(self.now, photos=PHOTOS)
        steps = [step for step in FLOW.leaving(self.case.stage) if step.action not in ("urge", "force_close")]
        step = steps[place % len(steps)]
        unit = UNIT_A if same_unit else UNIT_B
        try:
            after = take(self.case, step.action, inputs(unit_id=unit, until=self.now + timedelta(days=40)), context)
        except Refused:
            return
        self.trail.append(step.action)
        self.before, self.case = self.case, after

    @precondition(lambda self: not self.case.is_open)
    @rule()
    def open_another(self) -> None:
        self.open()

    @invariant()
    def exactly_one_clock_runs_or_none(self) -> None:
        running = [clock.name for clock in self.case.clocks if deadlines.is_running(clock)]
        assert len(running) <= 1
        if self.case.stage in (Stage.SUSPENDED, *CLOSED_STAGES):
            assert not running
        if self.case.due_at is not None:
            assert running == [self.case.clock]

    @invariant()
    def limits_of_the_trade_hold(self) -> None:
        assert self.case.suspend_count <= 1
        handle = self.case.stage_clock("handle")
        assert handle is None or handle.extensions <= 2
        assert (self.case.closed_at is not None) == (self.case.stage in CLOSED_STAGES)


TestWanderer = Wanderer.TestCase
TestWanderer.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
