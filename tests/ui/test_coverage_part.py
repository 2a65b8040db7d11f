"""Coverage on the screen: walked by keys, opened, written out."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.domain.coverage import CoverageBy
from app.domain.grids import GridKind
from app.domain.patrols import PatrolRound, RoundKind, RoundState
from ui.charts.heat import HeatMap, ahead_colour, scale_colours
from ui.pages.context import PageContext
from ui.pages.patrols.coverage import CoveragePart
from ui.widgets.sections import InPart

MONDAY = date(2026, 11, 2)
GRID, EMPTY = "410105901", "410105902"


@pytest.fixture
def part(context: PageContext, window: QWidget, qtbot: QtBot) -> CoveragePart:
    """The part with one grid walked on Monday and one never, this month."""
    desk, actor = context.desk, context.actor
    for code in (GRID, EMPTY):
        desk.grids.save({"kind": GridKind.DUTY, "code": code}, actor=actor)
    with desk.store.write(actor, "test.round") as tx:
        stamps = {"id": tx.ids.new(), "created_at": tx.now, "changed_at": tx.now}
        values = {"number": "XC", "kind": RoundKind.PATROL, "state": RoundState.DONE, "day": MONDAY, "grid_code": GRID}
        tx.add(PatrolRound.model_validate({**stamps, **values, "points_total": 4, "points_checked": 4}))
    made = CoveragePart(context)
    made.setParent(window)
    made.resize(1100, 700)
    window.show()
    made.show()
    made.refresh()
    qtbot.waitUntil(lambda: len(made.rows.items()) == 2)
    return made


def test_the_month_is_shown_with_who_was_never_seen_first(part: CoveragePart) -> None:
    assert [row.title for row in part.rows.items()] == [EMPTY, GRID]
    assert "计划 1 · 完成 1(100.0%)" in part.sums.words.text()
    assert "没有计划" in part.cell_words(1, 1)
    assert "计划 1,完成 1,检查点 4/4" in part.cell_words(0, 1)


def test_a_round_whose_day_is_not_over_has_a_look_and_words_of_its_own(
    part: CoveragePart, context: PageContext, qtbot: QtBot
) -> None:
    walk = {"number": "XC", "kind": RoundKind.PATROL, "state": RoundState.PLANNED, "day": MONDAY}
    with context.desk.store.write(context.actor, "test.round") as tx:
        for code in (GRID, EMPTY):
            stamps = {"id": tx.ids.new(), "created_at": tx.now, "changed_at": tx.now}
            tx.add(PatrolRound.model_validate({**stamps, **walk, "grid_code": code}))
    part.refresh()
    qtbot.waitUntil(lambda: "还没到 2" in part.sums.words.text())

    assert "计划 1 · 完成 1(100.0%)" in part.sums.words.text()
    assert part.cell_words(0, 1).endswith("问题 0,1 次还没到")
    assert part.cell_words(1, 1) == f"{EMPTY} 11-02:1 次还没到"
    cells = part.heat.grab().toImage()
    view = part.heat.getViewBox().sceneBoundingRect()
    column = int(view.left() + view.width() * 0.75)
    walked, ahead = (
        cells.pixelColor(column, int(view.top() + view.height() * (row + 0.2) / 2)).name() for row in range(2)
    )
    assert (walked, ahead) == (scale_colours()[-1].name(), ahead_colour().name())


def test_keys_walk_the_map_and_enter_opens_the_rounds_of_a_cell(part: CoveragePart, qtbot: QtBot) -> None:
    part.heat.setFocus()
    qtbot.keyClick(part.heat, Qt.Key.Key_Right)
    assert part.heat.current() == (0, 1)
    assert "11-02" in part.heat.accessibleDescription()
    with qtbot.waitSignal(part.wanted) as wanted:
        qtbot.keyClick(part.heat, Qt.Key.Key_Return)
    assert wanted.args == ["patrols", InPart("rounds", {"period": ("2026-11-02..2026-11-02",), "grid": (GRID,)})]


def test_the_walk_stops_at_the_edge(part: CoveragePart, qtbot: QtBot) -> None:
    for key in (Qt.Key.Key_Up, Qt.Key.Key_Left):
        qtbot.keyClick(part.heat, key)
    assert part.heat.current() == (0, 0)
    for _n in range(3):
        qtbot.keyClick(part.heat, Qt.Key.Key_PageDown)
    assert part.heat.current() == (1, 0)


def test_a_blind_spot_opens_the_rounds_of_its_whole_span(part: CoveragePart, qtbot: QtBot) -> None:
    spot = part.spots.table.items()[0]
    assert spot.title == EMPTY
    with qtbot.waitSignal(part.wanted) as wanted:
        part.spots.table.opened.emit(spot)
    assert wanted.args[1] == InPart("rounds", {"period": ("2026-11-01..2026-11-02",), "grid": (EMPTY,)})


def test_the_month_ends_today_so_that_what_lies_ahead_is_not_shown_as_left_undone(part: CoveragePart) -> None:
    question = part.bar.question()
    assert question is not None
    assert (question.first, question.last) == (date(2026, 11, 1), MONDAY)


def test_by_member_the_rows_are_members(part: CoveragePart, context: PageContext, qtbot: QtBot) -> None:
    context.desk.members.save({"name": "网格员乙"}, actor=context.actor)
    part.go(CoverageBy.MEMBER)
    qtbot.waitUntil(lambda: {row.title for row in part.rows.items()} == {"网格员乙", "(未注明)"})


def test_days_that_are_no_span_are_told_at_the_days(part: CoveragePart) -> None:
    part.bar.first.set_value(date(2026, 11, 9))
    part.bar.last.set_value(MONDAY)
    assert part.bar.question() is None
    assert not part.bar.wrong.isHidden()
    part.bar.last.set_value(date(2026, 11, 9))
    assert part.bar.question() is not None
    assert part.bar.wrong.isHidden()


def test_the_matrix_is_written_as_a_sheet_and_the_map_as_a_picture(
    part: CoveragePart, context: PageContext, tmp_path: Path, qtbot: QtBot
) -> None:
    part.write(tmp_path / "c.png")
    assert (tmp_path / "c.png").read_bytes().startswith(b"\x89PNG")
    part.write(tmp_path / "c.xlsx")
    qtbot.waitUntil(lambda: (tmp_path / "c.xlsx").is_file() and not context.tasks.busy())


def test_without_rounds_and_grids_it_says_what_to_do(context: PageContext, window: QWidget, qtbot: QtBot) -> None:
    made = CoveragePart(context)
    made.setParent(window)
    made.bar.by.set_value(CoverageBy.GRID)
    made.refresh()
    qtbot.waitUntil(lambda: not context.tasks.busy() and made._picture is not None)
    assert made._stack.currentWidget() is made.empty


def test_what_was_not_planned_is_hatched_and_what_was_missed_is_dark(window: QWidget) -> None:
    heat = HeatMap(lambda row, column: f"{row}/{column}", window)
    heat.resize(600, 400)
    window.show()
    heat.show()
    shares = np.array([[0.0, 1.0, np.nan]])
    heat.show_cells(["一行"], ["1", "2", "3"], shares, [["0/1", "1/1", ""]])
    picture = heat.grab().toImage()
    view = heat.getViewBox().sceneBoundingRect()
    colours = [
        picture.pixelColor(
            int(view.left() + view.width() * (n + 0.25) / 3), int(view.top() + view.height() / 4)
        ).lightness()
        for n in range(2)
    ]
    assert colours[0] < 120 < colours[1]
    column = [
        picture.pixelColor(int(view.left() + view.width() * 5 / 6), y).name()
        for y in range(int(view.top() + 4), int(view.bottom() - 4))
    ]
    assert len(set(column)) > 1
