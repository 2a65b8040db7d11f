"""Cases from sheets: new ones are opened, known ones brought up to date by their number, the rest refused by row."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

from app.base.watch import Watch, silent
from app.domain import case_rules, deadlines
from app.domain.cases import Case, CaseStep
from app.domain.deadlines import StageClock
from app.domain.grid_places import GRID_FIELDS
from app.domain.numbering import local_number, number_series
from app.domain.permissions import Actor
from app.domain.places import bd09_to_wgs84, gcj02_to_wgs84
from app.domain.problems import Unavailable
from app.domain.reference import CategoryTable
from app.domain.stages import BEFORE_FILING, Stage
from app.reports.refused_rows import write_refused
from app.services.grids import GridService
from app.services.preferences import PreferenceService
from app.services.reference import OFFICE_ZONE, ReferenceService
from app.services.sheets.case_outcomes import CaseImportRow, CaseOutcome
from app.services.sheets.case_rows import examine, iter_case_rows
from app.services.sheets.cells import Cell
from app.services.sheets.mapping import (
    ColumnMapping,
    layout_signature,
    propose_mapping,
    read_map_file,
    remembered_mapping,
)
from app.services.sheets.reading import Sheet, open_sheet
from app.services.sheets.refusals import RowRefusal
from app.services.sheets.standards import StandardsPreview, read_standards
from db.queries import case_lookups
from db.store import Store
from db.tx import Tx

BATCH = 2000
TO_WGS84: Mapping[str, Callable[[float, float], tuple[float, float]]] = {
    # CGCS2000 and WGS-84 differ by centimetres.
    "wgs84": lambda longitude, latitude: (longitude, latitude),
    "cgcs2000": lambda longitude, latitude: (longitude, latitude),
    "gcj02": gcj02_to_wgs84,
    "bd09": bd09_to_wgs84,
}
CONTENT_SYSTEM = "内容"
IMPORT_SOURCE = "import"


@dataclass
class ImportResult:
    """What an import did. read = taken + updated + unchanged + rows refused."""

    header: Sequence[str] = ()
    read: int = 0
    taken: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: list[RowRefusal] = field(default_factory=list)
    refused_cells: dict[int, Sequence[Cell]] = field(default_factory=dict)
    notes: list[RowRefusal] = field(default_factory=list)

    def told(self) -> dict[str, Any]:
        """As the command line prints it."""
        return {
            "read": self.read,
            "taken": self.taken,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "refused": [refusal.as_json() for refusal in self.refused],
            "notes": [note.as_json() for note in self.notes],
        }


@dataclass(frozen=True)
class StandardsResult:
    """What an import of standards did."""

    minors: int
    conditions: int
    refused: Sequence[RowRefusal]
    taken_over: bool

    def told(self) -> dict[str, Any]:
        """As the command line prints it."""
        return {
            "minors": self.minors,
            "conditions": self.conditions,
            "refused": [refusal.as_json() for refusal in self.refused],
            "taken_over": self.taken_over,
        }


class ImportService:
    """Sheets in. Rows are written in batches; a stop leaves what was written and loses nothing else."""

    def __init__(
        self, store: Store, reference: ReferenceService, preferences: PreferenceService, grids: GridService
    ) -> None:
        self._store = store
        self._grids = grids
        self._reference = reference
        self._preferences = preferences

    def open(self, path: Path, sheet: str | None = None, watch: Watch | None = None) -> Sheet:
        """One table of a file. Raises Refused("sheet.…")."""
        return open_sheet(path, sheet, watch=watch)

    def mapping_for(self, sheet: Sheet, mapping_file: Path | None = None) -> ColumnMapping:
        """The columns as a file says, as this layout was mapped last time, or as the header words suggest."""
        if mapping_file is not None:
            return read_map_file(mapping_file, sheet.header)
        kept = self._preferences.layout(layout_signature(sheet.header))
        return remembered_mapping(kept, sheet.header) if kept else propose_mapping(sheet.header)

    def preview(
        self, sheet: Sheet, mapping: ColumnMapping, rows: int = 500, watch: Watch | None = None
    ) -> list[CaseOutcome]:
        """What would become of the first rows; nothing is written."""
        categories = self._reference.categories()
        return list(islice(iter_case_rows(sheet, examine(sheet, mapping, watch), categories, watch), rows))

    def run(
        self,
        path: Path,
        *,
        actor: Actor,
        mapping_file: Path | None = None,
        sheet: str | None = None,
        watch: Watch | None = None,
    ) -> ImportResult:
        """Import a file with the mapping a file, memory or the header words give."""
        table = self.open(path, sheet, watch)
        return self.take_over(table, self.mapping_for(table, mapping_file), actor=actor, watch=watch)

    def take_over(
        self, sheet: Sheet, mapping: ColumnMapping, *, actor: Actor, watch: Watch | None = None
    ) -> ImportResult:
        """Import a table under a mapping, which is remembered for its layout.

        Raises Unavailable("sheet.import_cut_off") when the disk gives out after some batches were saved.
        """
        watch = watch or silent()
        mapping = examine(sheet, mapping, watch.quiet())
        self._preferences.keep_layout(layout_signature(sheet.header), mapping.as_memory(sheet.header))
        categories = self._reference.categories()
        maker = _CaseMaker(self._reference, self._grids, categories, actor, _system_of(sheet, mapping))
        result, saved = ImportResult(sheet.header), 0
        for outcomes in _batches(iter_case_rows(sheet, mapping, categories), BATCH):
            _tell(result, outcomes)
            cases = [outcome.case for outcome in outcomes if outcome.case is not None]
            rows = {case.source_no: case for case in cases}
            result.updated += len(cases) - len(rows)
            if rows:
                with told_how_far(saved):
                    self._write(rows, maker, result, actor)
            saved = result.read
            watch.step(result.read, sheet.total)
        return result

    def write_refused(self, path: Path, result: ImportResult, watch: Watch | None = None) -> int:
        """The refused rows as a sheet with their reasons, to be mended and imported again."""
        return write_refused(path, result.header, result.refused, result.refused_cells, watch)

    def read_standards(self, path: Path, watch: Watch | None = None) -> StandardsPreview:
        """A city's own standards, every row not understood marked."""
        return read_standards(path, watch)

    def run_standards(
        self, path: Path, *, scheme: str, valid_from: date, leave_out: bool, actor: Actor
    ) -> StandardsResult:
        """Take over a standards workbook; with rows not understood only when they may be left out."""
        preview = self.read_standards(path)
        refused = preview.refused
        if refused and not leave_out:
            return StandardsResult(preview.minors, preview.conditions, refused, taken_over=False)
        clean = preview.without_unsettled()
        table = clean.take_over(scheme, valid_from, path.stem, path.name)
        self._reference.take_over_standards(table, actor=actor)
        return StandardsResult(clean.minors, clean.conditions, refused, taken_over=True)

    def _write(self, rows: dict[str, CaseImportRow], maker: _CaseMaker, result: ImportResult, actor: Actor) -> None:
        with self._store.write(actor, "case.import") as tx:
            known = case_lookups.known_numbers(tx.connection, maker.system, list(rows))
            fresh = [row for number, row in rows.items() if number not in known]
            made = maker.open_many(tx, fresh)
            tx.add_many([case for case, _step in made])
            tx.add_many([step for _case, step in made])
            result.taken += len(made)
            for number, case_id in known.items():
                changed = maker.brought_up_to_date(tx, tx.need(Case, case_id), rows[number])
                result.updated += changed
                result.unchanged += not changed


class _CaseMaker:
    """Turns rows into cases under the office's tables."""

    def __init__(
        self, reference: ReferenceService, grids: GridService, categories: CategoryTable, actor: Actor, system: str
    ) -> None:
        self.system = system
        self._grids = grids
        self._categories = categories
        self._actor = actor
        self._office = reference.office()
        self._context = reference.context()
        self._sources = {title: code for code, title in reference.case_sources().items()}
        streets = reference.divisions().streets_of(self._office.district_code)
        self._streets = {street.name: street for street in streets}

    def open_many(self, tx: Tx, rows: Sequence[CaseImportRow]) -> list[tuple[Case, CaseStep]]:
        """New cases with the step that says where they came from; oldest first, so that search shows newest first."""
        rows = sorted(rows, key=lambda row: row.reported_at)
        day = tx.now.astimezone(OFFICE_ZONE).date()
        series = number_series(self._office.mark, self._office.pc_mark, day)
        first = tx.next_number(series, len(rows)) if rows else 0
        return [self._open(tx, row, local_number(series, serial)) for serial, row in enumerate(rows, start=first)]

    def _open(self, tx: Tx, row: CaseImportRow, number: str) -> tuple[Case, CaseStep]:
        stage = Stage.CLOSED if row.closed_at else Stage.PENDING_REGISTER
        clocks: tuple[StageClock, ...] = ()
        if stage == Stage.PENDING_REGISTER:
            clocks = (deadlines.start("accept", self._context.stage_limits["accept"], tx.now),)
        case = Case(
            id=tx.ids.new(),
            created_at=tx.now,
            changed_at=tx.now,
            local_no=number,
            source_system=self.system,
            source_no=row.source_no,
            reported_at=row.reported_at,
            stage=stage,
            stage_at=row.closed_at or tx.now,
            closed_at=row.closed_at,
            flow_version=self._context.workflow.version,
            acceptor_id=self._actor.person_id,
            acceptor_name=self._actor.name,
            **self._facts(row),
            **case_rules.clock_fields(clocks, stage, self._context),
        )
        return case, self._step(tx, case, row, None)

    def brought_up_to_date(self, tx: Tx, case: Case, row: CaseImportRow) -> bool:
        """Write what the row says anew about a case; work done here since then stays. False when nothing differs."""
        fields = self._facts(row)
        if case.stage not in BEFORE_FILING:
            fields = {name: value for name, value in fields.items() if name not in _FILED}
        fields = {name: value for name, value in fields.items() if value not in ("", None, {})}
        closes = row.closed_at is not None and case.stage in BEFORE_FILING
        if closes:
            fields |= {"stage": Stage.CLOSED, "stage_at": row.closed_at, "closed_at": row.closed_at}
            fields |= case_rules.clock_fields((), Stage.CLOSED, self._context)
        if all(getattr(case, name) == value for name, value in fields.items()):
            return False
        after = case.changed(tx.now, **fields)
        with tx.by_itself():
            tx.change(after)
            tx.add(self._step(tx, after, row, case.stage))
        return True

    def _facts(self, row: CaseImportRow) -> dict[str, Any]:
        longitude, latitude = _wgs84(row)
        point = {} if row.longitude is None else {"system": row.coordinates, "given": [row.longitude, row.latitude]}
        street = self._streets.get(row.street_text.split(" ")[0])
        facts: dict[str, Any] = {
            "source": self._sources.get(row.source, row.source[:40]) or IMPORT_SOURCE,
            "reporter_name": row.reporter,
            "reporter_phone": row.phone,
            "category_text": row.category_text,
            "street_code": street.code if street else "",
            "street_name": street.name if street else row.street_text[:80],
            "road": row.road,
            "house_no": row.house_no,
            "address": row.address or f"{row.street_text}{row.road}{row.house_no}"[:400],
            "longitude": longitude,
            "latitude": latitude,
            "point_source": point,
            "description": row.description,
            "collector_name": row.collector,
            "unit_name": row.unit_text[:80],
        }
        return facts | self._nets(longitude, latitude, said=bool(row.street_text)) | self._category(row)

    def _nets(self, longitude: float | None, latitude: float | None, *, said: bool) -> dict[str, str]:
        """The grids of a point, and its street where the sheet says none."""
        if longitude is None or latitude is None:
            return {}
        place = self._grids.at(longitude, latitude)
        facts = {name: code for name, code in place.codes.items() if name in GRID_FIELDS}
        if place.street is not None and not said:
            facts |= {"street_code": place.street.code, "street_name": place.street.name}
        return facts

    def _category(self, row: CaseImportRow) -> dict[str, Any]:
        category = self._categories.find(row.kind, row.major, row.minor) if row.kind else None
        if category is None:
            return {}
        return {
            "scheme": self._categories.scheme,
            "kind": row.kind,
            "major": category.major,
            "minor": category.minor,
            "major_name": category.major_name,
            "minor_name": category.minor_name,
            "standards_version": self._categories.version_id,
        }

    def _step(self, tx: Tx, case: Case, row: CaseImportRow, before: Stage | None) -> CaseStep:
        note = "\n".join(filter(None, (row.status_text, row.answer)))[:4000]
        return CaseStep(
            id=tx.ids.new(),
            created_at=tx.now,
            changed_at=tx.now,
            parent=case.id,
            action="import",
            from_stage=before,
            to_stage=case.stage,
            at=tx.now,
            actor_id=tx.actor.person_id,
            actor_name=tx.actor.name,
            note=note,
            inputs={"row": row.row},
        )


_FILED = frozenset({"scheme", "kind", "major", "minor", "major_name", "minor_name", "standards_version", "unit_name"})


@contextmanager
def told_how_far(saved: int) -> Iterator[None]:
    """Say with the trouble how many rows are safe, so that nobody wonders whether to import the file again."""
    try:
        yield
    except Unavailable as problem:
        if saved:
            raise Unavailable("sheet.import_cut_off", rows=saved, why=problem.entry.text) from problem
        raise


def _system_of(sheet: Sheet, mapping: ColumnMapping) -> str:
    """The outside system's name: the header its numbers stand under, so that a re-arranged sheet is still the same system."""
    place = mapping.columns.get("source_no")
    return CONTENT_SYSTEM if place is None else sheet.column_name(place)[:80]


def _wgs84(row: CaseImportRow) -> tuple[float | None, float | None]:
    if row.longitude is None or row.latitude is None:
        return None, None
    return TO_WGS84[row.coordinates](row.longitude, row.latitude)


def _tell(result: ImportResult, outcomes: Sequence[CaseOutcome]) -> None:
    for outcome in outcomes:
        result.read += 1
        result.notes += outcome.notes
        if outcome.case is None:
            result.refused += outcome.refusals
            result.refused_cells[outcome.row] = outcome.cells


def _batches(outcomes: Iterator[CaseOutcome], size: int) -> Iterator[list[CaseOutcome]]:
    while batch := list(islice(outcomes, size)):
        yield batch
