"""The demonstration district: made-up cases, and four weeks of rounds in a net of grids that is nobody's boundary."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import TypeVar

import pytest

from app.base.clock import FixedClock
from app.desk import Desk
from app.domain.attendance import RollCall, Track
from app.domain.cases import Case
from app.domain.directory import Worker, WorkerKind
from app.domain.draw import replays as draw_replays
from app.domain.facilities import Facility
from app.domain.findings import Finding, FindingState
from app.domain.grids import GridKind
from app.domain.inspections import Draw, Inspection, Officer
from app.domain.patrols import CheckResult, PatrolRound, RoundState
from app.domain.records import Record
from app.domain.roll_call import replays
from app.domain.tracks import unpack
from app.services.facility_groups import groups
from tests.builders import NINE
from tests.desks import JINSHUI, first_actor, make_desk

R = TypeVar("R", bound=Record)
CASES = 30
MANY = 400


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A demonstration in an office without lists of its own."""
    made = make_desk(tmp_path_factory.mktemp("demo"), FixedClock(NINE))
    made.demo.load(MANY, seed=3, actor=first_actor(made))
    yield made
    made.close()


def every(desk: Desk, kind: type[R]) -> list[R]:
    """All records of one type."""
    with desk.store.read() as reader:
        return list(reader.all(kind))


def test_an_office_keeps_its_own_units_and_roads_and_still_gets_made_up_cases(desk: Desk) -> None:
    units, roads, members = desk.directory.units(), desk.directory.roads(), desk.members.all()

    made = desk.demo.load(CASES, seed=3, actor=first_actor(desk))

    assert made.cases == CASES
    assert desk.directory.units() == units
    assert desk.directory.roads() == roads
    assert desk.members.all() == members


def test_an_office_that_drew_its_own_grids_gets_no_made_up_ones_and_no_rounds(desk: Desk) -> None:
    actor = first_actor(desk)
    own = desk.grids.save({"kind": GridKind.UNIT, "code": f"{JINSHUI}001001001"}, actor=actor)

    desk.demo.load(CASES, seed=3, actor=actor)

    assert [grid.id for grid in desk.grids.all()] == [own.id]
    assert every(desk, PatrolRound) == []
    assert every(desk, Facility) == []


def test_made_again_a_demonstration_gets_more_cases_and_no_second_set_of_rounds(desk: Desk) -> None:
    actor = first_actor(desk)
    desk.demo.load(CASES, seed=3, actor=actor)
    before = len(every(desk, PatrolRound))

    desk.demo.load(CASES, seed=4, actor=actor)

    assert len(every(desk, Case)) == 2 * CASES
    assert len(every(desk, PatrolRound)) == before


def test_the_same_seed_gives_the_same_district(tmp_path: Path, clock: FixedClock) -> None:
    told = []
    for folder in ("one", "two"):
        desk = make_desk(tmp_path / folder, FixedClock(clock.now()))
        desk.demo.load(CASES, seed=3, actor=first_actor(desk))
        told.append(
            (
                [(one.code, one.name, one.longitude, one.state) for one in every(desk, Facility)],
                [(one.day, one.state, one.member_name, one.finding_count) for one in every(desk, PatrolRound)],
                [(one.found_at, one.state, one.description) for one in every(desk, Finding)],
            )
        )
        desk.close()

    assert told[0] == told[1]


def test_four_weeks_were_walked_some_were_missed_and_this_week_is_planned(district: Desk) -> None:
    states = {one.state for one in every(district, PatrolRound)}

    assert states == {RoundState.DONE, RoundState.MISSED, RoundState.CANCELLED, RoundState.PLANNED}


def test_some_duty_grids_were_seen_by_nobody(district: Desk) -> None:
    walked = {one.grid_code for one in every(district, PatrolRound) if one.state is RoundState.DONE}
    never = {grid.code for grid in district.grids.all(GridKind.DUTY)} - walked

    assert 1 <= len(never) <= 5


def test_every_facility_and_case_lies_in_the_grids_it_names(district: Desk) -> None:
    placed: list[Facility | Case] = [*every(district, Facility), *every(district, Case)]
    there = district.grids.at_many([(one.longitude or 0, one.latitude or 0) for one in placed])

    wrong = [
        one.id
        for one, place in zip(placed, there, strict=True)
        if place.outside
        or (one.unit_grid, one.duty_grid, one.street_code)
        != tuple(found.code if found else "" for found in (place.unit_grid, place.duty_grid, place.street))
    ]

    assert wrong == []


def test_a_unit_grid_has_the_length_the_office_asks_for_and_every_grid_says_it_is_made_up(district: Desk) -> None:
    length = district.grids.rules().code_length

    assert {len(grid.code) for grid in district.grids.all(GridKind.UNIT)} == {length}
    assert all("演示" in grid.note for grid in district.grids.all())


def test_every_register_of_facilities_has_something_and_their_codes_are_their_own(district: Desk) -> None:
    facilities = every(district, Facility)
    codes = [one.code for one in facilities if one.code]

    assert {one.group for one in facilities} == {group.name for group in groups()}
    assert len(codes) == len(set(codes))
    assert 300 <= len(facilities) <= 500


def test_findings_that_became_cases_name_a_case_that_is_there(district: Desk) -> None:
    findings = every(district, Finding)
    cases = {one.id: one for one in every(district, Case)}
    linked = [one for one in findings if one.state is FindingState.CASE]

    assert {one.state for one in findings} == set(FindingState)
    assert linked
    assert all(one.case_id in cases and cases[one.case_id].local_no == one.case_no for one in linked if one.case_id)


def test_a_round_counts_its_own_results_and_findings(district: Desk) -> None:
    results, findings = every(district, CheckResult), every(district, Finding)
    for one in every(district, PatrolRound)[:60]:
        own = [result for result in results if result.parent == one.id and result.grade != "passed_over"]

        assert one.points_checked == len(own)
        assert one.finding_count == sum(finding.round_id == one.id for finding in findings)


def test_tracks_belong_to_rounds_and_stay_near_the_district(district: Desk) -> None:
    rounds = {one.id: one for one in every(district, PatrolRound)}
    tracks = every(district, Track)

    assert tracks
    for track in tracks:
        assert track.round_id in rounds
        assert rounds[track.round_id].distance_m == track.distance_m
        assert all(113.5 < lon < 113.8 and 34.6 < lat < 34.9 for _second, lon, lat in unpack(track.points))


def test_the_roll_call_is_drawn_again_from_its_seed(district: Desk) -> None:
    calls = every(district, RollCall)

    assert [replays(call) for call in calls] == [True]


def test_no_telephone_of_the_demonstration_can_ring(district: Desk) -> None:
    members = district.directory.workers(WorkerKind.COLLECTOR)
    phones = [one.phone for one in every(district, Worker)] + [one.reporter_phone for one in every(district, Case)]

    assert len(members) == 12
    assert all(phone.startswith("000") for phone in phones if phone)


def test_nothing_of_the_rounds_waits_for_the_city(district: Desk) -> None:
    with district.store.read() as reader:
        waiting = {row[0] for row in reader.connection.exec_driver_sql("SELECT DISTINCT record_type FROM outbox")}

    assert waiting <= {"unit", "road", "worker", "reply_template", "person"}


def test_the_draw_of_enterprises_and_officers_is_drawn_again_from_its_seed(district: Desk) -> None:
    draws = every(district, Draw)

    assert [draw_replays(draw) for draw in draws] == [True]


def test_every_inspection_names_matters_made_known_two_officers_with_certificates_and_no_member(district: Desk) -> None:
    officers = {one.id: one for one in every(district, Officer)}
    members = {one.name for one in district.members.all()}

    known = {item.title for item in district.inspections.items()}

    for visit in every(district, Inspection):
        assert visit.items
        assert {item.title for item in visit.items} <= known
        assert len(visit.officer_ids) == 2
        assert all(officers[one].certificate_no for one in visit.officer_ids)
        assert not members & {officers[one].name for one in visit.officer_ids}


def test_a_member_walks_one_round_after_the_other(district: Desk) -> None:
    walks = [one for one in every(district, PatrolRound) if one.state is RoundState.DONE]
    walks.sort(key=lambda one: (one.member_name, one.started_at))

    overlapping = [
        (before.number, after.number)
        for before, after in pairwise(walks)
        if before.member_name == after.member_name
        and before.ended_at is not None
        and after.started_at is not None
        and after.started_at < before.ended_at
    ]

    assert overlapping == []
