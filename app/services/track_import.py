"""A track file on its way in: looked over first, then taken as the person agreed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from uuid import UUID

from app.domain.attendance import Track
from app.domain.directory import Worker
from app.domain.grids import Grid, GridKind, PointSystem
from app.domain.patrols import PatrolRound, RoundState
from app.domain.places import bd09_to_wgs84, distance_m, gcj02_to_wgs84
from app.domain.track_rules import CleanTrack, RoundFigures, TrackRules, cleaned, clock_shift, figures, looks_swapped
from app.domain.tracks import Fix, unpack
from app.services.grids import GridService
from app.services.reference import OFFICE_ZONE
from app.services.track_files import TrackFile

ELSEWHERE_KM = 50
ROUND_DAYS = 3
TO_WGS84 = {PointSystem.GCJ02: gcj02_to_wgs84, PointSystem.BD09: bd09_to_wgs84}


@dataclass(frozen=True)
class TrackChoices:
    """What the person says about a file. shift_s: seconds to add to its clock. anyway: though it lies in another city."""

    member: Worker | None = None
    round_id: UUID | None = None
    system: PointSystem = PointSystem.WGS84
    swap: bool = False
    shift_s: int = 0
    anyway: bool = False


@dataclass(frozen=True)
class TrackPreview:
    """What would be taken, and what looks wrong.

    known: the track this very file became before. shift_s: what would bring its clock to the round, 0 when it fits,
    None when nothing plain does. away_km: how far it lies from the office's own ground, None when that is not known.
    """

    file: TrackFile
    choices: TrackChoices
    track: CleanTrack
    day: date
    swapped: bool
    known: Track | None
    round: PatrolRound | None
    shift_s: int | None
    figures: RoundFigures
    away_km: float | None

    @property
    def elsewhere(self) -> bool:
        """It lies in another city."""
        return self.away_km is not None and self.away_km > ELSEWHERE_KM


def placed(file: TrackFile, choices: TrackChoices) -> list[tuple[datetime, float, float]]:
    """The points as WGS-84 with the clock put right."""
    change = TO_WGS84.get(choices.system)
    by = timedelta(seconds=choices.shift_s)
    points = []
    for at, one, two in file.points:
        longitude, latitude = (two, one) if choices.swap else (one, two)
        place = change(longitude, latitude) if change else (longitude, latitude)
        points.append((at + by, *place))
    return points


def looked_over(
    file: TrackFile,
    choices: TrackChoices,
    rounds: Sequence[PatrolRound],
    known: Track | None,
    grids: GridService,
    rules: TrackRules,
) -> TrackPreview:
    """What the file would become. rounds: those of the member around its days, or the one chosen."""
    track = cleaned(placed(file, choices), rules)
    walked, shift = _round_of(track, rounds)
    places = [fix[1:] for fix in track.fixes]
    return TrackPreview(
        file=file,
        choices=choices,
        track=track,
        day=track.started_at.astimezone(OFFICE_ZONE).date(),
        swapped=looks_swapped(places),
        known=known,
        round=walked,
        shift_s=shift,
        figures=round_figures(track.fixes, walked, grids, rules),
        away_km=_away_km(places, walked, grids),
    )


def round_figures(
    fixes: Sequence[Fix], walked: PatrolRound | None, grids: GridService, rules: TrackRules
) -> RoundFigures:
    """Distance, time in the grid, gaps and check points of a way, against its round."""
    points = walked.points if walked is not None else ()
    places = [
        (point.no, point.longitude, point.latitude)
        for point in points
        if point.longitude is not None and point.latitude is not None
    ]
    return figures(fixes, _inside(fixes, walked, grids), places, rules)


def joined(tracks: Sequence[Track]) -> list[Fix]:
    """Several tracks as one way, seconds counted from the first one's start."""
    if not tracks:
        return []
    first = min(track.started_at for track in tracks)
    fixes = [
        (int((track.started_at - first).total_seconds()) + second, longitude, latitude)
        for track in tracks
        for second, longitude, latitude in unpack(track.points)
    ]
    return sorted(fixes)


def span_of(walked: PatrolRound) -> tuple[datetime, datetime]:
    """From when to when a round was or is to be walked."""
    begin = walked.started_at or datetime.combine(walked.day, walked.shift_start or time(), OFFICE_ZONE)
    end = walked.ended_at or datetime.combine(walked.day, walked.shift_end or time(23, 59, 59), OFFICE_ZONE)
    return begin, max(end, begin + timedelta(hours=1))


def _round_of(track: CleanTrack, rounds: Sequence[PatrolRound]) -> tuple[PatrolRound | None, int | None]:
    """The round the track belongs to, with the shift of its clock: one that fits as it is, else the nearest that can be met."""
    if not rounds:
        return None, 0
    usable = [one for one in rounds if one.state != RoundState.CANCELLED] or list(rounds)
    shifts: Mapping[UUID, int | None] = {
        one.id: clock_shift(track.started_at, track.ended_at, *span_of(one)) for one in usable
    }
    met = [one for one in usable if shifts[one.id] is not None]
    if not met:
        return (usable[0], None) if len(usable) == 1 else (None, None)
    best = min(met, key=lambda one: (abs(shifts[one.id] or 0), abs(span_of(one)[0] - track.started_at)))
    return best, shifts[best.id]


def _inside(fixes: Sequence[Fix], walked: PatrolRound | None, grids: GridService) -> list[bool] | None:
    """Whether each fix lies in the round's grid; None when the round has none or nobody drew it."""
    if walked is None or walked.grid_id is None:
        return None
    grid = grids.get(walked.grid_id)
    if not grid.boundary and not any(unit.boundary for unit in _units(grid, grids)):
        return None
    return [code == grid.code for code in grids.codes_at_many([fix[1:] for fix in fixes], grid.kind)]


def _units(grid: Grid, grids: GridService) -> list[Grid]:
    return [unit for unit in grids.all(GridKind.UNIT) if unit.code in grid.unit_codes]


def _away_km(places: Sequence[tuple[float, float]], walked: PatrolRound | None, grids: GridService) -> float | None:
    """Kilometres from the middle of the track to the nearest corner of a grid or check point; 0 inside the district."""
    middle = sorted(places)[len(places) // 2]
    corners = [grid.boundary[0][0][0] for grid in grids.all() if grid.boundary]
    for point in walked.points if walked is not None else ():
        if point.longitude is not None and point.latitude is not None:
            corners.append((point.longitude, point.latitude))
    if not corners:
        return None
    return min(distance_m(*middle, *corner) for corner in corners) / 1000


def with_round(choices: TrackChoices, preview: TrackPreview) -> TrackChoices:
    """The choices that take what the preview proposes: its round and its clock."""
    chosen = preview.round.id if preview.round is not None else None
    return replace(choices, round_id=chosen, shift_s=choices.shift_s + (preview.shift_s or 0))


__all__ = [
    "ROUND_DAYS",
    "TrackChoices",
    "TrackPreview",
    "joined",
    "looked_over",
    "placed",
    "round_figures",
    "span_of",
    "with_round",
]
