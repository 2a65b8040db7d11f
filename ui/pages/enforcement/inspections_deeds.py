"""What a key decides about an inspection."""

from __future__ import annotations

from array import array
from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QWidget

from app.base.watch import Watch
from app.base.words import _
from app.domain.inspections import Inspection
from app.services.drafts import SavedDraft
from ui.dialogs.deeds import Deeds
from ui.pages.context import PageContext
from ui.pages.enforcement.inspections_dialogs import (
    FINISH_FORM,
    CancelDialog,
    FinishDialog,
    NotifyDialog,
    PaperDialog,
)
from ui.widgets.busy_bar import BusyBar


class InspectionDeeds(Deeds):
    """`done` carries the id of an inspection that went on."""

    def __init__(self, context: PageContext, busy: BusyBar, window: QWidget) -> None:
        super().__init__(context, busy, window, _("已有的检查没有受影响"))

    def take(self, deed: str, inspection: Inspection) -> None:
        """Do what a key says."""
        takes: dict[str, Callable[[Inspection], None]] = {
            "approve": self.approve,
            "notify": self.notify,
            "start": self.start,
            "finish": self.finish,
            "cancel": self.cancel,
            "to_case": self.to_case,
            "print": self.print_inspection,
        }
        takes[deed](inspection)

    def approve(self, inspection: Inspection) -> None:
        """Approve it, or say why not."""
        inspections, actor = self._context.desk.inspections, self._context.actor
        words = _("已批准 {number}").format(number=inspection.number)
        self.act(inspection.id, lambda _w: inspections.approve(inspection.id, actor=actor), words)

    def start(self, inspection: Inspection) -> None:
        """The officers are there."""
        inspections, actor = self._context.desk.inspections, self._context.actor
        words = _("{number} 检查中").format(number=inspection.number)
        self.act(inspection.id, lambda _w: inspections.start(inspection.id, actor=actor), words)

    def notify(self, inspection: Inspection) -> None:
        """Ask for the notice's number."""
        inspections, actor = self._context.desk.inspections, self._context.actor
        dialog = NotifyDialog(inspection, self._window)

        def submit() -> None:
            number = dialog.number.value() or ""
            words = _("已记录告知 {name}").format(name=inspection.enterprise_name)
            self.act(inspection.id, lambda _w: inspections.notify(inspection.id, number, actor=actor), words, dialog)

        self.ask(dialog, submit)

    def cancel(self, inspection: Inspection) -> None:
        """Ask why."""
        inspections, actor = self._context.desk.inspections, self._context.actor
        dialog = CancelDialog(inspection, self._window)

        def submit() -> None:
            reason = dialog.reason.value() or ""
            words = _("已取消 {number}").format(number=inspection.number)
            self.act(inspection.id, lambda _w: inspections.cancel(inspection.id, reason, actor=actor), words, dialog)

        self.ask(dialog, submit)

    def finish(self, inspection: Inspection) -> None:
        """Ask what was found; a draft of it is gone on with."""
        self.ask_kept(FINISH_FORM, inspection.id, partial(self._ask_finish, inspection))

    def to_case(self, inspection: Inspection) -> None:
        """Make a case of what was wrong."""
        inspections, actor = self._context.desk.inspections, self._context.actor
        words = _("已建案件 {number}")
        self.act(
            inspection.id,
            lambda _w: inspections.to_case(inspection.id, actor=actor),
            lambda case: words.format(number=case.local_no),
        )

    def print_inspection(self, inspection: Inspection) -> None:
        """Ask which paper, and show it."""
        papers, actor = self._context.desk.inspection_papers, self._context.actor
        dialog = PaperDialog(inspection, self._window)

        def submit() -> None:
            form = dialog.paper.value()
            dialog.accept()
            self.print_paper(lambda watch: papers.papers([inspection.id], form, actor=actor, watch=watch))

        self.ask(dialog, submit)

    def export(self, rids: array[int]) -> None:
        """Write these rows of the list."""
        papers, actor = self._context.desk.inspection_papers, self._context.actor
        self.ask_sheet(
            rids, _("行政检查"), lambda path, rows, watch: papers.export(path, rows, actor=actor, watch=watch)
        )

    def _ask_finish(self, inspection: Inspection, draft: SavedDraft | None) -> None:
        inspections, actor = self._context.desk.inspections, self._context.actor
        dialog = FinishDialog(self._context, inspection, draft, self._window)

        def submit() -> None:
            items, result, note = dialog.items(), str(dialog.result_input.value() or ""), dialog.note.value() or ""
            words = _("{number} 已完成").format(number=inspection.number)

            def act(_watch: Watch) -> object:
                return inspections.finish(inspection.id, items, result, note, actor=actor)

            self.act(inspection.id, act, words, dialog)

        self.ask(dialog, submit)
