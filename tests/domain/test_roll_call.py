"""A draw anybody can repeat."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.attendance import RollAnswer, RollCall
from app.domain.problems import Refused
from app.domain.roll_call import answered, count_of_share, drawn, replays

POOLS = st.sets(st.uuids(), min_size=1, max_size=60)
NINE = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)


@given(st.text(max_size=20), POOLS, st.data())
def test_the_same_seed_and_list_draw_the_same_members_in_any_order(
    seed: str, pool: set[UUID], data: st.DataObject
) -> None:
    count = data.draw(st.integers(1, len(pool)))
    mixed = data.draw(st.permutations(sorted(pool)))
    first = drawn(seed, pool, count)
    assert drawn(seed, mixed, count) == first
    assert len(set(first)) == count
    assert set(first) <= pool


@given(POOLS)
def test_drawing_more_keeps_those_drawn_before(pool: set[UUID]) -> None:
    assert drawn("s", pool, len(pool))[:1] == drawn("s", pool, 1)


def test_the_draw_is_fixed_for_ever() -> None:
    pool = [UUID(int=n) for n in range(1, 9)]
    assert [one.int for one in drawn("2026-11-02", pool, 3)] == [8, 1, 7]


def test_over_many_seeds_everybody_is_drawn_about_as_often() -> None:
    pool = [UUID(int=n) for n in range(1, 11)]
    times = dict.fromkeys(pool, 0)
    for seed in range(2000):
        times[drawn(str(seed), pool, 1)[0]] += 1
    assert all(140 < count < 260 for count in times.values())


@pytest.mark.parametrize(
    ("share", "pool", "count"), [(0.1, 30, 3), (0.1, 31, 4), (0.01, 3, 1), (1, 7, 7), (0.3, 10, 3)]
)
def test_a_share_is_rounded_up_and_never_nobody(share: float, pool: int, count: int) -> None:
    assert count_of_share(share, pool) == count


def test_nobody_and_too_many_are_refused() -> None:
    with pytest.raises(Refused, match="nobody"):
        drawn("s", [], 1)
    with pytest.raises(Refused, match="too_many"):
        drawn("s", [UUID(int=1)], 2)
    with pytest.raises(Refused, match="too_many"):
        drawn("s", [UUID(int=1)], 0)


def a_call(*answers: RollAnswer) -> RollCall:
    pool = tuple(UUID(int=n) for n in range(1, 9))
    return RollCall(
        id=UUID(int=99),
        created_at=NINE,
        changed_at=NINE,
        number="DM-1",
        called_at=NINE,
        seed="2026-11-02",
        pool=pool,
        answers=answers,
    )


def test_a_call_whose_names_do_not_follow_from_its_seed_is_found_out() -> None:
    names = [RollAnswer(member_id=UUID(int=n), member_name="某") for n in (8, 1, 7)]
    assert replays(a_call(*names))
    assert not replays(a_call(*names[:2], RollAnswer(member_id=UUID(int=4), member_name="某")))


def test_only_who_was_drawn_answers() -> None:
    call = a_call(RollAnswer(member_id=UUID(int=8), member_name="某"))
    with pytest.raises(Refused, match="not_drawn"):
        answered(call, RollAnswer(member_id=UUID(int=1), member_name="某", answered=True))
    given_one = RollAnswer(member_id=UUID(int=8), member_name="某", answered=True)
    assert answered(call, given_one) == (given_one,)
