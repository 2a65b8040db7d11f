"""Every control says what it is: an object name for scripts, an accessible name for readers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QListView,
    QPlainTextEdit,
    QScrollBar,
    QTableView,
    QTextEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from app.base.clock import FixedClock
from app.base.paths import StorePaths
from app.desk import Desk
from app.domain.permissions import Actor
from app.gate import Gate
from ui.dialogs.change_password import ChangePassword
from ui.guide import GuideWindow, guide_file
from ui.lock import LockDialog
from ui.pages import PAGES
from ui.pages.about.box import AboutBox
from ui.pages.context import NewCase
from ui.recovery import RecoveryDialog
from ui.settings import ScreenSettings
from ui.shell import Shell
from ui.sign_in import SignInWindow
from ui.tasks import TaskRunner
from ui.wizard import Wizard

CONTROLS = (
    QAbstractButton,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QListView,
    QPlainTextEdit,
    QTableView,
    QTextEdit,
)


def nameless(window: QWidget) -> list[str]:
    """Controls of ours in `window` that lack a name; Qt's own parts of them are left out."""
    return [
        f"{type(widget).__name__} {widget.objectName()!r} in {_way(widget)}"
        for widget in window.findChildren(QWidget)
        if isinstance(widget, CONTROLS) and not _is_part_of_control(widget)
        if not widget.objectName() or not widget.accessibleName()
    ]


def _is_part_of_control(widget: QWidget) -> bool:
    parent = widget.parentWidget()
    inside = isinstance(parent, (QLineEdit, QAbstractSpinBox, QComboBox, QTableView))
    return isinstance(widget, QScrollBar) or inside or widget.objectName().startswith("qt_") or _in_popup(widget)


def _in_popup(widget: QWidget) -> bool:
    """The list that a combo box drops down."""
    parent = widget.parentWidget()
    return parent is not None and "QComboBoxPrivateContainer" in parent.metaObject().className()


def _way(widget: QWidget) -> str:
    parent = widget.parentWidget()
    return "/".join(part for part in (parent.objectName() if parent is not None else "", type(parent).__name__) if part)


@pytest.fixture
def tasks(qtbot: QtBot) -> Iterator[TaskRunner]:
    runner = TaskRunner()
    yield runner
    qtbot.waitUntil(lambda: not runner.busy())
    runner.shutdown()


@pytest.fixture
def settings(tmp_path: Path) -> ScreenSettings:
    return ScreenSettings(tmp_path / "screen.json")


def test_every_control_before_the_office_has_a_name(
    desk: Desk, clock: FixedClock, tasks: TaskRunner, settings: ScreenSettings, tmp_path: Path, qtbot: QtBot
) -> None:
    gate = Gate(desk.paths, clock)
    sign_in = SignInWindow(gate, tasks, settings)
    windows: list[QWidget] = [
        sign_in,
        Wizard(StorePaths.of(tmp_path / "new"), clock, tasks),
        RecoveryDialog(gate, desk.paths, clock, tasks, None),
        LockDialog(gate, tasks, "已锁定", may_go_back=False, parent=sign_in),
    ]

    found = [line for window in windows for line in nameless(window)]

    for window in windows[:3]:
        qtbot.addWidget(window)
    assert found == []


@pytest.mark.parametrize("page", [entry.name for entry in PAGES])
def test_every_control_of_every_page_has_a_name(
    page: str, desk: Desk, actor: Actor, clock: FixedClock, tasks: TaskRunner, settings: ScreenSettings, qtbot: QtBot
) -> None:
    shell = Shell(desk, actor, tasks, Gate(desk.paths, clock), settings)
    shell.show()
    shell.frame.go(page)
    if page == "cases":
        shell.frame.go(page, NewCase())
    qtbot.waitUntil(lambda: not tasks.busy())
    AboutBox(shell)
    ChangePassword(desk, actor, tasks, shell)
    GuideWindow(shell, guide_file())

    found = nameless(shell)

    shell.stop()
    delete(shell)
    assert found == []
