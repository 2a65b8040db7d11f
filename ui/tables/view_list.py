"""A list under saved views with their counts, chips and a search; place and selection stay while rows change."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QToolButton, QVBoxLayout, QWidget

from app.base.words import _
from app.domain.case_views import CountSaid
from ui.naming import name
from ui.pages.context import PageContext
from ui.tables.columns import Column
from ui.tables.line_table import LineTable
from ui.tables.list_source import Asked, Chosen, FirstPage, ListSource
from ui.tasks import Latest
from ui.theme import gap
from ui.widgets.busy_bar import BusyBar
from ui.widgets.empty_state import EmptyState
from ui.widgets.filter_bar import FilterBar
from ui.widgets.fitting_row import FittingRow, quiet_button

REST_MS = 250
SEARCH_STEPS = 64


@dataclass(frozen=True)
class _Question:
    asked: Asked
    stand_on: UUID | None


@dataclass(frozen=True)
class _First:
    question: _Question
    page: FirstPage


@dataclass(frozen=True)
class _Came:
    asked: Asked
    ids: array[int]
    stand_on: int | None
    hidden: bool


class ViewList(QWidget):
    """`chosen`: the id of the record one stands on, or None. `opened`: the id of one opened with Enter.

    begin_wanted: the button of an empty list.
    """

    chosen = Signal(object)
    opened = Signal(object)
    begin_wanted = Signal()

    def __init__(
        self,
        object_name: str,
        title: str,
        context: PageContext,
        source: ListSource,
        columns: Sequence[Column[Any]],
        search_hint: str,
        *,
        stem: str = "",
        sort: tuple[str, bool] = ("", True),
    ) -> None:
        """stem: what the names of search and table begin with; empty: the name. sort: by what, and if ascending."""
        super().__init__()
        name(self, object_name, title)
        self._context = context
        self._source = source
        self._sort = sort
        self.view = next(iter(source.titles), "")
        self._wanted: UUID | None = None
        self._hidden = False
        self._first: Latest[_First] = Latest(context.tasks, done=self._on_first, parent=self)
        self._whole: Latest[_Came] = Latest(context.tasks, done=self._on_came, parent=self)
        self._counts: Latest[Mapping[str, Any]] = Latest(context.tasks, done=self.show_counts, parent=self)
        self._typing = QTimer(self, singleShot=True, interval=REST_MS)
        self._typing.timeout.connect(self.ask)
        self._make_parts(stem or object_name, title, columns, search_hint)
        self._lay_out()
        self._connect()

    # What the part asks ------------------------------------------------------------------------------------------

    def question(self) -> Asked:
        """What is shown."""
        return Asked(self.view, self.filters.chosen(), self.search.text().strip(), *self._sort)

    def ask(self, then: UUID | None = None) -> None:
        """Read the list anew. then: the record to stand on when it has come."""
        self._wanted = then or self._wanted
        question, first, counts = _Question(self.question(), self._wanted), self._source.first, self._source.counts
        # An answer to the question before would come between, and take what is to be stood on with it.
        self._whole.drop()
        if first is None:
            self._ask_whole(question)
        else:
            self._first.ask(lambda _watch: _First(question, first(question.asked)))
        if counts is not None:
            self._counts.ask(lambda _watch: counts())

    def narrow(
        self,
        chosen: Chosen | None = None,
        search: str = "",
        *,
        view: str | None = None,
        then: UUID | None = None,
    ) -> None:
        """Show another list. view: None for the one that holds everything."""
        self.show_view(["", *self._source.titles][-1] if view is None else view)
        self.filters.set_chosen(chosen or {})
        self.search.setText(search)
        self._wanted = None
        self.ask(then)

    def show_view(self, view: str) -> None:
        """Mark the view that is shown."""
        self.view = view
        for key, button in self._buttons.items():
            button.setChecked(key == view)

    def refresh(self) -> None:
        """Read again what is shown; place and selection stay."""
        self.ask()

    def retell(self) -> None:
        """Time has passed."""
        self.table.model.retell()

    def rids(self) -> array[int]:
        """Row numbers selected; one or none selected: all of the list."""
        rids = self.table.selected_ids()
        return rids if len(rids) > 1 else self.table.model.ids

    def is_narrowed(self, asked: Asked) -> bool:
        """Whether a person kept records away; a saved view is a list of its own."""
        return bool(asked.search or asked.chosen)

    def put_under_bars(self, widget: QWidget) -> None:
        """What stands under the bars, over the whole width: whatever holds the table."""
        self._lines.addWidget(widget, 1)

    # Parts -------------------------------------------------------------------------------------------------------

    def _make_parts(self, stem: str, title: str, columns: Sequence[Column[Any]], search_hint: str) -> None:
        self._row = FittingRow(f"{stem}_views", _("常用视图"))
        self._buttons: dict[str, QToolButton] = {}
        for key, words in self._source.titles.items():
            button = quiet_button(f"{stem}_view_{key}", _(words), checkable=True)
            button.clicked.connect(partial(self._on_view, key))
            self._buttons[key] = button
        self._row.set_buttons(list(self._buttons.values()))
        self.show_view(self.view)
        self.search = name(QLineEdit(), f"{stem}_search", search_hint)
        self.search.setPlaceholderText(search_hint)
        self.search.setClearButtonEnabled(True)
        self.search.setFixedWidth(gap(SEARCH_STEPS))
        self.filters = FilterBar(self._source.specs)
        self.busy = BusyBar()
        self.empty = EmptyState(_(self._source.empty.sentence), "", _(self._source.empty.hint))
        self.table = LineTable(
            f"{stem}_table",
            title,
            columns,
            self._source.lines,
            self._context.tasks,
            remember=self._context.remember,
            empty=self.empty,
        )
        self.table.set_sort(*self._sort)
        self.tools = QHBoxLayout()
        self.tools.setSpacing(gap(2))

    def _lay_out(self) -> None:
        """Views over search and chips; without views the search goes up beside the tools."""
        top, middle = QHBoxLayout(), QHBoxLayout()
        if self._buttons:
            top.addWidget(self._row, 1)
            middle.addWidget(self.search)
        else:
            top.addWidget(self.search)
            top.addStretch(1)
        top.addLayout(self.tools)
        middle.addWidget(self.filters, 1)
        bars = QVBoxLayout()
        bars.setContentsMargins(gap(3), gap(2), gap(3), gap(2))
        bars.setSpacing(gap(1))
        for row in (top, middle):
            row.setSpacing(gap(2))
            bars.addLayout(row)
        self._lines = QVBoxLayout(self)
        self._lines.setContentsMargins(0, 0, 0, 0)
        self._lines.setSpacing(0)
        self._lines.addLayout(bars)
        self._lines.addWidget(self.busy)
        self.setFocusProxy(self.table)

    def _connect(self) -> None:
        self.search.textEdited.connect(lambda _text: self._typing.start())
        self.search.returnPressed.connect(self.ask)
        self.filters.changed.connect(lambda _chosen: self.ask())
        self.table.sort_wanted.connect(self._on_sort)
        self.table.opened.connect(lambda line: self.opened.emit(line.id))
        self.table.chosen.connect(lambda line: self.chosen.emit(None if line is None else line.id))
        self.empty.acted.connect(self._on_empty_acted)

    # Answers -----------------------------------------------------------------------------------------------------

    def _ask_whole(self, question: _Question) -> None:
        asked, stand_on, source = question.asked, question.stand_on, self._source
        narrowed, any_there = self.is_narrowed(asked), source.empty.any_there

        def read(_watch: object) -> _Came:
            ids = source.ids(asked)
            rid = None if stand_on is None else source.rid_of(stand_on)
            return _Came(asked, ids, rid, narrowed and not ids and (any_there is None or any_there()))

        self._whole.ask(read)

    def _on_first(self, first: _First) -> None:
        if self.table.model.rowCount() == 0:
            self.table.show_first(first.page.lines)
        self._say_count(first.page.said)
        self._ask_whole(first.question)

    def _on_came(self, came: _Came) -> None:
        self._say_empty(came)
        self.table.show_ids(came.ids)
        self.table.refresh_lines()
        self._say_count(CountSaid(len(came.ids), False))
        self._wanted = None
        stands = came.stand_on is not None and self.table.go_to(came.stand_on)
        if not stands and len(came.ids) and not self.table.view.currentIndex().isValid():
            self.table.go_to(came.ids[0])

    def show_counts(self, counts: Mapping[str, Any]) -> None:
        """Say at each view how many there are."""
        for key, button in self._buttons.items():
            said = counts.get(key)
            words = _(self._source.titles[key])
            button.setText(words if said is None else f"{words} {_count_words(said)}")
        self._row.arrange()

    def _on_view(self, view: str) -> None:
        self.show_view(view)
        self._wanted = None
        self.ask()

    def _on_sort(self, key: str, ascending: bool) -> None:
        self._sort = (key, ascending)
        self.ask()

    def _on_empty_acted(self) -> None:
        if self._hidden:
            self.narrow(view=self.view)
        else:
            self.begin_wanted.emit()

    def _say_count(self, said: CountSaid) -> None:
        self.filters.set_count(_(self._source.counted).format(n=_count_words(said)))

    def _say_empty(self, came: _Came) -> None:
        self._hidden, empty = came.hidden, self._source.empty
        if not came.hidden:
            self.empty.set_words(_(empty.sentence), _(empty.button), _(empty.hint))
        elif came.asked.search:
            self.empty.set_words(_("没有找到“{words}”").format(words=came.asked.search), _("清除搜索"))
        else:
            self.empty.set_words(_(empty.filtered), _("清除筛选"))


def _count_words(said: CountSaid) -> str:
    return f"{said.count:,}{'+' if said.capped else ''}"
