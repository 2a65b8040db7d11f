"""Rounds: found, started, entered, finished, cancelled; missed by themselves when their day is over."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from app.domain import round_rules
from app.domain.attendance import Track
from app.domain.case_views import CountSaid
from app.domain.checklists import ChecklistTemplate
from app.domain.findings import Finding
from app.domain.numbering import local_number, number_series
from app.domain.patrol_planning import ROUND_LETTERS, result_id, template_fields
from app.domain.patrol_views import EnteredPoint, RoundFilter, RoundLine
from app.domain.patrols import CheckPoint, CheckResult, PatrolRound, RoundKind, RoundState
from app.domain.permissions import Actor, need_writer
from app.domain.problems import Refused
from app.services.checklists import ChecklistService
from app.services.clock_watch import ClockWatch
from app.services.patrol_places import PatrolPlaces
from app.services.reference import OFFICE_ZONE, ReferenceService
from db.queries import patrols
from db.store import Store
from db.tx import Tx

COUNT_CAP = 1000
# A PC that was off for months marks the rest a minute later; nobody waits for it.
MISSED_AT_ONCE = 500
Times = tuple[datetime | None, datetime | None]
WITHOUT_TIMES: Times = (None, None)


@dataclass(frozen=True)
class RoundDetail:
    """Everything the detail shows of one round. results: in order of the route."""

    round: PatrolRound
    results: Sequence[CheckResult]
    findings: Sequence[Finding]
    tracks: Sequence[Track]
    template: ChecklistTemplate | None


@dataclass(frozen=True)
class RoundDraft:
    """What opens a round nobody planned. units: who joins a joint enforcement."""

    day: date
    kind: RoundKind = RoundKind.UNPLANNED
    member_id: UUID | None = None
    grid_id: UUID | None = None
    road_id: UUID | None = None
    street_code: str = ""
    template_id: UUID | None = None
    points: tuple[CheckPoint, ...] = ()
    units: tuple[str, ...] = ()
    note: str = ""


def refuse_unsound(draft: RoundDraft) -> None:
    """Raise Refused("patrol.units_missing") for a joint round without its units."""
    if draft.kind is RoundKind.JOINT and len(draft.units) < 2:
        raise Refused("patrol.units_missing")


class PatrolService:
    """Rounds from opening to their end. Every method that writes is one transaction."""

    def __init__(
        self,
        store: Store,
        reference: ReferenceService,
        checklists: ChecklistService,
        places: PatrolPlaces,
        clock_watch: ClockWatch,
        seen: Callable[[Tx, CheckResult], object] | None = None,
    ) -> None:
        """seen: told of every result, in its transaction, so that facilities know when they were looked at."""
        self._store = store
        self._reference = reference
        self._checklists = checklists
        self._places = places
        self._clock_watch = clock_watch
        self._seen = seen

    def get(self, round_id: UUID) -> PatrolRound:
        """One round. Raises Refused("store.record_missing")."""
        with self._store.read() as reader:
            return reader.need(PatrolRound, round_id)

    def results(self, round_id: UUID) -> list[CheckResult]:
        """What was seen, in order of the route."""
        with self._store.read() as reader:
            return sorted(reader.children(CheckResult, round_id), key=lambda result: result.point_no)

    def detail(self, round_id: UUID) -> RoundDetail:
        """A round with its results, findings, tracks and the checklist it was made with."""
        with self._store.read() as reader:
            round_ = reader.need(PatrolRound, round_id)
            results = sorted(reader.children(CheckResult, round_id), key=lambda result: result.point_no)
            findings = [reader.need(Finding, one) for one in patrols.findings_of(reader.connection, round_id)]
            tracks = [reader.need(Track, one) for one in patrols.tracks_of(reader.connection, round_id)]
        return RoundDetail(round_, results, findings, tracks, self._checklists.get(round_.template_id))

    def find(self, wanted: RoundFilter, limit: int | None = None) -> array[int]:
        """Row numbers of a list in its order; the whole list when `limit` is None."""
        with self._store.read() as reader:
            return patrols.ids(reader.connection, wanted, limit)

    def lines(self, rids: Sequence[int]) -> list[RoundLine]:
        """The lines of these rows."""
        with self._store.read() as reader:
            return patrols.lines(reader.connection, rids)

    def first_page(self, wanted: RoundFilter, size: int = 100) -> list[RoundLine]:
        """The first lines of a list, at once."""
        with self._store.read() as reader:
            return patrols.lines(reader.connection, patrols.ids(reader.connection, wanted, size))

    def count(self, wanted: RoundFilter, cap: int | None = COUNT_CAP) -> CountSaid:
        """How many rounds a list holds, capped unless `cap` is None."""
        with self._store.read() as reader:
            return patrols.count(reader.connection, wanted, cap)

    def rid_of(self, round_id: UUID) -> int | None:
        """The row number of a round, to find it in a list again."""
        with self._store.read() as reader:
            return patrols.rid_of(reader.connection, round_id)

    def find_number(self, number: str) -> UUID:
        """The round with that own or source number. Raises Refused("patrol.not_found")."""
        with self._store.read() as reader:
            found = patrols.id_of_number(reader.connection, number.strip())
        if found is None:
            raise Refused("patrol.not_found", number=number)
        return found

    def open(self, draft: RoundDraft, *, actor: Actor) -> PatrolRound:
        """A round nobody planned. Raises Refused("patrol.units_missing") for a joint one without its units."""
        need_writer(actor, "patrol_round")
        refuse_unsound(draft)
        template = self._checklists.for_plan(draft.template_id, draft.day)
        words = self._places.words(draft.grid_id, draft.road_id, draft.street_code, draft.member_id)
        with self._store.write(actor, "patrol.open") as tx:
            round_ = PatrolRound(
                id=tx.ids.new(),
                created_at=tx.now,
                changed_at=tx.now,
                number=self._next_number(tx),
                kind=draft.kind,
                state=RoundState.PLANNED,
                day=draft.day,
                member_id=draft.member_id,
                grid_id=draft.grid_id,
                points=draft.points,
                points_total=len(draft.points),
                units=draft.units,
                note=draft.note,
                **template_fields(template),
                **words.__dict__,
            )
            tx.add(round_)
        return round_

    def start(self, round_id: UUID, *, actor: Actor) -> PatrolRound:
        """Its entry begins. Raises Refused("patrol.day_not_come")."""
        round_rules.check_day(self.get(round_id), self._reference.today())
        return self._move(round_id, "patrol.start", actor, lambda one, now: round_rules.started(one, now))

    def reopen(self, round_id: UUID, note: str, *, actor: Actor) -> PatrolRound:
        """A finished round is put right; its results stay."""
        return self._move(round_id, "patrol.reopen", actor, lambda one, now: round_rules.reopened(one, now), note)

    def cancel(self, round_id: UUID, reason: str, *, actor: Actor) -> PatrolRound:
        """It will not be walked."""
        return self._move(
            round_id, "patrol.cancel", actor, lambda one, now: round_rules.cancelled(one, reason, now), reason
        )

    def assign(self, round_id: UUID, member_id: UUID | None, *, actor: Actor) -> PatrolRound:
        """Somebody else walks it."""
        name = self._places.member_name(member_id)
        return self._move(
            round_id,
            "patrol.assign",
            actor,
            lambda one, now: one.changed(now, member_id=member_id, member_name=name),
        )

    def enter(
        self,
        round_id: UUID,
        entered: Sequence[EnteredPoint],
        *,
        actor: Actor,
        times: Times = WITHOUT_TIMES,
        finish: bool = True,
        note: str | None = None,
        draft_id: UUID | None = None,
    ) -> PatrolRound:
        """Keep what a member brought back, and finish the round; the form's draft goes with the same commit.

        times: begin and end of the walk; points without a time of their own are spread over it. Points entered before
        are put right. Raises Refused("patrol.…"); nothing is kept then.
        """
        need_writer(actor, "check_result")
        if finish and not entered:
            raise Refused("patrol.nothing_entered", round=self.get(round_id).number)
        with self._store.write(actor, "patrol.enter") as tx:
            round_ = tx.need(PatrolRound, round_id)
            round_rules.check_day(round_, self._reference.today())
            round_ = round_rules.started(round_, tx.now)
            round_ = round_rules.with_span(round_, *times, tx.now)
            template = self._checklists.get(round_.template_id)
            for one in round_rules.with_times(entered, *times):
                self._put(tx, round_rules.result_of(round_, one, template, tx.now))
            if note is not None:
                round_ = round_.changed(tx.now, note=note)
            if finish:
                results = tx.children(CheckResult, round_id)
                findings = patrols.finding_count(tx.connection, round_id)
                round_ = round_rules.finished(round_, results, findings, tx.now, times)
            tx.change(round_)
            if draft_id is not None:
                tx.connection.exec_driver_sql("DELETE FROM drafts WHERE id = ?", (draft_id.bytes,))
        return round_

    def mark_missed(self, *, actor: Actor) -> int:
        """Rounds whose day is over without them, by the program itself; none while the clock is not to be believed."""
        if self._clock_watch.doubt() is not None:
            return 0
        today = self._reference.today()
        with self._store.read() as reader:
            over = patrols.planned_before(reader.connection, today, MISSED_AT_ONCE)
        if not over:
            return 0
        marked = 0
        with self._store.write(actor, "patrol.miss") as tx:
            for round_id in over:
                round_ = tx.need(PatrolRound, round_id)
                if round_rules.is_missed(round_, today):
                    with tx.by_itself():
                        tx.change(round_rules.missed(round_, tx.now))
                    marked += 1
        return marked

    def _put(self, tx: Tx, result: CheckResult) -> None:
        before = tx.get(CheckResult, result_id(result.parent, result.point_no))
        if before is None:
            tx.add(result)
        else:
            said = ("grade", "answers", "at", "note")
            result = before.changed(tx.now, **{name: getattr(result, name) for name in said})
            tx.change(result)
        if self._seen is not None:
            self._seen(tx, result)

    def _move(
        self,
        round_id: UUID,
        deed: str,
        actor: Actor,
        rule: Callable[[PatrolRound, datetime], PatrolRound],
        note: str = "",
    ) -> PatrolRound:
        need_writer(actor, "patrol_round")
        with self._store.write(actor, deed, note) as tx:
            moved = rule(tx.need(PatrolRound, round_id), tx.now)
            tx.change(moved)
        return moved

    def _next_number(self, tx: Tx) -> str:
        office = self._reference.office()
        day = tx.now.astimezone(OFFICE_ZONE).date()
        series = f"{ROUND_LETTERS}-{number_series(office.mark, office.pc_mark, day)}"
        return local_number(series, tx.next_number(series))
