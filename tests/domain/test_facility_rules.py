"""Rates beside their targets, the order of the history, and which register a thing belongs to."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from app.domain.facilities import FacilityState
from app.domain.facility_rules import FacilityGroup, HistoryLine, StateCount, group_for, in_order, street_rates
from app.services.facility_groups import groups

LAMPS = FacilityGroup("lamps", "路灯", intact_target="road", lit_main_target="main", lit_back_target="back")
TARGETS = {"road": 0.97, "main": 0.98, "back": 0.95}
NINE = datetime(2026, 11, 2, 1, tzinfo=UTC)
counts = st.builds(
    StateCount,
    st.sampled_from(["", "410105001", "410105002"]),
    st.just("街道"),
    st.sampled_from(FacilityState),
    st.sampled_from([True, False, None]),
    st.sampled_from([True, False, None]),
    st.integers(1, 40),
)
lines = st.builds(
    HistoryLine,
    st.integers(0, 3).map(lambda days: NINE + timedelta(days=days)),
    st.sampled_from(["状态变更", "巡查"]),
    st.sampled_from(["好", "破损"]),
    record_type=st.sampled_from(["case", "facility_event"]),
    record_id=st.integers(0, 3).map(lambda n: UUID(int=n)),
)


@given(st.lists(counts))
def test_every_facility_is_counted_once_and_a_share_lies_between_none_and_all(counted: list[StateCount]) -> None:
    *streets, whole = street_rates(counted, LAMPS, TARGETS)
    assert whole.total == sum(street.total for street in streets) == sum(count.count for count in counted)
    for line in (*streets, whole):
        for rate in (line.intact, line.lit_main, line.lit_back):
            assert 0 <= rate.good <= rate.of <= line.total
            assert (rate.share is None) == (rate.of == 0)
            assert not (rate.below and rate.share is None)


def test_a_scrapped_thing_counts_in_no_rate_and_an_unwatched_lamp_in_no_light() -> None:
    counted = [
        StateCount("1", "街", FacilityState.INTACT, None, True, 9),
        StateCount("1", "街", FacilityState.SCRAPPED, False, True, 5),
        StateCount("1", "街", FacilityState.DAMAGED, True, None, 1),
    ]
    (street, _whole) = street_rates(counted, LAMPS, TARGETS)
    assert (street.intact.good, street.intact.of, street.intact.below) == (9, 10, True)
    assert street.lit_main.share is None
    assert (street.lit_back.share, street.lit_back.target) == (1, 0.95)


@given(st.lists(lines), st.randoms(use_true_random=False))
def test_the_history_is_newest_first_whatever_order_it_was_read_in(told: list[HistoryLine], chance: object) -> None:
    shuffled = list(told)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    ordered = in_order(told)
    assert in_order(shuffled) == ordered
    assert [line.at for line in ordered] == sorted((line.at for line in told), reverse=True)


def test_a_minor_category_goes_into_the_register_of_its_thing() -> None:
    found = {
        name: group_for(name, groups()) for name in ("路灯井盖", "路灯", "公共厕所", "户外广告", "爱心驿站", "行道树")
    }
    assert list(found.values()) == ["manholes", "lamps", "toilets", "advertising", "rest_stations", "other"]


def test_every_register_has_a_title_and_no_attribute_twice() -> None:
    for group in groups():
        names = [attribute.name for attribute in group.attributes]
        assert group.title
        assert len(names) == len(set(names))
