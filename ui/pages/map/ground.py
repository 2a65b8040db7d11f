"""The office's base map on the map page: chosen once on this PC, opened at every start, taken away again."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFileDialog, QMenu, QToolButton, QWidget

from app.base.problem_words import problem_text
from app.base.words import _
from app.domain.problems import Problem
from ui.map.remembered import OfficeGround
from ui.map.view import MapView
from ui.naming import name
from ui.pages.context import PageContext
from ui.theme import set_look


class GroundChoice(QObject):
    """A button with its menu. The file's place and the system its pictures are drawn in are kept in the PC's settings."""

    def __init__(self, context: PageContext, view: MapView, window: QWidget) -> None:
        super().__init__(window)
        self._context = context
        self._window = window
        self._ground = OfficeGround(context, view, self)
        self._asked = False
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
        self._ground.laid.connect(self._on_laid)
        self._show_state()

    def begin(self) -> None:
        """Open the file that was chosen before."""
        self._ground.begin(self._on_trouble)

    def open(self, path: Path) -> None:
        """Lay a file that somebody chose just now."""
        self._asked = True
        self._ground.open(path, self._on_trouble)

    def take_away(self) -> None:
        """No base map any more."""
        self._ground.close()
        self._context.settings.change(basemap="", basemap_shifted=False)
        self._show_state()

    def close(self) -> None:
        """Let go of the file."""
        self._ground.close()

    def note(self) -> str:
        """The source line of a picture that shows it."""
        if self._ground.tiles is None:
            return ""
        basemap = self._ground.tiles.basemap
        return basemap.attribution or basemap.title

    def _ask(self) -> None:
        kinds = f"{_('底图')} (*.mbtiles);;{_('所有文件')} (*)"
        chosen, _kind = QFileDialog.getOpenFileName(self._window, _("选择底图文件"), "", kinds)
        if chosen:
            self.open(Path(chosen))

    def _on_laid(self) -> None:
        tiles = self._ground.tiles
        if tiles is not None and self._asked:
            self._context.settings.change(basemap=str(tiles.basemap.path), basemap_shifted=tiles.shifted)
            if tiles.shifted:
                self._context.notices.say(_("底图为 GCJ-02 坐标,已移正显示"))
        self._asked = False
        self._show_state()

    def _on_trouble(self, problem: Problem) -> None:
        self._asked = False
        self._context.notices.say(problem_text(problem))

    def _on_shift(self, on: bool) -> None:
        tiles = self._ground.tiles
        if tiles is not None and tiles.shifted != on:
            tiles.set_shifted(on)
            self._context.settings.change(basemap_shifted=on)

    def _show_state(self) -> None:
        tiles = self._ground.tiles
        self.shift.setEnabled(tiles is not None)
        self.remove.setEnabled(tiles is not None)
        self.shift.setChecked(tiles is not None and tiles.shifted)
