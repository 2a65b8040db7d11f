"""What is heavy is imported after the first paint: the structure behind a quick start."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest

from app.base.paths import StorePaths
from db.keys import KeyFile, make_key
from tests.house import listed
from tests.tools.sources import ROOT

HEAVY = {"numpy", "pyqtgraph", "openpyxl", "docx", "alembic", "pypinyin", "httpx2", "sqlalchemy"}
START = """
import sys
from ui.main import main
code = main(["--store", sys.argv[1], "--until-first-paint"])
print(" ".join(sorted({name.split(".")[0] for name in sys.modules})))
sys.exit(code)
"""


def modules_after_first_paint(store: Path) -> set[str]:
    """Top-level names imported when the first window has been painted."""
    told = subprocess.run(
        [sys.executable, "-c", START, str(store)],
        cwd=ROOT,
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    assert told.returncode == 0, told.stderr
    return set(told.stdout.split())


@pytest.fixture
def office(tmp_path: Path) -> Path:
    """A store with one person, enough for the sign-in window."""
    paths = StorePaths.of(tmp_path / "store")
    paths.folder.mkdir(parents=True, exist_ok=True)
    key, keys = make_key(), KeyFile(paths)
    keys.start(key)
    keys.add(UUID(int=datetime(2026, 11, 2, tzinfo=UTC).year), "clerk", "王芳", "Kite-harbour-42", key)
    return tmp_path / "store"


def test_nothing_heavy_is_imported_before_the_sign_in_window_is_painted(office: Path) -> None:
    heavy = modules_after_first_paint(office) & HEAVY

    assert heavy == set(), listed("Import it inside the function that needs it, or in ui.program.warm_up.", heavy)


def test_nothing_heavy_is_imported_before_the_wizard_is_painted(tmp_path: Path) -> None:
    heavy = modules_after_first_paint(tmp_path / "nothing-yet") & HEAVY

    assert heavy == set(), listed("Import it inside the function that needs it, or in ui.program.warm_up.", heavy)
