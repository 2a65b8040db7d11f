"""Doing what somebody decided about a record, beside the screen, with a word about it and its refusal where it was asked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.base.watch import Watch
from app.domain.problems import Problem
from app.reports.paper import Paper
from app.services.drafts import SavedDraft
from ui.dialogs.deed_dialog import DeedDialog
from ui.notices import problem_box
from ui.pages.context import PageContext
from ui.printing.showing import make_paper
from ui.tables.list_export import Write, ask_export
from ui.tasks import Job
from ui.widgets.busy_bar import BusyBar


class Deeds(QObject):
    """`done` carries the id of a record that went on. `dialog`: what was asked last."""

    done = Signal(object)

    def __init__(self, context: PageContext, busy: BusyBar, window: QWidget, safe: str = "") -> None:
        """safe: what did not suffer when something went wrong, in the language in use."""
        super().__init__(window)
        self._context = context
        self._busy = busy
        self._window = window
        self._safe = safe
        self.dialog: DeedDialog | None = None

    def ask(self, dialog: DeedDialog, submit: Callable[[], None]) -> None:
        """Open a dialog; submit: the person is done with it."""
        self.dialog = dialog
        dialog.submitted.connect(submit)
        dialog.open()

    def ask_kept(self, form: str, record_id: UUID, ask: Callable[[SavedDraft | None], None]) -> None:
        """Call `ask` with what this person has half typed about a record, if anything."""
        drafts, actor = self._context.desk.drafts, self._context.actor

        def about(_watch: Watch) -> list[SavedDraft]:
            return drafts.about(form, record_id, actor=actor)

        self._context.tasks.read(about, done=lambda kept: ask(kept[0] if kept else None), failed=self.trouble)

    def act(
        self,
        record_id: UUID,
        job: Job[Any],
        words: str | Callable[[Any], str],
        dialog: DeedDialog | None = None,
        undo: Callable[[], object] | None = None,
    ) -> None:
        """Do it in the writer thread, then say so. words: of what came of it. dialog: closed then, or told why not."""

        def acted(result: object) -> None:
            if dialog is not None:
                dialog.accept()
            self._context.notices.say(words if isinstance(words, str) else words(result), undo=undo)
            self.done.emit(record_id)

        failed = self.trouble if dialog is None else dialog.show_refusal
        self._context.tasks.write(job, done=acted, failed=failed)

    def print_paper(self, make: Job[Paper]) -> None:
        """Make a paper in a reader thread, and show it."""
        make_paper(self._window, self._context, self._busy, make, self.trouble)

    def ask_sheet(self, rids: Sequence[int], title: str, write: Write) -> None:
        """Ask where to, and write these rows of the list."""
        ask_export(self._window, self._context, self._busy, rids, title, write)

    def trouble(self, problem: Problem) -> None:
        """Say what went wrong."""
        problem_box(self._window, problem, safe=self._safe)
