"""A base map of the office's own: one MBTiles file of pictures, opened to read and never written."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Mapping
from pathlib import Path

from app.domain.problems import Refused, Unavailable

RASTER = frozenset({"png", "jpg", "jpeg", "webp"})
SQLITE_HEAD = b"SQLite format 3\x00"
_STARTS = {b"\x89PNG": "png", b"\xff\xd8\xff": "jpg", b"RIFF": "webp", b"\x1f\x8b": "pbf"}


class Basemap:
    """Tiles by zoom, column and row from the north; safe to ask from any thread.

    system: the words of the coordinate system the pictures are drawn in, when the file says so.
    """

    def __init__(self, path: Path) -> None:
        """Raises Unavailable("map.tiles_missing"), Refused: map.tiles_not_tiles, _broken, _vector, _empty."""
        self.path = path
        self._lock = threading.Lock()
        self._connection = _opened(path)
        try:
            told = self._told()
            self.nearest, self.farthest = self._zooms()
            self._look_at_one(told)
        except (Refused, sqlite3.Error) as error:
            self._connection.close()
            if isinstance(error, Refused):
                raise
            raise Refused("map.tiles_broken", name=path.name, reason=str(error)) from error
        self.title = told.get("name", "") or path.stem
        self.attribution = told.get("attribution", "")
        self.system = "GCJ-02" if "gcj" in " ".join(told.values()).lower() else ""

    def tile(self, zoom: int, column: int, row: int) -> bytes | None:
        """The picture of a tile; None: the file does not have it. Raises Refused("map.tiles_broken")."""
        sql = "SELECT tile_data FROM tiles WHERE zoom_level = ? AND tile_column = ? AND tile_row = ?"
        with self._lock:
            try:
                # The file counts rows from the south.
                found = self._connection.execute(sql, (zoom, column, (1 << zoom) - 1 - row)).fetchone()
            except sqlite3.Error as error:
                raise Refused("map.tiles_broken", name=self.path.name, reason=str(error)) from error
        return bytes(found[0]) if found is not None and found[0] is not None else None

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._connection.close()

    def _told(self) -> Mapping[str, str]:
        names = {row[0] for row in self._connection.execute("SELECT name FROM sqlite_master")}
        if "tiles" not in names:
            raise Refused("map.tiles_not_tiles", name=self.path.name)
        if "metadata" not in names:
            return {}
        return {str(name): str(value) for name, value in self._connection.execute("SELECT name, value FROM metadata")}

    def _zooms(self) -> tuple[int, int]:
        nearest, farthest = self._connection.execute("SELECT max(zoom_level), min(zoom_level) FROM tiles").fetchone()
        if nearest is None:
            raise Refused("map.tiles_empty", name=self.path.name)
        return int(nearest), int(farthest)

    def _look_at_one(self, told: Mapping[str, str]) -> None:
        """What the first tile really is counts for more than what the file says of itself."""
        (first,) = self._connection.execute("SELECT tile_data FROM tiles LIMIT 1").fetchone()
        start = bytes(first or b"")[:4]
        kind = next((kind for mark, kind in _STARTS.items() if start.startswith(mark)), "")
        said = told.get("format", "").lower()
        if kind == "pbf" or (not kind and said not in RASTER):
            raise Refused("map.tiles_vector", name=self.path.name, format=said or kind or "?")
        if not kind:
            raise Refused("map.tiles_broken", name=self.path.name, reason=said)


def _opened(path: Path) -> sqlite3.Connection:
    try:
        with path.open("rb") as file:
            head = file.read(len(SQLITE_HEAD))
    except OSError as error:
        raise Unavailable("map.tiles_missing", name=path.name) from error
    if head != SQLITE_HEAD:
        raise Refused("map.tiles_not_tiles", name=path.name)
    # immutable: no lock and no file beside it, so that a read-only stick or share will do.
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False)
