"""The command line brings boundaries in and out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from app.cli.main import main
from app.cli.output import Exit
from tests.builders import PASSWORD
from tests.services.test_cli import Run, office, run

__all__ = ["office", "run"]

RING = [(113.60, 34.70), (113.61, 34.70), (113.61, 34.71), (113.60, 34.71), (113.60, 34.70)]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """One unit grid with its code under a name of the sender's own, and one without a code."""
    features = [
        {"type": "Feature", "properties": given, "geometry": {"type": "Polygon", "coordinates": [RING]}}
        for given in ({"wgdm": "410105001001001"}, {})
    ]
    path = tmp_path / "grids.geojson"
    path.write_text(json.dumps(features), encoding="utf-8")
    return path


def test_boundaries_come_in_once_and_go_out(tmp_path: Path, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    secret = tmp_path / "password.txt"
    secret.write_text(PASSWORD, encoding="utf-8")

    def run(*words: object) -> tuple[int, Mapping[str, Any]]:
        base = ["--store", str(tmp_path / "store"), "--password-file", str(secret), "--json"]
        code = main([*base, *map(str, words)])
        told = capsys.readouterr().out.strip()
        return code, json.loads(told.splitlines()[-1]) if told else {}

    run("init", "--district", "410105", "--office", "金水区城管局", "--person", "张敏")
    bring = ("import-boundaries", file, "--system", "GCJ-02", "--kind", "unit", "--column", "code=wgdm")
    code, told = run(*bring, "--preview")
    assert (code, told["added"], told["proposed"]) == (0, 1, {"system": "WGS-84", "why": "nothing"})
    code, told = run(*bring)
    assert (code, told["added"], told["refused"][0]["row"]) == (0, 1, 2)
    assert run(*bring)[1]["same"] == 1
    out = tmp_path / "out.geojson"
    assert run("export-boundaries", out, "--kind", "unit")[1]["written"] == 1
    assert json.loads(out.read_text(encoding="utf-8"))["features"][0]["properties"]["code"] == "410105001001001"
    assert run("import-boundaries", file, "--system", "GCJ-02", "--column", "wrong=wgdm")[0] == 2


def test_a_system_the_file_speaks_against_is_asked_twice(office: Run, tmp_path: Path) -> None:
    ring = [[113.67, 34.77], [113.68, 34.77], [113.68, 34.78], [113.67, 34.78], [113.67, 34.77]]
    properties = {"adcode": "410105001001001", "centroid": [113.675, 34.775]}
    area = {"type": "Feature", "properties": properties, "geometry": {"type": "Polygon", "coordinates": [ring]}}
    atlas = tmp_path / "atlas.geojson"
    atlas.write_text(json.dumps({"type": "FeatureCollection", "features": [area]}), encoding="utf-8")
    bring = ("import-boundaries", atlas, "--system", "WGS-84", "--kind", "unit", "--column", "code=adcode")
    code, told = office(*bring)
    assert (code, told["error"]["code"]) == (Exit.REFUSED, "grid.system_doubted")
    assert "GCJ-02" in told["error"]["message"]
    assert office(*bring, "--trust-system")[1]["added"] == 1


def test_a_file_that_is_no_boundaries_is_unusable(office: Run, tmp_path: Path) -> None:
    broken = tmp_path / "broken.geojson"
    broken.write_bytes(b"PK\x03\x04")
    for file in (tmp_path, tmp_path / "gone.geojson", broken):
        code, told = office("import-boundaries", file, "--system", "WGS-84")
        assert code == Exit.UNUSABLE
        assert told["error"]["code"] in ("grid.file_missing", "grid.file_unreadable")


def test_a_name_with_half_a_character_is_kept_with_the_sign_for_it(office: Run, tmp_path: Path) -> None:
    area = {"type": "Polygon", "coordinates": [RING]}
    feature = {"type": "Feature", "properties": {"code": "410105001001001", "name": "东\ud800里"}, "geometry": area}
    (tmp_path / "half.geojson").write_text(json.dumps(feature), encoding="utf-8")
    assert (
        office("import-boundaries", tmp_path / "half.geojson", "--system", "WGS-84", "--kind", "unit")[1]["added"] == 1
    )
    out = tmp_path / "out.geojson"
    office("export-boundaries", out)
    assert json.loads(out.read_text(encoding="utf-8"))["features"][0]["properties"]["name"] == "东\ufffd里"
