"""`child_paging STORE` says milliseconds per page down, by the work list and by a model of constants."""

from __future__ import annotations

import random
import sys
import time
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QEvent, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QTableView

from app.domain.case_views import CaseFilter
from tests.bench.bench_store import NOW, BenchStore
from tests.bench.children import say
from ui.main import speak
from ui.pages.cases.columns import LineWords, case_columns
from ui.tables.line_table import LineTable
from ui.tables.lines_view import LinesView
from ui.tasks import TaskRunner
from ui.theme import apply_theme

PAGES = 150
LINES_SHOWN = 40
JUMPS = 40
SIZE = (1280, 800)
Index = QModelIndex | QPersistentModelIndex


class Constants(QAbstractTableModel):
    """As many rows and columns, and one text for every cell."""

    def __init__(self, rows: int, titles: list[str]) -> None:
        super().__init__()
        self._rows, self._titles = rows, titles

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return self._rows

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return len(self._titles)

    def data(self, index: Index, role: int = 0) -> Any:
        return "花园路12号占道" if role == 0 else None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        return self._titles[section] if role == 0 and orientation == Qt.Orientation.Horizontal else None


def press_page_down(app: QApplication, view: QTableView) -> None:
    """One key, handled and painted."""
    key = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_PageDown, Qt.KeyboardModifier.NoModifier)
    app.sendEvent(view, key)
    app.processEvents()


def main(store_folder: str) -> None:
    """Page through both in turn."""
    app = QApplication([])
    speak(app, "zh")
    apply_theme(app, "light", 13)
    store = BenchStore.at_scale(int(store_folder.rstrip("/").rsplit("/", 1)[-1]))
    desk, tasks = store.desk, TaskRunner()
    reference = desk.reference
    words = LineWords(NOW, reference.office(), reference.calendar(), reference.case_sources())
    table = LineTable("case_list", "案件", case_columns(words), desk.case_lists.lines, tasks)
    rids = desk.case_lists.ids(CaseFilter())
    table.resize(*SIZE)
    table.show_ids(rids)
    table.show()
    plain = LinesView()
    model = Constants(len(rids), [column.title for column in table.model.columns])
    plain.setModel(model)
    for place in range(len(table.model.columns)):
        plain.setColumnWidth(place, table.view.columnWidth(place))
        plain.setColumnHidden(place, table.view.isColumnHidden(place))
    plain.resize(*SIZE)
    plain.show()

    def settle() -> None:
        while tasks.busy():
            app.processEvents()
        app.processEvents()

    settle()
    ours: list[float] = []
    base: list[float] = []
    jumps: list[float] = []
    base_jumps: list[float] = []
    for view in (table.view, plain):
        view.setCurrentIndex(view.model().index(0, 0))
        press_page_down(app, view)
    settle()
    for _turn in range(min(PAGES, len(rids) // LINES_SHOWN)):
        begun = time.perf_counter()
        press_page_down(app, table.view)
        settle()
        between = time.perf_counter()
        press_page_down(app, plain)
        ours.append((between - begun) * 1000)
        base.append((time.perf_counter() - between) * 1000)
    chance = random.Random(3)
    for _turn in range(JUMPS):
        row = chance.randrange(len(rids))
        for view, kept in ((table.view, jumps), (plain, base_jumps)):
            begun = time.perf_counter()
            view.verticalScrollBar().setValue(row)
            app.processEvents()
            settle()
            kept.append((time.perf_counter() - begun) * 1000)
    say(ours=ours, base=base, jump=jumps, base_jump=base_jumps)
    tasks.shutdown()
    store.close()


if __name__ == "__main__":
    main(sys.argv[1])
