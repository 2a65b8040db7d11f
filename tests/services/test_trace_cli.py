"""Tracks and coverage without a window."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from app.base.clock import SystemClock
from app.base.paths import StorePaths
from app.cli.main import main
from app.desk import open_desk
from app.gate import Gate
from tests.builders import PASSWORD
from tests.desks import first_actor

Run = Callable[..., tuple[int, Mapping[str, Any]]]
WALK = "time,lon,lat\n2026-11-02 09:00:00,113.65,34.76\n2026-11-02 09:01:00,113.65,34.7605\n"


@pytest.fixture
def office(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """A store with a member 采集员甲, number 007; gives what runs one command on it."""
    secret = tmp_path / "password.txt"
    secret.write_text(PASSWORD + "\n", encoding="utf-8")
    base = ["--store", str(tmp_path / "store"), "--password-file", str(secret), "--json"]

    def run(*words: object) -> tuple[int, Mapping[str, Any]]:
        code = main([*base, *map(str, words)])
        told = capsys.readouterr().out.strip()
        return code, json.loads(told.splitlines()[-1]) if told else {}

    assert run("init", "--district", "410105", "--office", "金水区城管局", "--person", "张敏")[0] == 0
    paths = StorePaths.of(tmp_path / "store")
    key = Gate(paths, SystemClock()).enter("张敏", PASSWORD).key
    desk = open_desk(key, paths, SystemClock())
    desk.members.save({"name": "采集员甲", "number": "007"}, actor=first_actor(desk))
    desk.close()
    return run


def test_track_files_are_imported_by_the_name_in_the_file_and_only_once(office: Run, tmp_path: Path) -> None:
    good, bad = tmp_path / "采集员甲_1102.csv", tmp_path / "unknown.csv"
    good.write_text(WALK, encoding="utf-8")
    bad.write_text(WALK.replace("113.65", "113.66"), encoding="utf-8")
    code, told = office("import-tracks", good, bad)
    assert code == 0
    assert [(one["member"], one["points"], one["day"]) for one in told["taken"]] == [("采集员甲", 2, "2026-11-02")]
    assert [(one["file"], one["code"]) for one in told["refused"]] == [("unknown.csv", "track.member_needed")]
    code, told = office("import-tracks", good, "--member", "007", "--system", "GCJ-02")
    assert (code, told["refused"][0]["code"]) == (4, "track.known")


def test_coverage_is_told_as_json_and_written_as_a_sheet(office: Run, tmp_path: Path) -> None:
    code, told = office("coverage", "--from", "2026-11-02", "--to", "2026-11-08", "--file", tmp_path / "c.csv")
    assert (code, told["by"], told["total"]["planned"], told["total"]["share"]) == (0, "street", 0, None)
    assert len(told["blind_spots"]["unseen"]) == len(told["rows"]) > 10
    assert (tmp_path / "c.csv").is_file()


def test_days_that_are_no_days_are_told(office: Run) -> None:
    assert office("coverage", "--from", "gestern", "--to", "2026-11-08")[0] == 2
    code, told = office("coverage", "--from", "2026-11-08", "--to", "2026-11-02")
    assert (code, told["error"]["code"]) == (4, "coverage.span")


def test_a_file_that_is_not_there_is_said_by_its_name(office: Run, tmp_path: Path) -> None:
    code, told = office("import-tracks", tmp_path / "采集员甲.gpx")
    assert code != 0
    assert "采集员甲.gpx" in told["refused"][0]["message"]


def test_rounds_whose_grids_are_known_by_word_alone_are_told_by_grid(office: Run, tmp_path: Path) -> None:
    sheet = tmp_path / "rounds.csv"
    sheet.write_text("检查日期,检查对象,网格,结果\n2026-11-02,甲店,60601,好\n", encoding="utf-8")
    assert office("import-rounds", sheet)[1]["taken"] == 1
    told = office("coverage", "--from", "2026-11-02", "--to", "2026-11-08")[1]
    assert (told["by"], told["total"]["done"]) == ("grid", 1)
    later = office("coverage", "--from", "2026-11-09", "--to", "2026-11-15")[1]
    assert [(row["title"], row["done"], row["days_since"]) for row in later["rows"]] == [("60601", 0, 13)]
    assert later["blind_spots"]["unseen"] == ["60601"]
