"""Limits in the words of a standard, read without guessing, and written back.

分钟 and 紧急… run on; 小时, 天 and 工作日 are working time; 半天 is 240 working minutes. Anything else is Unclear and is asked.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.deadlines import Limit, LimitUnit

_UNITS: Mapping[str, tuple[LimitUnit, int]] = {
    "紧急工作时": (LimitUnit.HOUR, 1),
    "紧急工作小时": (LimitUnit.HOUR, 1),
    "紧急小时": (LimitUnit.HOUR, 1),
    "紧急工作日": (LimitUnit.HOUR, 24),
    "分钟": (LimitUnit.MINUTE, 1),
    "分": (LimitUnit.MINUTE, 1),
    "工作分钟": (LimitUnit.WORKING_MINUTE, 1),
    "工作小时": (LimitUnit.WORKING_HOUR, 1),
    "工作时": (LimitUnit.WORKING_HOUR, 1),
    "小时": (LimitUnit.WORKING_HOUR, 1),
    "时": (LimitUnit.WORKING_HOUR, 1),
    "工作日": (LimitUnit.WORKING_DAY, 1),
    "工作天": (LimitUnit.WORKING_DAY, 1),
    "天": (LimitUnit.WORKING_DAY, 1),
    "日": (LimitUnit.WORKING_DAY, 1),
    "自然日": (LimitUnit.DAY, 1),
    "自然天": (LimitUnit.DAY, 1),
}
_WRITTEN: Mapping[LimitUnit, str] = {
    LimitUnit.MINUTE: "分钟",
    LimitUnit.HOUR: "紧急工作时",
    LimitUnit.DAY: "自然日",
    LimitUnit.WORKING_MINUTE: "工作分钟",
    LimitUnit.WORKING_HOUR: "工作时",
    LimitUnit.WORKING_DAY: "工作日",
}
_DIGITS = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_DIGIT = "[一二两三四五六七八九]"
_CHINESE = rf"{_DIGIT}?十{_DIGIT}?|{_DIGIT}百(?:[零〇]{_DIGIT}|{_DIGIT}十{_DIGIT}?)?|{_DIGIT}"
_PATTERN = re.compile(rf"([0-9]{{1,4}}|{_CHINESE})个?({'|'.join(_UNITS)})(?:之内|以内|内)?")
_HALF = re.compile(r"半个?(天|日|工作日|小时|工作小时)(?:之内|以内|内)?")
_HALF_MINUTES = {"天": 240, "日": 240, "工作日": 240, "小时": 30, "工作小时": 30}
LONGEST = 3660
LONGEST_WORDS = 40


@dataclass(frozen=True)
class Unclear:
    """Words that name no length we know, as they were given; a person has to say what is meant."""

    text: str


def parse_limit(text: str) -> Limit | Unclear:
    """The limit those words name, or Unclear with the words as given. Never zero, never a guess."""
    words = "".join(unicodedata.normalize("NFKC", text).split()).rstrip("。.,;、")
    if len(words) > LONGEST_WORDS:
        return Unclear(text)
    if half := _HALF.fullmatch(words):
        return Limit(value=_HALF_MINUTES[half[1]], unit=LimitUnit.WORKING_MINUTE, text=words)
    match = _PATTERN.fullmatch(words)
    number = _number(match[1]) if match else 0
    if match is None or not 0 < number <= LONGEST:
        return Unclear(text)
    unit, times = _UNITS[match[2]]
    return Limit(value=number * times, unit=unit, text=words)


def limit_words(limit: Limit) -> str:
    """A limit in the words standards use, whatever it was read from: running hours are 紧急工作时."""
    return f"{limit.value}{_WRITTEN[limit.unit]}"


def _number(words: str) -> int:
    """1..999 of Chinese numerals, any of digits."""
    if words.isascii():
        return int(words)
    hundreds, has_hundreds, rest = words.rpartition("百")
    tens, has_tens, ones = rest.rpartition("十")
    value = 100 * _DIGITS[hundreds] if has_hundreds else 0
    if has_tens:
        value += 10 * (_DIGITS[tens] if tens else 1)
    return value + (_DIGITS[ones.lstrip("零〇")] if ones else 0)
