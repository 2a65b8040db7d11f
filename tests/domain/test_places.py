"""Distances, the two Chinese coordinate systems, house numbers."""

from __future__ import annotations

from math import isclose

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.places import distance_m, gcj02_to_wgs84, same_house, wgs84_to_gcj02

LONGITUDES = st.floats(112.5, 114.5)
LATITUDES = st.floats(34.2, 35.1)


def test_one_degree_of_the_equator_is_a_hundred_and_eleven_kilometres() -> None:
    assert isclose(distance_m(0, 0, 1, 0), 111_195, rel_tol=1e-4)
    assert isclose(distance_m(113.0, 34.0, 113.0, 35.0), 111_195, rel_tol=1e-4)


@given(LONGITUDES, LATITUDES, LONGITUDES, LATITUDES)
def test_distance_is_the_same_both_ways_and_nought_at_home(a: float, b: float, c: float, d: float) -> None:
    assert isclose(distance_m(a, b, c, d), distance_m(c, d, a, b), abs_tol=1e-6)
    assert distance_m(a, b, a, b) == 0


def test_opposite_points_of_the_earth_do_not_break_the_formula() -> None:
    assert isclose(distance_m(0, 0, 180, 0), 20_015_000, rel_tol=1e-3)


def test_the_published_example_is_met() -> None:
    # Example values of the coordtransform library (wandergis, MIT) for (116.404, 39.915).
    shown = wgs84_to_gcj02(116.404, 39.915)
    assert shown == pytest.approx((116.41024449916938, 39.91640428150164), abs=1e-9)


@given(LONGITUDES, LATITUDES)
def test_there_and_back_is_within_a_centimetre(longitude: float, latitude: float) -> None:
    back = gcj02_to_wgs84(*wgs84_to_gcj02(longitude, latitude))

    assert distance_m(longitude, latitude, *back) < 0.01


@given(LONGITUDES, LATITUDES)
def test_in_zhengzhou_the_two_systems_lie_hundreds_of_metres_apart(longitude: float, latitude: float) -> None:
    assert 300 < distance_m(longitude, latitude, *wgs84_to_gcj02(longitude, latitude)) < 900


def test_points_outside_china_are_left_alone() -> None:
    assert wgs84_to_gcj02(-71.06, 42.36) == (-71.06, 42.36)
    assert gcj02_to_wgs84(-71.06, 42.36) == (-71.06, 42.36)


@pytest.mark.parametrize(
    ("house", "other"), [("12号", "12"), ("１２号", "12号"), ("12號", "12号"), ("12 号", "12号"), ("a12", "Ａ12号")]
)
def test_a_house_is_the_same_however_its_number_is_written(house: str, other: str) -> None:
    assert same_house("人民路", house, "人民路 ", other)


@pytest.mark.parametrize(
    ("road", "house", "other_road", "other_house"),
    [
        ("人民路", "12", "人民路", "112"),
        ("人民路", "12", "人民东路", "12"),
        ("人民路", "12-1", "人民路", "121"),
        ("人民路", "", "人民路", ""),
        ("人民路", "号", "人民路", "号"),
        ("", "", "", ""),
    ],
)
def test_other_and_empty_numbers_are_not_the_same_house(
    road: str, house: str, other_road: str, other_house: str
) -> None:
    assert not same_house(road, house, other_road, other_house)
