"""Files become rows: every encoding, header and shape an office sends, and words for what cannot be read."""

from __future__ import annotations

import codecs
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from app.base.watch import Cancelled, Watch
from app.domain.problems import Refused, Unavailable
from app.services.sheets.reading import Sheet, open_sheet, sheet_names
from tests.services.sheet_files import CASE_HEADER, a_raw_workbook, a_text, a_workbook, cases_csv

LINE = "A1,2024-02-25,井盖破损,人民路12号"


def cells(sheet: Sheet) -> list[list[object]]:
    return [list(row.cells) for row in sheet.rows()]


def refused(path: Path) -> str:
    with pytest.raises(Refused) as caught:
        list(open_sheet(path).rows())
    return caught.value.code


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_text_is_read_in_every_encoding_and_line_end(tmp_path: Path, encoding: str, line_end: str) -> None:
    path = a_text(tmp_path / "a.csv", ",".join(CASE_HEADER) + line_end + LINE + line_end, encoding)

    sheet = open_sheet(path)

    assert sheet.header == CASE_HEADER
    assert cells(sheet) == [["A1", "2024-02-25", "井盖破损", "人民路12号"]]


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
def test_the_separator_is_the_one_that_gives_even_rows(tmp_path: Path, delimiter: str) -> None:
    rows = ["编号|描述".replace("|", delimiter)]
    rows += [f'{n}{delimiter}"路灯,不亮; 已报 | 待修"' for n in range(5)]

    sheet = open_sheet(a_text(tmp_path / "a.txt", "\n".join(rows)))

    assert sheet.header == ("编号", "描述")
    assert cells(sheet)[0] == ["0", "路灯,不亮; 已报 | 待修"]


def test_a_quoted_line_break_stays_in_its_cell(tmp_path: Path) -> None:
    sheet = open_sheet(cases_csv(tmp_path / "a.csv", 'A1,2024-02-25,"第一行\n第二行",路口', LINE))

    assert cells(sheet)[0][2] == "第一行\n第二行"
    assert [row.number for row in sheet.rows()] == [2, 3]


def test_an_open_quote_is_refused_with_its_row_instead_of_swallowing_the_rest(tmp_path: Path) -> None:
    path = cases_csv(tmp_path / "a.csv", LINE, 'A2,2024-02-26,"没有结束,路口', LINE, LINE)

    with pytest.raises(Refused) as caught:
        list(open_sheet(path).rows())

    assert caught.value.code == "sheet.open_quote"
    assert caught.value.details["row"] == 3


def test_bytes_in_no_known_encoding_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("编号,描述\n".encode("gb18030") + b"1,\x80\xff\xff\n")

    assert refused(path) == "sheet.encoding"


def test_title_rows_above_the_header_are_kept_as_titles(tmp_path: Path) -> None:
    rows = [["金水区2024年案件台账"], ["制表:指挥中心"], [], list(CASE_HEADER), ["A1", "2024-02-25", "积水", "路口"]]

    sheet = open_sheet(a_workbook(tmp_path / "a.xlsx", rows, merges=["A1:D1"]))

    assert sheet.header == CASE_HEADER
    assert sheet.header_row == 4
    assert sheet.titles == ("金水区2024年案件台账", "制表:指挥中心")
    assert [row.number for row in sheet.rows()] == [5]


def test_a_header_merged_over_two_rows_gives_each_column_its_own_name(tmp_path: Path) -> None:
    rows = [
        ["案件编号", "上报信息", "", "处置信息", ""],
        ["", "姓名", "时间", "姓名", "时间"],
        ["A1", "甲", "2024-02-25", "乙", "2024-02-26"],
    ]

    sheet = open_sheet(a_workbook(tmp_path / "a.xlsx", rows, merges=["A1:A2", "B1:C1", "D1:E1"]))

    assert sheet.header == ("案件编号", "上报信息姓名", "上报信息时间", "处置信息姓名", "处置信息时间")
    assert len(cells(sheet)) == 1


def test_a_block_merged_downwards_fills_each_of_its_rows(tmp_path: Path) -> None:
    rows = [
        CASE_HEADER,
        ["A1", "2024-02-25", "积水", "路口"],
        [None, None, "路灯", None],
        ["A2", "2024-02-26", "井盖", "桥"],
    ]

    sheet = open_sheet(a_workbook(tmp_path / "a.xlsx", rows, merges=["A2:A3", "B2:B3", "D2:D3"]))

    assert cells(sheet)[1] == ["A1", "2024-02-25", "路灯", "路口"]
    assert cells(sheet)[2][0] == "A2"


def test_the_first_table_with_a_known_header_is_opened_and_all_names_are_told(tmp_path: Path) -> None:
    from openpyxl import Workbook

    book = Workbook()
    assert book.active is not None
    book.active.title = "填写说明"
    book.active.append(["请按要求填写"])
    page = book.create_sheet("台账")
    page.append(CASE_HEADER)
    page.append(["A1", "2024-02-25", "积水", "路口"])
    book.create_sheet("参数").sheet_state = "hidden"
    book.save(tmp_path / "a.xlsx")

    assert open_sheet(tmp_path / "a.xlsx").name == "台账"
    assert open_sheet(tmp_path / "a.xlsx", "填写说明").header == ("请按要求填写",)
    assert sheet_names(tmp_path / "a.xlsx") == ("填写说明", "台账", "参数")
    with pytest.raises(Refused, match=r"sheet\.no_such_sheet"):
        open_sheet(tmp_path / "a.xlsx", "没有")


def test_records_with_missing_keys_become_rows_with_empty_cells(tmp_path: Path) -> None:
    records = [{"unique_key": "1", "created_date": "2012-11-20T07:50:59.000"}, {"unique_key": "2", "descriptor": "x"}]
    path = a_text(tmp_path / "a.json", json.dumps({"meta": {"n": 2}, "data": records}))

    sheet = open_sheet(path)

    assert sheet.header == ("unique_key", "created_date", "descriptor")
    assert cells(sheet) == [["1", "2012-11-20T07:50:59.000", None], ["2", None, "x"]]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('[{"a": 1}', "sheet.json"),
        ("[1, 2]", "sheet.json_shape"),
        ("[]", "sheet.empty"),
        ("[" * 100_000, "sheet.json"),
        ('[{"a": ' + "9" * 5000 + "}]", "sheet.json"),
    ],
)
def test_json_that_is_no_list_of_records_is_refused(tmp_path: Path, text: str, code: str) -> None:
    assert refused(a_text(tmp_path / "a.json", text)) == code


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.csv", b"", "sheet.empty_file"),
        ("a.xlsx", b"PK\x03\x04broken", "sheet.damaged"),
        ("a.xls", b"not a workbook at all", "sheet.damaged"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "sheet.damaged"),
        ("a.xls", b"<html><table><tr><td>1</td></tr></table></html>", "sheet.web_page"),
        ("a.xls", b'<?xml version="1.0"?><Workbook/>', "sheet.xml"),
        ("a.xlsx", b"%PDF-1.7", "sheet.not_a_sheet"),
        ("a.csv", b"a,b\n1,\0\0\0", "sheet.not_a_sheet"),
        ("a.csv", b"\n\n\n", "sheet.empty"),
    ],
)
def test_what_is_no_sheet_is_refused_in_words(tmp_path: Path, name: str, content: bytes, code: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)

    with pytest.raises(Refused) as caught:
        list(open_sheet(path).rows())

    assert caught.value.code == code
    assert caught.value.entry.cure


def test_a_missing_file_and_a_folder_are_told(tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"sheet\.missing"):
        open_sheet(tmp_path / "none.xlsx")
    with pytest.raises(Unavailable, match=r"sheet\.not_readable"):
        open_sheet(tmp_path)


def test_a_workbook_under_a_wrong_name_is_read_for_what_it_is(tmp_path: Path) -> None:
    path = a_workbook(tmp_path / "a.xlsx", [CASE_HEADER, ["A1", "2024-02-25", "积水", "路口"]])
    renamed = path.rename(tmp_path / "a.xls")

    assert open_sheet(renamed).header == CASE_HEADER


@pytest.mark.parametrize(
    ("line", "code"), [("长" * 3_000_000, "sheet.line_too_long"), ("," * 20_000, "sheet.too_wide")]
)
def test_a_line_without_end_or_with_too_many_cells_is_refused(tmp_path: Path, line: str, code: str) -> None:
    assert refused(a_text(tmp_path / "a.csv", f"编号,描述\n{line}\n")) == code


def test_json_too_large_for_memory_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.services.sheets.json_book.LARGEST_BYTES", 10)

    assert refused(a_text(tmp_path / "a.json", '[{"a": 1, "b": 2}]')) == "sheet.too_big"


FAR_CORNERS = '<sheetData><row r="1"><c r="A1"><v>1</v></c></row>{}</sheetData>'


@pytest.mark.parametrize(
    "row",
    [
        '<row r="1048576"><c r="XFD1048576"><v>2</v></c></row>',
        '<row r="2"><c r="XFD1048576"><v>2</v></c></row>',
        '<row r="2"><c s="0" r="ZZZZZZ99999999"><v>2</v></c></row>',
        "<row>" + "<c><v>1</v></c>" * 3000 + "</row>" + "<row/>" * 9000 + "<row><c><v>1</v></c></row>",
        "<row r = '1048576'><c r = 'XFD1048576'><v>2</v></c></row>",
        '<x:row xmlns:x="x" r="1048576"><x:c r="XFD1048576"><x:v>2</x:v></x:c></x:row>',
    ],
)
def test_two_cells_in_far_corners_do_not_take_all_memory(tmp_path: Path, row: str) -> None:
    path = a_raw_workbook(tmp_path / "a.xlsx", FAR_CORNERS.format(row))

    assert refused(path) == "sheet.too_wide"


def test_empty_cells_out_to_the_last_column_do_no_harm(tmp_path: Path) -> None:
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>{n}</v></c><c r="XFD{n}" s="0"/></row>' for n in range(1, 2000))

    sheet = open_sheet(a_raw_workbook(tmp_path / "a.xlsx", f"<sheetData>{rows}</sheetData>"))

    assert all(len(row.cells) == 1 for row in sheet.rows())


def test_a_false_count_of_shared_strings_does_not_take_all_memory(tmp_path: Path) -> None:
    strings = '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" uniqueCount="4000000000"/>'

    assert refused(a_raw_workbook(tmp_path / "a.xlsx", FAR_CORNERS.format(""), strings)) == "sheet.damaged"


def test_a_file_that_unpacks_without_end_is_refused(tmp_path: Path) -> None:
    path = a_raw_workbook(tmp_path / "a.xlsx", FAR_CORNERS.format(""))
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/image1.png", b"\0" * (80 * 1024**2))

    assert refused(path) == "sheet.unpacks_too_far"


def spreadsheet_ods(path: Path, body: str) -> Path:
    spaces = " ".join(f'xmlns:{n}="urn:oasis:names:tc:opendocument:xmlns:{n}:1.0"' for n in ("office", "table", "text"))
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        )
        archive.writestr(
            "content.xml",
            f"<office:document-content {spaces}><office:body><office:spreadsheet>"
            f'<table:table table:name="表">{body}</table:table></office:spreadsheet></office:body></office:document-content>',
        )
    return path


def ods_row(*texts: str) -> str:
    cell = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    return "<table:table-row>" + "".join(cell.format(text) for text in texts) + "</table:table-row>"


def test_an_ods_table_is_read_and_its_million_empty_rows_cost_nothing(tmp_path: Path) -> None:
    empty = '<table:table-row table:number-rows-repeated="1048570"><table:table-cell/></table:table-row>'
    path = spreadsheet_ods(
        tmp_path / "a.ods", ods_row(*CASE_HEADER) + ods_row("A1", "2024-02-25", "积水", "路口") + empty
    )

    assert cells(open_sheet(path)) == [["A1", "2024-02-25", "积水", "路口"]]


def test_an_ods_cell_repeated_over_the_whole_grid_is_refused(tmp_path: Path) -> None:
    row = ods_row("x").replace("<table:table-row>", '<table:table-row table:number-rows-repeated="1048576">')
    row = row.replace("<table:table-cell ", '<table:table-cell table:number-columns-repeated="16384" ')

    assert refused(spreadsheet_ods(tmp_path / "a.ods", row)) == "sheet.damaged"


def stopping(after: int) -> Watch:
    steps: list[int] = []

    def report(done: int, _total: int, _note: str) -> None:
        steps.append(done)
        if len(steps) > after:
            watch.cancel()

    watch = Watch(report)
    return watch


@pytest.mark.parametrize("make", [cases_csv])
def test_reading_stops_when_asked(tmp_path: Path, make: Callable[..., Path]) -> None:
    sheet = open_sheet(make(tmp_path / "a.csv", *[LINE] * 3000))

    with pytest.raises(Cancelled):
        list(sheet.rows(stopping(after=2)))


def test_progress_runs_up_to_the_number_of_rows(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    sheet = open_sheet(cases_csv(tmp_path / "a.csv", *[LINE] * 3000))

    list(sheet.rows(Watch(lambda done, total, _note: told.append((done, total)))))

    assert told[-1][0] > 2400
    assert all(done <= total for done, total in told)


def test_rows_may_be_read_as_often_as_needed(tmp_path: Path) -> None:
    sheet = open_sheet(cases_csv(tmp_path / "a.csv", LINE, LINE))

    assert cells(sheet) == cells(sheet)


def test_the_separator_line_of_a_spreadsheet_program_is_not_a_row(tmp_path: Path) -> None:
    sheet = open_sheet(a_text(tmp_path / "a.csv", "sep=;\n编号;描述\n1;路灯\n"))

    assert sheet.header == ("编号", "描述")
    assert [row.number for row in sheet.rows()] == [3]


def test_a_byte_order_mark_is_no_part_of_the_first_header(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(codecs.BOM_UTF8 + "编号,描述\n1,路灯\n".encode())

    assert open_sheet(path).header[0] == "编号"
