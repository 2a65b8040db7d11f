"""The recovery code: the store key written for paper, in 13 groups of four signs and a check sign.

Signs are Crockford's base32 (no I, L, O, U). The check sign is a polynomial over GF(32) with the group's place in it:
any one wrong sign, two swapped signs and two swapped groups are noticed, and the group is named.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata

from app.domain.problems import Refused

SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
GROUPS, GROUP_SIGNS = 13, 4
_KEY_BYTES = 32
_SPARE_BITS = GROUPS * GROUP_SIGNS * 5 - _KEY_BYTES * 8
_LOOK_ALIKE = str.maketrans({"O": "0", "I": "1", "L": "1"})
_VALUES = {sign: value for value, sign in enumerate(SIGNS)}
_BETWEEN = re.compile(r"[\s\-‐–—―_.·,,、/|]+")


def recovery_code(key: bytes) -> str:
    """The key as 13 groups of five signs joined by hyphens."""
    if len(key) != _KEY_BYTES:
        raise ValueError("the store key is 32 bytes")
    number = int.from_bytes(key, "big") << _SPARE_BITS | _spare(key)
    groups = []
    for place in range(GROUPS):
        shift = (GROUPS - 1 - place) * GROUP_SIGNS * 5
        values = [number >> shift + step * 5 & 31 for step in reversed(range(GROUP_SIGNS))]
        groups.append("".join(SIGNS[value] for value in [*values, _check(place, values)]))
    return "-".join(groups)


def key_from_recovery(code: str) -> bytes:
    """The key a person typed from paper; letter case, spaces and look-alike signs do not matter.

    Raises Refused: account.recovery_length, account.recovery_typo (names the groups), account.recovery_code.
    """
    groups = _groups(code)
    wrong = [place + 1 for place, group in enumerate(groups) if not _group_holds(place, group)]
    if wrong:
        raise Refused("account.recovery_typo", groups="、".join(str(place) for place in wrong))
    number = 0
    for sign in "".join(group[:GROUP_SIGNS] for group in groups):
        number = number << 5 | _VALUES[sign]
    key = (number >> _SPARE_BITS).to_bytes(_KEY_BYTES, "big")
    if number & (1 << _SPARE_BITS) - 1 != _spare(key):
        raise Refused("account.recovery_code")
    return key


def wrong_groups(code: str) -> list[int]:
    """Places (from 1) of whole groups typed so far that cannot be right; for a form that tells while typing."""
    signs = _signs(code)
    whole = [signs[at : at + GROUP_SIGNS + 1] for at in range(0, len(signs) - GROUP_SIGNS, GROUP_SIGNS + 1)]
    return [place + 1 for place, group in enumerate(whole) if place >= GROUPS or not _group_holds(place, group)]


def _groups(code: str) -> list[str]:
    written = [part for part in (_signs(part) for part in _BETWEEN.split(code)) if part]
    if len(written) == GROUPS:
        return written
    signs, size = "".join(written), GROUP_SIGNS + 1
    if len(signs) != GROUPS * size:
        raise Refused("account.recovery_length", found=len(signs), wanted=GROUPS * size)
    return [signs[at : at + size] for at in range(0, len(signs), size)]


def _signs(text: str) -> str:
    return _BETWEEN.sub("", unicodedata.normalize("NFKC", text)).upper().translate(_LOOK_ALIKE)


def _group_holds(place: int, group: str) -> bool:
    if len(group) != GROUP_SIGNS + 1 or any(sign not in _VALUES for sign in group):
        return False
    values = [_VALUES[sign] for sign in group]
    return _check(place, values[:-1]) == values[-1]


def _check(place: int, values: list[int]) -> int:
    total = place + 1
    for value in values:
        total = _doubled(total) ^ value
    return _doubled(total)


def _doubled(value: int) -> int:
    """`value` times x in GF(32) modulo x^5 + x^2 + 1."""
    return value << 1 ^ 0x25 if value & 16 else value << 1


def _spare(key: bytes) -> int:
    return hashlib.sha256(b"griddesk recovery" + key).digest()[0] >> 8 - _SPARE_BITS
