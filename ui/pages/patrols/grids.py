"""The part of grids: areas by kind and roads with their chiefs, one of them on a small map; import and export."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QStackedWidget,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

from app.base.words import N_, _
from app.domain.directory import Road
from app.domain.grids import GRID_KIND_TITLES, Boundary, Grid, GridKind
from ui.naming import name
from ui.pages.context import PageContext
from ui.pages.patrols.grids_columns import GRID_COLUMNS, ROAD_COLUMNS, GridLine, Nets, RoadLine, read_nets
from ui.pages.patrols.grids_deeds import GridDeeds
from ui.pages.patrols.grids_detail import GridDetail
from ui.pages.patrols.grids_import import ImportBoundaries
from ui.tables.small_table import SmallTable
from ui.tasks import Latest
from ui.theme import gap, set_look
from ui.widgets.empty_state import EmptyState
from ui.widgets.split_view import SplitView

KINDS: tuple[GridKind | None, ...] = (*GridKind, None)
"""The tabs; None: roads."""
ROADS = N_("道路")


class GridsPart(QWidget):
    """`go` takes the id of a grid or road, a GridKind, or None."""

    wanted = Signal(str, object)

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        name(self, "grids_part", _("网格"))
        self._context = context
        self._nets = Nets((), ())
        self._wanted_id: UUID | None = None
        self._import: ImportBoundaries | None = None
        self._latest: Latest[Nets] = Latest(context.tasks, done=self._show, parent=self)
        self._make_parts()
        self._lay_out()
        self._connect()

    @property
    def kind(self) -> GridKind | None:
        """The kind that is listed; None: roads."""
        return KINDS[self.kinds.currentIndex()]

    def go(self, argument: object) -> None:
        """Show what was asked for."""
        if isinstance(argument, UUID):
            self._wanted_id = argument
            self._stand()
        elif isinstance(argument, GridKind):
            self.kinds.setCurrentIndex(KINDS.index(argument))

    def refresh(self) -> None:
        """Read again; place and selection stay."""
        desk = self._context.desk
        self._latest.ask(lambda _watch: read_nets(desk))

    def keep(self) -> None:
        """Nothing here is kept half typed."""

    def open_import(self, path: Path | None = None) -> ImportBoundaries:
        """The window that takes boundaries over."""
        self._import = ImportBoundaries(self._context, self, path)
        self._import.imported.connect(self.refresh)
        self._import.open()
        return self._import

    # Parts -------------------------------------------------------------------------------------------------------

    def _make_parts(self) -> None:
        self.kinds = name(QTabBar(), "grid_kinds", _("网格类别"))
        self.kinds.setDrawBase(False)
        self.kinds.setExpanding(False)
        for kind in KINDS:
            self.kinds.addTab(_(ROADS) if kind is None else _(GRID_KIND_TITLES[kind]))
        self.search = name(QLineEdit(), "grid_find", _("查找网格"))
        self.search.setPlaceholderText(_("代码、名称、街道、网格员"))
        self.search.setClearButtonEnabled(True)
        self.search.setMaximumWidth(gap(60))
        self._new = set_look(name(QPushButton(_("+ 新建 Ctrl+N")), "grid_new", _("新建网格或道路")), "primary")
        self._bring = name(QPushButton(_("导入边界…")), "grid_import", _("导入边界或道路"))
        self._write = name(QPushButton(_("导出…")), "grid_export", _("导出为 GeoJSON"))
        words = _("还没有网格。可以从 GeoJSON 导入边界,也可以新建后再画")
        self.grids: SmallTable[GridLine] = SmallTable(
            "grids_table", _("网格列表"), GRID_COLUMNS, self._context, EmptyState(words, _("导入边界…"))
        )
        words = _("还没有道路。可以从 GeoJSON 导入道路线,也可以新建")
        self.roads: SmallTable[RoadLine] = SmallTable(
            "roads_table", _("道路列表"), ROAD_COLUMNS, self._context, EmptyState(words, _("导入边界…"))
        )
        self.detail = GridDetail(self._context)
        self.deeds = GridDeeds(self._context, self)

    def _lay_out(self) -> None:
        bar = QHBoxLayout()
        bar.setContentsMargins(gap(3), gap(2), gap(3), gap(2))
        bar.setSpacing(gap(2))
        bar.addWidget(self.search, 1)
        bar.addStretch(1)
        may = self._context.actor.may_write("grid")
        for button in (self._write, self._bring, self._new):
            bar.addWidget(button)
            button.setVisible(may or button is self._write)
        self._tables = name(QStackedWidget(), "grid_tables", _("列表"))
        self._tables.addWidget(self.grids)
        self._tables.addWidget(self.roads)
        split = SplitView("grids_split", _("网格"), self._tables, self.detail, self._context.remember)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(0)
        lines.addWidget(self.kinds)
        lines.addLayout(bar)
        lines.addWidget(split, 1)

    def _connect(self) -> None:
        self.kinds.currentChanged.connect(self._fill)
        self.search.textChanged.connect(self._fill)
        self.grids.chosen.connect(self._on_grid)
        self.roads.chosen.connect(self._on_road)
        self.grids.opened.connect(lambda line: self.deeds.edit(line.grid))
        self.roads.opened.connect(lambda line: self.deeds.edit(line.road))
        for table in (self.grids, self.roads):
            table.table.empty.acted.connect(lambda: self.open_import())
        self.detail.edit_wanted.connect(self._edit)
        self.detail.retire_wanted.connect(lambda: self.deeds.retire(self.detail.shown))
        self.deeds.kept.connect(self._on_kept)
        self.deeds.changed.connect(self.refresh)
        self.detail.saved.connect(self.refresh)
        self._new.clicked.connect(self._start_new)
        self._bring.clicked.connect(lambda: self.open_import())
        self._write.clicked.connect(self.deeds.choose_place)
        for key, act in (("Ctrl+N", self._start_new), ("F2", self._edit)):
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)

    # What is shown -----------------------------------------------------------------------------------------------

    def _show(self, nets: Nets) -> None:
        self._nets = nets
        for at, kind in enumerate(KINDS):
            title = _(ROADS) if kind is None else _(GRID_KIND_TITLES[kind])
            count = len(nets.roads) if kind is None else len(nets.of_kind(kind))
            self.kinds.setTabText(at, f"{title} {count}")
        if self.kind is not None and not nets.of_kind(self.kind) and nets.grids and self._wanted_id is None:
            self.kinds.setCurrentIndex(KINDS.index(nets.grids[0].grid.kind))
        self._fill()
        self._stand()

    def _fill(self) -> None:
        kind, words = self.kind, self.search.text().strip()
        chosen = self._chosen()
        self._tables.setCurrentIndex(1 if kind is None else 0)
        if kind is None:
            self.roads.show_all([line for line in self._nets.roads if line.holds(words)])
            self.roads.go_to(lambda line: chosen is None or line.road.id == chosen.id)
            self._on_road(self.roads.current())
        else:
            self.grids.show_all([line for line in self._nets.of_kind(kind) if line.holds(words)])
            self.grids.go_to(lambda line: chosen is None or line.grid.id == chosen.id)
            self._on_grid(self.grids.current())

    def _chosen(self) -> Grid | Road | None:
        """What was shown, where it is still listed; else the first of the list takes its place."""
        shown, kind = self.detail.shown, self.kind
        if isinstance(shown, Road):
            listed = kind is None and any(line.road.id == shown.id for line in self._nets.roads)
        else:
            listed = (
                kind is not None and any(line.grid.id == shown.id for line in self._nets.of_kind(kind))
                if shown
                else False
            )
        return shown if listed else None

    def _stand(self) -> None:
        """Stand on the thing asked for, once it is read."""
        own = self._wanted_id
        kinds: dict[UUID, GridKind | None] = {line.grid.id: line.grid.kind for line in self._nets.grids}
        kinds |= {line.road.id: None for line in self._nets.roads}
        if own is None or own not in kinds:
            return
        self._wanted_id = None
        self.search.clear()
        self.kinds.setCurrentIndex(KINDS.index(kinds[own]))
        self.grids.go_to(lambda line: line.grid.id == own)
        self.roads.go_to(lambda line: line.road.id == own)

    def _on_grid(self, line: GridLine | None) -> None:
        if self.kind is None:
            return
        if line is None:
            self.detail.show_nothing()
        else:
            self.detail.show_grid(line, self._outline(line.grid))

    def _on_road(self, line: RoadLine | None) -> None:
        if self.kind is not None:
            return
        if line is None:
            self.detail.show_nothing()
        else:
            self.detail.show_road(line)

    def _outline(self, grid: Grid) -> Boundary:
        """Its own outline, else those of its unit grids side by side."""
        if grid.boundary:
            return grid.boundary
        units = {line.grid.code: line.grid.boundary for line in self._nets.of_kind(GridKind.UNIT)}
        return tuple(polygon for code in grid.unit_codes for polygon in units.get(code, ()))

    def _start_new(self) -> None:
        self.deeds.start_new(self.kind)

    def _edit(self) -> None:
        self.deeds.edit(self.detail.shown)

    def _on_kept(self, record: Grid | Road) -> None:
        self._wanted_id = record.id
        self.refresh()
