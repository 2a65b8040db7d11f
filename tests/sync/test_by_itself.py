"""What desks do by themselves, each of them alike, leaves no person anything to decide."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from app.base.clock import FixedClock
from app.domain.case_judgement import StepInputs
from app.domain.cases import CaseStep
from app.domain.stages import Stage
from tests.sync.conftest import MakeOffice
from tests.sync.offices import Office


def test_a_case_two_desks_brought_back_by_themselves_is_back_once(
    make_desk_with_line: MakeOffice, clock: FixedClock
) -> None:
    office, other = make_desk_with_line("A"), make_desk_with_line("B")
    case_id = a_suspended_case(office, clock)
    for one in (office, other):
        one.sync()
    clock.advance(timedelta(days=4))
    for one in (office, other):
        assert len(one.desk.cases.resume_due(actor=one.desk.accounts.system())) == 1
        clock.advance(timedelta(minutes=1))

    for one in (office, other, office):
        report = one.sync()

    assert (report.conflicts, report.refused, report.held) == (0, 0, 0)
    assert other.desk.sync.status().conflicts == other.desk.sync.status().held == 0
    for one in (office, other):
        with one.desk.store.read() as reader:
            steps = [step.action for step in reader.children(CaseStep, case_id)]
        case = one.case(case_id)
        assert case is not None
        assert (case.stage, steps.count("resume")) == (Stage.PENDING_HANDLE, 1)


def a_suspended_case(office: Office, clock: FixedClock) -> UUID:
    """A case at its unit, suspended for three days."""
    cases, case = office.desk.cases, office.report()
    unit = office.desk.directory.units()[0]
    cases.act(case.id, "register", StepInputs(), actor=office.actor)
    cases.act(case.id, "dispatch", StepInputs(unit_id=unit.id, unit_name=unit.name), actor=office.actor)
    until = clock.now() + timedelta(days=3)
    inputs = StepInputs(note="等施工", until=until, approved_by="值班长")
    cases.act(case.id, "suspend", inputs, actor=office.actor)
    return case.id
