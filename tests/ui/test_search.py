"""The one search box: a few of everything while a person types, opened without the mouse."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.domain.cases import CaseKind
from app.domain.directory import Worker, WorkerKind
from app.domain.finding_views import FindingView
from app.domain.findings import FindingDraft
from app.domain.grids import GridKind
from tests.builders import a_draft
from tests.rounds import a_round
from tests.ui.plain_page import PlainPage
from tests.ui.typing_hands import press, put
from ui.frame import Frame
from ui.pages import PageEntry
from ui.pages.context import PageContext
from ui.widgets.sections import InPart

PLAIN = "tests.ui.plain_page:PlainPage"
ENTRIES = [PageEntry(one, one, "cases", PLAIN) for one in ("today", "cases", "patrols", "facilities")]


@pytest.fixture
def frame(context: PageContext, window: QWidget, qtbot: QtBot) -> Frame:
    """The window around plain pages, with a case, a round and a finding at 纬一路."""
    desk, actor = context.desk, context.actor
    desk.directory.save_many(Worker, [{"name": "采集员甲", "kind": WorkerKind.COLLECTOR}], actor=actor)
    desk.cases.report(a_draft(), actor=actor)
    a_round(desk, actor, road="纬一路")
    draft = FindingDraft(kind=CaseKind.EVENT, major="01", minor="10", road="纬一路", description="垃圾")
    desk.findings.report(draft, actor=actor)
    made = Frame(context, [], district="金水区", note="", entries=ENTRIES)
    QVBoxLayout(window).addWidget(made)
    window.show()
    qtbot.waitExposed(window)
    made.go("today")
    made.top.focus_search()
    return made


def type_in(frame: Frame, text: str, qtbot: QtBot) -> None:
    qtbot.waitUntil(frame.top.search.hasFocus)
    put(frame.top.search, text)


def offered(frame: Frame) -> list[str]:
    return [choice.key.partition(":")[0] for choice in frame.finds.popup.offered()]


def test_a_road_finds_its_case_round_and_finding(frame: Frame, qtbot: QtBot) -> None:
    type_in(frame, "纬一", qtbot)

    qtbot.waitUntil(lambda: offered(frame) == ["case", "patrol_round", "finding"])


def test_initials_find_them_too(frame: Frame, qtbot: QtBot) -> None:
    type_in(frame, "wyl", qtbot)

    qtbot.waitUntil(lambda: offered(frame) == ["case", "patrol_round", "finding"])


def test_down_and_enter_open_what_is_lit(frame: Frame, context: PageContext, qtbot: QtBot) -> None:
    type_in(frame, "纬一", qtbot)
    qtbot.waitUntil(frame.finds.popup.isVisible)
    for _step in range(3):
        press(frame.top.search, Qt.Key.Key_Down)
    finding = context.desk.findings.lines(context.desk.findings.ids(context.desk.findings.view(FindingView.ALL)))[0]

    press(frame.top.search, Qt.Key.Key_Return)

    assert frame.shown == "patrols"
    page = frame.pages["patrols"]
    assert isinstance(page, PlainPage)
    assert page.asked == [InPart("findings", finding.id)]
    assert not frame.finds.popup.isVisible()


def test_enter_with_nothing_lit_asks_for_the_cases_as_ever(frame: Frame, qtbot: QtBot) -> None:
    type_in(frame, "纬一", qtbot)
    qtbot.waitUntil(frame.finds.popup.isVisible)

    press(frame.top.search, Qt.Key.Key_Return)

    page = frame.pages["cases"]
    assert isinstance(page, PlainPage)
    assert page.asked == ["纬一"]


def test_escape_closes_and_keeps_the_words(frame: Frame, qtbot: QtBot) -> None:
    type_in(frame, "纬一", qtbot)
    qtbot.waitUntil(frame.finds.popup.isVisible)

    press(frame.top.search, Qt.Key.Key_Escape)

    assert not frame.finds.popup.isVisible()
    assert frame.top.search.text() == "纬一"


def test_many_of_a_kind_end_in_a_line_for_the_whole_list(frame: Frame, context: PageContext, qtbot: QtBot) -> None:
    for _again in range(6):
        context.desk.cases.report(a_draft(), actor=context.actor)
    type_in(frame, "店外经营", qtbot)
    qtbot.waitUntil(lambda: offered(frame) == ["case"] * 5 + ["all"])
    for _step in range(6):
        press(frame.top.search, Qt.Key.Key_Down)

    press(frame.top.search, Qt.Key.Key_Return)

    page = frame.pages["cases"]
    assert isinstance(page, PlainPage)
    assert page.asked == ["店外经营"]


def test_a_page_with_a_new_of_its_own_keeps_the_key(frame: Frame, qtbot: QtBot) -> None:
    page = frame.pages["today"]
    assert isinstance(page, PlainPage)
    told: list[str] = []
    own = QShortcut(QKeySequence("Ctrl+N"), page)
    own.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
    own.activated.connect(lambda: told.append("own"))
    page.field.setFocus()
    press(page.field, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    in_page = (told.copy(), frame.shown)

    frame.top.search.setFocus()
    press(frame.top.search, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)

    assert in_page == (["own"], "today")
    assert (told, frame.shown) == (["own"], "cases")


@pytest.mark.parametrize("typed", ["Z-01", "yhwg", "二环辅路"], ids=["code", "initials", "road"])
def test_a_grid_and_a_road_are_opened_among_the_grids(
    frame: Frame, context: PageContext, qtbot: QtBot, typed: str
) -> None:
    grid = context.desk.grids.save({"kind": GridKind.DUTY, "code": "Z-01", "name": "一号网格"}, actor=context.actor)
    road = context.desk.grids.save_road({"name": "二环辅路"}, actor=context.actor)
    type_in(frame, typed, qtbot)
    qtbot.waitUntil(frame.finds.popup.isVisible)

    for key in (Qt.Key.Key_Down, Qt.Key.Key_Return):
        press(frame.top.search, key)

    page = frame.pages["patrols"]
    assert isinstance(page, PlainPage)
    assert page.asked == [InPart("grids", road.id if typed == road.name else grid.id)]
