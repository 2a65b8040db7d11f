"""The layers of the map: what lies in each, and where a number is."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest

from app.desk import Desk
from app.domain.facilities import FacilityState
from app.domain.findings import FindingState
from app.domain.grids import GridKind
from app.domain.map_views import LayerForm, MapAsked, Things
from app.domain.patrols import CheckGrade
from app.domain.permissions import Actor
from app.domain.stages import Stage
from app.services.map_layers import LAYERS
from tests.conftest import MONDAY_MORNING
from tests.on_the_map import (
    put_case,
    put_facility,
    put_finding,
    put_grid,
    put_road,
    put_round,
    put_track,
)

TODAY = date(2026, 11, 2)
HOUR = timedelta(hours=1)


def ids_of(things: Things) -> list[UUID]:
    return [UUID(bytes=things.ids[at : at + 16]) for at in range(0, len(things.ids), 16)]


def state_words(name: str, things: Things) -> list[str]:
    entry = next(entry for entry in LAYERS if entry.name == name)
    return [entry.states[state] for state in things.states]


def test_every_layer_can_be_read_in_an_empty_office(desk: Desk) -> None:
    assert {entry.name: len(desk.map.read(entry.name)) for entry in desk.map.layers()} == dict.fromkeys(
        (entry.name for entry in LAYERS), 0
    )


def test_open_cases_lie_on_the_map_by_their_light(desk: Desk, actor: Actor) -> None:
    now = MONDAY_MORNING
    late = put_case(desk, actor, 113.66, 34.75, due_at=now - HOUR)
    soon = put_case(desk, actor, 113.67, 34.75, due_at=now + HOUR, warn_at=now - HOUR)
    fine = put_case(desk, actor, 113.68, 34.75, due_at=now + 2 * HOUR, warn_at=now + HOUR)
    held = put_case(desk, actor, 113.69, 34.75, due_at=now - HOUR, stage=Stage.SUSPENDED)
    put_case(desk, actor, 113.70, 34.75, stage=Stage.CLOSED)
    put_case(desk, actor, None, None)

    things = desk.map.read("case")

    told = dict(zip(ids_of(things), state_words("case", things), strict=True))
    assert told == {late.id: "超期", soon.id: "临期", fine.id: "按时", held.id: "无时限或挂账"}
    assert sorted(things.longitudes) == [113.66, 113.67, 113.68, 113.69]


def test_facilities_come_by_state_and_by_register(desk: Desk, actor: Actor) -> None:
    lamp = put_facility(desk, actor, 113.66, 34.75, code="4101050101000001")
    lost = put_facility(desk, actor, 113.67, 34.75, FacilityState.MISSING, group="manholes", minor_name="井盖")

    everything = desk.map.read("facility")
    manholes = desk.map.read("facility", MapAsked(facility_group="manholes"))

    assert dict(zip(ids_of(everything), state_words("facility", everything), strict=True)) == {
        lamp.id: "完好",
        lost.id: "丢失",
    }
    assert ids_of(manholes) == [lost.id]
    assert everything.titles[ids_of(everything).index(lamp.id)] == "路灯 4101050101000001"


def test_findings_and_rounds_are_those_of_the_days_asked_for(desk: Desk, actor: Actor) -> None:
    # Half past midnight in Zhengzhou is the day before in UTC.
    first_minutes = MONDAY_MORNING.replace(hour=16, minute=30) - timedelta(days=1)
    today = put_finding(desk, actor, first_minutes)
    put_finding(desk, actor, first_minutes - HOUR, FindingState.SETTLED)
    put_round(desk, actor, TODAY, {})
    put_round(desk, actor, TODAY - timedelta(days=1), {})
    put_track(desk, actor, TODAY - timedelta(days=1), MONDAY_MORNING)

    asked = MapAsked(TODAY, TODAY)

    assert ids_of(desk.map.read("finding", asked)) == [today.id]
    assert len(desk.map.read("check_point", asked)) == 3
    assert len(desk.map.read("track", asked)) == 0
    assert len(desk.map.read("track")) == 1
    assert len(desk.map.read("check_point")) == 6


def test_a_check_point_wears_what_was_seen_there(desk: Desk, actor: Actor) -> None:
    walked = put_round(desk, actor, TODAY, {1: CheckGrade.GOOD, 2: CheckGrade.BAD})

    things = desk.map.read("check_point")

    assert set(ids_of(things)) == {walked.id}
    assert state_words("check_point", things) == ["好", "差", "待查"]


def test_areas_and_lines_come_ring_by_ring(desk: Desk, actor: Actor) -> None:
    grid, road = put_grid(desk, actor), put_road(desk, actor)
    put_track(desk, actor, TODAY, MONDAY_MORNING)

    areas, roads, tracks = (desk.map.read(name) for name in (GridKind.DISTRICT, "road", "track"))

    assert (ids_of(areas), list(areas.starts), list(areas.owners), len(areas.longitudes)) == ([grid.id], [0], [0], 5)
    assert (ids_of(roads), list(roads.longitudes)) == ([road.id], [113.62, 113.72])
    assert list(tracks.longitudes) == pytest.approx([113.65, 113.66, 113.67])
    forms = {entry.name: entry.form for entry in LAYERS}
    assert forms["track"] == LayerForm.LINES


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("JS-ABCD-261102", "case"),
        ("4101050101000001", "facility"),
        ("410105", "grid"),
        ("金水", "grid"),
        ("花园", "road"),
        ("113.66, 34.75", ""),
        ("34.75 113.66", ""),
    ],
)
def test_a_number_a_name_or_coordinates_are_found(desk: Desk, actor: Actor, typed: str, kind: str) -> None:
    put_case(desk, actor, 113.66, 34.75)
    put_facility(desk, actor, 113.66, 34.75, code="4101050101000001")
    put_grid(desk, actor)
    put_road(desk, actor)

    (place,) = [place for place in desk.map.find(typed) if place.kind == kind]

    west, south, east, north = place.bounds
    assert west <= 113.66 <= east
    assert south <= 34.76
    assert north >= 34.75


def test_a_street_nobody_drew_is_where_its_facilities_lie(desk: Desk, actor: Actor) -> None:
    street = desk.reference.divisions().streets_of("410105")[0]
    put_facility(desk, actor, 113.66, 34.75, street_code=street.code)
    put_facility(desk, actor, 113.68, 34.77, street_code=street.code)

    (found,) = desk.map.find(street.name)

    assert found.bounds == (113.66, 34.75, 113.68, 34.77)


def test_a_place_is_found_by_the_words_of_what_stands_there(desk: Desk, actor: Actor) -> None:
    lamp = put_facility(desk, actor, 113.66, 34.75, name="人民公园东门公厕", address="人民路3号")
    case = put_case(desk, actor, 113.67, 34.76, address="紫荆山路12号")

    by_name, by_address = desk.map.find("人民公园"), desk.map.find("紫荆山路")

    assert [(place.kind, place.id) for place in by_name] == [("facility", lamp.id)]
    assert [(place.kind, place.id) for place in by_address] == [("case", case.id)]


@pytest.mark.parametrize("typed", ["", "   ", "没有这个地方", "1, 2", "'; DROP TABLE cases"])
def test_what_is_nowhere_gives_nothing(desk: Desk, typed: str) -> None:
    assert list(desk.map.find(typed)) == []
