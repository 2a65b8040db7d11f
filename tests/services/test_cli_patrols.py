"""Rounds on the command line: sheets in, a week planned, lists out."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.cli.output import Exit
from tests.services.test_cli import Run, office, run

__all__ = ["office", "run"]


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    """Three checks on two days."""
    path = tmp_path / "rounds.csv"
    rows = ("编号,检查日期,检查点,结果", "1,2026-10-12,菜店,好", "2,2026-10-12,面馆,差", "3,2026-10-13,菜店,好")
    path.write_text("\n".join(rows), encoding="utf-8")
    return path


def test_rounds_come_in_once_and_are_listed(office: Run, sheet: Path) -> None:
    code, told = office("import-rounds", sheet)
    assert (code, told["taken"], told["rounds"]) == (0, 3, 2)
    assert office("import-rounds", sheet)[1]["unchanged"] == 3
    code, told = office("list", "rounds", "--where", "state=done", "--where", "first=2026-10-13")
    assert (code, told["count"]) == (0, 1)
    assert told["rounds"][0]["day"] == "2026-10-13"
    assert (told["rounds"][0]["points"], told["rounds"][0]["checked"]) == (1, 1)


def test_a_filter_that_is_not_there_names_those_that_are(office: Run) -> None:
    code, told = office("list", "rounds", "--where", "colour=red")
    assert (code, told["error"]["code"]) == (Exit.REFUSED, "patrol.filter_unknown")
    assert "member" in told["error"]["cure"]


def test_a_week_without_plans_is_planned_to_nothing(office: Run) -> None:
    assert office("plan-week", "2026-11-09") == (0, {"made": 0, "there": 0, "notices": []})
    assert office("list", "plans") == (0, {"plans": [], "count": 0})
    assert [office("plan-week", day)[0] for day in ("9999-12-31", "0001-01-01", "gestern")] == [2, 2, 2]
