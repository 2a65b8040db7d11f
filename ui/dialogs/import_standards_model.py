"""A standards workbook as a table that can be mended cell by cell."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal

from app.base.words import _
from app.domain.cases import CASE_KIND_TITLES
from app.services.sheets.standards import StandardsPreview, StandardsRow
from app.services.sheets.standards_columns import STANDARDS_COLUMNS
from ui.theme import muted_colour, wrong_colour

Index = QModelIndex | QPersistentModelIndex
NOWHERE = QModelIndex()
TAKE, ROW, PROBLEM, FIRST = 0, 1, 2, 3
COLUMNS = FIRST + len(STANDARDS_COLUMNS)
MISSING = "▲"
_KINDS = {kind.value: title for kind, title in CASE_KIND_TITLES.items()}


class StandardsModel(QAbstractTableModel):
    """Rows of the preview, all or only those with a problem. `changed`: something was mended or left out."""

    changed = Signal()

    def __init__(self, preview: StandardsPreview) -> None:
        super().__init__()
        self.preview = preview
        self._only_problems = False
        self._shown: list[int] = []
        self._choose()

    def show_only_problems(self, only: bool) -> None:
        """Show every row, or only those that wait to be mended. A mended row stays until this is asked again."""
        self.beginResetModel()
        self._only_problems = only
        self._choose()
        self.endResetModel()

    def leave_out_problems(self) -> None:
        """Leave out every row that was not understood."""
        self._take(self.preview.without_unsettled())

    def place(self, row: int) -> int:
        """Place in the preview of a row shown."""
        return self._shown[row]

    def rowCount(self, parent: Index = NOWHERE) -> int:
        """Rows shown."""
        return 0 if parent.isValid() else len(self._shown)

    def columnCount(self, parent: Index = NOWHERE) -> int:
        """Take, row, what is wrong, the columns of a standard."""
        return 0 if parent.isValid() else COLUMNS

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Titles of the columns."""
        if role != Qt.ItemDataRole.DisplayRole or orientation != Qt.Orientation.Horizontal:
            return None
        if section == TAKE:
            return _("导入")
        if section == ROW:
            return _("行")
        return _("问题") if section == PROBLEM else _(STANDARDS_COLUMNS[section - FIRST].title)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """A cell; a problem is said with a sign and a word, not by colour alone."""
        row, column = self.preview.rows[self._shown[index.row()]], index.column()
        if role == Qt.ItemDataRole.CheckStateRole and column == TAKE:
            return Qt.CheckState.Unchecked if row.left_out else Qt.CheckState.Checked
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            text = self._text(row, column)
            shows_gap = role == Qt.ItemDataRole.DisplayRole and not text and column >= FIRST and not row.left_out
            return MISSING if shows_gap and self._is_wrong(row, column) else text
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._text(row, PROBLEM) if column == PROBLEM else None
        if role == Qt.ItemDataRole.ForegroundRole:
            if row.left_out:
                return muted_colour()
            return wrong_colour() if row.problems and self._is_wrong(row, column) else None
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Put one cell right, or leave a row out."""
        place, column = self._shown[index.row()], index.column()
        if role == Qt.ItemDataRole.CheckStateRole and column == TAKE:
            self._take(self.preview.leave_out(place, Qt.CheckState(value) != Qt.CheckState.Checked))
            return True
        if role == Qt.ItemDataRole.EditRole and column >= FIRST:
            self._take(self.preview.correct(place, STANDARDS_COLUMNS[column - FIRST].name, str(value)))
            return True
        return False

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Cells of the standard can be edited, the tick can be set."""
        flags = super().flags(index)
        if index.column() == TAKE:
            return flags | Qt.ItemFlag.ItemIsUserCheckable
        if index.column() >= FIRST:
            return flags | Qt.ItemFlag.ItemIsEditable
        return flags

    def _text(self, row: StandardsRow, column: int) -> str:
        if column == TAKE:
            return ""
        if column == ROW:
            return f"{row.sheet} {row.row}"
        if column == PROBLEM:
            said = ";".join(problem.message for problem in row.problems)
            return f"▲ {said}" if said and not row.left_out else said
        name = STANDARDS_COLUMNS[column - FIRST].name
        value = row.values[name]
        return _(_KINDS[value]) if name == "kind" and value in _KINDS else value

    def _is_wrong(self, row: StandardsRow, column: int) -> bool:
        if column == PROBLEM:
            return True
        if column < FIRST:
            return False
        title = _(STANDARDS_COLUMNS[column - FIRST].title)
        return any(problem.column == title for problem in row.problems)

    def _choose(self) -> None:
        rows = self.preview.rows
        self._shown = [
            place for place, row in enumerate(rows) if not self._only_problems or (row.problems and not row.left_out)
        ]

    def _take(self, preview: StandardsPreview) -> None:
        self.preview = preview
        if self._shown:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._shown) - 1, COLUMNS - 1))
        self.changed.emit()
