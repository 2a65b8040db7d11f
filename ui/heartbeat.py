"""What happens by itself while the window is open: foreign writes are noticed, suspensions end, lights move on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from app.base.watch import Watch
from app.domain.problems import Problem
from ui.tasks import Task, TaskRunner

if TYPE_CHECKING:
    from app.desk import Desk
    from app.domain.cases import Case

FOREIGN_MS = 5_000
MINUTE_MS = 60_000


class Heartbeat(QObject):
    """`minute`: a minute went by. `resumed`: how many suspended cases came back by themselves."""

    minute = Signal()
    resumed = Signal(int)

    def __init__(self, desk: Desk, tasks: TaskRunner, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self._tasks = tasks
        self._stamp: object = None
        self._asking: Task | None = None
        self._every(FOREIGN_MS, self.look_for_foreign_writes)
        self._every(MINUTE_MS, self.pass_a_minute)
        self.look_for_foreign_writes()
        self._resume()
        self._mark_missed()
        self._settle_field_work()

    def stop(self) -> None:
        """Do nothing more."""
        for timer in self.findChildren(QTimer):
            timer.stop()

    def look_for_foreign_writes(self) -> None:
        """Ask whether the command line beside this window wrote something."""
        if self._asking is None:
            desk = self._desk
            self._asking = self._tasks.read(
                lambda _watch: desk.store.foreign_stamp(), done=self._stamped, failed=_unseen
            )
            self._asking.ended.connect(self._asked)

    def pass_a_minute(self) -> None:
        """Bring back suspended cases whose day has come, mark rounds that were missed, and let the lights move on."""
        self._resume()
        self._mark_missed()
        self._settle_field_work()
        self.minute.emit()

    def lay_out_missing(self) -> None:
        """A calendar may have come: cases that waited for it get their due times."""
        desk = self._desk
        self._tasks.write(lambda _watch: desk.cases.lay_out_missing(actor=desk.accounts.system()), failed=_unseen)

    def _every(self, interval_ms: int, act: object) -> None:
        timer = QTimer(self)
        timer.setInterval(interval_ms)
        timer.timeout.connect(act)
        timer.start()

    def _asked(self) -> None:
        self._asking = None

    def _stamped(self, stamp: object) -> None:
        before, self._stamp = self._stamp, stamp
        if before is not None and before != stamp:
            self._desk.store.tell_all_changed()

    def _resume(self) -> None:
        desk = self._desk

        def resume(_watch: Watch) -> list[Case]:
            return desk.cases.resume_due(actor=desk.accounts.system())

        self._tasks.write(resume, done=self._resumed, failed=_unseen)

    def _mark_missed(self) -> None:
        desk = self._desk
        self._tasks.write(lambda _watch: desk.patrols.mark_missed(actor=desk.accounts.system()), failed=_unseen)

    def _settle_field_work(self) -> None:
        """Two desks without a line may have made two cases of one finding, each counted its own findings of a round,
        or moved a case whose task the other made."""
        desk = self._desk

        def settle(_watch: Watch) -> None:
            desk.findings.join_doubles(actor=desk.accounts.system())
            desk.findings.count_again(actor=desk.accounts.system())
            desk.field_tasks.settle_left_behind(actor=desk.accounts.system())

        self._tasks.write(settle, failed=_unseen)

    def _resumed(self, cases: list[Case]) -> None:
        if cases:
            self.resumed.emit(len(cases))


def _unseen(_problem: Problem) -> None:
    """A busy file is asked again at the next beat; whoever works with it is told by their own action."""
