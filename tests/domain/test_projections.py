"""Coordinates of other systems come out where they belong."""

from __future__ import annotations

import math

import numpy as np
import pytest

from app.domain.grids import PointSystem
from app.domain.places import bd09_to_wgs84, distance_m, from_bd09, from_gcj02, gcj02_to_wgs84, wgs84_to_gcj02
from app.domain.projections import ValueKind, from_gauss_kruger, kind_of_values, meridian_of, to_wgs84

# Longitude, latitude, central meridian, easting, northing as PROJ 9 gives them for EPSG 4546, 4547 and 4548.
GAUSS_KRUGER = (
    (113.6253, 34.7466, 111, 740425.0232, 3849621.8113),
    (112.75, 34.3, 111, 661112.0227, 3798325.7531),
    (113.6253, 34.7466, 114, 465689.1213, 3846545.0915),
    (112.75, 34.3, 114, 384923.2079, 3797646.4292),
    (114.22, 34.95, 114, 520095.6234, 3869067.9973),
    (113.0, 18.5, 114, 394393.1881, 2046616.0136),
    (115.4, 50.25, 114, 599850.7958, 5569592.9108),
    (113.6253, 34.7466, 117, 190920.0130, 3851672.5724),
    (115.4, 50.25, 117, 385885.4351, 5569880.0813),
)


@pytest.mark.parametrize(("longitude", "latitude", "meridian", "easting", "northing"), GAUSS_KRUGER)
def test_projected_metres_come_back_to_a_millimetre(
    longitude: float, latitude: float, meridian: int, easting: float, northing: float
) -> None:
    lon, lat = from_gauss_kruger(easting, northing, meridian, math)
    assert distance_m(lon, lat, longitude, latitude) < 0.001


def test_a_zone_number_before_the_easting_is_understood() -> None:
    assert meridian_of(38465689.1, near_longitude=0) == 114
    assert meridian_of(20465689.1, near_longitude=0) == 117, "zone 20 of six degrees"
    lon, lat = from_gauss_kruger(38465689.1213, 3846545.0915, 114, math)
    assert distance_m(lon, lat, 113.6253, 34.7466) < 0.001


@pytest.mark.parametrize(("easting", "meridian"), [(740425.0, 111), (465689.1, 114), (190920.0, 117)])
def test_without_a_zone_number_the_known_city_tells_the_meridian(easting: float, meridian: int) -> None:
    assert meridian_of(easting, near_longitude=113.6) == meridian


def test_whole_columns_come_out_like_single_points() -> None:
    longitudes, latitudes = np.array([113.62, 112.75]), np.array([34.75, 34.30])
    for column, single in ((from_gcj02, gcj02_to_wgs84), (from_bd09, bd09_to_wgs84)):
        lon, lat = column(longitudes, latitudes, np)
        for at in range(2):
            expected = single(float(longitudes[at]), float(latitudes[at]))
            assert (lon[at], lat[at]) == pytest.approx(expected, abs=1e-11)


def test_there_and_back_is_the_same_point() -> None:
    shown = wgs84_to_gcj02(113.6253, 34.7466)
    assert to_wgs84(*shown, PointSystem.GCJ02, math) == pytest.approx((113.6253, 34.7466), abs=1e-9)
    assert to_wgs84(113.6253, 34.7466, PointSystem.CGCS2000, math) == (113.6253, 34.7466)


@pytest.mark.parametrize(
    ("ends", "kind"),
    [
        ((113.5, 34.6, 113.8, 34.9), ValueKind.DEGREES),
        ((34.6, 113.5, 34.9, 113.8), ValueKind.SWAPPED_DEGREES),
        ((450000.0, 3840000.0, 470000.0, 3860000.0), ValueKind.METRES),
        ((38450000.0, 3840000.0, 38470000.0, 3860000.0), ValueKind.METRES),
        ((3840000.0, 450000.0, 3860000.0, 470000.0), ValueKind.SWAPPED_METRES),
        ((3840000.0, 38450000.0, 3860000.0, 38470000.0), ValueKind.SWAPPED_METRES),
        ((-10.0, 40.0, 10.0, 50.0), ValueKind.UNKNOWN),
        ((113.5, 34.6, 450000.0, 3840000.0), ValueKind.UNKNOWN),
    ],
    ids=["degrees", "swapped", "metres", "zone", "metres swapped", "zone swapped", "elsewhere", "mixed"],
)
def test_values_tell_what_they_are(ends: tuple[float, float, float, float], kind: ValueKind) -> None:
    assert kind_of_values(*ends) == kind
