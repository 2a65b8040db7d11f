"""A list with the record one stands on beside it, and the forms that take its place while one types."""

from __future__ import annotations

from enum import Enum
from functools import partial
from typing import Any, Generic, Protocol, TypeVar, cast
from uuid import UUID

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtWidgets import QStackedLayout, QWidget

from ui.dialogs.deeds import Deeds
from ui.keys import listen
from ui.naming import name
from ui.pages.context import PageContext
from ui.tables.record_pane import DeedPane
from ui.tables.view_list import ViewList
from ui.widgets.split_view import SplitView


class Beside(Protocol):
    """What stands beside a list, beside being a QWidget."""

    def show_record(self, record_id: UUID | None) -> None:
        """Show another record, or none."""

    def refresh(self) -> None:
        """Read it again."""


class Form(Protocol):
    """What takes the place of a list, beside being a QWidget."""

    closed: SignalInstance

    def keep(self) -> object:
        """Put what is half typed into a draft."""


B = TypeVar("B", bound=Beside)
P = TypeVar("P", bound=DeedPane[Any])
F = TypeVar("F", bound=Form)


class ListPart(QWidget, Generic[B]):
    """`go` takes the id of a record, a saved view, words to search, what is chosen in the chips, or None."""

    wanted = Signal(str, object)

    def __init__(
        self, context: PageContext, object_name: str, title: str, list_: ViewList, detail: B, split_name: str
    ) -> None:
        """split_name: under which the place of the bar between list and detail is remembered."""
        super().__init__()
        name(self, object_name, title)
        self._context = context
        self.list = list_
        self.detail = detail
        self._forms: list[Form] = []
        self.split = SplitView(split_name, title, list_.table, cast(QWidget, detail), context.remember)
        list_.put_under_bars(self.split)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(list_)
        self.setFocusProxy(list_)
        list_.chosen.connect(detail.show_record)
        list_.opened.connect(self.open_record)

    def go(self, argument: object) -> None:
        """Show what was asked for."""
        match argument:
            case UUID():
                self.list.narrow(then=argument)
            case Enum():
                self.list.narrow(view=argument.value)
            case str():
                self.list.narrow(search=argument.strip())
            case dict():
                self.list.narrow(argument)
            case _:
                return
        self.show_list()

    def refresh(self) -> None:
        """Read again what is shown; place and selection stay."""
        self.list.refresh()
        self.detail.refresh()

    def keep(self) -> None:
        """Put what is half typed into drafts."""
        for form in self._forms:
            form.keep()

    def open_record(self, _record_id: UUID) -> None:
        """Enter on a line: the record has all the room."""
        self.split.open_full()

    def add_form(self, form: F) -> F:
        """A form of this part, out of sight until `show_form`; closed, it gives way to the list."""
        form.closed.connect(self.show_list)
        self._forms.append(form)
        self._stack.addWidget(cast(QWidget, form))
        return form

    def show_form(self, form: Form) -> None:
        """The form instead of the list."""
        self._stack.setCurrentWidget(cast(QWidget, form))

    def show_list(self) -> None:
        """The list again."""
        self._stack.setCurrentWidget(self.list)
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)


class DeedPart(ListPart[P]):
    """Buttons and single keys decide about the record one stands on."""

    def decide(self, deed: str) -> None:
        """Do what a key or button says."""
        raise NotImplementedError

    def listen_to(self, deeds: Deeds) -> None:
        """Ask `decide` at every key and button of the detail; what went on is read again."""
        deeds.done.connect(self._on_done)
        self.detail.deed_wanted.connect(self.decide)
        listen(self.split, {deed.key: partial(self.decide, deed.name) for deed in self.detail.deeds if deed.key})

    def _on_done(self, record_id: UUID) -> None:
        self.list.ask(record_id)
        self.detail.refresh()
