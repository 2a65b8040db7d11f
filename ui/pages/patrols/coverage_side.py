"""Beside the heat map: the sums, the figures of each row, and what nobody has seen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.base.words import N_, _
from app.domain.coverage import BlindSpots, Cell, CoverageMatrix, CoverageRow
from app.reports.coverage_report import km_words, per_km_words, percent_words, since_words
from ui.charts.heat import ahead_colour, scale_colours
from ui.naming import name
from ui.pages.context import PageContext
from ui.tables.columns import RIGHT, Column
from ui.tables.small_table import SmallTable
from ui.theme import gap, set_look
from ui.widgets.empty_state import EmptyState


def row_columns(unseen: Callable[[CoverageRow], int | None]) -> Sequence[Column[CoverageRow]]:
    """Figures of a row. unseen: days since it was last walked."""

    def since(row: CoverageRow) -> str:
        return since_words(unseen(row))

    return (
        Column("title", N_("名称"), 140, lambda row: row.title, hint=lambda row: row.title),
        Column("share", N_("完成率"), 76, lambda row: percent_words(row.total.share), RIGHT),
        Column("done", N_("完成/计划"), 92, lambda row: f"{row.total.done}/{row.total.planned}", RIGHT),
        Column("since", N_("距上次"), 66, since, RIGHT),
        Column("points", N_("检查点"), 88, lambda row: _points(row.total), RIGHT),
        Column("findings", N_("问题"), 64, lambda row: str(row.total.findings), RIGHT),
        Column("km", N_("公里"), 56, lambda row: km_words(row.total), RIGHT),
        Column("per_km", N_("每公里问题"), 80, lambda row: per_km_words(row.total), RIGHT),
        Column("ahead", N_("还没到"), 60, lambda row: str(row.total.ahead) if row.total.ahead else "", RIGHT),
    )


class CoverageSums(QWidget):
    """One line of sums with the scale of the map at its end."""

    def __init__(self) -> None:
        super().__init__()
        name(self, "coverage_sums", _("合计"))
        self.words = name(QLabel(), "coverage_total", _("合计"))
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(gap(2))
        self.words.setWordWrap(True)
        line.addWidget(self.words, 1)
        scale = name(_Colours(scale_colours, 24), "coverage_scale", _("颜色从未完成到全部完成"))
        ahead = name(_Colours(lambda: [ahead_colour()], 3), "coverage_ahead", _("还没到"))
        legend = (
            _muted(_("未完成")),
            scale,
            _muted(_("全部完成")),
            ahead,
            _muted(_("还没到")),
            _muted(_("▨ 没有计划")),
        )
        for widget in legend:
            line.addWidget(widget)

    def show_total(self, total: Cell, rows: int, unseen: int) -> None:
        """Say what everything together comes to."""
        words = _(
            "计划 {planned} · 完成 {done}({share}) · 检查点 {points} · 问题 {findings} · {km} 公里 · 每公里 {per_km}"
        )
        later = " · " + _("还没到 {n}").format(n=f"{total.ahead:,}") if total.ahead else ""
        said = words.format(
            planned=f"{total.planned:,}",
            done=f"{total.done:,}",
            share=percent_words(total.share),
            points=_points(total),
            findings=f"{total.findings:,}",
            km=km_words(total),
            per_km=per_km_words(total),
        )
        self.words.setText(f"{said} · {_('{n} 行中 {m} 行无人巡查').format(n=rows, m=unseen)}{later}")


@dataclass(frozen=True)
class _Spot:
    kind: str
    title: str
    told: str
    row: CoverageRow | None = None


class SpotsList(QWidget):
    """Blind spots as one list; `opened` carries the row of the matrix behind one, where there is one."""

    opened = Signal(object)

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        name(self, "coverage_spots", _("盲区"))
        columns: tuple[Column[_Spot], ...] = (
            Column("kind", N_("盲区"), 120, lambda spot: _(spot.kind)),
            Column("title", N_("名称"), 190, lambda spot: spot.title, hint=lambda spot: spot.title),
            Column("told", N_("情况"), 130, lambda spot: spot.told),
        )
        self.table: SmallTable[_Spot] = SmallTable(
            "coverage_spot_rows", _("盲区"), columns, context, EmptyState(_("时段内没有盲区"))
        )
        self.table.opened.connect(self._on_opened)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.addWidget(self.table)

    def _on_opened(self, spot: _Spot) -> None:
        if spot.row is not None:
            self.opened.emit(spot.row)

    def show_spots(self, spots: BlindSpots, matrix: CoverageMatrix) -> None:
        """Show them: unseen first, then check points, then streets."""
        lines = [_Spot(N_("无人巡查"), row.title, since_words(matrix.days_unseen(row)), row) for row in spots.rows]
        lines += [
            _Spot(N_("检查点未查"), f"{point.grid_code} {point.name}".strip(), _("{n} 次").format(n=point.times))
            for point in spots.points
        ]
        lines += [_Spot(N_("街道没有网格"), street, "") for street in spots.streets]
        self.table.show_all(lines)


class _Colours(QWidget):
    """Colours of the map side by side, as the theme has them. gaps: how wide."""

    def __init__(self, colours: Callable[[], Sequence[QColor]], gaps: int) -> None:
        super().__init__()
        self._colours = colours
        self.setFixedSize(gap(gaps), gap(3))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Each as wide as the others."""
        painter = QPainter(self)
        colours = self._colours()
        step = self.width() / len(colours)
        for at, colour in enumerate(colours):
            painter.fillRect(round(at * step), 0, round(step) + 1, self.height(), colour)
        painter.end()


def _points(cell: Cell) -> str:
    return f"{cell.points_checked:,}/{cell.points_total:,}" if cell.points_total else "-"


def _muted(words: str) -> QLabel:
    return set_look(QLabel(words), "muted")
