"""Scores of grid members: one month of everybody, each figure with the records it was counted from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from uuid import UUID

from app.base.watch import Watch, silent
from app.domain.directory import Worker
from app.domain.findings import TaskKind
from app.domain.grids import Grid, GridKind
from app.domain.member_scores import MemberCounts, MemberScore
from app.domain.tracks import unpack
from app.services.grids import GridService
from app.services.members import MemberService
from app.services.reference import OFFICE_ZONE
from db.queries import members, traces
from db.store import Store


class MemberScoreService:
    """Reads are safe from reader threads."""

    def __init__(self, store: Store, people: MemberService, grids: GridService) -> None:
        self._store = store
        self._people = people
        self._grids = grids

    def month(self, day: date, *, watch: Watch | None = None) -> list[MemberScore]:
        """Everybody's month that holds `day`, by name; days to come count as planned only."""
        watch = watch or silent()
        first, last = month_of(day)
        begin, end = (datetime.combine(one, time(), OFFICE_ZONE) for one in (first, last + timedelta(days=1)))
        with self._store.read() as reader:
            findings = members.finding_counts(reader.connection, begin, end)
            in_grids = members.found_in_grids(reader.connection, begin, end)
            tasks = members.task_counts(reader.connection, begin, end)
            rounds = members.round_counts(reader.connection, first, last)
        entered = self._entered(first, last, watch)
        scores = []
        for member in self._people.all():
            duty = self._grids.duty_of(member.id)
            reported, decided, valid, settled = findings.get(member.id, (0, 0, 0, 0))
            planned, done, points_total, points_checked = rounds.get(member.id, (0, 0, 0, 0))
            verify_due, verify_on_time = tasks.get((member.id, TaskKind.VERIFY), (0, 0))
            check_due, check_on_time = tasks.get((member.id, TaskKind.CHECK), (0, 0))
            units = {code for grid in duty for code in grid.unit_codes}
            counts = MemberCounts(
                reported=reported,
                decided=decided,
                valid=valid,
                self_handled=settled,
                missed=_missed(member, duty, in_grids),
                verify_due=verify_due,
                verify_on_time=verify_on_time,
                check_due=check_due,
                check_on_time=check_on_time,
                rounds_planned=planned,
                rounds_done=done,
                points_total=points_total,
                points_checked=points_checked,
                unit_grids=len(units),
                entered=len(units & entered[member.id]) if member.id in entered else None,
            )
            scores.append(MemberScore(member.id, member.name, counts))
        return scores

    def _entered(self, first: date, last: date, watch: Watch) -> dict[UUID, set[str]]:
        """Member -> codes of the unit grids their tracks went into; empty where no unit grid is drawn.

        Read day by day: the tracks of a month are too much to have in memory together.
        """
        if not any(grid.boundary for grid in self._grids.all(GridKind.UNIT)):
            return {}
        entered: dict[UUID, set[str]] = {}
        for n in range((last - first).days + 1):
            with self._store.read() as reader:
                tracks = traces.of_day(reader.connection, first + timedelta(days=n))
            for track in tracks:
                watch.check()
                if track.member_id is not None:
                    points = [fix[1:] for fix in unpack(track.points)]
                    codes = set(self._grids.codes_at_many(points, GridKind.UNIT)) - {""}
                    entered.setdefault(track.member_id, set()).update(codes)
        return entered


def month_of(day: date) -> tuple[date, date]:
    """First and last day of the month that holds `day`."""
    first = day.replace(day=1)
    return first, (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)


def _missed(member: Worker, duty: Iterable[Grid], in_grids: Mapping[tuple[str, UUID], int]) -> int | None:
    """True findings of others in the member's own grids; None for a member without grids."""
    codes = {grid.code for grid in duty}
    if not codes:
        return None
    return sum(count for (code, finder), count in in_grids.items() if code in codes and finder != member.id)
