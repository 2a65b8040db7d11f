"""Things with a place, put into an office for tests of the map."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TypeVar

from app.desk import Desk
from app.domain.attendance import Track
from app.domain.cases import Case
from app.domain.directory import Road
from app.domain.facilities import Facility, FacilityState
from app.domain.findings import Finding, FindingState
from app.domain.grids import Boundary, Grid, GridKind
from app.domain.patrols import CheckGrade, CheckPoint, CheckResult, PatrolRound, RoundKind, RoundState
from app.domain.permissions import Actor
from app.domain.records import Record
from app.domain.tracks import pack
from tests.builders import a_case

R = TypeVar("R", bound=Record)
HOUR = timedelta(hours=1)
SQUARE: Boundary = ((((113.62, 34.72), (113.72, 34.72), (113.72, 34.80), (113.62, 34.80), (113.62, 34.72)),),)


def put(desk: Desk, actor: Actor, record: type[R], **fields: object) -> R:
    """A record of that type, kept."""
    with desk.store.write(actor, "test.put") as tx:
        made = record.model_validate({"id": tx.ids.new(), "created_at": tx.now, "changed_at": tx.now, **fields})
        tx.add(made)
    return made


def put_case(desk: Desk, actor: Actor, longitude: float | None, latitude: float | None, **fields: object) -> Case:
    """An open case at a place."""
    case = a_case(longitude=longitude, latitude=latitude, **fields)
    with desk.store.write(actor, "test.put") as tx:
        tx.add(case)
    return case


def put_facility(
    desk: Desk,
    actor: Actor,
    longitude: float,
    latitude: float,
    state: FacilityState = FacilityState.INTACT,
    **f: object,
) -> Facility:
    """A street lamp at a place."""
    fields = {"minor_name": "路灯", "group": "lamps", "state": state, "longitude": longitude, "latitude": latitude, **f}
    return put(desk, actor, Facility, **fields)


def put_grid(
    desk: Desk, actor: Actor, kind: GridKind = GridKind.DISTRICT, code: str = "410105", name: str = "金水区"
) -> Grid:
    """A drawn area."""
    return put(desk, actor, Grid, kind=kind, code=code, name=name, boundary=SQUARE)


def put_road(desk: Desk, actor: Actor) -> Road:
    """A road from west to east through the middle."""
    return put(desk, actor, Road, name="花园路", lines=(((113.62, 34.76), (113.72, 34.76)),))


def put_finding(desk: Desk, actor: Actor, at: datetime, state: FindingState = FindingState.OPEN) -> Finding:
    """Something found on a round."""
    fields = {"number": "WT-1", "found_at": at, "state": state, "longitude": 113.66, "latitude": 34.75}
    return put(desk, actor, Finding, minor_name="暴露垃圾", **fields)


def put_round(desk: Desk, actor: Actor, day: date, grades: dict[int, CheckGrade]) -> PatrolRound:
    """A round of three check points in a row; grades by the number of the point."""
    points = tuple(CheckPoint(no=no, name=f"点{no}", longitude=113.64 + no / 100, latitude=34.74) for no in (1, 2, 3))
    made = put(
        desk,
        actor,
        PatrolRound,
        number="XC-1",
        kind=RoundKind.PATROL,
        state=RoundState.STARTED,
        day=day,
        member_name="采集员甲",
        points=points,
    )
    for no, grade in grades.items():
        put(desk, actor, CheckResult, parent=made.id, point_no=no, grade=grade)
    return made


def put_track(desk: Desk, actor: Actor, day: date, at: datetime) -> Track:
    """An hour's walk in three fixes."""
    fixes = [(0, 113.65, 34.74), (60, 113.66, 34.74), (120, 113.67, 34.74)]
    fields = {"day": day, "started_at": at, "ended_at": at + HOUR, "points": pack(fixes), "member_name": "采集员甲"}
    return put(desk, actor, Track, **fields)
