"""Rows of a table become cases to be taken, or refusals that name row, column and reason."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from app.base.watch import Watch
from app.base.words import _
from app.domain.cases import CaseKind
from app.domain.problems import Refused
from app.domain.reference import CategoryTable
from app.services.sheets.case_outcomes import CaseImportRow, CaseOutcome, CaseRows
from app.services.sheets.categories import CategoryFinder
from app.services.sheets.cells import Cell
from app.services.sheets.dates import DayOrderEvidence, as_instant
from app.services.sheets.fields import (
    CODE,
    FIELD_BY_NAME,
    INSTANT,
    KIND,
    LATITUDE,
    LONGITUDE,
    POINT,
    REQUIRED,
    SAYING_WHAT,
    TEXT,
    longest,
)
from app.services.sheets.mapping import ColumnMapping
from app.services.sheets.reading import Sheet
from app.services.sheets.refusals import RowRefusal, refusal, refusal_of
from app.services.sheets.values import ValueRefused, as_code, as_degrees, as_point, as_text

KIND_WORDS: Mapping[str, str] = {
    "部件": CaseKind.COMPONENT,
    "部件类": CaseKind.COMPONENT,
    "component": CaseKind.COMPONENT,
    "事件": CaseKind.EVENT,
    "事件类": CaseKind.EVENT,
    "event": CaseKind.EVENT,
}
# What a row is about; status, closing and answer change while a case goes on and must not give it a new number.
_IDENTITY = (
    "reported_at",
    "subject",
    "description",
    "kind",
    "major",
    "minor",
    "category",
    "address",
    "road",
    "house_no",
    "street",
    "community",
    "longitude",
    "latitude",
    "point",
    "reporter",
    "phone",
    "source",
)
CONTENT_NUMBER = "内容-"


def examine(sheet: Sheet, mapping: ColumnMapping, watch: Watch | None = None) -> ColumnMapping:
    """The mapping with the order of day and month settled for every date column, by looking at the whole column.

    What the column itself says goes before what was said or remembered: another file may write them the other way.
    Raises Refused("sheet.columns_missing") when a required field has no column, and
    Refused("sheet.day_order_unclear", field=…) when a column does not say; a person must.
    """
    if missing := mapping.missing():
        raise Refused("sheet.columns_missing", sheet=sheet.name, columns="、".join(missing))
    columns = {
        name: (place, DayOrderEvidence())
        for name, place in mapping.columns.items()
        if FIELD_BY_NAME[name].kind == INSTANT
    }
    watched = tuple(columns.values())
    for _number, cells in sheet.rows(watch):
        for place, evidence in watched:
            if place < len(cells):
                evidence.see(cells[place])
    for name, (place, evidence) in columns.items():
        if evidence.order is not None:
            mapping = mapping.with_day_order(name, evidence.order)
        elif evidence.unclear and name not in mapping.day_orders:
            raise Refused(
                "sheet.day_order_unclear", column=sheet.column_name(place), example=evidence.example, field=name
            )
    return mapping


def iter_case_rows(
    sheet: Sheet, mapping: ColumnMapping, categories: CategoryTable | None = None, watch: Watch | None = None
) -> Iterator[CaseOutcome]:
    """The outcome of every row, one after the other, in constant memory but for the numbers seen.

    mapping: settled by `examine`. categories: the standards names are looked up in; None leaves them as text.
    """
    reader = _RowReader(sheet, mapping, CategoryFinder(categories) if categories else None)
    for number, cells in sheet.rows(watch):
        yield reader.outcome(number, cells)


def read_case_rows(
    sheet: Sheet, mapping: ColumnMapping, categories: CategoryTable | None = None, watch: Watch | None = None
) -> CaseRows:
    """Every row of the table, with the columns examined first; for previews and small files."""
    found = CaseRows()
    for outcome in iter_case_rows(sheet, examine(sheet, mapping, watch), categories, watch):
        found.take(outcome)
    return found


class _RowReader:
    """Reads the rows of one table under one mapping."""

    def __init__(self, sheet: Sheet, mapping: ColumnMapping, finder: CategoryFinder | None) -> None:
        self._mapping = mapping
        self._finder = finder
        self._ragged = sheet.grid.ragged
        self._header = sheet.unique_names()
        self._columns = [
            (name, place, _reader(name, mapping, sheet.grid.date_1904), sheet.column_name(place), longest(name))
            for name, place in mapping.columns.items()
        ]
        self._titles = {name: title for name, _place, _read, title, _most in self._columns}
        self._earlier: dict[str, int] = {}
        self._unknown: set[str] = set()

    def outcome(self, row: int, cells: Sequence[Cell]) -> CaseOutcome:
        """The case of one row, or why it is none."""
        values, refusals = self._values(row, cells)
        if (
            self._ragged
            and len(cells) > len(self._header)
            and any(as_text(cell) for cell in cells[len(self._header) :])
        ):
            refusals.insert(0, refusal(row, "", "row.too_many_cells", found=len(cells), expected=len(self._header)))
        refusals += self._missing(row, values, refusals)
        if refusals:
            return CaseOutcome(row, cells, None, tuple(refusals))
        return self._taken(row, tuple(cells), values)

    def _values(self, row: int, cells: Sequence[Cell]) -> tuple[dict[str, Any], list[RowRefusal]]:
        values: dict[str, Any] = {}
        refusals: list[RowRefusal] = []
        width = len(cells)
        for name, place, read, title, most in self._columns:
            if place >= width:
                continue
            cell = cells[place]
            if cell is None or cell == "":
                continue
            try:
                value = read(cell)
            except ValueRefused as refused:
                refusals.append(refusal_of(row, title, refused))
                continue
            if most is not None and isinstance(value, str) and len(value) > most:
                refusals.append(refusal(row, title, "value.too_long", found=len(value), limit=most))
                continue
            values[name] = value
        return values, refusals

    def _missing(self, row: int, values: Mapping[str, Any], refusals: Sequence[RowRefusal]) -> list[RowRefusal]:
        refused_columns = {found.column for found in refusals}
        missing = [
            refusal(row, self._titles[name], "value.missing")
            for name in REQUIRED
            if not values.get(name) and self._titles[name] not in refused_columns
        ]
        if not refused_columns and not any(values.get(name) for name in (*SAYING_WHAT, "address")):
            missing.append(refusal(row, "", "row.says_nothing"))
        longitude, latitude = values.get("longitude"), values.get("latitude")
        if (longitude is None) != (latitude is None) and not refused_columns:
            title = self._titles.get("longitude" if longitude is None else "latitude", _(FIELD_BY_NAME["point"].title))
            missing.append(refusal(row, title, "value.coordinate_half"))
        return missing

    def _taken(self, row: int, cells: tuple[Cell, ...], values: Mapping[str, Any]) -> CaseOutcome:
        text = values.get
        number = text("source_no") or self._content_number(cells)
        earlier = self._earlier.get(number)
        self._earlier[number] = row
        category_text, found = self._category(values)
        point = text("point") or (text("longitude"), text("latitude"))
        if point[0] is None or not (point[0] or point[1]):  # 0, 0 is how systems write "no place"
            point = (None, None)
        case = CaseImportRow(
            row=row,
            source_no=number,
            reported_at=values["reported_at"],
            description=_said(text("subject", ""), text("description", "")) or category_text,
            address=text("address", ""),
            road=text("road", ""),
            house_no=text("house_no", ""),
            street_text=" ".join(part for part in (text("street", ""), text("community", "")) if part),
            category_text=category_text,
            kind=found[0] if found else None,
            major=found[1] if found else "",
            minor=found[2] if found else "",
            longitude=point[0],
            latitude=point[1],
            coordinates=self._mapping.coordinates if point[0] is not None else "",
            reporter=text("reporter", ""),
            phone=text("phone", ""),
            collector=text("collector", ""),
            source=text("source", ""),
            unit_text=text("unit", ""),
            status_text=text("status", ""),
            answer=text("answer", ""),
            closed_at=text("closed_at"),
            repeats=earlier,
            header=self._header,
            cells=cells,
        )
        return CaseOutcome(row, cells, case, (), self._notes(case))

    def _notes(self, case: CaseImportRow) -> tuple[RowRefusal, ...]:
        notes = []
        if case.repeats is not None:
            title = self._titles.get("source_no", "")
            notes.append(refusal(case.row, title, "row.repeated_number", number=case.source_no, earlier=case.repeats))
        if self._finder is not None and case.category_missing and case.category_text not in self._unknown:
            self._unknown.add(case.category_text)
            title = next((self._titles[name] for name in ("minor", "category", "major") if name in self._titles), "")
            notes.append(refusal(case.row, title, "row.category_unknown", text=case.category_text))
        return tuple(notes)

    def _category(self, values: Mapping[str, Any]) -> tuple[str, tuple[CaseKind, str, str] | None]:
        """The category as written, and the one of the standards it names."""
        words = [values.get(name, "") for name in ("major", "minor", "category")]
        codes = values.get("major_code", ""), values.get("minor_code", "")
        written = " / ".join(dict.fromkeys(word for word in (*words, *([] if any(words) else codes)) if word))
        most = longest("category")
        if self._finder is None or not (written or all(codes)):
            return written[:most], None
        kind = CaseKind(values["kind"]) if values.get("kind") else None
        return written[:most], self._finder.find(kind, codes, *words)

    def _content_number(self, cells: Sequence[Cell]) -> str:
        """A number made of what the row is about, the same whenever the row is imported again."""
        places = [self._mapping.columns.get(name) for name in _IDENTITY]
        words = [as_text(cells[place]) if place is not None and place < len(cells) else "" for place in places]
        return CONTENT_NUMBER + hashlib.sha256("\x1f".join(words).encode()).hexdigest()[:20]


def _reader(name: str, mapping: ColumnMapping, date_1904: bool) -> Callable[[Cell], Any]:
    """What reads the cells of one field."""
    kind = FIELD_BY_NAME[name].kind
    if kind == INSTANT:
        zone, order = ZoneInfo(mapping.zone), mapping.day_orders.get(name)
        return lambda cell: as_instant(cell, zone, order, date_1904)
    return _READERS[kind]


def _kind(cell: Cell) -> str:
    """Component or event; other words in such a column mean a classification of the city's own."""
    return KIND_WORDS.get(as_text(cell), "")


_READERS: Mapping[str, Callable[[Cell], Any]] = {
    TEXT: as_text,
    CODE: as_code,
    LONGITUDE: lambda cell: as_degrees(cell, 180),
    LATITUDE: lambda cell: as_degrees(cell, 90),
    POINT: as_point,
    KIND: _kind,
}


def _said(subject: str, description: str) -> str:
    """Subject and description in one text, without saying the same twice."""
    if not subject or subject in description:
        return description
    return f"{subject}\n{description}" if description else subject


__all__ = ["CaseImportRow", "CaseOutcome", "CaseRows", "examine", "iter_case_rows", "read_case_rows"]
