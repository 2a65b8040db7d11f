"""Rounds from plan to end: planned once, entered whole, put right, missed by themselves; checklists keep their versions."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import pytest

from app.base.clock import FixedClock
from app.desk import Desk
from app.domain.attendance import Attendance, AttendanceState
from app.domain.checklists import ChecklistItem, ItemKind, Programme
from app.domain.directory import Worker, WorkerKind
from app.domain.findings import FindingDraft
from app.domain.patrol_views import EnteredPoint, PlanTrouble, RoundFilter
from app.domain.patrols import CheckGrade, CheckPoint, Frequency, ItemAnswer, PatrolPlan, RoundKind, RoundState
from app.domain.permissions import Actor, OfficeRole
from app.domain.problems import Conflict, Refused
from app.services.patrols import RoundDraft
from tests.builders import an_actor

NEXT_WEEK = date(2026, 11, 9)
NINE, TEN = datetime(2026, 11, 2, 1, 0, tzinfo=UTC), datetime(2026, 11, 2, 2, 0, tzinfo=UTC)
POINTS = tuple(CheckPoint(no=no, name=f"检查点{no}", road="纬一路") for no in (1, 2, 3))


def member(desk: Desk) -> Worker:
    return desk.directory.workers(WorkerKind.COLLECTOR)[0]


def dust(desk: Desk) -> UUID:
    return next(one.id for one in desk.checklists.current() if one.programme is Programme.DUST)


def a_plan(desk: Desk, actor: Actor, **what_matters: Any) -> PatrolPlan:
    values: dict[str, Any] = {
        "name": "纬一路日常",
        "member_id": member(desk).id,
        "template_id": dust(desk),
        "street_code": "410105001",
        "points": POINTS,
        "valid_from": date(2026, 11, 2),
    }
    return desk.patrol_plans.save({**values, **what_matters}, actor=actor)


def a_round(desk: Desk, actor: Actor, **what_matters: Any) -> UUID:
    values: dict[str, Any] = {"day": date(2026, 11, 2), "points": POINTS, "template_id": dust(desk)}
    return desk.patrols.open(RoundDraft(**{**values, **what_matters}), actor=actor).id


def all_good(desk: Desk, round_id: UUID) -> list[EnteredPoint]:
    return [EnteredPoint(point.no, CheckGrade.GOOD) for point in desk.patrols.get(round_id).points]


def test_a_week_is_planned_once_however_often_it_is_asked_for(desk: Desk, actor: Actor) -> None:
    plan = a_plan(desk, actor)
    first = desk.patrol_plans.plan_week(NEXT_WEEK, actor=actor)
    again = desk.patrol_plans.plan_week(NEXT_WEEK + timedelta(days=3), actor=actor)
    assert (first.made, first.there, again.made, again.there) == (5, 0, 0, 5)
    lines = desk.patrols.first_page(RoundFilter(plan_id=plan.id, ascending=True))
    assert [line.day for line in lines] == [NEXT_WEEK + timedelta(days=n) for n in range(5)]
    made = desk.patrols.get(lines[0].id)
    assert (made.member_name, made.street_name, made.points_total) == ("采集员甲", "经八路街道", 3)
    assert (made.template_name, made.programme, made.state) == ("以克论净", Programme.DUST, RoundState.PLANNED)


def test_days_of_this_week_that_are_over_get_no_rounds(desk: Desk, actor: Actor, clock: FixedClock) -> None:
    a_plan(desk, actor)
    clock.advance(timedelta(days=2))
    assert desk.patrol_plans.plan_week(date(2026, 11, 2), actor=actor).made == 3


def test_a_changed_plan_leaves_its_rounds_alone(desk: Desk, actor: Actor) -> None:
    plan = a_plan(desk, actor)
    desk.patrol_plans.plan_week(NEXT_WEEK, actor=actor)
    desk.patrol_plans.save({"points": POINTS[:1], "member_id": None}, actor=actor, plan_id=plan.id)
    desk.patrol_plans.plan_week(NEXT_WEEK, actor=actor)
    line = desk.patrols.first_page(RoundFilter(plan_id=plan.id))[0]
    assert (line.points_total, line.member_name) == (3, "采集员甲")


def test_a_cancelled_round_is_not_made_anew(desk: Desk, actor: Actor) -> None:
    plan = a_plan(desk, actor)
    desk.patrol_plans.plan_week(NEXT_WEEK, actor=actor)
    line = desk.patrols.first_page(RoundFilter(plan_id=plan.id))[0]
    desk.patrols.cancel(line.id, "大雨", actor=actor)
    assert desk.patrol_plans.plan_week(NEXT_WEEK, actor=actor).made == 0
    assert desk.patrols.get(line.id).state is RoundState.CANCELLED


def test_a_member_who_is_away_lent_or_retired_is_told(desk: Desk, actor: Actor) -> None:
    a_plan(desk, actor)
    who = member(desk)
    with desk.store.write(actor, "attendance.set") as tx:
        tx.add(
            Attendance(
                id=tx.ids.new(),
                created_at=tx.now,
                changed_at=tx.now,
                member_id=who.id,
                member_name=who.name,
                day=NEXT_WEEK + timedelta(days=1),
                state=AttendanceState.LEAVE,
            )
        )
    lent = {"seconded_to": "410105002", "seconded_from": NEXT_WEEK, "seconded_until": NEXT_WEEK, "active": False}
    desk.directory.save(Worker, lent, actor=actor, record_id=who.id)
    told = {notice.trouble: notice for notice in desk.patrol_plans.notices(NEXT_WEEK)}
    assert set(told) == {PlanTrouble.AWAY, PlanTrouble.SECONDED, PlanTrouble.RETIRED}
    assert told[PlanTrouble.AWAY].days == (NEXT_WEEK + timedelta(days=1),)
    assert told[PlanTrouble.SECONDED].days == (NEXT_WEEK,)


def test_a_week_beyond_the_calendar_says_which_year_is_missing(desk: Desk, actor: Actor) -> None:
    a_plan(desk, actor)
    planned = desk.patrol_plans.plan_week(date(2026, 12, 28), actor=actor)
    assert planned.made == 4
    assert [(one.trouble, one.year) for one in planned.notices] == [(PlanTrouble.CALENDAR_ENDS, 2027)]


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"frequency": Frequency(weekdays=())}, "patrol.plan_without_days"),
        ({"frequency": Frequency(weekdays=(9,))}, "patrol.plan_without_days"),
        ({"valid_until": date(2026, 11, 1)}, "patrol.plan_days_crossed"),
        ({"points": POINTS[1:]}, "patrol.points_not_in_order"),
        ({"kind": RoundKind.JOINT, "units": ("综合行政执法大队",)}, "patrol.units_missing"),
    ],
    ids=["no day", "no such day", "dates crossed", "points not in order", "joint without units"],
)
def test_a_plan_nobody_could_walk_is_refused(desk: Desk, actor: Actor, wrong: dict[str, Any], code: str) -> None:
    with pytest.raises(Refused) as refused:
        a_plan(desk, actor, **wrong)
    assert refused.value.code == code
    assert desk.patrol_plans.all() == []


def test_who_is_no_grid_clerk_plans_nothing(desk: Desk) -> None:
    with pytest.raises(Refused) as refused:
        desk.patrol_plans.save({}, actor=an_actor(OfficeRole.AUDITOR))
    assert refused.value.code == "account.role_needed"


def test_the_week_s_work_is_counted_by_member_and_day(desk: Desk, actor: Actor) -> None:
    a_plan(desk, actor, frequency=Frequency(weekdays=(1, 2), times_a_day=2))
    desk.patrol_plans.plan_week(NEXT_WEEK, actor=actor)
    work = desk.patrol_plans.workload(NEXT_WEEK + timedelta(days=6))
    assert work.members == [(member(desk).id, "采集员甲")]
    assert work.cells == {(member(desk).id, NEXT_WEEK + timedelta(days=n)): 2 for n in (0, 1)}


def test_a_round_is_entered_and_finished_in_one_go(desk: Desk, actor: Actor, clock: FixedClock) -> None:
    clock.advance(timedelta(hours=2))
    round_id = a_round(desk, actor)
    entered = [
        EnteredPoint(1, CheckGrade.GOOD),
        EnteredPoint(2, CheckGrade.BAD, (ItemAnswer(code="KJ01", value=7.5),)),
        EnteredPoint(3, CheckGrade.PASSED_OVER),
    ]
    done = desk.patrols.enter(round_id, entered, actor=actor, times=(NINE, TEN))
    assert (done.state, done.points_total, done.points_checked) == (RoundState.DONE, 3, 2)
    results = desk.patrols.results(round_id)
    assert [one.point_no for one in results] == [1, 2, 3]
    assert results[1].answers[0].over
    moments = [one.at for one in results]
    assert moments == sorted(moment for moment in moments if moment is not None)
    assert all(moment is not None and NINE < moment < TEN for moment in moments)


def test_a_finished_round_is_put_right_without_doubling_a_point(desk: Desk, actor: Actor, clock: FixedClock) -> None:
    round_id = a_round(desk, actor)
    desk.patrols.enter(round_id, all_good(desk, round_id), actor=actor)
    with pytest.raises(Refused) as refused:
        desk.patrols.enter(round_id, all_good(desk, round_id), actor=actor)
    assert refused.value.code == "patrol.wrong_state"
    desk.patrols.reopen(round_id, "填错", actor=actor)
    desk.patrols.enter(round_id, [EnteredPoint(2, CheckGrade.PASSED_OVER)], actor=actor)
    assert len(desk.patrols.results(round_id)) == 3
    assert desk.patrols.get(round_id).points_checked == 2


@pytest.mark.parametrize(
    ("times", "code"),
    [((TEN, NINE), "patrol.times_crossed"), ((NINE, NINE + timedelta(days=9)), "patrol.time_ahead")],
    ids=["crossed", "ahead"],
)
def test_impossible_times_are_refused_and_nothing_is_kept(
    desk: Desk, actor: Actor, times: tuple[datetime, datetime], code: str
) -> None:
    round_id = a_round(desk, actor)
    with pytest.raises(Refused) as refused:
        desk.patrols.enter(round_id, all_good(desk, round_id), actor=actor, times=times)
    assert refused.value.code == code
    assert desk.patrols.results(round_id) == []
    assert desk.patrols.get(round_id).state is RoundState.PLANNED


def test_a_round_of_a_day_to_come_is_neither_begun_nor_entered(desk: Desk, actor: Actor) -> None:
    round_id = a_round(desk, actor, day=date(2026, 11, 3))
    for deed in (
        lambda: desk.patrols.start(round_id, actor=actor),
        lambda: desk.patrols.enter(round_id, all_good(desk, round_id), actor=actor),
    ):
        with pytest.raises(Refused) as refused:
            deed()
        assert refused.value.code == "patrol.day_not_come"
    assert desk.patrols.get(round_id).state is RoundState.PLANNED
    assert not desk.patrols.results(round_id)


def test_a_point_or_item_that_is_not_there_is_refused(desk: Desk, actor: Actor) -> None:
    round_id = a_round(desk, actor)
    for entered, code in (
        (EnteredPoint(9, CheckGrade.GOOD), "patrol.point_unknown"),
        (EnteredPoint(1, CheckGrade.GOOD, (ItemAnswer(code="XX"),)), "patrol.item_unknown"),
    ):
        with pytest.raises(Refused) as refused:
            desk.patrols.enter(round_id, [entered], actor=actor)
        assert refused.value.code == code


def test_a_round_is_missed_when_its_day_is_over_and_can_still_be_entered(
    desk: Desk, actor: Actor, clock: FixedClock
) -> None:
    round_id = a_round(desk, actor)
    clock.advance(timedelta(hours=10))
    assert desk.patrols.mark_missed(actor=desk.accounts.system()) == 0
    clock.advance(timedelta(hours=8))
    assert desk.patrols.mark_missed(actor=desk.accounts.system()) == 1
    assert desk.patrols.get(round_id).state is RoundState.MISSED
    assert desk.patrols.enter(round_id, all_good(desk, round_id), actor=actor).state is RoundState.DONE


def test_a_night_round_is_not_missed_while_its_night_lasts(desk: Desk, actor: Actor, clock: FixedClock) -> None:
    a_plan(desk, actor, shift_start=time(22), shift_end=time(6), frequency=Frequency(weekdays=(1,)))
    desk.patrol_plans.plan_week(date(2026, 11, 2), actor=actor)
    clock.advance(timedelta(hours=20))
    assert desk.patrols.mark_missed(actor=desk.accounts.system()) == 0
    clock.advance(timedelta(days=1))
    assert desk.patrols.mark_missed(actor=desk.accounts.system()) == 1


def test_nothing_is_missed_by_a_clock_that_jumped(desk: Desk, actor: Actor, clock: FixedClock) -> None:
    a_round(desk, actor)
    desk.patrols.mark_missed(actor=desk.accounts.system())
    clock.advance(timedelta(days=100))
    assert desk.patrols.mark_missed(actor=desk.accounts.system()) == 0


def test_a_round_under_way_keeps_its_checklist_and_new_ones_take_the_new(desk: Desk, actor: Actor) -> None:
    old = desk.checklists.get(dust(desk))
    assert old is not None
    before = a_round(desk, actor)
    items = (*old.items, ChecklistItem(code="KJ09", title="隔离带积尘", answer=ItemKind.NUMBER, limit_max=20))
    new = desk.checklists.save(old.name, old.programme, items, actor=actor, seen=old)
    after = a_round(desk, actor, template_id=old.id)
    assert (new.number, new.family) == (2, old.family)
    assert desk.patrols.get(before).template_id == old.id
    assert desk.patrols.get(after).template_id == new.id
    answer = EnteredPoint(1, CheckGrade.GOOD, (ItemAnswer(code="KJ09", value=1),))
    with pytest.raises(Refused):
        desk.patrols.enter(before, [answer], actor=actor)
    assert desk.patrols.enter(after, [answer], actor=actor).state is RoundState.DONE


def test_a_checklist_somebody_else_saved_meanwhile_is_not_written_over(desk: Desk, actor: Actor) -> None:
    old = desk.checklists.current()[0]
    desk.checklists.save(old.name, old.programme, old.items, actor=actor, seen=old)
    with pytest.raises(Conflict):
        desk.checklists.save(old.name, old.programme, old.items[:1], actor=actor, seen=old)


def test_a_checklist_out_of_use_is_offered_no_more_but_still_read(desk: Desk, actor: Actor) -> None:
    old = desk.checklists.current()[0]
    desk.checklists.save(old.name, old.programme, old.items, actor=actor, seen=old, active=False)
    assert old.family not in {one.family for one in desk.checklists.current()}
    assert desk.checklists.get(old.id) == old


def test_every_programme_has_a_checklist_and_dust_its_limits(desk: Desk) -> None:
    found = {one.programme: one for one in desk.checklists.current()}
    assert set(found) == set(Programme) - {Programme.OTHER, Programme.INSPECTION}
    assert [item.limit_max for item in found[Programme.DUST].items] == [5, 10, 15]


def test_categories_of_the_checklists_are_in_the_standards(desk: Desk) -> None:
    table = desk.reference.categories()
    for template in desk.checklists.current():
        for item in template.items:
            assert not item.minor or table.find(item.case_kind, item.major, item.minor), (template.name, item.title)


def test_a_list_of_rounds_is_narrowed_by_everything_it_shows(desk: Desk, actor: Actor) -> None:
    plan = a_plan(desk, actor)
    desk.patrol_plans.plan_week(NEXT_WEEK, actor=actor)
    other = a_round(desk, actor, kind=RoundKind.UNPLANNED, street_code="410105002")
    for wanted, count in (
        (RoundFilter(), 6),
        (RoundFilter(first=NEXT_WEEK, last=NEXT_WEEK), 1),
        (RoundFilter(states=frozenset({RoundState.PLANNED})), 6),
        (RoundFilter(states=frozenset({RoundState.DONE, RoundState.MISSED})), 0),
        (RoundFilter(kind=RoundKind.UNPLANNED), 1),
        (RoundFilter(programme=Programme.DUST, member_id=member(desk).id), 5),
        (RoundFilter(street_code="410105002"), 1),
        (RoundFilter(plan_id=plan.id, first=NEXT_WEEK + timedelta(days=3)), 2),
        (RoundFilter(search="采集员甲"), 5),
        (RoundFilter(search=desk.patrols.get(other).number.lower()), 1),
        (RoundFilter(search="没有"), 0),
    ):
        assert len(desk.patrols.find(wanted)) == desk.patrols.count(wanted).count == count, wanted
    assert desk.patrols.find_number(desk.patrols.get(other).number) == other


def test_a_finding_at_an_item_takes_the_category_of_the_round_s_checklist(desk: Desk, actor: Actor) -> None:
    round_id = a_round(desk, actor)
    finding = desk.findings.report(FindingDraft(round_id=round_id, point_no=2, item_code="KJ01"), actor=actor)
    assert (finding.major, finding.minor, finding.minor_name) == ("01", "12", "道路不洁")
