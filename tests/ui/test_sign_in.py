"""Signing in: the right password opens, a wrong one is told with its wait, Caps Lock is noticed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.base.clock import FixedClock
from app.base.paths import StorePaths
from app.gate import Gate
from db.keys import KeyFile, make_key
from ui.settings import ScreenSettings
from ui.sign_in import SignInWindow
from ui.tasks import TaskRunner

ZHANG, LI = UUID(int=1), UUID(int=2)
PASSWORD = "Gate-2026x"
MONDAY = datetime(2026, 11, 23, 1, tzinfo=UTC)

Problems = list[object]


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(MONDAY)


@pytest.fixture
def key() -> bytes:
    return make_key()


@pytest.fixture
def paths(tmp_path: Path, key: bytes) -> StorePaths:
    paths = StorePaths.of(tmp_path)
    keys = KeyFile(paths)
    keys.start(key)
    keys.add(ZHANG, "zhangmin", "张敏", PASSWORD, key)
    keys.add(LI, "liqiang", "李强", f"{PASSWORD}-2", key)
    return paths


@pytest.fixture
def gate(paths: StorePaths, clock: FixedClock) -> Gate:
    return Gate(paths, clock)


@pytest.fixture
def tasks(qtbot: QtBot) -> Iterator[TaskRunner]:
    runner = TaskRunner()
    yield runner
    runner.shutdown()


@pytest.fixture
def settings(tmp_path: Path) -> ScreenSettings:
    return ScreenSettings(tmp_path / "screen.json")


@pytest.fixture
def make_window(qtbot: QtBot, gate: Gate, tasks: TaskRunner, settings: ScreenSettings) -> Callable[[], SignInWindow]:
    def make() -> SignInWindow:
        window = SignInWindow(gate, tasks, settings)
        qtbot.addWidget(window)
        window.show()
        return window

    return make


def test_the_right_password_opens_with_the_person_chosen(
    make_window: Callable[[], SignInWindow], qtbot: QtBot, key: bytes
) -> None:
    window = make_window()
    window.panel.choose(LI)
    qtbot.keyClicks(window.panel.password, f"{PASSWORD}-2")

    with qtbot.waitSignal(window.entered) as entered:
        qtbot.keyClick(window.panel.password, Qt.Key.Key_Return)

    opened = entered.args[0]
    assert (opened.person_id, opened.key) == (LI, key)


def test_a_wrong_password_says_how_many_tries_are_left_and_makes_one_wait(
    make_window: Callable[[], SignInWindow], qtbot: QtBot
) -> None:
    window = make_window()
    qtbot.keyClicks(window.panel.password, "Wrong-2026x")

    qtbot.keyClick(window.panel.password, Qt.Key.Key_Return)
    qtbot.waitUntil(window.panel.message.isVisible)

    assert "4" in window.panel.message.text()
    assert not window.panel.go.isEnabled()
    qtbot.waitUntil(window.panel.go.isEnabled)


def test_five_wrong_passwords_lock_the_login_and_say_so(
    make_window: Callable[[], SignInWindow], gate: Gate, clock: FixedClock, qtbot: QtBot
) -> None:
    window = make_window()
    for _try in range(4):
        with pytest.raises(Exception, match="account"):
            gate.enter("zhangmin", "Wrong-2026x")
        clock.advance(timedelta(minutes=1))
    qtbot.keyClicks(window.panel.password, "Wrong-2026x")

    qtbot.keyClick(window.panel.password, Qt.Key.Key_Return)
    qtbot.waitUntil(window.panel.message.isVisible)

    assert "10" in window.panel.message.text()
    assert not window.panel.go.isEnabled()


def test_an_empty_password_is_not_counted_as_a_try(make_window: Callable[[], SignInWindow], paths: StorePaths) -> None:
    window = make_window()

    window.panel.submit()

    assert window.panel.message.text() == "请输入密码"
    assert not paths.attempts.exists()


def test_caps_lock_is_noticed_from_the_letters(make_window: Callable[[], SignInWindow], qtbot: QtBot) -> None:
    window = make_window()

    qtbot.keyClick(window.panel.password, "a")
    assert window.panel.caps.isHidden()
    qtbot.keyClick(window.panel.password, Qt.Key.Key_CapsLock)

    assert not window.panel.caps.isHidden()


def test_the_last_login_is_chosen_next_time_and_no_password_is_kept(
    make_window: Callable[[], SignInWindow], qtbot: QtBot, tmp_path: Path
) -> None:
    first = make_window()
    first.panel.choose(LI)
    qtbot.keyClicks(first.panel.password, f"{PASSWORD}-2")
    with qtbot.waitSignal(first.entered):
        first.panel.submit()

    second = make_window()

    person = second.panel.person()
    assert person is not None
    assert person.login == "liqiang"
    assert PASSWORD not in (tmp_path / "screen.json").read_text(encoding="utf-8")


def test_up_and_down_choose_the_person_from_the_password_field(
    make_window: Callable[[], SignInWindow], qtbot: QtBot
) -> None:
    window = make_window()

    qtbot.keyClick(window.panel.password, Qt.Key.Key_Down)

    person = window.panel.person()
    assert person is not None
    assert person.name == "李强"


def test_without_key_slots_only_the_recovery_code_is_offered(
    make_window: Callable[[], SignInWindow], paths: StorePaths
) -> None:
    paths.database.write_bytes(b"x")
    paths.keys.unlink()
    paths.keys_copy.unlink()

    window = make_window()

    assert window.panel.password.isHidden()
    assert "恢复码" in window.panel.message.text()
    assert window.recover.isVisible()
