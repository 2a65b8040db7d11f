"""The words records are found by: numbers, places, descriptions, kinds; persons apart; pinyin initials."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import cast

from app.domain.cases import Case
from app.domain.pinyin import Initials
from app.domain.records import Record
from app.domain.text import bigrams, number_tails
from db.fts import SearchIndex, SearchWords, WordsOf, type_word

_VARIANTS = 4


class CaseWords:
    """Makes the tokens of a case."""

    def __init__(self, kept_initials: KeptInitials) -> None:
        self._kept_initials = kept_initials

    def __call__(self, record: Record) -> SearchWords:
        case = cast(Case, record)
        numbers = " ".join(filter(None, (case.local_no, case.city_no, case.source_no)))
        category = case.minor_name or case.category_text
        # Lines of a case by themselves, and those that thousands of cases share, each cut once.
        own = "\n".join((numbers, case.address, case.house_no, case.near, case.description))
        shared = (category, case.major_name, case.road, case.street_name, case.community_name, case.unit_name)
        cut = " ".join(filter(None, map(_cut, shared)))
        person = f"{case.reporter_name}\n{case.reporter_phone}".strip()
        return SearchWords(
            words=f"{bigrams(own)} {cut} {number_tails(numbers)}".strip(),
            person=f"{bigrams(person)} {number_tails(case.reporter_phone)}".strip() if person else "",
            initials=" ".join(filter(None, (self._of(text) for text in (category, case.road, case.street_name)))),
        )

    def _of(self, text: str) -> str:
        return self._kept_initials.of(text)


class KeptInitials:
    """Initials of texts that thousands of records share, made once; one per store."""

    def __init__(self, initials: Initials) -> None:
        self._initials = initials
        self._kept: dict[str, str] = {}

    def of(self, text: str) -> str:
        """The readings of a text's first letters, separated by spaces."""
        if text not in self._kept:
            if len(self._kept) > 20_000:
                self._kept.clear()
            self._kept[text] = " ".join(self._initials.variants(text, _VARIANTS)) if text else ""
        return self._kept[text]


class RecordWords:
    """Makes the tokens of records that are no cases out of named fields; `numbers` are found by their ends too."""

    def __init__(
        self,
        record_type: str,
        initials: KeptInitials,
        *,
        numbers: Sequence[str],
        own: Sequence[str],
        shared: Sequence[str],
        by_initials: Sequence[str],
    ) -> None:
        """own: fields of the record alone. shared: fields whose values come again and again."""
        self._word = type_word(record_type)
        self._initials = initials
        self._numbers, self._own, self._shared, self._by_initials = numbers, own, shared, by_initials

    def __call__(self, record: Record) -> SearchWords:
        values = record.__dict__
        numbers = " ".join(filter(None, (values[name] for name in self._numbers)))
        own = "\n".join((numbers, *(_said(values[name]) for name in self._own)))
        cut = (_cut(said) for name in self._shared if (said := _said(values[name])))
        return SearchWords(
            words=" ".join(filter(None, (self._word, bigrams(own), *cut, number_tails(numbers)))),
            person="",
            initials=" ".join(filter(None, (self._initials.of(values[name]) for name in self._by_initials))),
        )


def _said(value: object) -> str:
    return " ".join(map(str, value)) if isinstance(value, tuple) else str(value)


@lru_cache(maxsize=20_000)
def _cut(text: str) -> str:
    return bigrams(text)


_PLACE = ("road", "street_name", "community_name")


def search_index(initials: Initials) -> SearchIndex:
    """The index of everything that is searched today."""
    kept = KeptInitials(initials)
    words: dict[str, WordsOf] = {"case": CaseWords(kept), **{name: made(kept) for name, made in _MAKERS.items()}}
    return SearchIndex(words)


def _round(kept: KeptInitials) -> WordsOf:
    shared = ("member_name", "grid_code", "street_name", "road", "template_name")
    numbers = ("number", "source_no")
    by_initials = ("member_name", "street_name", "road", "template_name")
    return RecordWords("patrol_round", kept, numbers=numbers, own=("note",), shared=shared, by_initials=by_initials)


def _finding(kept: KeptInitials) -> WordsOf:
    return RecordWords(
        "finding",
        kept,
        numbers=("number", "case_no", "source_no"),
        own=("address", "house_no", "near", "description", "outcome_note"),
        shared=("minor_name", "category_text", "member_name", *_PLACE),
        by_initials=("minor_name", "category_text", "road", "street_name"),
    )


def _facility(kept: KeptInitials) -> WordsOf:
    return RecordWords(
        "facility",
        kept,
        numbers=("code", "house_number", "source_no"),
        own=("name", "address", "note"),
        shared=("minor_name", "major_name", "owner", "maintainer", "authority", *_PLACE),
        by_initials=("name", "minor_name", "road", "street_name"),
    )


def _enterprise(kept: KeptInitials) -> WordsOf:
    return RecordWords(
        "enterprise",
        kept,
        numbers=("credit_code",),
        own=("name", "address"),
        shared=("category", "street_name"),
        by_initials=("name", "street_name"),
    )


def _inspection(kept: KeptInitials) -> WordsOf:
    return RecordWords(
        "inspection",
        kept,
        numbers=("number", "notice_no"),
        own=("matter", "note", "officer_words"),
        shared=("enterprise_name", "units", "result"),
        by_initials=("enterprise_name",),
    )


_MAKERS: dict[str, Callable[[KeptInitials], WordsOf]] = {
    "patrol_round": _round,
    "finding": _finding,
    "facility": _facility,
    "enterprise": _enterprise,
    "inspection": _inspection,
}
