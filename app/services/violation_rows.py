"""Rows of a sheet of violations: what each says, or why it cannot be taken."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from app.base.watch import Watch
from app.base.words import _
from app.domain.violation_words import YUAN, kinds_of, tiers_of
from app.domain.violations import MOST_YUAN, Subject, Violation
from app.services.reference import OFFICE_ZONE
from app.services.sheets.cells import Cell
from app.services.sheets.dates import as_instant
from app.services.sheets.reading import Sheet
from app.services.sheets.refusals import RowRefusal, refusal, refusal_of
from app.services.sheets.values import ValueRefused, as_code, as_text
from app.services.violation_columns import COLUMNS, NEEDED, ViolationMapping

_AMOUNT = re.compile(r"(?P<number>\d+(?:\.\d+)?)(?P<times>[万千百]?)元?")
_TIMES = {"": 1, "百": 100, "千": 1000, "万": 10_000}
_SUBJECTS = {
    **dict.fromkeys(("个人", "公民", "自然人", "citizen"), Subject.CITIZEN),
    **dict.fromkeys(("单位", "法人", "组织", "企业", "法人和其他组织", "organisation"), Subject.ORGANISATION),
    **dict.fromkeys(("", "个人和单位", "单位和个人", "均可", "全部", "both"), Subject.BOTH),
}
_TITLES = {column.name: column.title for column in COLUMNS}
CODE_DIGITS = 10
FirstDays = Mapping[str, date | None]


@dataclass(frozen=True)
class ViolationOutcome:
    """One row: the item it says, with notes; or None, with reasons."""

    row: int
    cells: Sequence[Cell]
    item: Violation | None
    refusals: tuple[RowRefusal, ...] = ()
    notes: tuple[RowRefusal, ...] = ()


def iter_violation_rows(
    sheet: Sheet, mapping: ViolationMapping, first_days: FirstDays, watch: Watch | None = None
) -> Iterator[ViolationOutcome]:
    """The outcome of every row. first_days: since when codes are known to hold, for rows that do not say."""
    reader = _RowReader(sheet, mapping, first_days)
    for number, cells in sheet.rows(watch):
        yield reader.outcome(number, cells)


class _RowReader:
    """Reads the rows of one sheet under one mapping."""

    def __init__(self, sheet: Sheet, mapping: ViolationMapping, first_days: FirstDays) -> None:
        self._columns = [(name, place, sheet.column_name(place)) for name, place in mapping.columns.items()]
        self._first_days = first_days
        self._date_1904 = sheet.grid.date_1904
        self._seen: dict[tuple[str, date | None], int] = {}

    def outcome(self, row: int, cells: Sequence[Cell]) -> ViolationOutcome:
        """What one row says, or why it says nothing."""
        values: dict[str, Any] = {}
        refusals: list[RowRefusal] = []
        for name, place, title in self._columns:
            cell = cells[place] if place < len(cells) else None
            try:
                values[name] = self._read(name, cell)
            except ValueRefused as refused:
                refusals.append(refusal_of(row, title, refused))
        if not refusals and not (refusals := self._lacking(row, values)):
            values["code"] = code = _code_of(values)
            values["valid_from"] = values.get("valid_from") or self._first_days.get(code)
            refusals = self._wrong(row, values)
        if refusals:
            return ViolationOutcome(row, tuple(cells), None, tuple(refusals))
        return ViolationOutcome(row, cells, _item(values))

    def _read(self, name: str, cell: Cell) -> object:
        if name in ("valid_from", "valid_to"):
            at = as_instant(cell, OFFICE_ZONE, None, self._date_1904)
            return None if at is None else at.astimezone(OFFICE_ZONE).date()
        value = _READERS.get(name, as_text)(cell)
        most = _longest(name)
        if most is not None and isinstance(value, str) and len(value) > most:
            raise ValueRefused("value.too_long", found=len(value), limit=most)
        return value

    def _lacking(self, row: int, values: Mapping[str, Any]) -> list[RowRefusal]:
        missing = (name for name in NEEDED if not values.get(name))
        return [refusal(row, "", "violation.row_lacks", field=_(_TITLES[name])) for name in missing]

    def _wrong(self, row: int, values: Mapping[str, Any]) -> list[RowRefusal]:
        low, high = _amounts(values)
        if high < low:
            return [refusal(row, "", "violation.amounts_crossed", low=low, high=high)]
        first, last = values["valid_from"], values.get("valid_to")
        if first is not None and last is not None and last < first:
            return [refusal(row, "", "violation.days_crossed", first=first, last=last)]
        earlier = self._seen.setdefault((values["code"], first), row)
        return [] if earlier == row else [refusal(row, "", "violation.twice_in_file", earlier=earlier)]


def _item(values: Mapping[str, Any]) -> Violation:
    tiers, note = tiers_of(values.get("tiers", ""))
    low, high = _amounts(values)
    return Violation(
        code=values["code"],
        title=values["title"],
        basis=values["basis"],
        kinds=kinds_of(values.get("kinds", "")),
        fine_low=low,
        fine_high=high,
        unit=values.get("unit") or YUAN,
        subject=values.get("subject", Subject.BOTH),
        precondition=values.get("precondition", ""),
        authority=values.get("authority", ""),
        tiers=tiers,
        tiers_note=note,
        valid_from=values["valid_from"],
        valid_to=values.get("valid_to"),
        source=values.get("source", ""),
    )


def _code_of(values: Mapping[str, Any]) -> str:
    """The row's own code, or one made of its title and basis: the same whenever the row is imported again."""
    if code := values.get("code"):
        return str(code)
    said = f"{values['title']}\n{values['basis']}".encode()
    return f"W{hashlib.sha256(said).hexdigest()[:CODE_DIGITS].upper()}"


def _amounts(values: Mapping[str, Any]) -> tuple[Decimal, Decimal]:
    """Least and most; a row that says only the least means just that."""
    low, high = values.get("fine_low"), values.get("fine_high")
    least = low if low is not None else Decimal(0)
    return least, high if high is not None else least


def _amount(cell: Cell) -> Decimal | None:
    text = unicodedata.normalize("NFKC", as_text(cell)).replace(",", "").replace(" ", "")
    if not text:
        return None
    found = _AMOUNT.fullmatch(text)
    amount = Decimal(found["number"]) * _TIMES[found["times"]] if found else None
    if amount is None or amount > MOST_YUAN:
        raise ValueRefused("violation.amount_wrong", text=text[:40])
    return amount


def _subject(cell: Cell) -> Subject:
    text = as_text(cell)
    if text not in _SUBJECTS:
        raise ValueRefused("violation.subject_wrong", text=text[:40])
    return _SUBJECTS[text]


def _longest(name: str) -> int | None:
    field = Violation.model_fields.get({"tiers": "tiers_note"}.get(name, name))
    return next((mark.max_length for mark in field.metadata if hasattr(mark, "max_length")), None) if field else None


_READERS: Mapping[str, Callable[[Cell], Any]] = {
    "code": as_code,
    "fine_low": _amount,
    "fine_high": _amount,
    "subject": _subject,
}
