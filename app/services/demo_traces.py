"""Who was where when in the demonstration: tracks of the last rounds, a month of attendance, one roll call."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import accumulate, pairwise
from math import hypot

from app.base.words import _
from app.domain.attendance import Attendance, AttendanceState, RollAnswer, RollCall, Track
from app.domain.directory import Worker
from app.domain.numbering import lettered_series, local_number
from app.domain.patrols import PatrolRound, RoundState
from app.domain.roll_call import drawn
from app.domain.tracks import Fix, metres_walked, pack
from app.domain.workcalendar import WorkCalendar
from app.services import demo_words as words
from app.services.demo_district import PC_MARK, DemoDistrict
from app.services.demo_patrols import DemoRounds
from app.services.reference import OFFICE_ZONE

TRACK_DAYS = timedelta(days=8)
TRACKED = 0.8
STEP_S = 40
GAP_SHARE = 0.12
GAP_S = 900
WANDER = 0.0002
IN_GRID = 0.94
Position = tuple[float, float]
ROLL_LETTERS = "DM"
ROLL_SEED = "2026-demo"
ROLL_COUNT = 4
ROLL_AGO = timedelta(days=3)
DAY_STATES = (
    AttendanceState.PRESENT,
    AttendanceState.LATE,
    AttendanceState.LEFT_EARLY,
    AttendanceState.LEAVE,
    AttendanceState.ABSENT,
)
DAY_WEIGHTS = (90, 4, 2, 3, 1)
SHIFT = (time(8, 30), time(17, 30))


def make_tracks(district: DemoDistrict, walked: DemoRounds) -> DemoRounds:
    """Write tracks for most rounds of the last days; gives the rounds with their distances, which are not written yet."""
    tracks: list[Track] = []
    rounds: list[PatrolRound] = []
    for walk in walked.rounds:
        recent = walk.state is RoundState.DONE and walk.day > district.today - TRACK_DAYS and len(walk.points) > 1
        if recent and district.chance.random() < TRACKED:
            fixes, gap_s = _walk(district, walk)
            track = _track(district, walk, fixes)
            tracks.append(track)
            in_grid = round((fixes[-1][0] - gap_s) * IN_GRID)
            walk = walk.model_copy(update={"distance_m": track.distance_m, "in_grid_s": in_grid, "gap_s": gap_s})
        rounds.append(walk)
    district.write(tracks)
    return replace(walked, rounds=rounds)


def make_attendance(district: DemoDistrict, calendar: WorkCalendar) -> None:
    """A line for each member and each work day of the four weeks."""
    lines = []
    day = district.first_day
    while day < district.today:
        if calendar.is_workday(day):
            lines += [_day(district, member, day) for member in district.members]
        day += timedelta(days=1)
    district.write(lines)


def make_roll_call(district: DemoDistrict) -> None:
    """One roll call of some days ago; anybody can draw it again from its seed."""
    at = district.now - ROLL_AGO
    names = {member.id: member.name for member in district.members}
    places = {duty.member_id: district.place(duty) for duty in district.duties}
    answers = []
    for n, one in enumerate(drawn(ROLL_SEED, names, min(ROLL_COUNT, len(names)))):
        place = places.get(one)
        there = n > 0 and place is not None
        answers.append(
            RollAnswer(
                member_id=one,
                member_name=names[one],
                answered=there,
                at=at + timedelta(minutes=3 * n),
                longitude=place.longitude if there and place else None,
                latitude=place.latitude if there and place else None,
                in_grid=True if there else None,
                note="" if there else _(words.ANSWER_NOTE),
            )
        )
    series = lettered_series(ROLL_LETTERS, district.office.mark, PC_MARK, at.astimezone(OFFICE_ZONE).date())
    with district.store.write(district.actor, "demo.load") as tx:
        call = RollCall.model_validate(
            {
                **district.stamps(at),
                "number": local_number(series, tx.next_number(series)),
                "called_at": at,
                "seed": ROLL_SEED,
                "pool": tuple(sorted(names)),
                "answers": tuple(answers),
                "note": _(words.ROLL_NOTE),
            }
        )
        tx.add_many([call], queue=False)


def _walk(district: DemoDistrict, walk: PatrolRound) -> tuple[list[Fix], int]:
    """Fixes from point to point over the time of the walk, and the seconds of its one gap, mostly none."""
    chance = district.chance
    places = [(point.longitude, point.latitude) for point in walk.points]
    known = [(lon, lat) for lon, lat in places if lon is not None and lat is not None]
    assert walk.started_at is not None
    assert walk.ended_at is not None
    seconds = int((walk.ended_at - walk.started_at).total_seconds())
    gap_at = chance.randrange(600, seconds - GAP_S) if chance.random() < GAP_SHARE else -1
    corners, lengths = _way(known)
    fixes: list[Fix] = []
    for second in range(0, seconds + 1, STEP_S):
        if gap_at <= second < gap_at + GAP_S and gap_at >= 0:
            continue
        lon, lat = _on_way(corners, lengths, second / seconds)
        fixes.append((second, round(lon + chance.gauss(0, WANDER / 4), 6), round(lat + chance.gauss(0, WANDER / 4), 6)))
    return fixes, GAP_S if gap_at >= 0 else 0


def _way(places: Sequence[Position]) -> tuple[list[Position], list[float]]:
    """The corners of the way between the places, and how far each lies from its beginning: people walk along streets."""
    corners = [places[0]]
    for a, b in pairwise(places):
        corners += [(b[0], a[1]), b]
    return corners, [0.0, *accumulate(hypot(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(corners))]


def _on_way(corners: Sequence[Position], lengths: Sequence[float], share: float) -> Position:
    """Where somebody is who has walked that share of the way."""
    wanted = share * lengths[-1]
    at = min(bisect_right(lengths, wanted), len(corners) - 1)
    a, b, leg = corners[at - 1], corners[at], lengths[at] - lengths[at - 1]
    part = min((wanted - lengths[at - 1]) / leg, 1.0) if leg else 0.0
    return a[0] + (b[0] - a[0]) * part, a[1] + (b[1] - a[1]) * part


def _track(district: DemoDistrict, walk: PatrolRound, fixes: Sequence[Fix]) -> Track:
    assert walk.started_at is not None
    return Track.model_validate(
        {
            **district.stamps(walk.ended_at),
            "member_id": walk.member_id,
            "member_name": walk.member_name,
            "round_id": walk.id,
            "day": walk.day,
            "started_at": walk.started_at,
            "ended_at": walk.started_at + timedelta(seconds=fixes[-1][0]),
            "source_name": f"{walk.number}.gpx",
            "points": pack(fixes),
            "count": len(fixes),
            "distance_m": round(metres_walked(fixes), 1),
        }
    )


def _day(district: DemoDistrict, member: Worker, day: date) -> Attendance:
    chance = district.chance
    state = chance.choices(DAY_STATES, DAY_WEIGHTS)[0]
    lent = member.seconded_from is not None and member.seconded_from <= day <= (member.seconded_until or day)
    if lent:
        state = AttendanceState.SECONDED
    here = state in (AttendanceState.PRESENT, AttendanceState.LATE, AttendanceState.LEFT_EARLY)
    late = 25 if state is AttendanceState.LATE else -chance.randrange(15)
    early = 40 if state is AttendanceState.LEFT_EARLY else -chance.randrange(20)
    first = datetime.combine(day, SHIFT[0], OFFICE_ZONE) + timedelta(minutes=late)
    last = datetime.combine(day, SHIFT[1], OFFICE_ZONE) - timedelta(minutes=early)
    return Attendance.model_validate(
        {
            **district.stamps(last),
            "member_id": member.id,
            "member_name": member.name,
            "day": day,
            "state": state,
            "shift_start": SHIFT[0],
            "shift_end": SHIFT[1],
            "clock_in": first if here else None,
            "clock_out": last if here else None,
            "note": _(words.DAY_NOTE) if state is AttendanceState.LEAVE else "",
        }
    )
