"""A list of any length for a table view: a snapshot of row ids, lines fetched page by page when they are looked at."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from operator import attrgetter
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Slot

from app.base.words import _
from ui.tables.columns import LEFT, Column
from ui.tables.pages import Fetch, Pages
from ui.tasks import TaskRunner
from ui.theme import light_colour

Index = QModelIndex | QPersistentModelIndex
Texts = tuple[str, ...]

# The roles arrive as plain numbers; comparing them with enum members would cost more than all the rest.
_DISPLAY = int(Qt.ItemDataRole.DisplayRole)
_TOOL_TIP = int(Qt.ItemDataRole.ToolTipRole)
_ALIGNMENT = int(Qt.ItemDataRole.TextAlignmentRole)
_FOREGROUND = int(Qt.ItemDataRole.ForegroundRole)
_ACCESSIBLE = int(Qt.ItemDataRole.AccessibleTextRole)
LINE_ROLE = int(Qt.ItemDataRole.UserRole)
ON_ITS_WAY = "…"
GONE = "—"
TOLD_AT_MOST = 4000


class LinesModel(QAbstractTableModel):
    """Rows are ids; a line is fetched with its page when a cell of it is first asked for.

    Until it comes the row shows what it showed before under that id, or an ellipsis. A line that is not given back by
    `fetch` (deleted meanwhile) shows a dash.
    """

    def __init__(
        self,
        columns: Sequence[Column[Any]],
        fetch: Fetch,
        tasks: TaskRunner,
        *,
        line_id: Callable[[Any], int] = attrgetter("rid"),
        page: int = 200,
        kept: int = 64,
        parent: QObject | None = None,
    ) -> None:
        """fetch: lines of ids, in any order; runs in a reader thread. page: rows a fetch. kept: pages in memory."""
        super().__init__(parent)
        self.columns = tuple(columns)
        self.ids: array[int] = array("q")
        self.line_id = line_id
        self._pages = Pages(fetch, line_id, tasks, size=page, kept=kept, parent=self)
        self._pages.arrived.connect(self._on_arrived)
        self._first: Sequence[Any] = ()
        self._before: Mapping[int, Any] = {}
        self._told: dict[int, Texts] = {}
        self._titles = tuple(_(column.title) for column in self.columns)
        self._aligns = tuple(None if column.align == LEFT else column.align for column in self.columns)
        self._lights = tuple(column.light for column in self.columns)
        waiting = [""] * len(self.columns)
        waiting[0] = ON_ITS_WAY
        self._waiting = tuple(waiting)
        self._gone = (GONE,) * len(self.columns)

    def show_first(self, lines: Sequence[Any]) -> None:
        """Show the first page at once; the snapshot of the whole follows by `show_ids`."""
        self.show_ids(array("q", map(self.line_id, lines)), lines)
        self._first = lines

    def show_ids(self, ids: array[int], first: Sequence[Any] = ()) -> None:
        """Show a whole result. first: lines at its top that are at hand (else those of `show_first`)."""
        self.beginResetModel()
        self._before = self._pages.lines()
        self.ids = ids
        self._pages.start(ids, first or self._first)
        self._first = ()
        self._told.clear()
        self.endResetModel()

    def refresh_lines(self, ids: Iterable[int] | None = None) -> None:
        """Read lines again that changed (None: all at hand), in their places."""
        self._pages.reread(ids)

    def retell(self) -> None:
        """Say every text again from the same lines: time has passed, or the theme changed."""
        self._told.clear()
        if self.ids:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.ids) - 1, len(self.columns) - 1))

    def line(self, row: int) -> Any | None:
        """The line of a row if it is at hand."""
        if not 0 <= row < len(self.ids):
            return None
        rid = self.ids[row]
        page = self._pages.at_hand(row)
        return self._before.get(rid) if page is None else page.get(rid)

    def want(self, row: int) -> None:
        """Have the line of a row fetched though nobody looks at it; `dataChanged` tells when it came."""
        self._pages.page_of(row)

    def id_at(self, row: int) -> int:
        """The id of a row."""
        return self.ids[row]

    def rows_of(self, ids: Iterable[int]) -> dict[int, int]:
        """Row by id, for those of `ids` that are in the list."""
        wanted = set(ids)
        if len(wanted) > 3:
            return {rid: row for row, rid in enumerate(self.ids) if rid in wanted}
        found = {}
        for rid in wanted:
            try:
                found[rid] = self.ids.index(rid)
            except ValueError:
                continue
        return found

    def texts(self, row: int) -> Texts:
        """What the cells of a row say."""
        told = self._told.get(row)
        return self._tell(row) if told is None else told

    def texts_of(self, line: Any) -> Texts:
        """What the cells of a line say, wherever it stands."""
        return tuple([column.value(line) for column in self.columns])

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """How many rows the snapshot holds."""
        return 0 if parent.isValid() else len(self.ids)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """How many columns there are, shown or not."""
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = _DISPLAY) -> Any:
        """What a cell shows. Everything but six roles is answered at once with nothing."""
        if role == _DISPLAY:
            row = index.row()
            told = self._told.get(row)
            return (self._tell(row) if told is None else told)[index.column()]
        if role == _ALIGNMENT:
            return self._aligns[index.column()]
        if role == _FOREGROUND:
            light = self._lights[index.column()]
            return None if light is None else self._colour(light, index.row())
        if role == LINE_ROLE:
            return self.line(index.row())
        if role == _TOOL_TIP:
            return self._hint(index.row(), index.column())
        if role == _ACCESSIBLE:
            return f"{self._titles[index.column()]} {self.texts(index.row())[index.column()]}"
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _DISPLAY) -> Any:
        """Titles across, nothing down."""
        if orientation == Qt.Orientation.Horizontal:
            if role == _DISPLAY:
                return self._titles[section]
            if role == _ALIGNMENT:
                return self.columns[section].align
        return None

    def _tell(self, row: int) -> Texts:
        rid = self.ids[row]
        page = self._pages.page_of(row)
        if page is None:
            old = self._before.get(rid)
            return self._waiting if old is None else self.texts_of(old)
        if len(self._told) >= TOLD_AT_MOST:
            self._told.clear()
        line = page.get(rid)
        told = self._told[row] = self._gone if line is None else self.texts_of(line)
        return told

    def _colour(self, light: Callable[[Any], str | None], row: int) -> Any:
        line = self.line(row)
        key = None if line is None else light(line)
        return None if key is None else light_colour(key)

    def _hint(self, row: int, column: int) -> str | None:
        hint = self.columns[column].hint
        line = self.line(row)
        if hint is not None and line is not None:
            return hint(line)
        return self.texts(row)[column] or None

    @Slot(int)
    def _on_arrived(self, number: int) -> None:
        first = number * self._pages.size
        last = min(first + self._pages.size, len(self.ids)) - 1
        for row in range(first, last + 1):
            self._told.pop(row, None)
        self.dataChanged.emit(self.index(first, 0), self.index(last, len(self.columns) - 1))
