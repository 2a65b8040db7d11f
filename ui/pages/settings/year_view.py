"""A whole year of days: worked, free, holiday, made up; changed by click or by keyboard."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QToolTip, QWidget

from app.base.words import _
from ui.naming import name
from ui.theme import GRID, muted_colour

COLUMNS, ROWS = 4, 3
WEEK = 7
CELL_W, CELL_H = 30, 22
HEAD = 44
GAP = 5 * GRID
MONTH_W, MONTH_H = CELL_W * WEEK, HEAD + CELL_H * 6
_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -7, Qt.Key.Key_Down: 7}


class YearView(QWidget):
    """Twelve months. `toggled` carries the day a person wants worked instead of free, or free instead of worked."""

    toggled = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        name(self, "year_view", _("全年工作日"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._year = 2000
        self._said: Mapping[str, bool] = {}
        self._changed: frozenset[str] = frozenset()
        self._editable = True
        self._at = date(self._year, 1, 1)
        self.setFixedSize(self.sizeHint())

    def show_year(self, year: int, said: Mapping[str, bool], *, changed: frozenset[str], editable: bool) -> None:
        """said: ISO day -> worked, where it differs from the week. changed: days not saved yet."""
        if year != self._year:
            self._at = date(year, 1, 1)
        self._year, self._said, self._changed = year, said, changed
        self._editable = editable
        self.setAccessibleDescription(self.day_words(self._at))
        self.update()

    def worked(self, day: date) -> bool:
        """Whether the office works on a day."""
        said = self._said.get(day.isoformat())
        return day.weekday() < 5 if said is None else said

    def day_words(self, day: date) -> str:
        """What a day is."""
        kind = _("上班") if self.worked(day) else _("休息")
        if day.isoformat() in self._said and self.worked(day) != (day.weekday() < 5):
            kind = _("调休上班") if self.worked(day) else _("放假")
        return f"{day:%Y-%m-%d} {kind}"

    def sizeHint(self) -> QSize:
        """Four months side by side."""
        return QSize(COLUMNS * MONTH_W + (COLUMNS - 1) * GAP + 2, ROWS * MONTH_H + (ROWS - 1) * GRID)

    def rect_of(self, day: date) -> QRect:
        """Where a day stands."""
        corner = self._corner(day.month)
        first = date(day.year, day.month, 1)
        place = first.weekday() + day.day - 1
        return QRect(corner.x() + place % WEEK * CELL_W, corner.y() + HEAD + place // WEEK * CELL_H, CELL_W, CELL_H)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The months."""
        painter = QPainter(self)
        for month in range(1, 13):
            self._paint_month(painter, month)
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click changes the day."""
        day = self._day_at(event.position().toPoint())
        if day is not None:
            self._stand(day)
            self._toggle()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows walk, blank changes."""
        if event.key() in _STEPS:
            day = self._at + timedelta(days=_STEPS[Qt.Key(event.key())])
            if day.year == self._year:
                self._stand(day)
        elif event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._toggle()
        else:
            super().keyPressEvent(event)

    def event(self, event: object) -> bool:
        """Tell of a day when the pointer rests on it."""
        if isinstance(event, QHelpEvent):
            day = self._day_at(event.pos())
            if day is not None:
                QToolTip.showText(event.globalPos(), self.day_words(day), self)
            return True
        return super().event(event)  # type: ignore[arg-type]

    def _paint_month(self, painter: QPainter, month: int) -> None:
        corner, palette = self._corner(month), self.palette()
        painter.setPen(palette.color(QPalette.ColorRole.Text))
        painter.drawText(
            QRect(corner, QSize(MONTH_W, CELL_H)), int(Qt.AlignmentFlag.AlignVCenter), _("{n}月").format(n=month)
        )
        painter.setPen(muted_colour())
        for place, sign in enumerate(_("一二三四五六日")):
            box = QRect(corner.x() + place * CELL_W, corner.y() + CELL_H, CELL_W, CELL_H)
            painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), sign)
        day = date(self._year, month, 1)
        while day.month == month:
            self._paint_day(painter, day)
            if day == date.max:
                break
            day += timedelta(days=1)

    def _paint_day(self, painter: QPainter, day: date) -> None:
        box, palette, key = self.rect_of(day).adjusted(1, 1, -1, -1), self.palette(), day.isoformat()
        worked, special = self.worked(day), self.worked(day) != (day.weekday() < 5)
        if not worked:
            painter.fillRect(box, palette.color(QPalette.ColorRole.Midlight))
        if special:
            painter.setPen(palette.color(QPalette.ColorRole.Dark))
            painter.drawRect(box.adjusted(0, 0, -1, -1))
        font = painter.font()
        font.setBold(key in self._changed)
        painter.setFont(font)
        painter.setPen(palette.color(QPalette.ColorRole.Text) if worked or special else muted_colour())
        mark = (_("班") if worked else _("休")) if special else ""
        painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), f"{day.day}{mark}")
        font.setBold(False)
        painter.setFont(font)
        if self.hasFocus() and day == self._at:
            painter.setPen(palette.color(QPalette.ColorRole.Accent))
            painter.drawRect(self.rect_of(day).adjusted(0, 0, -1, -1))

    def _corner(self, month: int) -> QPoint:
        column, row = (month - 1) % COLUMNS, (month - 1) // COLUMNS
        return QPoint(column * (MONTH_W + GAP), row * (MONTH_H + GRID))

    def _day_at(self, point: QPoint) -> date | None:
        day = date(self._year, 1, 1)
        while day.year == self._year:
            if self.rect_of(day).contains(point):
                return day
            day += timedelta(days=1)
        return None

    def _stand(self, day: date) -> None:
        self._at = day
        self.setAccessibleDescription(self.day_words(day))
        self.update()

    def _toggle(self) -> None:
        if self._editable:
            self.toggled.emit(self._at)
