"""Rounds on paper and in sheets: patrol sheets, and lists as a workbook."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

from app.base.watch import Watch, silent
from app.base.words import N_, _
from app.domain.checklists import PROGRAMME_TITLES, Programme
from app.domain.patrols import ROUND_KIND_TITLES, ROUND_STATE_TITLES, PatrolRound, RoundKind, RoundState
from app.domain.permissions import Actor
from app.reports.paper import Block, PageBreak, Paper
from app.reports.paper_foot import foot_words
from app.reports.patrol_sheet import sheet_blocks
from app.reports.workbooks import ColumnKind, SheetColumn, export_rows
from app.services.checklists import ChecklistService
from app.services.reference import ReferenceService
from db.queries import patrols
from db.store import Store

PAGE = 1000
COLUMNS: tuple[tuple[str, ColumnKind, int], ...] = (
    (N_("编号"), "text", 26),
    (N_("日期"), "text", 12),
    (N_("状态"), "text", 10),
    (N_("类别"), "text", 10),
    (N_("类型"), "text", 10),
    (N_("网格员"), "text", 10),
    (N_("网格"), "text", 18),
    (N_("街道"), "text", 14),
    (N_("道路"), "text", 16),
    (N_("检查模板"), "text", 14),
    (N_("应查点数"), "number", 9),
    (N_("已查点数"), "number", 9),
    (N_("问题数"), "number", 8),
    (N_("里程(米)"), "number", 10),
    (N_("来源编号"), "text", 16),
)


class PatrolPaperService:
    """Makes patrol sheets and writes lists of rounds; every export is in the audit trail."""

    def __init__(self, store: Store, reference: ReferenceService, checklists: ChecklistService) -> None:
        self._store = store
        self._reference = reference
        self._checklists = checklists

    def sheets(self, round_ids: Sequence[UUID], *, actor: Actor, watch: Watch | None = None) -> Paper:
        """One patrol sheet per round, each beginning on a page of its own; a week's sheets go in one job."""
        watch, office = watch or silent(), self._reference.office()
        blocks: list[Block] = []
        title = ""
        for done, round_id in enumerate(round_ids):
            watch.step(done, len(round_ids))
            with self._store.read() as reader:
                round_ = reader.need(PatrolRound, round_id)
            title = title or round_.number
            if blocks:
                blocks.append(PageBreak())
            blocks += sheet_blocks(round_, self._checklists.get(round_.template_id), office)
        foot = foot_words(office, actor.name, self._store.clock.now())
        return Paper(_("巡查单 {number}").format(number=title), tuple(blocks), foot)

    def export(self, path: Path, rids: Sequence[int], *, actor: Actor, watch: Watch | None = None) -> int:
        """Write these rows of the list in their order (.xlsx or .csv); gives how many."""
        watch = watch or silent()
        columns = [SheetColumn(_(title), kind, width) for title, kind, width in COLUMNS]
        written = export_rows(path, columns, self._rows(rids, watch), watch, title=_("巡查"))
        with self._store.write(actor, "patrol.export", path.name) as tx:
            tx.note_event("patrol.export", "patrol_round", None, f"{path.name}: {written}")
        return written

    def _rows(self, rids: Sequence[int], watch: Watch) -> Iterator[list[Any]]:
        for start in range(0, len(rids), PAGE):
            with self._store.read() as reader:
                rows = patrols.export_rows(reader.connection, rids[start : start + PAGE])
            for row in rows:
                state, kind, programme = RoundState(row[2]), RoundKind(row[3]), Programme(row[4])
                titles = ROUND_STATE_TITLES[state], ROUND_KIND_TITLES[kind], PROGRAMME_TITLES[programme]
                yield [row[0], row[1], *map(_, titles), *row[5:]]
            watch.step(min(start + PAGE, len(rids)), len(rids))
