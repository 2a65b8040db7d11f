"""Web Mercator: degrees to metres on the flat map and back, and the tiles map makers cut it into. Points are WGS-84."""

from __future__ import annotations

from math import atan, degrees, exp, log, pi, radians, tan

RADIUS_M = 6_378_137.0
HALF_WORLD_M = pi * RADIUS_M
HIGHEST_LATITUDE = 85.051128
"""Beyond it the map has no end; nothing of ours lies there."""
TILE_PX = 256


def to_metres(longitude: float, latitude: float) -> tuple[float, float]:
    """East and north of 0, 0 in metres of the map; near the poles the last latitude the map has."""
    held = max(-HIGHEST_LATITUDE, min(HIGHEST_LATITUDE, latitude))
    return RADIUS_M * radians(longitude), RADIUS_M * log(tan(pi / 4 + radians(held) / 2))


def to_degrees(x: float, y: float) -> tuple[float, float]:
    """Longitude and latitude of a place on the map."""
    return degrees(x / RADIUS_M), degrees(2 * atan(exp(y / RADIUS_M)) - pi / 2)


def metres_per_pixel(zoom: int) -> float:
    """How many metres of the map a tile's pixel stands for."""
    return 2 * HALF_WORLD_M / (TILE_PX << zoom)


def tile_at(x: float, y: float, zoom: int) -> tuple[int, int]:
    """Column and row (from the north) of the tile that holds a place on the map."""
    side = 2 * HALF_WORLD_M / (1 << zoom)
    last = (1 << zoom) - 1
    column, row = int((x + HALF_WORLD_M) // side), int((HALF_WORLD_M - y) // side)
    return max(0, min(last, column)), max(0, min(last, row))


def tile_corner(column: int, row: int, zoom: int) -> tuple[float, float]:
    """The north-west corner of a tile, in metres of the map."""
    side = 2 * HALF_WORLD_M / (1 << zoom)
    return column * side - HALF_WORLD_M, HALF_WORLD_M - row * side
