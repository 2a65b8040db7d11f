"""The text of a GeoJSON file, read piece by piece."""

from __future__ import annotations

from collections.abc import Iterator
from io import TextIOWrapper
from pathlib import Path

from app.base.watch import Watch
from app.base.words import _
from app.domain.geojson import GeoText
from app.domain.problems import Refused

MOST_MB = 300
MB = 1_000_000
PIECE = MB
"""Characters read at once."""


def read_text(path: Path, watch: Watch) -> GeoText:
    """The text of a file, read as its features are asked for: UTF-8, else the office PC's old encoding."""
    try:
        size = path.stat().st_size
        if size > MOST_MB * MB:
            raise Refused("grid.file_too_large", file=path.name, megabytes=size // MB, most=MOST_MB)
        encoding = "utf-8-sig" if _is_utf8(path) else "gb18030"
    except OSError as error:
        raise Refused("grid.file_missing", file=path.name) from error
    return GeoText(_pieces(path, encoding, max(size // MB, 1), watch), path.name)


def _is_utf8(path: Path) -> bool:
    with path.open(encoding="utf-8") as file:
        try:
            while file.read(PIECE):
                pass
        except UnicodeDecodeError:
            return False
    return True


def _pieces(path: Path, encoding: str, total: int, watch: Watch) -> Iterator[str]:
    """The text in pieces, telling how much of it was read."""
    try:
        with path.open("rb") as raw, TextIOWrapper(raw, encoding, errors="replace", newline="") as file:
            while piece := file.read(PIECE):
                watch.step(min(raw.tell() // MB, total), total, _("MB"))
                yield piece
    except OSError as error:
        raise Refused("grid.file_missing", file=path.name) from error
