"""The page of cases: the work list with one case beside it, or the entry form."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QStackedLayout, QWidget

from app.base.changes import ChangeSet
from app.base.words import _
from app.domain.case_views import CaseView
from app.domain.cases import Case
from app.services.drafts import SavedDraft
from app.sync.views import LineState, SyncStatus
from ui.bridge import merged
from ui.naming import name
from ui.pages.cases.question import Question
from ui.pages.cases.work_list import WorkList
from ui.pages.context import NewCase, PageContext

if TYPE_CHECKING:
    from ui.pages.cases.entry import EntryForm

LAST_KEY = "cases.last"


class CasesPage(QWidget):
    """`go` takes a CaseView, words to search, a case id, a Question, `NewCase()`, or a draft to go on with."""

    wanted = Signal(str, object)

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        name(self, "cases_page", _("案件"))
        self._context = context
        self._saved: Case | None = None
        self._correcting = False
        self._asked = False
        self._carried: tuple[int, ...] = ()
        self._stale: list[ChangeSet] = []
        self._entry: EntryForm | None = None
        self.work = WorkList(context, self)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self.work)
        self.work.new_wanted.connect(self.show_entry)
        self.work.correct_wanted.connect(self._correct)
        self.work.asked.connect(self._remember)
        self.work.line_wanted.connect(lambda state: self.wanted.emit("sync", state))
        self.work.elsewhere_wanted.connect(self.wanted)
        context.bridge.changed.connect(self._changed)
        if context.line is not None:
            context.line.told.connect(self._line_told)

    @property
    def entry(self) -> EntryForm:
        """The entry form, made when it is first wanted."""
        if self._entry is None:
            from ui.pages.cases.entry import EntryForm

            self._entry = EntryForm(self._context, self)
            self._entry.saved.connect(self._on_saved)
            self._entry.closed.connect(self._on_closed)
            self._entry.open_wanted.connect(self._on_open_from_entry)
            self._stack.addWidget(self._entry)
        return self._entry

    def go(self, argument: object) -> None:
        """Show what the navigation asked for."""
        match argument:
            case NewCase():
                self.show_entry()
            case SavedDraft():
                self._correcting = False
                self.entry.load_draft(argument.id)
                self._stack.setCurrentWidget(self.entry)
            case UUID():
                self._show_list()
                self.work.open_case(argument)
            case CaseView():
                self._ask(Question(argument))
            case Question():
                self._ask(argument)
            case str():
                self._ask(Question().with_search(argument.strip()))
            case _:
                self._show_list()

    def refresh(self) -> None:
        """A minute went by."""
        self.work.tell_time()

    def keep(self) -> None:
        """Put what is half typed into a draft."""
        if self._entry is not None:
            self._entry.keep()

    def show_entry(self) -> None:
        """The entry form, with what was typed in it before."""
        if self._correcting:
            self.entry.keep()
            self.entry.start_new()
            self._correcting = False
        self._stack.setCurrentWidget(self.entry)
        self.entry.setFocus(Qt.FocusReason.OtherFocusReason)

    def showEvent(self, event: QShowEvent) -> None:
        """Take in what changed while the page was behind."""
        super().showEvent(event)
        stale, self._stale = self._stale, []
        if stale:
            self.work.case_changed(merged(stale))

    def _ask(self, question: Question) -> None:
        self._asked = True
        self._stack.setCurrentWidget(self.work)
        self.work.back_to_list()
        self.work.ask(question)

    def _show_list(self) -> None:
        self._stack.setCurrentWidget(self.work)
        if not self._asked:
            self._asked = True
            self.work.ask(self._last())

    def _correct(self, case: Case) -> None:
        self._correcting = True
        self.entry.keep()
        self.entry.correct(case)
        self._stack.setCurrentWidget(self.entry)

    def _on_saved(self, case: Case) -> None:
        self._saved = case

    def _on_closed(self) -> None:
        corrected, self._correcting = self._correcting, False
        self._stack.setCurrentWidget(self.work)
        saved, self._saved = self._saved, None
        if saved is not None and not corrected:
            self._asked = True
            self.work.ask(self.work.list.question, saved.id)
        else:
            self._show_list()
            self.work.detail.read_again()

    def _on_open_from_entry(self, case_id: UUID) -> None:
        self.keep()
        self._show_list()
        self.work.open_case(case_id)

    def _changed(self, changes: ChangeSet) -> None:
        if self.isVisible():
            self.work.case_changed(changes)
        else:
            self._stale.append(changes)

    def _line_told(self, status: SyncStatus) -> None:
        """After a run that carried something: photos arrive at the city without the case changing here."""
        carried = (status.waiting, status.files_waiting, status.conflicts, status.refused, status.held)
        if status.state != LineState.RUNNING and carried != self._carried:
            self._carried = carried
            if self.isVisible():
                self.work.line_told()
            else:
                self._stale.append(ChangeSet(bulk=frozenset({"case"})))

    def _remember(self, question: Question) -> None:
        if not question.search:
            self._context.remember.set(LAST_KEY, json.dumps(question.kept(), ensure_ascii=False))

    def _last(self) -> Question:
        kept = self._context.remember.get(LAST_KEY)
        return Question.of_kept(json.loads(kept)) if kept else Question()
