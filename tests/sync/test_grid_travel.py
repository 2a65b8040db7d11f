"""Grid records over the line: large ones, signed receipts, sticks, people without the role, programs that know no grids."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from app.base.watch import silent
from app.domain.attendance import AttendanceState
from app.domain.cases import PhotoPhase
from app.domain.catalog import TYPE_NAMED
from app.domain.facilities import FacilityState
from app.domain.findings import FindingDraft
from app.domain.grids import GridKind
from app.domain.office import Person
from app.domain.patrol_views import EnteredPoint
from app.domain.patrols import CheckGrade, CheckPoint
from app.domain.permissions import Actor, OfficeRole
from app.domain.roll_call import drawn
from app.domain.tracks import unpack
from app.services.draws import DrawWish
from app.services.patrols import RoundDraft
from app.services.track_files import TrackFile
from app.services.track_import import TrackChoices
from app.sync.engine import SyncEngine
from app.sync.files import FileDelivery
from app.sync.link import LinkStore
from app.sync.receipts import ask_receipt
from app.sync.views import RecordState
from db import city_apart, city_tx
from server.city import City
from server.sealed import unseal
from tests.builders import PASSWORD, a_picture
from tests.inspecting import a_shop, make_known, two_officers
from tests.sync.grid_desks import TODAY, WEEK, a_plan, met
from tests.sync.offices import Office

BEFORE_GRIDS = 12
"""How many types of records programs knew that had no grids yet: the first of the catalogue."""


def with_files(office: Office) -> None:
    """One run that brings photos as well."""
    store = office.desk.store
    files = FileDelivery(store, office.desk.photos.blobs, office.line)
    assert SyncEngine(store, office.line, LinkStore(store), files=files).run(silent()).finished


def a_days_work(office: Office) -> tuple[UUID, UUID, UUID]:
    """A planned week, one of its rounds entered, a lamp seen, a finding with a photo: round, finding, lamp."""
    desk, actor = office.desk, office.actor
    fields = {"major": "01", "minor": "37", "street_code": "410105001", "address": "经八路12号门前"}
    lamp = desk.facilities.save(fields, actor=actor)
    a_plan(office)
    desk.patrol_plans.plan_week(WEEK, actor=actor)
    points = (CheckPoint(no=1, name="路灯", facility_id=lamp.id), CheckPoint(no=2, name="路口"))
    walk = desk.patrols.open(RoundDraft(day=TODAY, points=points), actor=actor)
    photo = desk.photos.take_in(a_picture("one"), "one.jpg")
    draft = FindingDraft(round_id=walk.id, road="纬一路", house_no="12", description="灯杆倾斜")
    finding = desk.findings.report(draft, actor=actor, photos={PhotoPhase.BEFORE: [photo]})
    grades = (CheckGrade.BAD, CheckGrade.GOOD)
    desk.patrols.enter(walk.id, [EnteredPoint(no, one) for no, one in enumerate(grades, 1)], actor=actor)
    desk.attendance.mark([(desk.members.all()[0].id, TODAY)], AttendanceState.PRESENT, actor=actor)
    return walk.id, finding.id, lamp.id


# Large and many ------------------------------------------------------------------------------------------------------


def a_way(count: int, start: datetime) -> TrackFile:
    """A walk in widening rings, a fix every two seconds."""
    points = []
    for step in range(count):
        turn, far = step / 40, 0.00001 * step / 40
        spot = (113.66 + far * math.cos(turn), 34.76 + far * math.sin(turn))
        points.append((start + timedelta(seconds=2 * step), *spot))
    return TrackFile("walk.gpx", "0" * 64, tuple(points), 0)


def test_a_track_of_twenty_thousand_points_and_a_boundary_of_five_thousand_corners_arrive_whole(
    two: tuple[Office, Office],
) -> None:
    one, other = two
    corners = [2 * math.pi * n / 5000 for n in range(5000)]
    ring = [(113.66 + 0.0123456789 * math.cos(at), 34.76 + 0.0123456789 * math.sin(at)) for at in corners]
    boundary = (((*ring, ring[0]),),)
    grid = one.desk.grids.save({"kind": GridKind.DUTY, "code": "Z-01", "boundary": boundary}, actor=one.actor)
    file = a_way(20_000, datetime(2026, 11, 1, 12, tzinfo=UTC))
    preview = one.desk.traces.look(Path("walk.gpx"), TrackChoices(member=one.desk.members.all()[0]), file=file)
    track = one.desk.traces.take(preview, actor=one.actor)

    met(one, other)

    assert len(other.desk.grids.get(grid.id).boundary[0][0]) == 5001
    [arrived] = other.desk.traces.of_day(track.day)
    assert unpack(arrived.points) == unpack(track.points)
    assert len(unpack(arrived.points)) == arrived.count > 15_000
    assert other.desk.grids.at(113.66, 34.76).duty_grid == other.desk.grids.get(grid.id)


def test_boundaries_that_are_too_many_for_one_request_go_in_several(two: tuple[Office, Office]) -> None:
    one, other = two
    corners = [2 * math.pi * n / 5000 for n in range(5000)]
    grids = []
    for no in range(12):
        middle = 113.6 + 0.01 * no
        ring = [(middle + 0.0043211234 * math.cos(at), 34.76 + 0.0043211234 * math.sin(at)) for at in corners]
        values = {"kind": GridKind.DUTY, "code": f"Z-{no:02}", "boundary": (((*ring, ring[0]),),)}
        grids.append(one.desk.grids.save(values, actor=one.actor))

    met(one, other)

    assert {grid.id for grid in other.desk.grids.all(GridKind.DUTY)} == {grid.id for grid in grids}


# What is proved and carried -------------------------------------------------------------------------------------------


def test_the_city_signs_that_it_holds_a_round_a_finding_and_a_facility_as_they_lie_here(
    two: tuple[Office, Office],
) -> None:
    one, other = two
    for record_id in a_days_work(one):
        with_files(one)
        checked = ask_receipt(one.desk.store, one.line, one.city.keys.sign_public, record_id)
        assert checked.is_equal, checked.gaps

    met(one, other)
    assert one.sync().equal
    assert other.sync().equal


def test_a_photo_of_a_finding_is_seen_at_the_other_desk(two: tuple[Office, Office]) -> None:
    one, other = two
    _round, finding, _lamp = a_days_work(one)

    with_files(one)
    with_files(other)

    [photo] = other.desk.photos.of(finding)
    assert other.desk.photos.thumbnail(photo.sha256)


def test_a_days_work_travels_on_a_stick(two: tuple[Office, Office], city: City, tmp_path: Path) -> None:
    one, other = two
    round_id, finding_id, lamp_id = a_days_work(one)
    one.desk.sync.seal(tmp_path / "to city.gds", actor=one.actor)

    taken = unseal(city, tmp_path / "to city.gds", tmp_path / "to desk.gds", who="操作员")
    one.desk.sync.unseal(tmp_path / "to desk.gds", actor=one.actor)
    with_files(other)

    assert set(taken.outcomes) == {"applied"}
    assert [result.point_no for result in other.desk.patrols.results(round_id)] == [1, 2]
    assert [photo.name for photo in other.desk.photos.of(finding_id)] == ["one.jpg"]
    assert other.desk.facilities.get(lamp_id).state is FacilityState.DAMAGED
    met(one, other)


def test_a_roll_call_and_a_draw_come_out_the_same_at_the_other_desk(two: tuple[Office, Office]) -> None:
    one, other = two
    desk, actor = one.desk, one.actor
    for name in ("采集员乙", "采集员丙", "采集员丁"):
        desk.members.save({"name": name}, actor=actor)
    call = desk.roll_calls.call(desk.members.all(), 2, actor=actor)
    make_known(desk, actor)
    two_officers(desk, actor)
    shops = [a_shop(desk, actor, f"店{no}").id for no in range(6)]
    wish = DrawWish(shops, 2, TODAY + timedelta(days=3), tuple(desk.inspections.items()))
    draw, inspections = desk.draws.draw(wish, actor=actor)

    met(one, other)

    [told] = other.desk.roll_calls.of_month(TODAY)
    names = {member.id: member.name for member in other.desk.members.all() if member.id in told.pool}
    assert told == desk.roll_calls.of_month(TODAY)[0]
    assert [answer.member_id for answer in told.answers] == drawn(call.seed, names, 2)
    assert other.desk.draws.replays(draw.id)
    assert [other.desk.inspections.get(one.id).number for one in inspections] == [one.number for one in inspections]


# Who may -------------------------------------------------------------------------------------------------------------


def a_clerk(two: tuple[Office, Office], *roles: OfficeRole) -> tuple[Person, Actor]:
    """Somebody of the first desk whom both know, as the second lets them work."""
    one, other = two
    person = one.desk.accounts.add_person("李华", "lihua", list(roles), PASSWORD, actor=one.actor)
    met(one, other)
    return person, other.desk.accounts.actor(person.id)


def test_who_lost_the_role_is_refused_by_the_city_and_their_work_stays_with_the_reason(
    two: tuple[Office, Office],
) -> None:
    one, other = two
    person, clerk = a_clerk(two, OfficeRole.GRID_CLERK)
    known = next(known for known in one.desk.accounts.persons() if known.id == person.id)
    one.desk.accounts.set_person(known.model_copy(update={"roles": (OfficeRole.AUDITOR,)}), actor=one.actor)
    one.sync()
    grid = other.desk.grids.save({"kind": GridKind.DUTY, "code": "Z-01", "name": "一号"}, actor=clerk)
    walk = other.desk.patrols.open(RoundDraft(day=TODAY), actor=clerk)

    assert other.sync().refused == 2

    assert other.desk.grids.get(grid.id).name == "一号"
    lines = {line.record_id: line for line in other.desk.sync.troubles()}
    assert {line.state for line in lines.values()} == {RecordState.REFUSED}
    assert (lines[grid.id].title, lines[walk.id].title) == ("网格 一号", f"巡查 {walk.number}")
    assert all("李华" in line.message for line in lines.values())
    one.sync()
    assert one.desk.grids.all(GridKind.DUTY) == []


def test_a_grid_clerk_keeps_members_and_roads_at_the_city_as_at_the_desk(two: tuple[Office, Office]) -> None:
    one, other = two
    _person, clerk = a_clerk(two, OfficeRole.GRID_CLERK)
    member = other.desk.members.save({"name": "采集员乙", "number": "C-02"}, actor=clerk)
    road = other.desk.directory.roads()[0]
    other.desk.grids.save_road({"chief": "王路长"}, actor=clerk, road_id=road.id)

    met(other, one)

    assert member.id in {one.id for one in one.desk.members.all()}
    assert next(one.chief for one in one.desk.directory.roads() if one.id == road.id) == "王路长"


# Programs of other ages ----------------------------------------------------------------------------------------------


def test_a_program_without_grids_keeps_what_it_does_not_know_and_shows_it_once_it_is_upgraded(
    two: tuple[Office, Office], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = two
    walk, finding, lamp = a_days_work(one)
    with_files(one)
    older = dict(list(TYPE_NAMED.items())[:BEFORE_GRIDS])
    assert "grid" not in older
    assert "line_test" in older
    with monkeypatch.context() as before:
        for module in (city_tx, city_apart):
            before.setattr(module, "TYPE_NAMED", older)
        report = other.sync()
        assert (report.finished, report.equal) == (True, True)
        kept = {row[0] for row in other.sql("SELECT DISTINCT record_type FROM foreign_rows")}
        assert {"patrol_round", "check_result", "finding", "facility", "attendance"} <= kept
        road = other.desk.directory.roads()[0]
        other.desk.grids.save_road({"chief": "王路长"}, actor=other.actor, road_id=road.id)
        assert other.sync().finished

    with other.desk.store.local() as connection:
        connection.exec_driver_sql("UPDATE notes SET value = 'an older program' WHERE name = 'sync.adopted'")
    with_files(other)

    assert other.sql('SELECT count(*) FROM foreign_rows WHERE "row" IS NOT NULL') == [(0,)]
    assert other.desk.patrols.get(walk) == one.desk.patrols.get(walk)
    assert other.desk.findings.get(finding) == one.desk.findings.get(finding)
    assert other.desk.facilities.history(lamp) == one.desk.facilities.history(lamp) != []
    met(one, other)
