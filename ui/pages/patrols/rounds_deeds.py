"""What is done with rounds of the list: printed, exported, cancelled, put right, opened anew."""

from __future__ import annotations

from array import array
from collections.abc import Callable
from uuid import UUID

from PySide6.QtWidgets import QInputDialog, QWidget

from app.base.watch import Watch
from app.base.words import _
from app.domain.patrols import PatrolRound
from app.reports.paper import Paper
from ui.dialogs.deeds import Deeds
from ui.pages.context import PageContext
from ui.widgets.busy_bar import BusyBar

MOST_SHEETS = 500


class RoundDeeds(Deeds):
    """`done`: the id of a round that changed here."""

    def __init__(self, context: PageContext, busy: BusyBar, window: QWidget) -> None:
        super().__init__(context, busy, window, _("已有的巡查没有受影响"))

    def print_rids(self, rids: array[int]) -> None:
        """Patrol sheets of these rows, in their order."""
        if not rids or len(rids) > MOST_SHEETS:
            said = _("一次打印 1 到 {n} 张巡查单,现在是 {chosen} 张;请先筛选").format(n=MOST_SHEETS, chosen=len(rids))
            self._context.notices.say(said)
            return
        desk, actor = self._context.desk, self._context.actor

        def make(watch: Watch) -> Paper:
            return desk.patrol_papers.sheets([line.id for line in desk.patrols.lines(rids)], actor=actor, watch=watch)

        self.print_paper(make)

    def print_round(self, round_: PatrolRound) -> None:
        """The sheet of one round."""
        papers, actor = self._context.desk.patrol_papers, self._context.actor
        self.print_paper(lambda watch: papers.sheets([round_.id], actor=actor, watch=watch))

    def export(self, rids: array[int]) -> None:
        """Write these rows of the list."""
        papers, actor = self._context.desk.patrol_papers, self._context.actor
        self.ask_sheet(rids, _("巡查"), lambda path, rows, watch: papers.export(path, rows, actor=actor, watch=watch))

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
            lambda _watch: deed(), done=lambda round_: self.done.emit(round_.id), failed=self.trouble
        )
