"""Facilities from sheets: new ones are registered, known ones brought up to date by their number, the rest refused by row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

from app.base.watch import Watch, silent
from app.domain.cases import CaseKind
from app.domain.facilities import Facility, FacilityEvent
from app.domain.facility_codes import check_code
from app.domain.facility_rules import event_fields, group_for, is_event
from app.domain.permissions import Actor, need_writer
from app.domain.problems import Refused
from app.services.alike import made_alike
from app.services.case_import import BATCH, CONTENT_SYSTEM, ImportResult, told_how_far
from app.services.facilities import FacilityService
from app.services.facility_columns import SHEETS, FacilityMapping, propose, remembered
from app.services.facility_groups import groups
from app.services.facility_making import Tables, point_of
from app.services.facility_numbers import Coding, place_words
from app.services.facility_rows import FacilityOutcome, FacilityRow, iter_facility_rows, need_order_of_columns
from app.services.grids import GridService
from app.services.preferences import PreferenceService
from app.services.sheets.categories import CategoryFinder
from app.services.sheets.reading import Sheet, open_sheet
from app.services.sheets.refusals import RowRefusal, refusal
from db.queries import facilities as rows
from db.store import Store
from db.tx import Tx

PREVIEW_ROWS = 500


class FacilityImportService:
    """Sheets in. Rows are written in batches; a stop leaves what was written and loses nothing else."""

    def __init__(
        self, store: Store, facilities: FacilityService, grids: GridService, preferences: PreferenceService
    ) -> None:
        self._store = store
        self._facilities = facilities
        self._grids = grids
        self._preferences = preferences

    def open(self, path: Path, sheet: str | None = None, watch: Watch | None = None) -> Sheet:
        """One table of a file. Raises Refused("sheet.…")."""
        return open_sheet(path, sheet, watch=watch, knows=SHEETS.knows)

    def mapping_for(self, sheet: Sheet) -> FacilityMapping:
        """The columns as this layout was mapped last time, or as the header words suggest."""
        kept = self._preferences.layout(SHEETS.signature(sheet.header))
        return remembered(kept, sheet.header) if kept else propose(sheet.header)

    def preview(
        self, sheet: Sheet, mapping: FacilityMapping, count: int = PREVIEW_ROWS, watch: Watch | None = None
    ) -> list[FacilityOutcome]:
        """What would become of the first rows, with what this office would say of them; nothing is written.

        Raises Refused: facility.no_column, facility.columns_swapped.
        """
        mapping.need_columns()
        need_order_of_columns(sheet, mapping, watch)
        outcomes = list(islice(iter_facility_rows(sheet, mapping, watch), count))
        with self._store.read() as reader:
            return self._maker(sheet, mapping).judged(reader, outcomes)

    def take_over(
        self, sheet: Sheet, mapping: FacilityMapping, *, actor: Actor, watch: Watch | None = None
    ) -> ImportResult:
        """Import a table under a mapping, which is remembered for its layout.

        Raises Refused: facility.no_column, facility.columns_swapped, account.role_needed;
        Unavailable("sheet.import_cut_off") when the disk gives out after some batches were saved.
        """
        need_writer(actor, "facility")
        watch = watch or silent()
        mapping.need_columns()
        need_order_of_columns(sheet, mapping, watch.quiet())
        self._preferences.keep_layout(SHEETS.signature(sheet.header), mapping.as_memory(sheet.header))
        maker, result, saved = self._maker(sheet, mapping), ImportResult(sheet.header), 0
        for outcomes in _batches(iter_facility_rows(sheet, mapping), BATCH):
            watch.check()
            with told_how_far(saved), self._store.write(actor, "facility.import") as tx:
                judged = maker.judged(tx, outcomes)
                maker.write(tx, [one.facility for one in judged if one.facility is not None], result)
            _tell(result, judged)
            saved = result.read
            watch.step(result.read, sheet.total)
        return result

    def _maker(self, sheet: Sheet, mapping: FacilityMapping) -> _FacilityMaker:
        place = mapping.columns.get("source_no", mapping.columns.get("code"))
        source = CONTENT_SYSTEM if place is None else sheet.column_name(place)[:80]
        return _FacilityMaker(self._facilities.tables(), self._facilities.coding(), self._grids, source)


class _Numbers(NamedTuple):
    """Which facility bears a code, a house number, or a number of this source."""

    codes: Mapping[str, UUID]
    houses: Mapping[str, UUID]
    known: Mapping[str, UUID]


class _FacilityMaker:
    """Turns rows into facilities under the office's tables and grids."""

    def __init__(self, tables: Tables, coding: Coding, grids: GridService, source: str) -> None:
        self._tables = tables
        self._coding = coding
        self._grids = grids
        self._source = source
        self._finder = CategoryFinder(tables.categories)
        self._unknown: set[str] = set()
        self._typed: dict[tuple[str, str], Mapping[str, str]] = {}

    def judged(self, tx: Any, outcomes: Sequence[FacilityOutcome]) -> list[FacilityOutcome]:
        """The outcomes with what the office knows: category, register, street and grids filled in, wrong codes refused."""
        taken = [one.facility for one in outcomes if one.facility is not None]
        places = self._places(taken)
        codes = rows.known_codes(tx.connection, [code for row in taken if (code := row.fields.get("code"))])
        houses = rows.known_house_numbers(
            tx.connection, [house for row in taken if (house := row.fields.get("house_number"))]
        )
        known = rows.known_source_numbers(tx.connection, self._source, [row.number for row in taken])
        numbers = _Numbers(codes, houses, known)
        return [
            one if one.facility is None else self._judge(tx, one, one.facility, places.get(one.row), numbers)
            for one in outcomes
        ]

    def write(self, tx: Tx, taken: Sequence[FacilityRow], result: ImportResult) -> None:
        """Register what is new, bring up to date what is known."""
        known = rows.known_source_numbers(tx.connection, self._source, [row.number for row in taken])
        fresh = [row for row in taken if row.number not in known]
        without = [row for row in fresh if not row.fields.get("code")]
        wanted = [(row.fields.get("major", ""), row.fields.get("minor", "")) for row in without]
        codes = dict(zip((row.row for row in without), self._coding.next_codes(tx, wanted), strict=True))
        tx.add_many(made_alike(tx, Facility, [self._fields(row, codes.get(row.row, "")) for row in fresh]))
        result.taken += len(fresh)
        for row in taken:
            if row.number in known:
                changed = self._brought_up_to_date(tx, known[row.number], row)
                result.updated += changed
                result.unchanged += not changed

    def _places(self, taken: Sequence[FacilityRow]) -> Mapping[int, Any]:
        """Row -> the place of its point, asked for all of them at once."""
        pointed = [(row.row, point) for row in taken if (point := point_of(row.fields)) is not None]
        found = self._grids.at_many([point for _row, point in pointed]) if pointed else []
        return {row: place for (row, _point), place in zip(pointed, found, strict=True)}

    def _judge(
        self,
        tx: Any,
        outcome: FacilityOutcome,
        row: FacilityRow,
        place: Any,
        numbers: _Numbers,
    ) -> FacilityOutcome:
        notes: list[RowRefusal] = []
        fields = dict(row.fields)
        code = fields.get("code", "")
        try:
            fields |= self._category(row, fields, code, notes)
            if code:
                check_code(
                    self._coding.rule, code, self._coding.district, fields.get("major", ""), fields.get("minor", "")
                )
            self._refuse_taken(tx, row, numbers)
        except Refused as refused:
            reason = refusal(row.row, "", refused.code, **refused.details)
            return FacilityOutcome(row.row, tuple(outcome.cells), None, (reason,))
        fields |= self._typed_place(row.street, row.community)
        if place is not None:
            fields |= self._tables.place_fields(place, fields)
            if place.outside:
                notes.append(refusal(row.row, "", "facility.outside_district"))
        fields["group"] = row.group or group_for(fields.get("minor_name") or fields.get("name", ""), groups())
        made = FacilityRow(row.row, row.number, fields)
        return FacilityOutcome(row.row, outcome.cells, made, (), tuple(notes))

    def _refuse_taken(self, tx: Any, row: FacilityRow, numbers: _Numbers) -> None:
        """Raises Refused("facility.code_twice", "facility.house_number_twice") for a number another facility bears."""
        own, fields = numbers.known.get(row.number), row.fields
        for name, taken in (("code", numbers.codes), ("house_number", numbers.houses)):
            other = taken.get(fields.get(name, ""))
            if other is not None and other != own:
                place = place_words(tx.need(Facility, other))
                raise Refused(f"facility.{name}_twice", number=fields[name], place=place)

    def _typed_place(self, street: str, community: str) -> Mapping[str, str]:
        """The street and community as written, looked up once for thousands of rows."""
        if (street, community) not in self._typed:
            self._typed[street, community] = self._tables.typed_place(street, community, self._coding.district)
        return self._typed[street, community]

    def _category(
        self, row: FacilityRow, fields: Mapping[str, Any], code: str, notes: list[RowRefusal]
    ) -> dict[str, Any]:
        """Codes and names of the row's category: as said, else as its code says; an unknown name stays as written."""
        major, minor, name = fields.get("major", ""), fields.get("minor", ""), fields.get("minor_name", "")
        if not (major and minor) and not name and code:
            parts = check_code(self._coding.rule, code, self._coding.district)
            major, minor = parts.major, parts.minor
        if not (name or (major and minor)):
            return {}
        found = self._finder.find(CaseKind.COMPONENT, (major, minor), fields.get("major_name", ""), name, name)
        category = None if found is None else self._tables.categories.find(*found)
        if category is not None:
            return self._tables.fields_of(category)
        said = name or f"{major}-{minor}"
        if said not in self._unknown:
            self._unknown.add(said)
            notes.append(refusal(row.row, "", "facility.category_unknown", text=said))
        return {"major": "", "minor": "", "minor_name": said}

    def _fields(self, row: FacilityRow, code: str) -> dict[str, Any]:
        fields = {"code": code, **row.fields} if code else dict(row.fields)
        return {**fields, "source": self._source, "source_no": row.number}

    def _brought_up_to_date(self, tx: Tx, facility_id: UUID, row: FacilityRow) -> bool:
        """Write what the row says anew; what it leaves empty stays. False when nothing differs."""
        before = tx.need(Facility, facility_id)
        fields = dict(row.fields)
        if "attributes" in fields:
            fields["attributes"] = {**before.attributes, **fields["attributes"]}
        if point_of(fields) == point_of(before):
            # The same place, whatever system this sheet gives it in.
            fields.pop("point_source", None)
        if all(getattr(before, name) == value for name, value in fields.items()):
            return False
        after = before.changed(tx.now, **fields)
        with tx.by_itself():
            tx.change(after)
            if is_event(before, after):
                tx.add(_import_event(tx, before, after))
        return True


def _import_event(tx: Tx, before: Facility, after: Facility) -> FacilityEvent:
    return FacilityEvent(
        id=tx.ids.new(),
        created_at=tx.now,
        changed_at=tx.now,
        parent=after.id,
        at=tx.now,
        action="import",
        actor_name=tx.actor.name,
        **event_fields(before, after),
    )


def _tell(result: ImportResult, outcomes: Sequence[FacilityOutcome]) -> None:
    for outcome in outcomes:
        result.read += 1
        result.notes += outcome.notes
        if outcome.facility is None:
            result.refused += outcome.refusals
            result.refused_cells[outcome.row] = outcome.cells


def _batches(outcomes: Iterator[FacilityOutcome], size: int) -> Iterator[list[FacilityOutcome]]:
    while batch := list(islice(outcomes, size)):
        yield batch
