"""Progress and stopping of long work: a job reports through its watch and is stopped through it."""

from __future__ import annotations

import threading
from collections.abc import Callable


class Cancelled(Exception):
    """The person stopped the work; the open transaction rolls back."""


class Watch:
    """What a job holds while it runs. `step` may be called as often as wanted; it is cheap."""

    def __init__(self, report: Callable[[int, int, str], None] | None = None) -> None:
        self._report = report
        self._stop = threading.Event()

    def step(self, done: int, total: int = 0, note: str = "") -> None:
        """Tell how far the work is (total 0: not known yet). Raises Cancelled once stopped."""
        self.check()
        if self._report is not None:
            self._report(done, total, note)

    def check(self) -> None:
        """Raise Cancelled if the person asked to stop."""
        if self._stop.is_set():
            raise Cancelled

    def quiet(self) -> Watch:
        """A watch that stops with this one and tells nobody how far it is: for looking things over before the work."""
        quiet = Watch()
        quiet._stop = self._stop
        return quiet

    def cancel(self) -> None:
        """Ask the job to stop at its next step; may be called from any thread."""
        self._stop.set()


def silent() -> Watch:
    """A watch nobody looks at."""
    return Watch()
