"""Rows copied in a spreadsheet, read into one of the office's lists."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from pydantic import ValidationError

from app.base.words import _
from app.desk import Desk
from app.domain.directory import Unit
from app.domain.records import Record
from ui.forms.refusals import refusals, title_of
from ui.pages.settings.list_kinds import ListKind

MOST_ROWS = 5000


@dataclass(frozen=True)
class PastedRow:
    """One row. record_id: the entry it brings up to date, None for a new one. wrong: why it cannot be taken."""

    number: int
    cells: Sequence[str]
    values: Mapping[str, Any]
    record_id: UUID | None
    wrong: str


def read_rows(text: str, kind: ListKind, known: Sequence[Any], desk: Desk) -> list[PastedRow]:
    """The rows of a pasted text: by header words where the first row has them, else in the order of the form."""
    try:
        lines = [row for row in csv.reader(io.StringIO(text.replace("\r\n", "\n")), delimiter="\t") if any(row)]
    except csv.Error:
        # Not a table: a cell beyond all measure, or signs no spreadsheet puts on the clipboard.
        return []
    if not lines:
        return []
    order = _order(lines[0], kind)
    rows = lines[1:] if order is not None else lines
    names = order if order is not None else [field for field in kind.fields if field not in ("active", "purpose")]
    ids = {getattr(record, kind.known_by): record.id for record in known}
    seen: set[str] = set()
    found = []
    for number, cells in enumerate(rows[:MOST_ROWS], start=1 if order is None else 2):
        row = _read(number, cells, names, kind, ids, desk)
        key = str(row.values.get(kind.known_by, ""))
        if not row.wrong and key in seen:
            row = PastedRow(number, cells, row.values, row.record_id, _("“{name}”前面已经有一行").format(name=key))
        seen.add(key)
        found.append(row)
    return found


def _order(first: Sequence[str], kind: ListKind) -> list[str] | None:
    """Field names by column when the first row holds titles; "" for a column nobody knows."""
    titles = {title_of(kind.record, field): field for field in kind.fields}
    titles |= {_(column.title): column.name for column in kind.columns if column.name in kind.fields}
    names = [titles.get(cell.strip(), "") for cell in first]
    return names if kind.known_by in names else None


def _read(
    number: int, cells: Sequence[str], names: Sequence[str], kind: ListKind, ids: Mapping[str, UUID], desk: Desk
) -> PastedRow:
    typed = {name: cell.strip() for name, cell in zip(names, cells, strict=False) if name}
    wrong = _look_up(typed, desk)
    values: dict[str, Any] = {**typed, **kind.fixed}
    if "active" in values:
        values["active"] = values["active"] not in (_("停用"), "否", "0", "N", "FALSE")
    record_id = ids.get(str(values.get(kind.known_by, "")))
    if not wrong:
        wrong = _refusal(kind.record, values)
    return PastedRow(number, cells, values, record_id, wrong)


def _look_up(typed: dict[str, Any], desk: Desk) -> str:
    """Put keys in the place of names; says which name is in no list."""
    if typed.get("unit_id"):
        units = [unit for unit in desk.directory.everything(Unit) if typed["unit_id"] in (unit.name, unit.code)]
        if not units:
            return _("部门里没有“{name}”").format(name=typed["unit_id"])
        typed["unit_id"] = units[0].id
    elif "unit_id" in typed:
        typed["unit_id"] = None
    if typed.get("street_code"):
        district = desk.reference.office().district_code
        streets = desk.reference.divisions().streets_of(district)
        found = [street for street in streets if typed["street_code"] in (street.name, street.code)]
        if not found:
            return _("街道里没有“{name}”").format(name=typed["street_code"])
        typed["street_code"] = found[0].code
    return ""


def _refusal(record: type[Record], values: Mapping[str, Any]) -> str:
    """The first trouble the record has with these values; empty: none."""
    try:
        record.model_validate(values)
    except ValidationError as error:
        kept = {name: said for name, said in refusals(error, record).items() if name not in _GIVEN_LATER}
        return next(iter(kept.values()), "")
    return ""


_GIVEN_LATER = frozenset({"id", "created_at", "changed_at"})
