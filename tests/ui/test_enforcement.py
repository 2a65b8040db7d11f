"""The page of enforcement: an inspection from draft to case by keys, a draw that proves itself, officers and companies."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.domain.directory import Worker, WorkerKind
from app.domain.inspection_views import InspectionFilter, InspectionView
from app.domain.inspections import Inspection, InspectionState, ItemResult
from app.domain.permissions import OfficeRole
from tests.inspecting import ITEMS, a_shop, an_officer, make_known, planned, two_officers
from tests.ui.typing_hands import press, put
from ui.pages.context import PageContext
from ui.pages.enforcement.draws import DrawsPart
from ui.pages.enforcement.enterprise_import import ImportEnterprises
from ui.pages.enforcement.enterprises import EnterprisesPart
from ui.pages.enforcement.inspections import InspectionsPart
from ui.pages.enforcement.inspections_dialogs import CancelDialog, FinishDialog, NotifyDialog, PaperDialog
from ui.pages.enforcement.officers import OfficersPart, certificate_words
from ui.pages.enforcement.page import EnforcementPage
from ui.widgets.choices import Choice
from ui.widgets.sections import InPart


def on_screen(made: QWidget, window: QWidget, qtbot: QtBot) -> None:
    QVBoxLayout(window).addWidget(made)
    window.show()
    qtbot.waitExposed(window)


@pytest.fixture
def inspection(context: PageContext) -> Inspection:
    """A draft that its own drafter may approve: the office says so."""
    desk, actor = context.desk, context.actor
    rules = desk.grids.rules().model_copy(update={"inspection_other_approves": False})
    desk.grids.save_rules(rules, actor=actor)
    return planned(desk, actor)


@pytest.fixture
def part(context: PageContext, window: QWidget, inspection: Inspection, qtbot: QtBot) -> InspectionsPart:
    """The tab on the screen, standing on the inspection."""
    made = InspectionsPart(context)
    on_screen(made, window, qtbot)
    made.go(inspection.id)
    qtbot.waitUntil(lambda: made.detail.detail is not None)
    return made


def key(part: InspectionsPart, pressed: Qt.Key, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is None)
    part.window().activateWindow()
    part.list.table.view.setFocus(Qt.FocusReason.OtherFocusReason)
    qtbot.waitUntil(part.list.table.view.hasFocus)
    press(part.list.table.view, pressed)


def stands(part: InspectionsPart, state: InspectionState, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: part.detail.detail is not None and part.detail.detail.inspection.state is state)


def test_single_keys_take_it_from_draft_to_a_case(
    part: InspectionsPart, inspection: Inspection, context: PageContext, qtbot: QtBot
) -> None:
    key(part, Qt.Key.Key_A, qtbot)
    stands(part, InspectionState.APPROVED, qtbot)
    key(part, Qt.Key.Key_N, qtbot)
    notify = part.deeds.dialog
    assert isinstance(notify, NotifyDialog)
    put(notify.number, "郑城检7号")
    notify.submit()
    stands(part, InspectionState.NOTIFIED, qtbot)
    key(part, Qt.Key.Key_B, qtbot)
    stands(part, InspectionState.UNDER_WAY, qtbot)
    key(part, Qt.Key.Key_F5, qtbot)
    qtbot.waitUntil(lambda: isinstance(part.deeds.dialog, FinishDialog))
    finish = part.deeds.dialog
    assert isinstance(finish, FinishDialog)
    assert finish.result_input.value() == "nothing_found"
    answer, note = finish.answers[1]
    answer.set_value(ItemResult.WRONG)
    answer.edited.emit()
    assert finish.result_input.value() == "put_right"
    put(note, "台账缺三天")
    finish.submit()
    stands(part, InspectionState.DONE, qtbot)
    with qtbot.waitSignal(part.deeds.done):
        key(part, Qt.Key.Key_G, qtbot)

    kept = context.desk.inspections.get(inspection.id)
    assert kept.notice_no == "郑城检7号"
    assert kept.case_id is not None
    assert "台账缺三天" in context.desk.cases.get(kept.case_id).description


def test_results_half_typed_are_there_again_after_the_window_was_closed(
    part: InspectionsPart, inspection: Inspection, context: PageContext, qtbot: QtBot
) -> None:
    inspections, actor = context.desk.inspections, context.actor
    inspections.approve(inspection.id, actor=actor)
    inspections.notify(inspection.id, actor=actor)
    inspections.start(inspection.id, actor=actor)
    part.refresh()
    stands(part, InspectionState.UNDER_WAY, qtbot)
    for said in ("", "台账缺三天"):
        part.decide("finish")
        qtbot.waitUntil(lambda: part.deeds.dialog is not None and part.deeds.dialog.isVisible())
        dialog = part.deeds.dialog
        assert isinstance(dialog, FinishDialog)
        assert dialog.answers[1][1].value() == said
        put(dialog.answers[1][1], "台账缺三天")
        dialog.reject()
        part.deeds.dialog = None
        qtbot.waitUntil(lambda: not context.tasks.busy())


def test_a_refusal_stands_in_the_dialog_and_nothing_changes(
    part: InspectionsPart, inspection: Inspection, context: PageContext, qtbot: QtBot
) -> None:
    part.decide("cancel")
    dialog = part.deeds.dialog
    assert isinstance(dialog, CancelDialog)
    dialog.submit()
    qtbot.waitUntil(lambda: "没有写取消的理由" in dialog.refused_words())
    assert context.desk.inspections.get(inspection.id).state is InspectionState.DRAFTED
    put(dialog.reason, "企业停业")
    dialog.submit()
    stands(part, InspectionState.CANCELLED, qtbot)


def test_the_detail_says_what_of_the_cap_is_used(part: InspectionsPart, inspection: Inspection) -> None:
    assert "2026 年已安排 1 次,上限 2 次" in part.detail.cap.text()
    assert inspection.number in part.detail.facts.text()


def test_the_paper_that_is_next_is_offered_first(part: InspectionsPart, qtbot: QtBot) -> None:
    key(part, Qt.Key.Key_P, qtbot)
    part.decide("print")
    dialog = part.deeds.dialog
    assert isinstance(dialog, PaperDialog)
    assert dialog.paper.value() == "approval"
    dialog.reject()


def test_the_form_says_what_is_missing_and_keeps_what_was_typed(
    part: InspectionsPart, inspection: Inspection, context: PageContext, qtbot: QtBot
) -> None:
    people: list[dict[str, object]] = [{"name": "采集员甲", "kind": WorkerKind.COLLECTOR}]
    context.desk.directory.save_many(Worker, people, actor=context.actor)
    part.new_inspection(inspection.enterprise_id)
    form = part.form
    assert "已安排 1 次" in form.form.field("enterprise_id")._said.text()
    form.save()
    assert form.form.field("items").wrong()
    assert "两名" in form.form.field("officer_ids").wrong()
    form.officers[0].setText("采集员甲")
    form.save()
    assert "网格员" in form.form.field("officer_ids").wrong()
    put(form.matter, "夜间排查")
    form.keep()
    part.new_inspection()
    assert form.matter.value() == "夜间排查"
    assert form.officers[0].text() == "采集员甲"
    for picker, officer in zip(form.officers, context.desk.officers.all(), strict=False):
        picker.set_choice(Choice(str(officer.id), "", officer.name))
    form.items.set_value(ITEMS)
    with qtbot.waitSignal(form.saved):
        form.save()
    assert context.desk.inspections.count(InspectionFilter()).count == 2
    qtbot.waitUntil(lambda: part.list.view == InspectionView.TO_APPROVE and part.list.table.model.rowCount() == 2)


def test_a_company_at_its_cap_is_refused_at_the_day_with_the_visits_that_used_it(
    part: InspectionsPart, inspection: Inspection, context: PageContext
) -> None:
    context.desk.enterprises.save({"yearly_cap": 1}, actor=context.actor, enterprise_id=inspection.enterprise_id)
    part.new_inspection(inspection.enterprise_id)
    form = part.form
    for picker, officer in zip(form.officers, context.desk.officers.all(), strict=False):
        picker.set_choice(Choice(str(officer.id), "", officer.name))
    form.items.set_value(ITEMS)
    form.save()
    assert inspection.number in form.form.field("planned_on").wrong()


def test_a_draw_is_made_proved_and_opens_its_inspections(context: PageContext, window: QWidget, qtbot: QtBot) -> None:
    desk, actor = context.desk, context.actor
    make_known(desk, actor)
    two_officers(desk, actor)
    shops = [a_shop(desk, actor, f"店{n}") for n in range(4)]
    part = DrawsPart(context)
    on_screen(part, window, qtbot)
    part.ask_draw()
    dialog = part.dialog
    assert dialog is not None
    qtbot.waitUntil(lambda: dialog.pool.text() == "4 户")
    dialog.count.set_value(9)
    dialog.items.set_value(ITEMS)
    dialog.submit()
    qtbot.waitUntil(lambda: "只有 4 户" in dialog.refused_words())
    dialog.count.set_value(2)
    dialog.barred_enterprise.set_choice(Choice(str(shops[0].id), "", shops[0].name))
    dialog.submit()
    assert "回避没有写理由" in dialog.refused_words()
    put(dialog.reason, "经营者是执法人员亲属")
    dialog.add_exclusion()
    assert dialog.refused_words() == ""
    assert "经营者是执法人员亲属" in dialog.barred.text()
    dialog.barred_enterprise.set_choice(Choice(str(shops[1].id), "", shops[1].name))
    put(dialog.reason, "正在停业整顿")
    with qtbot.waitSignal(part.drawn):
        dialog.submit()
    qtbot.waitUntil(lambda: len(part.picks.items()) == 2)
    assert {pick.enterprise_id for pick in part.picks.items()} == {shop.id for shop in shops[2:]}
    assert "正在停业整顿" in part.facts.text()
    with qtbot.waitSignal(part.proved) as proved:
        part.prove()
    assert proved.args == [True]
    with qtbot.waitSignal(part.wanted) as wanted:
        part.open_inspections()
    assert wanted.args is not None
    (page, argument) = wanted.args
    assert (page, argument) == ("enforcement", InPart("inspections", {"draw": desk.draws.all()[0].id}))


def test_a_company_is_typed_refused_and_kept(context: PageContext, window: QWidget, qtbot: QtBot) -> None:
    part = EnterprisesPart(context)
    on_screen(part, window, qtbot)
    part.refresh()
    part.new_enterprise()
    card = part.card
    card.form.fill(name="豫香楼餐饮店", credit_code="91350100M000100Y44")
    card.submit()
    qtbot.waitUntil(lambda: "校验位不对" in card.form.field("credit_code").wrong())
    card.form.fill(credit_code="91350100M000100Y43")
    with qtbot.waitSignal(card.saved):
        card.submit()
    qtbot.waitUntil(lambda: part.list.table.model.rowCount() == 1 and "已安排 0 次" in card.standing.text())
    with qtbot.waitSignal(part.wanted) as wanted:
        part.inspect()
    assert wanted.args is not None
    assert wanted.args[1].part == "inspections"


def test_a_sheet_of_companies_is_looked_at_and_taken_in(
    context: PageContext, window: QWidget, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "企业.csv"
    path.write_text(
        "企业名称,统一社会信用代码\n豫香楼,91350100M000100Y43\n错码店,91350100M000100Y44\n", encoding="utf-8"
    )
    window.show()
    dialog = ImportEnterprises(context, window, path)
    dialog.show()
    qtbot.waitUntil(lambda: len(dialog.preview.items()) == 2)
    with qtbot.waitSignal(dialog.imported) as imported:
        dialog.run()
    assert imported.args is not None
    result = imported.args[0]
    assert (result.taken, len(result.refused)) == (1, 1)
    dialog.close()


def test_another_row_waits_until_a_half_typed_officer_is_kept_or_given_up(
    context: PageContext, window: QWidget, qtbot: QtBot
) -> None:
    first = an_officer(context.desk, context.actor, "王强")
    second = an_officer(context.desk, context.actor, "李敏")
    part = OfficersPart(context)
    on_screen(part, window, qtbot)
    part.go(first.id)
    typed = part.form.field("certificate_no").widget
    qtbot.waitUntil(lambda: part.title.text().endswith("王强"))
    put(typed, "豫-99")

    part.table.go_to(lambda one: one.id == second.id)
    qtbot.waitUntil(lambda: "还没有保存" in context.notices.shown())
    assert part.table.current() == first
    part.new.click()
    assert part.title.text().endswith("王强")
    press(typed, Qt.Key.Key_Escape)
    part.table.go_to(lambda one: one.id == second.id)
    qtbot.waitUntil(lambda: part.title.text().endswith("李敏"))


def test_an_officers_light_says_in_a_word_how_long_the_certificate_holds(
    context: PageContext, window: QWidget, qtbot: QtBot
) -> None:
    officer = an_officer(context.desk, context.actor, "王强", valid_until=date(2026, 12, 1))
    assert certificate_words(officer, date(2026, 11, 2)) == ("yellow", "◆ 还有 29 天")
    assert certificate_words(officer, date(2026, 12, 2)) == ("red", "▲ 已到期")
    assert certificate_words(officer, date(2026, 1, 2)) == ("green", "● 有效")
    part = OfficersPart(context)
    on_screen(part, window, qtbot)
    part.go(officer.id)
    qtbot.waitUntil(lambda: part.table.current() is not None and part.title.text() == "修改 王强")
    part.form.fill(unit_name="二中队")
    part.submit()
    qtbot.waitUntil(lambda: context.desk.officers.all()[0].unit_name == "二中队")


def test_who_may_not_write_sees_the_lists_and_no_buttons(context: PageContext, window: QWidget, qtbot: QtBot) -> None:
    from dataclasses import replace

    reader = replace(context, actor=replace(context.actor, roles=frozenset({OfficeRole.AUDITOR})))
    page = EnforcementPage(reader)
    on_screen(page, window, qtbot)
    for tab in ("inspections", "draws", "enterprises", "officers"):
        page.go(tab)
        part = page.part()
        assert not part.new.isVisible()  # type: ignore[attr-defined]
