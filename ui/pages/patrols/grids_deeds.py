"""What is done with grids and roads: made, changed, taken out of use and brought back, written to a file."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from app.base.words import _
from app.desk import Desk
from app.domain.directory import Road
from app.domain.grids import Grid, GridKind
from app.domain.permissions import Actor
from ui.pages.context import PageContext
from ui.pages.patrols.grids_form import RecordDialog, grid_dialog, road_dialog

GEOJSON = "*.geojson *.json"


class GridDeeds(QObject):
    """`kept` carries the record a form saved; `changed` comes after anything else was done."""

    kept = Signal(object)
    changed = Signal()

    def __init__(self, context: PageContext, part: QWidget) -> None:
        super().__init__(part)
        self._context = context
        self._part = part
        self._may = context.actor.may_write("grid")

    def start_new(self, kind: GridKind | None) -> None:
        """A form for a new grid of a kind; None: a road."""
        if self._may:
            self._open(
                road_dialog(self._context, None, self._part)
                if kind is None
                else grid_dialog(self._context, None, kind, self._part)
            )

    def edit(self, shown: Grid | Road | None) -> None:
        """The form of what is shown."""
        if not self._may or shown is None:
            return
        if isinstance(shown, Road):
            self._open(road_dialog(self._context, shown, self._part))
        else:
            self._open(grid_dialog(self._context, shown, shown.kind, self._part))

    def retire(self, shown: Grid | Road | None) -> None:
        """Take it out of use, with a way back."""
        if shown is None:
            return
        desk, actor, own, road = self._context.desk, self._context.actor, shown.id, isinstance(shown, Road)
        title = shown.name if isinstance(shown, Road) else shown.code

        def bring_back() -> None:
            self._context.tasks.write(
                lambda _watch: _switch(desk, actor, own, road=road, active=True), done=lambda _none: self.changed.emit()
            )

        def told(_none: object) -> None:
            self._context.notices.say(_("已停用 {title}").format(title=title), undo=bring_back)
            self.changed.emit()

        self._context.tasks.write(lambda _watch: _switch(desk, actor, own, road=road, active=False), done=told)

    def export(self, path: Path) -> None:
        """Write everything as GeoJSON."""
        boundaries, actor = self._context.desk.boundaries, self._context.actor
        self._context.tasks.write(
            lambda _watch: boundaries.export(path, actor=actor),
            done=lambda n: self._context.notices.say(_("已写出 {n} 个网格和道路").format(n=n)),
        )

    def choose_place(self) -> None:
        """Ask where to write, and write."""
        chosen, _kind = QFileDialog.getSaveFileName(
            self._part, _("导出网格"), _("网格.geojson"), f"GeoJSON ({GEOJSON})"
        )
        if chosen:
            self.export(Path(chosen))

    def _open(self, dialog: RecordDialog) -> None:
        dialog.kept.connect(self.kept)
        dialog.open()


def _switch(desk: Desk, actor: Actor, own: UUID, *, road: bool, active: bool) -> None:
    if road:
        desk.grids.save_road({"active": active}, actor=actor, road_id=own)
    elif active:
        desk.grids.save({"active": True}, actor=actor, grid_id=own)
    else:
        desk.grids.retire(own, actor=actor)
