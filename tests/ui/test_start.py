"""Starting the program: which window comes first, one window per store, and the way into the office."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.base.clock import FixedClock
from app.base.paths import StorePaths
from app.desk import NewOffice, create_desk
from app.gate import Gate
from db.lock import holder
from ui.crash import CrashHook, no_report
from ui.options import options_of
from ui.program import Program
from ui.recovery import RecoveryDialog
from ui.settings import ScreenSettings
from ui.shell import Shell
from ui.sign_in import SignInWindow
from ui.theme import is_dark
from ui.widgets.trouble_box import TroubleBox
from ui.wizard import Wizard

PASSWORD = "Grid-2026x"
PAGE = 4096
OFFICE = NewOffice("410105", "金水区城市管理局", mark="JS")


@pytest.fixture
def paths(tmp_path: Path) -> StorePaths:
    return StorePaths.of(tmp_path / "store")


@pytest.fixture
def founded(paths: StorePaths, clock: FixedClock) -> str:
    """An office stands at `paths`; gives its recovery code."""
    desk, code = create_desk(paths, OFFICE, "张敏", "zhangmin", PASSWORD, clock=clock)
    desk.close()
    return code


@pytest.fixture
def make_program(
    qtbot: QtBot, qapp: object, paths: StorePaths, clock: FixedClock, tmp_path: Path
) -> Iterator[Callable[[], Program]]:
    programs: list[Program] = []

    def make() -> Program:
        settings = ScreenSettings(tmp_path / "screen.json")
        program = Program(qapp, paths, clock, settings, CrashHook(no_report))  # type: ignore[arg-type]
        programs.append(program)
        return program

    yield make
    for program in programs:
        qtbot.waitUntil(lambda busy=program.tasks.busy: not busy(), timeout=20_000)
        program.finish()


def test_the_first_run_shows_the_wizard(make_program: Callable[[], Program]) -> None:
    program = make_program()

    program.start()

    assert isinstance(program.front, Wizard)


@pytest.mark.usefixtures("founded")
def test_a_second_run_shows_the_sign_in(make_program: Callable[[], Program]) -> None:
    program = make_program()

    program.start()

    assert isinstance(program.front, SignInWindow)


@pytest.mark.usefixtures("founded")
def test_the_accepted_password_leads_into_the_office(make_program: Callable[[], Program], qtbot: QtBot) -> None:
    program = make_program()
    program.start()
    assert isinstance(program.front, SignInWindow)
    program.front.panel.password.setText(PASSWORD)

    program.front.panel.submit()
    qtbot.waitUntil(lambda: program.shell is not None, timeout=20_000)

    assert isinstance(program.shell, Shell)
    assert program.shell.actor.name == "张敏"
    assert program.front is None
    assert "金水区城市管理局" in program.shell.windowTitle()


@pytest.mark.usefixtures("founded")
def test_a_second_window_on_the_same_store_is_told_who_has_it(
    make_program: Callable[[], Program], paths: StorePaths, clock: FixedClock, qapp: object
) -> None:
    held = Gate(paths, clock).hold()
    program = make_program()

    program.start()

    boxes = [window for window in qapp.topLevelWidgets() if isinstance(window, TroubleBox)]  # type: ignore[attr-defined]
    assert program.front is None
    assert any("另一个窗口" in box.words() for box in boxes)
    held.release()
    for box in boxes:
        box.blockSignals(True)
        box.close()


@pytest.mark.usefixtures("founded")
def test_the_store_is_free_again_after_the_program_ended(
    make_program: Callable[[], Program], paths: StorePaths, clock: FixedClock
) -> None:
    program = make_program()
    program.start()

    program.finish()

    assert holder(paths.lock) is None
    Gate(paths, clock).hold().release()


def test_the_recovery_code_gives_a_person_a_new_password(
    founded: str, make_program: Callable[[], Program], paths: StorePaths, clock: FixedClock, qtbot: QtBot
) -> None:
    program = make_program()
    program.start()
    assert isinstance(program.front, SignInWindow)
    program.front.recover.click()
    dialog = program.front.findChild(RecoveryDialog)
    assert isinstance(dialog, RecoveryDialog)
    dialog.code.setPlainText(founded.lower().replace("-", " "))
    dialog.go.click()
    qtbot.waitUntil(dialog.person_form.isVisible, timeout=20_000)
    for field in (dialog.fields.first, dialog.fields.second):
        field.setText("Neu-Anfang-26")

    dialog.go.click()
    qtbot.waitUntil(lambda: program.shell is not None, timeout=20_000)

    assert Gate(paths, clock).enter("zhangmin", "Neu-Anfang-26")


@pytest.mark.usefixtures("founded")
def test_a_mistyped_recovery_code_names_its_groups(make_program: Callable[[], Program]) -> None:
    program = make_program()
    program.start()
    assert isinstance(program.front, SignInWindow)
    program.front.recover.click()
    dialog = program.front.findChild(RecoveryDialog)
    assert isinstance(dialog, RecoveryDialog)

    dialog.code.setPlainText("ABCDE-ABCDE")

    assert "1、2" in dialog.message.text()
    dialog.reject()


@pytest.mark.usefixtures("founded")
def test_a_damaged_store_is_told_and_what_is_readable_is_saved_when_asked(
    make_program: Callable[[], Program], paths: StorePaths, qtbot: QtBot
) -> None:
    whole = bytearray(paths.database.read_bytes())
    whole[-2 * PAGE : -PAGE] = bytes(PAGE)
    paths.database.write_bytes(whole)
    program = make_program()
    program.start()
    assert isinstance(program.front, SignInWindow)
    program.front.panel.password.setText(PASSWORD)
    program.front.panel.submit()
    qtbot.waitUntil(lambda: bool(program.front.findChildren(QWidget, "salvage")), timeout=20_000)

    program.front.findChild(QWidget, "salvage").click()
    qtbot.waitUntil(lambda: bool(told(program)), timeout=20_000)
    words = told(program)
    for box in program.front.findChildren(TroubleBox):
        box.accept()
    qtbot.waitUntil(lambda: program.shell is not None, timeout=20_000)

    assert "读出了" in words
    assert any("damaged" in kept.name for kept in paths.folder.iterdir())


def told(program: Program) -> str:
    """What the box about the saved store says; empty: it is not there yet."""
    assert program.front is not None
    words = [box.words() for box in program.front.findChildren(TroubleBox)]
    return next((said for said in words if "读出了" in said), "")


@pytest.mark.usefixtures("founded")
def test_language_and_theme_change_while_the_program_runs(make_program: Callable[[], Program], qtbot: QtBot) -> None:
    program = make_program()
    program.start()
    assert isinstance(program.front, SignInWindow)
    program.front.panel.password.setText(PASSWORD)
    program.front.panel.submit()
    qtbot.waitUntil(lambda: program.shell is not None, timeout=20_000)

    program.settings.change(language="en", theme="dark")

    assert program.shell is not None
    assert program.shell.frame.findChild(QWidget, "go_today").accessibleName() == "Today"
    assert is_dark()
    program.settings.change(language="zh", theme="light")


def test_the_command_line_is_understood(tmp_path: Path) -> None:
    options = options_of(["--store", str(tmp_path), "--language", "en", "--scale", "150", "--until-first-paint"])

    assert (options.store, options.until_first_paint) == (tmp_path, True)
    assert options.screen() == {"language": "en", "scale": 150}


def test_a_broken_settings_file_starts_the_screen_afresh(tmp_path: Path) -> None:
    file = tmp_path / "screen.json"
    file.write_text('{"theme": "dark", "scale": "huge", "idle_minutes": 100000', encoding="utf-8")
    broken = ScreenSettings(file).get()
    file.write_text('{"theme": "dark", "scale": "huge", "idle_minutes": 100000}', encoding="utf-8")

    sound = ScreenSettings(file).get()

    assert broken.theme == "system"
    assert (sound.theme, sound.scale, sound.idle_minutes) == ("dark", 100, 120)


class KeyStore:
    """A key store of an operating system, in memory."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}

    def set_password(self, service: str, user: str, password: str) -> None:
        self.kept[service, user] = password

    def get_password(self, service: str, user: str) -> str | None:
        return self.kept.get((service, user))

    def delete_password(self, service: str, user: str) -> None:
        self.kept.pop((service, user), None)


@pytest.mark.usefixtures("founded")
def test_a_remembered_session_enters_by_itself_until_signed_out(
    make_program: Callable[[], Program], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = KeyStore()
    monkeypatch.setattr("app.base.secrets.system_key_store", lambda: keys)
    first = make_program()
    first.start()
    assert isinstance(first.front, SignInWindow)
    qtbot.waitUntil(lambda: first.memory is not None, timeout=20_000)
    first.front.remember.setChecked(True)
    first.front.panel.password.setText(PASSWORD)
    first.front.panel.submit()
    qtbot.waitUntil(lambda: first.shell is not None and bool(keys.kept), timeout=20_000)
    qtbot.waitUntil(lambda: not first.tasks.busy(), timeout=20_000)
    first.finish()

    again = make_program()
    again.start()
    qtbot.waitUntil(lambda: again.shell is not None, timeout=20_000)
    assert again.shell is not None
    again.shell.sign_out()
    qtbot.waitUntil(lambda: not keys.kept, timeout=20_000)

    qtbot.waitUntil(lambda: isinstance(again.front, SignInWindow), timeout=20_000)


@pytest.mark.usefixtures("founded")
def test_without_a_key_store_nothing_is_offered(
    make_program: Callable[[], Program], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.base.secrets.system_key_store", lambda: None)
    program = make_program()

    program.start()
    qtbot.waitUntil(lambda: program.memory is not None, timeout=20_000)

    assert isinstance(program.front, SignInWindow)
    assert not program.front.remember.isVisibleTo(program.front)
