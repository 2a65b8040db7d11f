"""Dates and times as people, cities and spreadsheet programs write them.

Day before month or month before day is decided once for a column (`DayOrderEvidence`), never cell by cell.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from enum import StrEnum

from app.services.sheets.cells import Cell
from app.services.sheets.values import ValueRefused, as_text, to_the_second

FIRST_YEAR, LAST_YEAR = 1980, 2100


class DayOrder(StrEnum):
    """Which of two small numbers is the month."""

    MONTH_FIRST = "mdy"
    DAY_FIRST = "dmy"


DAY_ORDER_TITLES = {DayOrder.MONTH_FIRST: "月/日/年", DayOrder.DAY_FIRST: "日/月/年"}

_CLOCK = (
    r"(?:(?:[T ,]+|(?<=[日号一二三四五六天)]))(?P<half>上午|下午|凌晨|早上|早晨|中午|晚上|傍晚)? ?(?P<hour>\d{1,2})"
    r"(?::(?P<minute>\d{1,2})(?::(?P<second>\d{1,2})(?:\.\d+)?)?|[时点](?:(?P<minutes>\d{1,2})分?(?:(?P<seconds>\d{1,2})秒?)?)?)"
    r" ?(?P<ampm>[AP]M)? ?(?P<zone>Z|[+-]\d{2}:?\d{2})?)?"
)
_WEEKDAY = r"(?: ?(?:\(?(?:星期|周)[一二三四五六日天]\)?))?"
_YEAR_FIRST = re.compile(
    r"(?P<year>\d{4}) ?[-/.年] ?(?P<month>\d{1,2}) ?[-/.月] ?(?P<day>\d{1,2}) ?[日号]?" + _WEEKDAY + _CLOCK
)
_COMPACT = re.compile(
    r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})(?:[T ]?(?P<hour>\d{2})(?P<minute>\d{2})(?P<second>\d{2})?)?"
)
_COMPACT_CLOCK = re.compile(r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})" + _CLOCK)
_TWO_FIRST = re.compile(r"(?P<one>\d{1,2})[-/.](?P<two>\d{1,2})[-/.](?P<year>\d{4})" + _CLOCK)
_DAY_NAME_FIRST = re.compile(r"(?P<day>\d{1,2})[- ](?P<name>[A-Z]{3})[A-Z]*[- ,]+(?P<year>\d{4})" + _CLOCK)
_NAME_DAY_FIRST = re.compile(r"(?P<name>[A-Z]{3})[A-Z]*\.? (?P<day>\d{1,2}),? (?P<year>\d{4})" + _CLOCK)
_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_NAMED = {name: place for place, name in enumerate(_MONTHS, 1)}
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?")
_AFTERNOON = {"下午", "晚上", "傍晚"}


class DayOrderEvidence:
    """Watches the texts of one column for a number above 12 that says which place is the day."""

    def __init__(self) -> None:
        self._month_first = self._day_first = False
        self.example = ""

    def see(self, cell: Cell) -> None:
        """Take one cell of the column into account."""
        if not isinstance(cell, str) or not (match := _TWO_FIRST.fullmatch(_plain(cell))):
            return
        one, two = int(match["one"]), int(match["two"])
        if one > 12 >= two:
            self._day_first = True
        elif two > 12 >= one:
            self._month_first = True
        elif one != two and not self.example:
            self.example = as_text(cell)

    @property
    def order(self) -> DayOrder | None:
        """What the column says by itself; None when nothing decides or the column contradicts itself."""
        if self._month_first == self._day_first:
            return None
        return DayOrder.MONTH_FIRST if self._month_first else DayOrder.DAY_FIRST

    @property
    def unclear(self) -> bool:
        """A person must say the order before this column can be read."""
        return bool(self.example) and self.order is None


def as_instant(cell: Cell, zone: tzinfo, order: DayOrder | None, date_1904: bool = False) -> datetime | None:
    """The instant in a cell as aware UTC, None when empty; a day without time is its first moment.

    zone: where times without a zone were written. Raises ValueRefused (value.date_…).
    """
    if isinstance(cell, str):
        text = _plain(cell)
        return _checked(_instant_of_text(text, zone, order, date_1904), text) if text else None
    if cell is None:
        return None
    if isinstance(cell, datetime):
        return _checked(to_the_second(cell).replace(tzinfo=cell.tzinfo or zone).astimezone(UTC), cell)
    if isinstance(cell, date):
        return _checked(datetime.combine(cell, time(), zone).astimezone(UTC), cell)
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        return _checked(_instant_of_number(cell, zone, date_1904), cell)
    raise ValueRefused("value.date_unreadable", text=as_text(cell))


def _plain(text: str) -> str:
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    return " ".join(text.split()).upper()


def _checked(moment: datetime, cell: Cell) -> datetime:
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise ValueRefused("value.date_out_of_range", text=as_text(cell), first=FIRST_YEAR, last=LAST_YEAR)
    return moment


def _instant_of_number(value: float, zone: tzinfo, date_1904: bool) -> datetime:
    """A date number of a spreadsheet, or a day written as one number such as 20220121."""
    if float(value).is_integer() and len(str(int(value))) == 8:
        return _instant_of_text(str(int(value)), zone, None, date_1904)
    if not 0 < value < 100_000:
        raise ValueRefused("value.date_unreadable", text=as_text(value))
    first_day = date(1904, 1, 1) if date_1904 else date(1899, 12, 30)
    wall_clock = datetime.combine(first_day, time()) + timedelta(days=value)
    return to_the_second(wall_clock).replace(tzinfo=zone).astimezone(UTC)


def _instant_of_text(text: str, zone: tzinfo, order: DayOrder | None, date_1904: bool) -> datetime:
    for pattern in (_YEAR_FIRST, _TWO_FIRST, _COMPACT, _COMPACT_CLOCK, _DAY_NAME_FIRST, _NAME_DAY_FIRST):
        if match := pattern.fullmatch(text):
            return _instant_of_parts(match.groupdict(), text, zone, order)
    if _SERIAL.fullmatch(text):
        return _instant_of_number(float(text), zone, date_1904)
    raise ValueRefused("value.date_unreadable", text=text)


def _instant_of_parts(parts: dict[str, str | None], text: str, zone: tzinfo, order: DayOrder | None) -> datetime:
    month, day = _month_and_day(parts, text, order)
    try:
        moment = datetime(
            int(parts["year"] or 0),
            month,
            day,
            _hour(parts),
            int(parts.get("minute") or parts.get("minutes") or 0),
            int(parts.get("second") or parts.get("seconds") or 0),
            tzinfo=_zone(parts.get("zone"), zone),
        )
        return moment.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise ValueRefused("value.date_impossible", text=text) from error


def _month_and_day(parts: dict[str, str | None], text: str, order: DayOrder | None) -> tuple[int, int]:
    if name := parts.get("name"):
        if name not in _NAMED:
            raise ValueRefused("value.date_unreadable", text=text)
        return _NAMED[name], int(parts["day"] or 0)
    if parts.get("one") is None:
        return int(parts["month"] or 0), int(parts["day"] or 0)
    one, two = int(parts["one"] or 0), int(parts["two"] or 0)
    if one == two:
        return one, two
    if order is None:
        raise ValueRefused("value.day_order_unclear", text=text)
    return (one, two) if order is DayOrder.MONTH_FIRST else (two, one)


def _hour(parts: dict[str, str | None]) -> int:
    """The hour of 24. Raises ValueError for 13 PM and the like."""
    hour = int(parts.get("hour") or 0)
    half = parts.get("half")
    if ampm := parts.get("ampm"):
        if not 1 <= hour <= 12:
            raise ValueError(hour)
        return hour % 12 + (12 if ampm == "PM" else 0)
    if half == "晚上" and hour == 12:  # midnight of which day is not said
        raise ValueError(hour)
    if half in _AFTERNOON and 0 < hour < 12:
        return hour + 12
    if half == "中午" and hour < 11:
        return hour + 12
    return 0 if half == "凌晨" and hour == 12 else hour


def _zone(written: str | None, zone: tzinfo) -> tzinfo:
    if not written:
        return zone
    if written == "Z":
        return UTC
    sign = -1 if written[0] == "-" else 1
    digits = written[1:].replace(":", "")
    return timezone(sign * timedelta(hours=int(digits[:2]), minutes=int(digits[2:])))
