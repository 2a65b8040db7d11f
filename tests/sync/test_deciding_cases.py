"""Whatever two desks do to one case apart, after deciding and syncing both hold the same and every step is kept."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.base.clock import FixedClock
from app.domain.case_judgement import StepInputs
from app.domain.decisions import Decision, Verdict
from app.domain.problems import Refused
from app.sync.views import Trouble
from tests.builders import CONDITION, a_draft
from tests.sync.conftest import MakeOffice
from tests.sync.offices import Office
from tests.sync.test_deciding import decide, steps, two_that_know

DEEDS = st.lists(
    st.sampled_from(["register", "send_verify", "void", "description", "road", "near"]), min_size=1, max_size=4
)
SIDES = st.sampled_from(["mine", "theirs"])
ROUNDS = 8
_PAIR: dict[int, tuple[Office, Office]] = {}


@settings(max_examples=15, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(mine=DEEDS, theirs=DEEDS, sides=st.lists(SIDES, min_size=12, max_size=12))
def test_two_desks_that_worked_apart_on_one_case_end_equal_and_nothing_is_lost(
    make_desk_with_line: MakeOffice, clock: FixedClock, mine: list[str], theirs: list[str], sides: list[str]
) -> None:
    if id(make_desk_with_line) not in _PAIR:
        _PAIR.clear()
        _PAIR[id(make_desk_with_line)] = two_that_know(make_desk_with_line)
    office, other = _PAIR[id(make_desk_with_line)]
    case = office.report()
    office.sync()
    other.sync()
    for number, deed in enumerate(theirs):
        clock.advance(timedelta(minutes=1))
        do(office, case.id, deed, f"甲{number}")
    for number, deed in enumerate(mine):
        clock.advance(timedelta(minutes=1))
        do(other, case.id, deed, f"乙{number}")
    taken = {step.id for desk in (office, other) for step in steps(desk, case.id)}

    for _round in range(ROUNDS):
        if all([office.sync().finished, other.sync().finished, office.sync().finished]):
            break
        for desk in (office, other):
            settle(desk, sides)

    assert office.case(case.id) == other.case(case.id)
    assert steps(office, case.id) == steps(other, case.id)
    assert decisions(office, case.id) == decisions(other, case.id)
    kept = {step.id for step in steps(office, case.id)}
    given_up = {UUID(str(one["id"])) for made in decisions(office, case.id) for one in made.given_up}
    assert taken <= kept | given_up
    assert not kept & given_up
    for desk in (office, other):
        assert set(desk.states()) <= {"settled", "decided"}


def settle(office: Office, sides: list[str]) -> None:
    """A person closes everything that waits for them."""
    for line in office.desk.sync.troubles():
        found = office.desk.sync.trouble(line.record_id)
        if found is not None:
            decide(office, found.record_id, *chosen(found, sides))


def chosen(found: Trouble, sides: list[str]) -> tuple[Verdict, dict[str, str]]:
    free = [clash.name for clash in found.clashes if not clash.only_theirs]
    if not free:
        return Verdict.THEIRS, {}
    return Verdict.MIXED, dict(zip(free, sides, strict=False))


def do(office: Office, case_id: UUID, deed: str, words: str) -> None:
    """One deed of a clerk; a rule may say no."""
    cases, actor = office.desk.cases, office.actor
    try:
        match deed:
            case "description":
                cases.correct(case_id, a_draft(description=f"描述 {words}"), words, actor=actor)
            case "road":
                cases.correct(case_id, a_draft(house_no=words), words, actor=actor)
            case "near":
                cases.correct(case_id, a_draft(near=words, description=f"附近 {words}"), words, actor=actor)
            case _:
                inputs = StepInputs(condition=CONDITION, note=words, collector_name="采集员甲", approved_by="值班长")
                cases.act(case_id, deed, inputs, actor=actor)
    except Refused as refusal:
        if not refusal.code.startswith("case."):
            raise


def decisions(office: Office, case_id: UUID) -> list[Decision]:
    return sorted(office.desk.sync.decisions_of(case_id), key=lambda made: made.id)
