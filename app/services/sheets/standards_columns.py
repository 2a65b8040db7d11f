"""The columns of a city's filing, handling and closing standards, and the header words they are known by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from app.base.words import N_
from app.services.sheets.mapping import plain_header


@dataclass(frozen=True)
class StandardsColumn:
    """One column. required: a row without it is not understood."""

    name: str
    title: str
    words: tuple[str, ...]
    required: bool = True


STANDARDS_COLUMNS: tuple[StandardsColumn, ...] = (
    StandardsColumn("kind", N_("部件/事件"), ("部件事件", "部件或事件", "类别", "类型", "属性"), required=False),
    StandardsColumn("major", N_("大类代码"), ("大类代码", "大类编码", "大类编号", "大类码", "大类序号")),
    StandardsColumn("major_name", N_("大类名称"), ("大类名称", "大类", "问题大类")),
    StandardsColumn("minor", N_("小类代码"), ("小类代码", "小类编码", "小类编号", "小类码", "小类序号")),
    StandardsColumn("minor_name", N_("小类名称"), ("小类名称", "小类", "问题小类")),
    StandardsColumn(
        "collection", N_("采集要求"), ("采集要求", "采集说明", "采集标准", "采集规范", "信息采集要求"), required=False
    ),
    StandardsColumn("filing", N_("立案条件"), ("立案条件", "立案标准", "立案规范", "立案情形", "立案要求")),
    StandardsColumn(
        "limit", N_("处置时限"), ("处置时限", "处理时限", "办理时限", "处置时限要求", "时限", "结案时限", "处置时间")
    ),
    StandardsColumn("closing", N_("结案条件"), ("结案条件", "结案标准", "结案规范", "结案要求"), required=False),
    StandardsColumn(
        "unit",
        N_("责任单位"),
        ("责任单位", "处置单位", "责任部门", "处置部门", "主管部门", "主管单位", "责任主体"),
        required=False,
    ),
)
COLUMN_BY_NAME = {column.name: column for column in STANDARDS_COLUMNS}
NEEDED_TO_BE_ONE = frozenset({"minor_name", "filing", "limit"})


@cache
def _words() -> dict[str, str]:
    return {plain_header(word): column.name for column in STANDARDS_COLUMNS for word in column.words}


def is_standards_word(text: str) -> bool:
    """True when a header is known to the import of standards."""
    return plain_header(text) in _words()


def standards_columns(header: Sequence[str]) -> dict[str, int]:
    """Column name -> place, for every header that is known; the first one wins."""
    places: dict[str, int] = {}
    for place, title in enumerate(header):
        name = _words().get(plain_header(title))
        if name is not None:
            places.setdefault(name, place)
    return places
