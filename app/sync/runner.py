"""The line's own thread: runs when it is time, holds a question open at the city in between, ends within a second or two."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Protocol

from app.base.clock import Clock
from app.base.logs import Log
from app.base.watch import Cancelled, Watch
from app.domain.problems import Problem
from app.sync.schedule import Chance, Moment, Schedule
from app.sync.status import STOPS, Live
from app.sync.views import LineState, SyncReport, SyncStatus

log = Log("sync")
NEWS_S = 5
"""One question to the city stays open this long; then the button and the clock are looked at."""
PATIENCE_S = 2.0
"""Stopping waits this long for a question that does not end when it is broken off; its answer is not used then."""
LONGEST_NAP_S = 20.0
"""A PC that slept wakes into one of these; the steady clock may have stood still meanwhile."""
_ASLEEP = frozenset({LineState.NOT_ENROLLED, LineState.PAUSED, LineState.STOPPED})


class Line(Protocol):
    """What the runner asks of SyncService."""

    live: Live

    @property
    def asking(self) -> bool: ...

    def status(self) -> SyncStatus: ...

    def run(self, watch: Watch | None = None) -> SyncReport: ...

    def wait_for_news(self, seconds: int) -> bool: ...

    def break_off(self) -> None: ...


Tell = Callable[[object], None]
"""Given a SyncStatus, or (done, total, words) of the run under way; called from the runner's thread."""


class SyncRunner:
    """Syncs while the program is open."""

    def __init__(self, service: Line, *, clock: Clock, chance: Chance, tell: Tell) -> None:
        self._service = service
        self._clock = clock
        self._chance = chance
        self._tell = tell
        self._turn = threading.Condition()
        self._watch: Watch | None = None
        self._stopping = False
        self._asked = False
        self._woken = False
        self._listening = False
        self._schedule = Schedule()
        self._last_look = self._moment()
        self._thread = threading.Thread(target=self._go, name="sync", daemon=True)

    @property
    def alive(self) -> bool:
        """True from the start until the thread has ended, whatever ended it."""
        return self._thread.is_alive()

    def start(self) -> None:
        """Begin; the first run comes at once."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread; a run under way ends at its next step and goes on another time. Nobody waits for the city."""
        with self._turn:
            self._stopping = True
            self._turn.notify_all()
        self.cancel()
        self._service.break_off()
        while self.alive:
            self._thread.join(PATIENCE_S)
            if self._listening or self._service.asking:
                # It is still looking for the way to the city, and touches nothing when it comes back.
                return

    def now(self) -> None:
        """Sync at once, also while paused or stopped: somebody pressed the button."""
        with self._turn:
            self._asked = True
            self._turn.notify_all()

    def wake(self) -> None:
        """Something was written here, or the network is back."""
        with self._turn:
            self._woken = True
            self._turn.notify_all()

    def cancel(self) -> None:
        """Stop the run under way; the line goes on waiting for the next."""
        with self._turn:
            if self._watch is None:
                return
            self._watch.cancel()
        self._service.break_off()

    def _go(self) -> None:
        told = False
        while not self._stopping:
            try:
                if not told:
                    self._say_status()
                    told = True
                elif self._is_time():
                    self._run()
                else:
                    self._rest()
            except Problem as problem:
                # The store itself cannot be read (its folder went away): look again in a while.
                log.warning("sync.resting", code=problem.code)
                self._nap(None)

    def _is_time(self) -> bool:
        with self._turn:
            asked, woken = self._asked, self._woken
            self._asked = self._woken = False
        state = self._service.status().state
        if state is LineState.NOT_ENROLLED:
            return False
        if asked:
            return True
        if state in _ASLEEP:
            return False
        before, self._last_look = self._last_look, self._moment()
        if before.slept_until(self._last_look):
            self._schedule = self._schedule.at_once(self._last_look.steady)
        return woken or self._schedule.due(self._clock.steady())

    def _moment(self) -> Moment:
        return Moment(self._clock.now(), self._clock.steady())

    def _run(self) -> None:
        watch = Watch(lambda done, total, note: self._tell((done, total, note)))
        with self._turn:
            if self._stopping:
                return
            self._watch = watch
        self._service.live.running = True
        self._say_status()
        try:
            self._settle(self._service.run(watch).problem_code)
        except Cancelled:
            self._schedule = self._schedule.succeeded(self._clock.steady())
        except Problem as problem:
            log.warning("sync.run_failed", code=problem.code)
            self._settle(problem.code)
        finally:
            self._service.live.running = False
            with self._turn:
                self._watch = None
        self._note_next_try()
        if not self._stopping:
            self._say_status()

    def _settle(self, code: str) -> None:
        now = self._clock.steady()
        if not code:
            self._schedule = self._schedule.succeeded(now)
        elif code in STOPS:
            self._schedule = self._schedule.stopped()
        else:
            self._schedule = self._schedule.failed(now, self._chance)

    def _rest(self) -> None:
        """Until it is time or somebody asks. While the line is up the city is asked for news meanwhile."""
        state = self._service.status().state
        if state is LineState.IDLE and not self._schedule.failures:
            if self._has_news():
                self.wake()
            return
        self._nap(None if state in _ASLEEP else self._schedule.wait_s(self._clock.steady()))

    def _nap(self, wait: float | None) -> None:
        with self._turn:
            if not (self._stopping or self._asked or self._woken):
                self._turn.wait(LONGEST_NAP_S if wait is None else min(wait, LONGEST_NAP_S))

    def _has_news(self) -> bool:
        """Ask the city; trouble counts as news, for the next run finds it again and writes it down."""
        if self._stopping:
            return False
        self._listening = True
        try:
            return self._service.wait_for_news(NEWS_S)
        except Cancelled:
            return False
        except Problem as problem:
            log.info("sync.no_news", code=problem.code)
            return True
        finally:
            self._listening = False

    def _note_next_try(self) -> None:
        wait = self._schedule.wait_s(self._clock.steady())
        self._service.live.next_try_at = None if wait is None else self._clock.now() + timedelta(seconds=wait)

    def _say_status(self) -> None:
        self._tell(self._service.status())
