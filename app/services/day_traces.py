"""Who was where when on one day: the tracks and rounds of each member put together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from app.domain.attendance import Track
from app.domain.patrols import PatrolRound, RoundState
from app.domain.track_rules import RoundFigures, TrackRules
from app.domain.tracks import Fix
from app.services.grids import GridService
from app.services.track_import import joined, round_figures


@dataclass(frozen=True)
class Stretch:
    """From when to when; recorded False: a gap."""

    start: datetime
    end: datetime
    recorded: bool = True


@dataclass(frozen=True)
class DayTrace:
    """One member's way of a day, for one round or for none. figures None: nobody recorded it."""

    member_id: UUID | None
    member_name: str
    round: PatrolRound | None
    tracks: Sequence[Track]
    fixes: Sequence[Fix]
    figures: RoundFigures | None

    @property
    def started_at(self) -> datetime | None:
        """The first fix, or when the round says it began."""
        if self.tracks:
            return min(track.started_at for track in self.tracks)
        return self.round.started_at if self.round is not None else None

    @property
    def ended_at(self) -> datetime | None:
        """The last fix, or when the round says it ended."""
        if self.tracks:
            return max(track.ended_at for track in self.tracks)
        return self.round.ended_at if self.round is not None else None

    def at(self, second: int) -> datetime | None:
        """The instant of a second of the way."""
        return None if not self.tracks else min(track.started_at for track in self.tracks) + timedelta(seconds=second)

    def stretches(self) -> list[Stretch]:
        """What was recorded, and the gaps between, in order."""
        if not self.tracks or self.figures is None or not self.fixes:
            return []
        first = min(track.started_at for track in self.tracks)
        found, begin = [], 0
        for gap in self.figures.gaps:
            found += [(begin, gap.start, True), (gap.start, gap.end, False)]
            begin = gap.end
        found.append((begin, self.fixes[-1][0], True))
        return [Stretch(first + timedelta(seconds=a), first + timedelta(seconds=b), kind) for a, b, kind in found]


def day_traces(
    rounds: Sequence[PatrolRound], tracks: Sequence[Track], grids: GridService, rules: TrackRules
) -> list[DayTrace]:
    """A line for every round of the day, and one for each member's tracks that belong to no round; by member."""
    lines = []
    for walked in rounds:
        if walked.state != RoundState.CANCELLED:
            own = [track for track in tracks if track.round_id == walked.id]
            lines.append(_line(walked.member_id, walked.member_name, walked, own, grids, rules))
    known = {one.id for one in rounds if one.state != RoundState.CANCELLED}
    loose: dict[tuple[UUID | None, str], list[Track]] = {}
    for track in tracks:
        if track.round_id not in known:
            loose.setdefault((track.member_id, track.member_name), []).append(track)
    lines += [_line(member, name, None, own, grids, rules) for (member, name), own in loose.items()]
    return sorted(lines, key=lambda line: (line.member_name, line.round is None))


def _line(
    member_id: UUID | None,
    member_name: str,
    walked: PatrolRound | None,
    tracks: Sequence[Track],
    grids: GridService,
    rules: TrackRules,
) -> DayTrace:
    fixes = joined(tracks)
    told = round_figures(fixes, walked, grids, rules) if fixes else None
    return DayTrace(member_id, member_name, walked, tracks, fixes, told)
