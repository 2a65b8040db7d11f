"""A table ready to be understood: its header, and its rows as often as they are asked for."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.base.watch import Watch, silent
from app.domain.problems import Refused
from app.services.sheets.books import Book, Grid
from app.services.sheets.cells import Cell, MergedArea, SheetRow, column_letter
from app.services.sheets.headers import LOOK_ROWS, Header, Knows, find_header, is_blank_row, known_words
from app.services.sheets.json_book import json_book
from app.services.sheets.kinds import FileKind, file_kind
from app.services.sheets.mapping import is_case_word
from app.services.sheets.text_book import text_book
from app.services.sheets.workbook_book import workbook_book

STEP_ROWS = 500


@dataclass(frozen=True)
class Sheet:
    """One table of a file. `names` are all tables of the file, `titles` what stands above the header."""

    path: Path
    kind: FileKind
    names: tuple[str, ...]
    header: tuple[str, ...]
    header_row: int
    titles: tuple[str, ...]
    grid: Grid
    data_row: int

    @property
    def name(self) -> str:
        """The name of the table."""
        return self.grid.name

    @property
    def total(self) -> int:
        """About how many rows there are, for progress; 0 when unknown."""
        return max(self.grid.total - self.data_row, 0)

    def column_name(self, index: int) -> str:
        """What a person calls a column (counted from 0): its header, else its letter."""
        if index < len(self.header) and self.header[index]:
            return self.header[index]
        return f"{column_letter(index + self.grid.first_column)}列"

    def unique_names(self) -> tuple[str, ...]:
        """Column names with the letter added where two would be the same."""
        names = [self.column_name(index) for index in range(len(self.header))]
        return tuple(
            f"{name}({column_letter(index + self.grid.first_column)})" if names.count(name) > 1 else name
            for index, name in enumerate(names)
        )

    def rows(self, watch: Watch | None = None) -> Iterator[SheetRow]:
        """Every row below the header that holds anything, numbered as the spreadsheet program numbers it.

        Blocks merged downwards give their value to each of their rows. Steps `watch`, which may stop it.
        """
        watch = watch or silent()
        offset = 0 if self.grid.keys is None else 1
        fill = _Downwards(self.grid.merged)
        for number, cells in enumerate(self.grid.rows(), 1 + offset):
            place = number - 1 - offset
            if place % STEP_ROWS == 0:
                watch.step(max(place - self.data_row, 0), self.total)
            if place < self.data_row:
                fill.remember(place, cells)
                continue
            cells = fill.filled(place, cells)
            if not is_blank_row(cells):
                yield SheetRow(number, cells)


class _Downwards:
    """Gives the value of a block merged over several rows to each of them, in its first column."""

    def __init__(self, merged: Sequence[MergedArea]) -> None:
        tall = sorted(area for area in merged if area.bottom > area.top)
        self._starts = [area.top for area in tall]
        self._tall = tall
        self._open: list[tuple[MergedArea, Cell]] = []
        self._last = max((area.bottom for area in tall), default=-1)

    def remember(self, row: int, cells: Sequence[Cell]) -> None:
        """Note the blocks that begin in this row."""
        if row > self._last:
            return
        first = bisect_right(self._starts, row - 1)
        for area in self._tall[first : bisect_right(self._starts, row)]:
            if area.left < len(cells):
                self._open.append((area, cells[area.left]))

    def filled(self, row: int, cells: Sequence[Cell]) -> Sequence[Cell]:
        """The row with the values of the blocks that reach into it."""
        if row > self._last:
            return cells
        self._open = [(area, value) for area, value in self._open if area.bottom >= row]
        self.remember(row, cells)
        reaching = [(area, value) for area, value in self._open if area.top < row]
        if not reaching:
            return cells
        copy = list(cells)
        for area, value in reaching:
            if area.left < len(copy):
                copy[area.left] = value
        return copy


def sheet_names(path: Path, watch: Watch | None = None) -> tuple[str, ...]:
    """The tables of a file, in its order, hidden ones included."""
    return _open_book(path, watch or silent())[1].names


def open_sheet(
    path: Path, sheet: str | None = None, *, watch: Watch | None = None, knows: Knows = is_case_word
) -> Sheet:
    """One table of a file with its header found.

    sheet: its name; None takes the first shown table whose header is understood, else the first with content.
    knows: tells known header words; the header is the row with most of them.
    Raises Refused (sheet.*) in words naming the cure, Unavailable when the file cannot be opened, Cancelled.
    """
    if sheet is not None:
        kind, book = _open_book(path, watch or silent())
        if sheet not in book.names:
            raise Refused("sheet.no_such_sheet", file=path.name, sheet=sheet, names="、".join(book.names))
        return _need(_sheet(path, kind, book, sheet, knows), sheet)
    first: Sheet | None = None
    for candidate in open_sheets(path, watch=watch, knows=knows):
        if known_words(candidate.header, knows) >= 2:
            return candidate
        first = first or candidate
    return _need(first, path.stem)


def open_sheets(path: Path, *, watch: Watch | None = None, knows: Knows = is_case_word) -> Iterator[Sheet]:
    """Every shown table of a file that holds anything, in the file's order."""
    kind, book = _open_book(path, watch or silent())
    for name in book.shown:
        sheet = _sheet(path, kind, book, name, knows)
        if sheet is not None:
            yield sheet


def _open_book(path: Path, watch: Watch) -> tuple[FileKind, Book]:
    kind = file_kind(path)
    if kind is FileKind.TEXT:
        return kind, text_book(path, watch)
    if kind is FileKind.JSON:
        return kind, json_book(path)
    return kind, workbook_book(path, kind, watch)


def _need(sheet: Sheet | None, name: str) -> Sheet:
    if sheet is None:
        raise Refused("sheet.empty", sheet=name)
    return sheet


def _sheet(path: Path, kind: FileKind, book: Book, name: str, knows: Knows) -> Sheet | None:
    grid = book.load(name)
    header = _header(grid, knows)
    if header is None:
        return None
    return Sheet(path, kind, book.names, header.names, header.row + 1, header.titles, grid, header.data_row)


def _header(grid: Grid, knows: Knows) -> Header | None:
    if grid.keys is not None:
        return Header(grid.keys, -1, 0, ())
    top: list[Sequence[Cell]] = []
    skipped = 0
    for cells in grid.rows():
        if not top and is_blank_row(cells):
            skipped += 1
            continue
        top.append(cells)
        if len(top) == LOOK_ROWS:
            break
    if not top:
        return None
    merged = [
        area._replace(top=max(area.top - skipped, 0), bottom=area.bottom - skipped)
        for area in grid.merged
        if area.bottom >= skipped and area.top - skipped < LOOK_ROWS
    ]
    header = find_header(top, merged, knows)
    if header is None:
        return None
    return Header(header.names, header.row + skipped, header.data_row + skipped, header.titles)
