"""Traces (痕迹化): tracks are taken in, belong to rounds, and say who was where when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from app.base.watch import Watch
from app.base.words import _
from app.domain.attendance import Track
from app.domain.directory import Worker
from app.domain.office import Office
from app.domain.patrols import PatrolRound
from app.domain.permissions import Actor, need_writer
from app.domain.problems import Refused
from app.domain.track_rules import RoundFigures, TrackRules
from app.domain.tracks import Fix, pack
from app.reports.paper import Paper
from app.reports.paper_foot import foot_words
from app.reports.trace_report import sheet_columns, trace_blocks, trace_row
from app.reports.workbooks import export_rows
from app.services.alike import made_alike
from app.services.day_traces import DayTrace, day_traces
from app.services.grids import GridService
from app.services.reference import OFFICE_ZONE
from app.services.track_files import TrackFile, read_track
from app.services.track_import import (
    ROUND_DAYS,
    TrackChoices,
    TrackPreview,
    joined,
    looked_over,
    round_figures,
)
from db.queries import traces
from db.store import Store
from db.tx import Tx


@dataclass(frozen=True)
class RoundTrace:
    """The way of a round: its tracks as one, and what they tell. figures None: nobody recorded it."""

    round: PatrolRound
    tracks: Sequence[Track]
    fixes: Sequence[Fix]
    figures: RoundFigures | None


class TraceService:
    """Reads are safe from reader threads."""

    def __init__(self, store: Store, grids: GridService) -> None:
        self._store = store
        self._grids = grids

    def rules(self) -> TrackRules:
        """What this office counts as a jump, a break, and as having been there."""
        rules = self._grids.rules()
        return TrackRules(rules.jump_speed_kmh, rules.gap_minutes, rules.reach_m)

    def get(self, track_id: UUID) -> Track:
        """One track. Raises Refused("store.record_missing")."""
        with self._store.read() as reader:
            return reader.need(Track, track_id)

    def of_round(self, round_id: UUID) -> list[Track]:
        """Tracks of a round, in the order they began."""
        with self._store.read() as reader:
            return traces.of_round(reader.connection, round_id)

    def of_day(self, day: date, member_id: UUID | None = None) -> list[Track]:
        """Tracks of a day, of all members or of one."""
        with self._store.read() as reader:
            return traces.of_day(reader.connection, day, member_id)

    def day(self, day: date) -> list[DayTrace]:
        """Who was where when: a line for every round and for tracks without one, by member."""
        with self._store.read() as reader:
            rounds = traces.rounds_between(reader.connection, day, day)
            found = traces.of_day(reader.connection, day)
        return day_traces(rounds, found, self._grids, self.rules())

    def export(self, path: Path, day: date, *, actor: Actor, watch: Watch | None = None) -> int:
        """Write a day to a sheet; gives the lines. Raises what `export_rows` raises."""
        written = export_rows(path, sheet_columns(), map(trace_row, self.day(day)), watch, title=f"{day:%Y-%m-%d}")
        with self._store.write(actor, "track.export", path.name) as tx:
            tx.note_event("track.export", "track", None, f"{path.name}: {written}")
        return written

    def paper(self, day: date, *, actor: Actor) -> Paper:
        """A day on paper."""
        with self._store.read() as reader:
            office = reader.all(Office)[0]
        title = _("巡查轨迹 {day}").format(day=f"{day:%Y-%m-%d}")
        foot = foot_words(office, actor.name, self._store.clock.now())
        return Paper(title, tuple(trace_blocks(title, office.name, day, self.day(day))), foot)

    def trace(self, round_id: UUID) -> RoundTrace:
        """The whole way of a round with its figures."""
        with self._store.read() as reader:
            walked = reader.need(PatrolRound, round_id)
            found = traces.of_round(reader.connection, round_id)
        fixes = joined(found)
        told = round_figures(fixes, walked, self._grids, self.rules()) if fixes else None
        return RoundTrace(walked, found, fixes, told)

    def look(
        self, path: Path, choices: TrackChoices, *, watch: Watch | None = None, file: TrackFile | None = None
    ) -> TrackPreview:
        """What a file would become; nothing is written. file: what was read of it before.

        Raises Refused("track.…") for what no choice can mend, Unavailable, Cancelled.
        """
        read = file or read_track(path, watch)
        with self._store.read() as reader:
            known = traces.of_file(reader.connection, read.sha256)
            if choices.round_id is not None:
                rounds = [reader.need(PatrolRound, choices.round_id)]
            elif choices.member is not None:
                days = sorted(point[0].astimezone(OFFICE_ZONE).date() for point in read.points)
                around = timedelta(days=ROUND_DAYS)
                span = (days[0] - around, days[-1] + around)
                rounds = traces.rounds_between(reader.connection, *span, choices.member.id)
            else:
                rounds = []
        return looked_over(read, choices, rounds, known, self._grids, self.rules())

    def take(self, preview: TrackPreview, *, actor: Actor) -> Track:
        """Keep a track that was looked over; the figures of its round follow.

        Raises Refused("track.known", "track.swapped", "track.elsewhere", "track.member_needed").
        """
        need_writer(actor, "track")
        _refuse_doubtful(preview)
        with self._store.write(actor, "track.import", preview.file.name) as tx:
            known = traces.of_file(tx.connection, preview.file.sha256)
            if known is not None:
                raise _known(preview.file.name, known)
            [track] = made_alike(tx, Track, [_fields(preview)])
            tx.add(track)
            self._write_figures(tx, track.round_id)
        return track

    def assign(self, track_id: UUID, *, member: Worker, round_id: UUID | None, actor: Actor) -> Track:
        """Say whose track it is and of which round; both rounds' figures follow. Raises Refused("track.round_not_his")."""
        need_writer(actor, "track")
        with self._store.write(actor, "track.assign") as tx:
            track = tx.need(Track, track_id)
            walked = None if round_id is None else tx.need(PatrolRound, round_id)
            if walked is not None and walked.member_id not in (None, member.id):
                raise Refused("track.round_not_his", number=walked.number, member=member.name)
            before = track.round_id
            track = track.changed(tx.now, member_id=member.id, member_name=member.name, round_id=round_id)
            tx.change(track)
            for touched in {before, round_id} - {None}:
                self._write_figures(tx, touched)
        return track

    def _write_figures(self, tx: Tx, round_id: UUID | None) -> None:
        """Distance, time in the grid and breaks of a round, as its tracks now tell."""
        if round_id is None:
            return
        walked = tx.need(PatrolRound, round_id)
        fixes = joined(traces.of_round(tx.connection, round_id))
        if not fixes:
            tx.change(walked.changed(tx.now, distance_m=None, in_grid_s=None, gap_s=None))
            return
        told = round_figures(fixes, walked, self._grids, self.rules())
        tx.change(walked.changed(tx.now, distance_m=told.distance_m, in_grid_s=told.in_grid_s, gap_s=told.gap_s))


def _refuse_doubtful(preview: TrackPreview) -> None:
    name, choices = preview.file.name, preview.choices
    if preview.known is not None:
        raise _known(name, preview.known)
    if preview.swapped:
        raise Refused("track.swapped", name=name)
    if preview.elsewhere and not choices.anyway:
        raise Refused("track.elsewhere", name=name, km=round(preview.away_km or 0))
    if choices.member is None and (choices.round_id is None or preview.round is None):
        raise Refused("track.member_needed")
    walked = preview.round if choices.round_id is not None else None
    if choices.member is not None and walked is not None and walked.member_id not in (None, choices.member.id):
        raise Refused("track.round_not_his", number=walked.number, member=choices.member.name)


def _known(name: str, known: Track) -> Refused:
    return Refused("track.known", name=name, day=known.day, member=known.member_name)


def _fields(preview: TrackPreview) -> dict[str, Any]:
    choices, clean = preview.choices, preview.track
    walked = preview.round if choices.round_id is not None else None
    member_id = choices.member.id if choices.member else walked.member_id if walked else None
    return {
        "member_id": member_id,
        "member_name": choices.member.name if choices.member else walked.member_name if walked else "",
        "round_id": choices.round_id,
        "day": preview.day,
        "started_at": clean.started_at,
        "ended_at": clean.ended_at,
        "source_name": preview.file.name[:255],
        "source_system": choices.system,
        "sha256": preview.file.sha256,
        "points": pack(clean.fixes),
        "count": len(clean.fixes),
        "dropped": clean.dropped + preview.file.left_out,
        "clock_shift_s": choices.shift_s,
        "distance_m": round(clean.distance_m, 1),
        "note": _thinned_words(preview),
    }


def _thinned_words(preview: TrackPreview) -> str:
    if not preview.track.tolerance_m:
        return ""
    words = _("原有 {n} 个点,按 {m} 米的误差减为 {kept} 个")
    return words.format(n=len(preview.file.points), m=f"{preview.track.tolerance_m:g}", kept=len(preview.track.fixes))
