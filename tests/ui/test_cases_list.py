"""The work list on a real store."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.base.clock import FixedClock
from app.desk import Desk
from app.domain.case_judgement import StepInputs
from app.domain.case_views import CaseLine, CaseView, CountSaid
from app.domain.permissions import Actor
from app.domain.stages import Stage
from tests.ui.a_case import a_unit, act, dispatched, registered, reported, settle
from ui.pages.cases.columns import LineWords, case_columns
from ui.pages.cases.list_reading import compared
from ui.pages.cases.page import CasesPage
from ui.pages.cases.period_dialog import PeriodDialog
from ui.pages.cases.question import Question
from ui.pages.cases.views_bar import count_words
from ui.pages.context import NewCase, PageContext
from ui.tasks import Latest
from ui.widgets.choices import Choice


@pytest.fixture
def page(context: PageContext, window: QWidget, qtbot: QtBot) -> Iterator[CasesPage]:
    made = CasesPage(context)
    QVBoxLayout(window).addWidget(made)
    window.resize(1300, 800)
    window.show()
    qtbot.waitExposed(window)
    yield made
    settle(qtbot, context.tasks)


def shown(page: CasesPage, column: str) -> list[str]:
    table = page.work.list.table
    place = [c.name for c in table.model.columns].index(column)
    return [table.model.index(row, place).data() for row in range(table.model.rowCount())]


def open_list(page: CasesPage, qtbot: QtBot, argument: object = CaseView.ALL) -> None:
    page.go(argument)
    rest(page, qtbot)


def rest(page: CasesPage, qtbot: QtBot) -> None:
    """Until every question of the list, the counts and the detail is answered."""
    pane = page.work.list
    asked: list[Latest[Any]] = [pane._first, pane._whole, pane._again, page.work._counts, page.work.detail._latest]
    tasks = page.work._context.tasks

    def answered() -> bool:
        waiting = pane._rest.isActive() or any(one._pause.isActive() or one._task for one in asked)
        return not waiting and not tasks.busy()

    qtbot.waitUntil(answered, timeout=10_000)


def test_a_clerk_sees_what_was_reported_newest_first(
    page: CasesPage, desk: Desk, actor: Actor, clock: FixedClock, qtbot: QtBot
) -> None:
    first = reported(desk, actor)
    clock.advance(timedelta(minutes=1))
    second = reported(desk, actor, house_no="14")

    open_list(page, qtbot)

    assert shown(page, "local_no") == [second.local_no, first.local_no]
    assert shown(page, "address") == ["经八路街道纬一路14号", "经八路街道纬一路12号"]
    assert shown(page, "stage") == ["待立案", "待立案"]
    assert page.work.filters.count_text() == "2 条"


def test_the_first_case_is_shown_beside_the_list(page: CasesPage, desk: Desk, actor: Actor, qtbot: QtBot) -> None:
    case = reported(desk, actor)

    open_list(page, qtbot)

    assert page.work.detail.case is not None
    assert page.work.detail.case.id == case.id


def test_a_new_case_is_announced_and_never_pushed_in(page: CasesPage, desk: Desk, actor: Actor, qtbot: QtBot) -> None:
    reported(desk, actor)
    open_list(page, qtbot)

    second = reported(desk, actor, house_no="14")
    rest(page, qtbot)

    qtbot.waitUntil(lambda: page.work.list.table.announced() == "1 条新案件")
    assert len(shown(page, "local_no")) == 1
    page.work.list.table.refresh_wanted.emit()
    qtbot.waitUntil(lambda: shown(page, "local_no")[0] == second.local_no)


def test_selection_and_current_case_stay_when_data_changes(
    page: CasesPage, desk: Desk, actor: Actor, qtbot: QtBot
) -> None:
    cases = [reported(desk, actor, house_no=str(n)) for n in range(1, 6)]
    open_list(page, qtbot)
    table = page.work.list.table
    table.view.selectRow(2)
    before = list(table.selected_ids())

    act(desk, actor, cases[0], "register")
    rest(page, qtbot)

    assert list(table.selected_ids()) == before
    qtbot.waitUntil(lambda: "待派遣" in shown(page, "stage"))


def test_a_case_that_left_the_list_stays_while_it_is_looked_at(
    page: CasesPage, desk: Desk, actor: Actor, qtbot: QtBot
) -> None:
    unit = a_unit(desk, actor)
    looked_at, other = registered(desk, actor), registered(desk, actor, house_no="14")
    open_list(page, qtbot, CaseView.TO_DISPATCH)
    page.work.list.stand_on(looked_at.id)
    rest(page, qtbot)

    for case in (looked_at, other):
        act(desk, actor, case, "dispatch", unit_id=unit.id, unit_name=unit.name)
    rest(page, qtbot)

    qtbot.waitUntil(lambda: shown(page, "local_no") == [looked_at.local_no])
    assert page.work.filters.count_text() == "0 条"


def test_a_million_rows_that_are_the_same_are_left_alone() -> None:
    shown_ids = array("q", range(1_000_000))

    again = compared(shown_ids, array("q", shown_ids), ())

    assert again.kept is again.fresh
    assert again.added == 0


def test_rows_a_person_holds_stay_and_new_ones_are_counted() -> None:
    again = compared(array("q", [5, 4, 3]), array("q", [7, 6, 4]), {3})

    assert list(again.kept) == [4, 3]
    assert again.added == 2


def test_searched_words_stand_in_a_chip_that_takes_them_away(
    page: CasesPage, desk: Desk, actor: Actor, qtbot: QtBot
) -> None:
    reported(desk, actor)
    reported(desk, actor, road="文化路")

    open_list(page, qtbot, "文化路")
    assert len(shown(page, "local_no")) == 1
    assert "文化路" in page.work.chip.text()

    page.work.chip.click()
    rest(page, qtbot)
    assert len(shown(page, "local_no")) == 2
    assert page.work.chip.isHidden()


def test_an_empty_list_says_what_belongs_here_and_offers_a_start(page: CasesPage, qtbot: QtBot) -> None:
    open_list(page, qtbot)

    assert page.work.list.empty.sentence() == "还没有案件"
    with qtbot.waitSignal(page.work.new_wanted):
        page.work.list.empty.acted.emit()


def test_an_empty_search_offers_to_clear_it(page: CasesPage, desk: Desk, actor: Actor, qtbot: QtBot) -> None:
    reported(desk, actor)

    open_list(page, qtbot, "没有这条路")
    assert page.work.list.empty.sentence() == "没有找到“没有这条路”"

    page.work.list.empty.acted.emit()
    rest(page, qtbot)
    assert len(shown(page, "local_no")) == 1


def test_views_say_how_many_they_hold(page: CasesPage, desk: Desk, actor: Actor, qtbot: QtBot) -> None:
    registered(desk, actor)
    open_list(page, qtbot)

    qtbot.waitUntil(lambda: page.work.views.buttons[CaseView.TO_DISPATCH].text() == "待派遣 1")
    assert count_words(CountSaid(1000, capped=True)) == "1000+"


def test_a_view_a_person_named_is_there_after_a_new_start(
    page: CasesPage, context: PageContext, desk: Desk, actor: Actor, qtbot: QtBot
) -> None:
    open_list(page, qtbot, Question(CaseView.ALL, {"source": ("hotline_12319",)}))

    page.work._keep_view("热线来的")
    settle(qtbot, context.tasks)

    kept = desk.preferences.get("cases.views", actor=actor)
    assert Question.of_kept(kept["热线来的"]) == page.work.list.question
    titles = [action.text() for action in page.work.views.own_menu().actions()]
    assert titles[0] == "热线来的"


def test_several_cases_are_dispatched_at_once_and_refused_ones_are_named(
    page: CasesPage, context: PageContext, desk: Desk, actor: Actor, qtbot: QtBot
) -> None:
    unit = a_unit(desk, actor)
    ready, not_yet = registered(desk, actor), reported(desk, actor, house_no="14")
    open_list(page, qtbot)
    page.work.list.table.view.selectAll()
    assert page.work.list.selection.isVisible()

    taking = page.work.detail.taking
    taking.take_many(page.work.list.selected_rids(), page.work.busy.follow)
    dialog = taking.dialog
    assert dialog is not None
    dialog.submit()
    assert dialog.form.field("unit").wrong()
    dialog.field("unit").widget.set_choice(Choice(str(unit.id), "SZ", unit.name))  # type: ignore[attr-defined]
    with qtbot.waitSignal(taking.many_taken):
        dialog.submit()

    assert desk.cases.get(ready.id).stage == Stage.PENDING_HANDLE
    assert desk.cases.get(not_yet.id).stage == Stage.PENDING_REGISTER
    refused = page.findChild(QWidget, "refused_dialog")
    assert refused is not None
    assert not_yet.local_no in refused.words()  # type: ignore[attr-defined]


def test_a_header_click_sorts_by_the_time_left(page: CasesPage, desk: Desk, actor: Actor, qtbot: QtBot) -> None:
    reported(desk, actor)
    open_list(page, qtbot)

    page.work.list.table.sort_wanted.emit("due_at", True)
    rest(page, qtbot)

    assert page.work.list.filter().order == "due_at"
    assert page.work.list.filter().ascending


def test_a_list_tells_its_light_by_shape_and_word_and_which_clock_runs(
    desk: Desk, actor: Actor, clock: FixedClock
) -> None:
    dispatched(desk, actor, a_unit(desk, actor))
    reference = desk.reference
    line = _only_line(desk)
    clock.advance(timedelta(hours=5))
    words = LineWords(clock.now(), reference.office(), reference.calendar(), reference.case_sources())

    said = {column.name: column.value(line) for column in case_columns(words)}

    assert said["light"] == "▲ 超期"
    assert said["clock"] == "处置"
    assert said["left"].startswith("超 ")
    assert said["unit"] == "市政设施中心"
    assert said["source"] == "12319热线"
    assert said["delivery"].startswith("待送 ")


def test_a_case_without_a_clock_is_not_called_suspended(desk: Desk, actor: Actor, clock: FixedClock) -> None:
    reported(desk, actor, self_handled=True)
    reference = desk.reference
    words = LineWords(clock.now(), reference.office(), reference.calendar(), reference.case_sources())

    assert words.light(_only_line(desk)) == "‖ 不计时"


def test_labels_of_both_checks_change_places_when_the_city_says_so(desk: Desk, actor: Actor, clock: FixedClock) -> None:
    case = reported(desk, actor)
    desk.cases.act(case.id, "send_verify", StepInputs(collector_name="采集员甲"), actor=actor)
    swapped = desk.reference.office().changed(clock.now(), swap_verify_and_check=True)
    desk.reference.set_office(swapped, actor=actor)
    reference = desk.reference
    words = LineWords(clock.now(), reference.office(), reference.calendar(), reference.case_sources())

    assert words.stage(_only_line(desk)) == "核查中"


def test_entry_opens_on_the_page_and_comes_back_to_the_list_on_the_new_case(
    page: CasesPage, desk: Desk, actor: Actor, qtbot: QtBot
) -> None:
    reported(desk, actor)
    open_list(page, qtbot)

    page.go(NewCase())
    assert page.entry.isVisible()
    case = reported(desk, actor, house_no="14")
    page.entry.saved.emit(case)
    page.entry.closed.emit()
    rest(page, qtbot)

    assert page.work.isVisible()
    qtbot.waitUntil(lambda: page.work.detail.case is not None and page.work.detail.case.id == case.id)


def test_enter_gives_the_case_all_the_room_and_escape_brings_the_list_back(
    page: CasesPage, desk: Desk, actor: Actor, qtbot: QtBot
) -> None:
    reported(desk, actor)
    open_list(page, qtbot)
    page.work.list.table.setFocus()

    QTest.keyClick(page.work.list.table.view, Qt.Key.Key_Return)
    assert page.work.split.full
    assert not page.work.views.isVisible()

    rest(page, qtbot)
    QTest.keyClick(page.work.detail, Qt.Key.Key_Escape)
    assert not page.work.split.full
    assert page.work.views.isVisible()
    rest(page, qtbot)


def test_function_keys_work_from_the_list(page: CasesPage, desk: Desk, actor: Actor, qtbot: QtBot) -> None:
    registered(desk, actor)
    open_list(page, qtbot)
    page.activateWindow()
    page.work.list.table.view.setFocus()

    QTest.keyClick(page.work.list.table.view, Qt.Key.Key_F5)

    qtbot.waitUntil(lambda: page.work.detail.taking.dialog is not None)
    dialog = page.work.detail.taking.dialog
    assert dialog is not None
    assert dialog.windowTitle() == "派遣"
    dialog.reject()


def test_days_of_ones_own_are_asked_and_narrow_the_list(
    page: CasesPage, desk: Desk, actor: Actor, qtbot: QtBot
) -> None:
    reported(desk, actor)
    open_list(page, qtbot)
    page.work.filters.changed.emit({"reported": ("own",)})
    dialog = page.findChild(PeriodDialog)
    assert dialog is not None

    dialog.first.set_value(date(2026, 11, 3))
    dialog.last.set_value(date(2026, 11, 1))
    dialog.submit()
    assert "不能早于" in dialog.form.field("last_day").wrong()
    dialog.last.set_value(date(2026, 11, 5))
    dialog.submit()
    rest(page, qtbot)

    assert shown(page, "local_no") == []
    assert page.work.list.question.chosen == {"reported": ("2026-11-03..2026-11-05",)}


def test_a_case_named_by_another_page_opens_in_full_over_the_list(
    page: CasesPage, desk: Desk, actor: Actor, qtbot: QtBot
) -> None:
    case = reported(desk, actor)

    open_list(page, qtbot, case.id)

    assert page.work.split.full
    assert page.work.detail.case is not None
    assert page.work.detail.case.id == case.id


def _only_line(desk: Desk) -> CaseLine:
    (line,) = desk.case_lists.first_page(desk.case_lists.view(CaseView.ALL, actor=desk.accounts.system()))
    return line
