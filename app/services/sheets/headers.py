"""Finds the header of a table below its title rows, and names its columns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.services.sheets.cells import Cell, MergedArea, is_blank
from app.services.sheets.values import as_text

LOOK_ROWS = 40
LONGEST_NAME = 60
DEEPEST_HEADER = 4
Knows = Callable[[str], bool]


@dataclass(frozen=True)
class Header:
    """Names of the columns ("" where a column has none), the rows above, and where the data begins (counted from 0)."""

    names: tuple[str, ...]
    row: int
    data_row: int
    titles: tuple[str, ...]


def find_header(top: Sequence[Sequence[Cell]], merged: Sequence[MergedArea], knows: Knows) -> Header | None:
    """The header among the first rows: the row with most known words, else the first that looks like names."""
    filled = fill_merged(top, merged)
    texts = [[as_text(cell) for cell in row] for row in filled]
    row = _row_of_known_words(texts, knows)
    if row is None:
        row = _row_of_names(filled, texts)
    if row is None:
        return None
    ends = [area.bottom for area in merged if area.top <= row <= area.bottom < row + DEEPEST_HEADER]
    last = min(max(ends, default=row), len(texts) - 1)
    return Header(names=_names(texts, last), row=row, data_row=last + 1, titles=tuple(_titles(texts[:row], texts[row])))


def fill_merged(top: Sequence[Sequence[Cell]], merged: Sequence[MergedArea]) -> list[list[Cell]]:
    """The rows with every merged block holding its value in all its cells."""
    filled = [list(row) for row in top]
    for area in merged:
        if area.top >= len(filled) or area.left >= len(filled[area.top]):
            continue
        value = filled[area.top][area.left]
        for row in filled[area.top : area.bottom + 1]:
            row[area.left : area.right + 1] = [value] * len(row[area.left : area.right + 1])
    return filled


def known_words(texts: Sequence[str], knows: Knows) -> int:
    """How many different known header words a row holds."""
    return sum(1 for text in set(texts) if text and len(text) <= LONGEST_NAME and knows(text))


def _row_of_known_words(texts: Sequence[Sequence[str]], knows: Knows) -> int | None:
    scores = [known_words(row, knows) for row in texts]
    best = max(scores, default=0)
    if best < 2:
        return None
    return scores.index(best)


def _row_of_names(filled: Sequence[Sequence[Cell]], texts: Sequence[Sequence[str]]) -> int | None:
    """The first row filled with different short texts about as wide as the table; else the first row with anything."""
    used = [sum(1 for text in row if text) for row in texts]
    widest = max(used, default=0)
    for number, (cells, names) in enumerate(zip(filled, texts, strict=True)):
        short = {name for cell, name in zip(cells, names, strict=True) if isinstance(cell, str) and _is_name(name)}
        if short and len(short) >= 0.6 * widest:
            return number
    return next((number for number, count in enumerate(used) if count), None)


def _is_name(text: str) -> bool:
    return 0 < len(text) <= LONGEST_NAME and not text.replace(".", "").replace("-", "").isdigit()


def _names(texts: Sequence[Sequence[str]], row: int) -> tuple[str, ...]:
    """One name a column; names that repeat below different merged headings get the heading in front."""
    names = list(texts[row])
    above = texts[row - 1] if row else []
    repeated = {name for name in names if name and names.count(name) > 1}
    for column, name in enumerate(names):
        heading = above[column] if column < len(above) else ""
        if name in repeated and heading and heading != name and above.count(heading) < len(names):
            names[column] = heading + name
    while names and not names[-1]:
        names.pop()
    return tuple(names)


def _titles(above: Sequence[Sequence[str]], header: Sequence[str]) -> list[str]:
    return [text for row in above for text in dict.fromkeys(row) if text and text not in header]


def is_blank_row(cells: Sequence[Cell]) -> bool:
    """True when no cell holds anything; a row of zeros does hold something."""
    return all(is_blank(cell) for cell in cells)
