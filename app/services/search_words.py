"""The words a case is found by: numbers, places, description, category; persons apart; pinyin initials."""

from __future__ import annotations

from functools import lru_cache
from typing import cast

from app.domain.cases import Case
from app.domain.pinyin import Initials
from app.domain.records import Record
from app.domain.text import bigrams, number_tails
from db.fts import SearchIndex, SearchWords, WordsOf

_VARIANTS = 4


class CaseWords:
    """Makes the tokens of a case; one per store, so that the pinyin table is read once."""

    def __init__(self, initials: Initials) -> None:
        self._initials = initials
        self._kept: dict[str, str] = {}

    def __call__(self, record: Record) -> SearchWords:
        case = cast(Case, record)
        numbers = " ".join(filter(None, (case.local_no, case.city_no, case.source_no)))
        category = case.minor_name or case.category_text
        # Lines of a case by themselves, and those that thousands of cases share, cut once.
        own = "\n".join((numbers, case.address, case.house_no, case.near, case.description))
        shared = "\n".join(
            (category, case.major_name, case.road, case.street_name, case.community_name, case.unit_name)
        )
        person = f"{case.reporter_name}\n{case.reporter_phone}".strip()
        return SearchWords(
            words=f"{bigrams(own)} {_cut(shared)} {number_tails(numbers)}".strip(),
            person=f"{bigrams(person)} {number_tails(case.reporter_phone)}".strip() if person else "",
            initials=" ".join(filter(None, (self._of(text) for text in (category, case.road, case.street_name)))),
        )

    def _of(self, text: str) -> str:
        if text not in self._kept:
            if len(self._kept) > 20_000:
                self._kept.clear()
            self._kept[text] = " ".join(self._initials.variants(text, _VARIANTS)) if text else ""
        return self._kept[text]


@lru_cache(maxsize=20_000)
def _cut(text: str) -> str:
    return bigrams(text)


def search_index(initials: Initials) -> SearchIndex:
    """The index of everything that is searched today."""
    words: dict[str, WordsOf] = {"case": CaseWords(initials)}
    return SearchIndex(words)
