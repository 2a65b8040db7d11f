"""A point typed into the case form tells its grids and fills in what nobody typed."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from app.desk import Desk
from app.domain.directory import Road
from app.domain.grids import Boundary, GridKind
from app.domain.permissions import Actor
from ui.pages.cases.entry import EntryForm
from ui.pages.context import PageContext

WEST: Boundary = ((((113.60, 34.70), (113.61, 34.70), (113.61, 34.71), (113.60, 34.71), (113.60, 34.70)),),)
STREET = "410105001"


@pytest.fixture
def form(context: PageContext, window: QWidget, desk: Desk, actor: Actor) -> EntryForm:
    """The form, over one unit grid with a road through it."""
    values = {"kind": GridKind.UNIT, "code": "410105001001001", "boundary": WEST, "street_code": STREET}
    desk.grids.save(values, actor=actor)
    lines = (((113.60, 34.705), (113.61, 34.705)),)
    desk.directory.save(Road, {"name": "花园路", "lines": lines}, actor=actor)
    made = EntryForm(context, window)
    window.show()
    return made


def said(form: EntryForm) -> str:
    """What stands under the point."""
    label = form.fields.field("longitude").findChild(QLabel, "longitude_said")
    assert isinstance(label, QLabel)
    return label.text()


def test_a_point_fills_in_the_street_and_offers_the_road(form: EntryForm, qtbot: QtBot) -> None:
    form.fields.point.take(113.605, 34.7051)
    qtbot.waitUntil(lambda: "单元网格 410105001001001" in said(form))
    assert form.fields.street.value() == STREET
    assert form.fields.road.text() == "", "the nearest road need not be the one meant"
    assert "近 花园路(F9 填入)" in said(form)
    form._place.take_road()
    assert form.fields.reading().draft.road == "花园路"


def test_what_was_typed_stands(form: EntryForm, qtbot: QtBot) -> None:
    form.fields.street.choose("410105002", "另一条街道")
    form.fields.road.restore("纬一路")
    form.fields.point.take(113.605, 34.7051)
    qtbot.waitUntil(lambda: "单元网格" in said(form))
    form._place.take_road()
    assert form.fields.street.value() == "410105002"
    assert form.fields.road.text() == "纬一路"


def test_a_point_taken_away_tells_nothing(form: EntryForm, qtbot: QtBot) -> None:
    form.fields.point.take(113.605, 34.7051)
    qtbot.waitUntil(lambda: "单元网格" in said(form))
    form.fields.point.restore("")
    form.fields.point.edited.emit()
    assert said(form) == ""
