"""The list of every page: quiet rows, a header that sorts, a selection that stays while rows change underneath."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Sequence
from operator import attrgetter
from typing import Any

from PySide6.QtCore import QModelIndex, QPoint, Qt, Signal, Slot
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QMenu, QStackedLayout, QVBoxLayout, QWidget

from app.base.words import _
from ui.naming import name
from ui.remember import InMemory, Remember
from ui.tables.arrangement import Arrangement
from ui.tables.columns import Column
from ui.tables.copying import Copying
from ui.tables.lines_model import LinesModel
from ui.tables.lines_view import LinesView
from ui.tables.pages import Fetch
from ui.tables.place import Flag, Place, selected_ids
from ui.tasks import TaskRunner
from ui.widgets.empty_state import EmptyState
from ui.widgets.news_bar import NewsBar


class LineTable(QWidget):
    """A `LinesModel` with its view, a line for news on top, and an empty state."""

    opened = Signal(object)
    chosen = Signal(object)
    selection_changed = Signal()
    sort_wanted = Signal(str, bool)
    refresh_wanted = Signal()

    def __init__(
        self,
        object_name: str,
        title: str,
        columns: Sequence[Column[Any]],
        fetch: Fetch,
        tasks: TaskRunner,
        *,
        line_id: Callable[[Any], int] = attrgetter("rid"),
        remember: Remember | None = None,
        empty: EmptyState | None = None,
        parent: QWidget | None = None,
    ) -> None:
        """object_name: English, also the key its columns are remembered under. fetch: see `LinesModel`.

        opened: Enter or double click. chosen: the current line (None: no line), again when it was read again.
        sort_wanted: sort key of a column and whether ascending. refresh_wanted: the news line was pressed.
        """
        super().__init__(parent)
        name(self, object_name, title)
        self.model = LinesModel(columns, fetch, tasks, line_id=line_id, parent=self)
        self.view = name(LinesView(self), f"{object_name}_rows", title)
        self.view.setModel(self.model)
        self.empty = empty or EmptyState(_("这里还没有记录"))
        self._news = NewsBar(self)
        self._columns = self.model.columns
        self._sort: tuple[str, bool] | None = None
        self._current_id: int | None = None
        self._moving = False
        header = self.view.horizontalHeader()
        self._arrangement = Arrangement(header, self._columns, f"table.{object_name}", remember or InMemory())
        self._copying = Copying(self.model, fetch, tasks, self)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        rows = QWidget(self)
        self._stack = QStackedLayout(rows)
        self._stack.addWidget(self.view)
        self._stack.addWidget(self.empty)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(0)
        lines.addWidget(self._news)
        lines.addWidget(rows, 1)
        self.setFocusProxy(self.view)

    def _connect(self) -> None:
        header = self.view.horizontalHeader()
        header.sectionClicked.connect(self._on_header_clicked)
        header.customContextMenuRequested.connect(self._on_header_menu)
        self.view.opened.connect(self._on_opened)
        self.view.copy_wanted.connect(self.copy)
        self._news.wanted.connect(self.refresh_wanted)
        self.model.dataChanged.connect(self._on_lines_came)
        selection = self.view.selectionModel()
        selection.currentRowChanged.connect(self._on_current_changed)
        selection.selectionChanged.connect(self._on_selection_changed)

    def show_first(self, lines: Sequence[Any]) -> None:
        """Show the first page of a new result at once, from its top."""
        self._news.tell("")
        self._stack.setCurrentWidget(self.view)
        self.model.show_first(lines)
        self.view.scrollToTop()
        self._say_current()

    def show_ids(self, ids: array[int], first: Sequence[Any] = ()) -> None:
        """Show the whole result; selection, current row and place stay by id."""
        place = Place.of(self.view, self.model)
        self._moving = True
        self.model.show_ids(ids, first)
        place.restore(self.view, self.model)
        self._moving = False
        self._stack.setCurrentWidget(self.view if len(ids) else self.empty)
        self._say_current()
        self.selection_changed.emit()

    def refresh_lines(self, ids: Iterable[int] | None = None) -> None:
        """Read changed lines again in their places; None: all at hand."""
        self.model.refresh_lines(ids)

    def announce(self, count: int, text: str = "") -> None:
        """Tell of `count` new rows in a line on top instead of pushing them in; 0 takes the line away."""
        self._news.tell(text or _("{n} 条新记录").format(n=count) if count else "")

    def announced(self) -> str:
        """What the line on top says; empty: nothing."""
        return self._news.text()

    def selected_ids(self) -> array[int]:
        """Ids of the selected rows, in the order of the list."""
        return selected_ids(self.view, self.model)

    def current_line(self) -> Any | None:
        """The line the person stands on, if it is at hand."""
        return self.model.line(self.view.currentIndex().row())

    def go_to(self, rid: int) -> bool:
        """Stand on the row of an id; False: it is not in the list."""
        row = self.model.rows_of([rid]).get(rid)
        if row is None:
            return False
        index = self.model.index(row, 0)
        self.view.selectionModel().setCurrentIndex(index, Flag.ClearAndSelect | Flag.Rows)
        self.view.scrollTo(index)
        return True

    def set_sort(self, key: str, ascending: bool) -> None:
        """Show in the header what the list is sorted by; tells nobody."""
        self._sort = (key, ascending)
        order = Qt.SortOrder.AscendingOrder if ascending else Qt.SortOrder.DescendingOrder
        at = next((at for at, column in enumerate(self._columns) if column.sort_key == key), -1)
        self.view.horizontalHeader().setSortIndicator(at, order)

    def visible_columns(self) -> list[Column[Any]]:
        """The columns shown, in the order shown."""
        header = self.view.horizontalHeader()
        shown = [at for at in range(len(self._columns)) if not header.isSectionHidden(at)]
        return [self._columns[at] for at in sorted(shown, key=header.visualIndex)]

    def columns_menu(self) -> QMenu:
        """A menu to choose the columns."""
        return self._arrangement.menu()

    @Slot()
    def copy(self) -> None:
        """Put the selected rows on the clipboard, as text a sheet can take."""
        self._copying.copy(self.selected_ids(), self.visible_columns())

    def hideEvent(self, event: QHideEvent) -> None:
        """Remember the columns before the page goes."""
        self._arrangement.keep_if_changed()
        super().hideEvent(event)

    def _on_header_clicked(self, section: int) -> None:
        key = self._columns[section].sort_key
        if key is None:
            if self._sort is not None:
                self.set_sort(*self._sort)
            return
        ascending = not self._sort[1] if self._sort is not None and self._sort[0] == key else True
        self.set_sort(key, ascending)
        self.sort_wanted.emit(key, ascending)

    def _on_header_menu(self, at: QPoint) -> None:
        menu = self.columns_menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.view.horizontalHeader().mapToGlobal(at))

    def _on_opened(self, row: int) -> None:
        line = self.model.line(row)
        if line is not None:
            self.opened.emit(line)

    def _on_current_changed(self, _current: QModelIndex, _before: QModelIndex) -> None:
        if not self._moving:
            self._say_current()

    def _on_selection_changed(self) -> None:
        if not self._moving:
            self.selection_changed.emit()

    def _on_lines_came(self, first: QModelIndex, last: QModelIndex) -> None:
        if first.row() <= self.view.currentIndex().row() <= last.row():
            self._say_current()

    def _say_current(self) -> None:
        row = self.view.currentIndex().row()
        if row < 0:
            if self._current_id is not None:
                self._current_id = None
                self.chosen.emit(None)
            return
        self._current_id = self.model.id_at(row)
        self.model.want(row)
        line = self.model.line(row)
        if line is not None:
            self.chosen.emit(line)
