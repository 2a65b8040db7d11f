"""The text of a GeoJSON file, and its features one by one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from app.base.watch import Watch
from app.base.words import _
from app.domain.geojson import Feature, GeoText
from app.domain.problems import Refused

MOST_MB = 300
STEP = 20


def watched(text: GeoText, watch: Watch) -> Iterator[Feature]:
    """The features, telling how much of the text was read."""
    total = max(len(text.text) // 1_000_000, 1)
    for feature in text.features():
        if feature.number % STEP == 0 or feature.number == 1:
            watch.step(feature.end // 1_000_000, total, _("MB"))
        yield feature


def read_text(path: Path) -> GeoText:
    """The text of a file: UTF-8, else the office PC's old encoding."""
    try:
        size = path.stat().st_size
        if size > MOST_MB * 1_000_000:
            raise Refused("grid.file_too_large", file=path.name, megabytes=size // 1_000_000, most=MOST_MB)
        content = path.read_bytes()
    except OSError as error:
        raise Refused("grid.file_missing", file=path.name) from error
    try:
        return GeoText(content.decode("utf-8-sig"), path.name)
    except UnicodeDecodeError:
        return GeoText(content.decode("gb18030", errors="replace"), path.name)
