"""Rows of a sheet become checks of places, or refusals that name row, column and reason."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time
from typing import Any

from app.base.watch import Watch
from app.domain.patrols import CheckGrade
from app.domain.problems import Refused
from app.services.case_import import TO_WGS84
from app.services.reference import OFFICE_ZONE
from app.services.round_columns import (
    CODE,
    COLUMN_BY_NAME,
    COUNT,
    COUNTS,
    GRADE,
    GRADES,
    INSTANT,
    LATITUDE,
    LONGITUDE,
    POINT,
    RoundMapping,
)
from app.services.sheets.case_rows import CONTENT_NUMBER
from app.services.sheets.cells import Cell
from app.services.sheets.dates import DayOrderEvidence, as_instant
from app.services.sheets.known_columns import TEXT
from app.services.sheets.reading import Sheet
from app.services.sheets.refusals import RowRefusal, refusal, refusal_of
from app.services.sheets.values import ValueRefused, as_code, as_degrees, as_number, as_point, as_text

_LONGEST = {"name": 120, "address": 400, "road": 80, "house_no": 40, "grid": 40, "source_no": 80, "round_no": 80}
_LONGEST |= {"note": 1000, "finding": 20000, "category": 200, "member": 60, "street": 80, "facility": 40}


@dataclass(frozen=True, slots=True)
class CheckRow:
    """One check of one place as a row says it. timed: the row says more than the day. counts: problems by column title."""

    row: int
    number: str
    at: datetime
    timed: bool
    name: str
    address: str = ""
    road: str = ""
    house_no: str = ""
    street: str = ""
    grid: str = ""
    member: str = ""
    facility: str = ""
    programme: str = ""
    round_no: str = ""
    grade: CheckGrade = CheckGrade.GOOD
    note: str = ""
    finding: str = ""
    category: str = ""
    counts: tuple[tuple[str, int], ...] = ()
    longitude: float | None = None
    latitude: float | None = None
    given: tuple[float, float] | None = None
    cells: Sequence[Cell] = ()

    @property
    def problems(self) -> tuple[str, ...]:
        """What was found there, in words; empty: nothing."""
        said = (self.finding,) if self.finding else ()
        return said + tuple(f"{title} {count}" for title, count in self.counts if count)


LATITUDES_END, CHINA_EAST = 90, 136


@dataclass(frozen=True)
class CheckOutcome:
    """One row: taken, with notes; or refused, with reasons."""

    row: int
    cells: Sequence[Cell]
    check: CheckRow | None
    refusals: tuple[RowRefusal, ...] = ()
    notes: tuple[RowRefusal, ...] = ()


def examine(sheet: Sheet, mapping: RoundMapping, watch: Watch | None = None) -> RoundMapping:
    """The mapping with the order of day and month settled by looking at the whole column.

    Raises Refused: rounds.columns_missing, sheet.day_order_unclear.
    """
    mapping.need_columns(sheet.name)
    place, evidence = mapping.columns["at"], DayOrderEvidence()
    for _number, cells in sheet.rows(watch):
        if place < len(cells):
            evidence.see(cells[place])
    if evidence.order is not None:
        return replace(mapping, day_orders={"at": evidence.order})
    if evidence.unclear and "at" not in mapping.day_orders:
        column = sheet.column_name(place)
        raise Refused("sheet.day_order_unclear", column=column, example=evidence.example, field="at")
    return mapping


def iter_check_rows(
    sheet: Sheet, mapping: RoundMapping, now: datetime, watch: Watch | None = None
) -> Iterator[CheckOutcome]:
    """The outcome of every row, one after the other. mapping: settled by `examine`. now: nothing later was walked yet."""
    reader = _RowReader(sheet, mapping, now)
    for number, cells in sheet.rows(watch):
        yield reader.outcome(number, cells)


class _RowReader:
    """Reads the rows of one table under one mapping."""

    def __init__(self, sheet: Sheet, mapping: RoundMapping, now: datetime) -> None:
        self._mapping = mapping
        self._now = now
        self._columns = [
            (name, place, _reader(name, mapping, sheet.grid.date_1904), sheet.column_name(place))
            for name, place in mapping.columns.items()
        ]
        self._titles = {name: title for name, _place, _read, title in self._columns}
        self._seen: dict[str, int] = {}

    def outcome(self, row: int, cells: Sequence[Cell]) -> CheckOutcome:
        """The check of one row, or why it is none."""
        values, refusals = self._values(row, cells)
        refusals = refusals or self._missing(row, values)
        if refusals:
            return CheckOutcome(row, tuple(cells), None, tuple(refusals))
        check = self._taken(row, cells, values)
        earlier = self._seen.setdefault(check.number, row)
        if earlier != row:
            title = self._titles.get("source_no", "")
            again = refusal(row, title, "row.check_twice", number=check.number, earlier=earlier)
            return CheckOutcome(row, tuple(cells), None, (again,))
        return CheckOutcome(row, (), check)

    def _values(self, row: int, cells: Sequence[Cell]) -> tuple[dict[str, Any], list[RowRefusal]]:
        values: dict[str, Any] = {}
        refusals: list[RowRefusal] = []
        for name, place, read, title in self._columns:
            cell = cells[place] if place < len(cells) else None
            if cell is None or cell == "":
                continue
            try:
                value = read(cell)
            except ValueRefused as refused:
                outside = refused.code == "value.coordinate_out_of_range"
                swapped = outside and name == "latitude" and _is_longitude(cell)
                refusals.append(refusal(row, title, "row.axes_swapped") if swapped else refusal_of(row, title, refused))
                continue
            most = _LONGEST.get(name)
            if most is not None and len(value) > most:
                refusals.append(refusal(row, title, "value.too_long", found=len(value), limit=most))
            elif value not in ("", None):
                values[name] = value
        return values, refusals

    def _missing(self, row: int, values: Mapping[str, Any]) -> list[RowRefusal]:
        missing = []
        if "at" not in values:
            missing.append(refusal(row, self._titles["at"], "row.day_missing"))
        elif values["at"] > self._now:
            missing.append(refusal(row, self._titles["at"], "row.day_ahead"))
        if not any(values.get(name) for name in ("name", "address", "facility")):
            missing.append(refusal(row, self._titles.get("name", ""), "row.place_missing"))
        if ("longitude" in values) != ("latitude" in values):
            missing.append(refusal(row, "", "value.coordinate_half"))
        return missing

    def _taken(self, row: int, cells: Sequence[Cell], values: Mapping[str, Any]) -> CheckRow:
        text = values.get
        counts = tuple((self._titles[name], values[name]) for name in COUNTS if name in values)
        pair: tuple[float | None, float | None] = text("point") or (text("longitude"), text("latitude"))
        given: tuple[float, float] | None = None
        if pair[0] is not None and pair[1] is not None and any(pair):  # 0, 0 is how systems write "no place"
            given = pair[0], pair[1]
        longitude, latitude = TO_WGS84[self._mapping.coordinates](*given) if given else (None, None)
        bad = bool(text("finding")) or any(count for _title, count in counts)
        unsaid = CheckGrade.PASSED_OVER if "grade" in self._mapping.columns else _judged(bad)
        at: datetime = values["at"]
        plain = {name: text(name, "") for name in _PLAIN}
        return CheckRow(
            row=row,
            number=text("source_no") or self._content_number(cells),
            at=at,
            timed=at.astimezone(OFFICE_ZONE).time() != time(),
            name=text("name") or text("address") or text("facility", ""),
            grade=text("grade") or unsaid,
            counts=counts,
            longitude=longitude,
            latitude=latitude,
            given=given,
            cells=tuple(cells),
            **plain,
        )

    def _content_number(self, cells: Sequence[Cell]) -> str:
        """A number made of what the row is about, the same whenever the row is imported again."""
        places = [
            self._mapping.columns.get(name) for name in ("at", "member", "name", "address", "facility", "round_no")
        ]
        words = [as_text(cells[place]) if place is not None and place < len(cells) else "" for place in places]
        return CONTENT_NUMBER + hashlib.sha256("\x1f".join(words).encode()).hexdigest()[:20]


_PLAIN = (
    "address",
    "road",
    "house_no",
    "street",
    "grid",
    "member",
    "facility",
    "programme",
    "round_no",
    "note",
    "finding",
    "category",
)


def _is_longitude(cell: Cell) -> bool:
    """A number that only a longitude of China can be."""
    number = as_number(cell)
    return number is not None and LATITUDES_END < number < CHINA_EAST


def _judged(bad: bool) -> CheckGrade:
    """A sheet that has no column for the result says it by what was found."""
    return CheckGrade.BAD if bad else CheckGrade.GOOD


def _grade(cell: Cell) -> CheckGrade | None:
    text = as_text(cell).strip()
    if not text:
        return None
    plain = "".join(letter for letter in text.lower() if letter.isalnum())
    if plain not in GRADES:
        raise ValueRefused("row.grade_unknown", text=text)
    return GRADES[plain]


def _count(cell: Cell) -> int | None:
    number = as_number(cell)
    if number is None:
        return None
    if number < 0 or not number.is_integer():
        raise ValueRefused("row.count_not_whole", text=as_text(cell))
    return int(number)


def _reader(name: str, mapping: RoundMapping, date_1904: bool) -> Callable[[Cell], Any]:
    kind = COLUMN_BY_NAME[name].kind
    if kind == INSTANT:
        order = mapping.day_orders.get(name)
        return lambda cell: as_instant(cell, OFFICE_ZONE, order, date_1904)
    return _READERS[kind]


_READERS: Mapping[str, Callable[[Cell], Any]] = {
    TEXT: as_text,
    CODE: as_code,
    LONGITUDE: lambda cell: as_degrees(cell, 180),
    LATITUDE: lambda cell: as_degrees(cell, 90),
    POINT: as_point,
    GRADE: _grade,
    COUNT: _count,
}
