"""One office and what its pages are given, for every test of a screen."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import delete, isValid

from app.base.clock import FixedClock
from app.base.paths import StorePaths
from app.desk import Desk, NewOffice, create_desk
from app.domain.permissions import Actor
from ui.bridge import StoreBridge
from ui.notices import Notices
from ui.pages.context import PageContext
from ui.remember import InMemory
from ui.settings import ScreenSettings
from ui.tasks import TaskRunner

PASSWORD = "Kastanie-2026-Allee"
JINSHUI = "410105"


@pytest.fixture
def desk(tmp_path: Path, clock: FixedClock) -> Iterator[Desk]:
    """An empty office in 金水区; its first person 张敏 may do everything."""
    office = NewOffice(JINSHUI, "金水区城市管理局", mark="JS")
    made, _recovery = create_desk(StorePaths.of(tmp_path / "store"), office, "张敏", "zhangmin", PASSWORD, clock=clock)
    yield made
    made.close()


@pytest.fixture
def actor(desk: Desk) -> Actor:
    """张敏, who may do everything."""
    return desk.accounts.actor(desk.accounts.person_named("张敏").id)


@pytest.fixture
def window(qapp: QApplication) -> Iterator[QWidget]:
    """A window to put a page into; it goes before the threads do."""
    assert qapp
    made = QWidget()
    made.resize(1100, 760)
    yield made
    if isValid(made):
        delete(made)


@pytest.fixture
def context(desk: Desk, actor: Actor, window: QWidget, tmp_path: Path, qtbot: QtBot) -> Iterator[PageContext]:
    """What pages are given; at the end what was asked for is done, the window goes and no thread is left."""
    tasks = TaskRunner()
    bridge = StoreBridge(desk.store.listen)
    settings = ScreenSettings(tmp_path / "screen.json")
    yield PageContext(desk, actor, tasks, bridge, Notices(window), settings, InMemory())
    for shown in QApplication.topLevelWidgets():
        shown.hide()
    qtbot.waitUntil(lambda: not tasks.busy())
    delete(window)
    bridge.close()
    tasks.shutdown()
