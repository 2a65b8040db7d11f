"""The part of grids: boundaries are imported, listed by kind, changed, and shown on a small map."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.desk import Desk
from app.domain.directory import Road, Worker, WorkerKind
from app.domain.grids import Boundary, GridKind, PointSystem
from app.domain.permissions import Actor
from ui.pages.context import PageContext
from ui.pages.patrols.grids import KINDS, GridsPart
from ui.pages.patrols.grids_form import grid_dialog
from ui.pages.settings.patrol_rules import PatrolRulesSection

WEST: Boundary = ((((113.60, 34.70), (113.61, 34.70), (113.61, 34.71), (113.60, 34.71), (113.60, 34.70)),),)
CODE = "410105001001001"


@pytest.fixture
def part(context: PageContext, window: QWidget) -> GridsPart:
    """The part in a window."""
    made = GridsPart(context)
    made.setParent(window)
    made.resize(window.size())
    window.show()
    return made


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Two unit grids that overlap, and one that crosses itself."""
    rings = (
        [(113.60, 34.70), (113.61, 34.70), (113.61, 34.71), (113.60, 34.71), (113.60, 34.70)],
        [(113.605, 34.70), (113.615, 34.70), (113.615, 34.71), (113.605, 34.71), (113.605, 34.70)],
        [(113.63, 34.70), (113.64, 34.71), (113.64, 34.70), (113.63, 34.71), (113.63, 34.70)],
    )
    features = [
        {
            "type": "Feature",
            "properties": {"code": f"410105001001{serial:03}", "name": f"网格{serial}"},
            "geometry": {"type": "Polygon", "coordinates": [ring]},
        }
        for serial, ring in enumerate(rings, start=1)
    ]
    path = tmp_path / "units.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    return path


def codes(part: GridsPart) -> list[str]:
    """What the list shows."""
    return [line.grid.code for line in part.grids.items()]


def test_boundaries_come_in_after_a_look_at_every_row(part: GridsPart, desk: Desk, file: Path, qtbot: QtBot) -> None:
    dialog = part.open_import(file)
    qtbot.waitUntil(lambda: dialog.preview is not None)
    assert dialog.words().startswith("共 3 条:新增 2")
    assert dialog.rows.items()[0].refusal is not None, "what cannot be taken stands first"
    assert not dialog._run.isEnabled(), "an overlap waits for a word"
    dialog.form.mend.setChecked(True)
    dialog.form.changed.emit()
    qtbot.waitUntil(lambda: dialog.preview is not None and dialog.preview.count("new") == 3)
    dialog._accept.setChecked(True)
    assert dialog._run.isEnabled()
    with qtbot.waitSignal(dialog.imported):
        dialog.run()
    assert dialog.words().startswith("已导入:新增 3")
    dialog.reject()
    qtbot.waitUntil(lambda: len(part.grids.items()) == 3)
    assert part.kind == GridKind.UNIT, "the kind that has grids is shown"
    assert part.kinds.tabText(KINDS.index(GridKind.UNIT)) == "单元网格 3"


def test_an_import_that_was_stopped_can_go_on(
    part: GridsPart, context: PageContext, desk: Desk, file: Path, qtbot: QtBot
) -> None:
    dialog = part.open_import(file)
    qtbot.waitUntil(lambda: dialog.preview is not None)
    dialog.form.mend.setChecked(True)
    dialog.form.changed.emit()
    qtbot.waitUntil(lambda: dialog.preview is not None and dialog.preview.count("new") == 3)
    dialog._accept.setChecked(True)
    others_turn = threading.Event()
    context.tasks.write(lambda _watch: others_turn.wait())
    dialog.run()
    dialog.reject()
    others_turn.set()
    qtbot.waitUntil(lambda: dialog._task is not None and not dialog._task.running)
    qtbot.waitUntil(lambda: dialog.preview is not None)
    dialog._accept.setChecked(True)
    assert dialog._run.isEnabled()
    with qtbot.waitSignal(dialog.imported):
        dialog.run()
    qtbot.waitUntil(lambda: len(part.grids.items()) == 3)


def test_a_coordinate_system_the_file_speaks_against_is_said_in_red(part: GridsPart, file: Path, qtbot: QtBot) -> None:
    told = json.loads(file.read_text(encoding="utf-8")) | {"name": "单元网格 GCJ-02"}
    file.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    dialog = part.open_import(file)
    qtbot.waitUntil(lambda: dialog.preview is not None)
    box = dialog.form.form.field("boundary_system")
    assert dialog.form.system.value() == PointSystem.GCJ02
    assert not box.wrong()
    dialog.form.system.set_value(PointSystem.WGS84)
    dialog.form.system.edited.emit()
    assert "文件看来是 GCJ-02" in box.wrong()
    dialog.form.system.set_value(PointSystem.GCJ02)
    dialog.form.system.edited.emit()
    assert not box.wrong()
    dialog.reject()


def test_a_grid_is_shown_with_its_member_and_found_by_name(
    part: GridsPart, desk: Desk, actor: Actor, qtbot: QtBot
) -> None:
    member = desk.directory.save(Worker, {"name": "网格员甲", "kind": WorkerKind.COLLECTOR}, actor=actor)
    desk.grids.save({"kind": GridKind.UNIT, "code": CODE, "boundary": WEST}, actor=actor)
    values = {"kind": GridKind.DUTY, "code": "Z01", "name": "一号", "unit_codes": (CODE,), "member_id": member.id}
    duty = desk.grids.save(values, actor=actor)
    part.go(duty.id)
    part.refresh()
    qtbot.waitUntil(lambda: part.detail.shown is not None)
    assert codes(part) == ["Z01"]
    assert "网格员:网格员甲" in part.detail._facts.text()
    part.search.setText("网格员乙")
    assert codes(part) == []
    part.search.setText("一号")
    assert codes(part) == ["Z01"]


def test_a_code_of_another_district_is_said_at_its_field(
    part: GridsPart, context: PageContext, desk: Desk, qtbot: QtBot
) -> None:
    dialog = grid_dialog(context, None, GridKind.UNIT, part)
    dialog.form.fill(code="410103001001001", name="别区的")
    dialog.save()
    qtbot.waitUntil(lambda: bool(dialog.form.field("code").wrong()))
    dialog.form.fill(code=CODE)
    with qtbot.waitSignal(dialog.kept):
        dialog.save()
    assert [grid.code for grid in desk.grids.all()] == [CODE]


def test_an_outline_that_crosses_itself_is_not_kept(part: GridsPart, desk: Desk, actor: Actor, qtbot: QtBot) -> None:
    grid = desk.grids.save({"kind": GridKind.UNIT, "code": CODE, "boundary": WEST}, actor=actor)
    part.go(grid.id)
    part.refresh()
    qtbot.waitUntil(lambda: part.detail.shown is not None)
    detail = part.detail
    detail.start_editing()
    crossed = ((((113.62, 34.705), *WEST[0][0][1:4], (113.62, 34.705)),),)
    detail.map.view.edited.emit(crossed)
    assert "自相交" in detail.words()
    assert not detail._save_outline.isEnabled()
    wider = ((((113.59, 34.69), *WEST[0][0][1:4], (113.59, 34.69)),),)
    detail.map.view.edited.emit(wider)
    with qtbot.waitSignal(detail.saved):
        detail.keep_editing()
    assert desk.grids.get(grid.id).boundary == wider


def test_a_retired_grid_comes_back_by_undo(part: GridsPart, desk: Desk, actor: Actor, qtbot: QtBot) -> None:
    grid = desk.grids.save({"kind": GridKind.UNIT, "code": CODE, "boundary": WEST}, actor=actor)
    part.go(grid.id)
    part.refresh()
    qtbot.waitUntil(lambda: part.detail.shown is not None)
    part.detail.retire_wanted.emit()
    qtbot.waitUntil(lambda: not part.grids.items())
    assert not desk.grids.get(grid.id).active
    window = part.window()
    undo = next(button for button in window.findChildren(QPushButton) if button.text().startswith("撤销"))
    undo.click()
    qtbot.waitUntil(lambda: codes(part) == [CODE])
    assert desk.grids.get(grid.id).active


def test_a_road_shows_its_pieces_and_their_chiefs(part: GridsPart, desk: Desk, actor: Actor, qtbot: QtBot) -> None:
    lines = (((113.6, 34.7), (113.7, 34.7)),)
    road = desk.grids.save_road({"name": "花园路", "chief": "路长甲", "lines": lines}, actor=actor)
    desk.grids.save_segment({"road_id": road.id, "name": "东风路至农业路", "chief": "段长甲"}, actor=actor)
    part.go(road.id)
    part.refresh()
    qtbot.waitUntil(lambda: part.detail.shown is not None)
    assert isinstance(part.detail.shown, Road)
    assert [piece.chief for piece in part.detail.pieces.items()] == ["段长甲"]
    assert "路长:路长甲" in part.detail._facts.text()


def test_everything_is_written_as_geojson(
    part: GridsPart, desk: Desk, actor: Actor, tmp_path: Path, qtbot: QtBot
) -> None:
    desk.grids.save({"kind": GridKind.UNIT, "code": CODE, "boundary": WEST}, actor=actor)
    out = tmp_path / "out.geojson"
    part.deeds.export(out)
    qtbot.waitUntil(out.exists)
    assert json.loads(out.read_text(encoding="utf-8"))["features"][0]["properties"]["code"] == CODE


def test_the_rules_are_kept_as_a_new_version(context: PageContext, window: QWidget, desk: Desk, qtbot: QtBot) -> None:
    section = PatrolRulesSection(context)
    section.setParent(window)
    section.refresh()
    section.form.fill(code_length=16, gap_minutes=8, lamp_main_target=0.985)
    section.save()
    qtbot.waitUntil(lambda: section.said().startswith("已保存"))
    rules = desk.grids.rules()
    assert (rules.code_length, rules.gap_minutes, rules.lamp_main_target) == (16, 8, 0.985)
    section.form.fill(gap_minutes=0)
    section.save()
    assert section.form.field("gap_minutes").wrong()
    assert desk.grids.rules().gap_minutes == 8
