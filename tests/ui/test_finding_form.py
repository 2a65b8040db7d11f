"""The slim entry of a finding, typed into as people do."""

from __future__ import annotations

from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.domain.cases import PhotoPhase
from app.domain.directory import Worker, WorkerKind
from app.domain.finding_views import FindingView
from app.domain.findings import Finding, FindingState
from app.domain.grids import GridKind
from app.domain.patrols import PatrolRound
from tests.builders import a_picture
from tests.rounds import LAT, LON, a_round
from tests.ui.typing_hands import compose, enter, press, put
from ui.pages.context import PageContext
from ui.pages.patrols.finding_form import FindingForm

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def walk(context: PageContext) -> PatrolRound:
    """A round of two check points by one member."""
    context.desk.directory.save_many(Worker, [{"name": "采集员甲", "kind": WorkerKind.COLLECTOR}], actor=context.actor)
    return a_round(context.desk, context.actor)


@pytest.fixture
def form(context: PageContext, window: QWidget, qtbot: QtBot) -> FindingForm:
    """The form on the screen."""
    made = FindingForm(context)
    QVBoxLayout(window).addWidget(made)
    window.show()
    qtbot.waitExposed(window)
    return made


def saved(form: FindingForm, qtbot: QtBot, key: Qt.Key = Qt.Key.Key_S) -> Finding:
    with qtbot.waitSignal(form.saved) as told:
        press(form, key, CTRL)
    assert told.args is not None
    finding = told.args[0]
    assert isinstance(finding, Finding)
    return finding


def started(form: FindingForm, walk: PatrolRound, qtbot: QtBot, item: str = "a1") -> None:
    form.start_new(walk.id, 1, item)
    qtbot.waitUntil(lambda: bool(form.fields.road.text()))
    qtbot.waitUntil(lambda: form.fields.description.hasFocus() or form.fields.category.hasFocus())


def test_the_check_point_fills_the_place_and_the_item_proposes_the_category(
    form: FindingForm, walk: PatrolRound, qtbot: QtBot
) -> None:
    started(form, walk, qtbot)
    qtbot.waitUntil(form.fields.description.hasFocus)
    put(form.fields.description, "出店摆放")

    finding = saved(form, qtbot)

    assert (finding.minor_name, finding.road, finding.house_no) == ("店外经营", "纬一路", "12")
    assert (finding.longitude, finding.latitude, finding.round_id, finding.point_no) == (LON, LAT, walk.id, 1)
    assert (finding.member_name, finding.member_id) == (walk.member_name, walk.member_id)


def test_one_more_key_makes_a_case_of_it(form: FindingForm, walk: PatrolRound, qtbot: QtBot) -> None:
    started(form, walk, qtbot)
    put(form.fields.description, "出店摆放")

    finding = saved(form, qtbot, Qt.Key.Key_Return)

    assert finding.state is FindingState.CASE
    assert finding.case_no.startswith("JS-")


def test_a_category_is_found_by_its_pinyin_initials_and_enter_goes_on(form: FindingForm, qtbot: QtBot) -> None:
    form.start_new()
    qtbot.waitUntil(lambda: form.fields.category.hasFocus())
    QTest.keyClicks(form.fields.category, "dwjy")
    enter(form.fields.category)
    qtbot.waitUntil(form.fields.description.hasFocus)
    enter(form.fields.description)
    assert form.fields.street.hasFocus()
    put(form.fields.road, "纬一路")

    finding = saved(form, qtbot)

    assert (finding.minor_name, finding.road) == ("店外经营", "纬一路")


def test_what_is_missing_is_said_at_its_field_and_nothing_is_lost(form: FindingForm, qtbot: QtBot) -> None:
    form.start_new()
    put(form.fields.road, "纬一路")
    press(form, Qt.Key.Key_S, CTRL)

    assert form.fields.field("minor").wrong()
    assert form.fields.road.text() == "纬一路"
    assert form.trouble_words()


def test_half_a_finding_survives_the_window(
    form: FindingForm, walk: PatrolRound, context: PageContext, qtbot: QtBot
) -> None:
    started(form, walk, qtbot)
    put(form.fields.description, "出店")
    press(form.fields.description, Qt.Key.Key_Escape)
    [draft] = form.drafts()

    form.load_draft(draft)
    qtbot.waitUntil(lambda: form.fields.description.value() == "出店")
    put(form.fields.description, "摆放")
    finding = saved(form, qtbot)

    assert "摆放" in finding.description
    assert finding.round_id == walk.id
    assert form.drafts() == []


def test_a_photo_in_the_form_belongs_to_the_finding(
    form: FindingForm, walk: PatrolRound, context: PageContext, qtbot: QtBot
) -> None:
    started(form, walk, qtbot)
    put(form.fields.description, "出店摆放")
    form.photos.take_picture(PhotoPhase.BEFORE.value, a_picture("one"))
    qtbot.waitUntil(lambda: not form.photos.is_busy())

    finding = saved(form, qtbot)

    assert [photo.phase for photo in context.desk.photos.of(finding.id)] == [PhotoPhase.BEFORE]


def test_no_key_saves_while_an_input_method_composes(form: FindingForm, walk: PatrolRound, qtbot: QtBot) -> None:
    started(form, walk, qtbot)
    compose(form.fields.description, "chu dian")
    press(form.fields.description, Qt.Key.Key_S, CTRL)

    assert form.save_button.isEnabled()
    compose(form.fields.description, "")


def test_a_late_proposal_never_writes_over_what_was_typed(form: FindingForm, walk: PatrolRound, qtbot: QtBot) -> None:
    form.start_new(walk.id, 1, "a1")
    put(form.fields.road, "经八路")
    qtbot.waitUntil(lambda: bool(form.fields.house_no.value()))

    assert form.fields.road.text() == "经八路"


def test_a_point_is_taken_from_the_map(
    form: FindingForm, walk: PatrolRound, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []

    def answer(_parent: object, _context: object, near: object) -> tuple[float, float]:
        asked.append(near)
        return 113.7, 34.8

    monkeypatch.setattr("ui.map.place_dialog.ask_place", answer)
    started(form, walk, qtbot)
    put(form.fields.description, "出店摆放")
    press(form, Qt.Key.Key_F2)

    finding = saved(form, qtbot)

    assert asked == [(LON, LAT)]
    assert (finding.longitude, finding.latitude) == (113.7, 34.8)


def test_a_point_tells_its_grids_and_when_it_lies_outside(form: FindingForm, qtbot: QtBot) -> None:
    context = form.context
    ring = ((113.60, 34.70), (113.70, 34.70), (113.70, 34.80), (113.60, 34.80), (113.60, 34.70))
    for kind, code in ((GridKind.DISTRICT, "410105"), (GridKind.UNIT, "410105001001001")):
        context.desk.grids.save({"kind": kind, "code": code, "boundary": ((ring,),)}, actor=context.actor)
    form.start_new()
    box = form.fields.field("longitude")
    said = box.findChild(QLabel, "longitude_said")
    assert isinstance(said, QLabel)
    form.fields.point.take(113.65, 34.75)
    qtbot.waitUntil(lambda: "单元网格 410105001001001" in said.text())
    form.fields.point.take(116.40, 39.90)
    qtbot.waitUntil(lambda: "不在本区县范围内" in said.text())
    form.start_new()
    assert said.text() == ""


def test_a_refused_case_leaves_everything_typed_and_the_finding_alone_can_still_be_saved(
    form: FindingForm, context: PageContext, qtbot: QtBot
) -> None:
    form.start_new()
    # A facility is place enough for a finding, not for a case.
    form._fixed["facility_id"] = str(UUID(int=7))
    put(form.fields.description, "井盖松动")
    press(form, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: "Ctrl+S" in form.trouble_words())
    qtbot.waitUntil(lambda: not context.tasks.busy())

    assert context.desk.findings.counts([FindingView.ALL])[FindingView.ALL].count == 0
    assert form.fields.description.value() == "井盖松动"
    assert len(form.drafts()) == 1
    finding = saved(form, qtbot)

    assert finding.state is FindingState.OPEN
    assert form.drafts() == []
