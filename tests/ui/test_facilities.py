"""The page of facilities: one key for the next thing to do, nothing typed is lost, rates open their lists."""

from __future__ import annotations

from array import array
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.desk import Desk
from app.domain.facilities import Facility, FacilityState
from app.domain.facility_views import FacilityFilter
from app.domain.permissions import Actor
from app.services.drafts import SavedDraft
from ui.pages.context import PageContext
from ui.pages.facilities.entry import FORM
from ui.pages.facilities.import_dialog import ImportFacilities
from ui.pages.facilities.page import FacilitiesPage
from ui.pages.facilities.rates import RatesDialog
from ui.widgets.trouble_box import TroubleBox

LAMP = {"major": "01", "minor": "37", "street_code": "410105001", "road": "经八路", "address": "经八路12号门前"}
COVER = {"major": "01", "minor": "02", "street_code": "410105002", "address": "纬一路"}


@pytest.fixture
def lamp(desk: Desk, actor: Actor) -> Facility:
    """One street lamp beside a manhole."""
    desk.facilities.save(COVER, actor=actor)
    return desk.facilities.save({**LAMP, "longitude": 113.66, "latitude": 34.75}, actor=actor)


@pytest.fixture
def page(context: PageContext, window: QWidget, lamp: Facility, qtbot: QtBot) -> FacilitiesPage:
    """The page, standing on the lamp."""
    made = FacilitiesPage(context)
    QVBoxLayout(window).addWidget(made)
    window.show()
    made.go(lamp.id)
    qtbot.waitUntil(lambda: made.detail.facility is not None and made.detail.facility.id == lamp.id)
    return made


def press(qtbot: QtBot, page: FacilitiesPage, key: Qt.Key, control: bool = False) -> None:
    modifier = Qt.KeyboardModifier.ControlModifier if control else Qt.KeyboardModifier.NoModifier
    page.list.table.view.setFocus()
    qtbot.keyClick(page.list.table.view, key, modifier)


def rows(page: FacilitiesPage) -> int:
    return page.list.table.model.rowCount()


def test_the_registers_say_how_many_they_hold_and_narrow_the_list(page: FacilitiesPage, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: page.list.groups.item(0).text() == "全部部件  2")
    assert rows(page) == 2
    page.list.groups.setCurrentRow(2)
    qtbot.waitUntil(lambda: rows(page) == 1)
    assert page.list.groups.currentItem().text() == "路灯  1"


def test_the_detail_says_everything_known(page: FacilitiesPage, lamp: Facility) -> None:
    facts = page.detail.facts()
    assert (facts["标识码"], facts["类别"], facts["位置"]) == (lamp.code, "公用设施 / 路灯", "经八路12号门前")
    assert facts["最近巡查"] == "-"


def test_one_key_makes_it_damaged_and_the_same_key_puts_it_right(
    page: FacilitiesPage, desk: Desk, lamp: Facility, qtbot: QtBot
) -> None:
    press(qtbot, page, Qt.Key.Key_F7)
    qtbot.waitUntil(lambda: page.detail.facility is not None and page.detail.facility.state == FacilityState.DAMAGED)
    press(qtbot, page, Qt.Key.Key_F7)
    qtbot.waitUntil(lambda: page.detail.facility is not None and page.detail.facility.state == FacilityState.INTACT)
    assert [line.words for line in desk.facilities.history(lamp.id)] == ["破损 → 完好", "完好 → 破损"]


def test_one_key_begins_a_case_with_its_category_and_place(page: FacilitiesPage, lamp: Facility, qtbot: QtBot) -> None:
    with qtbot.waitSignal(page.wanted) as asked:
        press(qtbot, page, Qt.Key.Key_F5)
    target, draft = asked.args
    assert target == "cases"
    assert isinstance(draft, SavedDraft)
    assert draft.body["facility_id"] == str(lamp.id)
    assert draft.body["fields"]["minor"][:3] == ["component-01-37", "C-01-37", "路灯"]


def test_the_case_entry_goes_on_from_it_and_the_case_belongs_to_the_facility(
    page: FacilitiesPage, context: PageContext, desk: Desk, lamp: Facility, qtbot: QtBot
) -> None:
    from ui.pages.cases.entry import EntryForm

    with qtbot.waitSignal(page.wanted) as asked:
        press(qtbot, page, Qt.Key.Key_F5)
    form = EntryForm(context, page)
    form.load_draft(asked.args[1].id)
    qtbot.waitUntil(lambda: form.fields.category.value() == "component-01-37")
    with qtbot.waitSignal(form.saved) as saved:
        form.save()
    case = saved.args[0]
    assert (case.facility_id, case.minor_name, case.road) == (lamp.id, "路灯", "经八路")
    assert [line.record_type for line in desk.facilities.history(lamp.id)] == ["case"]


def test_a_facility_is_entered_by_keyboard_and_gets_its_code(page: FacilitiesPage, desk: Desk, qtbot: QtBot) -> None:
    press(qtbot, page, Qt.Key.Key_N, control=True)
    fields = page.entry.fields
    qtbot.keyClicks(fields.category, "wsjg")
    qtbot.keyClick(fields.category, Qt.Key.Key_Return)
    assert fields.group.value() == "manholes"
    fields.lines["house_number"].setText("金水-0042")
    fields.attributes["depth"].setText("3.2")
    with qtbot.waitSignal(page.entry.saved) as saved:
        qtbot.keyClick(page.entry.fields.category, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    made = saved.args[0]
    assert (made.code, made.house_number, made.attributes) == ("4101050102000002", "金水-0042", {"depth": "3.2"})
    qtbot.waitUntil(lambda: rows(page) == 3)


def test_what_is_wrong_is_said_at_its_field_and_nothing_is_saved(
    page: FacilitiesPage, desk: Desk, lamp: Facility, qtbot: QtBot
) -> None:
    page.show_entry()
    page.entry.fields.category.choose("component-01-37", "路灯")
    page.entry.fields.lines["code"].setText(lamp.code)
    page.entry.save()
    qtbot.waitUntil(lambda: "经八路12号门前" in page.entry.fields.field("code").wrong())
    page.entry.fields.days["installed_on"].setText("去年")
    page.entry.save()
    assert page.entry.fields.field("installed_on").wrong()
    assert desk.facilities.count(FacilityFilter()).count == 2


def test_what_others_changed_while_the_form_was_open_stays(
    page: FacilitiesPage, desk: Desk, actor: Actor, lamp: Facility, qtbot: QtBot
) -> None:
    desk.facilities.save({"attributes": {"census": "2019"}}, actor=actor, facility_id=lamp.id)
    page._edit(desk.facilities.get(lamp.id))
    desk.facilities.set_state([lamp.id], FacilityState.DAMAGED, actor=actor)
    page.entry.fields.lines["name"].setText("三号灯")
    with qtbot.waitSignal(page.entry.saved):
        page.entry.save()
    again = desk.facilities.get(lamp.id)
    assert (again.name, again.state, again.attributes["census"]) == ("三号灯", FacilityState.DAMAGED, "2019")
    assert (again.group, again.street_code) == (lamp.group, lamp.street_code)


def test_a_census_of_the_whole_register_is_refused_in_words(page: FacilitiesPage, qtbot: QtBot) -> None:
    page.deeds.census(array("q", range(1, 40_001)))
    qtbot.waitUntil(lambda: page.findChild(TroubleBox) is not None)
    box = page.findChild(TroubleBox)
    assert isinstance(box, TroubleBox)
    assert "40000" in box.words().replace(",", "")
    box.close()


def test_a_half_typed_form_is_there_again_after_a_crash(
    page: FacilitiesPage, context: PageContext, desk: Desk, actor: Actor, qtbot: QtBot
) -> None:
    page.show_entry()
    fields = page.entry.fields
    fields.lines["name"].setText("河边公厕")
    fields.group.set_value("toilets")
    fields._show_attributes()
    fields.attributes["hours"].setText("全天")
    fields.edited.emit()
    qtbot.waitUntil(lambda: len(desk.drafts.all(FORM, actor=actor)) == 1)
    again = FacilitiesPage(context)
    page.layout().addWidget(again)
    again.show_entry()
    qtbot.waitUntil(lambda: again.entry.fields.lines["name"].value() == "河边公厕")
    assert again.entry.fields.attributes["hours"].value() == "全天"


def test_a_change_for_many_goes_to_everything_selected(page: FacilitiesPage, desk: Desk, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: rows(page) == 2)
    page.list.table.view.selectAll()
    page.deeds.set_many(page.list.table.selected_ids(), {"maintainer": "市政设施中心"}, "")
    wanted = FacilityFilter(maintainer="市政设施中心")
    qtbot.waitUntil(lambda: desk.facilities.count(wanted).count == 2)


def test_a_census_round_walks_past_the_list(page: FacilitiesPage, desk: Desk, lamp: Facility, qtbot: QtBot) -> None:
    with qtbot.waitSignal(page.deeds.census_made) as made:
        page.census()
    round_ = made.args[0]
    assert round_.points[0].facility_id == lamp.id
    assert len(round_.points) == 2


def test_rates_name_the_target_and_a_line_opens_its_list(
    page: FacilitiesPage, context: PageContext, desk: Desk, actor: Actor, lamp: Facility, qtbot: QtBot
) -> None:
    desk.facilities.set_state([lamp.id], FacilityState.DAMAGED, actor=actor)
    dialog = RatesDialog(context, "lamps", page)
    qtbot.waitUntil(lambda: len(dialog.table.items()) == 2)
    assert "主次干道亮灯率指标 98%" in dialog.targets()
    dialog.street_wanted.connect(page._show_street)
    dialog.table.opened.emit(dialog.table.items()[0])
    qtbot.waitUntil(lambda: rows(page) == 1)
    assert page.list.filter().street_code == "410105001"


def test_the_import_offers_to_swap_columns_and_takes_them_over(
    page: FacilitiesPage, context: PageContext, tmp_path: Path, qtbot: QtBot
) -> None:
    sheet = tmp_path / "工地.csv"
    sheet.write_text("编号,名称,纬度,经度\n1,甲,113.6,34.7\n2,乙,113.7,34.8\n", encoding="utf-8")
    dialog = ImportFacilities(context, page, sheet)
    qtbot.waitUntil(lambda: bool(dialog.mapping.form.field("swapped").wrong()))
    dialog.mapping.swapped.click()
    qtbot.waitUntil(lambda: "可以导入 2 行" in dialog.words())
    with qtbot.waitSignal(dialog.imported) as done:
        dialog.run()
    assert done.args[0].taken == 2
    assert dialog.outcome.counts() == "读取 2 行:新增 2,更新 0,没有变化 0,没有导入 0"


def test_a_change_for_many_is_undone_to_what_each_of_them_was(
    page: FacilitiesPage, context: PageContext, desk: Desk, actor: Actor, lamp: Facility, qtbot: QtBot
) -> None:
    desk.facilities.set_many([lamp.id], {"maintainer": "路灯所"}, actor=actor)
    qtbot.waitUntil(lambda: rows(page) == 2)
    page.list.table.view.selectAll()
    page.deeds.set_many(page.list.table.selected_ids(), {"maintainer": "市政设施中心"}, "")
    qtbot.waitUntil(lambda: desk.facilities.count(FacilityFilter(maintainer="市政设施中心")).count == 2)
    undo = page.window().findChild(QPushButton, "notice_undo")
    qtbot.waitUntil(undo.isVisible)

    undo.click()

    qtbot.waitUntil(lambda: desk.facilities.count(FacilityFilter(maintainer="市政设施中心")).count == 0)
    assert desk.facilities.get(lamp.id).maintainer == "路灯所"


def test_who_keeps_things_in_order_is_counted_beside_the_window_and_again_when_facilities_change(
    page: FacilitiesPage, context: PageContext, desk: Desk, actor: Actor, lamp: Facility, qtbot: QtBot
) -> None:
    def named() -> list[str]:
        return [choice.title for choice in page.list._choices.maintainers()]

    qtbot.waitUntil(lambda: not context.tasks.busy())
    desk.facilities.set_many([lamp.id], {"maintainer": "路灯所"}, actor=actor)
    assert named() == []
    qtbot.waitUntil(lambda: named() == ["路灯所"])


def test_codes_that_stand_twice_are_one_chip_away(
    page: FacilitiesPage, desk: Desk, actor: Actor, lamp: Facility, qtbot: QtBot
) -> None:
    with desk.store.write(actor, "test.twin") as tx:
        tx.add(lamp.model_copy(update={"id": tx.ids.new()}))
    page.go({"only": ("double",)})

    qtbot.waitUntil(lambda: rows(page) == 2)

    assert desk.facilities.count(FacilityFilter(doubled=True)).count == 2
    assert desk.facilities.count(FacilityFilter(uncoded=True)).count == 0


def test_what_was_picked_on_the_map_is_a_list_of_its_own_until_cleared(
    page: FacilitiesPage, lamp: Facility, qtbot: QtBot
) -> None:
    page.go(frozenset({lamp.id}))
    qtbot.waitUntil(lambda: rows(page) == 1)
    assert page.list.filters.chosen() == {"only": ("picked",)}

    page.list.filters.clear()

    qtbot.waitUntil(lambda: rows(page) == 2)
