"""A year's holidays and make-up days out of a sheet: one row a day, or one row a span of days."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from app.base.watch import Watch
from app.domain.problems import Refused
from app.services.sheets.cells import Cell, SheetRow
from app.services.sheets.mapping import plain_header
from app.services.sheets.reading import Sheet, open_sheet
from app.services.sheets.values import as_text

FIRST_YEAR, LAST_YEAR = 2000, 2100
LONGEST_SPAN = 31
_DATE_WORDS = frozenset({"日期", "date", "day", "开始日期", "起始日期", "开始", "时间"})
_UNTIL_WORDS = frozenset({"结束日期", "截止日期", "结束", "end", "enddate"})
_KIND_WORDS = frozenset({"类型", "类别", "kind", "type", "安排", "性质", "状态", "是否工作日", "是否上班", "isoffday"})
_OFF = frozenset({"holiday", "节假日", "放假", "休息", "休", "假日", "假期", "法定节假日", "off", "false", "否", "0"})
_WORK = frozenset({"makeup_workday", "调休上班", "补班", "上班", "班", "工作日", "调休", "work", "true", "是", "1"})
_OFF_DAY_HEADER = frozenset({"isoffday"})


@dataclass(frozen=True)
class DayRows:
    """What a sheet says. days: ISO day -> worked or not. refused: number of the row and what stands in it."""

    days: Mapping[str, bool]
    refused: tuple[tuple[int, str], ...]

    @property
    def years(self) -> tuple[int, ...]:
        """The years the sheet speaks of."""
        return tuple(sorted({int(day[:4]) for day in self.days}))


def read_day_rows(path: Path, watch: Watch | None = None) -> DayRows:
    """The days of a sheet. Raises Refused("sheet.…") for what is no sheet or has no column of days and kinds."""
    sheet = open_sheet(path, watch=watch, knows=lambda text: plain_header(text) in _DATE_WORDS | _KIND_WORDS)
    places = _places(sheet)
    days: dict[str, bool] = {}
    refused: list[tuple[int, str]] = []
    for row in sheet.rows(watch):
        worked = _worked(row, places, sheet)
        found = list(_span(row, places))
        if worked is None or not found:
            refused.append((row.number, " ".join(filter(None, map(as_text, row.cells)))[:80]))
        else:
            days |= dict.fromkeys((day.isoformat() for day in found), worked)
    return DayRows(days, tuple(refused))


def _places(sheet: Sheet) -> dict[str, int]:
    titles = [plain_header(title) for title in sheet.header]
    places = {}
    for name, words in (("day", _DATE_WORDS), ("until", _UNTIL_WORDS), ("kind", _KIND_WORDS)):
        at = next((at for at, title in enumerate(titles) if title in words), None)
        if at is not None:
            places[name] = at
    if "day" not in places or "kind" not in places:
        raise Refused("sheet.columns_missing", sheet=sheet.name, columns="日期、类型")
    return places


def _worked(row: SheetRow, places: Mapping[str, int], sheet: Sheet) -> bool | None:
    """Whether the office works on that day; None when the word is not known."""
    text = as_text(_cell(row, places["kind"])).strip().lower()
    if text not in _OFF | _WORK:
        return None
    worked = text in _WORK
    return not worked if plain_header(sheet.header[places["kind"]]) in _OFF_DAY_HEADER else worked


def _span(row: SheetRow, places: Mapping[str, int]) -> Iterator[date]:
    first = _day(_cell(row, places["day"]))
    last = _day(_cell(row, places["until"])) if "until" in places else first
    if first is None or last is None or not timedelta(0) <= last - first <= timedelta(days=LONGEST_SPAN):
        return
    for step in range((last - first).days + 1):
        yield first + timedelta(days=step)


def _day(cell: Cell) -> date | None:
    if isinstance(cell, datetime):
        found = cell.date()
    elif isinstance(cell, date):
        found = cell
    else:
        text = as_text(cell).replace("/", "-").replace(".", "-").replace("年", "-").replace("月", "-").rstrip("日")
        parts = text.split(" ")[0].split("-")
        if len(parts) == 1 and len(parts[0]) == 8:
            parts = [parts[0][:4], parts[0][4:6], parts[0][6:]]
        if len(parts) != 3 or not all(part.isascii() and part.isdigit() for part in parts):
            return None
        try:
            found = date(*map(int, parts))
        except ValueError:
            return None
    return found if FIRST_YEAR <= found.year <= LAST_YEAR else None


def _cell(row: SheetRow, place: int) -> Cell:
    return row.cells[place] if place < len(row.cells) else None
