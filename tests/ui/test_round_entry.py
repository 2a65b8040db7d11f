"""A round is entered by one key a check point, nothing typed is lost, and what is wrong is asked about."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QMessageBox, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.base.clock import FixedClock
from app.desk import Desk
from app.domain.checklists import Programme
from app.domain.findings import FindingDraft
from app.domain.patrol_views import RoundFilter
from app.domain.patrols import CheckGrade, CheckPoint, RoundState
from app.domain.permissions import Actor
from app.services.patrols import RoundDraft
from tests.ui.a_case import settle
from ui.pages.context import PageContext
from ui.pages.patrols.round_entry import FORM, RoundEntry

FORTY = tuple(CheckPoint(no=no, name=f"检查点{no}", road="纬一路", house_no=f"{no}号") for no in range(1, 41))
PASSED = Qt.Key.Key_0
GOOD, FAIR, BAD = Qt.Key.Key_1, Qt.Key.Key_2, Qt.Key.Key_3


class Keys:
    """Presses keys where the keyboard is, and counts them."""

    def __init__(self) -> None:
        self.count = 0

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        self.count += 1
        widget = QApplication.focusWidget()
        assert widget is not None
        QTest.keyClick(widget, key, modifier)

    def write(self, text: str) -> None:
        self.count += len(text)
        widget = QApplication.focusWidget()
        assert widget is not None
        QTest.keyClicks(widget, text)


@pytest.fixture
def keys() -> Keys:
    return Keys()


@pytest.fixture
def entry(context: PageContext, window: QWidget, clock: FixedClock, qtbot: QtBot) -> Iterator[RoundEntry]:
    clock.advance(timedelta(hours=9))
    made = RoundEntry(context)
    QVBoxLayout(window).addWidget(made)
    window.resize(1300, 800)
    window.show()
    window.activateWindow()
    qtbot.waitExposed(window)
    yield made
    settle(qtbot, context.tasks)


def a_round(desk: Desk, actor: Actor, programme: Programme = Programme.ORDER, count: int = 40) -> UUID:
    template = next(one.id for one in desk.checklists.current() if one.programme is programme)
    draft = RoundDraft(day=date(2026, 11, 2), points=FORTY[:count], template_id=template)
    return desk.patrols.open(draft, actor=actor).id


def opened(entry: RoundEntry, round_id: UUID, qtbot: QtBot) -> None:
    entry.open(round_id)
    qtbot.waitUntil(lambda: entry.table.lines.rowCount() > 0)
    qtbot.waitUntil(entry.table.hasFocus)


def answer(button: QMessageBox.StandardButton) -> None:
    """Answer the next question."""

    def press() -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        box.button(button).click()

    QTimer.singleShot(0, press)


def again_in_front(entry: RoundEntry, qtbot: QtBot) -> None:
    """A desktop gives the keyboard back by itself when a question is gone; this platform has to be told."""
    entry.window().activateWindow()
    qtbot.waitUntil(entry.table.hasFocus)


def finish(entry: RoundEntry, keys: Keys, qtbot: QtBot) -> None:
    with qtbot.waitSignal(entry.closed, timeout=10_000):
        keys.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)


def test_forty_check_points_take_forty_five_keys_or_fewer(
    entry: RoundEntry, desk: Desk, actor: Actor, keys: Keys, qtbot: QtBot
) -> None:
    round_id = a_round(desk, actor)
    opened(entry, round_id, qtbot)
    for no in range(1, 41):
        keys.press({7: FAIR, 19: BAD, 33: PASSED}.get(no, GOOD))
    finish(entry, keys, qtbot)
    assert keys.count <= 45
    done = desk.patrols.get(round_id)
    assert (done.state, done.points_total, done.points_checked) == (RoundState.DONE, 40, 39)
    grades = {one.point_no: one.grade for one in desk.patrols.results(round_id)}
    assert (grades[7], grades[19], grades[33]) == (CheckGrade.FAIR, CheckGrade.BAD, CheckGrade.PASSED_OVER)
    assert sum(grade is CheckGrade.GOOD for grade in grades.values()) == 37


def test_the_rest_is_good_after_a_question(
    entry: RoundEntry, desk: Desk, actor: Actor, keys: Keys, qtbot: QtBot
) -> None:
    round_id = a_round(desk, actor)
    opened(entry, round_id, qtbot)
    keys.press(BAD)
    answer(QMessageBox.StandardButton.No)
    keys.press(Qt.Key.Key_A)
    again_in_front(entry, qtbot)
    assert entry.table.lines.state is not None
    assert len(entry.table.lines.state.open_rows()) == 39
    answer(QMessageBox.StandardButton.Yes)
    keys.press(Qt.Key.Key_A)
    again_in_front(entry, qtbot)
    finish(entry, keys, qtbot)
    assert keys.count == 4
    assert desk.patrols.get(round_id).points_checked == 40


def test_points_without_a_result_are_asked_about_and_passed_over(
    entry: RoundEntry, desk: Desk, actor: Actor, keys: Keys, qtbot: QtBot
) -> None:
    round_id = a_round(desk, actor, count=3)
    opened(entry, round_id, qtbot)
    keys.press(GOOD)
    answer(QMessageBox.StandardButton.Yes)
    finish(entry, keys, qtbot)
    grades = [one.grade for one in desk.patrols.results(round_id)]
    assert grades == [CheckGrade.GOOD, CheckGrade.PASSED_OVER, CheckGrade.PASSED_OVER]


def test_a_wrong_key_is_taken_back(entry: RoundEntry, desk: Desk, actor: Actor, keys: Keys, qtbot: QtBot) -> None:
    opened(entry, a_round(desk, actor, count=3), qtbot)
    keys.press(GOOD)
    keys.press(BAD)
    keys.press(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    state = entry.table.lines.state
    assert state is not None
    assert [state.entry(row).grade for row in range(3)] == [CheckGrade.GOOD, None, None]
    assert entry.table.row == 1
    keys.press(Qt.Key.Key_Up)
    keys.press(Qt.Key.Key_Backspace)
    assert state.entry(0).grade is None


def test_every_key_is_in_the_draft_and_comes_back_after_a_crash(
    entry: RoundEntry, context: PageContext, desk: Desk, actor: Actor, keys: Keys, qtbot: QtBot
) -> None:
    round_id = a_round(desk, actor, count=5)
    opened(entry, round_id, qtbot)
    for count, key in enumerate((GOOD, FAIR, BAD), start=1):
        keys.press(key)
        qtbot.waitUntil(lambda: not context.tasks.busy())
        kept = desk.drafts.all(FORM, actor=actor)
        assert [len(draft.body["points"]) for draft in kept] == [count]
    after_the_crash = RoundEntry(context, entry.parentWidget())
    after_the_crash.open(round_id)
    qtbot.waitUntil(lambda: after_the_crash.table.lines.rowCount() > 0)
    state = after_the_crash.table.lines.state
    assert state is not None
    assert [state.entry(row).grade for row in range(3)] == [CheckGrade.GOOD, CheckGrade.FAIR, CheckGrade.BAD]
    assert after_the_crash.table.row == 3


def test_the_draft_goes_with_the_finished_round(
    entry: RoundEntry, context: PageContext, desk: Desk, actor: Actor, keys: Keys, qtbot: QtBot
) -> None:
    opened(entry, a_round(desk, actor, count=1), qtbot)
    keys.press(GOOD)
    finish(entry, keys, qtbot)
    qtbot.waitUntil(lambda: not context.tasks.busy())
    assert desk.drafts.all(FORM, actor=actor) == []


def test_measured_numbers_are_typed_straight_away_and_one_above_its_limit_is_a_hint(
    entry: RoundEntry, desk: Desk, actor: Actor, keys: Keys, qtbot: QtBot
) -> None:
    round_id = a_round(desk, actor, Programme.DUST, count=2)
    opened(entry, round_id, qtbot)
    for numbers in (("4", "9.5", "15"), ("6", "8", "12")):
        for number in numbers:
            keys.write(number)
            keys.press(Qt.Key.Key_Return)
    qtbot.waitUntil(entry.table.hasFocus)
    assert "(超标)" in entry.table.lines.index(1, 4).data()
    assert "快车道积尘" in entry.panel.said()
    finish(entry, keys, qtbot)
    results = desk.patrols.results(round_id)
    assert [one.grade for one in results] == [CheckGrade.GOOD, CheckGrade.BAD]
    assert [[answer.over for answer in one.answers] for one in results] == [[False] * 3, [True, False, False]]


def test_the_times_of_the_sheet_are_spread_over_the_points(
    entry: RoundEntry, desk: Desk, actor: Actor, keys: Keys, qtbot: QtBot
) -> None:
    round_id = a_round(desk, actor, count=2)
    opened(entry, round_id, qtbot)
    entry.work.begin.setText("8:30")
    entry.work.end.setText("0930")
    keys.press(GOOD)
    keys.press(GOOD)
    finish(entry, keys, qtbot)
    done = desk.patrols.get(round_id)
    assert (done.started_at, done.ended_at) == (
        datetime(2026, 11, 2, 0, 30, tzinfo=UTC),
        datetime(2026, 11, 2, 1, 30, tzinfo=UTC),
    )
    assert [one.at for one in desk.patrols.results(round_id)] == [
        datetime(2026, 11, 2, 0, 45, tzinfo=UTC),
        datetime(2026, 11, 2, 1, 15, tzinfo=UTC),
    ]


def test_a_finding_opens_in_place_and_the_entry_goes_on_with_the_next_point(
    entry: RoundEntry, context: PageContext, desk: Desk, actor: Actor, keys: Keys, qtbot: QtBot
) -> None:
    round_id = a_round(desk, actor, count=3)
    opened(entry, round_id, qtbot)
    keys.press(GOOD)
    keys.press(Qt.Key.Key_F)
    assert entry.side.finding_open
    qtbot.waitUntil(lambda: not context.tasks.busy())
    finding = desk.findings.report(FindingDraft(round_id=round_id, point_no=2, description="垃圾"), actor=actor)
    entry.side.form.saved.emit(finding)
    qtbot.waitUntil(entry.table.hasFocus)
    assert entry.table.row == 2
    state = entry.table.lines.state
    assert state is not None
    assert state.entry(1).grade is CheckGrade.BAD
    keys.press(GOOD)
    finish(entry, keys, qtbot)
    assert desk.patrols.get(round_id).finding_count == 1


def test_saved_for_later_the_round_stays_open_with_its_results(
    entry: RoundEntry, desk: Desk, actor: Actor, keys: Keys, qtbot: QtBot
) -> None:
    round_id = a_round(desk, actor, count=3)
    opened(entry, round_id, qtbot)
    keys.press(FAIR)
    with qtbot.waitSignal(entry.saved):
        keys.press(Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    assert desk.patrols.get(round_id).state is RoundState.STARTED
    assert [one.grade for one in desk.patrols.results(round_id)] == [CheckGrade.FAIR]


def test_words_still_under_the_keyboard_go_with_the_finished_round(
    entry: RoundEntry, desk: Desk, actor: Actor, keys: Keys, qtbot: QtBot
) -> None:
    round_id = a_round(desk, actor, count=1)
    opened(entry, round_id, qtbot)
    keys.press(BAD)
    keys.press(Qt.Key.Key_Return)
    keys.write("blocked")
    finish(entry, keys, qtbot)
    assert [one.note for one in desk.patrols.results(round_id)] == ["blocked"]


def test_saved_for_later_neither_times_nor_words_without_a_result_are_lost(
    entry: RoundEntry, context: PageContext, desk: Desk, actor: Actor, keys: Keys, qtbot: QtBot
) -> None:
    round_id = a_round(desk, actor, count=2)
    opened(entry, round_id, qtbot)
    entry.work.begin.setText("08:30")
    entry.work.end.setText("09:30")
    keys.press(GOOD)
    keys.press(Qt.Key.Key_Return)
    keys.write("locked")
    with qtbot.waitSignal(entry.saved):
        entry.save()
    with qtbot.waitSignal(entry.closed):
        entry.work.back.click()
    opened(entry, round_id, qtbot)
    state = entry.table.lines.state
    assert state is not None
    assert (state.entry(0).grade, state.entry(1).note) == (CheckGrade.GOOD, "locked")
    assert (entry.work.begin.value(), entry.work.end.value()) == ("08:30", "09:30")
    assert desk.patrols.get(round_id).started_at == datetime(2026, 11, 2, 0, 30, tzinfo=UTC)


def test_finishing_twice_finishes_once(
    entry: RoundEntry, context: PageContext, desk: Desk, actor: Actor, keys: Keys, qtbot: QtBot
) -> None:
    round_id = a_round(desk, actor, count=1)
    opened(entry, round_id, qtbot)
    keys.press(GOOD)
    with qtbot.waitSignal(entry.closed):
        entry.finish()
        entry.finish()
    qtbot.waitUntil(lambda: not context.tasks.busy())
    assert desk.patrols.get(round_id).state is RoundState.DONE
    assert QApplication.activeModalWidget() is None


def test_a_shift_nobody_said_was_kept_to_gives_no_times(
    entry: RoundEntry, desk: Desk, actor: Actor, keys: Keys, qtbot: QtBot
) -> None:
    values = {"name": "夜查", "points": FORTY[:1], "valid_from": date(2026, 11, 2), "shift_end": time(23, 30)}
    desk.patrol_plans.save(values, actor=actor)
    desk.patrol_plans.plan_week(date(2026, 11, 2), actor=actor)
    round_id = desk.patrols.first_page(RoundFilter(last=date(2026, 11, 2)))[0].id
    opened(entry, round_id, qtbot)
    keys.press(GOOD)
    finish(entry, keys, qtbot)
    done = desk.patrols.get(round_id)
    assert (done.state, done.started_at, done.ended_at) == (RoundState.DONE, None, None)


def test_the_keys_told_are_those_of_the_round(entry: RoundEntry, desk: Desk, actor: Actor, qtbot: QtBot) -> None:
    told = entry.work.findChild(QLabel, "round_entry_keys")
    assert isinstance(told, QLabel)
    opened(entry, a_round(desk, actor), qtbot)
    assert told.text().startswith("1 好")
    entry.open(a_round(desk, actor, Programme.DUST, 3))
    qtbot.waitUntil(lambda: entry.table.lines.rowCount() == 3)
    assert told.text().startswith("数字键直接填数值"), "where everything is a number, 1 is no grade"


def test_beside_an_open_finding_the_names_of_check_points_stay_legible(
    entry: RoundEntry, desk: Desk, actor: Actor, qtbot: QtBot
) -> None:
    opened(entry, a_round(desk, actor), qtbot)
    assert not entry.table.isColumnHidden(2)
    entry.table.setFixedWidth(440)
    qtbot.waitUntil(lambda: entry.table.isColumnHidden(2))
    assert entry.table.columnWidth(1) > 90
