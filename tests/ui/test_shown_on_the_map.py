"""Every record that has a place leads to it on the map, by a button or a key."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.desk import Desk
from app.domain.map_views import MapPlace
from app.domain.patrols import CheckGrade
from app.domain.permissions import Actor
from tests.on_the_map import put_case, put_facility, put_finding, put_grid, put_round, put_track
from tests.ui.typing_hands import press
from ui.map.layers import MapLayer
from ui.pages.cases.detail import DetailPane
from ui.pages.context import PageContext
from ui.pages.facilities.page import FacilitiesPage
from ui.pages.map.page import MapPage
from ui.pages.patrols.findings import FindingsPart
from ui.pages.patrols.rounds import RoundsPart
from ui.pages.patrols.traces import TracesPart

HERE = (113.66, 34.75)
MONDAY = date(2026, 11, 2)


def shown(window: QWidget, page: QWidget, qtbot: QtBot) -> None:
    QVBoxLayout(window).addWidget(page)
    window.show()
    qtbot.waitExposed(window)


def middle(page: MapPage) -> tuple[float, float]:
    west, south, east, north = page.view.bounds()
    return (west + east) / 2, (south + north) / 2


def test_a_case_with_a_point_leads_to_the_map_and_one_without_does_not(
    context: PageContext, desk: Desk, actor: Actor, window: QWidget, qtbot: QtBot
) -> None:
    placed, nowhere = put_case(desk, actor, *HERE, local_no="JS-A"), put_case(desk, actor, None, None, local_no="JS-B")
    pane = DetailPane(context)
    shown(window, pane, qtbot)
    pane.show_case(placed.id)
    qtbot.waitUntil(lambda: pane.findChild(QPushButton, "link_place") is not None)
    button = pane.findChild(QPushButton, "link_place")
    assert button is not None

    with qtbot.waitSignal(pane.elsewhere_wanted) as asked:
        button.click()
    page, place = asked.args
    pane.show_case(nowhere.id)

    assert (page, place.bounds, place.kind, place.id) == ("map", (*HERE, *HERE), "case", placed.id)
    qtbot.waitUntil(lambda: pane.findChild(QPushButton, "link_place") is None)


def test_m_shows_a_finding_on_the_map(
    context: PageContext, desk: Desk, actor: Actor, window: QWidget, qtbot: QtBot
) -> None:
    finding = put_finding(desk, actor, desk.clock.now())
    part = FindingsPart(context)
    shown(window, part, qtbot)
    part.go(finding.id)
    qtbot.waitUntil(lambda: part.detail.detail is not None)
    part.list.table.view.setFocus(Qt.FocusReason.OtherFocusReason)

    with qtbot.waitSignal(part.wanted) as asked:
        press(part.list.table.view, Qt.Key.Key_M)

    assert asked.args[0] == "map"
    assert asked.args[1].bounds == (*HERE, *HERE)


def test_f8_shows_a_facility_on_the_map(
    context: PageContext, desk: Desk, actor: Actor, window: QWidget, qtbot: QtBot
) -> None:
    lamp = put_facility(desk, actor, *HERE)
    page = FacilitiesPage(context)
    shown(window, page, qtbot)
    page.go(lamp.id)
    qtbot.waitUntil(lambda: page.detail.facility is not None)
    page.list.table.view.setFocus()

    with qtbot.waitSignal(page.wanted) as asked:
        qtbot.keyClick(page.list.table.view, Qt.Key.Key_F8)

    assert asked.args == ["map", MapPlace("路灯", (*HERE, *HERE), "facility", lamp.id)]


def test_a_round_s_check_points_are_laid_over_the_map_and_lead_back_to_it(
    context: PageContext, desk: Desk, actor: Actor, window: QWidget, qtbot: QtBot
) -> None:
    walk = put_round(desk, actor, MONDAY, {1: CheckGrade.GOOD})
    part, page = RoundsPart(context), MapPage(context)
    QVBoxLayout(window).addWidget(part)
    window.layout().addWidget(page)
    window.show()
    qtbot.waitExposed(window)
    part.go(walk.id)
    qtbot.waitUntil(lambda: part.detail.detail is not None)
    said = part.detail.findChild(QLabel, "round_found")
    assert said is not None

    with qtbot.waitSignal(part.wanted) as asked:
        said.linkActivated.emit("map:")
    page.go(asked.args[1])
    qtbot.waitUntil(lambda: not context.tasks.busy())

    assert asked.args[0] == "map"
    assert all(isinstance(layer, MapLayer) for layer in asked.args[1])
    assert middle(page) == pytest.approx((113.66, 34.74), abs=1e-4)
    hits = [hit for hit in page.view.scene.within(page.view.camera.box()) if hit.layer == "points"]
    assert {(hit.kind, hit.id) for hit in hits} == {("round", walk.id)}
    page.ground.close()


def test_the_map_goes_to_the_place_brought_and_ticks_what_it_is(
    context: PageContext, desk: Desk, actor: Actor, window: QWidget, qtbot: QtBot
) -> None:
    put_grid(desk, actor)
    lamp = put_facility(desk, actor, 113.70, 34.78)
    page = MapPage(context)
    shown(window, page, qtbot)
    assert not page.layers.ticks["facility"].isChecked()

    page.go(MapPlace("路灯", (113.70, 34.78, 113.70, 34.78), "facility", lamp.id))
    qtbot.waitUntil(lambda: not context.tasks.busy())

    assert middle(page) == pytest.approx((113.70, 34.78), abs=1e-4)
    assert page.layers.ticks["facility"].isChecked()
    page.ground.close()


def test_the_track_of_a_round_leads_to_its_day_and_its_line(
    context: PageContext, desk: Desk, actor: Actor, window: QWidget, qtbot: QtBot
) -> None:
    put_round(desk, actor, date(2026, 10, 20), {})
    track = put_track(desk, actor, date(2026, 10, 20), datetime(2026, 10, 20, 1, tzinfo=UTC))
    part = TracesPart(context)
    shown(window, part, qtbot)

    part.go(track.id)

    qtbot.waitUntil(lambda: part.table.current() is not None)
    current = part.table.current()
    assert current is not None
    assert part.day.value() == date(2026, 10, 20)
    assert [one.id for one in current.tracks] == [track.id]
