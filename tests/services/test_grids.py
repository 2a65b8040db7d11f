"""Grids are kept, and told for any point of the district."""

from __future__ import annotations

import pytest

from app.desk import Desk
from app.domain.directory import Road, Worker, WorkerKind
from app.domain.grid_rules import PatrolRules
from app.domain.grids import Boundary, Grid, GridKind
from app.domain.permissions import Actor, OfficeRole
from app.domain.problems import Refused
from tests.builders import an_actor

STREET = "410105001"


def square(west: float, south: float, side: float = 0.01) -> Boundary:
    """A square of `side` degrees from its south-west corner."""
    east, north = round(west + side, 7), round(south + side, 7)
    return (((((west, south), (east, south), (east, north), (west, north), (west, south))),),)


def ringed(outer: Boundary, hole: Boundary) -> Boundary:
    """An area with a hole."""
    return ((outer[0][0], hole[0][0]),)


def unit(desk: Desk, actor: Actor, code: str, boundary: Boundary, **more: object) -> Grid:
    """A unit grid, kept."""
    values = {"kind": GridKind.UNIT, "code": code, "boundary": boundary, **more}
    return desk.grids.save(values, actor=actor)


def test_a_point_finds_its_grids_and_its_street(desk: Desk, actor: Actor) -> None:
    unit(desk, actor, "410105001001001", square(113.6, 34.7), street_code=STREET)
    duty = {"kind": GridKind.DUTY, "code": "Z01", "unit_codes": ("410105001001001",)}
    desk.grids.save(duty, actor=actor)
    place = desk.grids.at(113.605, 34.705)
    assert place.unit_grid is not None
    assert place.unit_grid.code == "410105001001001"
    assert place.duty_grid is not None, "the sum of its unit grids holds the point"
    assert place.duty_grid.code == "Z01"
    assert place.street is not None
    assert place.street.code == STREET
    assert not place.border
    assert not place.outside


def test_a_point_nobody_drew_around_says_nothing(desk: Desk) -> None:
    place = desk.grids.at(113.6, 34.7)
    assert place.codes == {}
    assert not place.outside
    assert not place.border


def test_a_point_on_a_border_is_in_both_and_the_smaller_code_is_taken(desk: Desk, actor: Actor) -> None:
    unit(desk, actor, "410105001001002", square(113.61, 34.7))
    unit(desk, actor, "410105001001001", square(113.6, 34.7))
    place = desk.grids.at(113.61, 34.705)
    assert place.border
    assert [grid.code for grid in place.touching] == ["410105001001001", "410105001001002"]
    assert place.unit_grid is not None
    assert place.unit_grid.code == "410105001001001"


def test_a_point_in_a_hole_is_not_in_the_grid(desk: Desk, actor: Actor) -> None:
    unit(desk, actor, "410105001001001", ringed(square(113.6, 34.7, 0.03), square(113.61, 34.71)))
    assert desk.grids.at(113.615, 34.715).unit_grid is None
    assert desk.grids.at(113.605, 34.705).unit_grid is not None


def test_a_point_outside_the_district_is_told_and_taken(desk: Desk, actor: Actor) -> None:
    own = {"kind": GridKind.DISTRICT, "code": "410105", "name": "金水区", "boundary": square(113.6, 34.7, 0.1)}
    next_door = {"kind": GridKind.DISTRICT, "code": "410103", "name": "二七区", "boundary": square(113.5, 34.7, 0.1)}
    desk.grids.save(own, actor=actor)
    desk.grids.save(next_door, actor=actor)
    other = desk.grids.at(113.55, 34.75)
    assert other.outside
    assert other.district is not None
    assert other.district.name == "二七区"
    assert desk.grids.at(120.0, 30.0).outside
    on_the_line = desk.grids.at(113.6, 34.75)
    assert on_the_line.border
    assert not on_the_line.outside
    assert on_the_line.district is not None
    assert on_the_line.district.code == "410105", "counted to the own district"


def test_a_point_between_two_areas_rounded_apart_is_not_lost(desk: Desk, actor: Actor) -> None:
    unit(desk, actor, "410105001001001", square(113.6, 34.7, 0.01))
    unit(desk, actor, "410105001001002", square(113.6100002, 34.7, 0.01))
    place = desk.grids.at(113.6100001, 34.705)
    assert place.unit_grid is not None
    assert place.border


def test_the_nearest_road_within_fifty_metres(desk: Desk, actor: Actor) -> None:
    east_west = (((113.60, 34.70), (113.62, 34.70)),)
    north_south = (((113.61, 34.69), (113.61, 34.71)),)
    desk.directory.save(Road, {"name": "纬五路", "lines": east_west}, actor=actor)
    desk.directory.save(Road, {"name": "经五路", "lines": north_south}, actor=actor)
    near = desk.grids.nearest_road(113.605, 34.7003)
    assert near is not None
    assert near.name == "纬五路"
    # 0.0004 degrees are 44 m to the north, but only 37 m to the east.
    corner = desk.grids.at(113.6104, 34.7005).road
    assert corner is not None
    assert corner.name == "经五路"
    assert desk.grids.nearest_road(113.605, 34.7006) is None, "67 m away"


def test_what_changes_is_seen_at_once(desk: Desk, actor: Actor) -> None:
    grid = unit(desk, actor, "410105001001001", square(113.6, 34.7))
    assert desk.grids.at(113.605, 34.705).unit_grid is not None
    desk.grids.save({"boundary": square(113.7, 34.7)}, actor=actor, grid_id=grid.id)
    assert desk.grids.at(113.605, 34.705).unit_grid is None
    desk.grids.retire(grid.id, actor=actor)
    assert desk.grids.at(113.705, 34.705).unit_grid is None


def test_the_area_is_told_in_square_metres(desk: Desk, actor: Actor) -> None:
    grid = unit(desk, actor, "410105001001001", square(113.6, 34.7))
    # 1112 m x 914 m
    assert grid.area_m2 == pytest.approx(1_016_000, rel=0.002)


def test_a_code_in_use_is_refused(desk: Desk, actor: Actor) -> None:
    unit(desk, actor, "410105001001001", square(113.6, 34.7))
    with pytest.raises(Refused, match=r"grid\.code_taken"):
        unit(desk, actor, "410105001001001", square(113.7, 34.7))


def test_a_unit_grid_that_a_duty_grid_needs_stays(desk: Desk, actor: Actor) -> None:
    grid = unit(desk, actor, "410105001001001", square(113.6, 34.7))
    desk.grids.save({"kind": GridKind.DUTY, "code": "Z01", "unit_codes": (grid.code,)}, actor=actor)
    with pytest.raises(Refused) as refusal:
        desk.grids.retire(grid.id, actor=actor)
    assert refusal.value.details["grids"] == "Z01"


def test_a_unit_grid_is_in_one_duty_grid(desk: Desk, actor: Actor) -> None:
    unit, other = "410105001001901", "410105001001902"
    first = desk.grids.save({"kind": GridKind.DUTY, "code": "Z91", "unit_codes": (unit,)}, actor=actor)
    with pytest.raises(Refused) as refused:
        desk.grids.save({"kind": GridKind.DUTY, "code": "Z92", "unit_codes": (unit, other)}, actor=actor)
    assert (refused.value.code, refused.value.details["duty"]) == ("grid.unit_taken", "Z91")
    desk.grids.save({"unit_codes": ()}, actor=actor, grid_id=first.id)
    assert desk.grids.save({"kind": GridKind.DUTY, "code": "Z92", "unit_codes": (unit, other)}, actor=actor).active


def test_the_owner_of_a_duty_grid(desk: Desk, actor: Actor) -> None:
    member = desk.directory.save(Worker, {"name": "网格员甲", "kind": WorkerKind.COLLECTOR}, actor=actor)
    desk.grids.save({"kind": GridKind.DUTY, "code": "Z01", "member_id": member.id}, actor=actor)
    assert desk.grids.owner_of("Z01") == member
    assert [grid.code for grid in desk.grids.duty_of(member.id)] == ["Z01"]
    assert desk.grids.owner_of("Z02") is None


def test_an_acceptor_changes_no_grids(desk: Desk) -> None:
    with pytest.raises(Refused, match=r"account\.role_needed"):
        unit(desk, an_actor(OfficeRole.ACCEPTOR), "410105001001001", square(113.6, 34.7))


def test_the_rules_of_the_office_are_kept_with_their_day(desk: Desk, actor: Actor) -> None:
    assert desk.grids.rules().code_length == 15
    desk.grids.save_rules(PatrolRules(code_length=16, gap_minutes=20), actor=actor)
    assert (desk.grids.rules().code_length, desk.grids.rules().gap_minutes) == (16, 20)
    with pytest.raises(Refused, match=r"account\.not_administrator"):
        desk.grids.save_rules(PatrolRules(), actor=an_actor(OfficeRole.GRID_CLERK))


@pytest.mark.parametrize("code", ["410105001001", "41010500100101", "410105001001001", "4101050001001001"])
def test_a_code_of_any_length_is_taken_as_text_when_it_is_of_the_district(desk: Desk, actor: Actor, code: str) -> None:
    assert unit(desk, actor, code, square(113.6, 34.7)).code == code


@pytest.mark.parametrize("code", ["410103001001001", "4101", "A10105001001001"])
def test_a_code_of_another_district_is_refused(desk: Desk, actor: Actor, code: str) -> None:
    with pytest.raises(Refused, match=r"grid\.code_district"):
        unit(desk, actor, code, square(113.6, 34.7))
