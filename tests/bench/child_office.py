"""The program from the accepted password on: `child_office STORE [list]` says seconds and memory."""

from __future__ import annotations

import gc
import sys
import time
from collections.abc import Callable

from PySide6.QtWidgets import QApplication

from app.base.clock import FixedClock
from app.base.paths import StorePaths
from tests.bench.bench_store import NOW, opened_without_password
from tests.bench.children import memory_mb, say
from ui.crash import CrashHook, no_report
from ui.main import speak
from ui.program import Program
from ui.settings import ScreenSettings
from ui.tables.line_table import LineTable
from ui.theme import apply_theme

LONGEST_S = 60


def wait_until(app: QApplication, ready: Callable[[], bool]) -> None:
    """Let the program work until `ready`."""
    end = time.monotonic() + LONGEST_S
    while not ready():
        app.processEvents()
        if time.monotonic() > end:
            raise TimeoutError("the window never got there")


def list_is_filled(app: QApplication, program: Program) -> bool:
    """True when the work list is there with its first line."""
    table = None if program.shell is None else program.shell.findChild(LineTable, "case_list")
    return table is not None and table.model.line(0) is not None and table.view.isVisible()


def main(store: str, page: str) -> None:
    """Sign in, open the page, say how long it took and what it weighs."""
    app = QApplication([])
    paths, clock = StorePaths.of(store), FixedClock(NOW)
    speak(app, "zh")
    apply_theme(app, "light", 13)
    program = Program(app, paths, clock, ScreenSettings(paths.folder / "bench.screen.json"), CrashHook(no_report))
    program.start()
    wait_until(app, lambda: program._warm and not program.tasks.busy())
    opened = opened_without_password(paths.folder)
    begun = time.perf_counter()
    program._open(opened)
    wait_until(app, lambda: program.shell is not None)
    assert program.shell is not None
    if page == "list":
        program.shell.frame.go("cases", None)
        wait_until(app, lambda: list_is_filled(app, program))
        app.processEvents()
    filled = time.perf_counter() - begun
    wait_until(app, lambda: not program.tasks.busy())
    app.processEvents()
    gc.collect()
    say(seconds=filled, memory=memory_mb())
    program.finish()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else "")
