"""Facilities without a window: sheets in, lists out."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from app.cli.main import main
from tests.builders import PASSWORD

Run = Callable[..., tuple[int, Mapping[str, Any]]]


@pytest.fixture
def office(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """A store; gives what runs one command on it."""
    secret = tmp_path / "password.txt"
    secret.write_text(PASSWORD + "\n", encoding="utf-8")
    base = ["--store", str(tmp_path / "store"), "--password-file", str(secret), "--json"]

    def run(*words: object) -> tuple[int, Mapping[str, Any]]:
        code = main([*base, *map(str, words)])
        told = capsys.readouterr().out.strip()
        return code, json.loads(told.splitlines()[-1]) if told else {}

    assert run("init", "--district", "410105", "--office", "金水区城管局", "--person", "张敏")[0] == 0
    return run


def test_a_sheet_with_swapped_columns_is_refused_until_it_is_said(office: Run, tmp_path: Path) -> None:
    sheet, refused = tmp_path / "工地.csv", tmp_path / "refused.xlsx"
    sheet.write_text("编号,名称,纬度,经度\n1,甲,113.6,34.7\n2,乙,113.7,34.8\n2,丙,113.7,34.8\n", encoding="utf-8")
    code, told = office("import-facilities", sheet)
    assert (code, told["error"]["code"]) == (4, "facility.columns_swapped")
    code, told = office("import-facilities", sheet, "--swap", "--category", "05-02", "--refused", refused)
    assert (code, told["taken"]) == (0, 2)
    assert [(one["row"], one["code"]) for one in told["refused"]] == [(4, "facility.number_twice_in_file")]
    assert refused.exists()
    code, told = office("list", "facilities", "--where", "group=其他部件", "--where", "state=完好")
    assert (code, told["count"]) == (0, 2)
    assert [(one["name"], one["longitude"]) for one in told["facilities"]] == [("甲", 113.6), ("乙", 113.7)]
    assert office("list", "facilities", "--where", "unseen_days=30", "--search", "乙")[1]["count"] == 1


def test_a_list_that_is_not_understood_names_what_there_is(office: Run) -> None:
    code, told = office("list", "facilities", "--where", "colour=red")
    assert (code, told["error"]["code"]) == (4, "facility.field_unknown")
    assert "unseen_days" in told["error"]["message"]
    for days in ("-1", "many", "999999999", "9" * 30):
        assert office("list", "facilities", "--where", f"unseen_days={days}")[0] == 2
    assert office("list", "facilities", "--where", "state=红")[1]["error"]["code"] == "facility.state_unknown"


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("--category", "驿站"), "facility.category_unknown"),
        (("--category", "99-99"), "facility.category_unknown"),
        (("--group", "没有这个台账"), "facility.field_unknown"),
    ],
)
def test_what_the_whole_sheet_is_said_to_hold_must_be_known(
    office: Run, tmp_path: Path, words: tuple[str, str], expected: str
) -> None:
    sheet = tmp_path / "驿站.csv"
    sheet.write_text("名称,地址\n甲,纬一路1号\n", encoding="utf-8")
    code, told = office("import-facilities", sheet, *words)
    assert (code, told["error"]["code"]) == (4, expected)
    assert office("list", "facilities")[1]["count"] == 0
    assert office("import-facilities", sheet)[1]["taken"] == 1


def test_a_list_of_records_with_half_characters_and_numbers_beyond_all_is_told_row_by_row(
    office: Run, tmp_path: Path
) -> None:
    records = tmp_path / "部件.json"
    rows = [{"名称": "\ud800灯", "地址": "纬一路"}, {"名称": "甲", "经度": 10**400, "纬度": 34.7}]
    records.write_text(json.dumps(rows), encoding="utf-8")
    code, told = office("import-facilities", records)
    assert (code, told["taken"]) == (0, 1)
    assert [(one["row"], one["code"]) for one in told["refused"]] == [(3, "value.number_unreadable")]
    assert [one["name"] for one in office("list", "facilities")[1]["facilities"]] == ["\ufffd灯"]
