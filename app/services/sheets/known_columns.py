"""The columns a kind of sheet is known to have: which header is which field, proposed and remembered per layout."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from app.services.sheets.mapping import layout_signature, plain_header

TEXT = "text"


@dataclass(frozen=True)
class KnownColumn:
    """One field. words: headers it is known by, the surest first. kind: how its cells are read."""

    name: str
    title: str
    words: tuple[str, ...]
    kind: str = TEXT


def known(name: str, title: str, words: str, kind: str = TEXT) -> KnownColumn:
    """A column whose words are divided by bars."""
    return KnownColumn(name, title, tuple(words.split("|")), kind)


class KnownColumns:
    """The columns of one kind of sheet. kind: keeps a layout apart from the same header in another kind's sheet."""

    def __init__(self, kind: str, columns: Callable[[], Sequence[KnownColumn]]) -> None:
        self._kind = kind
        self._columns = columns

    def signature(self, header: Sequence[str]) -> str:
        """The layout's name among remembered ones."""
        return f"{self._kind}-{layout_signature(header)}"

    def knows(self, text: str) -> bool:
        """True when the header is one of these columns."""
        return plain_header(text) in self._words

    def proposed(self, header: Sequence[str]) -> dict[str, int]:
        """Field -> column as header words suggest: the surest column wins a field, and a column goes into one field."""
        plain = [plain_header(title) for title in header]
        claims = sorted((rank, at, name) for at, word in enumerate(plain) for rank, name in self._words.get(word, ()))
        columns: dict[str, int] = {}
        for _rank, at, name in claims:
            if name not in columns and at not in columns.values():
                columns[name] = at
        return columns

    @cached_property
    def _words(self) -> Mapping[str, Sequence[tuple[int, str]]]:
        """Plain header word -> the fields it may stand for, each with its rank."""
        words: dict[str, list[tuple[int, str]]] = {}
        for column in self._columns():
            for rank, word in enumerate(column.words):
                words.setdefault(plain_header(word), []).append((rank, column.name))
        return words


def headers_of(columns: Mapping[str, int], header: Sequence[str]) -> dict[str, str]:
    """Field -> header, to be remembered for a layout."""
    return {name: header[place] for name, place in columns.items() if place < len(header)}


def columns_of(headers: Mapping[str, str], header: Sequence[str]) -> dict[str, int]:
    """Field -> column, of what `headers_of` kept."""
    plain = [plain_header(title) for title in header]
    kept = {name: plain_header(title) for name, title in headers.items()}
    return {name: plain.index(word) for name, word in kept.items() if word in plain}
