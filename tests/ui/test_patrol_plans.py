"""Plans are made by keyboard, a week is one press, and what stands in its way is said beforehand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.desk import Desk
from app.domain.directory import Worker, WorkerKind
from app.domain.facilities import Facility
from app.domain.patrol_views import RoundFilter
from app.domain.patrols import CheckPoint, HolidayRule
from app.domain.permissions import Actor
from tests.ui.a_case import settle
from ui.pages.context import PageContext
from ui.pages.patrols.page import PatrolsPage
from ui.pages.patrols.plans import PlansPart
from ui.pages.patrols.rounds import RoundsPart
from ui.widgets.choices import Choice
from ui.widgets.sections import InPart


@pytest.fixture
def page(context: PageContext, window: QWidget, qtbot: QtBot) -> Iterator[PatrolsPage]:
    made = PatrolsPage(context)
    QVBoxLayout(window).addWidget(made)
    window.resize(1360, 820)
    window.show()
    qtbot.waitExposed(window)
    yield made
    settle(qtbot, context.tasks)


@pytest.fixture
def plans(page: PatrolsPage, context: PageContext, qtbot: QtBot) -> PlansPart:
    page.go("plans")
    part = page.part()
    assert isinstance(part, PlansPart)
    quiet(context, qtbot)
    return part


def quiet(context: PageContext, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not context.tasks.busy(), timeout=10_000)


def typed(plans: PlansPart, desk: Desk, actor: Actor) -> None:
    member = desk.directory.save(Worker, {"name": "采集员甲", "kind": WorkerKind.COLLECTOR}, actor=actor)
    form = plans.form
    form.title.setText("纬一路日常")
    form.member.set_choice(Choice(str(member.id), "", member.name))
    form.weekdays.set_value((1, 3, 5))
    form.times.set_value(2)
    form.holidays.set_value(HolidayRule.KEEP)
    form.begin.setText("2200")
    form.end.setText("6:00")
    for words in ("路口", "公园东门,113.68,34.78"):
        form.route.line.setText(words)
        QTest.keyClick(form.route.line, Qt.Key.Key_Return)


def test_a_plan_is_saved_as_typed_and_its_week_made_by_one_press(
    plans: PlansPart, context: PageContext, desk: Desk, actor: Actor, qtbot: QtBot
) -> None:
    typed(plans, desk, actor)
    plans.save()
    quiet(context, qtbot)
    plan = desk.patrol_plans.all()[0]
    assert (plan.name, plan.shift_start, plan.shift_end) == ("纬一路日常", time(22), time(6))
    assert (plan.frequency.weekdays, plan.frequency.times_a_day) == ((1, 3, 5), 2)
    assert [(one.no, one.name, one.longitude) for one in plan.points] == [(1, "路口", None), (2, "公园东门", 113.68)]
    plans.go(date(2026, 11, 10))
    quiet(context, qtbot)
    plans.week.plan_button.click()
    quiet(context, qtbot)
    assert desk.patrols.count(RoundFilter(plan_id=plan.id)).count == 6
    model = plans.week.table.model()
    counts = [model.index(0, column).data() for column in range(8)]
    assert counts == ["2", "", "2", "", "2", "", "", "6"]


def test_a_half_typed_plan_stays_while_another_pc_adds_one_above_it(
    plans: PlansPart, context: PageContext, desk: Desk, actor: Actor, qtbot: QtBot
) -> None:
    own = desk.patrol_plans.save({"name": "丙线", "valid_from": date(2026, 11, 2)}, actor=actor)
    plans.go(own.id)
    quiet(context, qtbot)
    plans.form.title.setText("丙线夜班")
    plans.form.changed.emit()
    desk.patrol_plans.save({"name": "一线", "valid_from": date(2026, 11, 2)}, actor=actor)
    plans.refresh()
    qtbot.waitUntil(lambda: len(plans.table.items()) == 2)
    assert plans.form.title.value() == "丙线夜班"
    current = plans.table.current()
    assert current is not None
    assert current.id == own.id


def test_another_plan_waits_until_a_half_typed_one_is_kept_or_given_up(
    plans: PlansPart, context: PageContext, desk: Desk, actor: Actor, qtbot: QtBot
) -> None:
    own, other = (
        desk.patrol_plans.save({"name": name, "valid_from": date(2026, 11, 2)}, actor=actor)
        for name in ("丙线", "丁线")
    )
    plans.go(own.id)
    quiet(context, qtbot)
    qtbot.keyClicks(plans.form.title, "A")
    half = plans.form.title.value()
    assert half != "丙线"

    def standing() -> object:
        plan = plans.table.current()
        return None if plan is None else plan.id

    plans.table.go_to(lambda plan: plan.id == other.id)
    qtbot.waitUntil(lambda: standing() == own.id)
    assert "还没有保存" in context.notices.shown()
    plans.new.click()
    assert plans.form.title.value() == half

    plans.save()
    quiet(context, qtbot)
    plans.table.go_to(lambda plan: plan.id == other.id)
    qtbot.waitUntil(lambda: plans.form.title.value() == "丁线")
    qtbot.keyClicks(plans.form.title, "A")
    qtbot.keyClick(plans.form.title, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: plans.form.title.value() == "丁线")
    assert {plan.name for plan in desk.patrol_plans.all()} == {half, "丁线"}


def test_a_day_of_the_week_opens_its_rounds(
    page: PatrolsPage, plans: PlansPart, context: PageContext, qtbot: QtBot
) -> None:
    wanted: list[object] = []
    page.wanted.connect(lambda _page, argument: wanted.append(argument))
    plans.week._on_cell(0, 2)
    assert wanted == [InPart("rounds", (date(2026, 11, 4), date(2026, 11, 4)))]
    page.go(wanted[0])
    part = page.part()
    assert isinstance(part, RoundsPart)
    assert (part.list.filter().first, part.list.filter().last) == (date(2026, 11, 4), date(2026, 11, 4))
    quiet(context, qtbot)


def test_what_stands_in_the_way_of_a_week_is_said_before_it_is_planned(
    plans: PlansPart, context: PageContext, desk: Desk, actor: Actor, qtbot: QtBot
) -> None:
    desk.patrol_plans.save({"name": "无人路段", "valid_from": date(2026, 11, 2)}, actor=actor)
    plans.go(date(2026, 12, 30))
    plans.refresh()
    quiet(context, qtbot)
    assert "“无人路段”没有网格员" in plans.week.said()
    assert "2027" in plans.week.said()


def test_what_is_wrong_is_said_at_the_field_and_nothing_is_saved(
    plans: PlansPart, context: PageContext, desk: Desk, qtbot: QtBot
) -> None:
    plans.form.begin.setText("25:99")
    plans.form.times.setText("99")
    plans.save()
    quiet(context, qtbot)
    assert [box.field_name for box in plans.form.fields() if box.wrong()] == ["title", "times", "begin"]
    assert desk.patrol_plans.all() == []


def test_points_of_the_route_are_moved_and_taken_away(plans: PlansPart) -> None:
    route = plans.form.route
    route.set_value([CheckPoint(no=no, name=f"点{no}") for no in (1, 2, 3)])
    route.list.setCurrentRow(2)
    route.shift(-1)
    assert [(one.no, one.name) for one in route.value()] == [(1, "点1"), (2, "点3"), (3, "点2")]
    route.remove()
    assert [(one.no, one.name) for one in route.value()] == [(1, "点1"), (2, "点2")]


def test_facilities_near_a_point_join_the_route_once(
    plans: PlansPart, context: PageContext, desk: Desk, actor: Actor, qtbot: QtBot
) -> None:
    values = {"name": "果皮箱7", "longitude": 113.6801, "latitude": 34.7801}
    known = set(Facility.model_fields)
    assert known >= set(values)
    facility = desk.facilities.save(values, actor=actor)
    route = plans.form.route
    route.set_value([CheckPoint(no=1, name="路口", longitude=113.68, latitude=34.78)])
    route.list.setCurrentRow(0)
    for _twice in range(2):
        route.take_near()
        quiet(context, qtbot)
    assert [one.facility_id for one in route.value()] == [None, facility.id]
