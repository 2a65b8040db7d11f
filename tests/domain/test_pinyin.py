"""Names by pinyin: every reading counts, the usual one first."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.pinyin import Initials

READINGS = {
    "重": ("zhong", "chong"),
    "庆": ("qing",),
    "路": ("lu",),
    "行": ("xing", "hang", "heng"),
    "长": ("chang", "zhang"),
    "盖": ("gai", "ge"),
    "井": ("jing",),
}
PINYIN = Initials(READINGS)
NAMES = st.text(alphabet="".join(READINGS), min_size=1, max_size=12)


def test_a_polyphone_answers_to_each_of_its_readings() -> None:
    assert PINYIN.variants("重庆") == ["zq", "cq"]
    assert PINYIN.matches("重庆", "cq")
    assert PINYIN.matches("重庆", "zq")
    assert not PINYIN.matches("重庆", "qz")


@pytest.mark.parametrize("typed", ["chongqing", "zhongqinglu", "chq", "cqing", "CQ", "cq l", "ql", "lu"])
def test_initials_and_syllables_may_be_mixed_and_begin_inside_the_name(typed: str) -> None:
    assert PINYIN.matches("重庆路", typed)


@pytest.mark.parametrize("typed", ["", " ", "cqx", "hongqing", "重庆", "cqlu1", "zhonglu"])
def test_what_spells_no_stretch_of_the_name_does_not_match(typed: str) -> None:
    assert not PINYIN.matches("重庆路", typed)


def test_letters_and_digits_stand_for_themselves() -> None:
    assert PINYIN.variants("KTV路12号") == ["ktvl12"]
    assert PINYIN.matches("Ａ路", "al")


def test_the_fewer_unusual_readings_a_spelling_takes_the_earlier_it_comes() -> None:
    assert PINYIN.variants("重长行", limit=4) == ["zcx", "zch", "zzx", "ccx"]


def test_letters_alone_will_do_as_readings() -> None:
    assert Initials({"重": "zc", "庆": "q"}).variants("重庆") == ["zq", "cq"]


@given(NAMES, st.integers(1, 10))
def test_every_spelling_given_matches_its_name(name: str, limit: int) -> None:
    spellings = PINYIN.variants(name, limit)

    assert 1 <= len(spellings) <= limit
    assert len(set(spellings)) == len(spellings)
    assert all(PINYIN.matches(name, spelling) for spelling in spellings)


@given(NAMES)
def test_the_usual_spelling_comes_first(name: str) -> None:
    usual = [READINGS[sign][0][0] for sign in name]
    assert PINYIN.variants(name)[0] == "".join(usual)


@given(st.text(), st.text())
def test_any_text_may_be_asked(name: str, typed: str) -> None:
    assert len(PINYIN.variants(name)) <= 8
    assert all(PINYIN.matches(name, each) for each in PINYIN.variants(name))
    assert not typed.strip() or not PINYIN.matches("", typed)
