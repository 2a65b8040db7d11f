"""How files of boundaries name things: their properties, the kinds of areas, the coordinate systems. Read, never shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app.domain.geojson import OWN_ID
from app.domain.grids import GRID_KIND_TITLES, GridKind, PointSystem

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


def system_named(words: str) -> PointSystem | None:
    """The coordinate system that words of a file name."""
    plain = words.lower().replace("-", "").replace("_", "").replace(" ", "")
    signs = (
        (PointSystem.GCJ02, ("gcj02", "火星", "高德")),
        (PointSystem.BD09, ("bd09", "百度")),
        (PointSystem.CGCS2000, ("cgcs2000", "2000国家", "epsg::4490", "epsg:4490", "国家2000")),
        (PointSystem.WGS84, ("wgs84", "crs84", "epsg::4326", "epsg:4326")),
    )
    return next((system for system, known in signs if any(sign in plain for sign in known)), None)
