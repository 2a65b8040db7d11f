"""The month in one chart: cases filed and closed per day, and the share that was overdue."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.base.words import _
from ui.naming import name
from ui.theme import gap, light_colour, set_look

BAR = 0.38
MOST_LABELS = 12
PERCENT = 100


class MonthChart(QWidget):
    """Bars side by side, a line over them. Where the chart library is missing, a sentence and the sums."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        name(self, "month_chart", _("本月立案、结案和超期比例"))
        self._shown: tuple[Sequence[str], Sequence[int], Sequence[int], Sequence[float | None]] | None = None
        self._lines = QVBoxLayout(self)
        self._lines.setContentsMargins(0, 0, 0, 0)

    def show_month(
        self, days: Sequence[str], filed: Sequence[int], closed: Sequence[int], overdue_share: Sequence[float | None]
    ) -> None:
        """Draw it. days: what stands under the bars. overdue_share: 0 to 1 per day, None for a gap. All of one length."""
        self._shown = (days, filed, closed, overdue_share)
        said = _("立案 {filed} 件,结案 {closed} 件").format(filed=sum(filed), closed=sum(closed))
        self.setAccessibleDescription(said)
        while (old := self._lines.takeAt(0)) is not None:
            widget = old.widget()
            if widget is not None:
                widget.deleteLater()
        self._lines.addWidget(_drawn(days, filed, closed, overdue_share) or _not_drawn(said))

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.ApplicationPaletteChange and self._shown is not None:
            self.show_month(*self._shown)


def _not_drawn(said: str) -> QLabel:
    label = QLabel(f"{_('图表组件不可用')}\n{said}")
    label.setAlignment(Qt.AlignmentFlag.AlignCenter)
    return set_look(name(label, "chart_missing", _("图表组件不可用")), "muted")


def _drawn(
    days: Sequence[str], filed: Sequence[int], closed: Sequence[int], overdue_share: Sequence[float | None]
) -> QWidget | None:
    """The chart; None: the library cannot be imported on this PC."""
    try:
        import pyqtgraph
    except ImportError:
        return None
    library: Any = pyqtgraph
    plot = _plot(library, days)
    palette = plot.palette()
    groups = (
        (_("立案"), filed, palette.color(QPalette.ColorRole.Accent), -BAR / 2),
        (_("结案"), closed, palette.color(QPalette.ColorRole.Shadow), BAR / 2),
    )
    for _title, heights, colour, shift in groups:
        places = [at + shift for at in range(len(days))]
        bars = library.BarGraphItem(x=places, height=list(heights), width=BAR, brush=colour, pen=None)
        plot.addItem(bars)
    plot.setYRange(0, max((*filed, *closed, 1)), padding=0.02)
    _add_share_line(library, plot, overdue_share)
    legend = [("■", title, colour) for title, _heights, colour, _shift in groups]
    return _with_legend(plot, [*legend, ("▲", _("超期比例 %"), light_colour("red"))])


def _with_legend(plot: QWidget, legend: Sequence[tuple[str, str, QColor]]) -> QWidget:
    """The chart with its legend above it, where it covers nothing."""
    whole = QWidget()
    top = QHBoxLayout()
    top.addStretch(1)
    for shape, title, colour in legend:
        label = QLabel(f'<span style="color:{colour.name()}">{shape}</span> {title}')
        label.setContentsMargins(0, 0, gap(3), 0)
        top.addWidget(label)
    lines = QVBoxLayout(whole)
    lines.setContentsMargins(0, 0, 0, 0)
    lines.addLayout(top)
    lines.addWidget(plot, 1)
    return whole


def _plot(library: Any, days: Sequence[str]) -> Any:
    plot = library.PlotWidget(background=None)
    name(plot, "month_plot", _("本月图表"))
    palette = plot.palette()
    plot.setMouseEnabled(x=False, y=False)
    plot.setMenuEnabled(False)
    plot.hideButtons()
    plot.showAxis("right")
    step = max(1, -(-len(days) // MOST_LABELS))
    plot.getAxis("bottom").setTicks([[(at, day) for at, day in enumerate(days) if at % step == 0]])
    for side in ("left", "bottom", "right"):
        plot.getAxis(side).setPen(palette.color(QPalette.ColorRole.Mid))
        plot.getAxis(side).setTextPen(palette.color(QPalette.ColorRole.PlaceholderText))
    return plot


def _add_share_line(library: Any, plot: Any, overdue_share: Sequence[float | None]) -> None:
    """The share in percent, on the axis at the right."""
    over = library.ViewBox(enableMenu=False)
    over.setMouseEnabled(x=False, y=False)
    over.setZValue(1)
    plot.scene().addItem(over)
    plot.getAxis("right").linkToView(over)
    over.setXLink(plot)
    percents = [float("nan") if share is None else PERCENT * share for share in overdue_share]
    highest = max((share for share in overdue_share if share is not None), default=0.0)
    over.setYRange(0, max(PERCENT * highest, 10), padding=0.05)
    pen = library.mkPen(light_colour("red"), width=2)
    line = library.PlotDataItem(percents, pen=pen, connect="finite", symbol="o", symbolSize=4, symbolPen=pen)
    if any(share is not None for share in overdue_share):  # all gaps: pyqtgraph would look for a range for ever
        over.addItem(line)
    view = plot.getViewBox()
    view.sigResized.connect(lambda: over.setGeometry(view.sceneBoundingRect()))
