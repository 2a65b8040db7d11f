"""Made-up plans of the demonstration: one for nearly each duty grid, an evening of two units, dust by weight."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import time

from app.base.words import _
from app.domain.checklists import ChecklistTemplate
from app.domain.directory import Road
from app.domain.facilities import Facility
from app.domain.grids import Grid
from app.domain.patrols import CheckPoint, Frequency, PatrolPlan, RoundKind
from app.services import demo_words as words
from app.services.demo_district import NOBODY_WALKS, DemoDistrict
from app.services.demo_ground import UNIT_HIGH

WEEKDAYS = ((1, 4), (2, 5), (3,), (1, 3, 5))
TEMPLATES = ("order", "clean", "order", "green", "clean", "shopfront", "light", "facility")
POINTS_BY_FACILITY, POINTS_BY_ROAD = 4, 5
EVENING = (time(18, 30), time(21, 30))
DUST_ROADS = 2


def make_plans(
    district: DemoDistrict, templates: Sequence[ChecklistTemplate], facilities: Sequence[Facility]
) -> list[PatrolPlan]:
    """A plan for each duty grid but the last few, one evening with two units, dust by weight on the first roads."""
    by_programme = {str(one.programme): one for one in templates}
    things: dict[str, list[Facility]] = {}
    for one in facilities:
        things.setdefault(one.duty_grid, []).append(one)
    plans = [
        _grid_plan(district, at, duty, by_programme[TEMPLATES[at % len(TEMPLATES)]], things.get(duty.code, ()))
        for at, duty in enumerate(district.duties[:-NOBODY_WALKS])
    ]
    plans.append(_joint_plan(district, by_programme["order"]))
    plans += [_dust_plan(district, road, by_programme["dust"]) for road in district.roads[:DUST_ROADS] if road.lines]
    district.write(plans)
    return plans


def _grid_plan(
    district: DemoDistrict, at: int, duty: Grid, template: ChecklistTemplate, things: Sequence[Facility]
) -> PatrolPlan:
    return PatrolPlan.model_validate(
        {
            **district.stamps(),
            "name": _(words.PLAN_NAME).format(template=template.name, grid=duty.code),
            "grid_id": duty.id,
            "street_code": duty.street_code,
            "member_id": duty.member_id,
            "template_id": template.id,
            "frequency": Frequency(weekdays=WEEKDAYS[at % len(WEEKDAYS)]),
            "points": _route(district, duty, things),
            "valid_from": district.first_day,
        }
    )


def _joint_plan(district: DemoDistrict, template: ChecklistTemplate) -> PatrolPlan:
    duty = district.duties[0]
    return PatrolPlan.model_validate(
        {
            **district.stamps(),
            "name": _(words.JOINT_PLAN),
            "kind": RoundKind.JOINT,
            "grid_id": duty.id,
            "street_code": duty.street_code,
            "member_id": duty.member_id,
            "template_id": template.id,
            "frequency": Frequency(weekdays=(5,)),
            "shift_start": EVENING[0],
            "shift_end": EVENING[1],
            "points": _route(district, duty, ()),
            "units": tuple(_(unit) for unit in words.JOINT_UNITS),
            "valid_from": district.first_day,
        }
    )


def _dust_plan(district: DemoDistrict, road: Road, template: ChecklistTemplate) -> PatrolPlan:
    places = road.lines[0][1:-1:4]
    member = district.chance.choice(district.members)
    return PatrolPlan.model_validate(
        {
            **district.stamps(),
            "name": _(words.DUST_PLAN).format(road=road.name),
            "road_id": road.id,
            "street_code": road.street_code,
            "member_id": member.id,
            "template_id": template.id,
            "frequency": Frequency(weekdays=(2,)),
            "points": tuple(
                CheckPoint(no=no, name=f"{road.name} {no}", longitude=place[0], latitude=place[1], road=road.name)
                for no, place in enumerate(places, start=1)
            ),
            "valid_from": district.first_day,
        }
    )


def _route(district: DemoDistrict, duty: Grid, things: Sequence[Facility]) -> tuple[CheckPoint, ...]:
    """Some things of the grid and some places of its roads, one row of unit grids after the other, from west to east."""
    points = [
        CheckPoint(
            no=1,
            name=thing.name or f"{thing.minor_name} {thing.address}",
            longitude=thing.longitude,
            latitude=thing.latitude,
            road=thing.road,
            facility_id=thing.id,
        )
        for thing in things[:POINTS_BY_FACILITY]
    ]
    for _n in range(POINTS_BY_ROAD):
        place = district.place(duty)
        road, near = district.road_name(place), _(district.chance.choice(words.POINT_NEAR))
        points.append(
            CheckPoint(no=1, name=f"{road}{near}", longitude=place.longitude, latitude=place.latitude, road=road)
        )
    points.sort(key=lambda point: (-round((point.latitude or 0) / UNIT_HIGH), point.longitude or 0))
    return tuple(point.model_copy(update={"no": no}) for no, point in enumerate(points, start=1))
