"""The first page of the day: its numbers open lists, the next due are listed, and it tells what waits."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from app.base.clock import FixedClock
from app.domain.case_views import CaseView
from app.domain.cases import CaseDraft
from app.services.drafts import SavedDraft
from app.sync.views import LineState, RecordState, SyncStatus
from ui.pages.context import NewCase, PageContext
from ui.pages.today.messages import line_messages
from ui.pages.today.page import TodayPage
from ui.pages.today.picture import CASE_FORM

FIRST_STREET = "410105001"


@pytest.fixture
def page(context: PageContext, window: QWidget) -> Iterator[TodayPage]:
    made = TodayPage(context)
    made.setParent(window)
    made.resize(1100, 760)
    window.show()
    made.show()
    yield made
    delete(made)


def shown(page: TodayPage, qtbot: QtBot) -> None:
    """Read the day and wait until it is on the screen."""
    with qtbot.waitSignal(page.badge):
        page.refresh()


def a_case(context: PageContext, place: str = "纬一路12号") -> object:
    """Report one event that waits for its filing."""
    category = context.desk.reference.categories().categories[0]
    draft = CaseDraft(
        source="12319",
        kind=category.kind,
        major=category.major,
        minor=category.minor,
        street_code=FIRST_STREET,
        address=place,
        description="门前堆放杂物",
    )
    return context.desk.cases.report(draft, actor=context.actor)


def test_an_empty_office_is_invited_to_enter_its_first_case(page: TodayPage, qtbot: QtBot) -> None:
    shown(page, qtbot)

    with qtbot.waitSignal(page.wanted) as wanted:
        page.empty.acted.emit()

    assert page.empty.sentence() == "还没有案件"
    assert wanted.args == ["cases", NewCase()]


def test_a_reported_case_waits_for_its_person_and_stands_among_the_next_due(
    page: TodayPage, context: PageContext, qtbot: QtBot
) -> None:
    a_case(context)

    shown(page, qtbot)

    assert page.tiles[CaseView.WAITS_FOR_ME].number_text() == "1"
    assert len(page.table.model.ids) == 1


def test_each_number_opens_its_list(page: TodayPage, qtbot: QtBot) -> None:
    for view, tile in page.tiles.items():
        with qtbot.waitSignal(page.wanted) as wanted:
            qtbot.mouseClick(tile, Qt.MouseButton.LeftButton)

        assert wanted.args == ["cases", view]


def test_a_case_past_its_deadline_moves_to_the_overdue_ones(
    page: TodayPage, context: PageContext, clock: FixedClock, qtbot: QtBot
) -> None:
    a_case(context)
    clock.advance(timedelta(days=5))

    shown(page, qtbot)

    assert page.tiles[CaseView.OVERDUE].number_text() == "1"
    assert page.calm.isHidden()


def test_a_day_with_nothing_due_says_so_and_names_the_next(
    page: TodayPage, context: PageContext, clock: FixedClock, qtbot: QtBot
) -> None:
    clock.advance(timedelta(hours=14))
    case = a_case(context)

    shown(page, qtbot)

    assert "今天没有到期的事项" in page.calm.text()
    assert case.local_no in page.calm.text()  # type: ignore[attr-defined]


def test_a_waiting_draft_is_offered_to_be_continued(page: TodayPage, context: PageContext, qtbot: QtBot) -> None:
    draft_id = context.desk.drafts.save(CASE_FORM, {"description": "半句话"}, actor=context.actor)
    shown(page, qtbot)
    button = page.messages.findChild(QWidget, "continue_draft")

    with qtbot.waitSignal(page.wanted) as wanted:
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)

    name, draft = wanted.args
    assert name == "cases"
    assert isinstance(draft, SavedDraft)
    assert draft.id == draft_id


def test_the_end_of_the_calendar_is_told_before_it_comes(
    page: TodayPage, context: PageContext, clock: FixedClock, qtbot: QtBot
) -> None:
    last = context.desk.reference.calendar().last_day
    clock.advance(timedelta(days=(last - clock.now().date()).days - 10))

    shown(page, qtbot)

    assert page.messages.findChild(QWidget, "import_calendar") is not None


def test_a_new_case_appears_without_being_asked_for(page: TodayPage, context: PageContext, qtbot: QtBot) -> None:
    shown(page, qtbot)

    with qtbot.waitSignal(page.badge, check_params_cb=lambda count: count == 1):
        a_case(context)

    assert page.tiles[CaseView.WAITS_FOR_ME].number_text() == "1"


def test_the_month_is_drawn_once_the_page_is_seen(page: TodayPage, context: PageContext, qtbot: QtBot) -> None:
    a_case(context)
    page.hide()
    shown(page, qtbot)
    hidden = page.chart.accessibleDescription()

    page.show()
    qtbot.waitUntil(lambda: bool(page.chart.accessibleDescription()))

    assert hidden == ""


def test_a_clock_that_jumped_is_told_and_an_administrator_may_confirm_it(
    page: TodayPage, context: PageContext, clock: FixedClock, qtbot: QtBot
) -> None:
    shown(page, qtbot)
    clock.advance(timedelta(days=365))
    shown(page, qtbot)
    button = page.messages.findChild(QWidget, "clock_doubt")

    with qtbot.waitSignal(page.badge):
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)

    assert context.desk.clock_watch.doubt() is None
    assert not any(row.isVisible() for row in page.messages.findChildren(QWidget, "clock_doubt"))


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (SyncStatus(LineState.IDLE, waiting=5), []),
        (SyncStatus(LineState.IDLE, conflicts=2, refused=1), [("2 条冲突、1 条退回需要处理", RecordState.CONFLICT)]),
        (SyncStatus(LineState.IDLE, refused=1), [("1 条退回需要处理", RecordState.REFUSED)]),
        (SyncStatus(LineState.STOPPED), [("同步已停,要有人处理才能继续", None)]),
    ],
    ids=["nothing", "both", "refused", "stopped"],
)
def test_what_the_line_needs_somebody_for_is_told_and_leads_to_its_list(
    status: SyncStatus, said: list[tuple[str, RecordState | None]]
) -> None:
    messages = line_messages(status)

    assert [(message.text, message.argument) for message in messages] == said
    assert all(message.page == "sync" for message in messages)
