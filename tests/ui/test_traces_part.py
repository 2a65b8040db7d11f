"""Traces on the screen: a day's ways as list, line and map; track files looked over before they are kept."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.domain.directory import Worker
from app.domain.grids import PointSystem
from app.domain.patrols import CheckPoint, PatrolRound, RoundKind, RoundState
from app.reports.paper import Table
from ui.pages.context import PageContext
from ui.pages.patrols.traces import TracesPart
from ui.pages.patrols.traces_import import TrackImportDialog
from ui.pages.patrols.traces_layers import layers_of
from ui.widgets.sections import InPart

NINE = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)
MONDAY = date(2026, 11, 2)
LONGITUDE, LATITUDE = 113.65, 34.76
STEP = 12 / 111_195


@pytest.fixture
def member(context: PageContext) -> Worker:
    return context.desk.members.save({"name": "网格员乙", "number": "007"}, actor=context.actor)


@pytest.fixture
def walked(context: PageContext, member: Worker) -> PatrolRound:
    """A round of that Monday with one check point on the way and one beside it."""
    points = (
        CheckPoint(no=1, name="路口", longitude=LONGITUDE, latitude=LATITUDE + 30 * STEP),
        CheckPoint(no=2, name="公园", longitude=LONGITUDE + 0.01, latitude=LATITUDE),
    )
    values = {"number": "XC-1", "kind": RoundKind.PATROL, "state": RoundState.DONE, "day": MONDAY, "points": points}
    hours = {"shift_start": time(8, 30), "shift_end": time(17, 30)}
    with context.desk.store.write(context.actor, "test.round") as tx:
        stamps = {"id": tx.ids.new(), "created_at": tx.now, "changed_at": tx.now}
        whose = {"member_id": member.id, "member_name": member.name}
        made = PatrolRound.model_validate({**stamps, **values, **hours, **whose})
        tx.add(made)
    return made


@pytest.fixture
def part(context: PageContext, window: QWidget, qtbot: QtBot) -> TracesPart:
    made = TracesPart(context)
    made.setParent(window)
    made.resize(1100, 700)
    window.show()
    made.show()
    made.refresh()
    qtbot.waitUntil(lambda: not context.tasks.busy())
    return made


def a_file(folder: Path, file: str, start: datetime = NINE, *, swapped: bool = False) -> Path:
    """Half an hour of walking north with a break of twenty minutes in the middle."""
    rows = ["time,lon,lat"]
    for n in range(181):
        at = start + timedelta(seconds=10 * n + (1200 if n > 90 else 0))
        place = (LATITUDE + n * STEP, LONGITUDE) if swapped else (LONGITUDE, LATITUDE + n * STEP)
        rows.append(f"{at.isoformat()},{place[0]:.7f},{place[1]:.7f}")
    path = folder / file
    path.write_text("\n".join(rows), encoding="utf-8")
    return path


def looked(part: TracesPart, context: PageContext, qtbot: QtBot, *paths: Path) -> TrackImportDialog:
    part.go(list(paths))
    dialog = part.findChild(TrackImportDialog)
    assert isinstance(dialog, TrackImportDialog)
    settled(dialog, context, qtbot)
    return dialog


def settled(dialog: TrackImportDialog, context: PageContext, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not context.tasks.busy() and "正在" not in dialog.told.text())


def test_files_named_after_members_are_kept_and_their_day_is_shown(
    part: TracesPart, context: PageContext, walked: PatrolRound, tmp_path: Path, qtbot: QtBot
) -> None:
    dialog = looked(
        part, context, qtbot, a_file(tmp_path, "007_a.csv"), a_file(tmp_path, "别人.csv", NINE.replace(hour=5))
    )
    assert [line.ready for line in dialog.table.items()] == [True, False]
    dialog.keep.click()
    qtbot.waitUntil(lambda: len(context.desk.traces.of_round(walked.id)) == 1)
    qtbot.waitUntil(lambda: len(part.table.items()) == 1 and part.table.items()[0].figures is not None)
    trace = part.table.items()[0]
    assert trace.round is not None
    assert trace.round.id == walked.id
    assert [stretch.recorded for stretch in trace.stretches()] == [True, False, True]
    assert "1 行 · 有轨迹 1" in part.told.text()


def test_pressed_twice_a_file_is_kept_once_and_told_so(
    part: TracesPart, context: PageContext, walked: PatrolRound, tmp_path: Path, qtbot: QtBot
) -> None:
    dialog = looked(part, context, qtbot, a_file(tmp_path, "007_a.csv"))
    dialog.keep.click()
    dialog.keep.click()
    qtbot.waitUntil(lambda: not context.tasks.busy())
    assert dialog.told.text() == "已导入 1 个,没有导入 0 个"


def test_a_stopped_import_shows_what_was_kept(
    part: TracesPart, context: PageContext, walked: PatrolRound, tmp_path: Path, qtbot: QtBot
) -> None:
    dialog = looked(part, context, qtbot, a_file(tmp_path, "007_a.csv"))
    dialog.keep.click()
    dialog.busy._on_stop()
    settled(dialog, context, qtbot)
    ready = [line.ready for line in dialog.table.items()]
    assert dialog.keep.isEnabled() is any(ready)
    assert len(context.desk.traces.of_round(walked.id)) == (0 if any(ready) else 1)


def test_a_clock_off_by_a_day_is_put_right_unless_told_not_to(
    part: TracesPart, context: PageContext, walked: PatrolRound, tmp_path: Path, qtbot: QtBot
) -> None:
    dialog = looked(part, context, qtbot, a_file(tmp_path, "007.csv", NINE + timedelta(days=1)))
    line = dialog.table.items()[0]
    assert line.preview is not None
    assert line.preview.choices.shift_s == -86_400
    dialog.clock.set_value(False)
    dialog.clock.edited.emit()
    settled(dialog, context, qtbot)
    again = dialog.table.items()[0].preview
    assert again is not None
    assert (again.choices.shift_s, again.choices.round_id) == (0, None)


def test_swapped_degrees_are_ticked_and_taken(
    part: TracesPart, context: PageContext, member: Worker, tmp_path: Path, qtbot: QtBot
) -> None:
    dialog = looked(part, context, qtbot, a_file(tmp_path, "007.csv", swapped=True))
    assert not dialog.keep.isEnabled()
    dialog.swap.set_value(True)
    dialog.swap.edited.emit()
    qtbot.waitUntil(dialog.keep.isEnabled)
    dialog.system.set_value(PointSystem.GCJ02)
    dialog.system.edited.emit()
    settled(dialog, context, qtbot)
    preview = dialog.table.items()[0].preview
    assert preview is not None
    assert abs(preview.track.fixes[0][1] - LONGITUDE) > 0.003


def test_a_broken_file_is_told_beside_the_good_ones(
    part: TracesPart, context: PageContext, member: Worker, tmp_path: Path, qtbot: QtBot
) -> None:
    broken = tmp_path / "x.gpx"
    broken.write_text("<gpx>")
    dialog = looked(part, context, qtbot, broken, a_file(tmp_path, "007.csv"))
    assert [line.problem.code if line.problem else "" for line in dialog.table.items()] == ["track.unreadable", ""]
    assert dialog.keep.isEnabled()


def test_the_map_shows_the_way_its_gap_and_which_points_were_reached(
    part: TracesPart, context: PageContext, walked: PatrolRound, tmp_path: Path, qtbot: QtBot
) -> None:
    dialog = looked(part, context, qtbot, a_file(tmp_path, "007.csv"))
    dialog.keep.click()
    qtbot.waitUntil(lambda: bool(part.table.items()) and part.table.items()[0].figures is not None)
    layers = {layer.name: layer for layer in layers_of(part.table.items()[0], [])}
    assert list(layers["way"].states) == [0, 1, 0]
    assert list(layers["check_points"].states) == [0, 1]
    assert layers_of(None, [])[0].name == "duty"


def test_keys_walk_the_time_line_and_the_days_and_enter_opens_the_round(
    part: TracesPart, context: PageContext, walked: PatrolRound, qtbot: QtBot
) -> None:
    part.refresh()
    qtbot.waitUntil(lambda: len(part.table.items()) == 1)
    qtbot.keyClick(part.line.bars, Qt.Key.Key_Down)
    qtbot.waitUntil(part.rounds.isEnabled)
    assert "没有轨迹" in part.line.bars.accessibleDescription()
    with qtbot.waitSignal(part.wanted) as wanted:
        part.rounds.click()
    assert wanted.args == ["patrols", InPart("rounds", walked.id)]
    qtbot.keyClick(part.table, Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: not part.table.items())
    assert part.day.value() == MONDAY + timedelta(days=1)


def test_words_that_are_no_day_are_told(part: TracesPart, qtbot: QtBot) -> None:
    part.day.setText("昨天")
    part.refresh()
    assert "2026-11-01" in part.told.text()


def test_a_day_without_anything_says_so_and_shows_no_empty_map(part: TracesPart) -> None:
    assert not part.map.isVisible()
    assert not part.line.isVisible()


def test_a_day_goes_out_as_a_sheet_and_on_paper_and_both_say_who_walked(
    part: TracesPart, context: PageContext, walked: PatrolRound, member: Worker, tmp_path: Path, qtbot: QtBot
) -> None:
    dialog = looked(part, context, qtbot, a_file(tmp_path, "007.csv"))
    with qtbot.waitSignal(dialog.taken):
        dialog.keep.click()
    traces, out = context.desk.traces, tmp_path / "day.csv"

    assert traces.export(out, MONDAY, actor=context.actor) == 1
    paper = traces.paper(MONDAY, actor=context.actor)

    head, line = out.read_text(encoding="utf-8-sig").splitlines()
    assert head.startswith("网格员,从,到,公里")
    assert line.startswith(f"{member.name},09:00,09:50,")
    assert "1/2,XC-1" in line
    table = next(block for block in paper.blocks if isinstance(block, Table))
    assert [row[8] for row in table.rows] == ["XC-1"]
    assert "track.export" in [line.deed for line in context.desk.audit.page(actor=context.actor)]
