"""Columns find their fields by header words, are remembered per layout, and follow a file that says otherwise."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.domain.problems import Refused
from app.services.sheets.dates import DayOrder
from app.services.sheets.fields import FIELD_BY_NAME, IMPORT_FIELDS, longest
from app.services.sheets.mapping import (
    layout_signature,
    plain_header,
    propose_mapping,
    read_map_file,
    remembered_mapping,
)

CITY = (
    "序号",
    "任务号",
    "上报时间*",
    "问题描述(必填)",
    "大类",
    "小类",
    "案发位置",
    "所属街道",
    "经度",
    "纬度",
    "上报人",
    "联系电话",
)


def proposed(*header: str) -> dict[str, str]:
    return {name: header[place] for name, place in propose_mapping(header).columns.items()}


def test_chinese_headers_are_known_with_marks_and_brackets() -> None:
    assert proposed(*CITY) == {
        "source_no": "任务号",
        "reported_at": "上报时间*",
        "description": "问题描述(必填)",
        "major": "大类",
        "minor": "小类",
        "address": "案发位置",
        "street": "所属街道",
        "longitude": "经度",
        "latitude": "纬度",
        "reporter": "上报人",
        "phone": "联系电话",
    }


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("Service_Request_Number", "source_no"),
        ("case_enquiry_id", "source_no"),
        ("Unique Key", "source_no"),
        ("留言编号", "source_no"),
        ("Created Date", "reported_at"),
        ("open_dt", "reported_at"),
        ("案件上报时间", "reported_at"),
        ("留言详情", "description"),
        ("Incident Address", "address"),
        ("　街 道　", "street"),
    ],
)
def test_a_header_word_stands_for_its_field(header: str, field: str) -> None:
    assert list(propose_mapping([header]).columns) == [field]


def test_the_surest_column_wins_a_field() -> None:
    assert proposed("编号", "案件编号", "上报日期", "上报时间") == {"source_no": "案件编号", "reported_at": "上报时间"}


def test_no_header_word_stands_for_two_fields() -> None:
    words = [plain_header(word) for field in IMPORT_FIELDS for word in field.words]

    assert sorted(words) == sorted(set(words))


def test_what_is_missing_is_said_in_words() -> None:
    assert propose_mapping(["地址"]).missing() == ("上报时间", "问题描述")
    assert propose_mapping(["上报时间", "小类"]).missing() == ()


def test_a_layout_is_the_same_for_the_mended_sheet_of_its_refused_rows() -> None:
    assert layout_signature(["编号", "描述"]) == layout_signature(["编 号*", "描述", "原因", "原行号"])
    assert layout_signature(["编号", "描述"]) != layout_signature(["描述", "编号"])


def test_a_mapping_changed_by_hand_is_remembered() -> None:
    header = ["号", "日期", "说明"]
    mapping = propose_mapping(header).with_column("source_no", 0).with_column("reported_at", 1)
    mapping = mapping.with_column("description", 2).with_day_order("reported_at", DayOrder.DAY_FIRST)

    assert remembered_mapping(mapping.as_memory(header), header) == mapping
    assert mapping.with_column("source_no", None).columns == {"reported_at": 1, "description": 2}
    assert mapping.with_column("source_no", None).unused(header) == ("号",)


def test_a_remembered_layout_tells_columns_of_one_name_apart() -> None:
    header = ["编号", "姓名", "上报时间", "姓名"]
    mapping = propose_mapping(header).with_column("reporter", 3)

    assert remembered_mapping(mapping.as_memory(header), header).columns["reporter"] == 3


def test_a_column_taken_away_by_hand_stays_away() -> None:
    header = ["编号", "上报时间", "描述"]
    mapping = propose_mapping(header).with_column("source_no", None)

    assert "source_no" not in remembered_mapping(mapping.as_memory(header), header).columns


def map_file(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "map.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_map_file_overrules_the_proposal(tmp_path: Path) -> None:
    text = """
        zone = "America/New_York"
        coordinates = "gcj02"
        [columns]
        source_no = "Ref"
        address = ""
        [day_order]
        reported_at = "mdy"
    """
    header = ["Ref", "Unique Key", "Created Date", "Incident Address"]

    mapping = read_map_file(map_file(tmp_path, text), header)

    assert mapping.columns == {"source_no": 0, "reported_at": 2}
    assert (mapping.zone, mapping.coordinates) == ("America/New_York", "gcj02")
    assert mapping.day_orders == {"reported_at": DayOrder.MONTH_FIRST}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("[columns", "sheet.map_file"),
        ('[columns]\nnothing = "Ref"', "sheet.map_unknown_field"),
        ('[columns]\nsource_no = "Nowhere"', "sheet.map_unknown_column"),
        ('zone = "Mars/Base"', "sheet.map_option"),
        ('coordinates = "xian80"', "sheet.map_option"),
        ('[day_order]\nreported_at = "ymd"', "sheet.map_option"),
        ("columns = 3", "sheet.map_option"),
    ],
)
def test_a_map_file_with_a_mistake_is_refused_in_words(tmp_path: Path, text: str, code: str) -> None:
    with pytest.raises(Refused) as caught:
        read_map_file(map_file(tmp_path, text), ["Ref"])

    assert caught.value.code == code


def test_lengths_are_those_of_the_case() -> None:
    assert longest("source_no") == 80
    assert longest("reporter") == 60
    assert longest("answer") is None
    assert all(longest(name) is None or longest(name) for name in FIELD_BY_NAME)
