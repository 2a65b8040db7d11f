"""The draw: the same seed and lists give the same picks, a heavier risk comes up more often, nobody barred is sent."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.draw import METHOD, Lists, drawn, replays, weight_of
from app.domain.inspections import Draw, DrawPick, Exclusion
from app.domain.problems import Refused

SHOPS = tuple(UUID(int=n) for n in range(1, 41))
OFFICERS = tuple(UUID(int=n) for n in range(101, 109))
UNITS = ("一中队", "一中队", "二中队", "二中队", "三中队", "三中队", "一中队", "二中队")
LISTS = Lists(SHOPS, (1,) * 40, OFFICERS, UNITS)
NOW = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)


def a_draw(lists: Lists = LISTS, seed: str = "5eed", wanted: int = 6) -> Draw:
    picks = [
        DrawPick(enterprise_id=shop, enterprise_name="店", officer_ids=team, officer_words=("甲", "乙"))
        for shop, team in drawn(lists, seed, wanted)
    ]
    return Draw(
        id=UUID(int=7),
        created_at=NOW,
        changed_at=NOW,
        number="CQ-1",
        drawn_at=NOW,
        seed=seed,
        method=METHOD,
        enterprises=lists.enterprises,
        weights=lists.weights,
        officers=lists.officers,
        officer_units=lists.units,
        exclusions=lists.exclusions,
        wanted=wanted,
        picks=tuple(picks),
    )


def test_the_first_picks_of_a_seed_are_what_the_method_says_by_hand() -> None:
    """Worked out with sha256sum: 40 tickets of `5eed|<shop>|0`, the lowest first."""
    from hashlib import sha256

    by_hand = sorted(SHOPS, key=lambda shop: sha256(f"5eed|{shop}|0".encode()).hexdigest())
    assert [shop for shop, _team in drawn(LISTS, "5eed", 6)] == by_hand[:6]


def test_a_draw_replays_and_one_that_was_touched_does_not() -> None:
    draw = a_draw()
    assert replays(draw)
    swapped = (draw.picks[1], draw.picks[0], *draw.picks[2:])
    for other in ({"seed": "5eee"}, {"picks": swapped}, {"method": "by hand"}):
        assert not replays(draw.model_copy(update=other))


@settings(max_examples=60)
@given(seed=st.text("0123456789abcdef", min_size=8, max_size=8), wanted=st.integers(1, 40))
def test_every_pick_is_another_shop_with_two_officers_of_two_units(seed: str, wanted: int) -> None:
    picks = drawn(LISTS, seed, wanted)
    unit = dict(zip(OFFICERS, UNITS, strict=True))
    assert len({shop for shop, _team in picks}) == wanted
    assert all(len(set(team)) == 2 and unit[team[0]] != unit[team[1]] for _shop, team in picks)
    visits = [sum(officer in team for _shop, team in picks) for officer in OFFICERS]
    assert max(visits) - min(visits) <= max(3, wanted // 8)


def test_two_of_one_unit_are_sent_when_there_is_no_other() -> None:
    lists = Lists(SHOPS, (1,) * 40, OFFICERS[:2], ("一中队", "一中队"))
    assert all(set(team) == set(OFFICERS[:2]) for _shop, team in drawn(lists, "5eed", 40))


def test_a_heavier_risk_is_drawn_more_often() -> None:
    weights = (*(1,) * 20, *(5,) * 20)
    lists = Lists(SHOPS, weights, OFFICERS, UNITS)
    heavy = sum(shop in SHOPS[20:] for n in range(60) for shop, _team in drawn(lists, f"seed-{n}", 4))
    assert heavy > 160


def test_who_is_barred_is_sent_nowhere_they_are_barred_from() -> None:
    shop, officer = SHOPS[0], OFFICERS[0]
    exclusions = (
        Exclusion(enterprise_id=shop, officer_id=officer, reason="亲属经营"),
        Exclusion(enterprise_id=SHOPS[1], reason="停业"),
        Exclusion(officer_id=OFFICERS[1], reason="休假"),
    )
    lists = Lists(SHOPS, (1,) * 40, OFFICERS, UNITS, exclusions)
    picks = dict(drawn(lists, "5eed", 39))
    assert SHOPS[1] not in picks
    assert officer not in picks[shop]
    assert all(OFFICERS[1] not in team for team in picks.values())


def test_more_than_there_are_and_too_few_officers_are_refused() -> None:
    with pytest.raises(Refused) as many:
        drawn(LISTS, "5eed", 41)
    with pytest.raises(Refused) as few:
        drawn(Lists(SHOPS, (1,) * 40, OFFICERS[:1], UNITS[:1]), "5eed", 1)
    assert (many.value.code, few.value.code) == ("draw.too_few", "draw.officers_missing")


@pytest.mark.parametrize(("risk", "weight"), [("A", 1), ("D类", 5), ("d", 5), ("", 1), ("高", 1)])
def test_a_risk_counts_by_its_first_letter(risk: str, weight: int) -> None:
    assert weight_of(risk, {"A": 1, "D": 5}) == weight
