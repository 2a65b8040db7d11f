"""The day as a time line: a bar a way, hatched where nothing was recorded, a frame where the round was to be."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QBrush, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QScrollArea, QToolTip, QWidget

from app.base.words import _
from app.services.day_traces import DayTrace
from app.services.track_import import span_of
from ui.naming import name
from ui.theme import gap, muted_colour
from ui.time_words import OFFICE_ZONE, span_words

ROW, BAR, HEAD, NAMES = 24, 12, 22, 84
DAY_MINUTES = 24 * 60
TICKS = 2
MARGIN_H = 1


class TimeLine(QScrollArea):
    """`stood` carries the place of the way a person clicked or walked to."""

    stood = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        name(self, "time_line", _("时间轴"))
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.bars = _Bars(self)
        self.setWidget(self.bars)

    def show_traces(self, traces: Sequence[DayTrace]) -> None:
        """Show these ways, in this order."""
        self.bars.show_traces(traces)

    def stand(self, at: int) -> None:
        """Light a way up without telling."""
        self.bars.stand(at)
        self.ensureVisible(0, HEAD + at * ROW + ROW // 2, 0, ROW)


class _Bars(QWidget):
    def __init__(self, owner: TimeLine) -> None:
        super().__init__()
        name(self, "time_bars", _("时间轴"))
        self._owner = owner
        self._traces: Sequence[DayTrace] = ()
        self._at = -1
        self._first, self._last = 6 * 60, 20 * 60
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def show_traces(self, traces: Sequence[DayTrace]) -> None:
        self._traces, self._at = traces, -1
        minutes = [_minute(at) for trace in traces for at in (trace.started_at, trace.ended_at) if at is not None]
        early, late = min([6 * 60, *minutes]), max([20 * 60, *minutes])
        self._first = max(early // 60 - (MARGIN_H if minutes else 0), 0) * 60
        self._last = min(late // 60 + 1 + (MARGIN_H if minutes else 0), 24) * 60
        self.setMinimumHeight(HEAD + ROW * len(traces) + gap(1))
        self.updateGeometry()
        self.update()

    def stand(self, at: int) -> None:
        self._at = at
        if 0 <= at < len(self._traces):
            self.setAccessibleDescription(trace_words(self._traces[at]))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(400, HEAD + ROW * max(len(self._traces), 4))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Hours, then a bar a way."""
        painter, palette = QPainter(self), self.palette()
        painter.setPen(muted_colour())
        for hour in range(self._first // 60, self._last // 60 + 1, TICKS):
            x = self._x(hour * 60)
            painter.drawText(QRect(x - 20, 0, 40, HEAD), int(Qt.AlignmentFlag.AlignCenter), f"{hour}")
        painter.setPen(palette.color(QPalette.ColorRole.Mid))
        for hour in range(self._first // 60, self._last // 60 + 1, TICKS):
            painter.drawLine(self._x(hour * 60), HEAD, self._x(hour * 60), self.height())
        for at, trace in enumerate(self._traces):
            self._paint_way(painter, at, trace)
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Stand on the way under the pointer."""
        self._go(self._row_at(int(event.position().y())))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and down walk."""
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        if event.key() in steps:
            self._go(self._at + steps[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    def event(self, event: object) -> bool:
        """Tell of a way when the pointer rests on it."""
        if isinstance(event, QHelpEvent):
            at = self._row_at(event.pos().y())
            words = trace_words(self._traces[at]) if 0 <= at < len(self._traces) else ""
            QToolTip.showText(event.globalPos(), words, self)
            return True
        return super().event(event)  # type: ignore[arg-type]

    def _go(self, at: int) -> None:
        if 0 <= at < len(self._traces):
            self.stand(at)
            self._owner.stood.emit(at)

    def _paint_way(self, painter: QPainter, at: int, trace: DayTrace) -> None:
        palette, top = self.palette(), HEAD + at * ROW
        if at == self._at:
            painter.fillRect(QRect(0, top, self.width(), ROW), palette.color(QPalette.ColorRole.Highlight))
        painter.setPen(palette.color(QPalette.ColorRole.Text))
        box = QRect(gap(1), top, NAMES - gap(2), ROW)
        said = painter.fontMetrics().elidedText(trace.member_name, Qt.TextElideMode.ElideRight, box.width())
        painter.drawText(box, int(Qt.AlignmentFlag.AlignVCenter), said)
        if trace.round is not None:
            painter.setPen(palette.color(QPalette.ColorRole.Dark))
            begin, end = (_minute(moment) for moment in span_of(trace.round))
            painter.drawRect(self._bar(top, begin, end).adjusted(0, -3, 0, 3))
        accent = palette.color(QPalette.ColorRole.Accent)
        for stretch in trace.stretches():
            bar = self._bar(top, _minute(stretch.start), _minute(stretch.end))
            brush = QBrush(accent) if stretch.recorded else QBrush(accent, Qt.BrushStyle.BDiagPattern)
            painter.fillRect(bar, brush)

    def _bar(self, top: int, begin: int, end: int) -> QRect:
        left, right = self._x(begin), self._x(max(end, begin))
        return QRect(left, top + (ROW - BAR) // 2, max(right - left, 2), BAR)

    def _x(self, minute: int) -> int:
        width = max(self.width() - NAMES - gap(4), 1)
        return NAMES + round(width * (minute - self._first) / max(self._last - self._first, 1))

    def _row_at(self, y: int) -> int:
        return (y - HEAD) // ROW if y >= HEAD else -1


def trace_words(trace: DayTrace) -> str:
    """A way in words."""
    if trace.figures is None or trace.started_at is None or trace.ended_at is None:
        return _("{name}:没有轨迹").format(name=trace.member_name)
    words = _("{name} {begin} 至 {end},{km} 公里,中断 {gaps} 次共 {gap}")
    return words.format(
        name=trace.member_name,
        begin=f"{trace.started_at.astimezone(OFFICE_ZONE):%H:%M}",
        end=f"{trace.ended_at.astimezone(OFFICE_ZONE):%H:%M}",
        km=f"{trace.figures.distance_m / 1000:.2f}",
        gaps=len(trace.figures.gaps),
        gap=span_words(trace.figures.gap_s),
    )


def _minute(at: datetime) -> int:
    local = at.astimezone(OFFICE_ZONE)
    return min(local.hour * 60 + local.minute, DAY_MINUTES)
