"""Attendance out of sheets: a month sheet with a column a day, or a list with a row a day (time clocks write these)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from uuid import UUID

from app.base.watch import Watch
from app.base.words import _
from app.domain.attendance import AttendanceState
from app.domain.attendance_rules import DEFAULT_SHIFT, Seen, judged
from app.domain.problems import Refused
from app.domain.workcalendar import ZONE
from app.services.sheets.cells import Cell, SheetRow
from app.services.sheets.dates import as_instant
from app.services.sheets.field_words import ATTENDANCE_COLUMNS, ATTENDANCE_WORDS, DAY_ENDINGS
from app.services.sheets.reading import Sheet, open_sheet
from app.services.sheets.refusals import RowRefusal, refusal
from app.services.sheets.values import ValueRefused, as_text

_NOBODY = UUID(int=0)


@dataclass(frozen=True)
class AttendanceRow:
    """One member's one day as a sheet says it."""

    row: int
    column: str
    name: str
    number: str
    day: date
    state: AttendanceState
    source: str
    clock_in: datetime | None = None
    clock_out: datetime | None = None


def read_rows(path: Path, month: date, watch: Watch | None = None) -> Iterator[AttendanceRow | RowRefusal]:
    """Every day of a sheet, or why it cannot be read. month: the first day of the month its columns 1 to 31 belong to.

    Raises Refused("attendance.columns_missing") and what opening a sheet raises.
    """
    sheet = open_sheet(path, watch=watch, knows=lambda word: _column_of(word) is not None or _day_of(word) is not None)
    places = {column: place for place, word in enumerate(sheet.header) if (column := _column_of(word))}
    days = {place: day for place, word in enumerate(sheet.header) if (day := _day_of(word)) is not None}
    if not ({"name", "number"} & set(places)) or not (days or "day" in places):
        raise Refused("attendance.columns_missing", file=path.name)
    for row in sheet.rows(watch):
        if days and "day" not in places:
            yield from _month_row(sheet, row, places, days, month)
        else:
            try:
                yield _day_row(row, places, path.name)
            except Refused as refused:
                yield refusal(row.number, "", refused.code, **refused.details)


def _month_row(
    sheet: Sheet, row: SheetRow, places: Mapping[str, int], days: Mapping[int, int], month: date
) -> Iterator[AttendanceRow | RowRefusal]:
    for place, number in days.items():
        text, column = as_text(_cell(row.cells, place)).strip(), sheet.header[place]
        day = _nth(month, number)
        if not text or day is None:
            continue
        try:
            state = _state(text, column)
        except Refused as refused:
            yield refusal(row.number, column, refused.code, **refused.details)
            continue
        yield AttendanceRow(row.number, column, *_who(row.cells, places), day, state, sheet.path.name[:40])


def _day_row(row: SheetRow, places: Mapping[str, int], file: str) -> AttendanceRow:
    moment = _instant(row, places["day"], _("日期"), None)
    if moment is None:
        raise Refused("attendance.cell", what="日期", text="")
    day = moment.astimezone(ZONE).date()
    clock_in = _instant(row, places["in"], _("上班"), day) if "in" in places else None
    clock_out = _instant(row, places["out"], _("下班"), day) if "out" in places else None
    text = as_text(_cell(row.cells, places["state"])).strip() if "state" in places else ""
    state = _state(text, _("考勤")) if text else _of_clocks(clock_in, clock_out, day)
    return AttendanceRow(row.number, "", *_who(row.cells, places), day, state, file[:40], clock_in, clock_out)


def _of_clocks(clock_in: datetime | None, clock_out: datetime | None, day: date) -> AttendanceState:
    """What two punches say; one alone is taken for the other as well, none is an absence."""
    first, last = clock_in or clock_out, clock_out or clock_in
    if first is None or last is None:
        return AttendanceState.ABSENT
    begin, end = (datetime.combine(day, moment, ZONE) for moment in DEFAULT_SHIFT)
    missing_out = clock_out is None and clock_in is not None and clock_in <= begin
    return judged(Seen(_NOBODY, day, first, end if missing_out else last))


def _instant(row: SheetRow, place: int, column: str, day: date | None) -> datetime | None:
    """A moment; a bare time of day belongs to `day`. Raises Refused("attendance.cell")."""
    cell = _cell(row.cells, place)
    if isinstance(cell, time) and day is not None:
        return datetime.combine(day, cell, ZONE)
    text = as_text(cell).strip()
    try:
        if day is not None and text and ":" in text and len(text) <= 8:
            return datetime.combine(day, time.fromisoformat(text.zfill(5)), ZONE)
        return as_instant(cell, ZONE, None)
    except (ValueError, ValueRefused) as error:
        raise Refused("attendance.cell", what=column, text=text) from error


def _state(text: str, column: str) -> AttendanceState:
    state = ATTENDANCE_WORDS.get(text)
    if state is None:
        raise Refused("attendance.cell", what=column, text=text)
    return state


def _who(cells: Sequence[Cell], places: Mapping[str, int]) -> tuple[str, str]:
    name, number = (as_text(_cell(cells, places[key])).strip() if key in places else "" for key in ("name", "number"))
    return name, number


def _column_of(word: str) -> str | None:
    plain = "".join(word.lower().split())
    return next((column for column, words in ATTENDANCE_COLUMNS.items() if plain in words), None)


def _day_of(word: str) -> int | None:
    plain = word.strip()
    for ending in DAY_ENDINGS:
        plain = plain.removesuffix(ending)
    return int(plain) if plain.isdecimal() and 1 <= int(plain) <= 31 else None


def _nth(month: date, number: int) -> date | None:
    try:
        return month.replace(day=number)
    except ValueError:
        return None


def _cell(cells: Sequence[Cell], place: int) -> Cell:
    return cells[place] if place < len(cells) else None
