"""The map itself: what is drawn where, what a click finds, and that nothing needs the mouse."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID, uuid4

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.domain.grids import Boundary
from app.domain.problems import Unavailable
from ui.map.furniture import Name, paint_names
from ui.map.layers import MapHit, MapLayer, PackedIds
from ui.map.looks import Look, light_look
from ui.map.spots import Spots
from ui.map.view import MapView
from ui.theme import apply_theme, light_colour

WEST, SOUTH, EAST, NORTH = 113.60, 34.70, 113.80, 34.86
SQUARE: Boundary = (((((113.62, 34.72), (113.72, 34.72), (113.72, 34.80), (113.62, 34.80), (113.62, 34.72))),),)
LIGHTS = [light_look("red", "超期"), light_look("green", "按时")]
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def view(qapp: QApplication, qtbot: QtBot) -> Iterator[MapView]:
    apply_theme(qapp, "light")
    made = MapView()
    qtbot.addWidget(made)
    made.resize(800, 600)
    made.show()
    qtbot.waitExposed(made)
    made.look_at(WEST, SOUTH, EAST, NORTH)
    yield made
    made.hide()


def cases(places: list[tuple[float, float]], states: list[int] | None = None) -> MapLayer:
    return MapLayer.of_points(
        "case",
        "案件",
        "case",
        [uuid4() for _place in places],
        [place[0] for place in places],
        [place[1] for place in places],
        looks=LIGHTS,
        states=states,
        titles=[f"JS-{at}" for at, _place in enumerate(places)],
    )


def district(boundary: Boundary = SQUARE, name: str = "金水区") -> MapLayer:
    look = Look("区县", fill=60)
    return MapLayer.of_areas("district", "区县边界", "grid", [uuid4()], [boundary], looks=[look], titles=[name])


def road() -> MapLayer:
    line = ((113.60, 34.75), (113.80, 34.75))
    return MapLayer.of_lines("road", "道路", "road", [uuid4()], [[line]], looks=[Look("道路")], titles=["花园路"])


def pixel_of(view: MapView, longitude: float, latitude: float) -> QPoint:
    """Where a place is on the window, by the map's own corners: not by the code that draws."""
    west, south, east, north = view.bounds()
    right = (longitude - west) / (east - west) * view.width()
    down = (north - latitude) / (north - south) * view.height()
    return QPoint(round(right), round(down))


def drag(view: MapView, start: QPoint, end: QPoint, keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """Press, two moves, release, as a hand does."""
    steps = (
        (QEvent.Type.MouseButtonPress, start, LEFT),
        (QEvent.Type.MouseMove, (start + end) / 2, Qt.MouseButton.NoButton),
        (QEvent.Type.MouseMove, end, Qt.MouseButton.NoButton),
        (QEvent.Type.MouseButtonRelease, end, LEFT),
    )
    for kind, at, button in steps:
        place = QPointF(at)
        held = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseButtonRelease else LEFT
        event = QMouseEvent(kind, place, QPointF(view.mapToGlobal(at)), button, held, keys)
        QApplication.sendEvent(view, event)


def click(view: MapView, at: QPoint) -> None:
    drag(view, at, at)


def press(view: QWidget, key: Qt.Key, text: str = "") -> None:
    QApplication.sendEvent(view, QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier, text))


def test_a_click_on_a_case_gives_the_case_and_not_the_district_under_it(view: MapView, qtbot: QtBot) -> None:
    layer = cases([(113.65, 34.75), (113.70, 34.78)])
    view.set_layers([district(), layer])
    view.look_at(WEST, SOUTH, EAST, NORTH)

    with qtbot.waitSignal(view.picked) as picked:
        click(view, pixel_of(view, 113.70, 34.78))

    assert picked.args == [MapHit("case", layer.ids[1], "case", "JS-1")]


def test_a_click_beside_every_point_gives_the_smallest_area_there(view: MapView, qtbot: QtBot) -> None:
    inner = (((((113.64, 34.74), (113.66, 34.74), (113.66, 34.76), (113.64, 34.76), (113.64, 34.74))),),)
    view.set_layers([district(inner, "网格"), district()])
    view.look_at(WEST, SOUTH, EAST, NORTH)

    with qtbot.waitSignal(view.picked) as picked:
        click(view, pixel_of(view, 113.65, 34.75))

    assert picked.args[0].title == "网格"


def test_a_click_near_a_road_gives_the_road(view: MapView, qtbot: QtBot) -> None:
    layer = road()
    view.set_layers([district(), layer])
    view.look_at(WEST, SOUTH, EAST, NORTH)

    with qtbot.waitSignal(view.picked) as picked:
        click(view, pixel_of(view, 113.65, 34.75) + QPoint(0, 3))

    assert picked.args[0] == MapHit("road", layer.ids[0], "road", "花园路")


def test_a_click_into_the_hole_of_an_area_does_not_hit_it(view: MapView, qtbot: QtBot) -> None:
    hole = ((113.64, 34.74), (113.70, 34.74), (113.70, 34.78), (113.64, 34.78), (113.64, 34.74))
    view.set_layers([district(((SQUARE[0][0], hole),))])
    view.look_at(WEST, SOUTH, EAST, NORTH)

    with qtbot.assertNotEmitted(view.picked):
        click(view, pixel_of(view, 113.67, 34.76))


def test_a_layer_left_out_is_neither_drawn_nor_hit(view: MapView, qtbot: QtBot) -> None:
    view.set_layers([cases([(113.65, 34.75)])])
    view.look_at(WEST, SOUTH, EAST, NORTH)
    view.show_layer("case", False)

    with qtbot.assertNotEmitted(view.picked):
        click(view, pixel_of(view, 113.65, 34.75))
    colour = QColor(view.grab().toImage().pixel(pixel_of(view, 113.65, 34.75)))
    assert colour.lightness() > 200


def test_a_rectangle_gives_everything_in_it_cases_before_areas(view: MapView, qtbot: QtBot) -> None:
    layer = cases([(113.65, 34.75), (113.70, 34.78), (113.79, 34.71)])
    view.set_layers([district(), layer])
    view.look_at(WEST, SOUTH, EAST, NORTH)

    with qtbot.waitSignal(view.selected) as selected:
        drag(view, pixel_of(view, 113.61, 34.81), pixel_of(view, 113.73, 34.715), Qt.KeyboardModifier.ShiftModifier)

    assert [hit.title for hit in selected.args[0]] == ["JS-0", "JS-1", "金水区"]


def test_the_space_key_lists_all_that_is_in_sight(view: MapView, qtbot: QtBot) -> None:
    view.set_layers([cases([(113.65, 34.75), (113.70, 34.78), (120.0, 30.0)])])
    view.look_at(WEST, SOUTH, EAST, NORTH)

    with qtbot.waitSignal(view.selected) as selected:
        press(view, Qt.Key.Key_Space)

    assert [hit.title for hit in selected.args[0]] == ["JS-0", "JS-1"]


def test_while_choosing_a_rectangle_needs_no_shift(view: MapView, qtbot: QtBot) -> None:
    view.set_layers([cases([(113.65, 34.75)])])
    view.look_at(WEST, SOUTH, EAST, NORTH)
    view.set_chooses(True)

    with qtbot.waitSignal(view.selected) as selected:
        drag(view, pixel_of(view, 113.61, 34.81), pixel_of(view, 113.73, 34.715))

    assert [hit.title for hit in selected.args[0]] == ["JS-0"]


def test_nothing_is_opened_while_a_boundary_is_worked_on(view: MapView, qtbot: QtBot) -> None:
    view.set_layers([district(), cases([(113.67, 34.76)])])
    view.edit_area(SQUARE)
    view.look_at(WEST, SOUTH, EAST, NORTH)

    with qtbot.assertNotEmitted(view.picked), qtbot.assertNotEmitted(view.edited):
        click(view, pixel_of(view, 113.67, 34.76))


def test_dragging_moves_the_map_and_opens_nothing(view: MapView, qtbot: QtBot) -> None:
    view.set_layers([cases([(113.70, 34.78)])])
    view.look_at(WEST, SOUTH, EAST, NORTH)
    before = view.bounds()

    with qtbot.assertNotEmitted(view.picked):
        drag(view, pixel_of(view, 113.70, 34.78), pixel_of(view, 113.70, 34.78) + QPoint(100, 0))

    after = view.bounds()
    moved = (before[2] - before[0]) * 100 / view.width()
    assert before[0] - after[0] == pytest.approx(moved, rel=1e-3)


def test_the_wheel_goes_nearer_and_the_place_under_the_pointer_stays(view: MapView) -> None:
    at = QPoint(200, 150)
    before = view.camera.degrees(at.x(), at.y())

    view.see(view.camera.zoomed(2, at.x(), at.y()))

    assert view.camera.degrees(at.x(), at.y()) == pytest.approx(before, abs=1e-9)


def test_place_mode_answers_a_click_with_its_coordinates(view: MapView, qtbot: QtBot) -> None:
    view.set_layers([cases([(113.70, 34.78)])])
    view.look_at(WEST, SOUTH, EAST, NORTH)
    view.ask_place()

    with qtbot.assertNotEmitted(view.picked), qtbot.waitSignal(view.placed) as placed:
        click(view, pixel_of(view, 113.70, 34.78))

    # A pixel of this window is about 25 m.
    assert placed.args == pytest.approx([113.70, 34.78], abs=0.0006)


def test_the_keys_move_the_map_and_enter_places_at_the_cross(view: MapView, qtbot: QtBot) -> None:
    view.ask_place()
    west, _south, east, _north = view.bounds()
    middle = ((west + east) / 2, view.camera.degrees(0, view.height() / 2)[1])

    press(view, Qt.Key.Key_Right)
    press(view, Qt.Key.Key_Left)
    with qtbot.waitSignal(view.placed) as placed:
        press(view, Qt.Key.Key_Return)

    assert placed.args == pytest.approx(middle, abs=1e-6)


def test_tab_goes_through_the_layers_and_enter_opens_the_nearest(view: MapView, qtbot: QtBot) -> None:
    layer = cases([(113.62, 34.72), (113.705, 34.785)])
    view.set_layers([district(), road(), layer])
    view.look_at(WEST, SOUTH, EAST, NORTH)
    told: list[str] = []
    view.layer_changed.connect(told.append)

    press(view, Qt.Key.Key_Tab)
    with qtbot.waitSignal(view.picked) as picked:
        press(view, Qt.Key.Key_Return)
    press(view, Qt.Key.Key_Tab)
    press(view, Qt.Key.Key_Tab)

    assert picked.args[0].title == "JS-1"
    assert told == ["case", "road", "district"]


def test_home_shows_all_there_is(view: MapView) -> None:
    view.set_layers([district()])
    view.look_at_place(113.70, 34.78)

    press(view, Qt.Key.Key_Home)

    west, south, east, north = view.bounds()
    assert west < 113.62
    assert south < 34.72
    assert east > 113.72
    assert north > 34.80


def test_a_corner_is_dragged_and_the_change_is_taken_back(view: MapView, qtbot: QtBot) -> None:
    view.edit_area(SQUARE)
    view.look_at(WEST, SOUTH, EAST, NORTH)

    with qtbot.waitSignal(view.edited) as edited:
        drag(view, pixel_of(view, 113.72, 34.80), pixel_of(view, 113.75, 34.83))
    corners = edited.args[0][0][0]
    with qtbot.waitSignal(view.edited) as undone:
        view.undo_edit()

    assert corners[2] == pytest.approx((113.75, 34.83), abs=0.001)
    assert corners[:2] == SQUARE[0][0][:2]
    assert corners[0] == corners[-1]
    assert undone.args[0] == SQUARE
    assert not view.undo_edit()


def test_a_corner_is_put_on_an_edge_and_removed_again(view: MapView, qtbot: QtBot) -> None:
    view.edit_area(SQUARE)
    view.look_at(WEST, SOUTH, EAST, NORTH)

    with qtbot.waitSignal(view.edited) as inserted:
        drag(view, pixel_of(view, 113.67, 34.80), pixel_of(view, 113.67, 34.82))
    with qtbot.waitSignal(view.edited) as removed:
        press(view, Qt.Key.Key_Delete)

    assert len(inserted.args[0][0][0]) == len(SQUARE[0][0]) + 1
    assert inserted.args[0][0][0][3] == pytest.approx((113.67, 34.82), abs=0.001)
    assert removed.args[0] == SQUARE


def test_an_area_keeps_at_least_three_corners(view: MapView, qtbot: QtBot) -> None:
    triangle: Boundary = (((((113.62, 34.72), (113.72, 34.72), (113.72, 34.80), (113.62, 34.72))),),)
    view.edit_area(triangle)
    view.look_at(WEST, SOUTH, EAST, NORTH)
    click(view, pixel_of(view, 113.72, 34.80))

    with qtbot.assertNotEmitted(view.edited):
        press(view, Qt.Key.Key_Delete)


def test_points_are_drawn_in_the_colour_of_their_light_where_they_are(view: MapView) -> None:
    view.set_layers([cases([(113.65, 34.75), (113.75, 34.75)], [0, 1])])
    view.look_at(WEST, SOUTH, EAST, NORTH)

    picture = view.grab().toImage()

    assert QColor(picture.pixel(pixel_of(view, 113.65, 34.75))) == light_colour("red")
    assert QColor(picture.pixel(pixel_of(view, 113.75, 34.75))) == light_colour("green")


def test_the_exported_picture_has_the_layers_colour_at_the_place_and_paper_is_light(
    view: MapView, tmp_path: Path, qapp: QApplication
) -> None:
    view.set_layers([cases([(113.70, 34.78)])])
    view.look_at(WEST, SOUTH, EAST, NORTH)
    light = light_colour("red")
    apply_theme(qapp, "dark")

    view.export(tmp_path / "map.png", title="金水区", note="数据来源", date_words="2026-11-20")

    picture = QImage(str(tmp_path / "map.png"))
    ratio = picture.width() / view.width()
    at = pixel_of(view, 113.70, 34.78)
    head = 44
    assert QColor(picture.pixel(round(at.x() * ratio), round((at.y() + head) * ratio))) == light
    assert QColor(picture.pixel(3, 3)) == QColor("white")
    assert (tmp_path / "map.png").read_bytes()[:4] == b"\x89PNG"


def test_the_map_is_written_as_pdf_too(view: MapView, tmp_path: Path) -> None:
    view.set_layers([district(), cases([(113.70, 34.78)])])

    view.export(tmp_path / "map.pdf", title="金水区")

    assert (tmp_path / "map.pdf").read_bytes()[:5] == b"%PDF-"


@pytest.mark.parametrize("name", ["map.png", "map.pdf"])
def test_a_picture_that_cannot_be_written_says_so(view: MapView, tmp_path: Path, name: str) -> None:
    with pytest.raises(Unavailable) as refused:
        view.export(tmp_path / "no-such-folder" / name)

    assert refused.value.code == "map.picture_unwritable"


def test_a_map_without_any_polygon_shows_its_points_over_the_net_of_degrees(view: MapView) -> None:
    view.set_layers([])
    bare = view.grab().toImage()
    view.set_layers([cases([(113.70, 34.78)])])

    colours = {bare.pixel(x, bare.height() // 3) for x in range(bare.width())}

    assert len(colours) > 1, "meridians are drawn"
    west, _south, east, _north = view.bounds()
    assert west < 113.70 < east


CROWD = 20_000


@pytest.fixture(scope="module")
def crowd() -> MapLayer:
    """Far more points than there is room for, some in the very same spot."""
    chance = np.random.default_rng(20261121)
    longitudes = 113.70 + chance.normal(0, 0.02, CROWD)
    latitudes = 34.78 + chance.normal(0, 0.02, CROWD)
    longitudes[:40], latitudes[:40] = 113.70, 34.78
    ids = PackedIds(chance.bytes(16 * CROWD))
    return MapLayer.of_points("facility", "部件", "facility", ids, longitudes, latitudes, looks=[Look("完好")])


@pytest.mark.parametrize("span", [0.4, 0.1, 0.02, 0.002], ids=["city", "district", "street", "house"])
def test_gathered_or_not_every_point_in_sight_can_be_reached_by_a_click(
    view: MapView, crowd: MapLayer, span: float
) -> None:
    view.set_layers([crowd])
    view.look_at(113.70 - span, 34.78 - span, 113.70 + span, 34.78 + span)
    spots, camera = Spots(crowd), view.camera
    drawn = spots.drawn(camera)

    reached: set[int] = set()
    for x, y in zip(drawn.xs.tolist(), drawn.ys.tolist(), strict=True):
        reached.update(spots.at(drawn, x, y).tolist())

    assert set(spots.within(camera.box()).tolist()) <= reached


def test_the_numbers_on_gathered_points_add_up_to_all_of_them(view: MapView, crowd: MapLayer) -> None:
    view.look_at(113.2, 34.3, 114.2, 35.3)

    drawn = Spots(crowd).drawn(view.camera)

    assert drawn.counts.sum() == CROWD
    assert len(drawn.counts) < 1000


def test_a_click_on_gathered_points_goes_nearer_until_they_part(view: MapView, crowd: MapLayer, qtbot: QtBot) -> None:
    view.set_layers([crowd])
    view.look_at(113.5, 34.6, 113.9, 34.96)
    wide = view.camera.scale

    with qtbot.assertNotEmitted(view.picked):
        click(view, pixel_of(view, 113.70, 34.78))

    assert view.camera.scale < wide


def test_points_in_one_spot_are_listed_by_a_click(view: MapView, qtbot: QtBot) -> None:
    view.set_layers([cases([(113.70, 34.78)] * 30)])
    view.look_at(WEST, SOUTH, EAST, NORTH)

    with qtbot.waitSignal(view.selected) as selected:
        click(view, pixel_of(view, 113.70, 34.78))

    assert len(selected.args[0]) == 30


def test_a_thing_is_found_by_its_identity_and_shown(view: MapView) -> None:
    layer = cases([(113.65, 34.75), (113.70, 34.78)])
    view.set_layers([layer])

    assert view.look_at_hit(MapHit("case", layer.ids[1]))
    assert not view.look_at_hit(MapHit("case", UUID(int=1)))

    west, _south, east, _north = view.bounds()
    assert (west + east) / 2 == pytest.approx(113.70, abs=1e-6)


def test_packed_identities_are_found_only_where_one_begins() -> None:
    first, second = UUID(bytes=b"abcdefghijklmnop"), UUID(bytes=b"qrstuvwxyzABCDEF")
    packed = PackedIds(first.bytes + second.bytes)

    assert list(packed) == [first, second]
    assert packed.place_of(second) == 1
    assert packed.place_of(UUID(bytes=b"ijklmnopqrstuvwx")) == -1


def names_written(names: list[Name]) -> int:
    """How many of these names find room on a window of their own."""
    picture = QImage(400, 300, QImage.Format.Format_RGB32)
    painter = QPainter(picture)
    written = len(paint_names(painter, names, QApplication.palette()))
    painter.end()
    return written


def test_names_never_cover_each_other_and_one_is_not_written_twice_beside_itself(qapp: QApplication) -> None:
    crowd = [Name(200, 150, f"第{at}网格", at) for at in range(9)]

    assert names_written(crowd) == 3, "one in its place, one above, one below"
    assert names_written([Name(200, 150, "金水区", 2), Name(200, 152, "金水区", 1)]) == 1
    assert names_written([Name(60, 40, "金水区", 2), Name(340, 250, "金水区", 1)]) == 2
