"""Lists as sheets: .xlsx row by row in constant memory, or .csv for programs; always a whole file or none."""

from __future__ import annotations

import csv
import errno
import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal
from zipfile import ZIP_DEFLATED, ZipFile
from zoneinfo import ZoneInfo

from app.base.watch import Watch, silent
from app.base.words import _
from app.domain.problems import Refused, Unavailable

ZONE = ZoneInfo("Asia/Shanghai")
LAST_ROW = 1_048_576
LONGEST_CELL = 32_767
STEP_ROWS = 500
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")

_UNWRITABLE = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff\ud800-\udfff]|_x(?=[0-9A-Fa-f]{4}_)")
_SHEET_NAME_MARKS = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_FORMATS = {"date": "yyyy-mm-dd", "datetime": "yyyy-mm-dd hh:mm"}

ColumnKind = Literal["text", "number", "date", "datetime", "as_is"]


@dataclass(frozen=True)
class SheetColumn:
    """One column: its header, how its values are written, its width in characters.

    text: always text, so that case and identity numbers keep every digit · number · date and datetime: real dates in
    the office's zone · as_is: each value by its own type, text staying text.
    """

    title: str
    kind: ColumnKind = "text"
    width: float = 16


def export_rows(
    path: Path,
    columns: Sequence[SheetColumn],
    rows: Iterable[Sequence[Any]],
    watch: Watch | None = None,
    *,
    title: str = "",
    total: int = 0,
) -> int:
    """Write `rows` to `path` (.csv by its suffix, else .xlsx) and give their number.

    The file appears under its name when it is complete; stopped or failed, an older file stays as it was.
    title: name of the sheet. total: for progress, 0 when not known.
    Raises Refused("sheet.too_many_rows"), Unavailable("sheet.target_locked" or "sheet.disk_full"), Cancelled.
    """
    steps = _steps(rows, watch or silent(), total)
    with _replacing(path) as part:
        if path.suffix.lower() == ".csv":
            return _write_csv(part, columns, steps)
        return _write_xlsx(part, columns, steps, title)


def _steps(rows: Iterable[Sequence[Any]], watch: Watch, total: int) -> Iterator[Sequence[Any]]:
    """The rows, telling the watch how far they are."""
    for count, row in enumerate(rows):
        if count % STEP_ROWS == 0:
            watch.step(count, total)
        yield row
    watch.check()


@contextmanager
def _replacing(path: Path) -> Iterator[Path]:
    """A file beside the target that takes its place at the end, or vanishes."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        yield part
        os.replace(part, path)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise Unavailable("sheet.disk_full", file=path.name) from error
        raise Unavailable("sheet.target_locked", file=path.name) from error
    finally:
        with suppress(OSError):  # its folder may be no folder at all
            part.unlink(missing_ok=True)


def _write_xlsx(part: Path, columns: Sequence[SheetColumn], rows: Iterable[Sequence[Any]], title: str) -> int:
    from openpyxl import Workbook
    from openpyxl.utils import get_column_letter
    from openpyxl.writer.excel import ExcelWriter

    with part.open("wb") as file:  # an unwritable place is told before the work, not after it
        book = Workbook(write_only=True)
        sheet = book.create_sheet(sheet_title(title))
        sheet.freeze_panes = "A2"
        for place, column in enumerate(columns, 1):
            sheet.column_dimensions[get_column_letter(place)].width = column.width
        sheet.append([_header_cell(sheet, column.title) for column in columns])
        with _without_traces(sheet):
            count = _append_all(sheet, columns, rows)
            sheet.auto_filter.ref = f"A1:{get_column_letter(max(len(columns), 1))}{count + 1}"
            # Our own archive: the one openpyxl makes is closed a second time by the collector when the disk is full.
            with ZipFile(file, "w", ZIP_DEFLATED) as archive:
                ExcelWriter(book, archive).write_data()
        file.flush()
        os.fsync(file.fileno())
    return count


@contextmanager
def _without_traces(sheet: Any) -> Iterator[None]:
    """Removes the plain-text file openpyxl 3.1 keeps in the system's temporary folder when a sheet is not saved."""
    try:
        yield
    finally:
        if not sheet.closed:
            sheet.close()
            sheet._writer.cleanup()


def _append_all(sheet: Any, columns: Sequence[SheetColumn], rows: Iterable[Sequence[Any]]) -> int:
    writers = [_writer(sheet, column.kind) for column in columns]
    count = 0
    for row in rows:
        count += 1
        if count >= LAST_ROW:
            raise Refused("sheet.too_many_rows", limit=LAST_ROW - 1)
        sheet.append([write(value) for write, value in zip(writers, row, strict=True)])
    return count


def _write_csv(part: Path, columns: Sequence[SheetColumn], rows: Iterable[Sequence[Any]]) -> int:
    count = 0
    with part.open("w", encoding="utf-8-sig", errors="replace", newline="") as file:
        sheet = csv.writer(file)
        sheet.writerow([_csv_value(column.title) for column in columns])
        for row in rows:
            sheet.writerow([_csv_value(value) for value in row])
            count += 1
        file.flush()
        os.fsync(file.fileno())
    return count


def sheet_title(title: str) -> str:
    """A name the spreadsheet program accepts: no forbidden marks, at most 31 characters."""
    return _SHEET_NAME_MARKS.sub(" ", title).strip().strip("'")[:31].strip() or _("数据")


def _header_cell(sheet: Any, title: str) -> Any:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    cell = _text_cell(sheet)(title)
    if not hasattr(cell, "font"):
        cell = WriteOnlyCell(sheet, cell)
    cell.font = Font(bold=True)
    return cell


def _writer(sheet: Any, kind: ColumnKind) -> Callable[[Any], Any]:
    """What turns a value of a column into what openpyxl is given."""
    text = _text_cell(sheet)
    if kind == "text":
        return lambda value: None if value is None or value == "" else text(_as_text(value))
    dated = {name: _date_cell(sheet, _FORMATS[name]) for name in _FORMATS}

    def write(value: Any) -> Any:
        if isinstance(value, str):
            return text(value) if value else None
        if isinstance(value, datetime):
            return dated["date" if kind == "date" else "datetime"](_local(value))
        if isinstance(value, date):
            return dated["date"](value)
        return value

    return write


def _text_cell(sheet: Any) -> Callable[[str], Any]:
    """Text as text: what openpyxl would read as a formula or an error value goes in as a cell said to be a string."""
    from openpyxl.cell import WriteOnlyCell

    def cell(text: str) -> Any:
        safe = writable(text)
        if safe[:1] not in ("=", "#"):
            return safe
        made = WriteOnlyCell(sheet, safe)
        made.data_type = "s"
        return made

    return cell


def _date_cell(sheet: Any, number_format: str) -> Callable[[date], Any]:
    """One styled cell used for every row: a write-only row is on disk before the next one is made."""
    from openpyxl.cell import WriteOnlyCell

    made = WriteOnlyCell(sheet)
    made.number_format = number_format

    def cell(value: date) -> Any:
        if value.year < 1900:  # no spreadsheet knows such a day
            return value.isoformat()
        made.value = value
        return made

    return cell


def _local(moment: datetime) -> datetime:
    """The wall clock of the office; spreadsheets know no zones."""
    return moment.astimezone(ZONE).replace(tzinfo=None) if moment.tzinfo else moment


def _as_text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, datetime):
        return _local(value).strftime("%Y-%m-%d %H:%M")
    return str(value)


def writable(text: str) -> str:
    """Text a workbook can hold: control characters in its own escape (_x000B_), at most 32,767 characters, said so."""
    if _UNWRITABLE.search(text):
        text = _UNWRITABLE.sub(_escaped, text)
    if len(text) <= LONGEST_CELL // 2 or len(text.encode("utf-16-le")) // 2 <= LONGEST_CELL:
        return text
    told = _("…(原文共 {count} 字,此处截断)").format(count=len(text))
    room = (LONGEST_CELL - len(told)) * 2
    return text.encode("utf-16-le")[:room].decode("utf-16-le", errors="ignore") + told


def _escaped(match: re.Match[str]) -> str:
    mark = match[0]
    return "_x005F_x" if mark == "_x" else f"_x{ord(mark):04X}_"


def _csv_value(value: Any) -> Any:
    """A value for .csv; text a spreadsheet program would run as a formula gets its text mark, an apostrophe."""
    if isinstance(value, str):
        text = value.replace("\0", "")
        return "'" + text if text.startswith(FORMULA_STARTS) else text
    if isinstance(value, datetime):
        return _as_text(value)
    return value
