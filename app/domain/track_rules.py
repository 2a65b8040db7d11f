"""What is made of a recorded track: order, jumps, thinning, a clock that was wrong, and the figures of a round."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from statistics import median

from app.domain import tracks
from app.domain.tracks import Fix, Gap, Reached

TimedPoint = tuple[datetime, float, float]
MOST_FIXES = 20_000
FIRST_TOLERANCE_M = 2.0
DAY_S = 86_400
ZONE_S = 8 * 3600
KMH = 3.6
IN_TIME_SHARE = 0.5
PUT_RIGHT_SHARE = 0.8


@dataclass(frozen=True)
class TrackRules:
    """What the office counts as impossible, as a break, and as having been there."""

    fastest_kmh: int = 60
    gap_minutes: int = 5
    reach_m: int = 30

    @property
    def gap_s(self) -> int:
        """Seconds without a fix that are still no break."""
        return self.gap_minutes * 60


@dataclass(frozen=True)
class CleanTrack:
    """A track put in order. dropped: jumps and doubled seconds. tolerance_m: how far thinning moved it, 0 when it is whole."""

    started_at: datetime
    fixes: tuple[Fix, ...]
    dropped: int
    distance_m: float
    tolerance_m: float = 0.0

    @property
    def ended_at(self) -> datetime:
        """The last fix."""
        return self.started_at + timedelta(seconds=self.fixes[-1][0])


@dataclass(frozen=True)
class RoundFigures:
    """What the tracks of a round tell. in_grid_s None: nobody drew the grid."""

    distance_m: float
    in_grid_s: int | None
    gap_s: int
    gaps: tuple[Gap, ...]
    reached: tuple[Reached, ...]


def cleaned(points: Sequence[TimedPoint], rules: TrackRules) -> CleanTrack:
    """The points in order of time, one a second, without jumps, thinned when there are too many. At least one point."""
    first = min(point[0] for point in points).astimezone(UTC).replace(microsecond=0)
    by_second = {int((at - first).total_seconds()): (longitude, latitude) for at, longitude, latitude in points}
    fixes = [(second, *by_second[second]) for second in sorted(by_second)]
    kept = tracks.without_jumps(fixes, rules.fastest_kmh / KMH)
    begin = kept[0][0]
    moved = [(second - begin, longitude, latitude) for second, longitude, latitude in kept]
    fewer, tolerance = _fitted(moved)
    started_at = first + timedelta(seconds=begin)
    length = tracks.metres_walked(moved)
    return CleanTrack(started_at, tuple(fewer), len(points) - len(kept), length, tolerance)


def figures(
    fixes: Sequence[Fix], inside: Sequence[bool] | None, places: Sequence[tuple[int, float, float]], rules: TrackRules
) -> RoundFigures:
    """What a round's way tells. inside: one word a fix, None without a drawn grid. places: (number, longitude, latitude)."""
    breaks = tuple(tracks.gaps(fixes, rules.gap_s))
    return RoundFigures(
        distance_m=round(tracks.metres_walked(fixes), 1),
        in_grid_s=None if inside is None else tracks.seconds_inside(fixes, inside, rules.gap_s),
        gap_s=sum(gap.seconds for gap in breaks),
        gaps=breaks,
        reached=tuple(tracks.reached(fixes, places, rules.reach_m)),
    )


def clock_shift(first: datetime, last: datetime, begin: datetime, end: datetime) -> int | None:
    """Seconds to add so that a track falls into the span of a round: 0 when it does already, None when nothing plain does.

    Tried are a zone written wrongly (eight hours), whole days, and both together.
    """
    if _share_within(first, last, begin, end, 0) >= IN_TIME_SHARE:
        return 0
    middle = (begin + (end - begin) / 2) - (first + (last - first) / 2)
    days = [round((middle.total_seconds() - zone) / DAY_S) * DAY_S + zone for zone in (0, ZONE_S, -ZONE_S)]
    tried = sorted({*days, ZONE_S, -ZONE_S} - {0}, key=lambda shift: (shift % DAY_S != 0, abs(shift)))
    return next((shift for shift in tried if _share_within(first, last, begin, end, shift) >= PUT_RIGHT_SHARE), None)


def looks_swapped(places: Sequence[tuple[float, float]]) -> bool:
    """Whether longitude and latitude stand in each other's place: as given they miss China, the other way round they do not."""
    if not places:
        return False
    longitude, latitude = median(place[0] for place in places), median(place[1] for place in places)
    return not _in_china(longitude, latitude) and _in_china(latitude, longitude)


def _in_china(longitude: float, latitude: float) -> bool:
    return 73 <= longitude <= 136 and 3 <= latitude <= 54


def _share_within(first: datetime, last: datetime, begin: datetime, end: datetime, shift: int) -> float:
    """Which part of the track lies in the span after so many seconds are added."""
    by = timedelta(seconds=shift)
    length = max((last - first).total_seconds(), 1.0)
    overlap = (min(last + by, end) - max(first + by, begin)).total_seconds()
    return 1.0 if last == first and overlap >= 0 else max(overlap, 0.0) / length


def _fitted(fixes: Sequence[Fix]) -> tuple[Sequence[Fix], float]:
    """The fixes, or fewer of them with the tolerance it took."""
    tolerance = 0.0
    fewer = fixes
    while len(fewer) > MOST_FIXES:
        tolerance = tolerance * 2 or FIRST_TOLERANCE_M
        fewer = tracks.thinned(fixes, tolerance)
    return fewer, tolerance
