"""What a track keeps and what it tells."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import tracks
from app.domain.problems import Refused

SECOND = st.integers(0, 400_000)
DEGREES = st.tuples(st.floats(-180, 180), st.floats(-90, 90))
FIXES = st.lists(st.tuples(SECOND, st.floats(-180, 180), st.floats(-90, 90)), max_size=60)
NORTH_10M = 10 / 111_194.9


def walk(*seconds: int, step_m: float = 1.2, longitude: float = 113.65, latitude: float = 34.76) -> list[tracks.Fix]:
    """Somebody walking north at a steady pace, a fix at each second named."""
    return [(second, longitude, latitude + second * step_m / 10 * NORTH_10M) for second in seconds]


@given(FIXES)
def test_packing_loses_no_second_and_less_than_a_millionth_of_a_degree(fixes: list[tracks.Fix]) -> None:
    again = tracks.unpack(tracks.pack(fixes))
    assert [fix[0] for fix in again] == [fix[0] for fix in fixes]
    for (_s, lon, lat), (_t, lon_again, lat_again) in zip(fixes, again, strict=True):
        assert abs(lon - lon_again) <= 1e-6
        assert abs(lat - lat_again) <= 1e-6


@given(FIXES)
def test_a_track_packed_again_is_the_same_text(fixes: list[tracks.Fix]) -> None:
    text = tracks.pack(fixes)
    assert tracks.pack(tracks.unpack(text)) == text


@pytest.mark.parametrize("text", ["A", "AA", "AAAA", "AA*", "AA~", "AAg", "轨"])
def test_a_text_that_is_no_track_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="points_unreadable"):
        tracks.unpack(text)


def test_a_hundred_thousand_fixes_of_a_walk_fit() -> None:
    assert len(tracks.pack(walk(*range(100_000)))) < tracks.LONGEST_TEXT


def test_more_than_a_record_holds_is_refused() -> None:
    far = [(at, 180.0 * (-1) ** at, 90.0 * (-1) ** at) for at in range(60_000)]
    with pytest.raises(Refused, match="too_long"):
        tracks.pack(far)


@given(st.lists(st.integers(1, 2000), min_size=1, max_size=50), st.integers(1, 900))
def test_gaps_and_walking_make_the_whole_span(steps: list[int], longest: int) -> None:
    seconds = [sum(steps[:at]) for at in range(len(steps) + 1)]
    fixes = walk(*seconds)
    lost = sum(gap.seconds for gap in tracks.gaps(fixes, longest))
    assert lost + tracks.seconds_inside(fixes, [True] * len(fixes), longest) == fixes[-1][0] - fixes[0][0]


def test_a_jump_to_another_city_is_left_out() -> None:
    fixes = [*walk(0, 10, 20), (25, 116.4, 39.9), *walk(30, 40)]
    assert tracks.without_jumps(fixes, 20) == walk(0, 10, 20, 30, 40)


def test_a_wrong_first_fix_does_not_take_the_rest_with_it() -> None:
    fixes = [(0, 0.0, 0.0), *walk(5, 10, 20, 30)]
    assert tracks.without_jumps(fixes, 20) == walk(5, 10, 20, 30)


def test_a_short_stretch_elsewhere_goes_and_both_sides_of_it_stay() -> None:
    elsewhere = [(40, 116.4, 39.9), (41, 116.4, 39.9)]
    fixes = [*walk(0, 10), *elsewhere, *walk(50, 60, 70, 80)]
    assert tracks.without_jumps(fixes, 20) == walk(0, 10, 50, 60, 70, 80)


def test_the_way_is_measured_in_metres() -> None:
    assert tracks.metres_walked(walk(0, 50, 100)) == pytest.approx(120, rel=0.001)
    assert tracks.metres_walked(walk(0)) == 0


def test_time_inside_counts_between_fixes_that_are_both_inside_and_never_over_a_gap() -> None:
    fixes = walk(0, 60, 120, 1000, 1060)
    assert tracks.seconds_inside(fixes, [True, True, False, True, True], 300) == 120
    assert tracks.seconds_inside(fixes, [True] * 5, 300) == 180


def test_a_check_point_is_reached_within_thirty_metres_of_the_way() -> None:
    fixes = walk(0, 100, 200)
    half_way, beside = (1, 113.65, fixes[1][2]), (2, 113.65 + 0.001, fixes[1][2])
    between = (3, 113.65, (fixes[0][2] + fixes[1][2]) / 2)
    hits = tracks.reached(fixes, [half_way, beside, between], 30)
    assert [hit.no for hit in hits] == [1, 3]
    assert hits[0].second == 100
    assert hits[1].metres < 1
    assert tracks.reached([], [half_way], 30) == []


def test_a_thinned_track_stays_within_its_tolerance_and_keeps_its_ends() -> None:
    fixes = walk(*range(0, 5000, 2))
    fewer = tracks.thinned(fixes, 2.0, every_s=120)
    assert fewer[0] == fixes[0]
    assert fewer[-1] == fixes[-1]
    assert len(fewer) < len(fixes) / 20
    assert tracks.metres_walked(fewer) == pytest.approx(tracks.metres_walked(fixes), rel=0.001)
    assert tracks.gaps(fewer, 121) == []
