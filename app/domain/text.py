"""Words for search: bigrams of Chinese runs, whole words of Latin and digits, signs one by one. Shared with the city.

Texts and queries go through the same cutting, so that what was typed finds what was written. The tokens hold letters and
digits alone: nothing a person types can become query syntax.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from operator import add

# Letters only: the index drops signs such as the middle dot that stand among the kana.
_CJK = (
    "\u3005\u3007\u3021-\u3029\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3"
    "\uf900-\ufaff\U00020000-\U000323af"
)
_PIECES = re.compile(rf"([{_CJK}]+)|([^\W_{_CJK}]+)|([^\w\s\x00-\x7f\u2000-\u206f\u3000-\u303f\uff00-\uffef])")
_NUMBER = re.compile(r"[0-9a-z]+(?:[-_/.][0-9a-z]+)*")
_SIGNS = re.compile("[^0-9a-z]")
TAIL_SIGN = "尾"
SYMBOL_SIGN = "符"
SHORTEST_TAIL = 4
LONGEST_NUMBER = 40
LONGEST_QUERY_WORDS = 12
LONGEST_PHRASE = 40


def normalise(text: str) -> str:
    """Full-width to half-width, compatibility forms to plain ones, lower case."""
    return unicodedata.normalize("NFKC", text).lower()


def bigrams(text: str) -> str:
    """Tokens of a text, separated by spaces: 占道经营 A12 -> 占道 道经 经营 营 a12.

    The last character of a run stands alone too, so that one character finds it by prefix.
    """
    tokens: list[str] = []
    for chinese, word, sign in _PIECES.findall(normalise(text)):
        if chinese:
            tokens.append(_pairs(chinese))
        elif word or (word := _sign(sign)):
            tokens.append(word)
    return " ".join(tokens)


def number_tails(text: str) -> str:
    """Tokens by which the last four or more digits of a number find it: the number backwards, behind a sign of ours.

    One token a number however long it is. Dashes and dots inside do not count: 0371-6789 is found by 16789.
    """
    found = (_joined(match) for match in _NUMBER.findall(normalise(text)))
    return " ".join(TAIL_SIGN + number[::-1] for number in found if len(number) > SHORTEST_TAIL and _is_number(number))


def match_query(query: str) -> str | None:
    """The FTS5 MATCH expression of what a person typed; None when there is nothing to look for.

    Several words must all be found. Two Chinese characters and more: their bigrams as one phrase; one character, Latin
    words and digits: by their beginning; four digits and more: also by the end of a number. Only the first words of an
    endless query count.
    """
    parts: list[str] = []
    for chinese, word in _pieces(query):
        if len(chinese) > 1:
            cut = chinese[:LONGEST_PHRASE]
            parts.append(f'"{" ".join(map(add, cut, cut[1:]))}"')
        elif word.isascii() and _is_number(word):
            parts.append(f'("{word}"* OR "{TAIL_SIGN}{word[::-1]}"*)')
        else:
            parts.append(f'"{chinese or word}"*')
        if len(parts) == LONGEST_QUERY_WORDS:
            break
    return " AND ".join(parts) or None


def _pieces(text: str) -> Iterator[tuple[str, str]]:
    """(run of Chinese characters, "") or ("", word), in order."""
    for chinese, word, sign in _PIECES.findall(normalise(text)):
        if chinese or word:
            yield chinese, word
        elif token := _sign(sign):
            yield "", token


@lru_cache(maxsize=8192)
def _pairs(run: str) -> str:
    """The pairs of a run and its last character; streets and kinds of trouble come back in every other text."""
    return " ".join([*map(add, run, run[1:]), run[-1]])


@lru_cache(maxsize=4096)
def _sign(sign: str) -> str:
    """A word standing for a symbol such as an emoji, which the index itself would drop; nothing for punctuation."""
    return f"{SYMBOL_SIGN}{ord(sign):x}" if unicodedata.category(sign).startswith("S") else ""


def _joined(number: str) -> str:
    return _SIGNS.sub("", number)[:LONGEST_NUMBER]


def _is_number(word: str) -> bool:
    return sum(map(str.isdigit, word)) >= SHORTEST_TAIL
