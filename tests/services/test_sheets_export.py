"""Lists written as sheets: text stays text, dates are dates, and there is a whole file or none."""

from __future__ import annotations

import csv
import errno
import os
import zipfile
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from app.base.watch import Cancelled, Watch
from app.domain.problems import Refused, Unavailable
from app.reports import workbooks
from app.reports.workbooks import LONGEST_CELL, SheetColumn, export_rows, sheet_title
from app.services.sheets.reading import open_sheet

FORMULAS = ["=1+1", '=HYPERLINK("x")', "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "=", "#N/A", "#REF!"]


def sheet_xml(path: Path) -> str:
    with zipfile.ZipFile(path) as archive:
        return archive.read("xl/worksheets/sheet1.xml").decode()


def export_texts(path: Path, *texts: str) -> Path:
    export_rows(path, [SheetColumn("文")], [[text] for text in texts])
    return path


def read_back(path: Path) -> list[Any]:
    return [row.cells[0] for row in open_sheet(path).rows()]


def test_no_text_ever_becomes_a_formula(tmp_path: Path) -> None:
    path = export_texts(tmp_path / "a.xlsx", *FORMULAS)

    assert "<f>" not in sheet_xml(path)
    assert sheet_xml(path).count('t="inlineStr"') == len(FORMULAS) + 1
    page = load_workbook(path).active
    assert page is not None
    assert {page.cell(row, 1).data_type for row in range(2, len(FORMULAS) + 2)} == {"s"}
    assert [page.cell(row, 1).value for row in range(2, 7)] == FORMULAS[:5]


def test_no_text_in_a_csv_begins_like_a_formula_and_our_import_gives_it_back(tmp_path: Path) -> None:
    path = export_texts(tmp_path / "a.csv", *FORMULAS[:5])

    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    with path.open(encoding="utf-8-sig", newline="") as file:
        cells = [row[0] for row in csv.reader(file)][1:]
    assert all(cell.startswith("'") for cell in cells)


def test_numbers_of_cases_and_persons_keep_every_digit(tmp_path: Path) -> None:
    export_rows(tmp_path / "a.xlsx", [SheetColumn("编号"), SheetColumn("件数", "number")], [["410102199001011234", 12]])

    page = load_workbook(tmp_path / "a.xlsx").active
    assert page is not None
    assert page["A2"].value == "410102199001011234"
    assert page["B2"].value == 12


def test_dates_are_real_dates_on_the_clock_of_the_office(tmp_path: Path) -> None:
    columns = [SheetColumn("时间", "datetime"), SheetColumn("日期", "date"), SheetColumn("午夜", "date")]
    late = datetime(2024, 2, 25, 17, 30, tzinfo=UTC)

    export_rows(tmp_path / "a.xlsx", columns, [[late, date(2024, 2, 25), late], [None, date(1812, 9, 7), None]])

    page = load_workbook(tmp_path / "a.xlsx").active
    assert page is not None
    assert page["A2"].value == datetime(2024, 2, 26, 1, 30)
    assert page["A2"].number_format == "yyyy-mm-dd hh:mm"
    assert page["B2"].is_date
    assert page["C2"].number_format == "yyyy-mm-dd"
    assert page["B3"].value == "1812-09-07"


def test_header_is_frozen_filtered_and_as_wide_as_asked(tmp_path: Path) -> None:
    count = export_rows(
        tmp_path / "a.xlsx",
        [SheetColumn("编号", width=22), SheetColumn("描述", width=60)],
        [["1", "x"]] * 3,
        title="案件/台账",
    )

    page = load_workbook(tmp_path / "a.xlsx").active
    assert page is not None
    assert count == 3
    assert page.title == "案件 台账"
    assert page.freeze_panes == "A2"
    assert page.auto_filter.ref == "A1:B4"
    assert page.column_dimensions["B"].width == 60
    assert page["A1"].font.bold


@given(st.text(max_size=40))
def test_any_text_goes_out_and_comes_back(text: str) -> None:
    path = Path(os.environ["PYTEST_SHEET_DIR"]) / "any.xlsx"

    export_texts(path, "始" + text + "终")

    [back] = read_back(path)
    shown = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if "_x" not in back and "\r" not in text:
        assert back == "始" + shown + "终"


@pytest.fixture(autouse=True)
def _sheet_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTEST_SHEET_DIR", str(tmp_path))


def test_control_characters_are_written_in_the_workbooks_own_escape(tmp_path: Path) -> None:
    path = export_texts(tmp_path / "a.xlsx", "a\x0bb", "a\x00b", "a\ud800b", "a\uffffb", "_x0041_")

    for escape in ("a_x000B_b", "a_x0000_b", "a_xD800_b", "a_xFFFF_b", "_x005F_x0041_"):
        assert escape in sheet_xml(path)


def test_a_text_longer_than_a_cell_is_cut_and_says_so(tmp_path: Path) -> None:
    path = export_texts(tmp_path / "a.xlsx", "长" * 40_000, "𰻝" * 20_000, "长" * LONGEST_CELL)

    long, rare, exact = read_back(path)

    assert long.endswith("…(原文共 40000 字,此处截断)")
    assert len(long) == LONGEST_CELL
    assert rare.endswith("…(原文共 20000 字,此处截断)")
    assert len(rare.encode("utf-16-le")) // 2 <= LONGEST_CELL
    assert exact == "长" * LONGEST_CELL


@pytest.mark.parametrize("name", ["a.xlsx", "a.csv"])
def test_a_stopped_export_leaves_the_older_file_and_no_rest(tmp_path: Path, name: str) -> None:
    older = export_texts(tmp_path / name, "旧")
    before = older.read_bytes()
    watch = Watch()

    def rows() -> Iterator[list[str]]:
        for count in range(10_000):
            if count == 700:
                watch.cancel()
            yield ["新"]

    with pytest.raises(Cancelled):
        export_rows(older, [SheetColumn("文")], rows(), watch)

    assert older.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_an_export_stopped_half_way_leaves_no_plain_text_in_the_temporary_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "tmp"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    watch = Watch(lambda done, _total, _note: watch.cancel() if done else None)

    with pytest.raises(Cancelled):
        export_rows(tmp_path / "a.xlsx", [SheetColumn("文")], [["x"]] * 5000, watch)

    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(("number", "code"), [(errno.ENOSPC, "sheet.disk_full"), (errno.EACCES, "sheet.target_locked")])
def test_a_disk_that_is_full_or_a_file_held_is_told_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, code: str
) -> None:
    def failing(source: object, target: object) -> None:
        raise OSError(number, "no", str(source), None, str(target))

    monkeypatch.setattr("os.replace", failing)

    with pytest.raises(Unavailable) as caught:
        export_texts(tmp_path / "a.xlsx", "x")

    assert caught.value.code == code
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_does_not_exist_is_told_before_the_work(tmp_path: Path) -> None:
    def rows() -> Iterator[list[str]]:
        raise AssertionError("the rows were asked for")
        yield []

    with pytest.raises(Unavailable):
        export_rows(tmp_path / "none" / "a.xlsx", [SheetColumn("文")], rows())


def test_more_rows_than_a_sheet_holds_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbooks, "LAST_ROW", 10)

    assert export_rows(tmp_path / "a.xlsx", [SheetColumn("文")], [["x"]] * 9) == 9
    with pytest.raises(Refused, match=r"sheet\.too_many_rows"):
        export_rows(tmp_path / "a.xlsx", [SheetColumn("文")], [["x"]] * 10)


def test_sheet_names_are_always_acceptable() -> None:
    assert sheet_title("2024[全年]:案件/台账*?") == "2024 全年  案件 台账"
    assert sheet_title("'") == "数据"
    assert len(sheet_title("长" * 50)) == 31
