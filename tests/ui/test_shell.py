"""The office's window: pages, history, search, the lock, switching persons, foreign writes, and leaving in order."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from app.base.clock import FixedClock
from app.desk import Desk
from app.domain.permissions import Actor, OfficeRole
from app.gate import Gate
from tests.ui.plain_page import PlainPage
from ui.closing import ClosingDialog
from ui.dialogs.change_password import ChangePassword
from ui.history import History, Visit
from ui.lock import Cover, LockDialog
from ui.pages import PageEntry
from ui.pages.context import NewCase
from ui.settings import ScreenSettings
from ui.shell import Shell
from ui.status_line import DeskState, backup_words, line_words
from ui.tasks import TaskRunner

PASSWORD = "Kastanie-2026-Allee"
OTHER_PASSWORD = "Linde-2026-Platz"
PLAIN = "tests.ui.plain_page:PlainPage"
ENTRIES = (
    PageEntry("today", "今日待办", "today", PLAIN),
    PageEntry("cases", "案件", "cases", PLAIN),
    PageEntry("settings", "设置", "settings", PLAIN, foot=True),
)


@pytest.fixture
def gate(desk: Desk, clock: FixedClock) -> Gate:
    return Gate(desk.paths, clock)


@pytest.fixture
def settings(tmp_path: Path) -> ScreenSettings:
    return ScreenSettings(tmp_path / "screen.json")


@pytest.fixture
def shell(desk: Desk, actor: Actor, gate: Gate, settings: ScreenSettings, qtbot: QtBot) -> Iterator[Shell]:
    tasks = TaskRunner()
    made = Shell(desk, actor, tasks, gate, settings, ENTRIES)
    made.show()
    qtbot.waitUntil(lambda: not tasks.busy())
    yield made
    qtbot.waitUntil(lambda: not tasks.busy())
    made.stop()
    delete(made)
    tasks.shutdown()


def page(shell: Shell, page_name: str) -> PlainPage:
    found = shell.frame.page(page_name)
    assert isinstance(found, PlainPage)
    return found


def lock_dialog(shell: Shell) -> LockDialog:
    return shell.findChildren(LockDialog)[-1]


def enter(dialog: LockDialog, password: str) -> None:
    dialog.panel.password.setText(password)
    dialog.panel.submit()


def test_the_day_comes_first(shell: Shell) -> None:
    assert shell.frame.shown == "today"


def test_keys_open_the_pages_in_their_order(shell: Shell, qtbot: QtBot) -> None:
    qtbot.keyClick(shell, "2", Qt.KeyboardModifier.ControlModifier)
    second = shell.frame.shown

    qtbot.keyClick(shell, "3", Qt.KeyboardModifier.ControlModifier)

    assert (second, shell.frame.shown) == ("cases", "settings")


def test_words_in_the_search_box_go_to_the_cases(shell: Shell, qtbot: QtBot) -> None:
    qtbot.keyClick(shell, "k", Qt.KeyboardModifier.ControlModifier)
    focused = shell.frame.top.search.hasFocus()
    shell.frame.top.search.setText("  纬一路  ")

    qtbot.keyClick(shell.frame.top.search, Qt.Key.Key_Return)

    assert focused
    assert page(shell, "cases").asked == ["纬一路"]


def test_a_new_case_is_one_key_away_from_everywhere(shell: Shell, qtbot: QtBot) -> None:
    qtbot.keyClick(shell, "n", Qt.KeyboardModifier.ControlModifier)

    assert page(shell, "cases").asked == [NewCase()]


def test_back_and_forth_bring_page_and_argument(shell: Shell, qtbot: QtBot) -> None:
    shell.frame.go("cases", "垃圾")
    shell.frame.go("settings")

    qtbot.keyClick(shell, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    after_back = (shell.frame.shown, page(shell, "cases").asked[-1])
    qtbot.keyClick(shell, Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)

    assert after_back == ("cases", "垃圾")
    assert shell.frame.shown == "settings"


def test_going_somewhere_new_forgets_what_lay_ahead() -> None:
    history = History()
    for name in ("today", "cases", "settings"):
        history.went(Visit(name))
    history.back()
    history.back()

    history.went(Visit("cases", "新"))

    assert history.forth() is None
    assert history.back() == Visit("today")


def test_a_narrow_window_folds_the_navigation_to_icons(shell: Shell) -> None:
    shell.resize(1400, 800)
    wide = shell.frame.navigation.folded

    shell.resize(1100, 800)

    assert (wide, shell.frame.navigation.folded) == (False, True)


def test_what_waits_on_a_page_is_said_beside_its_name(shell: Shell) -> None:
    page(shell, "cases").badge.emit(12)

    entry = shell.findChild(QWidget, "go_cases")
    assert entry.accessibleName() == "案件,12 条"


def test_the_lock_covers_everything_and_the_same_person_finds_the_form_as_it_was(shell: Shell, qtbot: QtBot) -> None:
    today = page(shell, "today")
    today.field.setText("半句话")
    with qtbot.waitSignal(shell.session.locked):
        shell.session.idle.idle.emit()
    covered = [cover.size() for cover in shell.findChildren(Cover)]

    with qtbot.waitSignal(shell.session.unlocked):
        enter(lock_dialog(shell), PASSWORD)

    assert covered == [shell.size()]
    assert today.kept == 1
    assert not shell.session.is_locked
    assert page(shell, "today").field.text() == "半句话"


def test_a_dialog_half_filled_is_there_again_after_the_lock(shell: Shell, qtbot: QtBot) -> None:
    shell.change_password()
    dialog = shell.findChild(ChangePassword)
    dialog.old.setText("halb")
    shell.session.lock()
    covered = bool(dialog.findChildren(Cover))

    with qtbot.waitSignal(shell.session.unlocked):
        enter(lock_dialog(shell), PASSWORD)

    assert covered
    assert dialog.isVisible()
    assert dialog.old.text() == "halb"


def test_a_window_that_opens_behind_the_lock_is_covered_too(shell: Shell, qtbot: QtBot) -> None:
    shell.session.lock()

    shell.show_guide()
    guide = shell.findChild(QWidget, "guide_window")

    qtbot.waitUntil(lambda: bool(guide.findChildren(Cover)))


def test_a_wrong_password_leaves_it_locked(shell: Shell, qtbot: QtBot) -> None:
    shell.session.lock()
    dialog = lock_dialog(shell)

    enter(dialog, "Falsch-2026-x")
    qtbot.waitUntil(dialog.panel.message.isVisible)
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)

    assert shell.session.is_locked
    assert dialog.isVisible()


def test_nothing_is_reached_by_keys_while_locked(shell: Shell, qtbot: QtBot) -> None:
    shell.session.lock()

    qtbot.keyClick(shell, "2", Qt.KeyboardModifier.ControlModifier)

    assert shell.frame.shown == "today"


def test_another_person_takes_over_with_pages_of_their_own(
    shell: Shell, desk: Desk, actor: Actor, qtbot: QtBot
) -> None:
    other = desk.accounts.add_person("李强", "liqiang", [OfficeRole.DISPATCHER], OTHER_PASSWORD, actor=actor)
    page(shell, "today").field.setText("张敏的半句话")
    first = page(shell, "today")
    shell.session.lock()
    dialog = lock_dialog(shell)
    dialog.panel.choose(other.id)

    enter(dialog, OTHER_PASSWORD)
    qtbot.waitUntil(lambda: shell.actor.person_id == other.id)

    assert first.kept == 2
    assert page(shell, "today").field.text() == ""
    assert page(shell, "today").context.actor.name == "李强"


def test_escape_leaves_the_switch_of_persons_but_never_the_lock(shell: Shell, qtbot: QtBot) -> None:
    shell.session.switch()
    dialog = lock_dialog(shell)

    qtbot.keyClick(dialog, Qt.Key.Key_Escape)

    assert not dialog.isVisible()
    assert not shell.session.is_locked


def test_the_idle_limit_follows_the_settings(shell: Shell, settings: ScreenSettings, qtbot: QtBot) -> None:
    settings.change(idle_minutes=1)
    shell.session.idle._last_s -= 59
    shell.session.idle.look()
    early = shell.session.is_locked
    shell.session.idle._last_s -= 2

    shell.session.idle.look()

    assert (early, shell.session.is_locked) == (False, True)


def test_the_foot_line_tells_how_much_waits_for_the_city(shell: Shell, desk: Desk, actor: Actor, qtbot: QtBot) -> None:
    desk.accounts.add_person("李强", "liqiang", [OfficeRole.DISPATCHER], OTHER_PASSWORD, actor=actor)

    qtbot.waitUntil(lambda: str(desk.outbox_count()) in shell.frame.status.line.text())

    assert shell.frame.status.line.text() == line_words(desk.outbox_count())


def test_the_last_backup_is_told_in_words(clock: FixedClock) -> None:
    now = clock.now()

    said = [
        backup_words(DeskState(0, at, now)) for at in (None, now, now - timedelta(days=1), now - timedelta(days=400))
    ]

    assert said == ["还没有备份", "备份 09:00 ✓", "备份 昨天 09:00", "备份 2025-09-28"]


def test_what_another_program_wrote_is_noticed(shell: Shell, qtbot: QtBot) -> None:
    with qtbot.waitSignal(shell.bridge.changed):
        shell.heartbeat._stamped(10**9)


def test_a_minute_moves_the_lights_on(shell: Shell) -> None:
    before = page(shell, "today").refreshed

    shell.heartbeat.pass_a_minute()

    assert page(shell, "today").refreshed == before + 1


def test_closing_makes_the_backup_of_the_day_first(shell: Shell, desk: Desk, qtbot: QtBot) -> None:
    with qtbot.waitSignal(shell.closed, timeout=20_000):
        shell.close()

    assert desk.care.last_backup_at() is not None
    assert page(shell, "today").kept >= 1
    assert len(list(desk.paths.backups.iterdir())) == 1


def test_the_backup_of_the_day_can_be_skipped(shell: Shell, desk: Desk, qtbot: QtBot) -> None:
    shell.close()
    dialog = shell.findChild(ClosingDialog)
    assert isinstance(dialog, ClosingDialog)

    with qtbot.waitSignal(shell.closed):
        qtbot.mouseClick(dialog.skip, Qt.MouseButton.LeftButton)


def test_signing_out_writes_it_down_and_leads_back(shell: Shell, qtbot: QtBot) -> None:
    with qtbot.waitSignal(shell.signed_out):
        shell.sign_out()

    assert page(shell, "today").kept >= 1


def test_the_window_comes_back_as_large_as_it_was_left(
    shell: Shell, desk: Desk, actor: Actor, gate: Gate, settings: ScreenSettings, qtbot: QtBot
) -> None:
    shell.resize(960, 640)
    shell.stop()
    qtbot.waitUntil(lambda: not shell.tasks.busy())

    again = Shell(desk, actor, shell.tasks, gate, settings, ENTRIES)
    size = again.size()
    again.stop()
    delete(again)

    assert (size.width(), size.height()) == (960, 640)


def test_the_manual_opens_once(shell: Shell, qtbot: QtBot) -> None:
    qtbot.keyClick(shell, Qt.Key.Key_F1)
    shell.show_guide()

    assert len(shell.findChildren(QWidget, "guide_window")) == 1


def test_the_demonstration_is_honest_in_the_title(shell: Shell, desk: Desk, actor: Actor, qtbot: QtBot) -> None:
    office = desk.reference.office()
    desk.reference.set_office(office.changed(desk.clock.now(), demonstration=True), actor=actor)

    shell.rebuild()

    assert "演示数据" in shell.windowTitle()
