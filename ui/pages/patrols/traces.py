"""The part of traces: who was where when on a day, as a list, a time line and on the map; track files come in here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSplitter,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.base.words import N_, _
from app.domain.attendance import Track
from app.domain.grids import GridKind
from app.domain.problems import Problem
from app.reports.trace_report import note_words, reached_words
from app.services.day_traces import DayTrace
from ui.forms.time_inputs import DayInput
from ui.icons import icon
from ui.map.view import MapView
from ui.naming import name
from ui.notices import problem_box
from ui.pages.context import PageContext
from ui.pages.patrols.traces_import import TrackImportDialog
from ui.pages.patrols.traces_layers import layers_of
from ui.pages.patrols.traces_line import TimeLine
from ui.printing.showing import show_paper
from ui.tables.columns import RIGHT, Column
from ui.tables.list_export import ask_export
from ui.tables.small_table import SmallTable
from ui.tasks import Latest
from ui.theme import gap, set_look
from ui.time_words import OFFICE_ZONE, span_words
from ui.widgets.busy_bar import BusyBar
from ui.widgets.empty_state import EmptyState
from ui.widgets.sections import InPart

DAY_PX = 110
FILES = "*.gpx *.csv *.txt *.xlsx *.xls"


class TracesPart(QWidget):
    """`go` takes a day, the id of a track, files to import (a list of paths), or None."""

    wanted = Signal(str, object)

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        name(self, "traces_part", _("轨迹"))
        self._context = context
        self._wanted: UUID | None = None
        self._latest: Latest[list[DayTrace]] = Latest(context.tasks, done=self._show, parent=self)
        self.day = name(DayInput(), "traces_day", _("日期"))
        self.day.setFixedWidth(DAY_PX)
        self.day.set_value(context.desk.reference.today())
        self.earlier = self._tool("traces_earlier", _("前一天 (Alt+Left)"), "left")
        self.later = self._tool("traces_later", _("后一天 (Alt+Right)"), "right")
        self.rounds = name(QPushButton(_("看巡查")), "traces_round", _("打开这次巡查"))
        self.importing = set_look(
            name(QPushButton(_("导入轨迹…")), "traces_import", _("导入 GPX 或 CSV 轨迹")), "primary"
        )
        self.print = self._tool("print_traces", _("打印这一天 (Ctrl+P)"), "print")
        self.export = self._tool("export_traces", _("导出这一天 (Ctrl+E)"), "export")
        self.busy = BusyBar()
        self.importing.setVisible(context.actor.may_write("track"))
        self.told = set_look(name(QLabel(), "traces_told", _("这一天合计")), "muted")
        self.table: SmallTable[DayTrace] = SmallTable(
            "trace_table",
            _("轨迹"),
            trace_columns(),
            context,
            EmptyState(_("这一天没有巡查,也没有轨迹"), hint=_("按“导入轨迹”收进手持机导出的 GPX 或 CSV 文件")),
        )
        self.line = TimeLine()
        self.map = MapView()
        self._lay_out()
        self._connect()

    def go(self, argument: object) -> None:
        """Show a day, or take files in."""
        if isinstance(argument, date):
            self.day.set_value(argument)
            self.refresh()
        elif isinstance(argument, UUID):
            self._context.tasks.read(
                lambda _watch: self._context.desk.traces.get(argument), done=self._show_track, failed=self._on_gone
            )
        elif isinstance(argument, list):
            self.take_files(argument)

    def refresh(self) -> None:
        """Read the day again."""
        day, service = self.day.value(), self._context.desk.traces
        if isinstance(day, date):
            self._latest.ask(lambda _watch: service.day(day))
        else:
            self.told.setText(_("请写成 2026-11-01 这样的日期"))

    def keep(self) -> None:
        """Nothing is typed here."""

    def take_files(self, paths: Sequence[Path]) -> None:
        """Look over track files and ask before they are kept."""
        dialog = TrackImportDialog(self._context, paths, self)
        dialog.taken.connect(self._on_taken)
        dialog.open()

    def open_round(self) -> None:
        """Show the round of the line one stands on."""
        trace = self.table.current()
        if trace is not None and trace.round is not None:
            self.wanted.emit("patrols", InPart("rounds", trace.round.id))

    def print_day(self) -> None:
        """Show the day on paper."""
        day = self.day.value()
        if isinstance(day, date) and self.table.items():
            paper = self._context.desk.traces.paper(day, actor=self._context.actor)
            show_paper(self, self._context, paper)

    def export_day(self) -> None:
        """Ask where to, and write the day there."""
        day, traces, actor = self.day.value(), self._context.desk.traces, self._context.actor
        if isinstance(day, date):
            ask_export(
                self,
                self._context,
                self.busy,
                range(len(self.table.items())),
                f"{_('巡查轨迹')}-{day:%m%d}",
                lambda path, _rows, watch: traces.export(path, day, actor=actor, watch=watch),
            )

    def _show_track(self, track: Track) -> None:
        self._wanted = track.id
        self.day.set_value(track.day)
        self.refresh()

    def _on_gone(self, problem: Problem) -> None:
        problem_box(self, problem, safe=_("轨迹都还在,没有受影响"))

    def _show(self, traces: list[DayTrace]) -> None:
        self.table.show_all(traces)
        wanted, self._wanted = self._wanted, None
        if wanted is not None:
            self.table.go_to(lambda trace: wanted in {track.id for track in trace.tracks})
        elif self.table.current() is None:
            self.table.go_to(lambda trace: trace.figures is not None)
        self.line.show_traces(traces)
        self.line.setVisible(bool(traces))
        recorded = [trace for trace in traces if trace.figures is not None]
        metres = sum(trace.figures.distance_m for trace in recorded if trace.figures is not None)
        words = _("{n} 行 · 有轨迹 {m} · {km} 公里")
        self.told.setText(words.format(n=len(traces), m=len(recorded), km=f"{metres / 1000:.1f}"))
        self._draw(self.table.current() or next(iter(recorded), None))

    def _draw(self, trace: DayTrace | None) -> None:
        grids = self._context.desk.grids.all(GridKind.DUTY)
        layers = layers_of(trace, grids)
        self.map.set_layers(layers)
        self.map.setVisible(any(len(layer) for layer in layers))
        if trace is not None and trace.fixes:
            longitudes, latitudes = [fix[1] for fix in trace.fixes], [fix[2] for fix in trace.fixes]
            margin = max(max(longitudes) - min(longitudes), max(latitudes) - min(latitudes), 0.002) / 8
            west, east = min(longitudes) - margin, max(longitudes) + margin
            self.map.look_at(west, min(latitudes) - margin, east, max(latitudes) + margin)

    def _on_chosen(self, trace: DayTrace | None) -> None:
        self.rounds.setEnabled(trace is not None and trace.round is not None)
        if trace is not None:
            self.line.stand(self.table.items().index(trace))
            self._draw(trace)

    def _on_stood(self, at: int) -> None:
        traces = self.table.items()
        if at < len(traces):
            self.table.go_to(lambda trace: trace is traces[at])

    def _on_taken(self, day: object) -> None:
        if isinstance(day, date):
            self.day.set_value(day)
        self.refresh()

    def _move(self, days: int) -> None:
        day = self.day.value()
        if isinstance(day, date):
            self.day.set_value(day + timedelta(days=days))
            self.refresh()

    def _choose(self) -> None:
        chosen, _kind = QFileDialog.getOpenFileNames(self, _("导入轨迹"), "", f"{_('轨迹文件')} ({FILES})")
        if chosen:
            self.take_files([Path(one) for one in chosen])

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(gap(2))
        for widget in (self.earlier, self.day, self.later, self.told):
            top.addWidget(widget)
        top.addStretch(1)
        for button in (self.print, self.export, self.rounds, self.importing):
            top.addWidget(button)
        self.rounds.setEnabled(False)
        left = QSplitter(Qt.Orientation.Vertical)
        left.addWidget(self.table)
        left.addWidget(self.line)
        left.setStretchFactor(0, 3)
        left.setStretchFactor(1, 2)
        both = name(QSplitter(Qt.Orientation.Horizontal), "traces_split", _("轨迹"))
        both.addWidget(left)
        both.addWidget(self.map)
        both.setStretchFactor(0, 3)
        both.setStretchFactor(1, 2)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(gap(3), gap(2), gap(3), gap(2))
        lines.setSpacing(gap(2))
        lines.addLayout(top)
        lines.addWidget(self.busy)
        lines.addWidget(both, 1)
        self.setFocusProxy(self.table)

    def _connect(self) -> None:
        self.earlier.clicked.connect(lambda: self._move(-1))
        self.later.clicked.connect(lambda: self._move(1))
        self.day.returnPressed.connect(self.refresh)
        self.rounds.clicked.connect(self.open_round)
        self.importing.clicked.connect(self._choose)
        self.table.chosen.connect(self._on_chosen)
        self.table.opened.connect(lambda _trace: self.open_round())
        self.line.stood.connect(self._on_stood)
        self.print.clicked.connect(self.print_day)
        self.export.clicked.connect(self.export_day)
        keys = (
            ("Alt+Left", self.earlier.click),
            ("Alt+Right", self.later.click),
            ("Ctrl+P", self.print_day),
            ("Ctrl+E", self.export_day),
        )
        for key, slot in keys:
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(slot)

    def _tool(self, object_name: str, title: str, picture: str) -> QToolButton:
        tool = name(QToolButton(), object_name, title, title)
        tool.setIcon(icon(picture))
        return tool


def trace_columns() -> Sequence[Column[DayTrace]]:
    """Who, when, how far, and what was reached."""
    return (
        Column("member", N_("网格员"), 76, lambda trace: trace.member_name or _("(未说明)")),
        Column("from", N_("从"), 52, lambda trace: _clock(trace, begin=True)),
        Column("to", N_("到"), 52, lambda trace: _clock(trace, begin=False)),
        Column("km", N_("公里"), 56, _km, RIGHT),
        Column("in_grid", N_("在网格内"), 84, _in_grid, RIGHT),
        Column("gap", N_("中断"), 80, _gap, RIGHT),
        Column("reached", N_("到达点"), 64, _reached, RIGHT),
        Column("round", N_("巡查"), 186, lambda trace: trace.round.number if trace.round else _("(不属于巡查)")),
        Column("note", N_("轨迹说明"), 220, note_words, hint=note_words),
    )


def _clock(trace: DayTrace, *, begin: bool) -> str:
    at = trace.started_at if begin else trace.ended_at
    return f"{at.astimezone(OFFICE_ZONE):%H:%M}" if at else "-"


def _km(trace: DayTrace) -> str:
    return "-" if trace.figures is None else f"{trace.figures.distance_m / 1000:.2f}"


def _in_grid(trace: DayTrace) -> str:
    figures = trace.figures
    return "-" if figures is None or figures.in_grid_s is None else span_words(figures.in_grid_s)


def _gap(trace: DayTrace) -> str:
    figures = trace.figures
    if figures is None:
        return "-"
    return f"{len(figures.gaps)} · {span_words(figures.gap_s)}" if figures.gaps else _("无")


def _reached(trace: DayTrace) -> str:
    return reached_words(trace) or "-"
