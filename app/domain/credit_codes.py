"""The unified social credit code (统一社会信用代码) and its check digits.

Source: GB 32100-2015 (31 characters without I O S V Z, weights 3^i mod 31); its places 9 to 17 are the organisation
code of GB 11714-1997 with a check digit of its own (weights of its rule: 3 7 9 10 5 8 4 2, mod 11).
"""

from __future__ import annotations

import unicodedata

from app.domain.problems import Refused

LENGTH = 18
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_WEIGHTS = tuple(pow(3, place, 31) for place in range(LENGTH - 1))
_INNER_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_INNER_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def plain_code(text: str) -> str:
    """A code as it is kept: full-width characters made plain, upper case, nothing between."""
    return "".join(unicodedata.normalize("NFKC", text).split()).upper()


def check_credit_code(code: str) -> None:
    """Raises Refused: enterprise.code_length, enterprise.code_character, enterprise.code_digit. `code` is a plain one."""
    if len(code) != LENGTH:
        raise Refused("enterprise.code_length", number=code, found=len(code))
    strange = next((letter for letter in code if letter not in ALPHABET), None)
    if strange is not None:
        raise Refused("enterprise.code_character", number=code, letter=strange)
    if check_digit(code[:-1]) != code[-1]:
        raise Refused("enterprise.code_digit", number=code)


def check_digit(first: str) -> str:
    """The eighteenth character of the first seventeen."""
    total = sum(ALPHABET.index(letter) * weight for letter, weight in zip(first, _WEIGHTS, strict=True))
    return ALPHABET[-total % 31]


def organisation_part_holds(code: str) -> bool:
    """Whether places 9 to 17 hold as an organisation code: a code that fails here is valid but worth a second look."""
    inner = code[8:17]
    total = sum(
        _INNER_ALPHABET.index(letter) * weight for letter, weight in zip(inner[:8], _INNER_WEIGHTS, strict=True)
    )
    left = 11 - total % 11
    return inner[8] == {10: "X", 11: "0"}.get(left, str(left))
