"""Every odd file we were given either reads or is refused in words; none crashes, hangs or eats memory."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.domain.problems import Problem, Refused
from app.services.sheets.case_rows import read_case_rows
from app.services.sheets.mapping import propose_mapping
from app.services.sheets.reading import open_sheet, open_sheets

DATA = Path(__file__).parents[1] / "data" / "sheets"
FILES = sorted(path.name for path in DATA.iterdir() if path.suffix != ".md")
NOT_READABLE = {
    "pass_protected.xlsx": "sheet.password",
    "issue252.xlsx": "sheet.damaged",
    "too_small.xls": "sheet.damaged",
    "empty_sheet.xlsx": "sheet.empty",
    "errors.xlsx": "sheet.empty",
}


@pytest.mark.parametrize("name", FILES)
def test_every_file_is_read_or_refused_in_words(name: str) -> None:
    try:
        sheets = list(open_sheets(DATA / name))
        rows = [len(list(sheet.rows())) for sheet in sheets]
        code = "" if sheets else "sheet.empty"
        words = "-"
    except Problem as problem:
        rows, code, words = [], problem.code, problem.entry.cure

    assert code == NOT_READABLE.get(name, "")
    assert words
    assert max(rows, default=0) <= 101


@pytest.mark.parametrize("name", [name for name in FILES if not name.startswith("boston") and name not in NOT_READABLE])
def test_a_file_that_holds_no_cases_is_refused_as_cases(name: str) -> None:
    sheet = open_sheet(DATA / name)

    with pytest.raises(Refused, match=r"sheet\.columns_missing"):
        read_case_rows(sheet, propose_mapping(sheet.header))


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("compatibility_t01.xls", ("材质*", "等级", "标准号*")),
        ("compatibility_t02.xlsx", ("序号", "原料编号", "厂定名称")),
        ("compatibility_t03.xlsx", ("单据号", "服务产品编码", "用户昵称")),
        ("compatibility_t04.xlsx", ("序号", "ID号", "工位号")),
        ("bom_office_bom.csv", ("姓名", "年纪")),
        ("bom_no_bom.csv", ("姓名", "年纪")),
        ("has_x000D_.xlsx", ("ABC\r\nDEF",)),
        ("nonstandard-xml-ns-prefix.xlsx", ("a", "b")),
        ("inlineStr_cdata.xlsx", ("Hello CDATA", "World")),
    ],
)
def test_the_header_is_found_below_pages_of_instructions_and_titles(name: str, header: tuple[str, ...]) -> None:
    assert open_sheet(DATA / name).header[: len(header)] == header


def test_a_block_merged_over_eight_rows_fills_them_all() -> None:
    rows = list(open_sheet(DATA / "compatibility_t04.xlsx").rows())

    assert [row.cells[1] for row in rows[:8]] == [11.0] * 8


@pytest.mark.parametrize("name", ["malformed_format.xls", "issues.xlsb", "compatibility_t02.xlsx", "merge_cells.xls"])
@pytest.mark.parametrize("share", [0.1, 0.3, 0.5, 0.8])
def test_a_file_cut_off_in_transfer_is_refused(tmp_path: Path, name: str, share: float) -> None:
    whole = (DATA / name).read_bytes()
    cut = tmp_path / name
    cut.write_bytes(whole[: int(len(whole) * share)])

    with pytest.raises(Refused, match=r"sheet\.damaged"):
        list(open_sheet(cut).rows())


@pytest.mark.parametrize("place", range(512, 15_872, 1536))
def test_a_damaged_length_in_an_old_workbook_never_ends_the_program(tmp_path: Path, place: int) -> None:
    damaged = bytearray((DATA / "malformed_format.xls").read_bytes())
    damaged[place : place + 8] = b"\xff" * 8
    path = tmp_path / "a.xls"
    path.write_bytes(damaged)

    try:
        outcome = f"{len(list(open_sheet(path).rows()))} rows"
    except Refused as refused:
        outcome = refused.code

    assert outcome.endswith("rows") or outcome in {"sheet.damaged", "sheet.empty", "sheet.no_tables"}
