"""Where a list under views and chips comes from, and what is asked of it."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from app.base.words import N_
from app.domain.case_views import CountSaid
from ui.widgets.filter_bar import FilterSpec

Chosen = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Asked:
    """What is shown: a saved view, what is chosen in the chips, words searched for, and in which order."""

    view: str
    chosen: Chosen
    search: str
    order: str = ""
    ascending: bool = True

    def one(self) -> dict[str, str]:
        """What is chosen in each chip that takes one thing."""
        return {key: values[0] for key, values in self.chosen.items() if values}


@dataclass(frozen=True)
class FirstPage:
    """What a long list begins with, and how many there are about."""

    lines: Sequence[Any]
    said: CountSaid


@dataclass(frozen=True)
class EmptyWords:
    """What is said where nothing is shown, as msgids; the button begins what fills the list.

    filtered: where chips keep everything away. any_there: whether there is a record at all, asked in a reader thread.
    """

    sentence: str
    hint: str = ""
    button: str = ""
    filtered: str = N_("没有符合这些条件的记录")
    any_there: Callable[[], bool] | None = None


@dataclass(frozen=True)
class ListSource:
    """Where a list comes from; all that can be called runs in reader threads, but for the chips.

    ids: the whole list. first: its first page, where the whole takes long. lines: of row numbers. rid_of: of an
    identity. titles: of the saved views; the last one holds everything. counts: by view. counted: how many there are.
    """

    ids: Callable[[Asked], array[int]]
    lines: Callable[[Sequence[int]], Sequence[Any]]
    rid_of: Callable[[UUID], int | None]
    specs: Sequence[FilterSpec]
    empty: EmptyWords
    titles: Mapping[str, str] = field(default_factory=dict)
    counts: Callable[[], Mapping[str, Any]] | None = None
    first: Callable[[Asked], FirstPage] | None = None
    counted: str = N_("{n} 条")
