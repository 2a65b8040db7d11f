"""Long work while it runs: what, how far, how fast, how long still, and a way to stop it."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from app.base.words import _
from ui.icons import icon
from ui.naming import name
from ui.tasks import Task
from ui.theme import gap, set_look

SURE_AFTER_S = 1.0
MINUTE_S = 60
HOUR_S = 3600


class BusyBar(QWidget):
    """Hidden while nothing runs. `stopped` when the person asked to stop."""

    stopped = Signal()

    def __init__(self, parent: QWidget | None = None, *, seconds: Callable[[], float] = time.monotonic) -> None:
        super().__init__(parent)
        name(self, "busy_bar", _("进度"))
        self._seconds = seconds
        self._task: Task | None = None
        self._started_s = 0.0
        self._title = ""
        self._words = name(QLabel(self), "busy_words", _("进度说明"))
        self._rate = set_look(name(QLabel(self), "busy_rate", _("速度和剩余时间")), "muted")
        self._stop = name(QPushButton(icon("stop"), _("停止"), self), "busy_stop", _("停止"))
        self._bar = name(QProgressBar(self), "busy_progress", _("进度"))
        self._bar.setTextVisible(False)
        self._stop.clicked.connect(self._on_stop)
        top = QHBoxLayout()
        top.setSpacing(gap(3))
        top.addWidget(self._words)
        top.addStretch(1)
        top.addWidget(self._rate)
        top.addWidget(self._stop)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(gap(3), gap(1), gap(3), gap(2))
        lines.setSpacing(gap(1))
        lines.addLayout(top)
        lines.addWidget(self._bar)
        self.hide()

    def follow(self, task: Task, title: str) -> None:
        """Show `task` until it ends; its stop button asks it to stop."""
        self.begin(title)
        self._task = task
        task.progressed.connect(self.show_step)
        task.ended.connect(self.finish)

    def begin(self, title: str) -> None:
        """Show that work called `title` has begun."""
        self._title = title
        self._started_s = self._seconds()
        self._stop.setEnabled(True)
        self._rate.clear()
        self.show_step(0, 0, "")
        self.show()

    @Slot(int, int, str)
    def show_step(self, done: int, total: int, note: str) -> None:
        """Show how far it is; total 0: not known."""
        self._bar.setRange(0, total)
        self._bar.setValue(done)
        count = f"{done:,} / {total:,}" if total else f"{done:,}" if done else ""
        self._words.setText("  ".join(part for part in (self._title, note, count) if part))
        passed_s = self._seconds() - self._started_s
        if done and passed_s >= SURE_AFTER_S:
            self._rate.setText(rate_words(done, total, passed_s))

    @Slot()
    def finish(self) -> None:
        """The work is over."""
        self._task = None
        self.hide()

    def words(self) -> str:
        """What is said."""
        return f"{self._words.text()} {self._rate.text()}".strip()

    @Slot()
    def _on_stop(self) -> None:
        self._stop.setEnabled(False)
        self._rate.setText(_("正在停止…"))
        if self._task is not None:
            self._task.cancel()
        self.stopped.emit()


def rate_words(done: int, total: int, passed_s: float) -> str:
    """Rate and time left in words."""
    rate = done / passed_s
    said = _("每秒 {n}").format(n=f"{rate:,.0f}" if rate >= 1 else f"{rate:.1f}")
    if total > done:
        said += " · " + _("还需 {time}").format(time=_span((total - done) / rate))
    return said


def _span(seconds: float) -> str:
    if seconds < MINUTE_S:
        return _("{n} 秒").format(n=max(1, round(seconds)))
    if seconds < HOUR_S:
        return _("{n} 分钟").format(n=round(seconds / MINUTE_S))
    return _("{h} 小时 {m} 分").format(h=int(seconds // HOUR_S), m=int(seconds % HOUR_S // MINUTE_S))
