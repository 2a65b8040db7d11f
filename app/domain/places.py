"""Points and places: distances, the two Chinese coordinate systems, house numbers."""

from __future__ import annotations

import math
from math import asin, cos, pi, radians, sin, sqrt
from typing import Any, Protocol, TypeVar

from app.domain.text import normalise

N = TypeVar("N")
EARTH_M = 6_371_008.8
# Krasovsky 1940 ellipsoid, as the published GCJ-02 formula uses it.
_A = 6378245.0
_EE = 0.00669342162296594323
ROUNDS = 10
"""More than the iteration needs to come to rest anywhere in China."""


class Maths(Protocol):
    """The functions of `math`, or of `numpy` for whole columns: the same formula serves a point and a boundary."""

    def sin(self, x: Any, /) -> Any:
        """Of radians."""

    def cos(self, x: Any, /) -> Any:
        """Of radians."""

    def sinh(self, x: Any, /) -> Any:
        """Hyperbolic."""

    def cosh(self, x: Any, /) -> Any:
        """Hyperbolic."""

    def sqrt(self, x: Any, /) -> Any:
        """Of what is not negative."""

    def asin(self, x: Any, /) -> Any:
        """In radians."""

    def atan2(self, y: Any, x: Any, /) -> Any:
        """In radians."""


def distance_m(longitude_a: float, latitude_a: float, longitude_b: float, latitude_b: float) -> float:
    """Metres between two points on the sphere (haversine)."""
    half_lat = radians(latitude_b - latitude_a) / 2
    half_lon = radians(longitude_b - longitude_a) / 2
    h = sin(half_lat) ** 2 + cos(radians(latitude_a)) * cos(radians(latitude_b)) * sin(half_lon) ** 2
    return 2 * EARTH_M * asin(sqrt(min(1.0, h)))


def wgs84_to_gcj02(longitude: float, latitude: float) -> tuple[float, float]:
    """The point as Chinese map services show it; points outside China are left alone."""
    if not (73.66 < longitude < 135.05 and 3.86 < latitude < 53.55):
        return longitude, latitude
    return _shown(longitude, latitude, math)


def gcj02_to_wgs84(longitude: float, latitude: float) -> tuple[float, float]:
    """The WGS-84 point behind a GCJ-02 one, by iteration to better than a centimetre."""
    if not (73.66 < longitude < 135.05 and 3.86 < latitude < 53.55):
        return longitude, latitude
    return from_gcj02(longitude, latitude, math)


def bd09_to_wgs84(longitude: float, latitude: float) -> tuple[float, float]:
    """The WGS-84 point behind one of Baidu's maps (published formula over GCJ-02)."""
    return from_bd09(longitude, latitude, math)


def from_gcj02(longitude: N, latitude: N, maths: Maths) -> tuple[N, N]:
    """The same for numbers by `math` or whole columns of numbers by `numpy`; all of them in China."""
    lon: Any = longitude
    lat: Any = latitude
    for _round in range(ROUNDS):
        shown_lon, shown_lat = _shown(lon, lat, maths)
        lon, lat = lon + longitude - shown_lon, lat + latitude - shown_lat
    return lon, lat


def from_bd09(longitude: N, latitude: N, maths: Maths) -> tuple[N, N]:
    """The same for Baidu's points."""
    x: Any = longitude
    y: Any = latitude
    x, y = x - 0.0065, y - 0.006
    turn = pi * 3000.0 / 180.0
    z = maths.sqrt(x * x + y * y) - 0.00002 * maths.sin(y * turn)
    theta = maths.atan2(y, x) - 0.000003 * maths.cos(x * turn)
    return from_gcj02(z * maths.cos(theta), z * maths.sin(theta), maths)


def _shown(longitude: N, latitude: N, maths: Maths) -> tuple[N, N]:
    sin, sqrt = maths.sin, maths.sqrt
    given_x: Any = longitude
    given_y: Any = latitude
    x, y = given_x - 105.0, given_y - 35.0
    common = (20.0 * sin(6.0 * x * pi) + 20.0 * sin(2.0 * x * pi)) * 2.0 / 3.0
    lat = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x)) + common
    lat += (20.0 * sin(y * pi) + 40.0 * sin(y / 3.0 * pi)) * 2.0 / 3.0
    lat += (160.0 * sin(y / 12.0 * pi) + 320 * sin(y * pi / 30.0)) * 2.0 / 3.0
    lon = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x)) + common
    lon += (20.0 * sin(x * pi) + 40.0 * sin(x / 3.0 * pi)) * 2.0 / 3.0
    lon += (150.0 * sin(x / 12.0 * pi) + 300.0 * sin(x / 30.0 * pi)) * 2.0 / 3.0
    rad = given_y * (pi / 180.0)
    magic = 1 - _EE * sin(rad) ** 2
    lat = lat * 180.0 / ((_A * (1 - _EE)) / (magic * sqrt(magic)) * pi)
    lon = lon * 180.0 / (_A / sqrt(magic) * maths.cos(rad) * pi)
    return given_x + lon, given_y + lat


def same_house(road_a: str, house_a: str, road_b: str, house_b: str) -> bool:
    """True when road and house number are the same, however they are written; empty ones are never the same."""
    a, b = (_plain(road_a), _plain(house_a)), (_plain(road_b), _plain(house_b))
    return all(a) and a == b


def _plain(text: str) -> str:
    return "".join(normalise(text).split()).replace("號", "号").removesuffix("号")
