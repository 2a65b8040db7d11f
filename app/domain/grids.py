"""Grids and boundaries (网格): district, street and community outlines, unit, duty and governance grids; roads in pieces.

Boundaries are kept as WGS-84; `source_system` says in which system they came. Codes are text: their length is the
office's own rule (14, 15 or 16 digits), only the first six digits always name the district.
"""

from __future__ import annotations

from enum import StrEnum
from uuid import UUID

from pydantic import Field

from app.domain.records import Record, RecordType

Position = tuple[float, float]
"""Longitude, latitude in degrees, WGS-84."""
Ring = tuple[Position, ...]
"""Closed: the last position is the first one again."""
Polygon = tuple[Ring, ...]
"""The outline, then its holes."""
Boundary = tuple[Polygon, ...]
"""One or more polygons that together are one area."""
Line = tuple[Position, ...]


class GridKind(StrEnum):
    """What an area is for. The first three are outlines of the division table, the others nets laid over it."""

    DISTRICT = "district"
    STREET = "street"
    COMMUNITY = "community"
    UNIT = "unit"
    DUTY = "duty"
    GOVERNANCE = "governance"


GRID_KIND_TITLES = {
    GridKind.DISTRICT: "区县边界",
    GridKind.STREET: "街道边界",
    GridKind.COMMUNITY: "社区边界",
    GridKind.UNIT: "单元网格",
    GridKind.DUTY: "责任网格",
    GridKind.GOVERNANCE: "治理网格",
}


class PointSystem(StrEnum):
    """Coordinate systems that are told apart; the values are the words kept in every `point_source`."""

    WGS84 = "WGS-84"
    GCJ02 = "GCJ-02"
    CGCS2000 = "CGCS2000"
    BD09 = "BD-09"


class Grid(Record):
    """One area. A duty grid is a set of unit grids with a member; it may be drawn, or be the sum of its unit grids."""

    kind: GridKind = Field(title="类别")
    code: str = Field(title="代码", min_length=1, max_length=40)
    name: str = Field(default="", title="名称", max_length=80)
    street_code: str = Field(default="", title="街道代码", max_length=20)
    community_code: str = Field(default="", title="社区代码", max_length=20)
    boundary: Boundary = Field(default=(), title="边界")
    source_system: PointSystem | None = Field(default=None, title="原坐标系")
    unit_codes: tuple[str, ...] = Field(default=(), title="所含单元网格")
    member_id: UUID | None = Field(default=None, title="网格员")
    land_use: str = Field(default="", title="用地类别", max_length=40)
    level: str = Field(default="", title="管理等级", max_length=20)
    area_m2: float | None = Field(default=None, ge=0, title="面积(平方米)")
    note: str = Field(default="", title="备注", max_length=400)
    active: bool = Field(default=True, title="在用")


class RoadSegment(Record):
    """A piece of a road between two places, with its own chief (路段长)."""

    road_id: UUID = Field(title="道路")
    name: str = Field(title="路段", min_length=1, max_length=120)
    from_place: str = Field(default="", title="起点", max_length=80)
    to_place: str = Field(default="", title="止点", max_length=80)
    street_code: str = Field(default="", title="街道代码", max_length=20)
    chief: str = Field(default="", title="路段长", max_length=60)
    lines: tuple[Line, ...] = Field(default=(), title="走向")
    active: bool = Field(default=True, title="在用")


GRID = RecordType("grid", "网格", Grid)
ROAD_SEGMENT = RecordType("road_segment", "路段", RoadSegment)
