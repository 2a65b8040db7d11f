"""The PC's clock stands a year off: identities and numbers still rise, no lock opens early, nothing resumes by mistake."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from app.base.clock import Clock, FixedClock
from app.base.paths import StorePaths
from app.base.problem_words import problem_cure, problem_text
from app.cli.main import main
from app.desk import Desk, open_desk
from app.domain.cases import Case
from app.domain.permissions import Actor
from app.domain.problems import Refused
from app.domain.stages import Stage
from app.gate import Gate
from tests.builders import PASSWORD, a_draft, inputs
from tests.desks import first_actor, make_desk

YEAR = timedelta(days=365)


class RestartedPc:
    """The same wall clock after the PC was off: its steady seconds start anew."""

    def __init__(self, clock: Clock) -> None:
        self.now = clock.now

    def steady(self) -> float:
        return 0.0


def refusal(gate: Gate, password: str) -> Refused:
    with pytest.raises(Refused) as told:
        gate.enter("zhangmin", password)
    assert problem_text(told.value)
    assert problem_cure(told.value)
    return told.value


def locked_out(gate: Gate, clock: FixedClock) -> None:
    """Five wrong passwords, each after its wait; the clock stands at the last one."""
    waits = []
    for tried in range(5):
        told = refusal(gate, "wrong-Password-1")
        if tried < 4:
            waits.append(told.details["wait_s"])
            clock.advance(timedelta(seconds=float(str(waits[-1]))))
    assert waits == [1, 2, 4, 8]
    assert (told.code, told.details["minutes"]) == ("account.locked", 10)


@pytest.fixture
def gate(desk: Desk, clock: FixedClock) -> Gate:
    return Gate(desk.paths, clock)


def test_waits_grow_and_the_fifth_wrong_password_locks_for_ten_minutes(gate: Gate, clock: FixedClock) -> None:
    locked_out(gate, clock)

    clock.advance(timedelta(minutes=9, seconds=59))
    assert refusal(gate, PASSWORD).code == "account.locked"
    clock.advance(timedelta(seconds=1))
    assert gate.enter("zhangmin", PASSWORD).key


@pytest.mark.parametrize("by", [YEAR, -YEAR, timedelta(minutes=10)], ids=["ahead", "back", "just enough"])
def test_setting_the_clock_neither_opens_nor_prolongs_a_lock(gate: Gate, clock: FixedClock, by: timedelta) -> None:
    locked_out(gate, clock)
    clock.set_wrong(by)

    assert refusal(gate, PASSWORD).code == "account.locked"
    clock.advance(timedelta(minutes=9))
    assert refusal(gate, PASSWORD).details["minutes"] == 1
    clock.advance(timedelta(minutes=1))
    assert gate.enter("zhangmin", PASSWORD).key


def test_another_window_and_a_new_program_know_of_the_lock(desk: Desk, gate: Gate, clock: FixedClock) -> None:
    locked_out(gate, clock)
    clock.set_wrong(YEAR)

    assert refusal(Gate(desk.paths, clock), PASSWORD).code == "account.locked"


def test_a_clock_set_back_before_the_pc_was_restarted_does_not_shorten_the_lock(
    desk: Desk, gate: Gate, clock: FixedClock
) -> None:
    clock.advance(timedelta(hours=1))
    locked_out(gate, clock)
    clock.set_wrong(-YEAR)

    assert refusal(Gate(desk.paths, RestartedPc(clock)), PASSWORD).code == "account.locked"
    clock.advance(timedelta(minutes=10))
    assert Gate(desk.paths, RestartedPc(clock)).enter("zhangmin", PASSWORD).key


@pytest.mark.parametrize("by", [YEAR, -YEAR], ids=["ahead", "back"])
def test_numbers_and_identities_rise_whatever_the_clock_says(tmp_path: Path, clock: FixedClock, by: timedelta) -> None:
    made: list[Case] = []
    desk = make_desk(tmp_path / "store", clock)
    key, paths = desk.accounts._key, desk.paths
    for step in (timedelta(), by, -by, timedelta()):
        desk.close()
        clock.set_wrong(step)
        desk = open_desk(key, paths, clock)
        actor = first_actor(desk)
        made += [desk.cases.report(a_draft(), actor=actor) for _ in range(2)]

    identities = [case.id.bytes for case in made]
    assert identities == sorted(identities)
    assert len({case.local_no for case in made}) == 8
    of_one_day = [case.local_no for case in made if case.created_at == made[0].created_at]
    assert of_one_day == sorted(of_one_day)
    assert len(of_one_day) == 6
    assert desk.audit.broken_at() is None
    desk.close()


@pytest.fixture
def suspended(desk: Desk, actor: Actor, clock: FixedClock) -> Case:
    """A case suspended for ten days, the clock believed so far."""
    assert desk.cases.resume_due(actor=desk.accounts.system()) == []
    case = desk.cases.report(a_draft(), actor=actor)
    desk.cases.act(case.id, "register", inputs(), actor=actor)
    desk.cases.act(case.id, "dispatch", inputs(unit_id=desk.directory.units()[0].id), actor=actor)
    until = clock.now() + timedelta(days=10)
    return desk.cases.act(case.id, "suspend", inputs(until=until), actor=actor)


def test_a_clock_a_year_ahead_resumes_no_suspended_case_and_is_told(
    desk: Desk, suspended: Case, clock: FixedClock
) -> None:
    clock.set_wrong(YEAR)

    assert desk.cases.resume_due(actor=desk.accounts.system()) == []
    assert desk.cases.get(suspended.id).stage == Stage.SUSPENDED
    told = desk.clock_watch.doubt()
    assert told is not None
    assert told.code == "store.clock_ahead"
    assert "2027-11-02" in problem_text(told)
    assert "2026-11-02" in problem_text(told)


def test_the_doubt_outlives_a_restart_and_ends_when_the_clock_is_put_right(
    desk: Desk, suspended: Case, clock: FixedClock
) -> None:
    key, paths = desk.accounts._key, desk.paths
    desk.close()
    clock.set_wrong(YEAR)
    for _start in range(3):
        again = open_desk(key, paths, clock)
        again.accounts.signed_in(first_actor(again))
        assert again.cases.resume_due(actor=again.accounts.system()) == []
        again.close()

    clock.set_wrong(-YEAR)
    again = open_desk(key, paths, clock)

    assert again.clock_watch.doubt() is None
    clock.advance(timedelta(days=10))
    assert [case.id for case in again.cases.resume_due(actor=again.accounts.system())] == [suspended.id]
    again.close()


def test_an_administrator_may_say_that_the_clock_is_right(desk: Desk, suspended: Case, clock: FixedClock) -> None:
    clock.advance(YEAR)
    assert desk.cases.resume_due(actor=desk.accounts.system()) == []

    with pytest.raises(Refused):
        desk.clock_watch.confirm(actor=desk.accounts.system())
    desk.clock_watch.confirm(actor=first_actor(desk))

    assert [case.id for case in desk.cases.resume_due(actor=desk.accounts.system())] == [suspended.id]


def test_a_clock_set_back_is_told_and_work_goes_on(desk: Desk, actor: Actor, clock: FixedClock) -> None:
    assert desk.clock_watch.doubt() is None
    clock.set_wrong(-YEAR)

    told = desk.clock_watch.doubt()

    assert told is not None
    assert told.code == "store.clock_behind"
    assert desk.cases.report(a_draft(), actor=actor).reported_at == clock.now()


def test_weeks_without_anybody_at_the_desk_are_no_reason_for_doubt(
    desk: Desk, suspended: Case, clock: FixedClock
) -> None:
    clock.advance(timedelta(days=40))

    assert [case.id for case in desk.cases.resume_due(actor=desk.accounts.system())] == [suspended.id]


def test_the_command_line_tells_of_a_doubtful_clock_and_takes_the_confirmation(
    tmp_path: Path, clock: FixedClock, capsys: pytest.CaptureFixture[str]
) -> None:
    clock.set_wrong(-10 * YEAR)
    desk = make_desk(tmp_path / "store", clock)
    assert desk.clock_watch.doubt() is None
    desk.close()
    secret = tmp_path / "password.txt"
    secret.write_text(PASSWORD, encoding="utf-8")
    base = ["--store", str(StorePaths.of(tmp_path / "store").folder), "--password-file", str(secret), "--json"]

    codes = [main([*base, "stats"]), main([*base, "confirm-clock"])]
    first = capsys.readouterr()
    codes.append(main([*base, "stats"]))
    second = capsys.readouterr()

    assert codes == [0, 0, 0]
    assert "时钟" in first.err
    assert second.err == ""
    assert json.loads(second.out)["case"] == 0
