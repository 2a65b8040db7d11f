"""Two offices that plan, miss and enter the same rounds without a line end up with each of them once."""

from __future__ import annotations

from datetime import date, timedelta

from app.base.clock import FixedClock
from app.domain.patrol_views import EnteredPoint, RoundFilter
from app.domain.patrols import CheckGrade, CheckPoint, PatrolPlan, RoundState
from tests.sync.conftest import MakeOffice
from tests.sync.grid_desks import met
from tests.sync.offices import Office

WEEK = date(2026, 11, 9)
POINTS = tuple(CheckPoint(no=no, name=f"检查点{no}") for no in (1, 2))


def two_offices_with_a_plan(make: MakeOffice) -> tuple[Office, Office, PatrolPlan]:
    one, other = make("A"), make("B")
    values = {"name": "纬一路", "points": POINTS, "valid_from": date(2026, 11, 2), "street_code": "410105001"}
    plan = one.desk.patrol_plans.save(values, actor=one.actor)
    one.sync()
    other.sync()
    return one, other, plan


def test_the_same_week_planned_on_two_pcs_is_there_once(make_desk_with_line: MakeOffice, clock: FixedClock) -> None:
    one, other, plan = two_offices_with_a_plan(make_desk_with_line)
    for office in (one, other):
        assert office.desk.patrol_plans.plan_week(WEEK, actor=office.actor).made == 5
        clock.advance(timedelta(minutes=7))
    met(one, other)
    wanted = RoundFilter(plan_id=plan.id)
    lines = [[line[1:-2] for line in office.desk.patrols.first_page(wanted)] for office in (one, other)]
    assert len(lines[0]) == 5
    assert lines[0] == lines[1]
    assert one.desk.patrol_plans.plan_week(WEEK, actor=one.actor).made == 0


def test_two_pcs_that_miss_the_same_rounds_leave_nothing_to_decide(
    make_desk_with_line: MakeOffice, clock: FixedClock
) -> None:
    one, other, _plan = two_offices_with_a_plan(make_desk_with_line)
    one.desk.patrol_plans.plan_week(WEEK, actor=one.actor)
    met(one, other)
    for _day in range(20):
        clock.advance(timedelta(days=1))
    for office in (one, other):
        assert office.desk.patrols.mark_missed(actor=office.desk.accounts.system()) == 5
        clock.advance(timedelta(minutes=1))
    met(one, other)
    for office in (one, other):
        assert {line.state for line in office.desk.patrols.first_page(RoundFilter())} == {RoundState.MISSED}


def test_a_check_point_entered_alike_on_two_pcs_is_one_result(
    make_desk_with_line: MakeOffice, clock: FixedClock
) -> None:
    one, other, plan = two_offices_with_a_plan(make_desk_with_line)
    one.desk.patrol_plans.plan_week(WEEK, actor=one.actor)
    met(one, other)
    round_id = one.desk.patrols.first_page(RoundFilter(plan_id=plan.id))[0].id
    for _day in range(11):
        clock.advance(timedelta(days=1))
    entered = [EnteredPoint(point.no, CheckGrade.GOOD) for point in POINTS]
    for office in (one, other):
        office.desk.patrols.enter(round_id, entered, actor=office.actor)
    met(one, other)
    for office in (one, other):
        assert [result.point_no for result in office.desk.patrols.results(round_id)] == [1, 2]
        assert office.desk.patrols.get(round_id).state is RoundState.DONE
