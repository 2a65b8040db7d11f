"""Workbooks (.xlsx, .xls, .xlsb, .ods) read by calamine."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType

import python_calamine

from app.base.watch import Watch
from app.domain.problems import Refused
from app.services.sheets.books import Book, Grid
from app.services.sheets.cells import Cell, MergedArea
from app.services.sheets.epoch import counts_from_1904
from app.services.sheets.kinds import FileKind
from app.services.sheets.packing import check_packing
from app.services.sheets.probe import check_by_reading, open_calamine


def workbook_book(path: Path, kind: FileKind, watch: Watch) -> Book:
    """The sheets of a workbook that was proved safe to load. calamine releases the interpreter lock while it reads."""
    if kind is not FileKind.XLS:
        check_packing(path, watch)
    if kind is not FileKind.XLSX:
        check_by_reading(path, watch)
    with _Readable(path):
        workbook = open_calamine(path)
        date_1904 = counts_from_1904(path, kind)
    sheets = [sheet for sheet in workbook.sheets_metadata if sheet.typ == python_calamine.SheetTypeEnum.WorkSheet]
    if not sheets:
        raise Refused("sheet.no_tables", file=path.name)

    def load(name: str) -> Grid:
        with _Readable(path):
            return _grid(workbook.get_sheet_by_name(name), date_1904)

    visible = [sheet.name for sheet in sheets if sheet.visible == python_calamine.SheetVisibleEnum.Visible]
    names = tuple(sheet.name for sheet in sheets)
    return Book(names, tuple(visible) or names, load)


def _grid(sheet: python_calamine.CalamineSheet, date_1904: bool) -> Grid:
    first_column = sheet.start[1] if sheet.start else 0
    last_row = sheet.end[0] if sheet.end else 0

    def rows() -> Iterator[Sequence[Cell]]:
        return iter(sheet.iter_rows()) if sheet.start else iter(())

    return Grid(
        name=sheet.name,
        rows=rows,
        total=last_row + 1 if sheet.end else 0,
        first_column=first_column,
        date_1904=date_1904,
        merged=tuple(
            MergedArea(top, left - first_column, min(bottom, last_row), right - first_column)
            for (top, left), (bottom, right) in sheet.merged_cell_ranges or []
            if top <= last_row and left >= first_column
        ),
    )


class _Readable:
    """Turns what calamine throws at a bad file into words. Its panics derive from BaseException and have no importable
    class, so they are known by name here instead of being caught by a clause that would catch everything."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> None:
        return None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            return
        if issubclass(kind, python_calamine.PasswordError):
            raise Refused("sheet.password", file=self._path.name) from error
        if issubclass(kind, (python_calamine.CalamineError, OSError, ValueError)) or kind.__name__ == "PanicException":
            raise Refused("sheet.damaged", file=self._path.name) from error
