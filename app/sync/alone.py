"""One sync at a time per store, whichever program runs it: a lock with its owner and a heartbeat."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from app.base.clock import Clock
from app.base.paths import StorePaths
from app.base.watch import Watch
from app.domain.problems import Unavailable
from db.lock import StoreLock

BEAT_S = 30.0


class BeatingWatch(Watch):
    """The run's watch: reports and stops as the given one does, and shows life beside."""

    def __init__(self, inner: Watch, lock: StoreLock, clock: Clock) -> None:
        super().__init__()
        self._inner = inner
        self._store_lock = lock
        self._clock = clock
        self._beat_at = clock.steady()

    def step(self, done: int, total: int = 0, note: str = "") -> None:
        self._beat()
        self._inner.step(done, total, note)

    def check(self) -> None:
        self._beat()
        self._inner.check()

    def cancel(self) -> None:
        self._inner.cancel()

    def _beat(self) -> None:
        if self._clock.steady() - self._beat_at >= BEAT_S:
            self._beat_at = self._clock.steady()
            self._store_lock.beat()


@contextmanager
def syncing(paths: StorePaths, clock: Clock, watch: Watch) -> Iterator[Watch]:
    """Hold the line of a store; gives the watch to run with. Raises Unavailable("sync.running", owner=…)."""
    lock = StoreLock(paths.sync_lock, clock, "sync")
    try:
        lock.take()
    except Unavailable as problem:
        if not problem.code.startswith("store.locked_by"):
            raise
        raise Unavailable("sync.running", owner=problem.details["owner"]) from problem
    try:
        yield BeatingWatch(watch, lock, clock)
    finally:
        lock.release()
