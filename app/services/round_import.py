"""Rounds from sheets: a row is a check of a place; rows of one round go together, and importing again doubles nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID

from app.base.watch import Watch, silent
from app.domain.patrols import CheckResult, PatrolRound
from app.domain.permissions import Actor, need_writer
from app.services.case_import import CONTENT_SYSTEM, ImportResult, told_how_far
from app.services.preferences import PreferenceService
from app.services.round_columns import (
    SHEETS,
    RoundMapping,
    propose,
    read_map_file,
    remembered,
)
from app.services.round_making import RoundGroup, RoundMaker, RoundTables
from app.services.round_rows import CheckOutcome, CheckRow, examine, iter_check_rows
from app.services.sheets.reading import Sheet, open_sheet
from app.services.sheets.refusals import refusal
from db.queries import patrols
from db.queries.here import here
from db.store import Store
from db.tx import Tx

PREVIEW_ROWS = 500
BATCH = 500


@dataclass
class RoundImportResult(ImportResult):
    """What an import did; rows are checks. rounds, findings: how many came of them."""

    rounds: int = 0
    findings: int = 0

    def told(self) -> dict[str, Any]:
        """As the command line prints it."""
        return {**super().told(), "rounds": self.rounds, "findings": self.findings}


class RoundImportService:
    """Sheets in. Rounds are written in batches; a stop leaves what was written and loses nothing else."""

    def __init__(self, store: Store, tables: RoundTables, preferences: PreferenceService) -> None:
        self._store = store
        self._tables = tables
        self._preferences = preferences

    def open(self, path: Path, sheet: str | None = None, watch: Watch | None = None) -> Sheet:
        """One table of a file. Raises Refused("sheet.…")."""
        return open_sheet(path, sheet, watch=watch, knows=SHEETS.knows)

    def mapping_for(self, sheet: Sheet, mapping_file: Path | None = None) -> RoundMapping:
        """The columns as a file says, as this layout was mapped last time, or as the header words suggest."""
        if mapping_file is not None:
            return read_map_file(mapping_file, sheet.header)
        kept = self._preferences.layout(SHEETS.signature(sheet.header))
        return remembered(kept, sheet.header) if kept else propose(sheet.header)

    def preview(
        self, sheet: Sheet, mapping: RoundMapping, count: int = PREVIEW_ROWS, watch: Watch | None = None
    ) -> list[CheckOutcome]:
        """What would become of the first rows; nothing is written."""
        settled, maker = examine(sheet, mapping, watch), RoundMaker(self._tables, "")
        now = self._store.clock.now()
        return [maker.noted(one) for one in islice(iter_check_rows(sheet, settled, now, watch), count)]

    def run(
        self, path: Path, *, actor: Actor, mapping_file: Path | None = None, sheet: str | None = None
    ) -> RoundImportResult:
        """Import a file with the mapping a file, memory or the header words give."""
        table = self.open(path, sheet)
        return self.take_over(table, self.mapping_for(table, mapping_file), actor=actor)

    def take_over(
        self, sheet: Sheet, mapping: RoundMapping, *, actor: Actor, watch: Watch | None = None
    ) -> RoundImportResult:
        """Import a table under a mapping, which is remembered for its layout.

        Raises Refused; Unavailable("sheet.import_cut_off") when the disk gives out after some rounds were saved.
        """
        need_writer(actor, "patrol_round")
        watch = watch or silent()
        mapping = examine(sheet, mapping, watch.quiet())
        self._preferences.keep_layout(SHEETS.signature(sheet.header), mapping.as_memory(sheet.header))
        maker, result = RoundMaker(self._tables, _system_of(sheet, mapping)), RoundImportResult(sheet.header)
        groups = self._groups(sheet, mapping, maker, result, watch)
        written = 0
        for batch in _batches(iter(groups), BATCH):
            watch.step(written, len(groups))
            with told_how_far(written), self._store.write(actor, "patrol.import") as tx:
                self._write(tx, batch, maker, result)
            written += len(batch)
        return result

    def _groups(
        self, sheet: Sheet, mapping: RoundMapping, maker: RoundMaker, result: RoundImportResult, watch: Watch
    ) -> list[RoundGroup]:
        """Rows of the whole sheet by round, oldest first, so that the newest are on top of lists."""
        checks: list[CheckRow] = []
        for outcome in iter_check_rows(sheet, mapping, self._store.clock.now(), watch):
            outcome = maker.noted(outcome)
            result.read += 1
            result.notes += outcome.notes
            if outcome.check is None:
                result.refused += outcome.refusals
                result.refused_cells[outcome.row] = outcome.cells
            else:
                checks.append(outcome.check)
        return maker.groups(checks)

    def _write(self, tx: Tx, batch: Sequence[RoundGroup], maker: RoundMaker, result: RoundImportResult) -> None:
        there = patrols.places_of_results(
            tx.connection, (maker.check_id(group, check) for group in batch for check in group.checks)
        )
        batch = [left for group in batch if (left := _without_known(group, maker, there, result)).checks]
        known = here(tx.connection, "patrol_round", (group.round_id for group in batch))
        facilities = maker.facilities(tx, batch)
        fresh = [group for group in batch if group.round_id not in known]
        made = [maker.round_of(tx, group, facilities) for group in fresh]
        seen = [(group, maker.results(tx, group, group.checks, facilities)) for group in fresh]
        results = [one for _group, of_round in seen for one in of_round]
        tx.add_many(made)
        tx.add_many(results)
        result.rounds += len(made)
        findings = [one for group, of_round in seen for one in maker.findings(group, of_round)]
        for group in batch:
            if group.round_id in known:
                held, added = self._brought_up_to_date(tx, group, maker, facilities, result)
                findings += maker.findings(group, held)
                results += added
        result.taken += len(results)
        result.findings += maker.report(tx, findings)
        for one in results:
            if one.facility_id is not None:
                self._tables.facilities.seen(tx, one)

    def _brought_up_to_date(
        self, tx: Tx, group: RoundGroup, maker: RoundMaker, facilities: dict[str, Any], result: RoundImportResult
    ) -> tuple[list[CheckResult], list[CheckResult]]:
        """New rows of a known round are added to it, changed ones are put right; gives all its results, and those added."""
        round_ = tx.need(PatrolRound, group.round_id)
        there = {one.id: one for one in tx.children(CheckResult, round_.id)}
        fresh = [check for check in group.checks if maker.check_id(group, check) not in there]
        for check in group.checks:
            old = there.get(maker.check_id(group, check))
            if old is None:
                continue
            after = old.changed(tx.now, grade=check.grade, note=check.note)
            changed = (after.grade, after.note) != (old.grade, old.note)
            if changed:
                with tx.by_itself():
                    tx.change(after)
                there[after.id] = after
            result.updated += changed
            result.unchanged += not changed
        first = max((one.point_no for one in there.values()), default=0) + 1
        added = maker.results(tx, group, fresh, facilities, first)
        tx.add_many(added)
        results = [*there.values(), *added]
        with tx.by_itself():
            tx.change(maker.summed(round_, results, added, group, tx.now))
        return results, added


def _system_of(sheet: Sheet, mapping: RoundMapping) -> str:
    """The outside system's name: the header its numbers stand under."""
    place = mapping.columns.get("source_no", mapping.columns.get("round_no"))
    return CONTENT_SYSTEM if place is None else sheet.column_name(place)[:80]


def _without_known(
    group: RoundGroup, maker: RoundMaker, known: Mapping[UUID, tuple[UUID, str]], result: RoundImportResult
) -> RoundGroup:
    """A group without the checks another round holds: grids drawn since then group the same rows anew.

    A check whose number stands for another place is refused: sheets that each count from 1 would swallow one another.
    """
    left = []
    for check in group.checks:
        round_id, name = known.get(maker.check_id(group, check), (group.round_id, check.name))
        if name != check.name:
            result.refused.append(refusal(check.row, "", "row.check_elsewhere", number=check.number, name=name))
            result.refused_cells[check.row] = check.cells
        elif round_id != group.round_id:
            result.unchanged += 1
        else:
            left.append(check)
    return replace(group, checks=tuple(left))


def _batches(groups: Iterator[RoundGroup], size: int) -> Iterator[list[RoundGroup]]:
    while batch := list(islice(groups, size)):
        yield batch
