"""What a cell of a sheet can hold, and how its place is named."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import NamedTuple, TypeAlias

Cell: TypeAlias = str | int | float | bool | date | datetime | time | timedelta | None


class SheetRow(NamedTuple):
    """One row as the spreadsheet program numbers it (the first row is 1)."""

    number: int
    cells: Sequence[Cell]


class MergedArea(NamedTuple):
    """A merged block, rows and columns counted from 0, both ends included."""

    top: int
    left: int
    bottom: int
    right: int


def is_blank(cell: Cell) -> bool:
    """Nothing in the cell, or white space only."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def column_letter(index: int) -> str:
    """The spreadsheet's name of a column counted from 0: 0 is A, 26 is AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
