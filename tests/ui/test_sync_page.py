"""The sync page over a real city: joining it, seeing what has not arrived, and settling it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from starlette.testclient import TestClient

from app.base.clock import FixedClock
from app.desk import Desk
from app.domain.decisions import Verdict
from app.domain.directory import Unit
from app.domain.permissions import Actor, OfficeRole
from app.sync.views import LineState, RecordState, SyncStatus
from server.city import City
from server.main import create_app
from tests.builders import a_draft
from tests.desks import first_actor, make_desk
from tests.ui.a_case import settle
from tests.ui.city_desk import URL, Cable, a_city, clash, code_of, corrected, enrolled, in_step, wired
from tests.ui.test_names import nameless
from ui.dialogs.conflict import ConflictDialog
from ui.pages.context import PageContext
from ui.pages.sync.bars import BrakeBar
from ui.pages.sync.line_settings import LineSettings
from ui.pages.sync.outages import OutageDialog
from ui.pages.sync.page import SyncPage
from ui.pages.sync.results import outage_words
from ui.printing.preview import PreviewDialog
from ui.widgets.trouble_box import TroubleBox

Show = Callable[..., SyncPage]


@pytest.fixture
def city(tmp_path: Path, clock: FixedClock) -> Iterator[City]:
    """A city that knows 金水区."""
    with a_city(tmp_path, clock) as made:
        yield made


@pytest.fixture
def cable(city: City) -> Cable:
    """The wire to it."""
    return Cable(TestClient(create_app(city)))


@pytest.fixture
def desk(desk: Desk, cable: Cable) -> Desk:
    """The office of the page, its line through the wire."""
    return wired(desk, cable, "machine A")


@pytest.fixture
def joined(desk: Desk, city: City, actor: Actor) -> Desk:
    """The same office, known to the city."""
    return enrolled(desk, city, actor)


@pytest.fixture
def other(tmp_path: Path, clock: FixedClock, cable: Cable, city: City) -> Iterator[Desk]:
    """Another office of the district, known to the city as well."""
    made = wired(make_desk(tmp_path / "other", clock), cable, "machine B")
    yield enrolled(made, city, first_actor(made))
    made.close()


@pytest.fixture
def show(context: PageContext, window: QWidget, qtbot: QtBot) -> Show:
    """Shows the page, as somebody with these roles."""

    def made(*roles: OfficeRole) -> SyncPage:
        actor = replace(context.actor, roles=frozenset(roles)) if roles else context.actor
        page = SyncPage(replace(context, actor=actor))
        page.setParent(window)
        page.resize(window.size())
        window.show()
        page.show()
        page.go(None)
        settle(qtbot, context.tasks)
        return page

    return made


def again(page: SyncPage, context: PageContext, qtbot: QtBot) -> None:
    page.refresh()
    settle(qtbot, context.tasks)


def titles(page: SyncPage, state: RecordState) -> list[str]:
    return [line.title for line in page.tabs.panes[state].table.items()]


# Joining --------------------------------------------------------------------------------------------------------------


def test_an_administrator_joins_the_city_with_address_and_code(
    show: Show, context: PageContext, city: City, qtbot: QtBot
) -> None:
    page = show()
    page.form.url.set_value(URL)
    page.form.code.set_value(code_of(city))

    with qtbot.waitSignal(page.form.enrolled):
        page.form.enrol()
    settle(qtbot, context.tasks)

    assert page.head.isVisible()
    assert page.head.fact("url") == URL
    assert page.form.code.value() == ""


def test_who_is_no_administrator_reads_who_may_join(show: Show) -> None:
    page = show(OfficeRole.ACCEPTOR)

    about = page.findChild(QWidget, "enrol_about")
    assert about is not None
    assert "管理员" in about.accessibleName()
    assert not page.form.isVisible()


def test_what_is_missing_is_said_at_its_field_and_nothing_is_asked(show: Show, cable: Cable) -> None:
    page = show()
    cable.cut = True

    page.form.enrol()

    assert page.form.form.field("city_url").wrong()
    assert page.form.form.field("city_code").wrong()


@pytest.mark.parametrize(
    ("url", "code", "field"), [(URL, "AAAA-BBBB-CCCC", "city_code"), ("ftp:/nirgends", "AAAA-BBBB", "city_url")]
)
def test_a_refused_address_or_code_is_said_at_its_field_and_stays_typed(
    show: Show, context: PageContext, qtbot: QtBot, url: str, code: str, field: str
) -> None:
    page = show()
    page.form.url.set_value(url)
    page.form.code.set_value(code)

    page.form.enrol()
    settle(qtbot, context.tasks)

    assert page.form.form.field(field).wrong()
    assert (page.form.url.value(), page.form.code.value()) == (url, code)
    assert page.form.join.isEnabled()


def test_a_certificate_that_cannot_be_read_is_said_at_its_field(
    show: Show, context: PageContext, city: City, tmp_path: Path, qtbot: QtBot
) -> None:
    page = show()
    page.form.url.set_value(URL)
    page.form.code.set_value(code_of(city))
    page.form.advanced.own_ca.set_value(str(tmp_path / "gibt es nicht.pem"))

    page.form.enrol()
    settle(qtbot, context.tasks)

    assert page.form.advanced.field("city_ca").wrong()
    assert page.form.advanced.isVisible()


# What stands there ----------------------------------------------------------------------------------------------------


def test_what_waits_is_listed_until_it_is_sent(
    show: Show, context: PageContext, joined: Desk, actor: Actor, qtbot: QtBot
) -> None:
    case = joined.cases.report(a_draft(), actor=actor)
    page = show()
    waiting = [line.case_id for line in page.tabs.panes[RecordState.WAITING].table.items()]

    page.tools.run_now()
    settle(qtbot, context.tasks)

    assert set(waiting) == {case.id}
    assert titles(page, RecordState.WAITING) == []
    assert "✓ 与市平台一致" in page.head.words()
    assert "送出" in page.tools.said()


def test_a_cut_line_is_told_with_its_reason_and_what_nobody_else_sees(
    show: Show, context: PageContext, joined: Desk, actor: Actor, cable: Cable, qtbot: QtBot
) -> None:
    joined.cases.report(a_draft(), actor=actor)
    cable.cut = True
    in_step(joined)

    said = show().head.words()

    assert "离线,自 09:00" in said
    assert "连不上市平台" in said
    assert "别的电脑和市平台还看不到本机的" in said


def test_pausing_is_told_and_ends_with_the_same_button(
    show: Show, context: PageContext, joined: Desk, qtbot: QtBot
) -> None:
    page = show()

    page.tools.pause.click()
    settle(qtbot, context.tasks)
    paused = (joined.sync.status().state, page.head.words(), page.tools.pause.text())
    page.tools.pause.click()
    settle(qtbot, context.tasks)

    assert paused[0] is LineState.PAUSED
    assert paused[1].startswith("‖ 同步已暂停")
    assert paused[2] == "继续同步"
    assert joined.sync.status().state is LineState.IDLE


def test_a_line_of_the_list_opens_its_case(show: Show, joined: Desk, actor: Actor, qtbot: QtBot) -> None:
    case = joined.cases.report(a_draft(), actor=actor)
    page = show()
    pane = page.tabs.panes[RecordState.WAITING]
    pane.table.go_to(lambda line: line.case_id == case.id)

    with qtbot.waitSignal(page.wanted) as wanted:
        pane.buttons["open"].click()

    assert wanted.args == ["cases", case.id]


def test_a_person_or_unit_that_waits_leads_to_the_settings(show: Show, desk: Desk, joined: Desk, qtbot: QtBot) -> None:
    joined.directory.save(Unit, {"name": "环卫清洁中心"}, actor=first_actor(joined))
    page = show()
    pane = page.tabs.panes[RecordState.WAITING]
    pane.table.go_to(lambda line: line.record_type == "unit")

    with qtbot.waitSignal(page.wanted) as wanted:
        pane.buttons["open"].click()

    assert wanted.args == ["settings", "lists"]


def test_every_control_has_a_name(show: Show, joined: Desk) -> None:
    assert nameless(show()) == []


# Conflicts and refusals -----------------------------------------------------------------------------------------------


def test_a_conflict_is_counted_shown_and_decided(
    show: Show, context: PageContext, joined: Desk, other: Desk, actor: Actor, qtbot: QtBot
) -> None:
    case = joined.cases.report(a_draft(), actor=actor)
    clash(joined, other, case)
    page = show()
    pane = page.tabs.panes[RecordState.CONFLICT]
    listed = [line.record_id for line in pane.table.items()]
    pane.table.go_to(lambda line: line.record_id == case.id)

    pane.buttons["decide"].click()
    settle(qtbot, context.tasks)
    dialog = page.deeds.deciding.dialog
    assert isinstance(dialog, ConflictDialog)
    said = dialog.words()
    dialog.rows["description"].choose("mine")
    dialog.reason.set_value("现场量过")
    with qtbot.waitSignal(page.deeds.deciding.decided):
        dialog.submit()
    settle(qtbot, context.tasks)

    assert case.id in listed
    assert "门外三米" in said
    assert "门外两米" in said
    assert titles(page, RecordState.CONFLICT) == []
    decision = joined.sync.decisions_of(case.id)[-1]
    assert (decision.verdict, decision.reason) == (Verdict.MINE, "现场量过")
    in_step(joined)
    in_step(other)
    assert other.cases.get(case.id).description == "门外三米"


def test_the_number_beside_the_page_counts_what_needs_somebody(
    show: Show, context: PageContext, joined: Desk, other: Desk, actor: Actor, qtbot: QtBot
) -> None:
    page = show()
    counts: list[int] = []
    page.badge.connect(counts.append)
    case = joined.cases.report(a_draft(), actor=actor)

    clash(joined, other, case)
    again(page, context, qtbot)

    assert counts[-1] >= 1


def test_a_conflict_somebody_settled_meanwhile_is_no_trouble(
    show: Show, context: PageContext, joined: Desk, other: Desk, actor: Actor, qtbot: QtBot
) -> None:
    case = joined.cases.report(a_draft(), actor=actor)
    clash(joined, other, case)
    page = show()
    joined.sync.decide(case.id, Verdict.THEIRS, {}, "已核实", actor=actor)

    with qtbot.waitSignal(page.deeds.deciding.decided):
        page.deeds.deciding.ask(case.id)

    assert page.deeds.deciding.dialog is None


def test_refused_work_says_why_and_is_sent_again_after_it_was_put_right(
    show: Show, context: PageContext, joined: Desk, actor: Actor, city: City, qtbot: QtBot
) -> None:
    case = joined.cases.report(a_draft(), actor=actor)
    refuse_open_changes(joined, case.id.bytes)
    corrected(joined, case.id, "改正后的描述")
    page = show()
    pane = page.tabs.panes[RecordState.REFUSED]
    pane.table.go_to(lambda line: line.record_id == case.id)
    why = pane.reason()

    pane.buttons["resend"].click()
    settle(qtbot, context.tasks)
    in_step(joined)

    assert "不合要求" in why
    assert joined.sync.delivery(case.id).state is RecordState.WITH_CITY


# Without a line, and what outages left --------------------------------------------------------------------------------


def test_what_waits_is_put_into_a_sealed_file_and_the_page_says_how_much(
    show: Show, context: PageContext, joined: Desk, actor: Actor, tmp_path: Path, qtbot: QtBot
) -> None:
    joined.cases.report(a_draft(), actor=actor)
    waiting = joined.sync.status().waiting
    page = show()

    page.tools.seal_to(tmp_path / "给市平台.gdsealed")
    settle(qtbot, context.tasks)

    assert (tmp_path / "给市平台.gdsealed").stat().st_size > 0
    assert f"{waiting} 条改动" in page.tools.said()


def test_a_file_that_is_not_sealed_for_this_pc_is_refused_in_words(
    show: Show, context: PageContext, joined: Desk, tmp_path: Path, qtbot: QtBot
) -> None:
    page = show()
    (tmp_path / "x.gdsealed").write_bytes(b"kein Siegel")

    page.tools.unseal_from(tmp_path / "x.gdsealed")
    settle(qtbot, context.tasks)

    assert "不是给本机的密封文件" in page.findChild(TroubleBox).words()


@pytest.mark.parametrize(("cut", "said"), [(False, "线路正常"), (True, "线路不通")], ids=["up", "cut"])
def test_testing_the_line_tells_every_station(
    show: Show, context: PageContext, joined: Desk, cable: Cable, qtbot: QtBot, cut: bool, said: str
) -> None:
    page = show()
    cable.cut = cut

    page.tools.test.click()
    settle(qtbot, context.tasks)

    assert page.tools.said().startswith(said)
    assert ("✓ 比对" in page.tools.said()) is not cut
    assert ("▲ 设备身份" in page.tools.said()) is cut


def test_a_past_outage_is_listed_and_printed(
    show: Show, context: PageContext, joined: Desk, actor: Actor, cable: Cable, clock: FixedClock, qtbot: QtBot
) -> None:
    joined.cases.report(a_draft(), actor=actor)
    for cut in (True, True, False):
        cable.cut = cut
        in_step(joined)
        clock.advance(timedelta(minutes=30))
    page = show()

    page.tools.show_outages()
    settle(qtbot, context.tasks)
    dialog = page.findChild(OutageDialog)
    lines = dialog.table.items()
    dialog.print.click()
    settle(qtbot, context.tasks)
    preview = dialog.findChild(PreviewDialog)

    assert [(line.tries, line.until - line.since) for line in lines] == [(2, timedelta(hours=1))]
    assert "送出" in outage_words(lines[0])
    assert preview.paper.blocks


def test_proxy_and_certificate_are_changed_and_what_is_not_touched_stays(
    show: Show, context: PageContext, joined: Desk, actor: Actor, qtbot: QtBot
) -> None:
    joined.sync.set_line("-----BEGIN CERTIFICATE-----", "", actor=actor)
    page = show()
    page.tools.show_settings()
    settle(qtbot, context.tasks)
    dialog = page.findChild(LineSettings)
    dialog.fields.proxy.set_value("proxy.office:3128")

    with qtbot.waitSignal(dialog.saved):
        dialog.save()

    link = joined.sync.link()
    assert link is not None
    assert (link.own_ca, link.proxy) == ("-----BEGIN CERTIFICATE-----", "proxy.office:3128")


def test_a_run_that_is_under_way_says_how_far_it_is_and_can_be_stopped(
    show: Show, context: PageContext, joined: Desk, qtbot: QtBot
) -> None:
    page = show()

    page.tools.show_progress(340, 1200, "正在接收")

    assert page.tools.run_bar.isVisible()
    assert "340 / 1,200" in page.tools.run_bar.words()
    page.tools.show_status(joined.sync.status())
    assert page.tools.run_bar.isHidden()


# The brake ------------------------------------------------------------------------------------------------------------


def test_removals_are_let_through_only_after_asking_twice(qtbot: QtBot) -> None:
    bar = BrakeBar(may_allow=True)
    qtbot.addWidget(bar)
    bar.show_status(SyncStatus(LineState.STOPPED, brake=312))

    with qtbot.assertNotEmitted(bar.allowed):
        bar.let_go.click()
    asked = bar.words()
    with qtbot.waitSignal(bar.allowed):
        bar.let_go.click()

    assert "312" in asked


def test_another_number_of_removals_is_asked_about_from_the_start(qtbot: QtBot) -> None:
    bar = BrakeBar(may_allow=True)
    qtbot.addWidget(bar)
    bar.show_status(SyncStatus(LineState.STOPPED, brake=312))
    bar.let_go.click()

    bar.show_status(SyncStatus(LineState.STOPPED, brake=4000))

    with qtbot.assertNotEmitted(bar.allowed):
        bar.let_go.click()


def test_who_is_no_administrator_cannot_let_removals_through(qtbot: QtBot) -> None:
    bar = BrakeBar(may_allow=False)
    qtbot.addWidget(bar)
    bar.show_status(SyncStatus(LineState.STOPPED, brake=312))

    assert bar.let_go.isHidden()
    assert "管理员" in bar.words()


def refuse_open_changes(desk: Desk, record_id: bytes) -> None:
    """The city refused what waits of a record, and holds what went with it."""
    with desk.store.local() as connection:
        sql = "SELECT change_id, record_type, record_id FROM outbox WHERE state = 'waiting' AND group_id IN (SELECT group_id FROM outbox WHERE record_id = ?)"
        for change_id, kind, raw in connection.exec_driver_sql(sql, (record_id,)).fetchall():
            own = raw == record_id
            status, code, field = ("refused", "sync.field_wrong", "description") if own else ("held", "", "")
            answer = {"change_id": str(UUID(bytes=change_id)), "status": status}
            answer |= {"details": {"field": "问题描述", "reason": "太长"}} if own else {}
            connection.exec_driver_sql("UPDATE outbox SET state = ? WHERE change_id = ?", (status, change_id))
            connection.exec_driver_sql(
                "INSERT INTO outcomes(change_id, record_type, record_id, status, code, field, message, answer, at) "
                "VALUES (?, ?, ?, ?, ?, ?, '', ?, 0)",
                (change_id, kind, raw, status, code, field, json.dumps(answer)),
            )
