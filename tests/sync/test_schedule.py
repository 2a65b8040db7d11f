"""When the line tries again, and the thread that does it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from queue import Queue

from hypothesis import given
from hypothesis import strategies as st

from app.base.clock import FixedClock
from app.base.watch import Cancelled, Watch
from app.domain.problems import Unavailable
from app.sync.runner import SyncRunner
from app.sync.schedule import AFTER_SUCCESS_S, LONGEST_WAIT_S, Moment, Schedule
from app.sync.status import Live
from app.sync.views import LineState, SyncReport, SyncStatus
from tests.builders import NINE

PATIENCE_S = 20


def half() -> float:
    return 0.5


def test_a_fresh_line_tries_at_once() -> None:
    assert Schedule().due(0)


def test_after_a_success_it_waits_a_minute() -> None:
    assert Schedule().succeeded(100).wait_s(100) == AFTER_SUCCESS_S


def test_after_each_failure_it_waits_twice_as_long_up_to_ten_minutes() -> None:
    schedule, waits = Schedule(), []
    for _failure in range(10):
        schedule = schedule.failed(0, half)
        waits.append(schedule.wait_s(0))

    assert waits == [5, 10, 20, 40, 80, 160, 320, 600, 600, 600]
    assert schedule.succeeded(0).failed(0, half).wait_s(0) == 5


@given(failures=st.integers(0, 200), chance=st.floats(0, 1, exclude_max=True))
def test_no_two_desks_need_try_together_and_none_waits_forever(failures: int, chance: float) -> None:
    wait = Schedule(failures).failed(0, lambda: chance).wait_s(0)

    assert wait is not None
    assert 3 < wait <= LONGEST_WAIT_S * 1.25


def test_a_stopped_line_waits_until_somebody_asks() -> None:
    stopped = Schedule().stopped()

    assert stopped.wait_s(1e9) is None
    assert not stopped.due(1e9)
    assert stopped.at_once(5).due(5)


def test_a_pc_that_slept_tries_at_once_and_one_that_only_waited_does_not() -> None:
    evening = Moment(NINE, 100)

    assert evening.slept_until(Moment(NINE + timedelta(hours=9), 130))
    assert not evening.slept_until(Moment(NINE + timedelta(minutes=10), 700))
    assert not evening.slept_until(Moment(NINE - timedelta(days=1), 101))


class Service:
    """A line whose runs a test watches; each run ends as the test says."""

    def __init__(self) -> None:
        self.live = Live()
        self.asking = False
        self.broken_off = threading.Event()
        self.looks = 0
        self.state = LineState.IDLE
        self.runs: Queue[Watch] = Queue()
        self.questions: Queue[int] = Queue()
        self.news = threading.Event()
        self.ends: Callable[[Watch], SyncReport] = lambda _watch: SyncReport(finished=True)

    def status(self) -> SyncStatus:
        self.looks += 1
        return SyncStatus(LineState.RUNNING if self.live.running else self.state)

    def run(self, watch: Watch | None = None) -> SyncReport:
        assert watch is not None
        self.runs.put(watch)
        return self.ends(watch)

    def break_off(self) -> None:
        self.broken_off.set()

    def wait_for_news(self, seconds: int) -> bool:
        self.questions.put(seconds)
        found = self.news.wait(0.05)
        self.news.clear()
        return found


def running(service: Service, clock: FixedClock, told: list[object]) -> SyncRunner:
    runner = SyncRunner(service, clock=clock, chance=half, tell=told.append)
    runner.start()
    return runner


def test_the_runner_runs_at_once_then_listens_and_runs_again_on_news(clock: FixedClock) -> None:
    service, told = Service(), list[object]()
    runner = running(service, clock, told)
    service.runs.get(timeout=PATIENCE_S)
    service.questions.get(timeout=PATIENCE_S)

    service.news.set()

    service.runs.get(timeout=PATIENCE_S)
    runner.stop()
    states = [event.state for event in told if isinstance(event, SyncStatus)]
    assert states[:3] == [LineState.IDLE, LineState.RUNNING, LineState.IDLE]


def test_what_was_written_here_goes_at_once(clock: FixedClock) -> None:
    service = Service()
    runner = running(service, clock, [])
    service.runs.get(timeout=PATIENCE_S)

    runner.wake()

    service.runs.get(timeout=PATIENCE_S)
    runner.stop()


def test_a_failed_run_waits_and_says_when_it_tries_again(clock: FixedClock) -> None:
    service, told = Service(), list[object]()
    failed = threading.Event()

    def fail(_watch: Watch) -> SyncReport:
        service.state = LineState.OUTAGE
        failed.set()
        raise Unavailable("sync.offline", reason="test")

    service.ends = fail
    runner = running(service, clock, told)
    assert failed.wait(PATIENCE_S)
    service.runs.get(timeout=PATIENCE_S)
    runner.now()
    service.runs.get(timeout=PATIENCE_S)
    runner.stop()

    assert service.live.next_try_at is not None
    assert service.live.next_try_at > clock.now()
    assert service.questions.empty(), "an outage asks no questions in between"


def test_a_paused_line_runs_when_the_button_is_pressed_and_not_before(clock: FixedClock) -> None:
    service = Service()
    service.state = LineState.PAUSED
    runner = running(service, clock, [])
    runner.wake()

    runner.now()

    service.runs.get(timeout=PATIENCE_S)
    runner.stop()
    assert service.runs.empty()
    assert service.looks < 20, "a paused line sleeps"


def test_stopping_ends_a_run_at_its_next_step(clock: FixedClock) -> None:
    service = Service()

    def long(watch: Watch) -> SyncReport:
        while True:
            watch.step(0)

    service.ends = long
    told: list[object] = []
    runner = running(service, clock, told)
    service.runs.get(timeout=PATIENCE_S)

    runner.stop()

    assert not [thread for thread in threading.enumerate() if thread.name == "sync"]
    assert (0, 0, "") in told


def test_the_line_is_alive_only_while_its_thread_is(clock: FixedClock) -> None:
    service = Service()
    runner = SyncRunner(service, clock=clock, chance=half, tell=lambda _event: None)
    assert not runner.alive
    runner.start()
    service.runs.get(timeout=PATIENCE_S)
    assert runner.alive

    runner.stop()

    assert not runner.alive


def test_stopping_does_not_wait_for_a_question_that_stays_open(clock: FixedClock) -> None:
    service, answered, ended = Service(), threading.Event(), threading.Event()

    def hangs(seconds: int) -> bool:
        service.questions.put(seconds)
        answered.wait(PATIENCE_S)
        ended.set()
        return True

    service.wait_for_news = hangs  # type: ignore[method-assign]
    runner = running(service, clock, [])
    service.questions.get(timeout=PATIENCE_S)

    runner.stop()

    assert not ended.is_set()
    assert service.runs.qsize() == 1
    answered.set()
    assert ended.wait(PATIENCE_S)


def test_stopping_does_not_wait_for_a_run_that_still_looks_for_the_way_to_the_city(clock: FixedClock) -> None:
    service, found, ended = Service(), threading.Event(), threading.Event()

    def looks(_watch: Watch) -> SyncReport:
        service.asking = True
        found.wait(PATIENCE_S)
        ended.set()
        raise Cancelled

    service.ends = looks
    told: list[object] = []
    runner = running(service, clock, told)
    service.runs.get(timeout=PATIENCE_S)

    runner.stop()

    assert service.broken_off.is_set()
    assert not ended.is_set()
    said, looked = len(told), service.looks
    found.set()
    assert ended.wait(PATIENCE_S)
    runner._thread.join(PATIENCE_S)
    assert (len(told), service.looks) == (said, looked), "it touches nothing when it comes back"


def test_a_line_that_was_turned_away_asks_nothing_by_itself(clock: FixedClock) -> None:
    service = Service()

    def turned_away(_watch: Watch) -> SyncReport:
        service.state = LineState.STOPPED
        return SyncReport(problem_code="sync.device_revoked")

    service.ends = turned_away
    runner = running(service, clock, [])
    service.runs.get(timeout=PATIENCE_S)
    runner.wake()
    runner.stop()

    assert service.runs.empty()
    assert service.live.next_try_at is None
