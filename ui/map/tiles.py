"""The base map under the layers: tiles read and unpacked beside the screen, laid where they belong."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from functools import partial
from math import log2

from PySide6.QtCore import QObject, QRectF
from PySide6.QtGui import QImage, QPainter, QPixmap

from app.base.watch import Watch
from app.domain.mercator import TILE_PX, metres_per_pixel, tile_at, tile_corner, to_degrees, to_metres
from app.domain.places import gcj02_to_wgs84
from app.domain.problems import Problem
from app.services.basemap import Basemap
from ui.map.camera import Box, Camera
from ui.tasks import TaskRunner

KEPT = 600
MOST_AT_ONCE = 400
COARSER = 4
"""How many levels a coarser picture may stand in."""
Tile = tuple[int, int, int]
"""Zoom, column, row from the north."""
Pictures = dict[Tile, QImage | None]


class TileGround(QObject):
    """A Ground of tiles. shifted: the pictures are drawn in GCJ-02 and are moved to where WGS-84 has them."""

    def __init__(
        self, basemap: Basemap, tasks: TaskRunner, changed: Callable[[], object], *, shifted: bool, parent: QObject
    ) -> None:
        super().__init__(parent)
        self.basemap = basemap
        self.shifted = shifted
        self._tasks = tasks
        self._changed = changed
        self._kept: OrderedDict[Tile, QPixmap | None] = OrderedDict()
        self._asked: set[Tile] = set()
        self._version = 0

    def mark(self) -> Hashable:
        """Rises whenever tiles have come."""
        return self._version

    def set_shifted(self, shifted: bool) -> None:
        """The pictures are, or are not, drawn in GCJ-02."""
        self.shifted = shifted
        self._version += 1
        self._changed()

    def close(self) -> None:
        """Let go of the file; what was asked for stays empty."""
        self.basemap.close()
        self.deleteLater()

    def paint(self, painter: QPainter, camera: Camera) -> None:
        """Lay the tiles that are there; ask for the others."""
        right, up = self._shift(camera)
        box = camera.box()
        wanted = tiles_in(Box(box.west - right, box.south - up, box.east - right, box.north - up), self._zoom(camera))
        missing: list[Tile] = []
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        for zoom, column, row in wanted:
            found = self._found((zoom, column, row), missing)
            if found is not None:
                x, y = tile_corner(column, row, zoom)
                left, top = camera.pixel(x + right, y + up)
                side = TILE_PX * metres_per_pixel(zoom) / camera.scale
                painter.drawPixmap(QRectF(left, top, side, side), *found)
        self._ask(missing)

    def _found(self, tile: Tile, missing: list[Tile]) -> tuple[QPixmap, QRectF] | None:
        """The picture of a tile; where the file has none, the piece of a coarser one. What must be read first is `missing`."""
        zoom, column, row = tile
        for above in range(min(COARSER, zoom - self.basemap.farthest) + 1):
            wider = (zoom - above, column >> above, row >> above)
            if wider not in self._kept:
                missing.append(wider)
                return None
            picture = self._kept[wider]
            if picture is not None:
                self._kept.move_to_end(wider)
                side, inside = picture.width() / (1 << above), (1 << above) - 1
                return picture, QRectF((column & inside) * side, (row & inside) * side, side, side)
        return None

    def _zoom(self, camera: Camera) -> int:
        exact = log2(metres_per_pixel(0) / camera.scale)
        return max(self.basemap.farthest, min(self.basemap.nearest, round(exact)))

    def _shift(self, camera: Camera) -> tuple[float, float]:
        """Metres by which the pictures are moved; it hardly changes over a city."""
        if not self.shifted:
            return 0.0, 0.0
        x, y = to_metres(*gcj02_to_wgs84(*to_degrees(camera.x, camera.y)))
        return x - camera.x, y - camera.y

    def _ask(self, missing: Sequence[Tile]) -> None:
        new = [tile for tile in dict.fromkeys(missing) if tile not in self._asked]
        if new:
            self._asked.update(new)
            self._tasks.read(partial(_read, self.basemap, new), done=self._take, failed=partial(self._lose, new))

    def _take(self, pictures: Pictures) -> None:
        self._asked.difference_update(pictures)
        for tile, picture in pictures.items():
            self._kept[tile] = None if picture is None else QPixmap.fromImage(picture)
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        self._version += 1
        self._changed()

    def _lose(self, tiles: Sequence[Tile], _problem: Problem) -> None:
        """The file went away or is broken further in: these stay empty, the map goes on."""
        self._take(dict.fromkeys(tiles))


def tiles_in(box: Box, zoom: int) -> list[Tile]:
    """The tiles that cover a rectangle; none when they would be more than anybody could see."""
    left, top = tile_at(box.west, box.north, zoom)
    right, bottom = tile_at(box.east, box.south, zoom)
    if (right - left + 1) * (bottom - top + 1) > MOST_AT_ONCE:
        return []
    return [(zoom, column, row) for row in range(top, bottom + 1) for column in range(left, right + 1)]


def _read(basemap: Basemap, tiles: Sequence[Tile], watch: Watch) -> Pictures:
    """Tiles unpacked; None for one the file does not have, or whose picture is broken."""
    pictures: Pictures = {}
    for tile in tiles:
        watch.check()
        packed = basemap.tile(*tile)
        picture = QImage.fromData(packed) if packed is not None else QImage()
        pictures[tile] = None if picture.isNull() else picture
    return pictures
