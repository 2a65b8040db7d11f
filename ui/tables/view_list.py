"""A list under saved views with their counts, chips and a search; place and selection stay while rows change."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Mapping, Sequence
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
from ui.tasks import Latest
from ui.theme import gap
from ui.widgets.busy_bar import BusyBar
from ui.widgets.empty_state import EmptyState
from ui.widgets.filter_bar import FilterBar, FilterSpec
from ui.widgets.fitting_row import FittingRow, quiet_button

REST_MS = 250
SEARCH_PX = 240


@dataclass(frozen=True)
class Asked:
    """What is shown: a saved view, what is chosen in the chips, words searched for."""

    view: str
    chosen: Mapping[str, Sequence[str]]
    search: str


@dataclass(frozen=True)
class ListSource:
    """Where a list comes from; all but titles and specs run in reader threads. counts: by view.

    ids: the whole list. lines: of row numbers. rid_of: of an identity.
    """

    ids: Callable[[Asked], array[int]]
    lines: Callable[[Sequence[int]], Sequence[Any]]
    counts: Callable[[], Mapping[str, CountSaid]]
    rid_of: Callable[[UUID], int | None]
    titles: Mapping[str, str]
    specs: Sequence[FilterSpec]
    empty: str
    hint: str = ""


@dataclass(frozen=True)
class _Came:
    asked: Asked
    ids: array[int]
    stand_on: int | None


class ViewList(QWidget):
    """`chosen`: the line one stands on, or None. `opened`: a line opened with Enter. `asked`: another list is shown."""

    chosen = Signal(object)
    opened = Signal(object)
    asked = Signal(object)

    def __init__(
        self,
        object_name: str,
        title: str,
        context: PageContext,
        source: ListSource,
        columns: Sequence[Column[Any]],
        search_hint: str,
    ) -> None:
        super().__init__()
        name(self, object_name, title)
        self._context = context
        self._source = source
        self.view = next(iter(source.titles))
        self._wanted: UUID | None = None
        self._whole: Latest[_Came] = Latest(context.tasks, done=self._on_came, pause_ms=0, parent=self)
        self._counts: Latest[Mapping[str, CountSaid]] = Latest(context.tasks, done=self._on_counts, parent=self)
        self._typing = QTimer(self, singleShot=True, interval=REST_MS)
        self._typing.timeout.connect(self.ask)
        self._make_parts(object_name, title, columns, search_hint)
        self._lay_out()
        self._connect()

    # What the part asks ------------------------------------------------------------------------------------------

    def question(self) -> Asked:
        """What is shown."""
        return Asked(self.view, self.filters.chosen(), self.search.text().strip())

    def ask(self, then: UUID | None = None) -> None:
        """Read the list anew. then: the record to stand on when it has come."""
        self._wanted = then or self._wanted
        asked, source, wanted = self.question(), self._source, self._wanted

        def read(_watch: object) -> _Came:
            return _Came(asked, source.ids(asked), None if wanted is None else source.rid_of(wanted))

        self._whole.ask(read)
        self._counts.ask(lambda _watch: source.counts())

    def narrow(
        self,
        view: str,
        chosen: Mapping[str, Sequence[str]] | None = None,
        search: str = "",
        then: UUID | None = None,
    ) -> None:
        """Show another list."""
        self.show_view(view)
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

    def selected(self) -> array[int]:
        """Row numbers selected; one or none selected: all of the list."""
        rids = self.table.selected_ids()
        return rids if len(rids) > 1 else self.table.model.ids

    # Parts -------------------------------------------------------------------------------------------------------

    def _make_parts(self, object_name: str, title: str, columns: Sequence[Column[Any]], search_hint: str) -> None:
        self._row = FittingRow(f"{object_name}_views", _("常用视图"))
        self._buttons: dict[str, QToolButton] = {}
        for key, words in self._source.titles.items():
            button = quiet_button(f"{object_name}_view_{key}", _(words), checkable=True)
            button.clicked.connect(partial(self._on_view, key))
            self._buttons[key] = button
        self._row.set_buttons(list(self._buttons.values()))
        self.show_view(self.view)
        self.search = name(QLineEdit(), f"{object_name}_search", search_hint)
        self.search.setPlaceholderText(search_hint)
        self.search.setClearButtonEnabled(True)
        self.search.setFixedWidth(gap(SEARCH_PX // 4))
        self.filters = FilterBar(self._source.specs)
        self.busy = BusyBar()
        self.empty = EmptyState(self._source.empty, "", self._source.hint)
        self.table = LineTable(
            f"{object_name}_table",
            title,
            columns,
            self._source.lines,
            self._context.tasks,
            remember=self._context.remember,
            empty=self.empty,
        )
        self.tools = QHBoxLayout()
        self.tools.setSpacing(gap(2))

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(gap(2))
        top.addWidget(self._row, 1)
        top.addLayout(self.tools)
        middle = QHBoxLayout()
        middle.setSpacing(gap(2))
        middle.addWidget(self.search)
        middle.addWidget(self.filters, 1)
        self.bars = QWidget()
        bars = QVBoxLayout(self.bars)
        bars.setContentsMargins(gap(3), gap(2), gap(3), gap(2))
        bars.setSpacing(gap(1))
        bars.addLayout(top)
        bars.addLayout(middle)
        self.setFocusProxy(self.table)

    def _connect(self) -> None:
        self.search.textEdited.connect(lambda _text: self._typing.start())
        self.search.returnPressed.connect(self.ask)
        self.filters.changed.connect(lambda _chosen: self.ask())
        self.table.opened.connect(self.opened)
        self.table.chosen.connect(self.chosen)
        self.empty.acted.connect(self._on_cleared)

    # Answers -----------------------------------------------------------------------------------------------------

    def _on_view(self, view: str) -> None:
        self.show_view(view)
        self._wanted = None
        self.ask()
        self.asked.emit(self.question())

    def _on_came(self, came: _Came) -> None:
        self._say_empty(came.asked)
        self.table.show_ids(came.ids)
        self.table.refresh_lines()
        self.filters.set_count(_("{n} 条").format(n=f"{len(came.ids):,}"))
        self._wanted = None
        stands = came.stand_on is not None and self.table.go_to(came.stand_on)
        if not stands and len(came.ids) and not self.table.view.currentIndex().isValid():
            self.table.go_to(came.ids[0])

    def _on_counts(self, counts: Mapping[str, CountSaid]) -> None:
        for key, button in self._buttons.items():
            said = counts.get(key)
            words = _(self._source.titles[key])
            button.setText(words if said is None else f"{words} {said.count:,}{'+' if said.capped else ''}")
        self._row.arrange()

    def _on_cleared(self) -> None:
        self.narrow(self.view)

    def _say_empty(self, asked: Asked) -> None:
        if asked.search:
            self.empty.set_words(_("没有找到“{words}”").format(words=asked.search), _("清除搜索"))
        elif asked.chosen:
            self.empty.set_words(_("没有符合这些条件的记录"), _("清除筛选"))
        else:
            self.empty.set_words(self._source.empty, "", self._source.hint)
