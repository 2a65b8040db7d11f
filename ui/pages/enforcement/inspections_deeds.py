"""Doing what a key decides about an inspection, beside the screen, with a word about it."""

from __future__ import annotations

from array import array
from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from app.base.watch import Watch
from app.base.words import _
from app.domain.cases import Case
from app.domain.inspections import Inspection
from app.domain.problems import Problem
from app.reports.paper import Paper
from app.services.drafts import SavedDraft
from ui.dialogs.deed_dialog import DeedDialog
from ui.notices import problem_box
from ui.pages.context import PageContext
from ui.pages.enforcement.inspections_dialogs import (
    FINISH_FORM,
    CancelDialog,
    FinishDialog,
    NotifyDialog,
    PaperDialog,
)
from ui.widgets.busy_bar import BusyBar

Act = Callable[[Watch], object]


class InspectionDeeds(QObject):
    """`done` carries the id of an inspection that went on; `case_made` the case that was made of one."""

    done = Signal(object)
    case_made = Signal(object)

    def __init__(self, context: PageContext, busy: BusyBar, window: QWidget) -> None:
        super().__init__(window)
        self._context = context
        self._busy = busy
        self._window = window
        self.dialog: DeedDialog | None = None

    def take(self, deed: str, inspection: Inspection) -> None:
        """Do what a key says."""
        takes: dict[str, Callable[[Inspection], None]] = {
            "approve": self.approve,
            "notify": self.notify,
            "start": self.start,
            "finish": self.finish,
            "cancel": self.cancel,
            "to_case": self.to_case,
            "print": self.print_paper,
        }
        takes[deed](inspection)

    def approve(self, inspection: Inspection) -> None:
        """Approve it, or say why not."""
        inspections, actor = self._context.desk.inspections, self._context.actor
        words = _("已批准 {number}").format(number=inspection.number)
        self._act(inspection, lambda _w: inspections.approve(inspection.id, actor=actor), words)

    def start(self, inspection: Inspection) -> None:
        """The officers are there."""
        inspections, actor = self._context.desk.inspections, self._context.actor
        words = _("{number} 检查中").format(number=inspection.number)
        self._act(inspection, lambda _w: inspections.start(inspection.id, actor=actor), words)

    def notify(self, inspection: Inspection) -> None:
        """Ask for the notice's number."""
        inspections, actor = self._context.desk.inspections, self._context.actor
        dialog = NotifyDialog(inspection, self._window)

        def submit() -> None:
            number = dialog.number.value() or ""
            words = _("已记录告知 {name}").format(name=inspection.enterprise_name)
            self._act(inspection, lambda _w: inspections.notify(inspection.id, number, actor=actor), words, dialog)

        self._open(dialog, submit)

    def cancel(self, inspection: Inspection) -> None:
        """Ask why."""
        inspections, actor = self._context.desk.inspections, self._context.actor
        dialog = CancelDialog(inspection, self._window)

        def submit() -> None:
            reason = dialog.reason.value() or ""
            words = _("已取消 {number}").format(number=inspection.number)
            self._act(inspection, lambda _w: inspections.cancel(inspection.id, reason, actor=actor), words, dialog)

        self._open(dialog, submit)

    def finish(self, inspection: Inspection) -> None:
        """Ask what was found; a draft of it is gone on with."""
        drafts, actor = self._context.desk.drafts, self._context.actor

        def mine(_watch: Watch) -> SavedDraft | None:
            kept = drafts.all(FINISH_FORM, actor=actor)
            return next((one for one in kept if one.body.get("inspection") == str(inspection.id)), None)

        self._context.tasks.read(mine, done=partial(self._ask_finish, inspection), failed=self._trouble)

    def to_case(self, inspection: Inspection) -> None:
        """Make a case of what was wrong."""
        inspections, actor = self._context.desk.inspections, self._context.actor

        def made(case: Case) -> None:
            self._context.notices.say(_("已建案件 {number}").format(number=case.local_no))
            self.done.emit(inspection.id)
            self.case_made.emit(case.id)

        self._context.tasks.write(
            lambda _w: inspections.to_case(inspection.id, actor=actor), done=made, failed=self._trouble
        )

    def print_paper(self, inspection: Inspection) -> None:
        """Ask which paper, and show it."""
        papers, actor = self._context.desk.inspection_papers, self._context.actor
        dialog = PaperDialog(inspection, self._window)

        def submit() -> None:
            form = dialog.paper.value()
            dialog.accept()
            task = self._context.tasks.read(
                lambda watch: papers.papers([inspection.id], form, actor=actor, watch=watch),
                done=self._preview,
                failed=self._trouble,
            )
            self._busy.follow(task, _("正在准备打印"))

        self._open(dialog, submit)

    def ask_export(self, rids: array[int]) -> None:
        """Ask where to, and write the list."""
        today = self._context.desk.reference.today()
        kinds = f"{_('Excel/WPS 表格')} (*.xlsx);;{_('CSV 文本')} (*.csv)"
        proposed = f"{_('行政检查')}-{today:%Y%m%d}.xlsx"
        chosen, kind = QFileDialog.getSaveFileName(self._window, _("导出行政检查"), proposed, kinds)
        if chosen:
            path = Path(chosen)
            self.export(rids, path if path.suffix else path.with_suffix(".csv" if "csv" in kind else ".xlsx"))

    def export(self, rids: array[int], path: Path) -> None:
        """Write the list to a file beside the screen."""
        papers, actor = self._context.desk.inspection_papers, self._context.actor

        def written(count: int) -> None:
            self._context.notices.say(_("已导出 {n} 次检查到 {file}").format(n=f"{count:,}", file=path.name))

        task = self._context.tasks.read(
            lambda watch: papers.export(path, rids, actor=actor, watch=watch), done=written, failed=self._trouble
        )
        self._busy.follow(task, _("正在导出"))

    def _ask_finish(self, inspection: Inspection, draft: SavedDraft | None) -> None:
        inspections, actor = self._context.desk.inspections, self._context.actor
        dialog = FinishDialog(self._context, inspection, draft, self._window)

        def submit() -> None:
            items, result, note = dialog.items(), str(dialog.result_input.value() or ""), dialog.note.value() or ""
            words = _("{number} 已完成").format(number=inspection.number)

            def act(_watch: Watch) -> object:
                return inspections.finish(inspection.id, items, result, note, actor=actor)

            self._act(inspection, act, words, dialog)

        self._open(dialog, submit)

    def _open(self, dialog: DeedDialog, submit: Callable[[], None]) -> None:
        self.dialog = dialog
        dialog.submitted.connect(submit)
        dialog.open()

    def _act(self, inspection: Inspection, act: Act, words: str, dialog: DeedDialog | None = None) -> None:
        def acted(_nothing: object) -> None:
            if dialog is not None:
                dialog.accept()
            self._context.notices.say(words)
            self.done.emit(inspection.id)

        failed = self._trouble if dialog is None else dialog.show_refusal
        self._context.tasks.write(act, done=acted, failed=failed)

    def _preview(self, paper: Paper) -> None:
        from ui.printing.preview import PreviewDialog
        from ui.printing.printing_context import PrintingContext

        PreviewDialog(paper, PrintingContext(self._context), self._window).open()

    def _trouble(self, problem: Problem) -> None:
        problem_box(self._window, problem, safe=_("已有的检查没有受影响"))
