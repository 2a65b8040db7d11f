"""The fields a round's sheet can be read into, the header words they are known by, and which column goes where."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from app.base.words import N_, _
from app.domain.patrols import CHECK_GRADE_TITLES, CheckGrade
from app.domain.problems import Refused
from app.services.sheets.dates import DayOrder
from app.services.sheets.known_columns import KnownColumn, KnownColumns, headers_of, known
from app.services.sheets.mapping import COORDINATE_SYSTEMS, choice, column_called, section, words_of_map

CODE, INSTANT, LONGITUDE, LATITUDE, POINT, GRADE, COUNT = (
    "code",
    "instant",
    "longitude",
    "latitude",
    "point",
    "grade",
    "count",
)


COLUMNS: tuple[KnownColumn, ...] = (
    known("source_no", N_("来源编号"), "检查编号|记录编号|来源编号|编号|流水号|Inspection_ID|inspection_id|id", CODE),
    known("round_no", N_("巡查编号"), "巡查编号|巡查单号|巡查单编号|任务编号|轮次|round_no", CODE),
    known(
        "at",
        N_("检查时间"),
        "检查时间|巡查时间|检查日期|巡查日期|发现时间|日期|时间|Inspection_Date|inspection date|date",
        INSTANT,
    ),
    known("member", N_("网格员"), "网格员|巡查员|巡查人|检查人|采集员|监督员|姓名|inspector"),
    known("grid", N_("网格"), "责任网格|网格编号|网格编码|网格代码|网格|所属网格|单元网格|grid|zip|ward", CODE),
    known("street", N_("街道"), "街道|所属街道|街道办|街道办事处|镇街"),
    known("road", N_("道路"), "道路|路段|路名|所在道路"),
    known("house_no", N_("门牌"), "门牌|门牌号"),
    known(
        "name", N_("检查点"), "检查点|检查点名称|点位|点位名称|检查对象|门店|商户|单位名称|名称|DBA_Name|AKA_Name|name"
    ),
    known("address", N_("地点"), "地点|地址|位置|详细地址|检查地点|address"),
    known("facility", N_("部件编号"), "部件编号|部件标识码|标识码|设施编号|License|license_", CODE),
    known("programme", N_("类型"), "类型|巡查类型|检查类型|专项|Inspection_Type"),
    known("grade", N_("结果"), "结果|检查结果|评价|等级|是否合格|Results|result", GRADE),
    known("note", N_("说明"), "说明|备注|情况说明|检查情况|remark|comments"),
    known("finding", N_("发现的问题"), "问题|问题描述|发现问题|存在问题|violations"),
    known("category", N_("问题小类"), "小类|问题小类|问题类别|问题类型"),
    known("serious", N_("严重问题数"), "严重问题数|重大问题数|criticalCount|critical", COUNT),
    known("medium", N_("较重问题数"), "较重问题数|seriousCount|serious", COUNT),
    known("light", N_("一般问题数"), "一般问题数|问题数|问题个数|minorCount|minor", COUNT),
    known("longitude", N_("经度"), "经度|longitude|lon|lng|x", LONGITUDE),
    known("latitude", N_("纬度"), "纬度|latitude|lat|y", LATITUDE),
    known("point", N_("经纬度"), "经纬度|坐标|location", POINT),
)
COLUMN_BY_NAME: Mapping[str, KnownColumn] = {column.name: column for column in COLUMNS}
COUNTS = ("serious", "medium", "light")
SAYING_WHERE = ("name", "address", "facility")
_GRADE_WORDS: Mapping[CheckGrade, str] = {
    CheckGrade.GOOD: "好|优|优秀|良好|合格|正常|通过|完好|是|无问题|pass|good|ok|yes",
    CheckGrade.FAIR: "一般|中|基本合格|限期整改|整改|passwconditions|passwithconditions|conditional|fair",
    CheckGrade.BAD: "差|不合格|异常|有问题|不通过|损坏|否|fail|failed|bad|no",
    CheckGrade.PASSED_OVER: "未查|未检查|未巡查|关门|无人|notchecked|noentry|outofbusiness|notready",
}
GRADES = {word: grade for grade, words in _GRADE_WORDS.items() for word in words.split("|")}
GRADES |= {title: grade for grade, title in CHECK_GRADE_TITLES.items()}


@dataclass(frozen=True)
class RoundMapping:
    """Field name -> column (counted from 0), and how the cells are meant."""

    columns: Mapping[str, int]
    day_orders: Mapping[str, DayOrder] = field(default_factory=dict)
    coordinates: str = COORDINATE_SYSTEMS[0]

    def need_columns(self, sheet: str) -> None:
        """Raises Refused("rounds.columns_missing") without a day, or a word for the check point."""
        missing = [] if "at" in self.columns else [_(COLUMN_BY_NAME["at"].title)]
        if not any(name in self.columns for name in SAYING_WHERE):
            missing.append(_(COLUMN_BY_NAME["name"].title))
        if missing:
            raise Refused("rounds.columns_missing", sheet=sheet, columns="、".join(missing))

    def as_memory(self, header: Sequence[str]) -> dict[str, Any]:
        """What to keep for this layout, as plain JSON."""
        return {
            "columns": headers_of(self.columns, header),
            "day_order": {name: order.value for name, order in self.day_orders.items()},
            "coordinates": self.coordinates,
        }


SHEETS = KnownColumns("round", lambda: COLUMNS)


def propose(header: Sequence[str]) -> RoundMapping:
    """The mapping header words suggest."""
    return RoundMapping(SHEETS.proposed(header))


def from_words(words: Mapping[str, Any], header: Sequence[str]) -> RoundMapping:
    """What a map file or a remembered layout says, over what the header words suggest.

    [columns] field = "header" ("" takes the field away), [day_order] field = "mdy" or "dmy", coordinates = "gcj02".
    Raises Refused: rounds.map_unknown_field, sheet.map_unknown_column, sheet.map_option.
    """
    mapping = propose(header)
    columns = dict(mapping.columns)
    for name, title in section(words, "columns").items():
        _need_field(name)
        columns.pop(name, None)
        if title:
            columns[name] = column_called(title, header)
    orders = {}
    for name, order in section(words, "day_order").items():
        _need_field(name)
        orders[name] = DayOrder(choice("day_order", order, tuple(DayOrder)))
    coordinates = choice("coordinates", words.get("coordinates", mapping.coordinates), COORDINATE_SYSTEMS)
    return replace(mapping, columns=columns, day_orders=orders, coordinates=coordinates)


def remembered(memory: Mapping[str, Any], header: Sequence[str]) -> RoundMapping:
    """The mapping kept for this layout by `as_memory`, nothing proposed beside it."""
    kept = set(memory.get("columns", {}))
    mapping = from_words(memory, header)
    return replace(mapping, columns={name: place for name, place in mapping.columns.items() if name in kept})


def read_map_file(path: Path, header: Sequence[str]) -> RoundMapping:
    """The mapping of a TOML file. Raises Refused("sheet.map_…")."""
    return from_words(words_of_map(path), header)


def _need_field(name: str) -> None:
    if name not in COLUMN_BY_NAME:
        raise Refused("rounds.map_unknown_field", field=name, fields="、".join(COLUMN_BY_NAME))
