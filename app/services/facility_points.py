"""Points of a sheet of facilities: whether its two columns hold each other's values, and every point as WGS-84."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from app.domain.grids import PointSystem
from app.domain.problems import Refused
from app.domain.projections import ValueKind, kind_of_values, meridian_of, to_wgs84

LOOKED_AT = 1000
ZHENGZHOU_LONGITUDE = 113.65
"""Where the division table's districts lie; tells the zone of an easting that names none."""
_DEGREES, _SHARE = 180.0, 0.9
_SWAPPED = frozenset({ValueKind.SWAPPED_DEGREES, ValueKind.SWAPPED_METRES})


def look_swapped(pairs: Iterable[tuple[float, float]]) -> bool:
    """True when nine of ten pairs (longitude, latitude as the columns say) lie in China only the other way round."""
    kinds = [_kind(first, second) for first, second in pairs]
    swapped = sum(kind in _SWAPPED for kind in kinds)
    return bool(kinds) and swapped >= _SHARE * len(kinds)


def as_wgs84(first: float, second: float, system: PointSystem) -> tuple[float, float]:
    """The WGS-84 point of a row's two numbers; metres are CGCS2000 in three-degree zones.

    Raises Refused: facility.system_unclear for metres in a system of degrees, facility.projection_unclear.
    """
    if abs(first) <= _DEGREES and abs(second) <= _DEGREES:
        return to_wgs84(first, second, system, math)
    if system != PointSystem.CGCS2000:
        raise Refused("facility.system_unclear", system=system.value)
    if _kind(first, second) != ValueKind.METRES:
        raise Refused("facility.projection_unclear", x=first, y=second)
    meridian = meridian_of(first, ZHENGZHOU_LONGITUDE)
    longitude, latitude = to_wgs84(first, second, system, math, meridian=meridian)
    return round(longitude, 9), round(latitude, 9)


def point_source(first: float, second: float, system: PointSystem) -> dict[str, Any]:
    """What a record keeps of the point as it was given."""
    return {"system": system.value, "longitude": first, "latitude": second}


def _kind(first: float, second: float) -> ValueKind:
    return kind_of_values(west=first, south=second, east=first, north=second)
