"""A damaged store at sign-in: what can be read is saved into a new file, after the person asked for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QDialog, QLabel, QVBoxLayout, QWidget

from app.base.clock import Clock
from app.base.paths import StorePaths
from app.base.watch import Watch
from app.base.words import _
from app.domain.problems import Problem
from ui.naming import name
from ui.notices import problem_box
from ui.tasks import TaskRunner
from ui.theme import gap, set_look
from ui.widgets.busy_bar import BusyBar
from ui.widgets.trouble_box import TroubleBox

if TYPE_CHECKING:
    from app.gate import Opened
    from app.services.salvaging import Salvaged

WIDTH_PX = 460


class SalvageOffer(QObject):
    """Tells that the file is damaged and offers to save what is readable. `saved`: the store can be opened now."""

    saved = Signal(object)

    def __init__(self, opened: Opened, paths: StorePaths, clock: Clock, tasks: TaskRunner, window: QWidget) -> None:
        super().__init__(window)
        self._opened = opened
        self._paths = paths
        self._clock = clock
        self._tasks = tasks
        self._window = window
        self._progress: QDialog | None = None

    def show(self, damaged: Problem) -> TroubleBox:
        """Say what is wrong, with a button that begins."""
        box = problem_box(self._window, damaged, safe=_("损坏的文件会原样保留,不会删除"))
        box.add_button("salvage", _("抢救能读出的内容")).clicked.connect(self.begin)
        return box

    def begin(self) -> None:
        """Save beside the screen, with progress; stopping changes nothing."""
        opened, paths, clock = self._opened, self._paths, self._clock

        def work(watch: Watch) -> Salvaged:
            from app.desk import salvage_desk

            return salvage_desk(opened.key, paths, clock, watch=watch)

        task = self._tasks.write(work, done=self._done, failed=self._failed)
        bar = BusyBar()
        bar.follow(task, _("正在抢救"))
        self._progress = QDialog(self._window)
        name(self._progress, "salvage_progress", _("正在抢救"))
        self._progress.setWindowTitle(_("正在抢救"))
        self._progress.setModal(True)
        self._progress.setFixedWidth(WIDTH_PX)
        column = QVBoxLayout(self._progress)
        column.setContentsMargins(gap(5), gap(4), gap(5), gap(4))
        words = _("读出每一页还能读的内容,写成新文件")
        column.addWidget(set_look(name(QLabel(words), "salvage_words", words), "muted"))
        column.addWidget(bar)
        task.ended.connect(self._progress.accept)
        self._progress.open()

    def _done(self, salvaged: Salvaged) -> None:
        gaps = sum(len(table.gaps) for table in salvaged.report.tables)
        box = TroubleBox(
            _("抢救完成"),
            _("读出了 {rows} 行").format(rows=f"{salvaged.report.rows:,}"),
            safe=_("损坏的文件保留在 {folder}").format(folder=salvaged.kept or self._paths.folder),
            cure=_("有 {n} 段没有读出,请用备份补齐").format(n=gaps) if gaps else _("内容完整,没有缺失"),
            parent=self._window,
        )
        box.finished.connect(lambda _how: self.saved.emit(self._opened))
        box.open()

    def _failed(self, problem: Problem) -> None:
        problem_box(self._window, problem, safe=_("损坏的文件没有改动"))
