"""What screens and the command line are told of the line: states, lists, outages, the brake."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from app.base.clock import FixedClock
from app.base.watch import Cancelled, Watch
from app.domain.case_judgement import StepInputs
from app.domain.decisions import Verdict
from app.domain.permissions import OfficeRole
from app.domain.problems import Refused, Unavailable
from app.sync.views import LineState, RecordState
from app.wire.sync import Outcome, PullReply, PullRequest, PushReply, PushRequest, Status
from db.queries.sync import put_answer
from db.queries.troubles import of_records
from tests.builders import PASSWORD
from tests.sync.conftest import MakeOffice
from tests.sync.lines import Around, Changes
from tests.sync.offices import Office
from tests.sync.services import a_service
from tests.sync.test_deciding import register, save

ANSWERED = (RecordState.CONFLICT, RecordState.REFUSED, RecordState.HELD)


class Unplugged(Around):
    """A cable somebody can pull."""

    pulled_out = False

    def push(self, request: PushRequest) -> PushReply:
        self._reach()
        return super().push(request)

    def pull(self, request: PullRequest) -> PullReply:
        self._reach()
        return super().pull(request)

    def _reach(self) -> None:
        if self.pulled_out:
            raise Unavailable("sync.offline", reason="拔了网线")


def test_a_record_goes_from_waiting_to_with_the_city(make_desk_with_line: MakeOffice) -> None:
    office = make_desk_with_line()
    service = a_service(office)
    case = office.report()
    assert service.delivery(case.id).state is RecordState.WAITING
    assert service.delivery(case.id).waiting == 3

    assert service.run().finished

    assert service.deliveries([case.id])[case.id].state is RecordState.WITH_CITY
    assert service.queue() == []


def test_a_conflict_is_shown_in_three_columns_in_a_clerks_words(
    make_desk_with_line: MakeOffice, clock: FixedClock
) -> None:
    office, other = make_desk_with_line("A"), make_desk_with_line("B")
    case = office.report()
    office.sync()
    other.sync()
    register(office, case)
    clock.advance(timedelta(minutes=7))
    other.desk.cases.act(case.id, "send_verify", step(), actor=other.actor)
    office.sync()
    service = a_service(other)
    service.run()

    [line] = [line for line in service.troubles() if line.record_id == case.id] or service.troubles()
    found = service.trouble(line.record_id)

    assert found is not None
    shown = {clash.title: (clash.before_words, clash.mine_words, clash.theirs_words) for clash in found.clashes}
    assert shown["环节"] == ("待立案", "核实中", "待派遣")
    assert shown["进入环节时间"] == ("2026-11-02 09:00", "2026-11-02 09:07", "2026-11-02 09:00")
    assert all(clash.only_theirs for clash in found.clashes)
    assert found.steps
    assert "核实" in found.steps[0]
    assert found.theirs_by == "张敏A"
    assert service.delivery(case.id).state in (RecordState.CONFLICT, RecordState.REFUSED)


def test_a_trouble_that_was_decided_is_gone_from_every_list(make_desk_with_line: MakeOffice) -> None:
    office, other = make_desk_with_line("A"), make_desk_with_line("B")
    office.sync()
    other.sync()
    road = office.desk.directory.roads()[0]
    save(office, road, chief="李路长")
    office.sync()
    mine = next(one for one in other.desk.directory.roads() if one.name == road.name)
    service = a_service(other)
    service.run()
    save(office, road, chief="李路长二")
    office.sync()
    save(other, mine if mine.id == road.id else road, chief="王路长")
    service.run()
    assert service.status().conflicts == 1
    assert [line.state for line in service.queue(RecordState.CONFLICT)] == [RecordState.CONFLICT]

    service.decide(road.id, Verdict.MINE, {}, "核对过了", actor=other.actor)

    assert service.status().conflicts == 0
    assert service.troubles() == []
    assert service.trouble(road.id) is None
    assert [decision.reason for decision in service.decisions_of(road.id)] == ["核对过了"]


def test_a_conflict_is_listed_before_any_number_of_older_held_changes(make_desk_with_line: MakeOffice) -> None:
    office = make_desk_with_line()
    office.sync()
    cases = [office.report() for _ in range(5)]
    road = office.desk.directory.roads()[0]
    save(office, road, chief="王路长")
    answer(office, road.id, Status.CONFLICT)
    for case in cases:
        answer(office, case.id, Status.HELD)
    service = a_service(office)

    told = {state: [line.record_id for line in service.queue(state, limit=1)] for state in ANSWERED}

    assert told == {RecordState.CONFLICT: [road.id], RecordState.REFUSED: [], RecordState.HELD: [cases[0].id]}
    assert [line.record_id for line in service.queue(limit=1)] == [road.id]


def test_an_outage_is_told_while_it_lasts_and_reported_when_it_is_over(
    make_desk_with_line: MakeOffice, clock: FixedClock
) -> None:
    office = make_desk_with_line()
    line = Unplugged(office.line)
    service = a_service(office, lambda _link: line)
    service.run()
    before = clock.now()
    line.pulled_out = True
    for _try in range(3):
        clock.advance(timedelta(minutes=10))
        office.report()
        assert service.run().problem_code == "sync.offline"

    status = service.status()
    assert (status.state, status.problem_code) == (LineState.OUTAGE, "sync.offline")
    assert status.problem_details == {"reason": "拔了网线"}
    assert (status.outage_since, status.last_success_at) == (before + timedelta(minutes=10), before)
    assert status.waiting == 9
    assert service.outages() == []

    line.pulled_out = False
    clock.advance(timedelta(minutes=10))
    assert service.run().finished

    assert service.status().state is LineState.IDLE
    [outage] = service.outages()
    assert (outage.since, outage.until) == (before + timedelta(minutes=10), clock.now())
    assert (outage.tries, outage.most_waiting, outage.waiting, outage.equal) == (3, 9, 0, True)
    assert outage.pushed >= 9


def test_a_new_program_tells_the_same_as_the_one_before(make_desk_with_line: MakeOffice) -> None:
    office = make_desk_with_line()
    line = Unplugged(office.line)
    line.pulled_out = True
    office.report()
    first = a_service(office, lambda _link: line)
    first.run()

    assert a_service(office).status() == first.status()


def test_a_pc_the_city_turned_away_stops_and_keeps_its_work(make_desk_with_line: MakeOffice) -> None:
    office = make_desk_with_line()
    service = a_service(office, lambda link: TurnedAway(office.line_of(link)))
    office.report()

    report = service.run()

    assert report.problem_code == "sync.device_revoked"
    assert service.status().state is LineState.STOPPED


class TurnedAway(Around):
    """The city still takes what this PC has, and gives nothing."""

    def pull(self, _request: Any) -> Any:
        raise Refused("sync.device_revoked")

    def snapshot(self, *_asked: Any) -> Any:
        raise Refused("sync.device_revoked")


def test_a_pause_is_kept_and_told(make_desk_with_line: MakeOffice) -> None:
    office = make_desk_with_line()
    service = a_service(office)

    service.set_paused(True, actor=office.actor)
    assert a_service(office).status().state is LineState.PAUSED
    service.set_paused(False, actor=office.actor)

    assert service.status().state is LineState.IDLE


def test_only_an_administrator_lets_removals_through(make_desk_with_line: MakeOffice) -> None:
    office = make_desk_with_line()
    clerk = office.desk.accounts.add_person("李华", "lihua", [OfficeRole.ACCEPTOR], PASSWORD, actor=office.actor)
    service = a_service(office)

    with pytest.raises(Refused, match=r"sync\.not_administrator"):
        service.allow_removals(actor=office.desk.accounts.actor(clerk.id))
    assert service.allow_removals(actor=office.actor) == 0


def test_a_run_that_somebody_stopped_goes_on_another_time(make_desk_with_line: MakeOffice) -> None:
    office = make_desk_with_line()
    service = a_service(office)
    office.report()
    watch = Watch()
    watch.cancel()

    with pytest.raises(Cancelled):
        service.run(watch)

    assert service.status().state is LineState.IDLE
    assert service.run().finished


def test_the_clocks_difference_is_told(make_desk_with_line: MakeOffice) -> None:
    office = make_desk_with_line()
    ahead = office.desk.clock.now() + timedelta(seconds=400)

    office.sync(Changes(office.line, lambda reply: reply.model_copy(update={"now": ahead})))

    assert a_service(office).status().clock_offset_s == 400


def step() -> StepInputs:
    return StepInputs(collector_name="采集员甲", note="请核实")


def answer(office: Office, record_id: UUID, status: Status) -> None:
    """The city's answer to every open change of a record."""
    with office.desk.store.local() as connection:
        for change in of_records(connection, [record_id]):
            said = Outcome(change_id=change.change_id, status=status)
            put_answer(connection, change.record_type, record_id.bytes, said, office.desk.clock.now())
