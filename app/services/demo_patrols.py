"""Four made-up weeks of rounds: plans, what was walked, what was seen, and what became of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from uuid import UUID

from app.base.words import _
from app.domain.checklists import ChecklistTemplate, ItemKind
from app.domain.directory import Road
from app.domain.facilities import Facility
from app.domain.grids import Grid
from app.domain.patrol_planning import PlaceWords, Turn, made_round, plan_days, result_id
from app.domain.patrols import (
    CheckGrade,
    CheckPoint,
    CheckResult,
    Frequency,
    ItemAnswer,
    PatrolPlan,
    PatrolRound,
    RoundKind,
    RoundState,
)
from app.domain.round_rules import checked_count, spread
from app.domain.workcalendar import WorkCalendar
from app.services import demo_words as words
from app.services.demo_district import NOBODY_WALKS, DemoDistrict
from app.services.demo_ground import UNIT_HIGH
from app.services.reference import OFFICE_ZONE

WEEKDAYS = ((1, 4), (2, 5), (3,), (1, 3, 5))
TEMPLATES = ("order", "clean", "order", "green", "clean", "shopfront", "light", "facility")
POINTS_BY_FACILITY, POINTS_BY_ROAD = 4, 5
GRADES = (CheckGrade.GOOD, CheckGrade.FAIR, CheckGrade.BAD, CheckGrade.PASSED_OVER)
GRADE_WEIGHTS = (85, 10, 3, 2)
STATES = (RoundState.DONE, RoundState.MISSED, RoundState.CANCELLED)
STATE_WEIGHTS = (90, 8, 2)
EVENING = (time(18, 30), time(21, 30))
WALKS_FROM = (time(8, 35), time(9, 10), time(14, 10), time(15, 0))
DUST_ROADS = 2


@dataclass(frozen=True)
class DemoRounds:
    """Rounds by day, none of them written yet, and what was seen on each."""

    rounds: Sequence[PatrolRound]
    results: Mapping[UUID, Sequence[CheckResult]]


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


def make_rounds(
    district: DemoDistrict,
    plans: Sequence[PatrolPlan],
    templates: Sequence[ChecklistTemplate],
    calendar: WorkCalendar,
) -> DemoRounds:
    """Rounds from four weeks ago to the end of this week; those of days gone by are walked, or are not."""
    last = district.today + timedelta(days=6 - district.today.weekday())
    by_id = {one.id: one for one in templates}
    rounds: list[PatrolRound] = []
    results: dict[UUID, Sequence[CheckResult]] = {}
    for plan in plans:
        for turn in plan_days(plan, district.first_day, last, calendar).turns:
            template = by_id.get(plan.template_id) if plan.template_id else None
            made, seen = _walked(district, _planned(district, plan, turn, template), template)
            rounds.append(made)
            results[made.id] = seen
    rounds.sort(key=lambda one: one.day)
    return DemoRounds(rounds, results)


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


def _planned(district: DemoDistrict, plan: PatrolPlan, turn: Turn, template: ChecklistTemplate | None) -> PatrolRound:
    member = district.member(plan.member_id)
    grid = next((one for one in district.duties if one.id == plan.grid_id), None)
    road = next((one for one in district.roads if one.id == plan.road_id), None)
    said = PlaceWords(
        member_name=member.name if member else "",
        grid_code=grid.code if grid else "",
        street_code=plan.street_code,
        street_name=district.street_names.get(plan.street_code, ""),
        road=road.name if road else "",
    )
    made_at = min(datetime.combine(turn.day, time(7), OFFICE_ZONE), district.now)
    return made_round(plan, turn, said, template, district.office.mark, made_at)


def _walked(
    district: DemoDistrict, planned: PatrolRound, template: ChecklistTemplate | None
) -> tuple[PatrolRound, Sequence[CheckResult]]:
    """The round as it stands now, with what was seen."""
    chance = district.chance
    if planned.day >= district.today:
        return planned, ()
    state = chance.choices(STATES, STATE_WEIGHTS)[0]
    if state is not RoundState.DONE:
        reason = _(words.CANCEL_REASON) if state is RoundState.CANCELLED else ""
        return planned.model_copy(update={"state": state, "cancel_reason": reason}), ()
    begin = EVENING[0] if planned.kind is RoundKind.JOINT else chance.choice(WALKS_FROM)
    began = datetime.combine(planned.day, begin, OFFICE_ZONE) + timedelta(minutes=chance.randrange(15))
    ended = began + timedelta(minutes=chance.randrange(70, 140))
    seen = list(_results(district, planned, template, began, ended))
    done = planned.model_copy(
        update={
            "state": state,
            "changed_at": ended,
            "started_at": began,
            "ended_at": ended,
            "points_total": len(planned.points),
            "points_checked": checked_count(seen),
        }
    )
    return done, seen


def _results(
    district: DemoDistrict,
    walk: PatrolRound,
    template: ChecklistTemplate | None,
    began: datetime,
    ended: datetime,
) -> Iterator[CheckResult]:
    for point, at in zip(walk.points, spread(began, ended, len(walk.points)), strict=True):
        grade = district.chance.choices(GRADES, GRADE_WEIGHTS)[0]
        yield CheckResult(
            id=result_id(walk.id, point.no),
            created_at=ended,
            changed_at=ended,
            parent=walk.id,
            point_no=point.no,
            name=point.name,
            facility_id=point.facility_id,
            grade=grade,
            answers=_answers(district, template, grade),
            at=None if grade is CheckGrade.PASSED_OVER else at,
            longitude=point.longitude,
            latitude=point.latitude,
        )


def _answers(district: DemoDistrict, template: ChecklistTemplate | None, grade: CheckGrade) -> tuple[ItemAnswer, ...]:
    """Where it was bad, the item that was; measured numbers always."""
    if template is None or grade is CheckGrade.PASSED_OVER:
        return ()
    bad = district.chance.choice(template.items).code if grade is CheckGrade.BAD else ""
    answers = []
    for item in template.items:
        if item.answer is ItemKind.NUMBER and item.limit_max:
            over = item.code == bad
            value = round(item.limit_max * district.chance.uniform(*((1.05, 1.6) if over else (0.3, 0.95))), 1)
            answers.append(ItemAnswer(code=item.code, value=value, over=over))
        elif item.code == bad:
            answers.append(ItemAnswer(code=item.code, grade=grade))
    return tuple(answers)
