"""Violations: the shipped table under the office's own lists, and importing those."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import islice
from pathlib import Path

from app.base import reference_builtin as builtin
from app.base.watch import Watch, silent
from app.domain.permissions import Actor
from app.domain.problems import Refused
from app.domain.reference_versions import ReferenceTable
from app.domain.violations import Violation, ViolationTable
from app.services.case_import import ImportResult
from app.services.preferences import PreferenceService
from app.services.reference import ReferenceService
from app.services.sheets.reading import Sheet, open_sheet
from app.services.violation_columns import SHEETS, ViolationMapping, propose, remembered
from app.services.violation_rows import ViolationOutcome, iter_violation_rows

PREVIEW_ROWS, MOST_ROWS, LONGEST_LABEL = 500, 2000, 80


class ViolationService:
    """Lists lie over one another: an item of the same code and first day takes the place of what was there."""

    def __init__(self, reference: ReferenceService, preferences: PreferenceService) -> None:
        self._reference = reference
        self._preferences = preferences
        self._known: tuple[Sequence[object], ViolationTable] | None = None

    def table(self) -> ViolationTable:
        """Every item there is, of every day."""
        versions = self._reference.versions(ReferenceTable.VIOLATIONS)
        ids = [version.id for version in versions]
        if self._known is None or self._known[0] != ids:
            table = builtin.violations()
            for version in sorted(versions, key=lambda one: one.created_at):
                table = table.with_items(ViolationTable.model_validate(version.content).items)
            self._known = (ids, table)
        return self._known[1]

    def find(self, code: str, on: date) -> Violation:
        """The version of that code on that day. Raises Refused: violation.unknown, violation.not_in_force."""
        return self.table().find(code, on)

    def open(self, path: Path, sheet: str | None = None, watch: Watch | None = None) -> Sheet:
        """One table of a file. Raises Refused("sheet.…")."""
        return open_sheet(path, sheet, watch=watch, knows=SHEETS.knows)

    def mapping_for(self, sheet: Sheet) -> ViolationMapping:
        """The columns as this layout was mapped last time, or as the header words suggest."""
        kept = self._preferences.layout(SHEETS.signature(sheet.header))
        return remembered(kept, sheet.header) if kept else propose(sheet.header)

    def preview(
        self, sheet: Sheet, mapping: ViolationMapping, count: int = PREVIEW_ROWS, watch: Watch | None = None
    ) -> list[ViolationOutcome]:
        """What would become of the first rows; nothing is written. Raises Refused("violation.no_column")."""
        mapping.need_columns()
        return list(islice(self._outcomes(sheet, mapping, watch), count))

    def take_over(
        self, sheet: Sheet, mapping: ViolationMapping, *, actor: Actor, watch: Watch | None = None
    ) -> ImportResult:
        """Import a table as one version; all rows that can be taken, or none when something stands in the way.

        Raises Refused: violation.no_column, violation.too_many, account.not_administrator.
        """
        if not actor.administers:
            raise Refused("account.not_administrator")
        mapping.need_columns()
        watch, result = watch or silent(), ImportResult(sheet.header)
        before = {(item.code, item.valid_from): item for item in self.table().items}
        fresh: list[Violation] = []
        for outcome in self._outcomes(sheet, mapping, watch):
            result.read += 1
            if result.read > MOST_ROWS:
                raise Refused("violation.too_many", found=sheet.total or result.read, most=MOST_ROWS)
            if outcome.item is None:
                result.refused += outcome.refusals
                result.refused_cells[outcome.row] = outcome.cells
                continue
            known = before.get((outcome.item.code, outcome.item.valid_from))
            item = outcome.item if known is None else outcome.item.over(known)
            if known == item:
                result.unchanged += 1
                continue
            fresh.append(item)
            result.updated += known is not None
            result.taken += known is None
        if fresh:
            label = (sheet.name or sheet.path.stem)[:LONGEST_LABEL]
            self._reference.take_over_violations(fresh, label=label, source=sheet.path.name, actor=actor)
        self._preferences.keep_layout(SHEETS.signature(sheet.header), mapping.as_memory(sheet.header))
        return result

    def _outcomes(self, sheet: Sheet, mapping: ViolationMapping, watch: Watch | None) -> Iterator[ViolationOutcome]:
        first_days = {item.code: item.valid_from for item in self.table().items}
        return iter_violation_rows(sheet, mapping, first_days, watch)
