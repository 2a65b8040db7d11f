"""Four made-up weeks of rounds: what was walked, what was seen, and what became of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from app.base.words import _
from app.domain.checklists import ChecklistTemplate, ItemKind
from app.domain.patrol_planning import PlaceWords, Turn, made_round, plan_days, result_id
from app.domain.patrols import (
    CheckGrade,
    CheckResult,
    ItemAnswer,
    PatrolPlan,
    PatrolRound,
    RoundKind,
    RoundState,
)
from app.domain.round_rules import checked_count, spread
from app.domain.workcalendar import WorkCalendar
from app.services import demo_words as words
from app.services.demo_district import DemoDistrict
from app.services.demo_plans import EVENING
from app.services.reference import OFFICE_ZONE

GRADES = (CheckGrade.GOOD, CheckGrade.FAIR, CheckGrade.BAD, CheckGrade.PASSED_OVER)
GRADE_WEIGHTS = (85, 10, 3, 2)
STATES = (RoundState.DONE, RoundState.MISSED, RoundState.CANCELLED)
STATE_WEIGHTS = (90, 8, 2)
WALKS_FROM = (time(8, 35), time(10, 25), time(14, 10), time(16, 0))
"""When the first, second, third and fourth round of a member's day begin; none takes longer than to the next."""


@dataclass(frozen=True)
class DemoRounds:
    """Rounds by day, none of them written yet, and what was seen on each."""

    rounds: Sequence[PatrolRound]
    results: Mapping[UUID, Sequence[CheckResult]]


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
    turns: Counter[tuple[UUID | None, date]] = Counter()
    for plan in plans:
        for turn in plan_days(plan, district.first_day, last, calendar).turns:
            template = by_id.get(plan.template_id) if plan.template_id else None
            planned = _planned(district, plan, turn, template)
            turns[planned.member_id, turn.day] += 1
            made, seen = _walked(district, planned, template, turns[planned.member_id, turn.day] - 1)
            rounds.append(made)
            results[made.id] = seen
    rounds.sort(key=lambda one: one.day)
    return DemoRounds(rounds, results)


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
    district: DemoDistrict, planned: PatrolRound, template: ChecklistTemplate | None, turn: int
) -> tuple[PatrolRound, Sequence[CheckResult]]:
    """The round as it stands now, with what was seen. turn: how many the member has walked that day before it."""
    chance = district.chance
    if planned.day >= district.today:
        return planned, ()
    state = chance.choices(STATES, STATE_WEIGHTS)[0]
    if state is not RoundState.DONE:
        reason = _(words.CANCEL_REASON) if state is RoundState.CANCELLED else ""
        return planned.model_copy(update={"state": state, "cancel_reason": reason}), ()
    begin = EVENING[0] if planned.kind is RoundKind.JOINT else WALKS_FROM[turn % len(WALKS_FROM)]
    began = datetime.combine(planned.day, begin, OFFICE_ZONE) + timedelta(minutes=chance.randrange(15))
    ended = began + timedelta(minutes=chance.randrange(60, 90))
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
