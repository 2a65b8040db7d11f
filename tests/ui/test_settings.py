"""The settings: what an administrator changes, what others may only read, and what follows from a change."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.domain.cases import CaseDraft, CaseKind
from app.domain.directory import ReplyTemplate, Unit
from app.domain.permissions import Actor, OfficeRole
from app.services.sheets.day_rows import read_day_rows
from app.services.sheets.flow_rows import read_flow
from tests.ui.typing_hands import press
from ui.pages.context import PageContext
from ui.pages.settings.audit import AuditSection
from ui.pages.settings.calendar import CalendarSection
from ui.pages.settings.data import DataSection
from ui.pages.settings.flow import FlowSection
from ui.pages.settings.lists import ListsSection
from ui.pages.settings.office import OfficeSection
from ui.pages.settings.page import SECTIONS, SettingsPage
from ui.pages.settings.persons import PersonsSection
from ui.pages.settings.section import Section
from ui.pages.settings.standards import StandardsSection

STRONG = "Birke-2026-Ufer"


@pytest.fixture
def shown(context: PageContext, window: QWidget, qtbot: QtBot) -> Callable[..., SettingsPage]:
    """Shows the settings with one part in front, as somebody with these roles."""

    def show(name: str, *roles: OfficeRole) -> SettingsPage:
        actor = context.actor if not roles else replace(context.actor, roles=frozenset(roles))
        page = SettingsPage(replace(context, actor=actor))
        page.setParent(window)
        page.resize(window.size())
        window.show()
        page.show()
        page.go(name)
        qtbot.waitUntil(lambda: not context.tasks.busy())
        return page

    return show


def settled(context: PageContext, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not context.tasks.busy())


@pytest.mark.parametrize("entry", SECTIONS, ids=lambda entry: entry.name)
def test_every_part_opens_for_everybody(shown: Callable[..., SettingsPage], entry: object) -> None:
    name = str(getattr(entry, "name", ""))

    section = shown(name, OfficeRole.ACCEPTOR).section()

    assert section.isVisible()
    assert section.accessibleName()


@pytest.mark.parametrize("name", ["office", "persons", "lists", "calendar", "standards", "flow"])
def test_who_is_no_administrator_reads_why_nothing_can_be_changed(
    shown: Callable[..., SettingsPage], name: str
) -> None:
    section = shown(name, OfficeRole.ACCEPTOR).section()

    why = section.findChild(QWidget, f"{section.objectName()}_read_only")

    assert why is not None
    assert why.isVisible()


def test_the_office_is_changed_and_due_times_follow_its_hours(
    shown: Callable[..., SettingsPage], context: PageContext, qtbot: QtBot
) -> None:
    draft = CaseDraft(source="snap", kind=CaseKind.EVENT, major="04", minor="05", condition_no=1, near="东门")
    case = context.desk.cases.report(draft, actor=context.actor)
    section = shown("office").section()
    assert isinstance(section, OfficeSection)

    section.form.fill(work_periods=((time(7), time(9)),), yellow_share=0.5)
    section.save()
    settled(context, qtbot)

    office = context.desk.reference.office()
    assert office.work_periods == ((time(7), time(9)),)
    assert office.yellow_share == 0.5
    assert context.desk.cases.get(case.id).warn_at != case.warn_at


def test_wrong_hours_are_refused_at_their_field_and_nothing_changes(
    shown: Callable[..., SettingsPage], context: PageContext
) -> None:
    section = shown("office").section()
    assert isinstance(section, OfficeSection)
    section.form.field("work_periods").widget.setText("早上八点到晚上")  # type: ignore[attr-defined]

    section.save()

    assert section.form.field("work_periods").wrong()
    assert context.desk.reference.office().work_periods[0] == (time(8), time(12))


def test_a_person_is_added_with_a_sign_in_of_their_own(
    shown: Callable[..., SettingsPage], context: PageContext, qtbot: QtBot
) -> None:
    section = shown("persons").section()
    assert isinstance(section, PersonsSection)
    section.add()
    dialog = section.dialog
    dialog.person_name.setText("李强")
    dialog.login.setText("liqiang")
    dialog.roles.set_value((OfficeRole.ACCEPTOR,))
    dialog.passwords.first.setText(STRONG)
    dialog.passwords.second.setText(STRONG)

    with qtbot.waitSignal(dialog.done_well):
        dialog.save()
    settled(context, qtbot)

    person = context.desk.accounts.person_named("liqiang")
    assert person.roles == (OfficeRole.ACCEPTOR,)
    assert "李强" in [one.name for one in section.table.items()]


def test_a_login_name_twice_is_refused_at_its_field(
    shown: Callable[..., SettingsPage], context: PageContext, qtbot: QtBot
) -> None:
    section = shown("persons").section()
    assert isinstance(section, PersonsSection)
    section.add()
    dialog = section.dialog
    dialog.person_name.setText("张敏二")
    dialog.login.setText("zhangmin")
    dialog.roles.set_value((OfficeRole.ACCEPTOR,))
    dialog.passwords.first.setText(STRONG)
    dialog.passwords.second.setText(STRONG)

    dialog.save()
    settled(context, qtbot)

    assert "zhangmin" in dialog.form.field("login").wrong()
    dialog.reject()


def test_the_last_administrator_stays_one(
    shown: Callable[..., SettingsPage], context: PageContext, qtbot: QtBot
) -> None:
    section = shown("persons").section()
    assert isinstance(section, PersonsSection)
    section.table.go_to(lambda person: person.login == "zhangmin")
    section.change()
    dialog = section.dialog
    dialog.roles.set_value((OfficeRole.ACCEPTOR,))

    dialog.save()
    settled(context, qtbot)

    assert dialog.form.field("roles").wrong()
    assert OfficeRole.ADMIN in context.desk.accounts.person_named("zhangmin").roles
    dialog.reject()


def test_an_entry_of_a_list_is_added_and_changed(
    shown: Callable[..., SettingsPage], context: PageContext, qtbot: QtBot
) -> None:
    section = shown("lists").section()
    assert isinstance(section, ListsSection)
    editor = section.editors["units"]
    editor.form.fill(name="市政设施中心", code="SZ")
    editor.save()
    settled(context, qtbot)

    editor.table.go_to(lambda unit: unit.code == "SZ")
    editor.form.fill(phone="0371-60001001")
    editor.save()
    settled(context, qtbot)

    [unit] = context.desk.directory.everything(Unit)
    assert (unit.name, unit.code, unit.phone) == ("市政设施中心", "SZ", "0371-60001001")


def test_what_is_half_typed_stays_when_the_list_is_read_again(
    shown: Callable[..., SettingsPage], context: PageContext, qtbot: QtBot
) -> None:
    unit = context.desk.directory.save(Unit, {"name": "环卫公司"}, actor=context.actor)
    page = shown("lists")
    section = page.section()
    assert isinstance(section, ListsSection)
    editor = section.editors["units"]
    editor.table.go_to(lambda one: one.id == unit.id)
    editor.form.fill(phone="0371-")
    changed, typed_new = editor.form.values()["phone"], []

    for half in ("", "园林"):
        if half:
            editor.start_new()
            editor.form.fill(name=half)
        page.refresh()
        section.refresh()
        settled(context, qtbot)
        typed_new.append(editor.form.values())

    assert changed == typed_new[0]["phone"] == "0371-"
    assert typed_new[1]["name"] == "园林"


def test_half_typed_office_settings_stay_when_something_else_is_committed(
    shown: Callable[..., SettingsPage], context: PageContext
) -> None:
    section = shown("office").section()
    assert isinstance(section, OfficeSection)
    name = section.form.field("name").widget
    name.setText("金水区城市管")  # type: ignore[attr-defined]
    name.edited.emit()  # type: ignore[attr-defined]

    section.refresh()

    assert section.form.values()["name"] == "金水区城市管"


def test_a_table_pasted_from_a_spreadsheet_adds_and_updates_and_names_what_it_cannot_take(
    shown: Callable[..., SettingsPage], context: PageContext, qtbot: QtBot
) -> None:
    context.desk.directory.save(Unit, {"name": "环卫公司", "code": "HW"}, actor=context.actor)
    section = shown("lists").section()
    assert isinstance(section, ListsSection)
    editor = section.editors["units"]
    QGuiApplication.clipboard().setText(
        '名称\t代码\t电话\r\n环卫公司\tHW2\t0371-1\r\n"园林\n绿化所"\tYL\t\r\n\tXX\t\r\n' + "很长" * 50 + "\t\t\r\n"
    )

    editor.paste()
    rows = editor.preview.list.topLevelItemCount()
    editor.preview.take.click()
    settled(context, qtbot)

    assert rows == 4
    units = {unit.name: unit for unit in context.desk.directory.everything(Unit)}
    assert set(units) == {"环卫公司", "园林\n绿化所"}
    assert (units["环卫公司"].code, units["环卫公司"].phone) == ("HW2", "0371-1")


def test_templates_belong_to_a_purpose(shown: Callable[..., SettingsPage], context: PageContext, qtbot: QtBot) -> None:
    section = shown("lists").section()
    assert isinstance(section, ListsSection)
    editor = section.editors["templates"]
    editor.form.fill(title="占道", text="{地点}有{小类}现象")

    editor.save()
    settled(context, qtbot)

    [template] = context.desk.directory.everything(ReplyTemplate)
    assert template.purpose == "description"


def test_the_calendar_says_which_year_is_missing(shown: Callable[..., SettingsPage]) -> None:
    section = shown("calendar").section()
    assert isinstance(section, CalendarSection)

    section.year.setValue(2027)

    assert "2027 年调休安排未导入" in section.missing.text()


def test_a_day_made_free_moves_the_calendar_after_saving(
    shown: Callable[..., SettingsPage], context: PageContext, qtbot: QtBot
) -> None:
    section = shown("calendar").section()
    assert isinstance(section, CalendarSection)
    day = date(2026, 11, 18)
    section.toggle(day)
    before = context.desk.reference.calendar().is_workday(day)

    section.save()
    settled(context, qtbot)

    assert before
    assert not context.desk.reference.calendar().is_workday(day)


def test_a_year_is_imported_from_a_sheet(
    shown: Callable[..., SettingsPage], context: PageContext, tmp_path: Path, qtbot: QtBot
) -> None:
    file = tmp_path / "2027.csv"
    file.write_text("日期,类型\n2027-01-01,放假\n2027/1/3,调休上班\n2027年2月6日,休\n看不懂,放假\n", encoding="utf-8")
    section = shown("calendar").section()
    assert isinstance(section, CalendarSection)
    section.import_file(file)
    settled(context, qtbot)
    said = section.said()

    section.save()
    settled(context, qtbot)

    calendar = context.desk.reference.calendar()
    assert "5" in said
    assert not calendar.is_workday(date(2027, 1, 1))
    assert calendar.is_workday(date(2027, 1, 3))
    assert section.year.value() == 2027


def test_spans_of_days_and_off_day_columns_are_read(tmp_path: Path) -> None:
    spans, flags = tmp_path / "spans.csv", tmp_path / "flags.csv"
    spans.write_text("开始日期,结束日期,类型\n2027-10-01,2027-10-03,放假\n", encoding="utf-8")
    flags.write_text("date,isOffDay\n2027-10-09,false\n2027-10-01,true\n", encoding="utf-8")

    assert read_day_rows(spans).days == {"2027-10-01": False, "2027-10-02": False, "2027-10-03": False}
    assert read_day_rows(flags).days == {"2027-10-09": True, "2027-10-01": False}


def test_conditions_are_found_by_any_word(
    shown: Callable[..., SettingsPage], context: PageContext, qtbot: QtBot
) -> None:
    section = shown("standards").section()
    assert isinstance(section, StandardsSection)

    section.search.setText("店外经营")
    settled(context, qtbot)

    assert {line.category.minor_name for line in section.conditions.items()} == {"店外经营"}


def test_the_built_in_flow_comes_back_from_its_own_sheet(
    shown: Callable[..., SettingsPage], context: PageContext, tmp_path: Path, qtbot: QtBot
) -> None:
    from app.base.resources import resource_path

    built_in = resource_path("tables", "case_flow.csv")
    section = shown("flow").section()
    assert isinstance(section, FlowSection)
    before = context.desk.reference.workflow()

    section.import_flow(built_in)
    settled(context, qtbot)

    after = context.desk.reference.workflow()
    assert after.steps == before.steps
    assert after.version != before.version
    assert len(read_flow(built_in)) == len(before.steps)


def test_a_flow_with_an_unknown_guard_is_refused_by_row(
    shown: Callable[..., SettingsPage], context: PageContext, tmp_path: Path, qtbot: QtBot
) -> None:
    from app.base.resources import resource_path

    text = resource_path("tables", "case_flow.csv").read_text(encoding="utf-8")
    file = tmp_path / "flow.csv"
    file.write_text(text.replace("unit_chosen", "anything_goes"), encoding="utf-8")
    section = shown("flow").section()
    assert isinstance(section, FlowSection)

    section.import_flow(file)
    settled(context, qtbot)

    assert "anything_goes" in section.said()
    assert context.desk.reference.workflow().version.startswith("builtin")


def test_a_backup_is_made_and_told(
    shown: Callable[..., SettingsPage], context: PageContext, tmp_path: Path, qtbot: QtBot
) -> None:
    section = shown("data").section()
    assert isinstance(section, DataSection)
    to = tmp_path / "elsewhere" / "今天.griddesk-backup"
    to.parent.mkdir()

    section.back_up_to(to)
    settled(context, qtbot)

    assert to.stat().st_size > 0
    assert str(to) in section.said()
    assert context.desk.care.last_backup_at() is not None


def test_checking_everything_says_that_all_is_sound(
    shown: Callable[..., SettingsPage], context: PageContext, qtbot: QtBot
) -> None:
    section = shown("data").section()
    assert isinstance(section, DataSection)

    section.check()
    settled(context, qtbot)

    assert section.check_words().startswith("✓")


def test_the_audit_trail_is_shown_newest_first_and_masks_the_reporter(
    shown: Callable[..., SettingsPage], context: PageContext, qtbot: QtBot
) -> None:
    draft = CaseDraft(source="snap", description="井盖", near="东门", reporter_phone="13812341234")
    case = context.desk.cases.report(draft, actor=context.actor)
    changed = draft.model_copy(update={"reporter_phone": "13900001111"})
    context.desk.cases.correct(case.id, changed, "写错了", actor=context.actor)

    section = shown("audit").section()
    assert isinstance(section, AuditSection)
    lines = [section.table.model.line(row) for row in range(section.table.model.rowCount())]
    row = next(at for at, line in enumerate(lines) if line.deed == "case.correct" and line.record_type == "case")
    section.table.go_to(lines[row].seq)
    settled(context, qtbot)

    told = section.findChild(QWidget, "audit_detail").toPlainText()
    assert [line.seq for line in lines] == sorted((line.seq for line in lines), reverse=True)
    assert "139****1111" in told
    assert "13900001111" not in told


def test_a_clerk_may_not_read_the_audit_trail(shown: Callable[..., SettingsPage]) -> None:
    section = shown("audit", OfficeRole.ACCEPTOR).section()
    assert isinstance(section, AuditSection)

    assert section.table.model.rowCount() == 0
    assert "管理员和审计员" in section.table.empty.sentence()


def test_the_screen_settings_act_at_once(shown: Callable[..., SettingsPage], context: PageContext) -> None:
    section = shown("appearance").section()
    theme = section.findChild(QWidget, "theme")
    theme.setFocus()

    press(theme, Qt.Key.Key_Down)
    theme.edited.emit()

    assert context.settings.get().theme == theme.value() != "system"


def test_a_section_says_problems_with_their_cure(context: PageContext, window: QWidget) -> None:
    from app.domain.problems import Refused

    section = Section(context, "probe", "探针", "一句话", editable=True)
    section.setParent(window)

    section.say_problem(Refused("account.not_administrator"))

    assert "管理员" in section.said()


def test_the_clock_of_the_trail_is_office_time() -> None:
    from app.services.audit import AuditLine
    from ui.pages.settings.audit import columns

    at = datetime.fromisoformat("2026-11-02T01:00:00+00:00")
    line = AuditLine(1, at, "张敏", "person.sign_in", "person", None, "", "", "ok")
    shown = {column.name: column.value(line) for column in columns({})}

    assert shown["at"] == "2026-11-02 09:00:00"
    assert shown["deed"] == "登录"


def test_an_actor_without_roles_changes_nothing(context: PageContext) -> None:
    nobody: Actor = replace(context.actor, roles=frozenset())

    section = OfficeSection(replace(context, actor=nobody))

    assert not section.editable
    section.deleteLater()


def test_somebody_added_elsewhere_says_so_and_is_given_a_password_here(
    shown: Callable[..., SettingsPage], context: PageContext, qtbot: QtBot
) -> None:
    """As the city's list of persons brings them: a record, and no key to this PC."""
    accounts = context.desk.accounts
    newcomer = accounts.first_person("王芳", "wangfang", (OfficeRole.ACCEPTOR,), actor=context.actor)
    section = shown("persons").section()
    assert isinstance(section, PersonsSection)
    before = section.words.state(newcomer)
    section.table.go_to(lambda person: person.id == newcomer.id)

    section.reset_password()
    dialog = section.dialog
    dialog.passwords.first.setText(STRONG)
    dialog.passwords.second.setText(STRONG)
    with qtbot.waitSignal(dialog.done_well):
        dialog.save()
    settled(context, qtbot)

    assert "未设密码" in before
    assert section.words.state(newcomer) == "在用"
    assert newcomer.id in accounts.with_password()
