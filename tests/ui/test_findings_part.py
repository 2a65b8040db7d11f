"""The tab of findings: single keys decide, nothing is done twice, every decision has its way back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.base.clock import FixedClock
from app.domain.cases import CaseKind, PhotoPhase
from app.domain.directory import Worker, WorkerKind
from app.domain.finding_corrections import as_draft
from app.domain.finding_views import FindingView
from app.domain.findings import Finding, FindingDraft, FindingState
from tests.builders import a_picture
from tests.rounds import LAT, LON
from tests.ui.typing_hands import press, put
from ui.pages.context import PageContext
from ui.pages.patrols.findings import FindingsPart
from ui.pages.patrols.findings_dialogs import DropDialog, LinkDialog, SettleDialog, WatchDialog

CTRL = Qt.KeyboardModifier.ControlModifier


def a_finding(context: PageContext, **what_matters: object) -> Finding:
    fields: dict[str, object] = {"kind": CaseKind.EVENT, "major": "04", "minor": "05", "road": "纬一路"}
    fields |= {"house_no": "12", "description": "出店摆放", "member_name": "采集员甲"}
    draft = FindingDraft.model_validate({**fields, **what_matters})
    return context.desk.findings.report(draft, actor=context.actor)


@pytest.fixture
def part(context: PageContext, window: QWidget, qtbot: QtBot) -> FindingsPart:
    """The tab on the screen."""
    context.desk.directory.save_many(Worker, [{"name": "采集员甲", "kind": WorkerKind.COLLECTOR}], actor=context.actor)
    made = FindingsPart(context)
    QVBoxLayout(window).addWidget(made)
    window.show()
    qtbot.waitExposed(window)
    return made


def standing_on(part: FindingsPart, finding: Finding, qtbot: QtBot) -> None:
    part.go(finding.id)
    qtbot.waitUntil(lambda: part.detail.detail is not None and part.detail.detail.finding.id == finding.id)
    part.list.table.view.setFocus(Qt.FocusReason.OtherFocusReason)


def key(part: FindingsPart, pressed: Qt.Key, qtbot: QtBot) -> None:
    """A key in the list, once no dialog stands before it any more."""
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is None)
    part.window().activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is part.window())
    part.list.table.view.setFocus(Qt.FocusReason.OtherFocusReason)
    press(part.list.table.view, pressed)


def state_of(context: PageContext, finding: Finding) -> FindingState:
    return context.desk.findings.get(finding.id).state


def test_g_makes_a_case_and_the_undo_takes_it_back(part: FindingsPart, context: PageContext, qtbot: QtBot) -> None:
    finding = a_finding(context)
    standing_on(part, finding, qtbot)
    with qtbot.waitSignal(part.deeds.done):
        key(part, Qt.Key.Key_G, qtbot)
    assert state_of(context, finding) is FindingState.CASE
    assert context.desk.findings.get(finding.id).case_no in context.notices.shown()
    qtbot.waitUntil(lambda: part.detail.may("take_back"))
    assert not part.detail.may("to_case")

    with qtbot.waitSignal(part.deeds.done):
        key(part, Qt.Key.Key_U, qtbot)

    assert state_of(context, finding) is FindingState.OPEN


def test_no_key_decides_about_the_finding_before_while_the_next_one_is_read(
    part: FindingsPart, context: PageContext, qtbot: QtBot
) -> None:
    before, after = a_finding(context), a_finding(context)
    standing_on(part, before, qtbot)
    rid = context.desk.findings.rid_of(after.id)
    assert rid is not None
    part.list.table.go_to(rid)
    part.decide("drop")

    assert part.deeds.dialog is None
    qtbot.waitUntil(lambda: part.detail.detail is not None and part.detail.detail.finding.id == after.id)
    part.decide("drop")
    dialog = part.deeds.dialog
    assert isinstance(dialog, DropDialog)
    assert after.number in dialog._about.text()
    dialog.reject()


def test_where_a_case_may_exist_it_is_offered_before_another_is_made(
    part: FindingsPart, context: PageContext, qtbot: QtBot
) -> None:
    case = context.desk.findings.to_case(a_finding(context, longitude=LON, latitude=LAT).id, actor=context.actor)
    again = a_finding(context, longitude=LON, latitude=LAT)
    standing_on(part, again, qtbot)
    key(part, Qt.Key.Key_G, qtbot)
    qtbot.waitUntil(lambda: isinstance(part.deeds.dialog, LinkDialog))
    dialog = part.deeds.dialog
    assert isinstance(dialog, LinkDialog)
    assert dialog.number.text() == case.local_no

    with qtbot.waitSignal(part.deeds.done):
        dialog.submit()

    assert context.desk.findings.get(again.id).case_id == case.id
    assert context.desk.case_lists.totals() == {"pending_register": 1}


def test_settling_without_photos_is_refused_in_words_and_the_draft_is_kept(
    part: FindingsPart, context: PageContext, qtbot: QtBot
) -> None:
    finding = a_finding(context)
    standing_on(part, finding, qtbot)
    key(part, Qt.Key.Key_S, qtbot)
    qtbot.waitUntil(lambda: isinstance(part.deeds.dialog, SettleDialog))
    dialog = part.deeds.dialog
    assert isinstance(dialog, SettleDialog)
    put(dialog.note, "已劝离")
    dialog.submit()
    qtbot.waitUntil(lambda: "处置前和处置后" in dialog.refused_words())
    for phase in (PhotoPhase.BEFORE, PhotoPhase.AFTER):
        dialog.photos.take_picture(phase.value, a_picture(phase.value))
    qtbot.waitUntil(lambda: not dialog.photos.is_busy())
    dialog.reject()
    part.deeds.dialog = None
    qtbot.waitUntil(lambda: not context.tasks.busy())

    key(part, Qt.Key.Key_S, qtbot)
    qtbot.waitUntil(lambda: part.deeds.dialog is not None)
    again = part.deeds.dialog
    assert isinstance(again, SettleDialog)
    assert again.note.value() == "已劝离"
    with qtbot.waitSignal(part.deeds.done):
        again.submit()

    assert state_of(context, finding) is FindingState.SETTLED


def test_escape_does_not_close_a_dialog_whose_deed_is_under_way(
    part: FindingsPart, context: PageContext, qtbot: QtBot
) -> None:
    finding = a_finding(context)
    standing_on(part, finding, qtbot)
    key(part, Qt.Key.Key_D, qtbot)
    qtbot.waitUntil(lambda: isinstance(part.deeds.dialog, DropDialog))
    dialog = part.deeds.dialog
    assert isinstance(dialog, DropDialog)
    put(dialog.reason, "系正常施工")
    with qtbot.waitSignal(part.deeds.done):
        dialog.submit()
        dialog.reject()
        assert dialog.isVisible()
    assert state_of(context, finding) is FindingState.DROPPED


def test_w_watches_until_a_day_and_d_drops_with_a_reason(
    part: FindingsPart, context: PageContext, qtbot: QtBot, clock: FixedClock
) -> None:
    watched, dropped = a_finding(context), a_finding(context)
    standing_on(part, watched, qtbot)
    key(part, Qt.Key.Key_W, qtbot)
    dialog = part.deeds.dialog
    assert isinstance(dialog, WatchDialog)
    with qtbot.waitSignal(part.deeds.done):
        dialog.submit()
    standing_on(part, dropped, qtbot)
    key(part, Qt.Key.Key_D, qtbot)
    drop = part.deeds.dialog
    assert isinstance(drop, DropDialog)
    assert drop.focusWidget() is drop.reason, "the reason is typed at once"
    drop.submit()
    qtbot.waitUntil(lambda: bool(drop.refused_words()))
    put(drop.reason, "已有许可")
    with qtbot.waitSignal(part.deeds.done):
        drop.submit()

    assert state_of(context, watched) is FindingState.WATCH
    assert state_of(context, dropped) is FindingState.DROPPED
    clock.advance(timedelta(days=7))
    part.go(FindingView.WATCH_DUE)
    qtbot.waitUntil(lambda: part.list.table.model.rowCount() == 1)


def test_a_finding_is_found_by_two_characters_and_by_initials(
    part: FindingsPart, context: PageContext, qtbot: QtBot
) -> None:
    a_finding(context, description="井盖松动", minor="", major="", kind=None, road="经三路")
    finding = a_finding(context)
    for words in ("摆放", "dwjy", finding.number[-9:]):
        part.go(words)
        qtbot.waitUntil(lambda: part.list.table.model.rowCount() == 1 and part.list.table.model.line(0) is not None)
        line = part.list.table.model.line(0)
        assert line is not None
        assert line.number == finding.number


def test_the_form_opens_with_a_key_and_the_new_finding_is_stood_on(
    part: FindingsPart, context: PageContext, qtbot: QtBot
) -> None:
    part.go(FindingView.WAITING)
    press(part.list.table.view, Qt.Key.Key_N, CTRL)
    put(part.form.fields.description, "井盖松动")
    put(part.form.fields.road, "经三路")
    with qtbot.waitSignal(part.form.saved):
        press(part.form, Qt.Key.Key_S, CTRL)

    qtbot.waitUntil(lambda: part.detail.detail is not None)
    assert part.detail.detail is not None
    assert part.detail.detail.finding.description == "井盖松动"


def test_e_puts_a_finding_right_and_saves_only_what_was_changed(
    part: FindingsPart, context: PageContext, qtbot: QtBot
) -> None:
    finding = a_finding(context, longitude=113.66666666, latitude=34.77777777)
    standing_on(part, finding, qtbot)
    key(part, Qt.Key.Key_E, qtbot)
    form = part.correction
    assert form.fields.road.text() == "纬一路"
    put(form.fields.near, "经八路口")
    with qtbot.waitSignal(form.saved):
        press(form, Qt.Key.Key_S, CTRL)

    corrected = context.desk.findings.get(finding.id)
    changed = {one for one in FindingDraft.model_fields if getattr(corrected, one) != getattr(finding, one)}
    assert changed == {"near", "address"}
    qtbot.waitUntil(lambda: part.detail.detail is not None and part.detail.detail.finding.near == "经八路口")


def test_a_correction_somebody_was_faster_with_is_kept_and_can_be_gone_on_with(
    part: FindingsPart, context: PageContext, qtbot: QtBot
) -> None:
    finding = a_finding(context)
    standing_on(part, finding, qtbot)
    key(part, Qt.Key.Key_E, qtbot)
    form = part.correction
    put(form.fields.near, "经八路口")
    other = as_draft(finding).model_copy(update={"near": "小区门口"})
    context.desk.findings.correct(finding.id, other, actor=context.actor)
    press(form, Qt.Key.Key_S, CTRL)
    qtbot.waitUntil(lambda: "刚才被别人改过" in form.trouble_words())
    press(form.fields.near, Qt.Key.Key_Escape)
    assert context.desk.findings.get(finding.id).near == "小区门口"
    part.refresh()
    qtbot.waitUntil(lambda: part.detail.detail is not None and part.detail.detail.finding.near == "小区门口")

    key(part, Qt.Key.Key_E, qtbot)
    assert form.fields.near.value() == "经八路口"
    assert "附近已被别人改过" in form.trouble_words()
    with qtbot.waitSignal(form.saved):
        press(form, Qt.Key.Key_S, CTRL)

    assert context.desk.findings.get(finding.id).near == "经八路口"
    assert form.drafts() == []


def test_a_finding_known_by_its_address_and_old_category_alone_can_be_put_right(
    part: FindingsPart, context: PageContext, qtbot: QtBot
) -> None:
    bare = {"kind": None, "major": "", "minor": "", "road": "", "house_no": "", "description": ""}
    finding = a_finding(context, **bare, category_text="占道", address="公园东门外")
    standing_on(part, finding, qtbot)
    key(part, Qt.Key.Key_E, qtbot)
    put(part.correction.fields.description, "出店摆放")
    with qtbot.waitSignal(part.correction.saved):
        press(part.correction, Qt.Key.Key_S, CTRL)

    corrected = context.desk.findings.get(finding.id)
    assert (corrected.description, corrected.category_text) == ("出店摆放", "占道")
    assert corrected.address == finding.address
