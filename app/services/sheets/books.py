"""A file as it lies on disk: named grids of cells, before any header or meaning is looked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from app.services.sheets.cells import Cell, MergedArea


@dataclass(frozen=True)
class Grid:
    """One table. `rows()` starts anew at the spreadsheet's row 1 each time it is called."""

    name: str
    rows: Callable[[], Iterator[Sequence[Cell]]]
    total: int = 0
    first_column: int = 0
    date_1904: bool = False
    ragged: bool = False
    merged: tuple[MergedArea, ...] = ()
    keys: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Book:
    """The tables of one file. `shown` are those a person sees in the spreadsheet program, in its order."""

    names: tuple[str, ...]
    shown: tuple[str, ...]
    load: Callable[[str], Grid]
