"""The fields a facility can be imported into, the header words they are known by, and which column goes where."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from app.base.words import N_
from app.domain.grids import PointSystem
from app.domain.problems import Refused
from app.services.facility_groups import groups
from app.services.sheets.known_columns import KnownColumn, KnownColumns, columns_of, headers_of, known

CODE, DAY, LONGITUDE, LATITUDE, POINT, STATE, TRUTH = (
    "code",
    "day",
    "longitude",
    "latitude",
    "point",
    "state",
    "truth",
)
SYSTEMS = tuple(PointSystem)

COLUMNS: tuple[KnownColumn, ...] = (
    known("code", N_("标识码"), "标识码|部件标识码|部件编码|部件标识|ObjID|component_id", CODE),
    known(
        "source_no",
        N_("来源编号"),
        "来源编号|部件编号|设施编号|资产编号|编号|档案号|序号|object_id|archive_no|asset_id|facility_id|id",
        CODE,
    ),
    known("house_number", N_("户籍号"), "户籍号|窨井户籍号|井盖户籍|户籍牌号|牌号|井号|灯杆号|杆号", CODE),
    known(
        "name",
        N_("名称"),
        "名称|部件名称|设施名称|点位名称|ObjName|project_name|street_office|name|公厕名称|驿站名称",
    ),
    known("major_code", N_("大类代码"), "大类代码|大类编码|major_code", CODE),
    known("minor_code", N_("小类代码"), "小类代码|小类编码|minor_code", CODE),
    known("major_name", N_("大类"), "大类|大类名称|部件大类"),
    known("minor_name", N_("小类"), "小类|小类名称|部件小类|部件类别|部件类型|设施类型|设施类别|类别|类型|category"),
    known("group", N_("台账"), "台账|台账类别|所属台账"),
    known("state", N_("状态"), "状态|部件状态|设施状态|完好情况|ObjState|state", STATE),
    known("lit", N_("亮灯"), "亮灯|是否亮灯|亮灯情况", TRUTH),
    known("main_road", N_("主次干道"), "主次干道|是否主次干道|道路等级", TRUTH),
    known("authority", N_("主管部门"), "主管部门|主管单位|DeptName1"),
    known("owner", N_("权属单位"), "权属单位|产权单位|权属|DeptName2|developer_org|builder_org"),
    known("maintainer", N_("养护单位"), "养护单位|维护单位|管养单位|管护单位|DeptName3"),
    known("street", N_("街道"), "街道|所属街道|街道名称|街道办|街道办事处|乡镇街道|镇街|street_office"),
    known("community", N_("社区"), "社区|所属社区|社区名称|社区村"),
    known("unit_grid", N_("单元网格"), "单元网格|所属网格|网格编码|网格代码|BGID", CODE),
    known("duty_grid", N_("责任网格"), "责任网格|责任网格编码", CODE),
    known("road", N_("道路"), "道路|所在道路|道路名称|路名|路段"),
    known("address", N_("位置"), "位置|地址|详细地址|详细位置|所在位置|位置描述|地点|address"),
    known("longitude", N_("经度"), "经度|东坐标|坐标X|X坐标|PointX|lon|lng|longitude|lon_y_raw|x", LONGITUDE),
    known("latitude", N_("纬度"), "纬度|北坐标|坐标Y|Y坐标|PointY|lat|latitude|lat_x_raw|y", LATITUDE),
    known("point", N_("经纬度"), "经纬度|坐标|位置坐标", POINT),
    known("accuracy", N_("精度"), "精度|测量精度|精度等级"),
    known("installed_on", N_("启用日期"), "启用日期|建成日期|安装日期|设置日期|初始日期|ORDate", DAY),
    known("surveyed_on", N_("普查日期"), "普查日期|调查日期|采集日期|变更日期|CHDate", DAY),
    known("note", N_("备注"), "备注|说明|Note|remark"),
)
COLUMN_BY_NAME = {column.name: column for column in COLUMNS}
ATTRIBUTE = "attribute:"
"""Before the name of a group's own attribute, where a column goes into one."""
TELLING = ("code", "source_no", "house_number", "name", "minor_name", "minor_code", "address", "point", "longitude")


@dataclass(frozen=True)
class FacilityMapping:
    """Field name -> column (counted from 0), and how the cells are meant.

    fixed: what the whole sheet says of itself where it has no column (group, category as major-minor). swapped: the columns of
    longitude and latitude hold each other's values; None: nobody has said.
    """

    columns: Mapping[str, int]
    system: PointSystem = PointSystem.WGS84
    swapped: bool | None = None
    fixed: Mapping[str, str] = field(default_factory=dict)

    def need_columns(self) -> None:
        """Raises Refused("facility.no_column") when no column tells one thing from another."""
        if not any(name in self.columns for name in TELLING):
            raise Refused("facility.no_column")

    @property
    def category(self) -> tuple[str, str]:
        """Major and minor of what the whole sheet says it holds; "" where it says nothing."""
        major, _sign, minor = self.fixed.get("category", "").removeprefix("C-").partition("-")
        return major, minor

    def place_of(self, name: str) -> int | None:
        """The column of a field; longitude and latitude change places when they are swapped."""
        other = {"longitude": "latitude", "latitude": "longitude"}.get(name) if self.swapped else None
        return self.columns.get(other or name)

    def as_memory(self, header: Sequence[str]) -> dict[str, Any]:
        """What to keep for this layout, as plain JSON."""
        return {
            "columns": headers_of(self.columns, header),
            "system": self.system.value,
            "swapped": self.swapped,
            "fixed": dict(self.fixed),
        }


def with_options(
    mapping: FacilityMapping, *, system: str = "", swap: bool = False, fixed: Mapping[str, str] | None = None
) -> FacilityMapping:
    """What a command line says over what was proposed or remembered."""
    if system:
        mapping = replace(mapping, system=PointSystem(system))
    if swap:
        mapping = replace(mapping, swapped=True)
    return replace(mapping, fixed={**mapping.fixed, **(fixed or {})})


def attribute_columns() -> tuple[KnownColumn, ...]:
    """The attributes of all registers as columns; one title that two registers share is one column."""
    found = {one.title: one for group in groups() for one in group.attributes}
    return tuple(KnownColumn(f"{ATTRIBUTE}{one.name}", one.title, (one.title,)) for one in found.values())


SHEETS = KnownColumns("facility", lambda: (*COLUMNS, *attribute_columns()))


def propose(header: Sequence[str]) -> FacilityMapping:
    """The mapping header words suggest."""
    return FacilityMapping(SHEETS.proposed(header))


def remembered(memory: Mapping[str, Any], header: Sequence[str]) -> FacilityMapping:
    """The mapping kept for this layout by `as_memory`."""
    columns = columns_of(memory["columns"], header)
    return FacilityMapping(columns, PointSystem(memory["system"]), memory["swapped"], memory["fixed"])
