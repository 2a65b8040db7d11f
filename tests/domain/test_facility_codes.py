"""The sixteen digits of a component: what is made can be read, and what is wrong is refused by name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.facility_codes import FacilityCode, check_code, make_code, most_serials, read_code
from app.domain.grid_rules import FacilityCodeRule
from app.domain.problems import Refused

SIX, FIVE = FacilityCodeRule.SERIAL_6, FacilityCodeRule.SERIAL_5
digits = st.integers(0, 99).map("{:02d}".format)


@given(st.sampled_from(FacilityCodeRule), st.integers(0, 999_999).map("{:06d}".format), digits, digits, st.data())
def test_a_code_that_was_made_is_read_back_whole(
    rule: FacilityCodeRule, district: str, major: str, minor: str, data: st.DataObject
) -> None:
    serial = data.draw(st.integers(1, most_serials(rule)))
    code = make_code(rule, district, major, minor, serial)
    assert len(code) == 16
    assert code.isdecimal()
    assert read_code(rule, code) == FacilityCode(district, major, minor, serial)
    assert check_code(rule, code, district, major, minor).serial == serial


@given(st.integers(1, 99_998), st.integers(1, 99_998))
def test_two_serials_never_make_the_same_code_and_a_higher_one_sorts_behind(one: int, other: int) -> None:
    for rule in FacilityCodeRule:
        first, second = (make_code(rule, "410105", "01", "37", serial) for serial in (one, other))
        assert (first < second) == (one < other)
        assert (first == second) == (one == other)


def test_the_published_example_is_read() -> None:
    assert read_code(SIX, "3205080101000001") == FacilityCode("320508", "01", "01", 1)


def test_a_local_minor_counts_backwards_in_the_newer_rule() -> None:
    assert make_code(FIVE, "410105", "01", "99", 7) == "4101050199900007"
    assert make_code(FIVE, "410105", "01", "37", 7) == "4101050103700007"
    assert read_code(FIVE, "4101050199900007").minor == "99"


@pytest.mark.parametrize(
    "code",
    [
        "",
        "410105013700001",
        "41010501370000011",
        "4101050137000000",
        "４１０１０５０１３７０００００１",
        "41010501370000O1",
    ],
)
def test_anything_but_sixteen_plain_digits_is_refused(code: str) -> None:
    with pytest.raises(Refused) as refused:
        read_code(SIX, code)
    assert refused.value.code == "facility.code_shape"


def test_a_category_whose_serials_are_used_up_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        make_code(FIVE, "410105", "01", "37", 100_000)
    assert refused.value.code == "facility.serials_full"


def test_a_city_with_other_categories_has_no_such_codes() -> None:
    with pytest.raises(Refused) as refused:
        make_code(SIX, "410105", "A1", "037", 1)
    assert refused.value.code == "facility.category_not_coded"
