"""Pinyin of names over a table handed in, with every reading of a character: 重庆 answers to cq and zq."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import accumulate

from app.domain.text import normalise


class Initials:
    """Finds and spells names by pinyin.

    readings: character -> its syllables without tones, the usual one first (重 -> ("zhong", "chong")). Where only initials
    are known, letters do (重 -> "zc").
    """

    def __init__(self, readings: Mapping[str, Sequence[str]]) -> None:
        self._readings = readings
        self._kept: dict[str, frozenset[str]] = {}

    def variants(self, word: str, limit: int = 8) -> list[str]:
        """Initials of a word, usual readings first, at most `limit`; Latin letters and digits stand for themselves.

        The fewer unusual readings it takes, the earlier a spelling comes.
        """
        spellings: list[tuple[int, str]] = [(0, "")]
        for sign in normalise(word):
            if letters := self._letters(sign):
                longer = [(rank + place, said + more) for rank, said in spellings for place, more in enumerate(letters)]
                spellings = sorted(longer, key=lambda spelling: spelling[0])[:limit]
        return [said for _rank, said in spellings if said]

    def matches(self, word: str, typed: str) -> bool:
        """True when `typed` spells some stretch of the word, each character by its initial or more of its syllable."""
        wanted = "".join(sign for sign in normalise(typed) if sign.isascii() and sign.isalnum())
        ways = [spelled for sign in normalise(word) if (spelled := self._ways(sign))]
        return bool(wanted) and any(
            _spells(ways[start:], wanted) for start, begun in enumerate(ways) if wanted[0] in begun
        )

    def _letters(self, sign: str) -> list[str]:
        """What the character may begin with, each letter once."""
        return list(dict.fromkeys(syllable[0] for syllable in self._syllables(sign)))

    def _ways(self, sign: str) -> frozenset[str]:
        """Everything that may be typed for one character: z, zh, zho, zhon, zhong. Kept, for lists ask again and again."""
        if sign not in self._kept:
            self._kept[sign] = frozenset(way for syllable in self._syllables(sign) for way in accumulate(syllable))
        return self._kept[sign]

    def _syllables(self, sign: str) -> Sequence[str]:
        if sign.isascii():
            return sign if sign.isalnum() else ""
        return self._readings.get(sign, ())


def _spells(ways: Sequence[frozenset[str]], wanted: str) -> bool:
    """True when `wanted` is one way after the other, from the first character on."""
    reached = {0}
    for spelled in ways:
        reached = {at + len(way) for at in reached for way in spelled if wanted.startswith(way, at)}
        if len(wanted) in reached:
            return True
        if not reached:
            return False
    return False
