"""Rows of a sheet become what a facility is to hold, or refusals that name row, column and reason."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from app.base.watch import Watch
from app.domain.facilities import FACILITY_STATE_TITLES, Facility, FacilityState
from app.domain.problems import Refused
from app.services.facility_columns import (
    ATTRIBUTE,
    CODE,
    COLUMN_BY_NAME,
    DAY,
    LATITUDE,
    LONGITUDE,
    POINT,
    STATE,
    TRUTH,
    FacilityMapping,
)
from app.services.facility_groups import group_named
from app.services.facility_points import LOOKED_AT, as_wgs84, look_swapped, point_source
from app.services.reference import OFFICE_ZONE
from app.services.sheets.cells import Cell
from app.services.sheets.dates import as_instant
from app.services.sheets.known_columns import TEXT
from app.services.sheets.mapping import DEFAULT_ZONE
from app.services.sheets.reading import Sheet
from app.services.sheets.refusals import RowRefusal, refusal, refusal_of
from app.services.sheets.values import ValueRefused, as_code, as_number, as_point, as_text

CONTENT_NUMBER = "内容-"
_IDENTITY = ("name", "minor_name", "minor_code", "street", "road", "address", "longitude", "latitude", "point")
_STATE_WORDS = {title: state for state, title in FACILITY_STATE_TITLES.items()} | {
    "正常": FacilityState.INTACT,
    "损坏": FacilityState.DAMAGED,
    "缺失": FacilityState.MISSING,
    "报废": FacilityState.SCRAPPED,
    **{state.value: state for state in FacilityState},
}
_YES = frozenset({"是", "有", "亮", "亮灯", "主干道", "次干道", "主次干道", "快速路", "1", "true", "yes", "y", "TRUE"})
_NO = frozenset({"否", "无", "不亮", "灭", "支路", "背街小巷", "背街", "0", "false", "no", "n", "FALSE"})
_ZONE = ZoneInfo(DEFAULT_ZONE)


@dataclass(frozen=True)
class FacilityRow:
    """What a row says. number: its number in its source, made of its content when it has none."""

    row: int
    number: str
    fields: Mapping[str, Any]
    street: str = ""
    community: str = ""
    group: str = ""


@dataclass(frozen=True)
class FacilityOutcome:
    """One row: taken, with notes; or refused, with reasons."""

    row: int
    cells: Sequence[Cell]
    facility: FacilityRow | None
    refusals: tuple[RowRefusal, ...] = ()
    notes: tuple[RowRefusal, ...] = field(default=())


def need_order_of_columns(sheet: Sheet, mapping: FacilityMapping, watch: Watch | None = None) -> None:
    """Raises Refused("facility.columns_swapped") when the two columns hold each other's values and nobody said so."""
    first, second = mapping.columns.get("longitude"), mapping.columns.get("latitude")
    if first is None or second is None or mapping.swapped is not None:
        return
    pairs: list[tuple[float, float]] = []
    for _number, cells in sheet.rows(watch):
        pair = [_number_or_none(cells[place]) if place < len(cells) else None for place in (first, second)]
        if pair[0] and pair[1]:
            pairs.append((pair[0], pair[1]))
        if len(pairs) == LOOKED_AT:
            break
    if look_swapped(pairs):
        names = {"longitude": sheet.column_name(first), "latitude": sheet.column_name(second)}
        raise Refused("facility.columns_swapped", **names)


def iter_facility_rows(sheet: Sheet, mapping: FacilityMapping, watch: Watch | None = None) -> Iterator[FacilityOutcome]:
    """The outcome of every row, one after the other."""
    reader = _RowReader(sheet, mapping)
    for number, cells in sheet.rows(watch):
        yield reader.outcome(number, cells)


class _RowReader:
    """Reads the rows of one sheet under one mapping."""

    def __init__(self, sheet: Sheet, mapping: FacilityMapping) -> None:
        self._mapping = mapping
        self._columns: list[tuple[str, int, Callable[[Cell], Any], str, int | None]] = []
        for name in mapping.columns:
            place = mapping.place_of(name)
            if place is not None:
                kind = TEXT if name.startswith(ATTRIBUTE) else COLUMN_BY_NAME[name].kind
                read = _day(sheet.grid.date_1904) if kind == DAY else _READERS[kind]
                self._columns.append((name, place, read, sheet.column_name(place), _longest(name)))
        self._title = {name: title for name, _place, _read, title, _most in self._columns}
        # The hash of a number in place of the number: a third of the memory, and 100,000 of them never meet in 64 bits.
        self._seen: dict[int, int] = {}

    def outcome(self, row: int, cells: Sequence[Cell]) -> FacilityOutcome:
        """The facility of one row, or why it is none."""
        values, refusals = self._values(row, cells)
        if not refusals:
            refusals = self._repeated(row, values) + self._located(row, values)
        if not refusals and not values:
            refusals = [refusal(row, "", "facility.says_nothing")]
        if refusals:
            return FacilityOutcome(row, tuple(cells), None, tuple(refusals))
        return FacilityOutcome(row, cells, self._taken(row, cells, values))

    def _values(self, row: int, cells: Sequence[Cell]) -> tuple[dict[str, Any], list[RowRefusal]]:
        values: dict[str, Any] = {}
        refusals: list[RowRefusal] = []
        for name, place, read, title, most in self._columns:
            cell = cells[place] if place < len(cells) else None
            if cell is None or cell == "":
                continue
            try:
                value = read(cell)
            except ValueRefused as refused:
                refusals.append(refusal_of(row, title, refused))
                continue
            if most is not None and isinstance(value, str) and len(value) > most:
                refusals.append(refusal(row, title, "value.too_long", found=len(value), limit=most))
            elif value not in ("", None):
                values[name] = value
        return values, refusals

    def _repeated(self, row: int, values: Mapping[str, Any]) -> list[RowRefusal]:
        """A number that stands in the file twice is refused where it comes the second time."""
        found = []
        for name in ("code", "source_no", "house_number"):
            if not (number := values.get(name)):
                continue
            earlier = self._seen.setdefault(hash((name, number)), row)
            if earlier != row:
                code = "facility.code_twice_in_file" if name == "code" else "facility.number_twice_in_file"
                found.append(refusal(row, self._title[name], code, number=number, earlier=earlier))
        return found

    def _located(self, row: int, values: dict[str, Any]) -> list[RowRefusal]:
        """Put the row's point in place of its numbers; 0, 0 is how systems write "no place"."""
        first, second = values.pop("point", None) or (values.pop("longitude", None), values.pop("latitude", None))
        if first is None and second is None:
            return []
        if first is None or second is None:
            title = self._title.get("longitude" if first is None else "latitude", "")
            return [refusal(row, title, "value.coordinate_half")]
        if not (first or second):
            return []
        system = self._mapping.system
        try:
            longitude, latitude = as_wgs84(first, second, system)
        except Refused as refused:
            return [refusal(row, self._title.get("longitude", ""), refused.code, **refused.details)]
        if not (-180 <= longitude <= 180 and -90 <= latitude <= 90):
            return [
                refusal(
                    row, self._title.get("latitude", ""), "value.coordinate_out_of_range", text=f"{first}, {second}"
                )
            ]
        values |= {"longitude": longitude, "latitude": latitude, "point_source": point_source(first, second, system)}
        return []

    def _taken(self, row: int, cells: Sequence[Cell], values: dict[str, Any]) -> FacilityRow:
        fixed = self._mapping.fixed
        attributes = {
            name.removeprefix(ATTRIBUTE): values.pop(name) for name in tuple(values) if name.startswith(ATTRIBUTE)
        }
        number = values.pop("source_no", "") or values.get("code") or values.get("house_number")
        group = values.pop("group", "") or fixed.get("group", "")
        codes = values.pop("major_code", ""), values.pop("minor_code", "")
        if not (any(codes) or values.get("minor_name")):
            codes = self._mapping.category
        fields = values | {"major": codes[0], "minor": codes[1]} if all(codes) else values
        if attributes:
            fields["attributes"] = attributes
        street, community = fields.pop("street", ""), fields.pop("community", "")
        found = group_named(group).name if group else ""
        return FacilityRow(row, number or self._content_number(cells), fields, street, community, found)

    def _content_number(self, cells: Sequence[Cell]) -> str:
        """A number made of what the row is, the same whenever the row is imported again."""
        places = [self._mapping.columns.get(name) for name in _IDENTITY]
        words = [as_text(cells[place]) if place is not None and place < len(cells) else "" for place in places]
        return CONTENT_NUMBER + hashlib.sha256("\x1f".join(words).encode()).hexdigest()[:20]


def _day(date_1904: bool) -> Callable[[Cell], date | None]:
    kept: dict[Cell, date | None] = {}

    def read(cell: Cell) -> date | None:
        # A census was made on few days.
        if cell not in kept:
            at = as_instant(cell, _ZONE, None, date_1904)
            kept[cell] = None if at is None else at.astimezone(OFFICE_ZONE).date()
        return kept[cell]

    return read


def _state(cell: Cell) -> FacilityState | None:
    text = as_text(cell)
    if text and text not in _STATE_WORDS:
        raise ValueRefused("facility.state_unknown", text=text)
    return _STATE_WORDS.get(text)


def _truth(cell: Cell) -> bool | None:
    text = as_text(cell)
    return True if text in _YES else False if text in _NO else None


def _number_or_none(cell: Cell) -> float | None:
    try:
        return as_number(cell)
    except ValueRefused:
        return None


_READERS: Mapping[str, Callable[[Cell], Any]] = {
    TEXT: as_text,
    CODE: as_code,
    LONGITUDE: as_number,
    LATITUDE: as_number,
    POINT: as_point,
    STATE: _state,
    TRUTH: _truth,
}


def _longest(name: str) -> int | None:
    """How many characters a facility keeps of a field, as its record says."""
    known = Facility.model_fields.get({"street": "street_name", "community": "community_name"}.get(name, name))
    limits = [mark.max_length for mark in known.metadata if hasattr(mark, "max_length")] if known else []
    return int(limits[0]) if limits else None
