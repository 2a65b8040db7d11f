"""Rows become cases or refusals that name row, column and reason; importing again doubles nothing."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from openpyxl import load_workbook

from app.domain.cases import CaseKind
from app.domain.problems import Refused
from app.domain.reference import Category, CategoryTable
from app.reports.refused_rows import write_refused
from app.services.sheets.case_outcomes import CaseRows
from app.services.sheets.case_rows import examine, read_case_rows
from app.services.sheets.dates import DayOrder
from app.services.sheets.mapping import ColumnMapping, propose_mapping
from app.services.sheets.reading import open_sheet
from tests.services.sheet_files import CASE_HEADER, a_text, a_workbook, cases_csv

DATA = Path(__file__).parents[1] / "data" / "sheets"
GOOD = "A1,2024-02-25 14:30,井盖破损,人民路12号"
STANDARDS = CategoryTable(
    scheme="GB2013",
    label="test",
    valid_from=date(2024, 1, 1),
    categories=(
        Category(kind="component", major="01", major_name="公用设施", minor="01", minor_name="上水井盖"),
        Category(kind="component", major="03", major_name="市容环境设施", minor="08", minor_name="宣传栏"),
        Category(kind="event", major="01", major_name="市容环境", minor="10", minor_name="暴露生活垃圾"),
        Category(kind="event", major="03", major_name="施工管理", minor="99", minor_name="其他"),
        Category(kind="event", major="04", major_name="街面秩序", minor="99", minor_name="其他"),
    ),
)


def taken(path: Path, mapping: ColumnMapping | None = None, categories: CategoryTable | None = None) -> CaseRows:
    sheet = open_sheet(path)
    return read_case_rows(sheet, mapping or propose_mapping(sheet.header), categories)


def refusals(path: Path) -> list[tuple[int, str, str]]:
    return [(refused.row, refused.column, refused.code) for refused in taken(path).refusals]


def test_a_row_becomes_a_case(tmp_path: Path) -> None:
    header = "案件编号,上报时间,问题描述,地址,道路,门牌号,街道,社区,经度,纬度,上报人,电话,来源,处置部门,状态,结案时间"
    row = "00012,2024/2/25 下午2:30,井盖破损,人民路12号,人民路,12,建设路街道,一社区,113.6253,34.7466,张三,13800000000,热线,市政所,已结案,2024.02.26"

    [case] = taken(cases_csv(tmp_path / "a.csv", row, header=header)).rows

    assert (case.row, case.source_no, case.description, case.address) == (2, "00012", "井盖破损", "人民路12号")
    assert case.reported_at == datetime(2024, 2, 25, 6, 30, tzinfo=UTC)
    assert case.closed_at == datetime(2024, 2, 25, 16, 0, tzinfo=UTC)
    assert (case.longitude, case.latitude, case.coordinates) == (113.6253, 34.7466, "wgs84")
    assert (case.road, case.house_no, case.street_text) == ("人民路", "12", "建设路街道 一社区")
    assert (case.reporter, case.phone, case.source) == ("张三", "13800000000", "热线")
    assert (case.unit_text, case.status_text) == ("市政所", "已结案")
    assert case.raw["案件编号"] == "00012"


def test_every_refusal_names_row_column_and_reason(tmp_path: Path) -> None:
    path = cases_csv(
        tmp_path / "a.csv",
        GOOD,
        "A2,昨天,积水,路口",
        "A3,,积水,路口",
        "1.01E+11,2024-02-25,积水,路口",
        "A5,2024-02-25,,",
        "A6,2024-02-25,积水,路口,多出的一格",
        f"A7,2024-02-25,{'长' * 20_001},路口",
    )

    assert refusals(path) == [
        (3, "上报时间", "value.date_unreadable"),
        (4, "上报时间", "value.missing"),
        (5, "案件编号", "value.scientific"),
        (6, "", "row.says_nothing"),
        (7, "", "row.too_many_cells"),
        (8, "问题描述", "value.too_long"),
    ]
    assert [case.source_no for case in taken(path).rows] == ["A1"]


def test_a_short_row_lacks_only_its_last_cells(tmp_path: Path) -> None:
    [case] = taken(cases_csv(tmp_path / "a.csv", "A1,2024-02-25,积水")).rows

    assert case.address == ""


def test_half_a_point_is_refused_and_zero_zero_is_no_place(tmp_path: Path) -> None:
    header = "案件编号,上报时间,问题描述,经度,纬度"
    path = cases_csv(tmp_path / "a.csv", "A1,2024-02-25,积水,113.6,", "A2,2024-02-25,积水,0,0.0", header=header)

    assert refusals(path) == [(2, "纬度", "value.coordinate_half")]
    assert taken(path).rows[0].longitude is None


def test_a_column_that_cannot_tell_day_from_month_is_asked_about(tmp_path: Path) -> None:
    path = cases_csv(tmp_path / "a.csv", "A1,03/04/2024,积水,路口", "A2,05/06/2024,积水,路口")
    sheet = open_sheet(path)
    mapping = propose_mapping(sheet.header)

    with pytest.raises(Refused) as caught:
        read_case_rows(sheet, mapping)

    assert caught.value.code == "sheet.day_order_unclear"
    assert caught.value.details["field"] == "reported_at"
    rows = read_case_rows(sheet, mapping.with_day_order("reported_at", DayOrder.DAY_FIRST)).rows
    assert [case.reported_at.month for case in rows] == [4, 6]


def test_one_certain_row_settles_the_column(tmp_path: Path) -> None:
    sheet = open_sheet(cases_csv(tmp_path / "a.csv", "A1,03/04/2024,积水,路口", "A2,26/06/2024,积水,路口"))

    assert examine(sheet, propose_mapping(sheet.header)).day_orders == {"reported_at": DayOrder.DAY_FIRST}


def test_the_column_itself_goes_before_what_was_remembered(tmp_path: Path) -> None:
    sheet = open_sheet(cases_csv(tmp_path / "a.csv", "A1,03/04/2024,积水,路口", "A2,26/06/2024,积水,路口"))
    remembered = propose_mapping(sheet.header).with_day_order("reported_at", DayOrder.MONTH_FIRST)

    assert [case.reported_at.month for case in read_case_rows(sheet, remembered).rows] == [4, 6]


def test_a_table_without_the_needed_columns_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused) as caught:
        taken(a_text(tmp_path / "a.csv", "姓名,年纪\n甲,20\n"))

    assert caught.value.details["columns"] == "上报时间、问题描述"


def test_rows_without_a_number_get_the_same_one_whenever_they_are_imported(tmp_path: Path) -> None:
    header = "上报时间,问题描述,地址,状态"
    first = cases_csv(tmp_path / "a.csv", "2024-02-25,积水,路口,待处置", "2024-02-25,积水,桥,待处置", header=header)
    later = cases_csv(tmp_path / "b.csv", "2024-02-25,积水,桥,已结案", "2024-02-25,积水,路口,已结案", header=header)

    numbers = [case.source_no for case in taken(first).rows]

    assert len(set(numbers)) == 2
    assert [case.source_no for case in taken(later).rows] == numbers[::-1]


def test_a_number_that_comes_twice_is_reported_and_the_later_row_counts(tmp_path: Path) -> None:
    found = taken(cases_csv(tmp_path / "a.csv", GOOD, "A2,2024-02-25,积水,桥", GOOD))

    assert [(case.row, case.repeats) for case in found.rows] == [(2, None), (3, None), (4, 2)]
    assert [(note.row, note.code) for note in found.notes] == [(4, "row.repeated_number")]
    assert "第 2 行" in found.notes[0].message


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ({"小类": "上水井盖"}, (CaseKind.COMPONENT, "01", "01")),
        ({"大类": "市容环境", "小类": "暴露生活垃圾"}, (CaseKind.EVENT, "01", "10")),
        ({"大类": "街面秩序", "小类": "其他"}, (CaseKind.EVENT, "04", "99")),
        ({"小类": "其他"}, None),
        ({"部件/事件": "事件", "大类代码": "1", "小类代码": "10"}, (CaseKind.EVENT, "01", "10")),
        ({"大类代码": "03", "小类代码": "08"}, (CaseKind.COMPONENT, "03", "08")),
        ({"问题类型": "街面秩序-其他"}, (CaseKind.EVENT, "04", "99")),
        ({"问题类型": "E-01-10"}, (CaseKind.EVENT, "01", "10")),
        ({"问题类型": "生活垃圾"}, None),
    ],
)
def test_a_category_is_found_by_code_or_exact_name_only(
    tmp_path: Path, words: dict[str, str], found: tuple[CaseKind, str, str] | None
) -> None:
    header = ",".join(["案件编号", "上报时间", "问题描述", *words])
    path = cases_csv(tmp_path / "a.csv", ",".join(["A1", "2024-02-25", "积水", *words.values()]), header=header)

    [case] = taken(path, categories=STANDARDS).rows

    assert ((case.kind, case.major, case.minor) if case.minor else None) == found


def test_an_unknown_category_stays_as_text_and_is_noted(tmp_path: Path) -> None:
    path = cases_csv(
        tmp_path / "a.csv", "A1,2024-02-25,积水,Noise / Loud", header="案件编号,上报时间,问题描述,问题类型"
    )

    found = taken(path, categories=STANDARDS)

    assert found.rows[0].category_text == "Noise / Loud"
    assert found.rows[0].category_missing
    assert [note.code for note in found.notes] == ["row.category_unknown"]


def test_subject_and_details_become_one_description(tmp_path: Path) -> None:
    header = "留言编号,留言时间,留言主题,留言详情"
    rows = ["1,2024-02-25,路灯,三盏不亮", "2,2024-02-25,路灯,路灯不亮", "3,2024-02-25,路灯,"]

    found = taken(cases_csv(tmp_path / "a.csv", *rows, header=header))

    assert [case.description for case in found.rows] == ["路灯\n三盏不亮", "路灯不亮", "路灯"]


def test_refused_rows_are_written_to_a_sheet_that_can_be_mended_and_imported(tmp_path: Path) -> None:
    sheet = open_sheet(cases_csv(tmp_path / "a.csv", GOOD, "=2+3,昨天,积水,路口", "A3,2024-02-25,,,,x"))
    found = read_case_rows(sheet, propose_mapping(sheet.header))

    count = write_refused(tmp_path / "refused.xlsx", sheet.header, found.refusals, found.refused_cells)

    assert count == 2
    again = open_sheet(tmp_path / "refused.xlsx")
    assert again.header[:4] == CASE_HEADER
    assert again.header[-2:] == ("原因", "原行号")
    first = next(iter(again.rows())).cells
    assert list(first[:4]) == ["=2+3", "昨天", "积水", "路口"]
    assert "不是能认出的日期" in str(first[-2])
    assert first[-1] == 3
    book = load_workbook(tmp_path / "refused.xlsx")
    page = book.active
    assert page is not None
    page["B2"] = "2024-02-26"
    page["C3"] = "补写"
    book.save(tmp_path / "mended.xlsx")
    assert [case.source_no for case in taken(tmp_path / "mended.xlsx").rows] == ["=2+3", "A3"]


def test_dates_in_a_workbook_are_the_offices_wall_clock(tmp_path: Path) -> None:
    wall_clock = datetime(2024, 2, 25, 14, 30)
    rows = [CASE_HEADER, [101, wall_clock, "积水", "路口"], [102.0, 45347.6041666667, "积水", "路口"]]

    found = taken(a_workbook(tmp_path / "a.xlsx", rows)).rows

    assert [case.source_no for case in found] == ["101", "102"]
    assert [case.reported_at for case in found] == [datetime(2024, 2, 25, 6, 30, tzinfo=UTC)] * 2


def test_numbers_count_from_1904_where_the_workbook_says_so(tmp_path: Path) -> None:
    path = a_workbook(tmp_path / "a.xlsx", [CASE_HEADER, ["A1", 45347.5 - 1462, "积水", "路口"]])
    book = load_workbook(path)
    book.epoch = datetime(1904, 1, 1)
    book.save(path)

    assert taken(path).rows[0].reported_at == datetime(2024, 2, 25, 4, 0, tzinfo=UTC)


def test_the_zone_of_the_mapping_is_where_the_times_were_written() -> None:
    sheet = open_sheet(DATA / "boston_311_100.csv")
    columns = propose_mapping(sheet.header).columns

    case = read_case_rows(sheet, ColumnMapping(columns, zone="America/New_York")).rows[0]

    assert case.reported_at == datetime(2022, 1, 21, 18, 47, tzinfo=UTC)


def test_boston_service_requests_are_imported_whole() -> None:
    found = taken(DATA / "boston_311_100.csv")

    assert (found.read, len(found.rows), found.refusals) == (100, 100, [])
    case = found.rows[1]
    assert (case.source_no, case.address) == ("101004130437", "42 Cross St  Boston  MA  02113")
    assert (case.road, case.street_text) == ("42 Cross St", "Boston")
    assert case.category_text == "Needle Program / Needle Pickup"
    assert case.status_text == "Closed"


def test_day_first_boston_means_the_same_cases() -> None:
    month_first, day_first = taken(DATA / "boston_311_100.csv").rows, taken(DATA / "boston_311_dmy_100.csv").rows

    assert [case.reported_at for case in day_first] == [case.reported_at for case in month_first]


def test_the_one_shifted_boston_row_is_refused_and_the_rest_taken() -> None:
    found = taken(DATA / "boston_311_100_bad.tsv")

    assert len(found.rows) == 99
    assert [(refused.row, refused.code) for refused in found.refusals] == [(41, "row.too_many_cells")]
