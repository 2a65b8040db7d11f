"""The line's own thread told to Qt: what it says arrives in the main thread, what it is asked goes to it at once."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal, Slot

from app.sync.views import SyncStatus

if TYPE_CHECKING:
    from app.desk import Desk
    from app.sync.runner import SyncRunner


class DeskLine(QObject):
    """Syncs beside the screen while somebody is signed in.

    told: a SyncStatus. progressed: done, total, words of the run under way.
    """

    told = Signal(object)
    progressed = Signal(int, int, str)
    _said = Signal(object)

    def __init__(self, desk: Desk, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self._runner: SyncRunner | None = None
        self._waiting = 0
        self._stopped = False
        self._said.connect(self._tell, Qt.ConnectionType.QueuedConnection)

    @property
    def running(self) -> bool:
        """True while the thread lives."""
        return self._runner is not None and self._runner.alive

    def start(self) -> None:
        """Begin, unless it has begun or was stopped for good."""
        if self._runner is None and not self._stopped:
            from app.sync.runner import SyncRunner

            desk = self._desk
            self._runner = SyncRunner(desk.sync, clock=desk.clock, chance=random.random, tell=self._hear)
            self._runner.start()

    def stop(self) -> None:
        """End the thread for good; whatever it is doing ends at its next step and is taken up another time."""
        self._stopped = True
        runner, self._runner = self._runner, None
        if runner is not None:
            runner.stop()

    def now(self) -> None:
        """Sync at once."""
        if self._runner is not None:
            self._runner.now()

    def cancel(self) -> None:
        """Stop the run under way; the line goes on waiting for the next."""
        if self._runner is not None:
            self._runner.cancel()

    def wake(self) -> None:
        """Look again what there is to do."""
        if self._runner is not None:
            self._runner.wake()

    def waits(self, count: int) -> None:
        """So many changes wait now; more than before are sent soon, what the city itself brought wakes nobody."""
        more, self._waiting = count > self._waiting, count
        if more and self._runner is not None:
            self._runner.wake()

    def _hear(self, event: object) -> None:
        """In the line's thread, which may outlive the window by one answer of the city."""
        if not self._stopped:
            self._said.emit(event)

    @Slot(object)
    def _tell(self, event: object) -> None:
        if isinstance(event, SyncStatus):
            self.told.emit(event)
        elif isinstance(event, tuple):
            done, total, words = event
            self.progressed.emit(done, total, words)
