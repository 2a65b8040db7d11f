"""Grid members (网格员): who they are, who is on duty, where each was last seen, and how one leaves."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from app.domain.attendance import AttendanceState, Track
from app.domain.directory import Worker, WorkerKind
from app.domain.tracks import unpack
from app.domain.workcalendar import CalendarGap
from app.services.directory import DirectoryService
from app.services.reference import OFFICE_ZONE, ReferenceService
from db.queries import members, traces
from db.store import Store
from db.tx import Reader

AT_WORK = frozenset({AttendanceState.PRESENT, AttendanceState.LATE, AttendanceState.LEFT_EARLY})
SEEN_WITHIN = timedelta(hours=12)
LastPoints = dict[UUID, tuple[float, float, datetime]]


class MemberService:
    """Reads are safe from reader threads."""

    def __init__(self, store: Store, directory: DirectoryService, reference: ReferenceService) -> None:
        self._store = store
        self._directory = directory
        self._reference = reference

    def all(self) -> list[Worker]:
        """Members in use, by name."""
        return self._directory.workers(WorkerKind.COLLECTOR)

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


def seconded_on(member: Worker, day: date) -> bool:
    """Whether the member serves a street (下沉) on that day; an end not said is open."""
    begun = member.seconded_from is not None and member.seconded_from <= day
    return begun and (member.seconded_until is None or day <= member.seconded_until)


def _in_tracks(reader: Reader, first: date, last: date, at: datetime) -> list[traces.Sighting]:
    return [
        sighting
        for track in traces.begun_between(reader.connection, first, last)
        if track.member_id is not None and track.started_at <= at and (sighting := _last_fix(track, at)) is not None
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
