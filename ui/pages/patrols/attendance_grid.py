"""The cells of the month sheet: one key writes a state, arrows walk, a block is copied down."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHeaderView, QTableView

from app.domain.attendance_rules import ATTENDANCE_KEYS
from app.services.attendance import Place
from ui.pages.patrols.attendance_model import SheetModel
from ui.theme import ROW

DAY_PX = 28


class StateGrid(QTableView):
    """`marked` carries the state whose key was pressed; the cell to the right is stood on then."""

    marked = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setCornerButtonEnabled(False)
        self.setTabKeyNavigation(False)
        across, down = self.horizontalHeader(), self.verticalHeader()
        across.setMinimumSectionSize(DAY_PX)
        across.setDefaultSectionSize(DAY_PX)
        across.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        down.setDefaultSectionSize(ROW)
        down.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        down.hide()

    def places(self, model: SheetModel) -> list[Place]:
        """Member and day of every cell selected."""
        cells = [index for index in self.selectedIndexes() if model.is_day(index.column())]
        return [model.place(index.row(), index.column()) for index in cells]

    def columns(self) -> dict[int, set[int]]:
        """Rows selected by column."""
        found: dict[int, set[int]] = {}
        for index in self.selectedIndexes():
            found.setdefault(index.column(), set()).add(index.row())
        return {column: rows for column, rows in found.items() if column > 0}

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """One key a state; arrows walk."""
        state = ATTENDANCE_KEYS.get(event.text())
        if state is None or event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            super().keyPressEvent(event)
            return
        self.marked.emit(state)
        if len(self.selectedIndexes()) == 1:
            here = self.currentIndex()
            beside = here.siblingAtColumn(here.column() + 1)
            if beside.isValid():
                self.selectionModel().setCurrentIndex(beside, QItemSelectionModel.SelectionFlag.ClearAndSelect)


def stand_on(grid: StateGrid, model: SheetModel, member_id: UUID, day: date) -> QModelIndex:
    """Stand on a member's day."""
    index = model.index_of(member_id, day)
    grid.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
    return index
