"""Grid members (网格员): who they are, who is on duty, where each was last seen, and how one leaves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from app.base.words import _
from app.domain.attendance import Track
from app.domain.attendance_rules import AT_WORK
from app.domain.directory import Worker, WorkerKind
from app.domain.findings import ChosenBy, FieldTask
from app.domain.grids import Grid
from app.domain.patrols import PatrolPlan
from app.domain.permissions import Actor, need_writer
from app.domain.problems import Refused
from app.domain.task_rules import Chosen, given_to
from app.domain.tracks import unpack
from app.domain.workcalendar import CalendarGap
from app.services.directory import DirectoryService
from app.services.reference import OFFICE_ZONE, ReferenceService
from db.queries import members, traces
from db.store import Store
from db.tx import Reader, Tx

SEEN_WITHIN = timedelta(hours=12)
LastPoints = dict[UUID, tuple[float, float, datetime]]


@dataclass(frozen=True)
class Hanging:
    """What a member still answers for."""

    grids: Sequence[Grid] = ()
    tasks: Sequence[FieldTask] = ()
    plans: Sequence[PatrolPlan] = ()

    @property
    def nothing(self) -> bool:
        """The member may leave at once."""
        return not (self.grids or self.tasks or self.plans)


class MemberService:
    """Reads are safe from reader threads."""

    def __init__(self, store: Store, directory: DirectoryService, reference: ReferenceService) -> None:
        self._store = store
        self._directory = directory
        self._reference = reference

    def all(self) -> list[Worker]:
        """Members in use, by name."""
        return self._directory.workers(WorkerKind.COLLECTOR)

    def everybody(self) -> list[Worker]:
        """Members in use and retired, those in use first, by name."""
        kept = [worker for worker in self._directory.everything(Worker) if worker.kind == WorkerKind.COLLECTOR]
        return sorted(kept, key=lambda worker: (not worker.active, worker.name))

    def get(self, member_id: UUID) -> Worker:
        """One member, in use or not. Raises Refused("store.record_missing")."""
        with self._store.read() as reader:
            return reader.need(Worker, member_id)

    def named(self, name: str) -> Worker:
        """The member in use of that name or number. Raises Refused("member.unknown", "member.several")."""
        found = [member for member in self.all() if name and name in (member.number, member.name)]
        exact = [member for member in found if member.number == name] or found
        if not exact:
            raise Refused("member.unknown", name=name)
        if len(exact) > 1:
            raise Refused("member.several", name=name)
        return exact[0]

    def save(self, values: Mapping[str, Any], *, actor: Actor, member_id: UUID | None = None) -> Worker:
        """Add a member, or change the one with `member_id`.

        Raises Refused("member.dates_reversed"); retiring goes through `retire`.
        """
        need_writer(actor, "attendance")
        with self._store.write(actor, "member.save") as tx:
            if member_id is None:
                stamps = {"id": tx.ids.new(), "created_at": tx.now, "changed_at": tx.now}
                member = Worker.model_validate({**stamps, **values, "kind": WorkerKind.COLLECTOR})
            else:
                member = tx.need(Worker, member_id).changed(tx.now, **values)
            _refuse_reversed_dates(member)
            tx.add(member) if member_id is None else tx.change(member)
        return member

    def hanging(self, member_id: UUID) -> Hanging:
        """What a member still answers for: grids, open tasks, plans."""
        with self._store.read() as reader:
            return _hanging(reader, member_id)

    def retire(self, member_id: UUID, *, actor: Actor, successor_id: UUID | None = None) -> Worker:
        """Take a member out of use; what they answer for goes to the successor in the same step.

        Raises Refused("member.still_owns", "member.same_person").
        """
        need_writer(actor, "attendance")
        if successor_id == member_id:
            raise Refused("member.same_person")
        with self._store.write(actor, "member.retire") as tx:
            member, left = tx.need(Worker, member_id), _hanging(tx, member_id)
            if not left.nothing:
                if successor_id is None:
                    tasks = len(left.tasks) + len(left.plans)
                    raise Refused("member.still_owns", name=member.name, grids=len(left.grids), tasks=tasks)
                successor = tx.need(Worker, successor_id)
                _hand_over(tx, left, successor)
                _hand_rounds_over(tx, member_id, successor)
            member = member.changed(tx.now, active=False)
            tx.change(member)
        return member

    def on_duty(self, day: date) -> list[Worker]:
        """Who works that day: as the attendance says, else who has a round, else everybody on a working day.

        Who is seconded elsewhere on that day is not on duty here.
        """
        with self._store.read() as reader:
            said = {entry.member_id: entry.state for entry in members.attendance_between(reader.connection, day, day)}
            walking = members.members_with_rounds(reader.connection, day)
        workday = self._is_workday(day)
        return [
            member
            for member in self.all()
            if (said[member.id] in AT_WORK if member.id in said else workday or member.id in walking)
            and not seconded_on(member, day)
        ]

    def last_known_points(self, at: datetime) -> LastPoints:
        """Longitude, latitude and time of where each member was last seen, within twelve hours before `at`.

        Taken from tracks, check points with a place, and answers to roll calls.
        """
        since = at - SEEN_WITHIN
        first, last = since.astimezone(OFFICE_ZONE).date(), at.astimezone(OFFICE_ZONE).date()
        points: LastPoints = {}
        with self._store.read() as reader:
            for sighting in (
                *_in_tracks(reader, first, last, at),
                *traces.results_seen(reader.connection, first, last, at),
                *_in_roll_calls(reader, since, at),
            ):
                member_id, longitude, latitude, seen_at = sighting
                known = points.get(member_id)
                if since <= seen_at <= at and (known is None or known[2] < seen_at):
                    points[member_id] = (longitude, latitude, seen_at)
        return points

    def _is_workday(self, day: date) -> bool:
        try:
            return self._reference.calendar().is_workday(day)
        except CalendarGap:
            return day.isoweekday() <= 5


def _hanging(reader: Reader, member_id: UUID) -> Hanging:
    connection = reader.connection
    return Hanging(
        members.grids_of(connection, member_id),
        members.open_tasks_of(connection, member_id),
        members.plans_of(connection, member_id),
    )


def _hand_over(tx: Tx, left: Hanging, successor: Worker) -> None:
    for grid in left.grids:
        tx.change(grid.changed(tx.now, member_id=successor.id))
    for plan in left.plans:
        tx.change(plan.changed(tx.now, member_id=successor.id))
    for task in left.tasks:
        # Nobody has told the successor yet: the task waits to be handed over, as after any change of hands.
        tx.change(given_to(task, Chosen(successor, ChosenBy.HAND), tx.now))


def _hand_rounds_over(tx: Tx, member_id: UUID, successor: Worker) -> None:
    """Rounds that plans made already, from today on; those gone by stay with who was to walk them."""
    today = tx.now.astimezone(OFFICE_ZONE).date()
    for walk in members.rounds_ahead(tx.connection, member_id, today):
        tx.change(walk.changed(tx.now, member_id=successor.id, member_name=successor.name))


def _refuse_reversed_dates(member: Worker) -> None:
    spans = [(_("下沉"), member.seconded_from, member.seconded_until)]
    spans += [(one.name, one.valid_from, one.valid_until) for one in member.certificates]
    for what, begin, end in spans:
        if begin is not None and end is not None and end < begin:
            raise Refused("member.dates_reversed", what=what)


def seconded_on(member: Worker, day: date) -> bool:
    """Whether the member serves a street (下沉) on that day; an end not said is open."""
    begun = member.seconded_from is not None and member.seconded_from <= day
    return begun and (member.seconded_until is None or day <= member.seconded_until)


def _in_tracks(reader: Reader, first: date, last: date, at: datetime) -> list[traces.Sighting]:
    return [
        sighting
        for track in traces.begun_between(reader.connection, first, last)
        # Unpacking is what costs: a track that ended before the time asked for is left packed.
        if track.member_id is not None
        and track.started_at <= at
        and track.ended_at >= at - SEEN_WITHIN
        and (sighting := _last_fix(track, at)) is not None
    ]


def _last_fix(track: Track, at: datetime) -> traces.Sighting | None:
    until = (at - track.started_at).total_seconds()
    last = next((fix for fix in reversed(unpack(track.points)) if fix[0] <= until), None)
    if last is None or track.member_id is None:
        return None
    return track.member_id, last[1], last[2], track.started_at + timedelta(seconds=last[0])


def _in_roll_calls(reader: Reader, since: datetime, at: datetime) -> list[traces.Sighting]:
    return [
        (answer.member_id, answer.longitude, answer.latitude, answer.at or call.called_at)
        for call in traces.roll_calls(reader.connection, since, at + timedelta(microseconds=1))
        for answer in call.answers
        if answer.longitude is not None and answer.latitude is not None
    ]
