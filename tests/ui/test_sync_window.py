"""The window while a line is up: it syncs by itself, says so at its foot, and lets nobody in who was put out."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from pytestqt.qtbot import QtBot
from shiboken6 import delete
from starlette.testclient import TestClient

from app.base.clock import FixedClock
from app.desk import Desk
from app.domain.case_judgement import StepInputs
from app.domain.directory import Unit
from app.domain.office import Person
from app.domain.permissions import Actor, OfficeRole
from app.domain.reference_versions import ReferenceTable, ReferenceVersion
from app.gate import Gate
from app.sync.views import LineState, RecordState, SyncStatus
from server import people, publish
from server.city import City
from server.main import create_app
from tests.builders import a_draft
from tests.desks import first_actor, make_desk
from tests.ui.a_case import settle
from tests.ui.city_desk import Cable, a_city, clash, enrolled, in_step, wired
from ui.pages.cases.page import CasesPage
from ui.pages.sync.page import SyncPage
from ui.printing.preview import PreviewDialog
from ui.settings import ScreenSettings
from ui.shell import Shell
from ui.status_line import DeskState
from ui.tasks import TaskRunner

OTHER_PASSWORD = "Linde-2026-Platz"


@pytest.fixture
def city(tmp_path: Path, clock: FixedClock) -> Iterator[City]:
    with a_city(tmp_path, clock) as made:
        yield made


@pytest.fixture
def cable(city: City) -> Cable:
    return Cable(TestClient(create_app(city)))


@pytest.fixture
def desk(desk: Desk, cable: Cable) -> Desk:
    return wired(desk, cable, "machine A")


@pytest.fixture
def joined(desk: Desk, city: City, actor: Actor) -> Desk:
    return enrolled(desk, city, actor)


@pytest.fixture
def other(tmp_path: Path, clock: FixedClock, cable: Cable, city: City) -> Iterator[Desk]:
    """Another office of the district."""
    made = wired(make_desk(tmp_path / "other", clock), cable, "machine B")
    yield enrolled(made, city, first_actor(made))
    made.close()


@pytest.fixture
def shell(desk: Desk, actor: Actor, clock: FixedClock, tmp_path: Path, qtbot: QtBot) -> Iterator[Shell]:
    tasks = TaskRunner()
    made = Shell(desk, actor, tasks, Gate(desk.paths, clock), ScreenSettings(tmp_path / "screen.json"))
    made.show()
    qtbot.waitUntil(lambda: not tasks.busy())
    yield made
    qtbot.waitUntil(lambda: not tasks.busy())
    made.stop()
    delete(made)
    tasks.shutdown()


def sync_threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "sync"]


def test_without_a_city_nothing_runs_and_the_foot_says_what_waits(shell: Shell) -> None:
    assert sync_threads() == []
    assert shell.frame.status.line.text().startswith("未连市平台")


def test_what_is_written_is_sent_without_anybody_asking(joined: Desk, shell: Shell, actor: Actor, qtbot: QtBot) -> None:
    case = joined.cases.report(a_draft(), actor=actor)

    qtbot.waitUntil(lambda: joined.sync.delivery(case.id).state is RecordState.WITH_CITY, timeout=20_000)

    foot = shell.frame.status.line
    qtbot.waitUntil(lambda: foot.text().startswith("已连") and "没有待送" in foot.text(), timeout=20_000)


def test_leaving_ends_the_thread_of_the_line(joined: Desk, shell: Shell, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: len(sync_threads()) == 1)

    shell.stop()
    shell.line.start()

    qtbot.waitUntil(lambda: sync_threads() == [], timeout=20_000)


def test_the_foot_line_opens_the_sync_page(shell: Shell, qtbot: QtBot) -> None:
    qtbot.mouseClick(shell.frame.status.line, Qt.MouseButton.LeftButton)

    assert shell.frame.shown == "sync"


def test_a_conflict_is_seen_at_the_foot_in_the_list_and_in_the_case(
    joined: Desk, other: Desk, shell: Shell, actor: Actor, qtbot: QtBot
) -> None:
    shell.line.stop()
    case = joined.cases.report(a_draft(), actor=actor)
    clash(joined, other, case)
    joined.store.tell_all_changed()
    shell.frame.go("cases", case.id)
    settle(qtbot, shell.tasks)
    page = shell.frame.page("cases")
    assert isinstance(page, CasesPage)

    foot, head = shell.frame.status.line, page.work.detail.head
    qtbot.waitUntil(lambda: "▲ 1 条冲突" in foot.text())
    assert foot.property("look") == "quiet_wrong"
    qtbot.waitUntil(lambda: "◆ 冲突" in head.words())
    assert head.trouble.isVisible()
    told = [step.title for step in page.work.detail.story.steps()]
    assert [title for title in told if "○ 未送达" in title] == ["更正 · ○ 未送达"]
    words = page.work.list.words
    assert [words.delivery(line) for line in joined.case_lists.lines([joined.case_lists.rid_of(case.id)])] == ["◆ 冲突"]


def test_a_decision_is_told_in_the_story_of_the_case(
    joined: Desk, other: Desk, shell: Shell, actor: Actor, qtbot: QtBot
) -> None:
    shell.line.stop()
    case = joined.cases.report(a_draft(), actor=actor)
    clash(joined, other, case)
    shell.frame.go("cases", case.id)
    settle(qtbot, shell.tasks)
    page = shell.frame.page("cases")
    assert isinstance(page, CasesPage)

    qtbot.waitUntil(page.work.detail.head.trouble.isVisible)
    page.work.detail.head.trouble.click()
    settle(qtbot, shell.tasks)
    dialog = page.work.detail.deciding.dialog
    assert dialog is not None
    dialog.choose_all("theirs")
    dialog.reason.set_value("对方到过现场")
    with qtbot.waitSignal(page.work.detail.deciding.decided):
        dialog.submit()
    settle(qtbot, shell.tasks)

    qtbot.waitUntil(lambda: page.work.detail.story.steps()[-1].title == "冲突处理 · 采用市平台的")
    assert "对方到过现场" in page.work.detail.story.steps()[-1].reason


def test_refused_work_leads_from_the_case_to_its_list(joined: Desk, shell: Shell, qtbot: QtBot) -> None:
    page = shell.frame.page("cases")
    assert isinstance(page, CasesPage)

    page.work.detail.line_wanted.emit(RecordState.REFUSED)
    settle(qtbot, shell.tasks)

    shown = shell.frame.page("sync")
    assert shell.frame.shown == "sync"
    assert isinstance(shown, SyncPage)
    assert shown.tabs.currentWidget() is shown.tabs.panes[RecordState.REFUSED]


def test_a_receipt_of_the_city_is_shown_before_it_is_printed(
    joined: Desk, shell: Shell, actor: Actor, qtbot: QtBot
) -> None:
    shell.line.stop()
    case = joined.cases.report(a_draft(), actor=actor)
    in_step(joined)
    shell.frame.go("cases", case.id)
    page = shell.frame.page("cases")
    assert isinstance(page, CasesPage)
    qtbot.waitUntil(lambda: "✓ 市平台已收" in page.work.detail.head.words())
    action = page.work.detail.head.papers.findChild(QAction, "print_receipt")

    action.trigger()
    settle(qtbot, shell.tasks)

    preview = page.findChild(PreviewDialog)
    assert "送达回执" in preview.paper.title
    preview.close()


def test_a_long_sentence_at_the_foot_never_keeps_the_window_wide(shell: Shell, clock: FixedClock) -> None:
    before = shell.frame.minimumSizeHint().width()
    status = SyncStatus(LineState.IDLE, city="很长名字的城市管理平台" * 12, conflicts=2)

    shell.frame.status.show_state(DeskState(0, None, clock.now(), status))

    assert shell.frame.minimumSizeHint().width() == before


# Persons --------------------------------------------------------------------------------------------------------------


def test_the_window_locks_and_says_why_when_its_person_is_put_out(
    desk: Desk, shell: Shell, actor: Actor, qtbot: QtBot
) -> None:
    other = desk.accounts.add_person("王芳", "wangfang", (OfficeRole.ADMIN,), OTHER_PASSWORD, actor=actor)
    person = next(one for one in desk.accounts.persons() if one.id == actor.person_id)
    changed = person.changed(desk.clock.now(), active=False)
    assert isinstance(changed, Person)

    with qtbot.waitSignal(shell.session.locked):
        desk.accounts.set_person(changed, actor=desk.accounts.actor(other.id))

    qtbot.waitUntil(lambda: "已被停用" in shell.session.why())


def test_roles_the_city_gave_count_at_once_in_an_open_window(
    city: City, joined: Desk, shell: Shell, actor: Actor, qtbot: QtBot
) -> None:
    qtbot.waitUntil(lambda: joined.sync.status().equal is True, timeout=20_000)
    roles = [OfficeRole.ACCEPTOR]
    city.database.retrying(lambda c: people.set_roles(c, city, actor.person_id, roles, who="测试"))

    shell.line.now()

    qtbot.waitUntil(lambda: shell.actor.roles == frozenset(roles), timeout=20_000)
    assert shell.frame.context.actor == shell.actor == shell.session.actor
    assert "角色已更改" in shell.notices.shown()
    settle(qtbot, shell.tasks)


def test_roles_wait_until_the_window_is_unlocked(desk: Desk, shell: Shell, actor: Actor, qtbot: QtBot) -> None:
    desk.accounts.add_person("王芳", "wangfang", (OfficeRole.ADMIN,), OTHER_PASSWORD, actor=actor)
    person = next(one for one in desk.accounts.persons() if one.id == actor.person_id)
    renamed = person.changed(desk.clock.now(), name="张敏敏")
    assert isinstance(renamed, Person)
    shell.session.lock()

    desk.accounts.set_person(renamed, actor=actor)
    settle(qtbot, shell.tasks)

    assert (shell.session.is_locked, shell.actor.name) == (True, actor.name)


def test_a_calendar_the_city_published_gives_waiting_cases_their_due_times(
    city: City, joined: Desk, shell: Shell, actor: Actor, clock: FixedClock, qtbot: QtBot
) -> None:
    clock.advance(timedelta(days=58, hours=8))
    case = joined.cases.report(a_draft(kind="component", major="01", minor="01", condition_no=3), actor=actor)
    joined.cases.act(case.id, "register", StepInputs(), actor=actor)
    unit = joined.directory.save(Unit, {"name": "环卫清洁中心"}, actor=actor)
    joined.cases.act(case.id, "dispatch", StepInputs(unit_id=unit.id, unit_name=unit.name), actor=actor)
    assert joined.cases.get(case.id).due_gap_year == 2027
    now = city.now()
    told = {"table": ReferenceTable.WORKDAYS, "label": "2027", "valid_from": now.date()}
    stamps = {"id": city.ids.new(), "created_at": now, "changed_at": now}
    version = ReferenceVersion.model_validate({**told, **stamps, "content": {"days": {"2027-01-01": False}}})
    city.database.retrying(lambda c: publish.publish(c, city, version, "测试"))

    shell.line.now()

    qtbot.waitUntil(lambda: joined.cases.get(case.id).due_at is not None, timeout=20_000)
    assert joined.cases.get(case.id).due_gap_year is None
    settle(qtbot, shell.tasks)


def test_the_end_of_a_long_outage_is_told_by_itself(shell: Shell, clock: FixedClock, qtbot: QtBot) -> None:
    settle(qtbot, shell.tasks)
    out = SyncStatus(LineState.OUTAGE, city="市平台", outage_since=clock.now())
    shell._line_told(out)
    clock.advance(timedelta(minutes=4))
    shell._line_told(SyncStatus(LineState.IDLE, city="市平台"))
    assert shell.notices.shown() == ""

    shell._line_told(out)
    clock.advance(timedelta(minutes=4))
    shell._line_told(SyncStatus(LineState.IDLE, city="市平台"))
    assert "中断报告" in shell.notices.shown()


def test_a_change_of_somebody_else_locks_nobody(desk: Desk, shell: Shell, actor: Actor, qtbot: QtBot) -> None:
    desk.accounts.add_person("王芳", "wangfang", (OfficeRole.ACCEPTOR,), OTHER_PASSWORD, actor=actor)
    settle(qtbot, shell.tasks)

    assert not shell.session.is_locked
