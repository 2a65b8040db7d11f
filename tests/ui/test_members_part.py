"""Grid members on the screen: typed in, marked day by day with one key, drawn, scored, retired."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from app.domain.attendance import AttendanceState
from app.domain.directory import Unit, Worker
from app.domain.grids import GridKind
from ui.pages.context import PageContext
from ui.pages.patrols.attendance_grid import stand_on
from ui.pages.patrols.attendance_refused import RefusedDialog
from ui.pages.patrols.members import MembersPart
from ui.pages.patrols.members_attendance import AttendanceSheet
from ui.pages.patrols.members_leaving import LeavingDialog
from ui.pages.patrols.members_list import MembersList
from ui.pages.patrols.members_roll import RollCalls
from ui.pages.patrols.members_scores import MemberScores
from ui.pages.patrols.roll_draw import DrawDialog, read_count
from ui.widgets.code_picker import CodePicker
from ui.widgets.sections import InPart

W = TypeVar("W", bound=QWidget)
MONDAY, SUNDAY = date(2026, 11, 2), date(2026, 11, 1)


@pytest.fixture
def two(context: PageContext) -> list[Worker]:
    """Two members."""
    people = [{"name": "网格员乙", "number": "007"}, {"name": "网格员丙", "number": "008"}]
    return [context.desk.members.save(one, actor=context.actor) for one in people]


def shown(part: W, window: QWidget, context: PageContext, qtbot: QtBot) -> W:
    part.setParent(window)
    part.resize(1100, 700)
    window.show()
    part.show()
    part.refresh()  # type: ignore[attr-defined]
    qtbot.waitUntil(lambda: not context.tasks.busy())
    return part


def state(context: PageContext, member: Worker, day: date) -> AttendanceState | None:
    entry = context.desk.attendance.month(day).entries.get((member.id, day))
    return entry.state if entry else None


def quiet(context: PageContext, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not context.tasks.busy())


def test_a_member_is_typed_in_and_kept_with_certificates(context: PageContext, window: QWidget, qtbot: QtBot) -> None:
    part = shown(MembersList(context), window, context, qtbot)
    part.form.fill(name="网格员丁", skills=("无人机", "急救"))
    certificates = part.form.field("certificates").widget
    from PySide6.QtWidgets import QTableWidgetItem

    for column, text in enumerate(("上岗证", "S1", "2024-01-01", "2026.11.20")):
        certificates.setItem(0, column, QTableWidgetItem(text))  # type: ignore[attr-defined]
    qtbot.keyClick(part, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: len(part.table.items()) == 1)
    kept = context.desk.members.all()[0]
    assert (kept.skills, kept.certificates[0].valid_until) == (("无人机", "急救"), date(2026, 11, 20))
    qtbot.waitUntil(lambda: part.table.current() is not None)


def test_a_day_that_is_none_is_refused_at_the_certificates(context: PageContext, window: QWidget, qtbot: QtBot) -> None:
    part = shown(MembersList(context), window, context, qtbot)
    part.form.fill(name="网格员丁")
    from PySide6.QtWidgets import QTableWidgetItem

    certificates = part.form.field("certificates").widget
    for column, text in enumerate(("上岗证", "", "", "明年")):
        certificates.setItem(0, column, QTableWidgetItem(text))  # type: ignore[attr-defined]
    part.submit()
    assert part.form.field("certificates").wrong()
    assert context.desk.members.all() == []


def test_who_owns_a_grid_leaves_only_with_a_successor(
    context: PageContext, window: QWidget, qtbot: QtBot, two: list[Worker]
) -> None:
    values = {"kind": GridKind.DUTY, "code": "410105901", "member_id": two[0].id}
    context.desk.grids.save(values, actor=context.actor)
    part = shown(MembersList(context), window, context, qtbot)
    part.table.go_to(lambda line: line.member.id == two[0].id)
    qtbot.waitUntil(lambda: part.leave.isEnabled())
    part.start_leaving()
    assert context.tasks.busy(), "what is handed over is read beside the window"
    qtbot.waitUntil(lambda: part.findChild(LeavingDialog) is not None)
    dialog = part.findChild(LeavingDialog)
    assert isinstance(dialog, LeavingDialog)
    dialog.submit()
    assert dialog.form.field("successor").wrong()
    dialog.successor.set_value(two[1].id)
    dialog.submit()
    quiet(context, qtbot)
    assert [one.id for one in context.desk.members.all()] == [two[1].id]
    assert len(context.desk.grids.duty_of(two[1].id)) == 1


def test_one_key_writes_a_day_and_goes_on_to_the_next(
    context: PageContext, window: QWidget, qtbot: QtBot, two: list[Worker]
) -> None:
    part = shown(AttendanceSheet(context), window, context, qtbot)
    stand_on(part.grid, part.model, two[0].id, SUNDAY)
    for key in "71":
        qtbot.keyClicks(part.grid, key)
    quiet(context, qtbot)
    assert [state(context, two[0], day) for day in (SUNDAY, MONDAY)] == [AttendanceState.REST, AttendanceState.PRESENT]
    assert part.grid.currentIndex().column() == 3


def test_a_block_is_marked_at_once_copied_down_and_taken_back(
    context: PageContext, window: QWidget, qtbot: QtBot, two: list[Worker]
) -> None:
    part = shown(AttendanceSheet(context), window, context, qtbot)
    stand_on(part.grid, part.model, part.model.place(0, 1)[0], SUNDAY)
    qtbot.keyClicks(part.grid, "5")
    qtbot.waitUntil(lambda: part.model.entry(0, 1) is not None)
    select = QItemSelectionModel.SelectionFlag
    part.grid.selectionModel().select(part.model.index(0, 1), select.ClearAndSelect)
    part.grid.selectionModel().select(part.model.index(1, 1), select.Select)
    qtbot.keyClick(part.grid, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: part.model.entry(1, 1) is not None)
    assert [state(context, one, SUNDAY) for one in two] == [AttendanceState.LEAVE] * 2
    qtbot.keyClick(part.grid, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: part.model.entry(1, 1) is None)
    assert sorted(str(state(context, one, SUNDAY)) for one in two) == ["None", "leave"]


def test_a_reason_is_written_to_the_days_selected_and_their_states_stay(
    context: PageContext, window: QWidget, qtbot: QtBot, two: list[Worker]
) -> None:
    context.desk.attendance.mark([(two[0].id, MONDAY)], AttendanceState.LEAVE, actor=context.actor)
    part = shown(AttendanceSheet(context), window, context, qtbot)
    stand_on(part.grid, part.model, two[0].id, MONDAY)
    part.note.set_value("事假")
    qtbot.keyClick(part.note, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "事假" in part.told.text())
    entry = context.desk.attendance.month(MONDAY).entries[two[0].id, MONDAY]
    assert (entry.state, entry.note) == (AttendanceState.LEAVE, "事假")


def test_a_day_marked_anew_keeps_its_reason(
    context: PageContext, window: QWidget, qtbot: QtBot, two: list[Worker]
) -> None:
    mark, place = context.desk.attendance.mark, [(two[0].id, MONDAY)]
    mark(place, AttendanceState.LEAVE, actor=context.actor, note="事假")
    mark(place, AttendanceState.SICK, actor=context.actor)
    entry = context.desk.attendance.month(MONDAY).entries[two[0].id, MONDAY]
    assert (entry.state, entry.note) == (AttendanceState.SICK, "事假")


def test_a_half_typed_member_stays_while_rows_move(
    context: PageContext, window: QWidget, qtbot: QtBot, two: list[Worker]
) -> None:
    part = shown(MembersList(context), window, context, qtbot)
    part.go(two[0].id)
    quiet(context, qtbot)
    part.form.fill(name="网格员乙二")
    context.desk.members.save({"name": "阿网格员"}, actor=context.actor)
    part.refresh()
    qtbot.waitUntil(lambda: len(part.table.items()) == 3)
    assert part.form.field("name").widget.value() == "网格员乙二"  # type: ignore[attr-defined]
    current = part.table.current()
    assert current is not None
    assert current.member.id == two[0].id


def test_another_row_waits_until_a_half_typed_member_is_kept_or_given_up(
    context: PageContext, window: QWidget, qtbot: QtBot, two: list[Worker]
) -> None:
    context.desk.directory.save(Unit, {"code": "001", "name": "市政所"}, actor=context.actor)
    part = shown(MembersList(context), window, context, qtbot)
    part.go(two[0].id)
    quiet(context, qtbot)
    typed = part.form.field("name").widget
    qtbot.keyClicks(typed, "AB")

    def standing() -> object:
        line = part.table.current()
        return None if line is None else line.member.id

    part.table.go_to(lambda line: line.member.id == two[1].id)
    qtbot.waitUntil(lambda: standing() == two[0].id)
    assert "还没有保存" in context.notices.shown()
    assert typed.value() == "AB网格员乙"  # type: ignore[attr-defined]
    part.new.click()
    assert typed.value() == "AB网格员乙"  # type: ignore[attr-defined]

    picker = part.form.field("unit_id").widget
    assert isinstance(picker, CodePicker)
    picker.setFocus()
    qtbot.keyClick(picker, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: picker.offered() != [])
    qtbot.keyClick(picker, Qt.Key.Key_Escape)
    assert (picker.offered(), typed.value()) == ([], "AB网格员乙")  # type: ignore[attr-defined]
    qtbot.keyClick(picker, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: typed.value() == "网格员乙")  # type: ignore[attr-defined]
    part.table.go_to(lambda line: line.member.id == two[1].id)
    qtbot.waitUntil(lambda: typed.value() == "网格员丙")  # type: ignore[attr-defined]


def test_a_member_is_lent_to_a_street_chosen_by_its_name(context: PageContext, window: QWidget, qtbot: QtBot) -> None:
    part = shown(MembersList(context), window, context, qtbot)
    assert [label.text() for label in part.form.findChildren(QLabel) if label.text().startswith("下沉街道")] == [
        "下沉街道"
    ]


def test_an_attendance_file_says_which_rows_it_did_not_take(
    context: PageContext, window: QWidget, qtbot: QtBot, two: list[Worker], tmp_path: Path
) -> None:
    path = tmp_path / "clock.csv"
    path.write_text("工号,日期,考勤\n007,2026-11-01,休息\n999,2026-11-01,休息\n", encoding="utf-8")
    part = shown(AttendanceSheet(context), window, context, qtbot)
    part.take_file(path)
    qtbot.waitUntil(lambda: part.findChild(RefusedDialog) is not None)
    dialog = part.findChild(RefusedDialog)
    assert isinstance(dialog, RefusedDialog)
    assert len(dialog.table.items()) == 1
    quiet(context, qtbot)
    assert state(context, two[0], SUNDAY) == AttendanceState.REST


def test_months_are_walked_and_a_written_month_goes_out(
    context: PageContext, window: QWidget, qtbot: QtBot, two: list[Worker], tmp_path: Path
) -> None:
    part = shown(AttendanceSheet(context), window, context, qtbot)
    qtbot.keyClick(part.grid, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: part.model.columnCount() == 1 + 31 + 8)
    assert "10" in part.month.text()
    part.write_file(tmp_path / "m.xlsx")
    quiet(context, qtbot)
    assert (tmp_path / "m.xlsx").is_file()


@pytest.mark.parametrize(
    ("text", "count"), [("3", 3), ("10%", 2), ("50%", 10), ("0%", None), ("120%", None), ("半数", None), ("", None)]
)
def test_how_many_is_a_number_or_a_share(text: str, count: int | None) -> None:
    assert read_count(text, 20) == count


def test_a_roll_call_is_drawn_answered_and_can_be_checked(
    context: PageContext, window: QWidget, qtbot: QtBot, two: list[Worker]
) -> None:
    part = shown(RollCalls(context), window, context, qtbot)
    part.start_draw()
    dialog = part.findChild(DrawDialog)
    assert isinstance(dialog, DrawDialog)
    assert "2 人" in dialog.pool.text()
    dialog.count.set_value("100%")
    dialog.seed.set_value("20261102")
    dialog.submit()
    qtbot.waitUntil(lambda: len(part.answers.items()) == 2)
    assert "20261102" in part.seed.text()
    assert "结果一致" in part.seed.text()
    part.point.set_value("别处")
    part.answer(there=True)
    assert all(one.answered is None for one in part.answers.items())
    part.point.set_value("113.65, 34.76")
    part.there.click()
    qtbot.waitUntil(lambda: [one.answered for one in part.answers.items()].count(True) == 1)
    part.copy_list()
    assert "20261102" in QApplication.clipboard().text()
    quiet(context, qtbot)


def test_scores_show_a_dash_for_nothing_and_open_the_rounds(
    context: PageContext, window: QWidget, qtbot: QtBot, two: list[Worker]
) -> None:
    part = shown(MemberScores(context), window, context, qtbot)
    qtbot.waitUntil(lambda: len(part.table.items()) == 2)
    assert "不是 0" in part.meaning.text()
    part.table.go_to(lambda score: score.member_id == two[0].id)
    qtbot.waitUntil(lambda: part.rounds.isEnabled())
    with qtbot.waitSignal(part.wanted) as wanted:
        part.rounds.click()
    month = {"period": ("2026-11-01..2026-11-30",), "member": (str(two[0].id),)}
    assert wanted.args[1] == InPart("rounds", month)
    with qtbot.waitSignal(part.wanted) as wanted:
        part.findings.click()
    assert wanted.args[1] == InPart("findings", month)


def test_the_part_leads_to_each_of_its_sheets(context: PageContext, window: QWidget, qtbot: QtBot) -> None:
    part = shown(MembersPart(context), window, context, qtbot)
    for name in ("attendance", "roll", "scores", "list"):
        part.go(name)
        quiet(context, qtbot)
    assert isinstance(part.part(), MembersList)
