"""The office's base map on the map page: chosen once on this PC, opened at every start, taken away again."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFileDialog, QMenu, QToolButton, QWidget

from app.base.problem_words import problem_text
from app.base.watch import Watch
from app.base.words import _
from app.domain.problems import Problem
from app.services.basemap import Basemap
from ui.map.tiles import TileGround
from ui.map.view import MapView
from ui.naming import name
from ui.pages.context import PageContext
from ui.theme import set_look


class GroundChoice(QObject):
    """A button with its menu. The file's place and the system its pictures are drawn in are kept in the PC's settings."""

    def __init__(self, context: PageContext, view: MapView, window: QWidget) -> None:
        super().__init__(window)
        self._context = context
        self._view = view
        self._window = window
        self._tiles: TileGround | None = None
        self.button = set_look(name(QToolButton(window), "map_ground", _("底图")), "button")
        self.button.setText(_("底图"))
        self.button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self.button)
        self.choose = menu.addAction(_("选择底图文件(MBTiles)…"))
        self.shift = QAction(_("底图为 GCJ-02 坐标(高德、腾讯),移正显示"), menu, checkable=True)
        menu.addAction(self.shift)
        self.remove = menu.addAction(_("不用底图"))
        self.button.setMenu(menu)
        self.choose.triggered.connect(self._ask)
        self.shift.toggled.connect(self._on_shift)
        self.remove.triggered.connect(self.take_away)
        self._show_state()

    def begin(self) -> None:
        """Open the file that was chosen before."""
        kept = self._context.settings.get()
        if kept.basemap:
            self.open(Path(kept.basemap), shifted=kept.basemap_shifted)

    def open(self, path: Path, *, shifted: bool | None = None) -> None:
        """Look at a file beside the screen and lay it under the map. shifted None: as the file says of itself."""

        def look(_watch: Watch) -> Basemap:
            return Basemap(path)

        self._context.tasks.read(look, done=partial(self._lay, shifted), failed=self._on_trouble)

    def take_away(self) -> None:
        """No base map any more."""
        self._close()
        self._context.settings.change(basemap="", basemap_shifted=False)
        self._show_state()

    def close(self) -> None:
        """Let go of the file."""
        self._close()

    def note(self) -> str:
        """The source line of a picture that shows it."""
        if self._tiles is None:
            return ""
        basemap = self._tiles.basemap
        return basemap.attribution or basemap.title

    def _ask(self) -> None:
        kinds = f"{_('底图')} (*.mbtiles);;{_('所有文件')} (*)"
        chosen, _kind = QFileDialog.getOpenFileName(self._window, _("选择底图文件"), "", kinds)
        if chosen:
            self.open(Path(chosen))

    def _lay(self, shifted: bool | None, basemap: Basemap) -> None:
        told = basemap.system == "GCJ-02"
        moved = told if shifted is None else shifted
        self._close()
        self._tiles = TileGround(basemap, self._context.tasks, self._view.update, shifted=moved, parent=self)
        self._view.set_ground(self._tiles)
        self._context.settings.change(basemap=str(basemap.path), basemap_shifted=moved)
        if shifted is None and told:
            self._context.notices.say(_("底图为 GCJ-02 坐标,已移正显示"))
        self._show_state()

    def _on_trouble(self, problem: Problem) -> None:
        self._context.notices.say(problem_text(problem))

    def _on_shift(self, on: bool) -> None:
        if self._tiles is not None and self._tiles.shifted != on:
            self._tiles.set_shifted(on)
            self._context.settings.change(basemap_shifted=on)

    def _close(self) -> None:
        if self._tiles is not None:
            self._view.set_ground(None)
            self._tiles.close()
            self._tiles = None

    def _show_state(self) -> None:
        there = self._tiles is not None
        self.shift.setEnabled(there)
        self.remove.setEnabled(there)
        self.shift.setChecked(self._tiles is not None and self._tiles.shifted)
