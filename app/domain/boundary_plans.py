"""How a file of boundaries is to be read: what its areas are, in which system, which property is what; and what to propose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from app.domain.geojson import OWN_ID
from app.domain.grids import GRID_KIND_TITLES, GridKind, PointSystem
from app.domain.projections import ValueKind

ROAD, SEGMENT, BY_COLUMN = "road", "road_segment", "by_column"
"""What a file can hold beside grids of one kind: roads, pieces of roads, or areas whose kind a property says."""

PROPERTIES: Mapping[str, str] = {
    "code": "代码",
    "name": "名称",
    "kind": "类别",
    "street": "街道",
    "community": "社区",
    "level": "等级",
    "land_use": "用地类别",
    "member": "网格员",
    "units": "所含单元网格",
    "road": "道路",
    "chief": "路长",
}
_KNOWN: Mapping[str, tuple[str, ...]] = {
    "code": ("code", "adcode", "代码", "编码", "网格代码", "网格编码", "网格编号", "bgid", "gridcode", OWN_ID),
    "name": ("name", "名称", "网格名称", "道路名称", "gridname", "label"),
    "kind": ("kind", "类别", "网格类别", "level"),
    "street": ("street", "街道", "街道代码", "所属街道", "street_code"),
    "community": ("community", "社区", "社区代码", "所属社区", "community_code"),
    "level": ("等级", "管理等级", "道路等级", "grade"),
    "land_use": ("land_use", "用地类别", "用地性质"),
    "member": ("member", "网格员", "采集员", "责任人"),
    "units": ("units", "unit_codes", "所含单元网格"),
    "road": ("road", "道路", "所属道路", "roadname"),
    "chief": ("chief", "路长", "路段长"),
}
_KIND_WORDS: Mapping[str, GridKind] = {
    **{title: kind for kind, title in GRID_KIND_TITLES.items()},
    **{str(kind): kind for kind in GridKind},
    "区": GridKind.DISTRICT,
    "区县": GridKind.DISTRICT,
    "街道": GridKind.STREET,
    "社区": GridKind.COMMUNITY,
    "单元": GridKind.UNIT,
    "责任": GridKind.DUTY,
    "治理": GridKind.GOVERNANCE,
    "duty_grid": GridKind.DUTY,
    "unit_grid": GridKind.UNIT,
}


class Why(StrEnum):
    """What a proposed coordinate system rests on."""

    SAID = "said"
    METRES = "metres"
    ATLAS = "atlas"
    NAMED = "named"
    OVERLAP = "overlap"
    NOTHING = "nothing"


@dataclass(frozen=True)
class SystemGuess:
    """A coordinate system to propose, and why. detail: the words of the file it rests on."""

    system: PointSystem
    why: Why
    detail: str = ""


@dataclass(frozen=True)
class BoundaryPlan:
    """What a person says of a file before it is taken over.

    kind: a GridKind, ROAD, SEGMENT or BY_COLUMN. columns: our field -> property of the file. put_right: turn swapped axes.
    mend: make crossing outlines valid. The last two change what the file says, so they are asked for.
    """

    kind: str
    system: PointSystem
    columns: Mapping[str, str] = field(default_factory=dict)
    put_right: bool = False
    mend: bool = False

    @property
    def is_lines(self) -> bool:
        """Roads and their pieces are lines, everything else areas."""
        return self.kind in (ROAD, SEGMENT)


def propose_columns(names: Sequence[str]) -> dict[str, str]:
    """Our field -> property, as their names suggest; each property once."""
    left = {name.strip().lower(): name for name in reversed(names)}
    found: dict[str, str] = {}
    for own, words in _KNOWN.items():
        for word in words:
            if word in left and not (own == "kind" and left[word] in found.values()):
                found[own] = left.pop(word)
                break
    return found


def kind_named(value: object) -> GridKind | None:
    """The kind a word of a file stands for."""
    return _KIND_WORDS.get(str(value).strip().lower())


def guess_system(
    *, members: Mapping[str, Any], properties: Sequence[str], values: ValueKind, words: str, overlap: PointSystem | None
) -> SystemGuess:
    """The system to propose: from metres, from the traits of an atlas, from `crs`, from words, from what lies over our outlines.

    words: file name and title, where people write what they know.
    """
    if values in (ValueKind.METRES, ValueKind.SWAPPED_METRES):
        return SystemGuess(PointSystem.CGCS2000, Why.METRES)
    if {"adcode", "centroid"} <= set(properties) or {"adcode", "acroutes"} <= set(properties):
        # The atlas of a Chinese map service; its files often claim WGS-84 all the same.
        return SystemGuess(PointSystem.GCJ02, Why.ATLAS, "adcode")
    said = _crs_name(members.get("crs"))
    if (system := _system_in(said)) is not None:
        return SystemGuess(system, Why.SAID, said)
    if (system := _system_in(words)) is not None:
        return SystemGuess(system, Why.NAMED, words)
    if overlap is not None:
        return SystemGuess(overlap, Why.OVERLAP)
    return SystemGuess(PointSystem.WGS84, Why.NOTHING)


def _crs_name(crs: Any) -> str:
    properties = crs.get("properties") if isinstance(crs, dict) else None
    return str(properties.get("name", "")) if isinstance(properties, dict) else ""


def _system_in(words: str) -> PointSystem | None:
    plain = words.lower().replace("-", "").replace("_", "").replace(" ", "")
    signs = (
        (PointSystem.GCJ02, ("gcj02", "火星", "高德")),
        (PointSystem.BD09, ("bd09", "百度")),
        (PointSystem.CGCS2000, ("cgcs2000", "2000国家", "epsg::4490", "epsg:4490", "国家2000")),
        (PointSystem.WGS84, ("wgs84", "crs84", "epsg::4326", "epsg:4326")),
    )
    return next((system for system, known in signs if any(sign in plain for sign in known)), None)
