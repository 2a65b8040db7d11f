"""Deciding a conflict, from the sync page or from the case itself."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from uuid import UUID

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.base.watch import Watch
from app.base.words import _
from app.domain.decisions import Verdict
from app.domain.problems import Problem
from app.sync.views import Trouble
from ui.dialogs.conflict import Choices, ConflictDialog
from ui.notices import problem_box
from ui.pages.context import PageContext


class Deciding(QObject):
    """Reads the trouble, asks the person, and keeps what they decided. `decided`: it is kept."""

    decided = Signal()

    def __init__(self, context: PageContext, page: QWidget) -> None:
        super().__init__(page)
        self._context = context
        self._page = page
        self.dialog: ConflictDialog | None = None

    def ask(self, record_id: UUID) -> None:
        """Read both sides and show them."""
        sync = self._context.desk.sync
        self._context.tasks.read(lambda _watch: sync.trouble(record_id), done=self._show, failed=self._on_trouble)

    def _show(self, trouble: Trouble | None) -> None:
        if trouble is None:
            self._say_done()
            return
        dialog = self.dialog = ConflictDialog(trouble, self._context.desk.clock.now(), self._page)
        dialog.decided.connect(partial(self._decide, trouble))
        dialog.open()

    def _decide(self, trouble: Trouble, choices: Choices, reason: str) -> None:
        sync, actor, dialog = self._context.desk.sync, self._context.actor, self.dialog
        assert dialog is not None
        verdict = verdict_of(choices)
        seen = {clash.name: (clash.mine, clash.theirs) for clash in trouble.clashes}

        def job(_watch: Watch) -> None:
            sync.decide(trouble.record_id, verdict, dict(choices), reason, actor=actor, seen=seen)

        self._context.tasks.write(job, done=self._on_decided, failed=dialog.show_refusal)

    def _on_decided(self, _nothing: object) -> None:
        if self.dialog is not None:
            self.dialog.accept()
            self.dialog = None
        self._context.notices.say(_("已处理冲突,理由记入经过"))
        if self._context.line is not None:
            self._context.line.now()
        self.decided.emit()

    def _on_trouble(self, problem: Problem) -> None:
        if problem.code == "sync.nothing_to_decide":
            self._say_done()
        else:
            problem_box(self._page, problem)

    def _say_done(self) -> None:
        self._context.notices.say(_("这条冲突已经处理了"))
        self.decided.emit()


def verdict_of(choices: Mapping[str, str]) -> Verdict:
    """Whose values stand, of the side chosen for each field."""
    sides = set(choices.values())
    if sides == {"mine"}:
        return Verdict.MINE
    return Verdict.THEIRS if sides <= {"theirs"} else Verdict.MIXED
