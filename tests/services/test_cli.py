"""The command line: what it promises to scheduled tasks and technicians' scripts."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from app.cli.main import main
from app.cli.output import say
from app.domain.problems import Refused
from app.services.case_step_words import refusal_text
from tests.builders import PASSWORD
from tests.data_files import data_file

Run = Callable[..., tuple[int, Mapping[str, Any]]]


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs one command on a store of this test; gives exit code and the JSON told."""
    secret = tmp_path / "password.txt"
    secret.write_text(PASSWORD + "\n", encoding="utf-8")

    def command(*words: object, store: str = "store", password: Path = secret) -> tuple[int, Mapping[str, Any]]:
        base = ["--store", str(tmp_path / store), "--password-file", str(password), "--json"]
        code = main([*base, *map(str, words)])
        told = capsys.readouterr().out.strip()
        return code, json.loads(told.splitlines()[-1]) if told else {}

    return command


@pytest.fixture
def office(run: Run) -> Run:
    """A store with an office."""
    code, told = run("init", "--district", "410105", "--office", "金水区城管局", "--person", "张敏", "--mark", "JS")
    assert code == 0
    assert len(told["recovery_code"]) > 50
    return run


def reported(office: Run) -> str:
    words = (
        "source=hotline_12345 kind=event major=04 minor=05 condition_no=1 street_code=410105001 road=纬一路 house_no=3"
    )
    code, told = office("report", *[part for word in words.split() for part in ("--set", word)])
    assert code == 0
    return str(told["case"])


def test_an_office_is_made_once(office: Run) -> None:
    code, told = office("init", "--district", "410105", "--office", "金水区城管局", "--person", "张敏")
    assert (code, told["error"]["code"]) == (3, "store.exists")


@pytest.mark.parametrize(
    ("words", "expected", "code"),
    [
        (("init", "--district", "999999", "--office", "某局", "--person", "张敏"), 4, "reference.district_unknown"),
        (("stats",), 3, "store.missing"),
    ],
)
def test_what_cannot_be_is_refused_with_its_code(run: Run, words: tuple[str, ...], expected: int, code: str) -> None:
    exit_code, told = run(*words, store="elsewhere")
    assert (exit_code, told["error"]["code"]) == (expected, code)


def test_a_value_that_cannot_be_is_a_usage_error_and_no_crash(office: Run) -> None:
    case = reported(office)

    assert office("report", "--set", "condition_no=abc")[0] == 2
    assert office("report", "--set", "linked_case_id=abc")[0] == 2
    assert office("act", case, "register", "--set", "condition=abc")[0] == 2


def test_an_office_with_a_name_too_short_is_a_usage_error_and_leaves_nothing(run: Run) -> None:
    assert run("init", "--district", "410105", "--office", "局", "--person", "张敏")[0] == 2
    assert run("stats")[1]["error"]["code"] == "store.missing"


def test_a_list_tells_office_time(office: Run) -> None:
    reported(office)
    [line] = office("list", "cases")[1]["cases"]
    assert line["reported"].endswith("+08:00")
    assert line["due"].endswith("+08:00")


def test_an_export_below_a_file_is_refused_in_words(office: Run, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    code, told = office("export-cases", tmp_path / "file" / "out.xlsx")
    assert (code, told["error"]["code"]) == (3, "sheet.target_locked")


def test_a_command_nobody_knows_is_a_usage_error(run: Run) -> None:
    assert run("dance")[0] == 2
    assert run("act", "only-one-word")[0] == 2


def test_a_wrong_password_is_refused_and_nothing_is_told(office: Run, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.txt"
    wrong.write_text("not-the-password", encoding="utf-8")
    code, told = office("stats", password=wrong)
    assert (code, told["error"]["code"]) == (4, "account.wrong_password")


def test_a_case_goes_its_way_by_commands(office: Run) -> None:
    number = reported(office)
    office("demo-data", "--cases", 5, "--seed", 1)

    assert office("act", number, "register")[1]["stage"] == "pending_dispatch"
    refused, why = office("act", number, "dispatch")
    assert (refused, why["error"]["code"]) == (4, "case.unit_missing")
    assert office("act", number, "dispatch", "--set", "unit=市政设施中心")[1]["stage"] == "pending_handle"
    assert office("act", number, "return_dispatcher", "--note", "不归我管")[1]["stage"] == "returned_dispatcher"

    code, listed = office("list", "cases", "--where", "view=returned")
    assert code == 0
    assert number in [case["number"] for case in listed["cases"]]


def test_the_same_seed_makes_the_same_district(office: Run, run: Run) -> None:
    def kinds(store: str) -> list[tuple[str, str]]:
        run("init", "--district", "410105", "--office", "金水区城管局", "--person", "张敏", store=store)
        run("demo-data", "--cases", 40, "--seed", 7, store=store)
        listed = run("list", "cases", "--limit", 100, store=store)[1]["cases"]
        return sorted((case["what"], case["where"]) for case in listed)

    assert kinds("one") == kinds("two")


def test_cases_come_in_and_the_second_time_nothing_doubles(office: Run) -> None:
    file = data_file("sheets", "boston_311_100.csv")
    code, first = office("import-cases", file)
    _code, again = office("import-cases", file)
    _code, stats = office("stats")

    assert code == 0
    assert (first["read"], first["taken"], first["refused"]) == (100, 100, [])
    assert (again["taken"], again["updated"], again["unchanged"]) == (0, 0, 100)
    assert stats["case"] == 100


def test_a_refused_row_is_named_by_row_column_code_and_reason(office: Run, tmp_path: Path) -> None:
    sheet = tmp_path / "cases.csv"
    sheet.write_text(
        "编号,上报时间,地点,问题描述\nA1,2026-10-01 09:00,纬一路1号,垃圾\nA2,昨天,纬一路2号,垃圾\n", encoding="utf-8"
    )
    refused = tmp_path / "refused.xlsx"

    _code, told = office("import-cases", sheet, "--refused", refused)

    assert (told["read"], told["taken"]) == (2, 1)
    (row,) = told["refused"]
    assert (row["row"], row["column"]) == (3, "上报时间")
    assert "昨天" in row["message"]
    book = load_workbook(refused)
    cells = [[cell.value for cell in line] for line in book.active.iter_rows()]  # type: ignore[union-attr]
    book.close()
    assert cells[1][:4] == ["A2", "昨天", "纬一路2号", "垃圾"]


def test_what_was_imported_is_told_even_when_the_refused_rows_cannot_be_written(office: Run, tmp_path: Path) -> None:
    sheet = tmp_path / "cases.csv"
    sheet.write_text("问题描述,上报时间\n占道经营,2026-11-01 09:00\n占道经营,不是时间\n", encoding="utf-8")

    code, told = office("import-cases", sheet, "--refused", tmp_path)

    assert (code, told["error"]["code"]) == (3, "sheet.target_locked")
    assert (told["read"], told["taken"], len(told["refused"])) == (2, 1, 1)


def test_a_file_that_is_no_sheet_is_unusable(office: Run, tmp_path: Path) -> None:
    broken = tmp_path / "broken.xlsx"
    broken.write_bytes(b"PK\x03\x04 not really")
    code, told = office("import-cases", broken)
    assert code == 3
    assert told["error"]["cure"]


def test_an_export_holds_what_was_asked_for_and_no_formula(office: Run, tmp_path: Path) -> None:
    number = reported(office)
    evil = "source=hotline_12319 street_code=410105001 description==HYPERLINK("
    office("report", *[part for word in evil.split() for part in ("--set", word)])
    out = tmp_path / "out.xlsx"

    code, told = office("export-cases", out)

    book = load_workbook(out)
    rows = list(book.active.iter_rows(min_row=2))  # type: ignore[union-attr]
    assert (code, told["written"]) == (0, 2)
    assert number in [row[0].value for row in rows]
    assert all(cell.data_type != "f" for row in rows for cell in row)
    book.close()


def test_a_backup_brings_everything_back_elsewhere(office: Run, run: Run, tmp_path: Path) -> None:
    number = reported(office)
    backup = tmp_path / "office.gdbak"
    assert office("backup", backup)[0] == 0

    assert run("restore", backup, store="other")[0] == 0
    code, listed = run("list", "cases", store="other")

    assert code == 0
    assert [case["number"] for case in listed["cases"]] == [number]
    assert run("check", store="other")[1]["sound"] is True


def test_a_filter_nobody_knows_names_the_ones_there_are(office: Run) -> None:
    code, told = office("list", "cases", "--where", "colour=red")
    assert (code, told["error"]["code"]) == (4, "case.filter_unknown")
    assert "street" in told["error"]["cure"]


@pytest.mark.parametrize("limit", ["-1", "99999999999999999999", "many"])
def test_a_list_is_cut_at_a_whole_number_of_lines(office: Run, limit: str) -> None:
    assert office("list", "cases", f"--limit={limit}")[0] == 2


def test_a_word_typed_in_broken_characters_finds_nothing_and_breaks_nothing(office: Run) -> None:
    assert office("list", "rounds", "--where", "grid=\udcff") == (0, {"rounds": [], "count": 0})
    assert office("list", "facilities", "--search", "\udcff")[0] == 0


def test_the_flag_for_json_is_taken_after_the_command_too(office: Run, tmp_path: Path) -> None:
    assert office("stats", "--json")[1]["case"] == 0


@pytest.mark.parametrize("encoding", ["utf-8", "gbk", "ascii"])
@pytest.mark.parametrize("as_json", [True, False])
def test_every_sign_is_told_whatever_the_output_can_write(
    monkeypatch: pytest.MonkeyPatch, encoding: str, as_json: bool
) -> None:
    behind = io.BytesIO()
    monkeypatch.setattr("sys.stdout", io.TextIOWrapper(behind, encoding=encoding, write_through=True))
    told = {"name": "单车🚲\ud800"}
    say(told, as_json=as_json)
    written = behind.getvalue().decode(encoding)
    assert json.loads(written) == told if as_json else written.startswith("name: ")


def test_a_refused_role_is_named_in_words() -> None:
    problem = Refused("case.role_missing", action="派遣", roles="dispatcher")
    assert refusal_text(problem) == "派遣由其他角色办理(派遣员)"


def test_tasks_that_start_in_the_same_second_wait_for_each_other(office: Run, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "app", "--store", str(tmp_path / "store"), "--json"]
    command += ["--password-file", str(tmp_path / "password.txt"), "stats"]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}

    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) for _task in range(3)]
    told = [task.communicate(timeout=120)[0] for task in running]

    assert [task.returncode for task in running] == [0, 0, 0]
    assert all(json.loads(line)["case"] == 0 for line in told)
