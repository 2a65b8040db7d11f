"""The month sheet as a table: a sign a day, proposals in brackets, the sums at the end."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from app.base.words import N_, _
from app.domain.attendance import ATTENDANCE_TITLES, Attendance, AttendanceState
from app.domain.attendance_rules import ATTENDANCE_SIGNS
from app.services.attendance import MonthSheet, Place
from ui.theme import light_colour, muted_colour
from ui.time_words import OFFICE_ZONE

Index = QModelIndex | QPersistentModelIndex
NOWHERE = QModelIndex()
SUMS = tuple(AttendanceState)
WEEK = N_("一二三四五六日")
WARNING = frozenset({AttendanceState.ABSENT, AttendanceState.LATE, AttendanceState.LEFT_EARLY})


class SheetModel(QAbstractTableModel):
    """Column 0 is the name, then the days, then the days of each state."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.sheet: MonthSheet | None = None
        self._today = date.min

    def show_sheet(self, sheet: MonthSheet, today: date) -> None:
        """Show a month; the same members and days leave the place one stands on alone."""
        same = self.sheet is not None and (
            [one.id for one in self.sheet.members],
            self.sheet.days,
        ) == ([one.id for one in sheet.members], sheet.days)
        if same:
            self.sheet, self._today = sheet, today
            last = self.index(self.rowCount() - 1, self.columnCount() - 1)
            self.dataChanged.emit(self.index(0, 0), last)
            return
        self.beginResetModel()
        self.sheet, self._today = sheet, today
        self.endResetModel()

    def rowCount(self, _parent: Index = NOWHERE) -> int:
        """Members."""
        return len(self.sheet.members) if self.sheet else 0

    def columnCount(self, _parent: Index = NOWHERE) -> int:
        """Name, days, sums."""
        return 1 + len(self.sheet.days) + len(SUMS) if self.sheet else 0

    def is_day(self, column: int) -> bool:
        """Whether a column is a day."""
        return self.sheet is not None and 1 <= column <= len(self.sheet.days)

    def place(self, row: int, column: int) -> Place:
        """Member and day of a cell."""
        assert self.sheet is not None
        return self.sheet.members[row].id, self.sheet.days[column - 1]

    def entry(self, row: int, column: int) -> Attendance | None:
        """What was written into a cell."""
        if self.sheet is None or not self.is_day(column):
            return None
        return self.sheet.entries.get(self.place(row, column))

    def index_of(self, member_id: UUID, day: date) -> QModelIndex:
        """The cell of a member's day."""
        assert self.sheet is not None
        row = next(at for at, member in enumerate(self.sheet.members) if member.id == member_id)
        return self.index(row, 1 + self.sheet.days.index(day))

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Day of the month over its weekday."""
        if self.sheet is None or orientation != Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        if section == 0:
            return _("姓名")
        if self.is_day(section):
            day = self.sheet.days[section - 1]
            return f"{day.day}\n{_(WEEK)[day.weekday()]}"
        return ATTENDANCE_SIGNS[SUMS[section - 1 - len(self.sheet.days)]]

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """A sign, its colour, its words."""
        if self.sheet is None or not index.isValid():
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(index.row(), index.column())
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column():
            return Qt.AlignmentFlag.AlignCenter
        if role == Qt.ItemDataRole.ForegroundRole:
            return self._colour(index.row(), index.column())
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return self.words(index)
        return None

    def words(self, index: Index) -> str:
        """What a cell says in whole words."""
        if self.sheet is None or not index.isValid() or not self.is_day(index.column()):
            return ""
        member, day = self.sheet.members[index.row()], self.sheet.days[index.column() - 1]
        entry, proposal = self.sheet.entries.get((member.id, day)), self.sheet.proposals.get((member.id, day))
        parts = [f"{member.name} {day:%m-%d}"]
        if entry is not None:
            parts += [_(ATTENDANCE_TITLES[entry.state]), entry.note, entry.source]
        elif proposal is not None:
            first, last = (at.astimezone(OFFICE_ZONE) for at in (proposal.seen.first, proposal.seen.last))
            words = _("建议 {state}:轨迹 {first} 至 {last}")
            parts.append(
                words.format(state=_(ATTENDANCE_TITLES[proposal.state]), first=f"{first:%H:%M}", last=f"{last:%H:%M}")
            )
        else:
            parts.append(_("没有记录"))
        return " · ".join(part for part in parts if part)

    def _text(self, row: int, column: int) -> str:
        assert self.sheet is not None
        member = self.sheet.members[row]
        if column == 0:
            return member.name
        if not self.is_day(column):
            count = self.sheet.count(member.id, SUMS[column - 1 - len(self.sheet.days)])
            return str(count) if count else ""
        place = self.place(row, column)
        entry, proposal = self.sheet.entries.get(place), self.sheet.proposals.get(place)
        if entry is not None:
            return ATTENDANCE_SIGNS[entry.state]
        return f"({ATTENDANCE_SIGNS[proposal.state]})" if proposal is not None else ""

    def _colour(self, row: int, column: int) -> Any:
        entry = self.entry(row, column)
        if entry is None:
            return muted_colour() if self.is_day(column) else None
        if entry.state == AttendanceState.ABSENT:
            return light_colour("red")
        return light_colour("yellow") if entry.state in WARNING else None
