"""Enterprises from sheets: new ones are registered, known ones brought up to date by credit code, the rest refused by row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID

from app.base.watch import Watch, silent
from app.domain.credit_codes import check_credit_code, organisation_part_holds, plain_code
from app.domain.inspections import Enterprise
from app.domain.permissions import Actor, need_writer
from app.domain.problems import Refused
from app.services.alike import made_alike
from app.services.case_import import BATCH, ImportResult, told_how_far
from app.services.enterprise_columns import SHEETS, EnterpriseMapping, propose, remembered
from app.services.preferences import PreferenceService
from app.services.reference import ReferenceService
from app.services.sheets.cells import Cell
from app.services.sheets.reading import Sheet, open_sheet
from app.services.sheets.refusals import RowRefusal, refusal, refusal_of
from app.services.sheets.values import ValueRefused, as_code, as_degrees, as_text
from db.queries import enterprises as rows
from db.store import Store
from db.tx import Tx

PREVIEW_ROWS = 500
MOST_VISITS = 366


@dataclass(frozen=True)
class EnterpriseOutcome:
    """One row: the fields it gives, with notes; or None, with reasons."""

    row: int
    cells: Sequence[Cell]
    fields: Mapping[str, Any] | None
    refusals: tuple[RowRefusal, ...] = ()
    notes: tuple[RowRefusal, ...] = ()


class EnterpriseImportService:
    """Sheets in. Rows are written in batches; a stop leaves what was written and loses nothing else."""

    def __init__(self, store: Store, reference: ReferenceService, preferences: PreferenceService) -> None:
        self._store = store
        self._reference = reference
        self._preferences = preferences

    def open(self, path: Path, sheet: str | None = None, watch: Watch | None = None) -> Sheet:
        """One table of a file. Raises Refused("sheet.…")."""
        return open_sheet(path, sheet, watch=watch, knows=SHEETS.knows)

    def mapping_for(self, sheet: Sheet) -> EnterpriseMapping:
        """The columns as this layout was mapped last time, or as the header words suggest."""
        kept = self._preferences.layout(SHEETS.signature(sheet.header))
        return remembered(kept, sheet.header) if kept else propose(sheet.header)

    def preview(
        self, sheet: Sheet, mapping: EnterpriseMapping, count: int = PREVIEW_ROWS, watch: Watch | None = None
    ) -> list[EnterpriseOutcome]:
        """What would become of the first rows; nothing is written. Raises Refused("enterprise.no_column")."""
        mapping.need_columns()
        return list(islice(self._outcomes(sheet, mapping, watch), count))

    def take_over(
        self, sheet: Sheet, mapping: EnterpriseMapping, *, actor: Actor, watch: Watch | None = None
    ) -> ImportResult:
        """Import a table under a mapping, which is remembered for its layout.

        Raises Refused: enterprise.no_column, account.role_needed; Unavailable("sheet.import_cut_off").
        """
        need_writer(actor, "enterprise")
        watch = watch or silent()
        mapping.need_columns()
        self._preferences.keep_layout(SHEETS.signature(sheet.header), mapping.as_memory(sheet.header))
        result, saved = ImportResult(sheet.header), 0
        outcomes = self._outcomes(sheet, mapping, None)
        while batch := list(islice(outcomes, BATCH)):
            watch.check()
            with told_how_far(saved), self._store.write(actor, "enterprise.import") as tx:
                _write(tx, [one.fields for one in batch if one.fields is not None], result)
            for outcome in batch:
                result.read += 1
                result.notes += outcome.notes
                if outcome.fields is None:
                    result.refused += outcome.refusals
                    result.refused_cells[outcome.row] = outcome.cells
            saved = result.read
            watch.step(result.read, sheet.total)
        return result

    def _outcomes(self, sheet: Sheet, mapping: EnterpriseMapping, watch: Watch | None) -> Iterator[EnterpriseOutcome]:
        district = self._reference.office().district_code
        streets = {street.name: street.code for street in self._reference.divisions().streets_of(district)}
        reader = _RowReader(sheet, mapping, streets)
        for number, cells in sheet.rows(watch):
            yield reader.outcome(number, cells)


class _RowReader:
    """Reads the rows of one sheet under one mapping."""

    def __init__(self, sheet: Sheet, mapping: EnterpriseMapping, streets: Mapping[str, str]) -> None:
        self._columns = [(name, place, sheet.column_name(place)) for name, place in mapping.columns.items()]
        self._streets = streets
        self._seen: dict[tuple[str, str], int] = {}

    def outcome(self, row: int, cells: Sequence[Cell]) -> EnterpriseOutcome:
        """What one row gives, or why it gives nothing."""
        fields: dict[str, Any] = {}
        refusals: list[RowRefusal] = []
        for name, place, title in self._columns:
            cell = cells[place] if place < len(cells) else None
            try:
                value = _READERS[name](cell)
                _refuse_long(name, value)
            except ValueRefused as refused:
                refusals.append(refusal_of(row, title, refused))
            except Refused as refused:
                refusals.append(refusal(row, title, refused.code, **refused.details))
            else:
                if value not in ("", None):
                    fields[name] = value
        if not refusals:
            refusals = self._wrong(row, fields)
        if refusals:
            return EnterpriseOutcome(row, tuple(cells), None, tuple(refusals))
        if street := fields.pop("street", ""):
            fields |= {"street_name": street, "street_code": self._streets.get(street, "")}
        code = fields.get("credit_code", "")
        notes = (
            ()
            if not code or organisation_part_holds(code)
            else (refusal(row, "", "enterprise.code_part", number=code),)
        )
        return EnterpriseOutcome(row, cells, fields, (), notes)

    def _wrong(self, row: int, fields: Mapping[str, Any]) -> list[RowRefusal]:
        name, code = fields.get("name", ""), fields.get("credit_code", "")
        if not name:
            return [refusal(row, "", "enterprise.name_missing")]
        if ("longitude" in fields) != ("latitude" in fields):
            return [refusal(row, "", "value.coordinate_half")]
        earlier = self._seen.setdefault((code, "" if code else f"{name}|{fields.get('address', '')}"), row)
        if earlier == row:
            return []
        if code:
            return [refusal(row, "", "enterprise.code_twice_in_file", number=code, earlier=earlier)]
        return [refusal(row, "", "enterprise.name_twice_in_file", name=name, earlier=earlier)]


def _write(tx: Tx, taken: Sequence[Mapping[str, Any]], result: ImportResult) -> None:
    """Register what is new, bring up to date what is known by its code, or by name and address without one."""
    codes = rows.known_codes(tx.connection, [row["credit_code"] for row in taken if "credit_code" in row])
    names = rows.known_names(tx.connection, [row["name"] for row in taken if "credit_code" not in row])
    fresh: list[Mapping[str, Any]] = []
    for row in taken:
        known = (
            codes.get(row["credit_code"]) if "credit_code" in row else _without_code(row, names.get(row["name"], {}))
        )
        before = None if known is None else tx.need(Enterprise, known)
        if before is None:
            fresh.append(row)
        elif all(getattr(before, name) == value for name, value in row.items()):
            result.unchanged += 1
        else:
            with tx.by_itself():
                tx.change(before.changed(tx.now, **row))
            result.updated += 1
    tx.add_many(made_alike(tx, Enterprise, fresh))
    result.taken += len(fresh)


def _without_code(row: Mapping[str, Any], there: dict[str, UUID]) -> UUID | None:
    """The one of that name that lies where the row says; a row that says no place means the one entered last."""
    return there.get(row["address"]) if "address" in row else next(reversed(there.values()), None)


def _code(cell: Cell) -> str:
    code = plain_code(as_code(cell))
    if code:
        check_credit_code(code)
    return code


def _cap(cell: Cell) -> int | None:
    text = as_code(cell)
    if text and not (text.isdecimal() and int(text) <= MOST_VISITS):
        raise ValueRefused("enterprise.cap_not_number", text=text)
    return int(text) if text else None


def _refuse_long(name: str, value: object) -> None:
    known = Enterprise.model_fields.get({"street": "street_name"}.get(name, name))
    limits = [mark.max_length for mark in known.metadata if hasattr(mark, "max_length")] if known else []
    if limits and isinstance(value, str) and len(value) > limits[0]:
        raise ValueRefused("value.too_long", found=len(value), limit=limits[0])


_READERS: Mapping[str, Any] = {
    **dict.fromkeys(("name", "category", "risk", "street", "address"), as_text),
    "credit_code": _code,
    "yearly_cap": _cap,
    "longitude": lambda cell: as_degrees(cell, 180),
    "latitude": lambda cell: as_degrees(cell, 90),
}
