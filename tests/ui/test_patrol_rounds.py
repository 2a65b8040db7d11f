"""The list of rounds: narrowed, opened, cancelled, put right, exported; and sheets of rounds coming in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest
from PySide6.QtWidgets import QFileDialog, QLabel, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.desk import Desk
from app.domain.patrol_views import EnteredPoint, RoundFilter
from app.domain.patrols import CheckGrade, CheckPoint, RoundKind, RoundState
from app.domain.permissions import Actor
from app.services.patrols import RoundDraft
from tests.ui.a_case import settle
from ui.dialogs.import_rounds import ImportRoundsDialog
from ui.pages.context import PageContext
from ui.pages.patrols.round_entry import RoundEntry
from ui.pages.patrols.rounds import RoundsPart
from ui.pages.patrols.rounds_new import NewRoundDialog, points_of
from ui.tables.place import Flag

POINTS = tuple(CheckPoint(no=no, name=f"检查点{no}") for no in (1, 2))


@pytest.fixture
def part(context: PageContext, window: QWidget, qtbot: QtBot) -> Iterator[RoundsPart]:
    made = RoundsPart(context)
    QVBoxLayout(window).addWidget(made)
    window.resize(1360, 820)
    window.show()
    qtbot.waitExposed(window)
    yield made
    settle(qtbot, context.tasks)


def a_round(desk: Desk, actor: Actor, day: date = date(2026, 11, 2)) -> UUID:
    return desk.patrols.open(RoundDraft(day=day, points=POINTS), actor=actor).id


def rest(part: RoundsPart, qtbot: QtBot) -> None:
    tasks = part._context.tasks

    def answered() -> bool:
        waiting = part.list._first._pause.isActive() or part.detail._latest._pause.isActive()
        return not waiting and not tasks.busy()

    qtbot.waitUntil(answered, timeout=10_000)


def shown(part: RoundsPart, column: str) -> list[str]:
    table = part.list.table
    place = [one.name for one in table.model.columns].index(column)
    return [table.model.index(row, place).data() for row in range(table.model.rowCount())]


def test_the_week_s_rounds_are_shown_first_and_others_by_a_chip(
    part: RoundsPart, desk: Desk, actor: Actor, qtbot: QtBot
) -> None:
    a_round(desk, actor)
    a_round(desk, actor, date(2026, 10, 20))
    part.refresh()
    rest(part, qtbot)
    assert shown(part, "day") == ["2026-11-02 周一"]
    part.list.narrow({})
    rest(part, qtbot)
    assert shown(part, "day") == ["2026-11-02 周一", "2026-10-20 周二"]
    assert part.list.filters.count_text() == "2 次"


def test_an_office_without_rounds_is_told_what_to_do_and_not_to_clear_a_filter(
    part: RoundsPart, desk: Desk, actor: Actor, qtbot: QtBot
) -> None:
    part.refresh()
    rest(part, qtbot)
    told = [label.text() for label in part.list.empty.findChildren(QLabel)]
    assert "还没有巡查" in told
    a_round(desk, actor, date(2026, 9, 1))
    part.refresh()
    rest(part, qtbot)
    assert "没有符合这些条件的巡查" in [label.text() for label in part.list.empty.findChildren(QLabel)]


def test_a_round_asked_for_is_stood_on_and_shown_beside_the_list(
    part: RoundsPart, desk: Desk, actor: Actor, qtbot: QtBot
) -> None:
    old = a_round(desk, actor, date(2026, 9, 1))
    a_round(desk, actor)
    part.go(old)
    rest(part, qtbot)
    assert part.detail.detail is not None
    assert part.detail.detail.round.id == old
    assert [line.name for line in part.detail._points.items()] == ["检查点1", "检查点2"]


def test_rounds_chosen_together_stay_chosen_while_the_list_is_read_again(
    part: RoundsPart, desk: Desk, actor: Actor, qtbot: QtBot
) -> None:
    for _one in range(3):
        a_round(desk, actor)
    part.refresh()
    rest(part, qtbot)
    table = part.list.table
    for row in (0, 2):
        table.view.selectionModel().select(table.model.index(row, 0), Flag.Select | Flag.Rows)
    chosen = table.selected_ids()
    part.refresh()
    rest(part, qtbot)
    assert len(chosen) == 2
    assert part.list.rids() == table.selected_ids() == chosen


def test_the_button_of_a_list_that_chips_keep_empty_clears_them(
    part: RoundsPart, desk: Desk, actor: Actor, qtbot: QtBot
) -> None:
    a_round(desk, actor, date(2026, 9, 1))
    part.refresh()
    rest(part, qtbot)
    part.list.empty.acted.emit()
    rest(part, qtbot)
    assert shown(part, "day") == ["2026-09-01 周二"]


def test_a_cancelled_round_says_why(part: RoundsPart, desk: Desk, actor: Actor, qtbot: QtBot) -> None:
    round_id = a_round(desk, actor)
    part.go(round_id)
    rest(part, qtbot)
    part.deeds.cancel(round_id, "大雨")
    rest(part, qtbot)
    part.refresh()
    rest(part, qtbot)
    assert shown(part, "state") == ["已取消"]
    assert "大雨" in part.detail._facts.text()


def test_a_finished_round_is_put_right_from_its_detail(
    part: RoundsPart, desk: Desk, actor: Actor, qtbot: QtBot
) -> None:
    round_id = a_round(desk, actor)
    desk.patrols.enter(round_id, [EnteredPoint(1, CheckGrade.GOOD)], actor=actor)
    part.go(round_id)
    rest(part, qtbot)
    part.open_record(round_id)
    rest(part, qtbot)
    assert "更正" in part._context.notices.shown()
    part.deeds.reopen(round_id, "填错")
    rest(part, qtbot)
    part.open_record(round_id)
    rest(part, qtbot)
    qtbot.waitUntil(lambda: part.entry.table.lines.rowCount() == 2)
    assert part.entry.table.row == 1


def test_a_round_of_tomorrow_is_not_opened_for_entry(part: RoundsPart, desk: Desk, actor: Actor, qtbot: QtBot) -> None:
    round_id = a_round(desk, actor, date(2026, 11, 3))
    part.open_record(round_id)
    rest(part, qtbot)
    assert "2026-11-03" in part._context.notices.shown()
    assert part.findChild(RoundEntry) is None


def test_the_list_is_exported_as_it_stands(
    part: RoundsPart, desk: Desk, actor: Actor, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_round(desk, actor)
    part.refresh()
    rest(part, qtbot)
    path = tmp_path / "rounds.csv"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_asked: (str(path), ""))
    part.list.export.click()
    rest(part, qtbot)
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == 2
    assert "待巡查" in lines[1]


def test_a_round_nobody_planned_goes_straight_into_its_entry(
    part: RoundsPart, context: PageContext, desk: Desk, qtbot: QtBot
) -> None:
    dialog = NewRoundDialog(context, part)
    dialog.agreed.connect(part.make)
    dialog.points.setPlainText("路口\n公园,113.68,34.78")
    dialog.agree()
    rest(part, qtbot)
    qtbot.waitUntil(lambda: part.entry.table.lines.rowCount() == 2)
    assert desk.patrols.first_page(RoundFilter())[0].points_total == 2


def test_a_joint_round_without_its_units_is_refused_where_it_is_typed(part: RoundsPart, context: PageContext) -> None:
    dialog = NewRoundDialog(context, part)
    agreed: list[object] = []
    dialog.agreed.connect(agreed.append)
    dialog.open()
    dialog.kind.set_value(RoundKind.JOINT)
    dialog.units.setText("综合行政执法大队")
    dialog.points.setPlainText("路口")
    dialog.agree()
    assert dialog.form.field("units").wrong()
    assert dialog.isVisible(), "what is typed stays"
    dialog.units.setText("综合行政执法大队、市场监管所")
    dialog.agree()
    assert len(agreed) == 1


def test_lines_become_points_with_or_without_a_place() -> None:
    points = points_of("路口\n\n公园\uff0c113.68,34.78\n广场\t113.7\t34.8\n甲,乙,丙")
    assert [(one.no, one.name, one.longitude) for one in points] == [
        (1, "路口", None),
        (2, "公园", 113.68),
        (3, "广场", 113.7),
        (4, "甲,乙,丙", None),
    ]


def test_a_sheet_of_rounds_is_looked_at_then_imported(
    context: PageContext, window: QWidget, desk: Desk, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "rounds.csv"
    rows = ("编号,检查日期,检查点,结果", "1,2026-10-12,菜店,好", "2,2026-10-12,面馆,怪", "3,2026-10-13,菜店,差")
    path.write_text("\n".join(rows), encoding="utf-8")
    window.show()
    dialog = ImportRoundsDialog(context, window, path)
    dialog.open()
    qtbot.waitUntil(lambda: "可以导入 2 行" in dialog.words(), timeout=10_000)
    assert [one.row for one in dialog.preview.items()] == [3, 2, 4]
    with qtbot.waitSignal(dialog.imported, timeout=10_000):
        dialog.run()
    assert "2 次巡查" in dialog.words()
    assert desk.patrols.count(RoundFilter(states=frozenset({RoundState.DONE}))).count == 2
    settle(qtbot, context.tasks)
    dialog.reject()
