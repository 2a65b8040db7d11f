"""Which passwords a person may choose, and the recovery code on paper."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.passwords import check_password
from app.domain.problems import Refused
from app.domain.recovery import SIGNS, key_from_recovery, recovery_code, wrong_groups

KEYS = st.binary(min_size=32, max_size=32)


@pytest.mark.parametrize("password", ["Wu7+lake", "梧桐Tree88", "correct horse Battery", "Ab3定鼎门大街巡查"])
def test_a_mixed_password_is_taken(password: str) -> None:
    check_password(password, login="wangfang", name="王芳", old="Other+99x")


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("Wu7+lak", "password_short"),
        ("Wu7+" * 40, "password_long"),
        ("lakeside77", "password_classes"),
        ("Aa1Aa1Aa1", "password_repeats"),
        ("WangFang+88", "password_contains_name"),
        ("gnafgnaW+88", "password_contains_name"),
        ("王芳Lake+88", "password_contains_name"),
        ("Passw0rd!", "password_common"),
        ("1QAZ@wsx", "password_common"),
        ("Other+99x", "password_same"),
    ],
)
def test_a_weak_password_is_refused_by_its_own_reason(password: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        check_password(password, login="wangfang", name="王芳", old="Other+99x")

    assert refused.value.code == f"account.{code}"


def test_full_width_letters_do_not_make_a_common_password_rare() -> None:
    with pytest.raises(Refused) as refused:
        check_password("Ａdmin@123", login="wangfang", name="王芳")

    assert refused.value.code == "account.password_common"


@given(KEYS)
def test_the_code_gives_the_key_back(key: bytes) -> None:
    assert key_from_recovery(recovery_code(key)) == key


@given(KEYS)
def test_case_spacing_and_look_alikes_do_not_matter(key: bytes) -> None:
    code = recovery_code(key).replace("0", "o").replace("1", "l").lower().replace("-", "——")

    assert key_from_recovery(f"  {code}\n") == key
    assert key_from_recovery(code.replace("—", "")) == key


@given(KEYS, st.integers(0, 64), st.sampled_from(SIGNS))
def test_one_wrong_sign_names_its_group(key: bytes, at: int, sign: str) -> None:
    signs = list(recovery_code(key).replace("-", ""))
    if signs[at] == sign:
        sign = SIGNS[(SIGNS.index(sign) + 1) % 32]
    signs[at] = sign

    with pytest.raises(Refused) as refused:
        key_from_recovery("".join(signs))

    assert (refused.value.code, refused.value.details) == ("account.recovery_typo", {"groups": str(at // 5 + 1)})
    assert wrong_groups("".join(signs)) == [at // 5 + 1]


@given(KEYS, st.integers(0, 12), st.integers(0, 3))
def test_two_neighbouring_signs_swapped_are_noticed(key: bytes, group: int, at: int) -> None:
    groups = [list(part) for part in recovery_code(key).split("-")]
    groups[group][at], groups[group][at + 1] = groups[group][at + 1], groups[group][at]
    swapped = "-".join("".join(part) for part in groups)
    if swapped == recovery_code(key):
        return

    with pytest.raises(Refused) as refused:
        key_from_recovery(swapped)

    assert refused.value.details == {"groups": str(group + 1)}


@given(KEYS, st.integers(0, 11), st.integers(0, 12))
def test_groups_in_the_wrong_place_are_noticed(key: bytes, one: int, other: int) -> None:
    groups = recovery_code(key).split("-")
    if one == other:
        return
    groups[one], groups[other] = groups[other], groups[one]

    with pytest.raises(Refused) as refused:
        key_from_recovery("-".join(groups))

    assert refused.value.code == "account.recovery_typo"


@given(KEYS, st.integers(0, 12))
def test_a_sign_left_out_names_its_group(key: bytes, group: int) -> None:
    groups = recovery_code(key).split("-")
    groups[group] = groups[group][:3] + groups[group][4:]

    with pytest.raises(Refused) as refused:
        key_from_recovery("-".join(groups))

    assert refused.value.details == {"groups": str(group + 1)}


def test_a_group_left_out_is_told_as_a_length() -> None:
    code = recovery_code(bytes(range(32)))

    with pytest.raises(Refused) as refused:
        key_from_recovery(code[6:])

    assert (refused.value.code, refused.value.details) == ("account.recovery_length", {"found": 60, "wanted": 65})


@given(st.text(max_size=200))
def test_any_text_is_refused_in_words(text: str) -> None:
    with pytest.raises(Refused) as refused:
        key_from_recovery(text)

    assert refused.value.code.startswith("account.recovery_")
    wrong_groups(text)
