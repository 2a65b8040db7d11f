"""What a person does about one record that has not arrived: open it, decide a conflict, send it again."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.base.words import _
from app.domain.problems import Problem
from app.sync.views import QueueLine
from ui.deciding import Deciding
from ui.deed_words import deed_words
from ui.notices import problem_box
from ui.pages.context import PageContext

PARTS = {
    "person": "persons",
    "unit": "lists",
    "road": "lists",
    "worker": "lists",
    "reply_template": "lists",
    "reference_version": "standards",
}
"""Record types that are looked after in a part of the settings."""


def place_of(line: QueueLine) -> tuple[str, object] | None:
    """Page and argument where a record is seen and put right; None: nowhere."""
    if line.case_id is not None:
        return ("cases", line.case_id)
    part = PARTS.get(line.record_type)
    return None if part is None else ("settings", part)


class Deeds(QObject):
    """`wanted`: page and argument where the record is. `done`: something was decided or queued again."""

    wanted = Signal(str, object)
    done = Signal()

    def __init__(self, context: PageContext, page: QWidget) -> None:
        super().__init__(page)
        self._context = context
        self._page = page
        self._steps = {step.action: step.title for step in context.desk.reference.workflow().steps}
        self.deciding = Deciding(context, page)
        self.deciding.decided.connect(self.done)

    def words(self, deed: str) -> str:
        """A deed of the queue in words."""
        return deed_words(deed, self._steps)

    def do(self, act: str, line: QueueLine) -> None:
        """What the button `act` of a list asks for."""
        if act == "decide":
            self.deciding.ask(line.record_id)
        elif act == "resend":
            self._resend(line)
        elif (place := place_of(line)) is not None:
            self.wanted.emit(*place)

    def _resend(self, line: QueueLine) -> None:
        sync, actor = self._context.desk.sync, self._context.actor
        self._context.tasks.write(
            lambda _watch: sync.resend(line.record_id, actor=actor),
            done=partial(self._on_resent, line),
            failed=self._on_trouble,
        )

    def _on_resent(self, line: QueueLine, _nothing: object) -> None:
        self._context.notices.say(_("已排队再送:{what}").format(what=line.title))
        if self._context.line is not None:
            self._context.line.now()
        self.done.emit()

    def _on_trouble(self, problem: Problem) -> None:
        problem_box(self._page, problem)
