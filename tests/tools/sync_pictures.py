"""`python -m tests.tools.sync_pictures`: docs/pictures/sync.png and conflict.png, taken of two desks and a real city.

The tour cannot take them: demonstration data is never enrolled. Look at both before they are committed.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QDeadlineTimer
from PySide6.QtWidgets import QApplication, QWidget
from starlette.testclient import TestClient

from app.base.clock import FixedClock
from app.desk import Desk
from app.domain.cases import Case
from app.gate import Gate
from app.sync.views import RecordState
from server.main import create_app
from tests.builders import a_draft
from tests.desks import fill_lists, first_actor, make_desk
from tests.tools.guide_pictures import PICTURES, shrink
from tests.ui.city_desk import Cable, a_city, clash, enrolled, wired
from ui.dialogs.conflict import ConflictDialog
from ui.main import speak
from ui.pages.sync.page import SyncPage
from ui.settings import ScreenSettings
from ui.shell import Shell
from ui.tasks import TaskRunner
from ui.theme import apply_theme

SIZE = (1280, 800)
LONGEST_MS = 30_000
PLACES = (("纬一路", "12", "店外经营,占用人行道"), ("经八路", "3", "路口堆放建筑垃圾"), ("纬一路", "40", "沿街晾晒"))


def main() -> int:
    """Take both pictures."""
    application = QApplication([])
    speak(application, "zh")
    apply_theme(application, "light", 13)
    clock = FixedClock(datetime(2026, 11, 2, 1, 0, tzinfo=UTC))
    with tempfile.TemporaryDirectory() as place, a_city(Path(place), clock) as city:
        cable = Cable(TestClient(create_app(city)))
        here, other = (wired(make_desk(Path(place) / one, clock), cable, one) for one in ("here", "other"))
        fill_lists(here)
        case = _work(here, clock)
        for desk in (here, other):
            enrolled(desk, city, first_actor(desk))
        clash(here, other, case)
        cable.cut = True
        clock.advance(timedelta(minutes=50))
        _report(here, PLACES[1], clock)
        _take(here, clock, Path(place))
        here.close()
        other.close()
    return 0


def _work(desk: Desk, clock: FixedClock) -> Case:
    first, *_others = [_report(desk, place, clock) for place in PLACES]
    return first


def _report(desk: Desk, place: tuple[str, str, str], clock: FixedClock) -> Case:
    clock.advance(timedelta(minutes=4))
    road, house, words = place
    return desk.cases.report(a_draft(road=road, house_no=house, description=words), actor=first_actor(desk))


def _take(desk: Desk, clock: FixedClock, folder: Path) -> None:
    tasks = TaskRunner()
    shell = Shell(desk, first_actor(desk), tasks, Gate(desk.paths, clock), ScreenSettings(folder / "screen.json"))
    shell.resize(*SIZE)
    shell.show()
    shell.frame.go("sync", None)
    page = shell.findChild(SyncPage)
    assert page is not None
    _until(lambda: not tasks.busy() and shell.frame.status.line.text().startswith("离线"))
    _until(lambda: not tasks.busy() and page.isVisible())
    page.refresh()
    _until(lambda: not tasks.busy())
    _save(shell, "sync", folder)
    [line] = desk.sync.queue(RecordState.CONFLICT)
    dialog = ConflictDialog(desk.sync.trouble(line.record_id), clock.now(), shell)
    dialog.show()
    QApplication.processEvents()
    _save(dialog, "conflict", folder)
    dialog.close()
    shell.stop()
    tasks.shutdown()


def _until(ready: Callable[[], bool]) -> None:
    limit = QDeadlineTimer(LONGEST_MS)
    while not ready():
        QApplication.processEvents()
        if limit.hasExpired():
            raise TimeoutError("the window never got there")


def _save(shown: QWidget, name: str, folder: Path) -> None:
    QApplication.processEvents()
    taken = folder / f"{name}.png"
    shown.grab().save(str(taken))
    print(f"{name}.png: {shrink(taken, PICTURES / f'{name}.png') // 1024} kB")


if __name__ == "__main__":
    sys.exit(main())
