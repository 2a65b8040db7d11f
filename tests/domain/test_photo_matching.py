"""Which photo of a folder belongs where: proposals that a person can follow, and that never depend on the order."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.photo_matching import (
    Confidence,
    PhotoFacts,
    PhotoGroup,
    PhotoTarget,
    Placement,
    Span,
    detected_shift,
    propose,
)

NINE = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)
LON, LAT = 113.67, 34.76
STEP = 0.002
"""About 183 metres of longitude: the points of the route stand that far apart."""
SPAN = Span(NINE, NINE + timedelta(hours=1))
ROUTE = [PhotoTarget(f"p{n}", n, LON + n * STEP, LAT, NINE + timedelta(minutes=10 * n)) for n in range(1, 6)]


def a_photo(key: str, minutes: float | None = None, at: int | None = None, **what_matters: object) -> PhotoFacts:
    """minutes after nine; at: the point of the route it was taken at."""
    fields: dict[str, object] = {"key": key, "taken_at": None if minutes is None else NINE + timedelta(minutes=minutes)}
    if at is not None:
        fields |= {"longitude": LON + at * STEP + 0.0001, "latitude": LAT}
    return PhotoFacts(**{**fields, **what_matters})  # type: ignore[arg-type]


def placement(photo: PhotoFacts, *others: PhotoFacts, targets: list[PhotoTarget] = ROUTE) -> Placement:
    found = propose([photo, *others], targets, SPAN, timedelta()).placements
    return next(one for one in found if one.key == photo.key)


def test_place_and_time_together_are_sure() -> None:
    found = placement(a_photo("a", 31, at=3))

    assert (found.target, found.group, found.confidence) == ("p3", PhotoGroup.PLACED, Confidence.HIGH)
    assert found.metres == pytest.approx(9.1, abs=0.5)
    assert found.apart == timedelta(minutes=1)


def test_the_place_decides_against_a_time_written_down_later() -> None:
    assert placement(a_photo("a", 38, at=3)).target == "p3"


def test_time_alone_places_a_photo_but_not_surely() -> None:
    found = placement(a_photo("a", 22))

    assert (found.target, found.confidence) == ("p2", Confidence.FAIR)


def test_place_alone_places_a_photo() -> None:
    assert placement(a_photo("a", at=4)).target == "p4"


def test_a_finding_at_a_check_point_gets_the_photo() -> None:
    found = PhotoTarget("f", 3, LON + 3 * STEP, LAT, NINE + timedelta(minutes=30), finding=True)

    assert placement(a_photo("a", 31, at=3), targets=[*ROUTE, found]).target == "f"


@pytest.mark.parametrize(
    ("photo", "group"),
    [
        (a_photo("a"), PhotoGroup.NO_FACTS),
        (a_photo("a", 24 * 60, at=3), PhotoGroup.OTHER_DAY),
        (a_photo("a", 30, longitude=121.47, latitude=31.23), PhotoGroup.OTHER_CITY),
        (a_photo("a", longitude=LON, latitude=LAT + 0.01), PhotoGroup.UNSURE),
        (a_photo("a", 30, group=PhotoGroup.UNREADABLE), PhotoGroup.UNREADABLE),
        (a_photo("a", 30, group=PhotoGroup.DUPLICATE), PhotoGroup.DUPLICATE),
    ],
    ids=["no facts", "another day", "another city", "between the points", "unreadable", "duplicate"],
)
def test_what_cannot_be_placed_says_why_and_is_not_lost(photo: PhotoFacts, group: PhotoGroup) -> None:
    found = placement(photo)

    assert (found.group, found.target) == (group, None)


@pytest.mark.parametrize("hours", [8, -8, 24, 1.5], ids=str)
def test_a_clock_that_stood_wrong_by_a_fixed_time_is_found_out(hours: float) -> None:
    wrong = timedelta(hours=hours)
    photos = [a_photo(f"a{n}", 10 * n + 1, at=n) for n in range(1, 6)]
    shifted = [PhotoFacts(p.key, (p.taken_at or NINE) + wrong, p.longitude, p.latitude) for p in photos]

    proposal = propose(shifted, ROUTE, SPAN)

    assert proposal.shift == -wrong - timedelta(minutes=1)
    assert [one.target for one in proposal.placements] == ["p1", "p2", "p3", "p4", "p5"]


def test_a_clock_is_found_out_by_the_rhythm_of_the_round_where_no_photo_has_a_place() -> None:
    minutes = [0, 4, 19, 25, 47]
    route = [PhotoTarget(f"p{n}", n, at=NINE + timedelta(minutes=m)) for n, m in enumerate(minutes, start=1)]
    photos = [a_photo(f"a{n}", m + 480) for n, m in enumerate(minutes, start=1)]

    assert propose(photos, route, SPAN).shift == timedelta(hours=-8)


def test_photos_that_fit_as_they_are_keep_their_time() -> None:
    photos = [a_photo(f"a{n}", 10 * n + 3, at=n) for n in range(1, 6)]

    assert detected_shift(photos, ROUTE) == timedelta()


def test_two_photos_that_agree_are_not_enough_to_move_a_clock() -> None:
    photos = [a_photo(f"a{n}", 10 * n + 480, at=n) for n in range(1, 3)]

    assert detected_shift(photos, ROUTE) == timedelta()


FACTS = st.builds(
    a_photo,
    st.uuids().map(str),
    st.none() | st.floats(-300, 300, allow_nan=False),
    st.none() | st.integers(0, 7),
)


@given(st.lists(FACTS, max_size=12, unique_by=lambda photo: photo.key), st.randoms(use_true_random=False))
def test_the_order_of_files_never_changes_the_proposal(photos: list[PhotoFacts], chance: object) -> None:
    shuffled, route = list(photos), list(ROUTE)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    chance.shuffle(route)  # type: ignore[attr-defined]

    assert propose(shuffled, route, SPAN) == propose(photos, ROUTE, SPAN)


@given(st.lists(FACTS, max_size=12, unique_by=lambda photo: photo.key))
def test_every_photo_is_in_the_proposal_once_whatever_it_says(photos: list[PhotoFacts]) -> None:
    proposal = propose(photos, ROUTE, SPAN)

    assert sorted(one.key for one in proposal.placements) == sorted(photo.key for photo in photos)
    assert all((one.target is not None) == (one.group is PhotoGroup.PLACED) for one in proposal.placements)
