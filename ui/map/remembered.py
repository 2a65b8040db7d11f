"""The base map this PC was given, under any map of the program."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.base.watch import Watch
from app.domain.problems import Problem
from app.services.basemap import Basemap
from ui.map.surface import MapSurface
from ui.map.tiles import TileGround
from ui.pages.context import PageContext


class OfficeGround(QObject):
    """Opens an MBTiles file beside the screen and lays it under `view`. `laid` when it came or went."""

    laid = Signal()

    def __init__(self, context: PageContext, view: MapSurface, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self._view = view
        self.tiles: TileGround | None = None

    def begin(self, trouble: Callable[[Problem], object]) -> None:
        """Open the file that was chosen on this PC, if one was. trouble: told why it cannot be."""
        kept = self._context.settings.get()
        if kept.basemap:
            self.open(Path(kept.basemap), trouble, shifted=kept.basemap_shifted)

    def open(self, path: Path, trouble: Callable[[Problem], object], *, shifted: bool | None = None) -> None:
        """Open a file. shifted: its pictures are drawn in GCJ-02; None: as the file says of itself."""

        def look(_watch: Watch) -> Basemap:
            return Basemap(path)

        self._context.tasks.read(look, done=partial(self._lay, shifted), failed=trouble)

    def close(self) -> None:
        """Take the base map away and let go of its file."""
        if self.tiles is not None:
            self._view.set_ground(None)
            self.tiles.close()
            self.tiles = None

    def _lay(self, shifted: bool | None, basemap: Basemap) -> None:
        moved = basemap.system == "GCJ-02" if shifted is None else shifted
        self.close()
        self.tiles = TileGround(basemap, self._context.tasks, self._view.update, shifted=moved, parent=self)
        self._view.set_ground(self.tiles)
        self.laid.emit()
