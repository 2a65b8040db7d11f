"""Bringing a backup back from the settings: signed out first, the old data kept, the sign-in again at the end."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.base.clock import FixedClock
from app.base.paths import StorePaths
from app.desk import Desk, NewOffice, create_desk
from app.domain.case_views import CaseFilter
from app.domain.cases import CaseDraft
from app.gate import Gate
from ui.crash import CrashHook, no_report
from ui.dialogs.restore import AskRestore, Restoring
from ui.program import Program, open_office
from ui.settings import ScreenSettings
from ui.sign_in import SignInWindow
from ui.tasks import TaskRunner

PASSWORD = "Grid-2026x"
OFFICE = NewOffice("410105", "金水区城市管理局", mark="JS")


@pytest.fixture
def paths(tmp_path: Path) -> StorePaths:
    return StorePaths.of(tmp_path / "store")


@pytest.fixture
def backup(paths: StorePaths, clock: FixedClock, tmp_path: Path) -> Path:
    """An office with two cases, and a backup from the time when it had one."""
    desk, _code = create_desk(paths, OFFICE, "张敏", "zhangmin", PASSWORD, clock=clock)
    actor = desk.accounts.actor(desk.accounts.person_named("张敏").id)
    file = tmp_path / "昨天.gdbackup"
    desk.cases.report(CaseDraft(source="snap", description="井盖", near="东门"), actor=actor)
    desk.care.back_up(file, actor=actor)
    desk.cases.report(CaseDraft(source="snap", description="路灯", near="西门"), actor=actor)
    desk.close()
    return file


@pytest.fixture
def program(
    qapp: QApplication, qtbot: QtBot, paths: StorePaths, clock: FixedClock, tmp_path: Path
) -> Iterator[Program]:
    made = Program(qapp, paths, clock, ScreenSettings(tmp_path / "screen.json"), CrashHook(no_report))
    yield made
    qtbot.waitUntil(lambda: not made.tasks.busy(), timeout=20_000)
    made.finish()


def opened(paths: StorePaths, clock: FixedClock) -> Desk:
    return open_office(Gate(paths, clock).enter("zhangmin", PASSWORD), paths, clock)[0]


def signed_in(program: Program, qtbot: QtBot) -> None:
    program.start()
    assert isinstance(program.front, SignInWindow)
    program.front.panel.password.setText(PASSWORD)
    program.front.panel.submit()
    qtbot.waitUntil(lambda: program.shell is not None and not program.tasks.busy(), timeout=20_000)


def test_a_backup_is_brought_back_from_the_settings(
    backup: Path, program: Program, paths: StorePaths, clock: FixedClock, qtbot: QtBot
) -> None:
    signed_in(program, qtbot)
    assert program.shell is not None
    program.shell.frame.go("settings", "data")
    section = program.shell.frame.pages["settings"].section()  # type: ignore[attr-defined]
    section.ask_restore(backup)
    section.findChild(AskRestore).go.click()
    qtbot.waitUntil(lambda: isinstance(program.front, SignInWindow), timeout=20_000)
    dialog = program.front.findChild(Restoring)  # type: ignore[union-attr]
    qtbot.waitUntil(lambda: "已恢复" in dialog.words() and not program.tasks.busy(), timeout=20_000)

    before = program.front
    dialog.accept()
    qtbot.waitUntil(lambda: program.front is not before)

    desk = opened(paths, clock)
    assert isinstance(program.front, SignInWindow)
    assert len(desk.case_lists.ids(CaseFilter())) == 1
    desk.close()


def test_what_is_no_backup_is_refused_and_changes_nothing(
    backup: Path, paths: StorePaths, clock: FixedClock, tmp_path: Path, qapp: QApplication, qtbot: QtBot
) -> None:
    assert backup.exists()
    other = tmp_path / "照片.gdbackup"
    other.write_bytes(b"\xff\xd8\xff" * 100)
    tasks = TaskRunner()

    dialog = Restoring(other, paths, clock, tasks, None)
    qtbot.waitUntil(lambda: not tasks.busy(), timeout=20_000)

    assert qapp
    assert "没有恢复" in dialog.words()
    desk = opened(paths, clock)
    assert len(desk.case_lists.ids(CaseFilter())) == 2
    desk.close()
    dialog.accept()
    dialog.deleteLater()
    tasks.shutdown()
