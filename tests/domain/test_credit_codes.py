"""Credit codes: a wrong digit, two swapped, a letter the standard leaves out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.credit_codes import ALPHABET, check_credit_code, check_digit, organisation_part_holds, plain_code
from app.domain.problems import Refused

KNOWN = "91350100M000100Y43"


def test_a_real_code_holds_inside_and_out() -> None:
    check_credit_code(KNOWN)
    assert organisation_part_holds(KNOWN)


def test_a_code_may_hold_outside_and_not_inside() -> None:
    check_credit_code("123456789012345678")
    assert not organisation_part_holds("123456789012345678")


@pytest.mark.parametrize(
    ("code", "refusal"),
    [
        ("91350100M000100Y44", "enterprise.code_digit"),
        ("91350100M001000Y43", "enterprise.code_digit"),
        ("91350100M000100Y4", "enterprise.code_length"),
        ("91350100M000100I43", "enterprise.code_character"),
        ("", "enterprise.code_length"),
    ],
)
def test_what_cannot_be_a_code_is_refused_with_the_reason(code: str, refusal: str) -> None:
    with pytest.raises(Refused) as refused:
        check_credit_code(code)
    assert refused.value.code == refusal


def test_full_width_and_spaced_codes_are_made_plain() -> None:
    assert plain_code(" 91350100 M000100y43") == KNOWN


@given(first=st.text(ALPHABET, min_size=17, max_size=17), place=st.integers(0, 16), letter=st.sampled_from(ALPHABET))
def test_one_letter_copied_wrong_is_always_noticed(first: str, place: int, letter: str) -> None:
    code = first + check_digit(first)
    check_credit_code(code)
    if letter != code[place]:
        with pytest.raises(Refused):
            check_credit_code(code[:place] + letter + code[place + 1 :])
