"""The part of coverage: a heat map of rows and days, the figures beside it, and what nobody has seen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QStackedLayout, QTabWidget, QVBoxLayout, QWidget

from app.base.watch import Watch
from app.base.words import _
from app.domain.coverage import MOST_DAYS, NOTHING, BlindSpots, CoverageBy, CoverageMatrix, CoverageRow
from app.domain.problems import Problem
from app.services.coverage import CoverageService
from ui.charts.heat import HeatMap
from ui.naming import name
from ui.notices import problem_box
from ui.pages.context import PageContext
from ui.pages.patrols.coverage_bar import CoverageBar, Question
from ui.pages.patrols.coverage_side import CoverageSums, SpotsList, row_columns
from ui.printing.showing import show_paper
from ui.tables.small_table import SmallTable
from ui.tasks import Latest
from ui.theme import gap
from ui.widgets.busy_bar import BusyBar
from ui.widgets.empty_state import EmptyState
from ui.widgets.sections import InPart


@dataclass(frozen=True)
class _Picture:
    matrix: CoverageMatrix
    spots: BlindSpots


class CoveragePart(QWidget):
    """`go` takes a `CoverageBy` or None. A cell, a row or a blind spot opens its rounds."""

    wanted = Signal(str, object)

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        name(self, "coverage_part", _("巡查覆盖"))
        self._context = context
        self._picture: _Picture | None = None
        self._latest: Latest[_Picture] = Latest(
            context.tasks, done=self._show, failed=self._on_trouble, pause_ms=50, parent=self
        )
        self.bar = CoverageBar(context.desk)
        self.sums = CoverageSums()
        self.heat = HeatMap(self.cell_words)
        self.rows: SmallTable[CoverageRow] = SmallTable(
            "coverage_rows", _("覆盖明细"), row_columns(self._unseen), context, EmptyState(_("时段内没有可统计的行"))
        )
        self.spots = SpotsList(context)
        self.busy = BusyBar()
        self.empty = EmptyState(
            _("这段时间没有巡查,也没有网格"),
            hint=_("换一个时段;或先在“计划”里排巡查,在“网格”里导入网格,这里就会按天显示覆盖"),
        )
        self._lay_out()
        self._connect()

    def go(self, argument: object) -> None:
        """Show rows of another kind."""
        if isinstance(argument, CoverageBy):
            self.bar.by.set_value(argument)
            self.refresh()

    def refresh(self) -> None:
        """Read again what is shown."""
        asked = self.bar.question()
        if asked is not None:
            desk = self._context.desk
            self._latest.ask(lambda watch: _read(desk.coverage, asked, watch))

    def keep(self) -> None:
        """Nothing is typed here."""

    def cell_words(self, row: int, column: int) -> str:
        """What a cell says."""
        if self._picture is None:
            return ""
        matrix = self._picture.matrix
        one, day = matrix.rows[row], matrix.days[column]
        cell = one.cells.get(day, NOTHING)
        if cell.lies_ahead:
            return _("{row} {day}:{n} 次还没到").format(row=one.title, day=f"{day:%m-%d}", n=cell.ahead)
        if not cell.planned:
            return _("{row} {day}:没有计划").format(row=one.title, day=f"{day:%m-%d}")
        words = _("{row} {day}:计划 {planned},完成 {done},检查点 {checked}/{points},问题 {findings}")
        later = _(",{n} 次还没到").format(n=cell.ahead) if cell.ahead else ""
        said = words.format(
            row=one.title,
            day=f"{day:%m-%d}",
            planned=cell.planned,
            done=cell.done,
            checked=cell.points_checked,
            points=cell.points_total,
            findings=cell.findings,
        )
        return said + later

    def open_cell(self, row: int, column: int) -> None:
        """Show the rounds of one row on one day."""
        if self._picture is not None:
            day = self._picture.matrix.days[column]
            self._open(self._picture.matrix.rows[row], day, day)

    def export(self) -> None:
        """Ask where to, and write the matrix there: a sheet, or the map as a picture."""
        if self._picture is None:
            return
        kinds = f"{_('Excel/WPS 表格')} (*.xlsx);;{_('CSV 文本')} (*.csv);;{_('PNG 图片')} (*.png)"
        chosen, kind = QFileDialog.getSaveFileName(self, _("导出巡查覆盖"), self._file_name(), kinds)
        if chosen:
            path = Path(chosen)
            ending = ".csv" if "csv" in kind else ".png" if "png" in kind else ".xlsx"
            self.write(path if path.suffix else path.with_suffix(ending))

    def write(self, path: Path) -> None:
        """Write the matrix to a file, beside the screen; a picture at once."""
        if self._picture is None:
            return
        if path.suffix.lower() == ".png":
            saved = self.heat.grab().save(str(path))
            told = _("已存为图片 {file}") if saved else _("没有写成 {file},请检查文件夹")
            self._context.notices.say(told.format(file=path.name))
            return
        matrix, service, actor = self._picture.matrix, self._context.desk.coverage, self._context.actor
        task = self._context.tasks.read(
            lambda watch: service.export(path, matrix, actor=actor, watch=watch),
            done=lambda rows: self._context.notices.say(_("已导出 {n} 行到 {file}").format(n=rows, file=path.name)),
            failed=self._on_trouble,
        )
        self.busy.follow(task, _("正在导出"))

    def print(self) -> None:
        """Show the report on paper."""
        if self._picture is None:
            return
        picture = self._picture
        paper = self._context.desk.coverage.paper(picture.matrix, picture.spots, actor=self._context.actor)
        show_paper(self, self._context, paper)

    def _open(self, row: CoverageRow, first: date, last: date) -> None:
        assert self._picture is not None
        by, chosen = self._picture.matrix.by, {"period": (f"{first.isoformat()}..{last.isoformat()}",)}
        if not row.key:
            self.wanted.emit("patrols", InPart("rounds", chosen))
            return
        if by == CoverageBy.ROAD:
            self.wanted.emit("patrols", InPart("rounds", row.key))
            return
        keys = {
            CoverageBy.GRID: ("grid", row.key),
            CoverageBy.STREET: ("street", row.key),
            CoverageBy.MEMBER: ("member", ""),
        }
        chip, key = keys[by]
        if by == CoverageBy.MEMBER:
            key = str(self._context.desk.coverage.member_of(row.key))
        self.wanted.emit("patrols", InPart("rounds", {**chosen, chip: (key,)}))

    def _open_row(self, row: CoverageRow) -> None:
        if self._picture is not None:
            self._open(row, self._picture.matrix.first, self._picture.matrix.last)

    def _last(self) -> date:
        return self._picture.matrix.last if self._picture else self._context.desk.reference.today()

    def _unseen(self, row: CoverageRow) -> int | None:
        return None if self._picture is None else self._picture.matrix.days_unseen(row)

    def _show(self, picture: _Picture) -> None:
        self._picture = picture
        matrix = picture.matrix
        self._stack.setCurrentWidget(self._inside if matrix.rows else self.empty)
        self.sums.show_total(matrix.total, len(matrix.rows), len(picture.spots.rows))
        days = matrix.days
        shares = np.full((len(matrix.rows), len(days)), np.nan)
        ahead = np.zeros(shares.shape, dtype=bool)
        texts = [[""] * len(days) for _row in matrix.rows]
        place = {day: at for at, day in enumerate(days)}
        for at, row in enumerate(matrix.rows):
            for day, cell in row.cells.items():
                ahead[at, place[day]] = cell.lies_ahead
                if cell.planned:
                    shares[at, place[day]] = cell.done / cell.planned
                    texts[at][place[day]] = f"{cell.done}/{cell.planned}"
        labels = [f"{day.month}-{day.day}" if day.day == 1 or day == days[0] else str(day.day) for day in days]
        self.heat.show_cells([row.title for row in matrix.rows], labels, shares, texts, ahead)
        self.rows.show_all(sorted(matrix.rows, key=lambda row: _unseen_first(matrix.days_unseen(row), row.title)))
        self.spots.show_spots(picture.spots, matrix)

    def _lay_out(self) -> None:
        side = name(QTabWidget(), "coverage_side", _("覆盖明细和盲区"))
        side.setDocumentMode(True)
        side.addTab(self.rows, _("明细"))
        side.addTab(self.spots, _("盲区"))
        self._inside = QWidget()
        both = QHBoxLayout(self._inside)
        both.setContentsMargins(0, 0, 0, 0)
        both.setSpacing(gap(3))
        both.addWidget(self.heat, 3)
        both.addWidget(side, 2)
        pages = QWidget()
        self._stack = QStackedLayout(pages)
        self._stack.addWidget(self._inside)
        self._stack.addWidget(self.empty)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(gap(3), gap(2), gap(3), gap(2))
        lines.setSpacing(gap(2))
        for widget in (self.bar, self.sums, self.busy):
            lines.addWidget(widget)
        lines.addWidget(pages, 1)
        self.setFocusProxy(self.heat)

    def _connect(self) -> None:
        self.bar.asked.connect(self.refresh)
        self.bar.export.clicked.connect(self.export)
        self.bar.print.clicked.connect(self.print)
        self.heat.opened.connect(self.open_cell)
        self.rows.opened.connect(self._open_row)
        self.spots.opened.connect(self._open_row)
        for key, slot in (("Ctrl+E", self.export), ("Ctrl+P", self.print)):
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(slot)

    def _file_name(self) -> str:
        return f"{_('巡查覆盖')}-{self._last():%Y%m%d}.xlsx"

    def _on_trouble(self, problem: Problem) -> None:
        problem_box(self, problem, safe=_("巡查都还在,没有受影响"))


def _read(service: CoverageService, asked: Question, watch: Watch) -> _Picture:

    matrix = service.matrix(asked.by, asked.first, asked.last, asked.street_code)
    watch.check()
    return _Picture(matrix, service.blind_spots(matrix, asked.street_code))


def _unseen_first(days: int | None, title: str) -> tuple[int, str]:
    return (-MOST_DAYS * 100 if days is None else -days, title)
