"""Small MBTiles files made by a test."""

from __future__ import annotations

import base64
import sqlite3
from collections.abc import Mapping
from pathlib import Path

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)
"""The smallest PNG."""


def make_tiles(file: Path, tiles: Mapping[tuple[int, int, int], bytes], metadata: Mapping[str, str] = {}) -> Path:
    """A file with pictures by (zoom, column, row from the north)."""
    connection = sqlite3.connect(file)
    connection.execute("CREATE TABLE metadata(name TEXT, value TEXT)")
    connection.execute("CREATE TABLE tiles(zoom_level INTEGER, tile_column INTEGER, tile_row INTEGER, tile_data BLOB)")
    connection.executemany("INSERT INTO metadata VALUES (?, ?)", {"format": "png", **metadata}.items())
    rows = [(zoom, column, (1 << zoom) - 1 - row, data) for (zoom, column, row), data in tiles.items()]
    connection.executemany("INSERT INTO tiles VALUES (?, ?, ?, ?)", rows)
    connection.commit()
    connection.close()
    return file
