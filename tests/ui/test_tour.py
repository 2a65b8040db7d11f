"""The tour: the whole main job through the real windows, a picture for each step."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from openpyxl import load_workbook

ROOT = Path(__file__).resolve().parents[2]
FEWEST_PICTURES = 40


def test_the_main_job_holds_from_first_run_to_paper(tmp_path: Path) -> None:
    told = subprocess.run(
        [sys.executable, "-m", "ui.tour", "--out", str(tmp_path)],
        cwd=ROOT,
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=170,
        check=False,
    )

    assert told.returncode == 0, told.stderr + told.stdout
    assert len(list(tmp_path.glob("[0-9][0-9]-*.png"))) >= FEWEST_PICTURES
    assert (tmp_path / "slip.pdf").read_bytes().startswith(b"%PDF-")
    sheet = load_workbook(tmp_path / "cases.xlsx", read_only=True)
    rows = list(sheet.worksheets[0].iter_rows(values_only=True))
    sheet.close()
    assert len(rows) == 2
    assert "店外经营" in rows[1]
