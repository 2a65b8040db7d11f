"""From process start to the sign-in window, and from the accepted password to a filled work list."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

from tests.bench.bench_store import BenchStore
from tests.bench.children import ChildFailed, answer, wall_seconds
from tests.bench.measuring import COUNT, MB, MS, Line, Row, Sample, Skipped
from tests.tools.sources import ROOT

TIMES = 12
OFFICE_TIMES = 6
HEAVY = ("numpy", "pyqtgraph", "openpyxl", "docx", "alembic", "pypinyin", "httpx2", "sqlalchemy")
BARE = "bare PySide6 window"
_MODULES = """
import sys
from ui.main import main
code = main(["--store", sys.argv[1], "--until-first-paint"])
print(len([name for name in sys.argv[2:] if name in sys.modules]))
sys.exit(code)
"""


def measure(store: BenchStore, empty: BenchStore) -> Iterator[Line]:
    """Start-up, the filled list, its memory, and what is imported before the first paint."""
    place = store.paths.folder
    windows, starts = [], []
    try:
        for turn in range(TIMES + 1):
            bare = wall_seconds("-m", "tests.bench.child_window") * 1000
            ours = wall_seconds("-m", "ui", "--store", place, "--until-first-paint") * 1000
            if turn:
                windows.append(bare)
                starts.append(ours)
        base = Sample(tuple(windows))
        yield Row("start to first paint of the sign-in window", MS, Sample(tuple(starts)), base, BARE, 1.6)
        lists = [answer("office", place, "list") for _turn in range(OFFICE_TIMES)]
        shells = [answer("office", empty.paths.folder) for _turn in range(OFFICE_TIMES)]
    except ChildFailed as failed:
        yield Skipped("start of the program", f"the window did not start: {failed}")
        return
    filled = Sample(tuple(told["seconds"] * 1000 for told in lists))
    yield Row("accepted password to filled work list", MS, filled, base, BARE, 4)
    memory = Sample(tuple(told["memory"] for told in lists))
    shell = Sample(tuple(told["memory"] for told in shells))
    yield Row("memory with the list open", MB, memory, shell, "shell on an empty store", 80, "above")
    command = [sys.executable, "-c", _MODULES, str(place), *HEAVY]
    found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    yield Row("heavy modules before the first paint", COUNT, Sample((float(found.stdout),)), aim=0, how="most")
