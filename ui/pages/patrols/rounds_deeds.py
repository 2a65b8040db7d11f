"""What is done with rounds of the list: printed, exported, cancelled, put right, opened anew."""

from __future__ import annotations

from array import array
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QInputDialog, QWidget

from app.base.watch import Watch
from app.base.words import _
from app.domain.patrols import PatrolRound
from app.domain.problems import Problem
from app.reports.paper import Paper
from ui.notices import problem_box
from ui.pages.context import PageContext
from ui.widgets.busy_bar import BusyBar

MOST_SHEETS = 500


class RoundDeeds(QObject):
    """`done`: the id of a round that changed here."""

    done = Signal(object)

    def __init__(self, context: PageContext, busy: BusyBar, window: QWidget) -> None:
        super().__init__(window)
        self._context = context
        self._busy = busy
        self._window = window

    def print_rids(self, rids: array[int]) -> None:
        """Patrol sheets of these rows, in their order."""
        if not rids or len(rids) > MOST_SHEETS:
            said = _("一次打印 1 到 {n} 张巡查单,现在是 {chosen} 张;请先筛选").format(n=MOST_SHEETS, chosen=len(rids))
            self._context.notices.say(said)
            return
        desk, actor = self._context.desk, self._context.actor

        def make(watch: Watch) -> Paper:
            return desk.patrol_papers.sheets([line.id for line in desk.patrols.lines(rids)], actor=actor, watch=watch)

        self._busy.follow(self._context.tasks.read(make, done=self._preview), _("正在准备打印"))

    def print_round(self, round_: PatrolRound) -> None:
        """The sheet of one round."""
        papers, actor = self._context.desk.patrol_papers, self._context.actor
        self._context.tasks.read(lambda watch: papers.sheets([round_.id], actor=actor, watch=watch), done=self._preview)

    def ask_export(self, rids: array[int]) -> None:
        """Ask where to, and write the list."""
        if not rids:
            self._context.notices.say(_("这个列表是空的,没有可导出的巡查"))
            return
        today = self._context.desk.reference.today()
        kinds = f"{_('Excel/WPS 表格')} (*.xlsx);;{_('CSV 文本')} (*.csv)"
        proposed = f"{_('巡查')}-{today:%Y%m%d}.xlsx"
        chosen, kind = QFileDialog.getSaveFileName(self._window, _("导出巡查"), proposed, kinds)
        if chosen:
            path = Path(chosen)
            self.export(rids, path if path.suffix else path.with_suffix(".csv" if "csv" in kind else ".xlsx"))

    def export(self, rids: array[int], path: Path) -> None:
        """Write the list to a file beside the screen."""
        papers, actor = self._context.desk.patrol_papers, self._context.actor
        task = self._context.tasks.read(
            lambda watch: papers.export(path, rids, actor=actor, watch=watch),
            done=lambda count: self._context.notices.say(
                _("已导出 {n} 次巡查到 {file}").format(n=f"{count:,}", file=path.name)
            ),
            failed=self._trouble,
        )
        self._busy.follow(task, _("正在导出"))

    def ask_cancel(self, round_: PatrolRound) -> None:
        """Ask why, and cancel."""
        reason, agreed = QInputDialog.getText(self._window, _("取消巡查"), _("原因"))
        if agreed:
            self.cancel(round_.id, reason)

    def cancel(self, round_id: UUID, reason: str) -> None:
        """It will not be walked."""
        patrols, actor = self._context.desk.patrols, self._context.actor
        self._write(lambda: patrols.cancel(round_id, reason, actor=actor))

    def ask_reopen(self, round_: PatrolRound) -> None:
        """Ask why, and open a finished round for its entry."""
        reason, agreed = QInputDialog.getText(self._window, _("更正巡查"), _("更正原因"))
        if agreed:
            self.reopen(round_.id, reason)

    def reopen(self, round_id: UUID, reason: str) -> None:
        """Put a finished round right."""
        patrols, actor = self._context.desk.patrols, self._context.actor
        self._write(lambda: patrols.reopen(round_id, reason, actor=actor))

    def _write(self, deed: Callable[[], PatrolRound]) -> None:
        self._context.tasks.write(
            lambda _watch: deed(), done=lambda round_: self.done.emit(round_.id), failed=self._trouble
        )

    def _preview(self, paper: Paper) -> None:
        from ui.printing.preview import PreviewDialog
        from ui.printing.printing_context import PrintingContext

        PreviewDialog(paper, PrintingContext(self._context), self._window).open()

    def _trouble(self, problem: Problem) -> None:
        problem_box(self._window, problem, safe=_("已有的巡查没有受影响"))
