"""Leaving the program in order: what was asked for is written, and the day's backup is made."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout

from app.base.paths import BACKUP_SUFFIX
from app.base.problem_words import problem_cure, problem_text
from app.base.watch import Watch
from app.base.words import _
from app.domain.problems import Problem
from ui.naming import name
from ui.tasks import Task, TaskRunner
from ui.theme import gap, set_look
from ui.time_words import OFFICE_ZONE, day_of
from ui.widgets.busy_bar import BusyBar

if TYPE_CHECKING:
    from app.desk import Desk
    from ui.shell import Shell

LOOK_EVERY_MS = 100
WIDTH_PX = 420


class ClosingDialog(QDialog):
    """Says what the program still does before it ends, and lets the person skip it."""

    def __init__(self, title: str, parent: Shell) -> None:
        super().__init__(parent)
        name(self, "closing", title)
        self.setWindowTitle(title)
        self.setWindowModality(Qt.WindowModality.ApplicationModal)
        self.words = set_look(name(QLabel(title), "closing_words", title), "title")
        self.bar = BusyBar(self)
        self.skip = name(QPushButton(_("跳过,直接关闭")), "skip", _("跳过备份,直接关闭"))
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.skip)
        column = QVBoxLayout(self)
        column.setContentsMargins(gap(6), gap(5), gap(6), gap(5))
        column.setSpacing(gap(3))
        column.addWidget(self.words)
        column.addWidget(self.bar)
        column.addLayout(row)
        self.setFixedWidth(WIDTH_PX)

    def say(self, text: str) -> None:
        """Replace the words."""
        self.words.setWordWrap(True)
        self.words.setText(text)


class Closing(QObject):
    """Asked by the window when it is to close."""

    def __init__(self, desk: Desk, tasks: TaskRunner, window: Shell) -> None:
        super().__init__(window)
        self._desk = desk
        self._tasks = tasks
        self._window = window
        self._then: Callable[[], None] | None = None
        self._dialog: ClosingDialog | None = None
        self._task: Task | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_EVERY_MS)
        self._timer.timeout.connect(self._look)

    def close(self, then: Callable[[], None]) -> None:
        """Back up if there is no backup of today, wait for what is being written, then call `then`."""
        if self._then is not None:
            return
        self._then = then
        if self._backup_due():
            self._start_backup()
        else:
            self._wait()

    def settle(self, then: Callable[[], None]) -> None:
        """Wait for what is being written, then call `then`."""
        if self._then is None:
            self._then = then
            self._wait()

    def back_up_now(self) -> None:
        """Make a backup while work goes on."""
        self._task = self._tasks.write(self._backup(), done=self._backed_up)
        self._window.frame.status.say(_("正在备份…"))

    def _backup_due(self) -> bool:
        last = self._desk.care.last_backup_at()
        return last is None or day_of(last) < day_of(self._desk.clock.now())

    def _backup(self) -> Callable[[Watch], int]:
        desk, actor = self._desk, self._window.actor
        at = desk.clock.now().astimezone(OFFICE_ZONE)
        file = desk.paths.backups / f"{at:%Y%m%d-%H%M%S}{BACKUP_SUFFIX}"
        return lambda watch: desk.care.back_up(file, actor=actor, watch=watch)

    def _backed_up(self, _made: object) -> None:
        self._window.frame.status.say(_("备份完成"))
        self._window.ask_state()

    def _start_backup(self) -> None:
        dialog = ClosingDialog(_("关闭前备份今天的数据"), self._window)
        dialog.skip.clicked.connect(self._skip)
        dialog.rejected.connect(self._skip)
        self._dialog = dialog
        self._task = self._tasks.write(self._backup(), done=self._backup_made, failed=self._backup_failed)
        dialog.bar.follow(self._task, _("正在备份"))
        # One way to stop is enough here, and it says what follows.
        cast(QPushButton, dialog.bar.findChild(QPushButton, "busy_stop")).hide()
        dialog.open()

    def _backup_made(self, _made: object) -> None:
        self._wait()

    def _backup_failed(self, problem: Problem) -> None:
        if self._dialog is not None:
            self._dialog.say(f"{problem_text(problem)}\n{problem_cure(problem)}")
            self._dialog.skip.setText(_("关闭程序"))

    def _skip(self) -> None:
        if self._task is not None and self._task.running:
            self._task.forget()
        self._wait()

    def _wait(self) -> None:
        if self._then is not None and not self._timer.isActive():
            self._timer.start()
            self._look()

    def _look(self) -> None:
        if self._tasks.busy():
            return
        self._timer.stop()
        dialog, self._dialog = self._dialog, None
        if dialog is not None:
            dialog.blockSignals(True)
            dialog.done(0)
        then, self._then = self._then, None
        if then is not None:
            then()
