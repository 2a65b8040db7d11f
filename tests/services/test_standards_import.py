"""A city's own standards workbook: understood, shown with its doubts, mended, taken over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from app.domain.deadlines import Limit, LimitUnit
from app.domain.problems import Refused
from app.services.sheets.standards import StandardsPreview, read_standards
from app.services.sheets.standards_columns import STANDARDS_COLUMNS
from tests.services.sheet_files import a_text

HEADER = (
    "序号",
    "大类代码",
    "大类名称",
    "小类代码",
    "小类名称",
    "采集要求",
    "立案条件",
    "处置时限",
    "结案条件",
    "责任单位",
)
COMPONENTS: tuple[tuple[Any, ...], ...] = (
    (1, "01", "公用设施", "01", "上水井盖", "拍清权属标识", "盖板丢失,有安全隐患", "2紧急工作时", "恢复", "供水公司"),
    (2, None, None, None, None, None, "破损面积>25 cm²", "4小时", "更换或修复", None),
    (3, None, None, None, None, None, "井周路面沉陷", "15天", "修复", None),
    (4, None, None, "02", "污水井盖", None, "跳响", "2天", "更换或修复", "排水公司"),
    (5, None, None, None, None, None, "盖板开裂", "半天", "更换或修复", None),
    (6, "02", "道路交通设施", "12", "路名牌", None, "内容错", "3个工作日", "更正", "民政局"),
)
EVENTS: tuple[tuple[Any, ...], ...] = (
    (1, 1, "市容环境", 1, "私搭乱建", None, "违建在建", "1紧急工作日", "停工", "执法局"),
    (2, None, None, 12, "道路不洁", None, "路面散落垃圾", "30分钟", "清理干净", "环卫"),
    (3, None, None, None, None, None, "路面油污", "2小时内", "清理干净", "环卫"),
    (4, 5, "突发事件", 501, "道路积水", None, "积水较深", "立即", "排除", "排水公司"),
)


def a_standards_workbook(path: Path, *, merged: bool = True, events: Sequence[Sequence[Any]] = EVENTS) -> Path:
    """As cities make it: a title row, two sheets, identity cells merged downwards or simply left empty."""
    book = Workbook()
    assert book.active is not None
    book.remove(book.active)
    for name, rows in (("部件", COMPONENTS), ("事件", events)):
        page = book.create_sheet(name)
        page.append([f"运城市城市管理{name}立案、处置和结案标准"])
        page.merge_cells("A1:J1")
        page.append(HEADER)
        for row in rows:
            page.append(list(row))
        if merged and name == "部件":
            for area in ("B3:B7", "C3:C7", "D3:D5", "E3:E5", "F3:F5", "J3:J5", "D6:D7", "E6:E7"):
                page.merge_cells(area)
    book.save(path)
    return path


def settled(preview: StandardsPreview) -> StandardsPreview:
    """With 立即 put right as an office would."""
    [place] = [place for place, row in enumerate(preview.rows) if row.problems]
    return preview.correct(place, "limit", "1紧急工作时")


@pytest.mark.parametrize("merged", [True, False])
def test_merged_and_empty_cells_mean_the_row_above(tmp_path: Path, merged: bool) -> None:
    preview = settled(read_standards(a_standards_workbook(tmp_path / "a.xlsx", merged=merged)))

    table = preview.take_over("YUNCHENG", date(2026, 1, 1), "2026", "workbook")

    cover = table.find("component", "01", "01")
    assert cover is not None
    assert (cover.major_name, cover.minor_name) == ("公用设施", "上水井盖")
    assert [condition.filing for condition in cover.conditions] == [
        "盖板丢失,有安全隐患",
        "破损面积>25 cm²",
        "井周路面沉陷",
    ]
    assert [condition.no for condition in cover.conditions] == [1, 2, 3]
    assert cover.collection_rules == ("拍清权属标识",)
    assert [row.values["collection"] for row in preview.rows[:4]] == ["拍清权属标识"] * 3 + [""]
    assert (preview.minors, preview.conditions) == (6, 10)


def test_limits_in_words_are_read_and_kept_as_written(tmp_path: Path) -> None:
    table = settled(read_standards(a_standards_workbook(tmp_path / "a.xlsx"))).take_over(
        "YUNCHENG", date(2026, 1, 1), "2026", "workbook"
    )

    limits = {
        condition.limit_text: condition.limit for category in table.categories for condition in category.conditions
    }

    def a(value: int, unit: LimitUnit, text: str) -> Limit:
        return Limit(value=value, unit=unit, text=text)

    assert limits == {
        "2紧急工作时": a(2, LimitUnit.HOUR, "2紧急工作时"),
        "4小时": a(4, LimitUnit.WORKING_HOUR, "4小时"),
        "15天": a(15, LimitUnit.WORKING_DAY, "15天"),
        "2天": a(2, LimitUnit.WORKING_DAY, "2天"),
        "半天": a(240, LimitUnit.WORKING_MINUTE, "半天"),
        "3个工作日": a(3, LimitUnit.WORKING_DAY, "3个工作日"),
        "1紧急工作日": a(24, LimitUnit.HOUR, "1紧急工作日"),
        "30分钟": a(30, LimitUnit.MINUTE, "30分钟"),
        "2小时内": a(2, LimitUnit.WORKING_HOUR, "2小时内"),
        "1紧急工作时": a(1, LimitUnit.HOUR, "1紧急工作时"),
    }


def test_what_cannot_be_understood_is_named_and_blocks_until_settled(tmp_path: Path) -> None:
    preview = read_standards(a_standards_workbook(tmp_path / "a.xlsx"))

    assert [(found.row, found.column, found.code) for found in preview.refused] == [
        (6, "处置时限", "standards.limit_unclear")
    ]
    with pytest.raises(Refused, match=r"standards\.rows_unsettled"):
        preview.take_over("X", date(2026, 1, 1), "1", "w")
    assert settled(preview).refused == ()
    left_out = preview.leave_out(len(preview.rows) - 1)
    assert left_out.conditions == 9
    assert left_out.leave_out(len(preview.rows) - 1, False).refused == preview.refused


def test_the_command_line_may_leave_out_every_doubtful_row_but_not_all(tmp_path: Path) -> None:
    preview = read_standards(a_standards_workbook(tmp_path / "a.xlsx")).without_unsettled()

    assert preview.take_over("X", date(2026, 1, 1), "1", "w").condition_count == 9
    everything_out = preview
    for place in range(len(preview.rows)):
        everything_out = everything_out.leave_out(place)
    with pytest.raises(Refused, match=r"standards\.nothing"):
        everything_out.take_over("X", date(2026, 1, 1), "1", "w")


def test_codes_are_brought_to_two_digits_and_lose_a_repeated_major(tmp_path: Path) -> None:
    rows = [(1, 5, "突发事件", "0506", "道路积水", None, "积水", "2小时", "排除", "排水")]

    preview = read_standards(a_standards_workbook(tmp_path / "a.xlsx", events=rows))

    assert preview.rows[-1].key == ("event", "05", "06")


@pytest.mark.parametrize(
    ("row", "codes"),
    [
        ((1, "01", "市容环境", "01", "私搭乱建", None, None, "2小时", "停工", ""), ["standards.value_missing"]),
        ((1, "01", "市容环境", "01", "私搭乱建", None, "在建", None, "停工", ""), ["standards.value_missing"]),
        ((1, "甲", "市容环境", "01", "私搭乱建", None, "在建", "2小时", "停工", ""), ["standards.code_unreadable"]),
        ((1, "01", "市容环境", "01", "乱搭建", None, "在建", "2小时", "停工", ""), ["standards.name_differs"]),
        ((1, "01", "城市环境", "02", "乱堆", None, "在建", "2小时", "停工", ""), ["standards.name_differs"]),
        ((1, "01", "市容环境", "01", "私搭乱建", None, "已建", "15天", "拆除", ""), ["standards.repeated"]),
        ((1, "01", "市容环境", None, "新小类", None, "在建", "2小时", "停工", ""), ["standards.value_missing"]),
    ],
)
def test_doubtful_rows_say_why(tmp_path: Path, row: tuple[Any, ...], codes: list[str]) -> None:
    first = (1, "01", "市容环境", "01", "私搭乱建", None, "已建", "15天", "拆除", "执法局")

    preview = read_standards(a_standards_workbook(tmp_path / "a.xlsx", events=[first, row]))

    assert [found.code for found in preview.refused] == codes
    assert all(found.row == 4 for found in preview.refused)


def test_a_sheet_that_does_not_say_part_or_event_is_asked_about(tmp_path: Path) -> None:
    text = "大类代码,大类名称,小类代码,小类名称,立案条件,处置时限,结案条件\n01,市容环境,01,私搭乱建,在建,2天,停工\n"
    preview = read_standards(a_text(tmp_path / "标准.csv", text))

    assert [found.code for found in preview.refused] == ["standards.kind_unclear"]
    assert preview.correct(0, "kind", "事件").rows[0].key == ("event", "01", "01")
    assert preview.correct(0, "kind", "事件").refused == ()


def test_a_correction_of_one_row_settles_the_rows_that_doubted_it(tmp_path: Path) -> None:
    rows = [
        (1, "01", "市容环境", "01", "私搭乱建(错)", None, "已建", "15天", "拆除", ""),
        (2, "01", "市容环境", "01", "私搭乱建", None, "在建", "2天", "停工", ""),
    ]
    preview = read_standards(a_standards_workbook(tmp_path / "a.xlsx", events=rows))
    assert [found.code for found in preview.refused] == ["standards.name_differs"]

    assert preview.correct(len(COMPONENTS), "minor_name", "私搭乱建").refused == ()


def test_a_workbook_of_something_else_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"standards\.no_sheet"):
        read_standards(a_text(tmp_path / "a.csv", "姓名,年纪\n甲,20\n"))


def test_every_column_can_be_corrected(tmp_path: Path) -> None:
    preview = read_standards(a_standards_workbook(tmp_path / "a.xlsx"))

    for column in STANDARDS_COLUMNS:
        assert preview.correct(0, column.name, "99").rows[0].values[column.name] == "99"
    with pytest.raises(KeyError):
        preview.correct(0, "colour", "red")
