"""Track files (GPX) as plain points: the only place that knows gpxpy."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import gpxpy
from gpxpy.gpx import GPXException

from app.domain.problems import Refused


def read_gpx(path: Path) -> Iterator[tuple[datetime | None, float, float]]:
    """(time, longitude, latitude) of every point, in the order of the file.

    Raises Refused("track.unreadable") naming the file and what stands wrong in it.
    """
    try:
        parsed = gpxpy.parse(path.read_bytes())
    except (GPXException, UnicodeDecodeError) as error:
        raise Refused("track.unreadable", name=path.name, reason=str(error)) from error
    for track in parsed.tracks:
        for segment in track.segments:
            for point in segment.points:
                yield point.time, point.longitude, point.latitude
