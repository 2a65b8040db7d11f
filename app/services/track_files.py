"""Track files (GPX, tables) as plain points: the only place that knows gpxpy."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import gpxpy
from gpxpy.gpx import GPXException

from app.base.watch import Watch, silent
from app.base.words import N_, _
from app.domain.problems import Refused, Unavailable
from app.domain.workcalendar import ZONE
from app.services.sheets.cells import Cell
from app.services.sheets.dates import DayOrderEvidence, as_instant
from app.services.sheets.field_words import DAY_SIGNS, DEGREE_LETTERS, TRACK_COLUMNS
from app.services.sheets.reading import Sheet, open_sheet
from app.services.sheets.values import ValueRefused, as_text

FilePoint = tuple[datetime | None, float, float]
LATEST_SECONDS = 10_000_000_000
EARLIEST_SECONDS = 100_000_000
GPS_BEGAN, GPS_LATEST = datetime(1980, 1, 6, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
"""A time before or after is none: no satellite told it."""
TITLES = {"time": N_("时间"), "longitude": N_("经度"), "latitude": N_("纬度")}


@dataclass(frozen=True)
class TrackFile:
    """What a file holds. points: with a time, in the file's order. left_out: points without a time, not readable, or off the globe."""

    name: str
    sha256: str
    points: tuple[tuple[datetime, float, float], ...]
    left_out: int


def read_track(path: Path, watch: Watch | None = None) -> TrackFile:
    """The points of a GPX file or of a table with the columns time, longitude, latitude.

    Times without a zone are UTC in GPX and the office's own time in a table.
    Raises Refused("track.unreadable", "track.empty", "track.no_time", "track.columns_missing", "track.not_on_earth"), Unavailable, Cancelled.
    """
    watch = watch or silent()
    content = _content(path)
    reader = read_gpx if path.suffix.lower() == ".gpx" or b"<gpx" in content[:2000] else _table_reader(watch)
    points = list(reader(path))
    if not points:
        raise Refused("track.empty", name=path.name)
    timed = tuple(
        (at, longitude, latitude)
        for at, longitude, latitude in points
        if at is not None and GPS_BEGAN <= at < GPS_LATEST
    )
    if not timed:
        raise Refused("track.no_time", name=path.name)
    on_earth = tuple(point for point in timed if abs(point[1]) <= 180 and abs(point[2]) <= 180)
    if not on_earth:
        raise Refused("track.not_on_earth", name=path.name, longitude=timed[0][1], latitude=timed[0][2])
    return TrackFile(path.name, hashlib.sha256(content).hexdigest(), on_earth, len(points) - len(on_earth))


def read_gpx(path: Path) -> Iterator[FilePoint]:
    """(time, longitude, latitude) of every point, in the order of the file.

    Raises Refused("track.unreadable") naming the file and what stands wrong in it.
    """
    try:
        parsed = gpxpy.parse(path.read_bytes())
    except (GPXException, UnicodeDecodeError, ValueError) as error:
        raise Refused("track.unreadable", name=path.name, reason=str(error)) from error
    for track in parsed.tracks:
        for segment in track.segments:
            for point in segment.points:
                at = point.time
                yield at if at is None or at.tzinfo else at.replace(tzinfo=UTC), point.longitude, point.latitude


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise Unavailable("sheet.not_readable", file=path.name) from error


def _table_reader(watch: Watch) -> Callable[[Path], Iterator[FilePoint]]:
    def read(path: Path) -> Iterator[FilePoint]:
        sheet = open_sheet(path, watch=watch, knows=lambda word: _column_of(word) is not None)
        places = _places(sheet, path.name)
        order = DayOrderEvidence()
        for row in sheet.rows(watch):
            order.see(_at(row.cells, places["time"]))
        for row in sheet.rows(watch):
            yield _row(row.cells, places, order)

    return read


def _places(sheet: Sheet, file: str) -> dict[str, int]:
    """Where each column stands. Raises Refused("track.columns_missing")."""
    places: dict[str, int] = {}
    for place, word in enumerate(sheet.header):
        column = _column_of(word)
        if column is not None:
            places.setdefault(column, place)
    missing = [_(title) for column, title in TITLES.items() if column not in places]
    if missing:
        raise Refused("track.columns_missing", name=file, columns="、".join(missing))
    return places


def _column_of(word: str) -> str | None:
    plain = "".join(word.lower().split()).partition("(")[0].partition("(")[0].replace("_", "")
    return next((column for column, words in TRACK_COLUMNS.items() if plain in words), None)


def _row(cells: Sequence[Cell], places: Mapping[str, int], order: DayOrderEvidence) -> FilePoint:
    """The point of a row; a row that cannot be read has no time and is counted as left out."""
    try:
        at = _moment(cells, places, order)
        return at, _degrees(_at(cells, places["longitude"])), _degrees(_at(cells, places["latitude"]))
    except (ValueError, OverflowError, OSError, ValueRefused):
        return None, 0.0, 0.0


def _moment(cells: Sequence[Cell], places: Mapping[str, int], order: DayOrderEvidence) -> datetime | None:
    cell = _at(cells, places["time"])
    text = as_text(cell)
    if text.replace(".", "", 1).isdigit() and float(text) >= EARLIEST_SECONDS and len(text.partition(".")[0]) != 14:
        seconds = float(text)
        return datetime.fromtimestamp(seconds / 1000 if seconds >= LATEST_SECONDS else seconds, UTC)
    if "day" in places and not any(sign in text for sign in DAY_SIGNS):
        return as_instant(f"{as_text(_at(cells, places['day'])).partition(' ')[0]} {text}", ZONE, order.order)
    return as_instant(cell, ZONE, order.order)


def _degrees(cell: Cell) -> float:
    return float(cell) if isinstance(cell, (int, float)) else float(as_text(cell).strip(DEGREE_LETTERS))


def _at(cells: Sequence[Cell], place: int) -> Cell:
    return cells[place] if place < len(cells) else None
