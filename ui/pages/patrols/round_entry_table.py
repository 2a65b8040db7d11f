"""The check points of a round in route order: one key each, and on to the next."""

from __future__ import annotations

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from app.base.words import N_, _
from app.domain.patrols import CHECK_GRADE_TITLES, CheckGrade
from ui.naming import name
from ui.pages.patrols.round_entry_state import EntryState
from ui.theme import ROW, light_colour

Index = QModelIndex | QPersistentModelIndex
NOWHERE = QModelIndex()
HEADS = (N_("序"), N_("检查点"), N_("地点"), N_("结果"), N_("数值/说明"), N_("问题"))
WIDTHS = (40, 150, 96, 60, 150, 64)
NAME_COLUMN, NOTE_COLUMN = 1, 4
GRADE_COLUMN = 3
PLACE_COLUMN, PLACE_FROM_PX = 2, 560
GRADE_KEYS = {
    Qt.Key.Key_1: CheckGrade.GOOD,
    Qt.Key.Key_2: CheckGrade.FAIR,
    Qt.Key.Key_3: CheckGrade.BAD,
    Qt.Key.Key_0: CheckGrade.PASSED_OVER,
}
GRADE_LIGHTS = {CheckGrade.GOOD: "green", CheckGrade.FAIR: "yellow", CheckGrade.BAD: "red"}


class EntryModel(QAbstractTableModel):
    """Rows are check points; what is typed lies in an `EntryState`."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.state: EntryState | None = None
        self.found: dict[int, int] = {}

    def show_state(self, state: EntryState | None, found: dict[int, int]) -> None:
        """Show another round. found: findings by number of the check point."""
        self.beginResetModel()
        self.state, self.found = state, found
        self.endResetModel()

    def told(self, row: int | None = None) -> None:
        """A row changed; None: any may have."""
        first, last = (0, self.rowCount() - 1) if row is None else (row, row)
        if last >= 0:
            self.dataChanged.emit(self.index(first, 0), self.index(last, len(HEADS) - 1))

    def rowCount(self, parent: Index = NOWHERE) -> int:
        """One row per point."""
        return 0 if self.state is None or parent.isValid() else len(self.state.points)

    def columnCount(self, parent: Index = NOWHERE) -> int:
        """Fixed."""
        return 0 if parent.isValid() else len(HEADS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Heads."""
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return _(HEADS[section])
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Texts, and the colour of a result that its word says as well."""
        if self.state is None:
            return None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return self._text(index.row(), index.column())
        grade = self.state.entry(index.row()).grade
        if role == Qt.ItemDataRole.ForegroundRole and index.column() == GRADE_COLUMN and grade in GRADE_LIGHTS:
            return light_colour(GRADE_LIGHTS[grade])
        return None

    def _text(self, row: int, column: int) -> str:
        assert self.state is not None
        point, entry = self.state.points[row], self.state.entry(row)
        match column:
            case 0:
                return str(point.no)
            case 1:
                return point.name
            case 2:
                return f"{point.road}{point.house_no}"
            case 3:
                return "" if entry.grade is None else _(CHECK_GRADE_TITLES[entry.grade])
            case 4:
                return self._said(row)
        return str(self.found.get(point.no) or "")

    def _said(self, row: int) -> str:
        assert self.state is not None
        entry, over = self.state.entry(row), {item.code for item in self.state.over(row)}
        words = []
        for item in self.state.measured:
            value = (entry.values or {}).get(item.code)
            if value is not None:
                mark = _("(超标)") if item.code in over else ""
                words.append(f"{item.title} {value:g}{mark}")
        return ";".join([*words, entry.note] if entry.note else words)


class EntryTable(QTableView):
    """1 好, 2 一般, 3 差, 0 未查 and on; F a finding, A the rest good, Enter the details, Backspace takes a result away.

    `graded`: row and result (None: taken away). `finding_wanted`, `detail_wanted`: row. `rest_wanted`, `undo_wanted`.
    """

    graded = Signal(int, object)
    finding_wanted = Signal(int)
    detail_wanted = Signal(int, str)
    rest_wanted = Signal()
    undo_wanted = Signal()
    stood = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        name(self, "round_entry_table", _("检查点"), _("1 好 2 一般 3 差 0 未查 F 发现问题 A 其余全好"))
        self.lines = EntryModel(self)
        self.setModel(self.lines)
        # Letters are keys here, whatever input method is on.
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setAlternatingRowColors(True)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(ROW)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for section, width in enumerate(WIDTHS):
            header.resizeSection(section, width)
        for section in (NAME_COLUMN, NOTE_COLUMN):
            header.setSectionResizeMode(section, QHeaderView.ResizeMode.Stretch)
        self.selectionModel().currentRowChanged.connect(lambda now, _before: self.stood.emit(now.row()))

    @property
    def row(self) -> int:
        """The row the person stands on; -1: none."""
        return self.currentIndex().row()

    def stand_on(self, row: int) -> None:
        """Stand on a row, or on the last one."""
        last = self.lines.rowCount() - 1
        if last >= 0:
            index = self.lines.index(max(0, min(row, last)), GRADE_COLUMN)
            self.setCurrentIndex(index)
            self.scrollTo(index)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Beside an open finding the names stay legible; the place is in the form then."""
        self.setColumnHidden(PLACE_COLUMN, event.size().width() < PLACE_FROM_PX)
        super().resizeEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """One key says it all; what is no key of ours moves as in any list."""
        key, row = Qt.Key(event.key()), self.row
        plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
        if row < 0 or not plain:
            super().keyPressEvent(event)
        elif self.only_measured() and (event.text().isdecimal() or key == Qt.Key.Key_Period):
            self.detail_wanted.emit(row, event.text())
        elif key in GRADE_KEYS:
            self.graded.emit(row, GRADE_KEYS[key])
        elif key in (Qt.Key.Key_Backspace, Qt.Key.Key_Delete):
            self.graded.emit(row, None)
        elif key == Qt.Key.Key_F:
            self.finding_wanted.emit(row)
        elif key == Qt.Key.Key_A:
            self.rest_wanted.emit()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.detail_wanted.emit(row, "")
        else:
            super().keyPressEvent(event)

    def only_measured(self) -> bool:
        """Where everything is a number, digits are the number and no result."""
        state = self.lines.state
        return state is not None and bool(state.items) and len(state.measured) == len(state.items)
