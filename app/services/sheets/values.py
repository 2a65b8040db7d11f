"""Cells become values. What cannot be read is refused by name, never guessed."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from app.services.sheets.cells import Cell

_EDGE_SPACE = " \t\r\n\f\v\u00a0\u3000\u200b\ufeff"
# The apostrophe that makes a spreadsheet take a text as text; our own .csv carries it, see app.reports.workbooks.
_TEXT_MARKS = ("'=", "'+", "'-", "'@")
_EXACT_DIGITS = 10**15
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?E\+?\d{1,3}", re.IGNORECASE)
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:E[+-]?\d{1,3})?", re.IGNORECASE)


class ValueRefused(Exception):
    """A cell that cannot be taken: a code of the problem catalogue and the details of its sentence."""

    def __init__(self, code: str, **details: object) -> None:
        super().__init__(code)
        self.code = code
        self.details = details


def as_text(cell: Cell) -> str:
    """The words of a cell as a person reads them: no white space at the ends, no text mark, whole numbers without ".0".

    What stands inside a text is left alone, full-width characters too.
    """
    if isinstance(cell, str):
        text = cell.strip(_EDGE_SPACE)
        return text[1:] if text.startswith(_TEXT_MARKS) else text
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return _float_text(cell)
    if isinstance(cell, datetime):
        return to_the_second(cell).strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(cell, (date, time)):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        minutes, seconds = divmod(round(cell.total_seconds()), 60)
        return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"
    return str(cell)


def as_code(cell: Cell) -> str:
    """A number or code as text: full-width digits and letters made plain, inner spaces dropped, leading zeros kept.

    Raises ValueRefused when the spreadsheet program has already rounded or rewritten it.
    """
    if isinstance(cell, (int, float)) and not isinstance(cell, bool) and abs(cell) >= _EXACT_DIGITS:
        raise ValueRefused("value.digits_lost")
    text = as_text(cell)
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    if " " in text:
        text = text.replace(" ", "")
    if "+" in text and _SCIENTIFIC.fullmatch(text):
        raise ValueRefused("value.scientific", text=text)
    return text.strip(_EDGE_SPACE)


def as_number(cell: Cell) -> float | None:
    """The number in a cell, None when it is empty. Raises ValueRefused when it holds something else."""
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        try:
            return float(cell)
        except OverflowError:
            raise ValueRefused("value.number_unreadable", text=as_text(cell)) from None
    text = unicodedata.normalize("NFKC", as_text(cell)).replace(" ", "")
    if not text:
        return None
    if not _NUMBER.fullmatch(text):
        raise ValueRefused("value.number_unreadable", text=text)
    return float(text)


def as_degrees(cell: Cell, limit: float) -> float | None:
    """A longitude (limit 180) or latitude (limit 90). Raises ValueRefused outside of it."""
    value = as_number(cell)
    if value is not None and not -limit <= value <= limit:
        raise ValueRefused("value.coordinate_out_of_range", text=as_text(cell))
    return value


def as_point(cell: Cell) -> tuple[float, float] | None:
    """Longitude and latitude written in one cell, in the order that is possible; None when empty.

    Raises ValueRefused when the two cannot be told apart (both below 90) or are no numbers.
    """
    text = unicodedata.normalize("NFKC", as_text(cell)).strip("()[]{} ")
    if not text:
        return None
    parts = [part for part in re.split(r"[,;\s、/]+", text) if part]
    if len(parts) != 2 or not all(_NUMBER.fullmatch(part) for part in parts):
        raise ValueRefused("value.point_unreadable", text=text)
    first, second = map(float, parts)
    if 90 < abs(first) <= 180 and abs(second) <= 90:
        return first, second
    if 90 < abs(second) <= 180 and abs(first) <= 90:
        return second, first
    raise ValueRefused("value.point_unreadable", text=text)


def to_the_second(moment: datetime) -> datetime:
    """Without the fractions a spreadsheet's floating dates carry."""
    if not moment.microsecond:
        return moment
    return (moment + timedelta(milliseconds=500)).replace(microsecond=0)


def _float_text(value: float) -> str:
    if value != value or value in (float("inf"), float("-inf")):
        return ""
    if value.is_integer() and abs(value) < _EXACT_DIGITS:
        return str(int(value))
    shown = format(value, ".15g")
    return format(Decimal(shown), "f") if "e" in shown else shown
