"""Work beside the screen: one writer thread in order, two reader threads, answers in the main thread."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Generic, TypeVar

from PySide6.QtCore import QCoreApplication, QObject, Qt, QTimer, Signal, Slot
from shiboken6 import isValid

from app.base.watch import Cancelled, Watch
from app.domain.problems import Problem

T = TypeVar("T")
Job = Callable[[Watch], T]
REPORT_EVERY_S = 0.05


class Task(QObject):
    """One job under way. `ended` comes last whatever happened; a stopped job says nothing but `ended`."""

    progressed = Signal(int, int, str)
    succeeded = Signal(object)
    failed = Signal(object)
    ended = Signal()
    _reported = Signal(int, int, str)
    _answered = Signal(object)

    def __init__(
        self, parent: QObject, done: Callable[..., object] | None, failed: Callable[..., object] | None
    ) -> None:
        super().__init__(parent)
        self.running = True
        self._done = done
        self._failed = failed
        self._forgotten = False
        self._last_report_s = 0.0
        self._watch = Watch(self._report)
        queued = Qt.ConnectionType.QueuedConnection
        self._reported.connect(self._on_reported, queued)
        self._answered.connect(self._on_answered, queued)

    def cancel(self) -> None:
        """Ask the job to stop at its next step; its transaction rolls back."""
        self._watch.cancel()

    def forget(self) -> None:
        """Stop, and call nobody back whatever comes of it. `ended` is still told."""
        self._forgotten = True
        self.cancel()

    def _report(self, done: int, total: int, note: str) -> None:
        now = time.monotonic()
        if now - self._last_report_s >= REPORT_EVERY_S or (total and done >= total):
            self._last_report_s = now
            self._reported.emit(done, total, note)

    def run(self, job: Job[T]) -> None:
        """Do the job in this (worker) thread and post its end to the main thread."""
        try:
            self._watch.check()
            end: object = _Done(job(self._watch))
        except Cancelled:
            end = None
        except Exception as error:
            # The one broad catch: what nobody foresaw goes to the crash box, and the thread lives on.
            end = error
        self._answered.emit(end)

    @Slot(int, int, str)
    def _on_reported(self, done: int, total: int, note: str) -> None:
        if self.running and not self._forgotten:
            self.progressed.emit(done, total, note)

    @Slot(object)
    def _on_answered(self, end: object) -> None:
        self.running = False
        try:
            self._deliver(end)
        finally:
            self.ended.emit()
            self.deleteLater()

    def _deliver(self, end: object) -> None:
        runner = self.parent()
        if isinstance(end, _Done):
            if not self._forgotten:
                self.succeeded.emit(end.value)
                _call(self._done, end.value)
        elif isinstance(end, Problem):
            if not self._forgotten:
                self.failed.emit(end)
                if not _call(self._failed, end) and isinstance(runner, TaskRunner):
                    runner.tell_problem(end)
        elif isinstance(end, Exception) and isinstance(runner, TaskRunner):
            self.failed.emit(end)
            runner.tell_crash(end)


class _Done:
    def __init__(self, value: object) -> None:
        self.value = value


class TaskRunner(QObject):
    """The threads of one window. Without `failed`, a problem goes to `on_problem`; a bug goes to `on_crash`."""

    def __init__(
        self,
        parent: QObject | None = None,
        *,
        on_problem: Callable[[Problem], object] | None = None,
        on_crash: Callable[[BaseException], object] | None = None,
    ) -> None:
        super().__init__(parent)
        self._on_problem = on_problem
        self._on_crash = on_crash
        self._writer = ThreadPoolExecutor(1, "writer")
        self._readers = ThreadPoolExecutor(2, "reader")
        self._writing: set[Task] = set()
        self._reading: set[Task] = set()

    def write(
        self,
        job: Job[T],
        *,
        done: Callable[[T], object] | None = None,
        failed: Callable[[Problem], object] | None = None,
    ) -> Task:
        """Do `job` after all writing asked for before."""
        return self._start(self._writer, self._writing, Task(self, done, failed), job)

    def read(
        self,
        job: Job[T],
        *,
        done: Callable[[T], object] | None = None,
        failed: Callable[[Problem], object] | None = None,
    ) -> Task:
        """Do `job` beside the writing."""
        return self._start(self._readers, self._reading, Task(self, done, failed), job)

    def busy(self) -> bool:
        """True while any job waits or runs."""
        return bool(self._writing or self._reading)

    def shutdown(self) -> None:
        """Stop all reading, let every write asked for finish and tell its end, and wait for the threads."""
        for task in tuple(self._reading):
            task.forget()
        self._readers.shutdown(wait=False, cancel_futures=True)
        self._writer.shutdown(wait=True)
        for task in tuple(self._writing):
            QCoreApplication.sendPostedEvents(task)
        self._readers.shutdown(wait=True)
        self._reading.clear()

    def tell_problem(self, problem: Problem) -> None:
        """Show a problem whose asker named no place for it."""
        if self._on_problem is None:
            raise problem
        self._on_problem(problem)

    def tell_crash(self, error: BaseException) -> None:
        """Show a bug."""
        if self._on_crash is None:
            raise error
        self._on_crash(error)

    def _start(self, threads: ThreadPoolExecutor, kept: set[Task], task: Task, job: Job[T]) -> Task:
        kept.add(task)
        task.ended.connect(partial(kept.discard, task))
        threads.submit(task.run, job)
        return task


class Latest(QObject, Generic[T]):
    """Asks again and again while somebody types; only the answer to the newest question arrives."""

    def __init__(
        self,
        runner: TaskRunner,
        *,
        done: Callable[[T], object],
        failed: Callable[[Problem], object] | None = None,
        pause_ms: int = 0,
        parent: QObject | None = None,
    ) -> None:
        """pause_ms: how long the typing must rest before a question is asked."""
        super().__init__(parent)
        self._runner = runner
        self._done = done
        self._failed = failed
        self._task: Task | None = None
        self._job: Job[T] | None = None
        self._pause = QTimer(self, singleShot=True, interval=pause_ms)
        self._pause.timeout.connect(self._ask_now)

    def ask(self, job: Job[T]) -> None:
        """Ask `job`; whatever was asked before is forgotten."""
        self.drop()
        self._job = job
        if self._pause.interval():
            self._pause.start()
        else:
            self._ask_now()

    def drop(self) -> None:
        """Forget the question; no answer will come."""
        self._pause.stop()
        if self._task is not None:
            self._task.forget()
            self._task = None

    @Slot()
    def _ask_now(self) -> None:
        if self._job is not None:
            self._task = self._runner.read(self._job, done=self._answer, failed=self._failed)

    def _answer(self, value: T) -> None:
        self._task = None
        self._done(value)


def _call(callback: Callable[..., object] | None, value: object) -> bool:
    """Call back unless the page that waits is gone; True when somebody was called."""
    if callback is None:
        return False
    target = callback
    while isinstance(target, partial):
        target = target.func
    waiting = getattr(target, "__self__", None)
    if isinstance(waiting, QObject) and not isValid(waiting):
        return False
    callback(value)
    return True
