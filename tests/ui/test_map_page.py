"""The map page, the map that asks for a place, the little map: as a clerk uses them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QColor, QGuiApplication, QImage
from PySide6.QtWidgets import QApplication, QFrame, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.desk import Desk
from app.domain.mercator import tile_at, to_metres
from app.domain.permissions import Actor
from app.domain.places import wgs84_to_gcj02
from tests.on_the_map import put_case, put_facility, put_finding, put_grid, put_road, put_track
from tests.services.tiles import make_tiles
from ui.forms.entry_point import PointInput
from ui.map.layers import MapHit
from ui.map.mini import MiniMap
from ui.map.place_dialog import PlaceDialog
from ui.pages.context import PageContext
from ui.pages.map.page import MapPage
from ui.widgets.sections import InPart

RED_TILE = QColor("#c04080")


@pytest.fixture
def settle(context: PageContext, qtbot: QtBot) -> Callable[[], None]:
    """Wait until everything asked for was read and shown."""
    return lambda: qtbot.waitUntil(lambda: not context.tasks.busy())


@pytest.fixture
def opened(
    context: PageContext, window: QWidget, settle: Callable[[], None], qtbot: QtBot
) -> Iterator[Callable[[], MapPage]]:
    """Opens the page; whatever was laid under it is let go at the end."""
    pages: list[MapPage] = []

    def open_page() -> MapPage:
        page = MapPage(context)
        layout = window.layout() or QVBoxLayout(window)
        layout.addWidget(page)
        window.show()
        qtbot.waitExposed(window)
        settle()
        pages.append(page)
        return page

    yield open_page
    for page in pages:
        page.ground.close()


def test_what_the_office_has_is_counted_and_drawn(
    desk: Desk, actor: Actor, opened: Callable[[], MapPage], settle: Callable[[], None]
) -> None:
    put_grid(desk, actor)
    put_case(desk, actor, 113.66, 34.75)
    put_facility(desk, actor, 113.67, 34.75)

    page = opened()

    assert page.filling.count_words("case") == "1"
    assert page.filling.count_words("district") == "1"
    assert page.filling.count_words("facility") == "", "facilities are not read before they are ticked"
    page.layers.ticks["facility"].setChecked(True)
    settle()
    assert page.filling.count_words("facility") == "1"


def test_a_case_reported_meanwhile_appears_by_itself(
    desk: Desk, actor: Actor, opened: Callable[[], MapPage], qtbot: QtBot
) -> None:
    page = opened()

    put_case(desk, actor, 113.66, 34.75)

    qtbot.waitUntil(lambda: page.filling.count_words("case") == "1")


def test_a_page_behind_others_reads_what_changed_when_it_comes_to_the_front(
    desk: Desk, actor: Actor, opened: Callable[[], MapPage], settle: Callable[[], None], qtbot: QtBot
) -> None:
    page = opened()
    page.hide()
    put_case(desk, actor, 113.66, 34.75)
    qtbot.waitUntil(lambda: "case" in page.filling.stale())
    settle()
    before = page.filling.count_words("case")

    page.show()

    qtbot.waitUntil(lambda: page.filling.count_words("case") == "1")
    assert before == "0"


def test_ticks_are_remembered(context: PageContext, opened: Callable[[], MapPage]) -> None:
    first = opened()
    first.layers.ticks["unit"].setChecked(True)
    first.layers.ticks["case"].setChecked(False)

    second = MapPage(context)

    assert second.layers.ticks["unit"].isChecked()
    assert not second.layers.ticks["case"].isChecked()
    second.deleteLater()


def test_without_any_boundary_the_page_says_how_to_import_one_and_shows_points(
    desk: Desk, actor: Actor, opened: Callable[[], MapPage], qtbot: QtBot
) -> None:
    put_case(desk, actor, 113.66, 34.75)
    page = opened()
    button = page.findChild(QWidget, "map_import")
    assert button is not None

    with qtbot.waitSignal(page.wanted) as wanted:
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)

    assert isinstance(page.hint, QFrame)
    assert page.hint.isVisible()
    assert wanted.args == ["patrols", InPart("grids")]
    west, _south, east, _north = page.view.bounds()
    assert west < 113.66 < east


def test_with_a_boundary_nothing_is_said(desk: Desk, actor: Actor, opened: Callable[[], MapPage]) -> None:
    put_grid(desk, actor)

    assert not opened().hint.isVisible()


def test_a_click_on_a_case_opens_it_in_its_page(
    desk: Desk, actor: Actor, opened: Callable[[], MapPage], qtbot: QtBot
) -> None:
    case = put_case(desk, actor, 113.66, 34.75)
    page = opened()
    page.go((113.66, 34.75))

    with qtbot.waitSignal(page.wanted) as wanted:
        qtbot.mouseClick(page.view, Qt.MouseButton.LeftButton, pos=page.view.rect().center())

    assert wanted.args == ["cases", case.id]


def test_a_click_on_a_finding_opens_it_among_the_patrols(
    desk: Desk, actor: Actor, opened: Callable[[], MapPage], qtbot: QtBot
) -> None:
    finding = put_finding(desk, actor, desk.clock.now())
    page = opened()
    page.go((113.66, 34.75))

    with qtbot.waitSignal(page.wanted) as wanted:
        qtbot.mouseClick(page.view, Qt.MouseButton.LeftButton, pos=page.view.rect().center())

    assert wanted.args == ["patrols", InPart("findings", finding.id)]


def test_a_track_without_a_round_opens_among_the_traces(
    desk: Desk, actor: Actor, opened: Callable[[], MapPage], qtbot: QtBot
) -> None:
    track = put_track(desk, actor, desk.reference.today(), desk.clock.now())
    page = opened()
    page.go((113.66, 34.74))

    with qtbot.waitSignal(page.wanted) as wanted:
        qtbot.mouseClick(page.view, Qt.MouseButton.LeftButton, pos=page.view.rect().center())

    assert wanted.args == ["patrols", InPart("traces", track.id)]


def test_a_click_into_an_area_lists_it_and_enter_opens_it(
    desk: Desk, actor: Actor, opened: Callable[[], MapPage], qtbot: QtBot
) -> None:
    grid = put_grid(desk, actor)
    page = opened()
    with qtbot.assertNotEmitted(page.wanted):
        qtbot.mouseClick(page.view, Qt.MouseButton.LeftButton, pos=page.view.rect().center())

    with qtbot.waitSignal(page.wanted) as wanted:
        qtbot.mouseClick(page.found.findChild(QWidget, "map_found_open"), Qt.MouseButton.LeftButton)

    assert wanted.args == ["patrols", InPart("grids", grid.id)]


def test_a_rectangle_lists_what_it_holds_and_copies_it(desk: Desk, actor: Actor, opened: Callable[[], MapPage]) -> None:
    put_grid(desk, actor)
    put_case(desk, actor, 113.66, 34.75, local_no="JS-A")
    put_case(desk, actor, 113.67, 34.75, local_no="JS-B")
    page = opened()

    page.view.choose(page.view.camera.box())
    page.found.copy()

    assert {hit.title for hit in page.found.hits()} == {"JS-A 店外经营", "JS-B 店外经营", "金水区"}
    assert "未结案件\tJS-A 店外经营" in QGuiApplication.clipboard().text().splitlines()


def test_facilities_of_a_rectangle_open_in_their_list(
    desk: Desk, actor: Actor, opened: Callable[[], MapPage], settle: Callable[[], None], qtbot: QtBot
) -> None:
    lamps = {put_facility(desk, actor, 113.66 + step / 1000, 34.75).id for step in range(3)}
    put_case(desk, actor, 113.67, 34.75)
    page = opened()
    page.layers.ticks["facility"].setChecked(True)
    settle()
    page.view.choose(page.view.camera.box().grown(2000))

    with qtbot.waitSignal(page.wanted) as wanted:
        qtbot.mouseClick(page.found.findChild(QWidget, "map_found_in_list"), Qt.MouseButton.LeftButton)

    assert wanted.args == ["facilities", frozenset(lamps)]


def test_the_search_goes_to_what_it_finds_and_says_when_it_finds_nothing(
    desk: Desk,
    actor: Actor,
    context: PageContext,
    opened: Callable[[], MapPage],
    settle: Callable[[], None],
    qtbot: QtBot,
) -> None:
    put_grid(desk, actor)
    put_case(desk, actor, 113.7, 34.78, local_no="JS-260001")
    page = opened()

    page.search.line.setText("JS-26")
    qtbot.keyClick(page.search.line, Qt.Key.Key_Return)
    settle()
    west, south, east, north = page.view.bounds()
    page.search.line.setText("没有这条路")
    qtbot.keyClick(page.search.line, Qt.Key.Key_Return)
    settle()

    assert ((west + east) / 2, (south + north) / 2) == pytest.approx((113.7, 34.78), abs=1e-5)
    assert "没有这条路" in context.notices.shown()


def test_going_to_a_record_waits_until_its_layer_is_read(
    desk: Desk, actor: Actor, opened: Callable[[], MapPage], settle: Callable[[], None]
) -> None:
    put_grid(desk, actor)
    lamp = put_facility(desk, actor, 113.7, 34.78)
    page = opened()

    page.go(MapHit("facility", lamp.id))
    settle()

    west, south, east, north = page.view.bounds()
    assert ((west + east) / 2, (south + north) / 2) == pytest.approx((113.7, 34.78), abs=1e-5)


def test_findings_older_than_the_days_chosen_are_left_out(
    desk: Desk, actor: Actor, opened: Callable[[], MapPage], settle: Callable[[], None]
) -> None:
    put_finding(desk, actor, desk.clock.now() - timedelta(days=20))
    page = opened()
    assert page.filling.count_words("finding") == "0"

    page.days.set_value(30)
    page.days.edited.emit()
    settle()

    assert page.filling.count_words("finding") == "1"


def test_the_exported_picture_is_told_and_says_whose_data_it_is(
    desk: Desk, actor: Actor, context: PageContext, opened: Callable[[], MapPage], tmp_path: Path
) -> None:
    put_grid(desk, actor)
    page = opened()

    assert page.export(tmp_path / "map.png")

    assert "map.png" in context.notices.shown()
    assert QImage(str(tmp_path / "map.png")).width() > page.view.width()


def a_base_map(folder: Path, metadata: dict[str, str] | None = None) -> Path:
    """Pink tiles over the middle of 金水区, at three distances."""
    picture = QImage(256, 256, QImage.Format.Format_RGB32)
    picture.fill(RED_TILE)
    file = folder / "tile.png"
    picture.save(str(file))
    tiles = {}
    for zoom in (12, 14, 16):
        column, row = tile_at(*to_metres(113.66, 34.75), zoom)
        for right in range(-2, 3):
            for down in range(-2, 3):
                tiles[(zoom, column + right, row + down)] = file.read_bytes()
    return make_tiles(folder / "city.mbtiles", tiles, metadata or {})


def middle_colour(page: MapPage) -> QColor:
    return QColor(page.view.grab().toImage().pixel(page.view.rect().center()))


def test_a_base_map_lies_under_the_layers_and_comes_back_at_the_next_start(
    context: PageContext, opened: Callable[[], MapPage], settle: Callable[[], None], tmp_path: Path, qtbot: QtBot
) -> None:
    page = opened()
    page.view.look_at(113.655, 34.745, 113.665, 34.755)

    page.ground.open(a_base_map(tmp_path))
    settle()
    qtbot.waitUntil(lambda: middle_colour(page) == RED_TILE)
    again = opened()
    again.view.look_at(113.655, 34.745, 113.665, 34.755)
    qtbot.waitUntil(lambda: middle_colour(again) == RED_TILE)
    again.ground.take_away()

    assert middle_colour(again) != RED_TILE
    assert context.settings.get().basemap == ""


def test_tiles_drawn_in_gcj_02_are_told_and_moved(
    context: PageContext, opened: Callable[[], MapPage], settle: Callable[[], None], tmp_path: Path
) -> None:
    page = opened()

    page.ground.open(a_base_map(tmp_path, {"crs": "GCJ-02"}))
    settle()

    assert page.ground.shift.isChecked()
    assert "GCJ-02" in context.notices.shown()
    assert context.settings.get().basemap_shifted


def test_what_a_gcj_02_map_shows_of_a_place_lies_at_the_place(
    opened: Callable[[], MapPage], settle: Callable[[], None], tmp_path: Path, qtbot: QtBot
) -> None:
    place = (113.66, 34.75)
    # One tile 250 m wide where a Chinese map service draws the place: half a kilometre from where WGS-84 has it.
    tile = (17, *tile_at(*to_metres(*wgs84_to_gcj02(*place)), 17))
    picture = QImage(256, 256, QImage.Format.Format_RGB32)
    picture.fill(RED_TILE)
    picture.save(str(tmp_path / "tile.png"))
    file = make_tiles(tmp_path / "one.mbtiles", {tile: (tmp_path / "tile.png").read_bytes()}, {"crs": "GCJ-02"})
    page = opened()
    page.view.look_at_place(*place, 300)
    page.view.set_pin(None, None)

    page.ground.open(file)
    settle()
    qtbot.waitUntil(lambda: middle_colour(page) == RED_TILE)
    page.ground.shift.setChecked(False)

    qtbot.waitUntil(lambda: middle_colour(page) != RED_TILE)


def test_a_base_map_that_went_away_is_said_and_the_map_goes_on(
    context: PageContext, opened: Callable[[], MapPage], settle: Callable[[], None], tmp_path: Path
) -> None:
    context.settings.change(basemap=str(tmp_path / "gone.mbtiles"))

    page = opened()
    settle()

    assert "gone.mbtiles" in context.notices.shown()
    assert page.view.scene.ground is None


def test_a_place_is_clicked_in_its_own_window_and_its_street_is_said(
    desk: Desk, actor: Actor, context: PageContext, window: QWidget, settle: Callable[[], None], qtbot: QtBot
) -> None:
    put_grid(desk, actor)
    put_road(desk, actor)
    dialog = PlaceDialog(context, (113.66, 34.76), window)
    dialog.show()
    qtbot.waitExposed(dialog)
    settle()

    qtbot.mouseClick(dialog.view, Qt.MouseButton.LeftButton, pos=dialog.view.rect().center())
    settle()
    qtbot.keyClick(dialog.view, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)

    assert dialog.place == pytest.approx((113.66, 34.76), abs=1e-4)
    said = dialog.findChild(QWidget, "place_said").property("text")
    assert "花园路" in said
    assert dialog.result() == PlaceDialog.DialogCode.Accepted


def test_escape_leaves_the_place_as_it_was(
    context: PageContext, window: QWidget, settle: Callable[[], None], qtbot: QtBot
) -> None:
    dialog = PlaceDialog(context, None, window)
    dialog.show()
    qtbot.waitExposed(dialog)
    settle()

    qtbot.keyClick(dialog.view, Qt.Key.Key_Escape)

    assert dialog.isHidden()
    assert dialog.result() == PlaceDialog.DialogCode.Rejected


def take_the_middle(qtbot: QtBot) -> None:
    """What a person does in the open window: a click in the middle, then the button that takes it."""
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, PlaceDialog)
    qtbot.mouseClick(dialog.view, Qt.MouseButton.LeftButton, pos=dialog.view.rect().center())
    qtbot.mouseClick(dialog.findChild(QWidget, "place_take"), Qt.MouseButton.LeftButton)


def test_the_entry_of_a_case_takes_a_place_from_the_map_and_says_so(
    context: PageContext, window: QWidget, settle: Callable[[], None], qtbot: QtBot
) -> None:
    entry = PointInput()
    entry.setParent(window)
    entry.offer_map(context)
    entry.take(113.66, 34.75)
    window.show()
    QTimer.singleShot(0, entry, partial(take_the_middle, qtbot))

    entry.ask_map()
    settle()

    point = entry.point()
    assert point is not None
    assert (point.longitude, point.latitude) == pytest.approx((113.66, 34.75), abs=1e-4)
    assert point.source["system"] == "WGS-84"
    assert point.source["map"] is True


def test_a_place_typed_over_the_clicked_one_is_no_longer_called_clicked(window: QWidget) -> None:
    entry = PointInput()
    entry.setParent(window)
    entry.take_from_map(113.66, 34.75)
    kept = entry.typed()

    entry.restore(["113.70, 34.78", "WGS-84"])
    typed = entry.point()
    entry.restore(kept)
    restored = entry.point()

    assert typed is not None
    assert "map" not in typed.source
    assert restored is not None
    assert restored.source["map"] is True


def test_the_little_map_shows_an_area_a_line_and_a_place(
    desk: Desk, actor: Actor, context: PageContext, window: QWidget, settle: Callable[[], None]
) -> None:
    grid, road = put_grid(desk, actor), put_road(desk, actor)
    little = MiniMap(context, window)
    little.resize(300, 240)

    little.show_area(grid.id, grid.name, grid.boundary)
    settle()
    area = little.view.bounds()
    little.show_lines(road.id, road.name, road.lines)
    line = little.view.bounds()
    little.show_place(113.66, 34.75)
    place = little.view.bounds()

    assert area[0] < 113.62 < 113.72 < area[2]
    assert line[0] < 113.62 < 113.72 < line[2]
    assert (place[0] + place[2]) / 2 == pytest.approx(113.66, abs=1e-6)
    assert place[2] - place[0] < 0.02
