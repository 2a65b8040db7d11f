"""The flat map: what lies where on it, and which tile shows it."""

from __future__ import annotations

import pytest

from app.domain.mercator import HALF_WORLD_M, metres_per_pixel, tile_at, tile_corner, to_degrees, to_metres


@pytest.mark.parametrize(
    "place",
    [(113.6625, 34.7466), (0.0, 0.0), (-70.5, -33.4), (135.0, 53.5)],
    ids=["zhengzhou", "zero", "south", "north"],
)
def test_a_place_comes_back_from_the_flat_map_to_a_centimetre(place: tuple[float, float]) -> None:
    longitude, latitude = to_degrees(*to_metres(*place))

    assert (longitude, latitude) == pytest.approx(place, abs=1e-7)


def test_the_pole_has_a_place_at_the_edge_of_the_map() -> None:
    assert to_metres(0, 90)[1] == pytest.approx(HALF_WORLD_M, rel=1e-6)


def test_the_tile_of_zhengzhou_is_the_one_map_makers_number_so() -> None:
    # 113.6625 E 34.7466 N at zoom 12, by the published formula of slippy map tile names.
    assert tile_at(*to_metres(113.6625, 34.7466), 12) == (3341, 1625)


def test_a_tile_holds_its_own_corner_and_is_256_pixels_wide() -> None:
    x, y = tile_corner(3341, 1625, 12)

    assert tile_at(x + 1, y - 1, 12) == (3341, 1625)
    assert tile_corner(3342, 1625, 12)[0] - x == pytest.approx(256 * metres_per_pixel(12))
