"""Work beside the screen: what is promised of threads, answers and endings."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from uuid import UUID, uuid4

import pytest
from PySide6.QtCore import QObject, QThread
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from app.base.changes import ChangeSet
from app.base.watch import Watch
from app.domain.problems import Problem, Refused
from ui.bridge import StoreBridge
from ui.tasks import Latest, TaskRunner


@pytest.fixture
def told() -> list[object]:
    """What reached the places for problems and bugs nobody else takes."""
    return []


@pytest.fixture
def tasks(qtbot: QtBot, told: list[object]) -> Iterator[TaskRunner]:
    runner = TaskRunner(on_problem=told.append, on_crash=told.append)
    yield runner
    runner.shutdown()


class Page(QObject):
    """Somebody who waits for an answer."""

    def __init__(self) -> None:
        super().__init__()
        self.answers: list[object] = []
        self.threads: list[QThread] = []

    def take(self, answer: object) -> None:
        self.answers.append(answer)
        self.threads.append(QThread.currentThread())


def test_an_answer_comes_in_the_main_thread(tasks: TaskRunner, qtbot: QtBot) -> None:
    page = Page()

    task = tasks.read(lambda _watch: threading.current_thread().name, done=page.take)
    qtbot.waitUntil(lambda: not task.running)

    assert str(page.answers[0]).startswith("reader")
    assert page.threads == [QThread.currentThread()]


def test_an_answer_never_comes_before_the_asker_could_listen(tasks: TaskRunner, qtbot: QtBot) -> None:
    finished = threading.Event()
    heard: list[object] = []

    def job(_watch: Watch) -> int:
        finished.set()
        return 7

    task = tasks.read(job)
    assert finished.wait(5)
    task.succeeded.connect(heard.append)

    qtbot.waitUntil(lambda: heard == [7])


def test_writes_are_done_one_after_the_other_in_order(tasks: TaskRunner, qtbot: QtBot) -> None:
    order: list[int] = []
    inside: list[int] = []

    def job(number: int) -> Callable[[Watch], None]:
        def run(_watch: Watch) -> None:
            inside.append(number)
            assert len(inside) == 1
            order.append(number)
            inside.remove(number)

        return run

    last = [tasks.write(job(number)) for number in range(50)][-1]
    qtbot.waitUntil(lambda: not last.running)

    assert order == list(range(50))


def test_a_problem_goes_to_the_asker_and_a_bug_to_the_crash_box(
    tasks: TaskRunner, qtbot: QtBot, told: list[object]
) -> None:
    refused: list[Problem] = []

    def refuse(_watch: Watch) -> None:
        raise Refused("store.not_set_up")

    def break_(_watch: Watch) -> None:
        raise ZeroDivisionError

    tasks.write(refuse, failed=refused.append)
    task = tasks.write(break_, failed=refused.append)
    with qtbot.waitSignal(task.ended):
        pass

    assert [problem.code for problem in refused] == ["store.not_set_up"]
    assert [type(bug) for bug in told] == [ZeroDivisionError]


def test_a_problem_nobody_takes_is_still_shown(tasks: TaskRunner, qtbot: QtBot, told: list[object]) -> None:
    def refuse(_watch: Watch) -> None:
        raise Refused("store.not_set_up")

    task = tasks.write(refuse)
    with qtbot.waitSignal(task.ended):
        pass

    assert isinstance(told[0], Refused)


def test_a_page_that_was_closed_is_not_called_back(tasks: TaskRunner, qtbot: QtBot) -> None:
    go = threading.Event()
    page = Page()
    answers = page.answers

    task = tasks.read(lambda _watch: go.wait(5), done=page.take)
    delete(page)
    go.set()
    with qtbot.waitSignal(task.ended):
        pass

    assert answers == []


def test_a_problem_of_a_closed_page_is_shown_by_the_window(tasks: TaskRunner, qtbot: QtBot, told: list[object]) -> None:
    go = threading.Event()
    page = Page()

    def refuse(_watch: Watch) -> None:
        go.wait(5)
        raise Refused("store.not_set_up")

    task = tasks.write(refuse, failed=page.take)
    delete(page)
    go.set()
    with qtbot.waitSignal(task.ended):
        pass

    assert isinstance(told[0], Refused)


def test_a_stopped_job_says_nothing_but_that_it_ended(tasks: TaskRunner, qtbot: QtBot, told: list[object]) -> None:
    started = threading.Event()
    go = threading.Event()
    answers: list[object] = []

    def job(watch: Watch) -> str:
        started.set()
        go.wait(5)
        watch.step(1, 2)
        return "done"

    task = tasks.read(job, done=answers.append, failed=answers.append)
    assert started.wait(5)
    task.cancel()
    go.set()
    with qtbot.waitSignal(task.ended):
        pass

    assert answers == []
    assert told == []


def test_progress_reaches_the_screen_and_its_last_step_is_never_lost(tasks: TaskRunner, qtbot: QtBot) -> None:
    steps: list[tuple[int, int, str]] = []

    def job(watch: Watch) -> None:
        for done in range(1, 10_001):
            watch.step(done, 10_000, "行")

    task = tasks.read(job)
    task.progressed.connect(lambda *step: steps.append(step))
    with qtbot.waitSignal(task.ended):
        pass

    assert steps[-1] == (10_000, 10_000, "行")
    assert len(steps) < 1_000


def test_only_the_newest_question_is_answered(tasks: TaskRunner, qtbot: QtBot) -> None:
    answers: list[str] = []
    go = threading.Event()
    latest = Latest(tasks, done=answers.append)

    latest.ask(lambda _watch: str(go.wait(5)))
    latest.ask(lambda _watch: "占道")
    go.set()
    qtbot.waitUntil(lambda: bool(answers) and not tasks.busy())

    assert answers == ["占道"]


def test_typing_quickly_asks_once(tasks: TaskRunner, qtbot: QtBot) -> None:
    asked: list[str] = []
    latest = Latest(tasks, done=lambda _answer: None, pause_ms=10)

    for text in ("z", "zd", "zdjy"):
        latest.ask(lambda _watch, text=text: asked.append(text))  # type: ignore[misc]
    qtbot.waitUntil(lambda: asked == ["zdjy"] and not tasks.busy())


def test_shutting_down_finishes_every_write_and_tells_its_end(qtbot: QtBot) -> None:
    runner = TaskRunner()
    written: list[int] = []
    told: list[object] = []

    for number in range(20):
        runner.write(lambda _watch, number=number: written.append(number), done=told.append)  # type: ignore[misc]
    runner.shutdown()

    assert written == list(range(20))
    assert len(told) == 20
    assert not runner.busy()


def test_what_a_commit_touched_is_told_in_the_main_thread_and_bursts_arrive_as_one(qtbot: QtBot) -> None:
    listeners: list[Callable[[ChangeSet], None]] = []

    def listen(listener: Callable[[ChangeSet], None]) -> Callable[[], None]:
        listeners.append(listener)
        return lambda: listeners.remove(listener)

    bridge = StoreBridge(listen)
    heard: list[ChangeSet] = []
    bridge.changed.connect(heard.append)
    first, second = uuid4(), uuid4()

    def commit() -> None:
        for one in (first, second):
            listeners[0](ChangeSet(touched={"case": frozenset({one})}))

    writer = threading.Thread(target=commit)
    writer.start()
    writer.join()
    qtbot.waitUntil(lambda: bool(heard))
    bridge.close()

    ids: frozenset[UUID] = heard[0].ids("case")
    assert ids == {first, second}
    assert len(heard) == 1
    assert listeners == []
