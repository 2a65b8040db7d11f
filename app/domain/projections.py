"""Coordinate systems of files: which one values can be in, and from each of them to WGS-84.

CGCS2000 in degrees is WGS-84 within a metre (both follow the ITRF), so it is kept as it is. In metres it is the Gauss-Krüger
projection on its ellipsoid (a = 6378137 m, f = 1/298.257222101), scale 1, false easting 500 km, zones of three degrees whose
number n stands before the easting (central meridian 3n) or is left out (EPSG 4513-4533 and 4534-4554).
Inverse series: L. Krüger, Konforme Abbildung des Erdellipsoids in der Ebene (1912), in powers of the third flattening as given by
C. F. F. Karney, Transverse Mercator with an accuracy of a few nanometers, J. Geodesy 85 (2011), equations 7-11 and 36.
"""

from __future__ import annotations

from enum import StrEnum
from math import degrees
from typing import Any, TypeVar

from app.domain.grids import PointSystem
from app.domain.places import Maths, from_bd09, from_gcj02

N = TypeVar("N")
FALSE_EASTING = 500_000.0
ZONE_FACTOR = 1_000_000.0
CHINA = (73.0, 18.0, 135.1, 53.6)
"""West, south, east, north in degrees, without the islands of the far south."""
MERIDIANS = (111, 114, 117)
"""Central meridians of three degrees that a city of Henan can lie under."""

_A = 6_378_137.0
_F = 1 / 298.257222101
_N = _F / (2 - _F)
_RADIUS = _A / (1 + _N) * (1 + _N**2 / 4 + _N**4 / 64 + _N**6 / 256)
_BETA = (
    _N / 2 - 2 * _N**2 / 3 + 37 * _N**3 / 96 - _N**4 / 360,
    _N**2 / 48 + _N**3 / 15 - 437 * _N**4 / 1440,
    17 * _N**3 / 480 - 37 * _N**4 / 840,
    4397 * _N**4 / 161280,
)


class ValueKind(StrEnum):
    """What pairs of numbers look like, whatever system they are said to be in."""

    DEGREES = "degrees"
    SWAPPED_DEGREES = "swapped_degrees"
    METRES = "metres"
    SWAPPED_METRES = "swapped_metres"
    UNKNOWN = "unknown"


def kind_of_values(west: float, south: float, east: float, north: float) -> ValueKind:
    """What values between these ends are: first numbers from west to east, second ones from south to north."""
    first, second = (west, east), (south, north)
    if _within(first, CHINA[0], CHINA[2]) and _within(second, CHINA[1], CHINA[3]):
        return ValueKind.DEGREES
    if _within(second, CHINA[0], CHINA[2]) and _within(first, CHINA[1], CHINA[3]):
        return ValueKind.SWAPPED_DEGREES
    if _is_easting(first) and _is_northing(second):
        return ValueKind.METRES
    if _is_easting(second) and _is_northing(first):
        return ValueKind.SWAPPED_METRES
    return ValueKind.UNKNOWN


def meridian_of(easting: float, near_longitude: float) -> int:
    """The central meridian of an easting: by its zone number, or the one that brings it nearest to a known longitude.

    Zone numbers 13-23 are zones of six degrees, 25-45 of three.
    """
    zone = int(easting // ZONE_FACTOR)
    if zone:
        return 6 * zone - 3 if zone <= 23 else 3 * zone
    # A degree of longitude is some 91 km at 34.7 degrees north; a neighbouring zone lies three degrees away.
    return min(MERIDIANS, key=lambda meridian: abs(meridian + (easting - FALSE_EASTING) / 91_000 - near_longitude))


def to_wgs84(
    longitude: N, latitude: N, system: PointSystem, maths: Maths, *, meridian: int | None = None
) -> tuple[N, N]:
    """WGS-84 degrees of numbers or columns of them; with a central meridian they are easting and northing in metres."""
    if meridian is not None:
        return from_gauss_kruger(longitude, latitude, meridian, maths)
    if system == PointSystem.GCJ02:
        return from_gcj02(longitude, latitude, maths)
    if system == PointSystem.BD09:
        return from_bd09(longitude, latitude, maths)
    return longitude, latitude


def from_gauss_kruger(easting: N, northing: N, meridian: int, maths: Maths) -> tuple[N, N]:
    """Longitude and latitude in degrees (CGCS2000) of Gauss-Krüger metres; a zone number before the easting is dropped."""
    given_e: Any = easting
    given_n: Any = northing
    xi, eta = given_n / _RADIUS, (given_e % ZONE_FACTOR - FALSE_EASTING) / _RADIUS
    plain_xi, plain_eta = xi, eta
    for step, beta in enumerate(_BETA, start=1):
        turn, spread = 2 * step * xi, 2 * step * eta
        plain_xi = plain_xi - beta * maths.sin(turn) * maths.cosh(spread)
        plain_eta = plain_eta - beta * maths.cos(turn) * maths.sinh(spread)
    conformal = maths.asin(maths.sin(plain_xi) / maths.cosh(plain_eta))
    longitude = maths.atan2(maths.sinh(plain_eta), maths.cos(plain_xi))
    return meridian + longitude * degrees(1), _geodetic(conformal, maths) * degrees(1)


def _geodetic(conformal: Any, maths: Maths) -> Any:
    """Geodetic latitude of a conformal one, radians; series of the third flattening, good to 1e-11 radians."""
    n = _N
    series = (
        2 * n - 2 * n**2 / 3 - 2 * n**3 + 116 * n**4 / 45,
        7 * n**2 / 3 - 8 * n**3 / 5 - 227 * n**4 / 45,
        56 * n**3 / 15 - 136 * n**4 / 35,
        4279 * n**4 / 630,
    )
    latitude = conformal
    for step, factor in enumerate(series, start=1):
        latitude = latitude + factor * maths.sin(2 * step * conformal)
    return latitude


def _within(values: tuple[float, float], low: float, high: float) -> bool:
    return low <= values[0] and values[1] <= high


def _is_easting(values: tuple[float, float]) -> bool:
    zones = {int(value // ZONE_FACTOR) for value in values}
    plain = (values[0] % ZONE_FACTOR, values[1] % ZONE_FACTOR)
    return len(zones) == 1 and (zones == {0} or 13 <= min(zones) <= 45) and _within(plain, 100_000.0, 900_000.0)


def _is_northing(values: tuple[float, float]) -> bool:
    return _within(values, 1_900_000.0, 6_000_000.0)
