"""Lists of findings and of verify and check tasks as sheets, in the order of the list shown."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from app.base.watch import Watch, silent
from app.base.words import N_, _
from app.domain.finding_views import FindingLine, TaskLine
from app.domain.findings import FINDING_STATE_TITLES, ChosenBy
from app.domain.permissions import Actor
from app.domain.task_rules import CHOSEN_BY_TITLES, RESULTS, TASK_KIND_TITLES, TASK_STATE_TITLES
from app.reports.workbooks import ColumnKind, SheetColumn, export_rows
from app.services.case_words import swapped
from app.services.field_tasks import FieldTaskService
from app.services.findings import FindingService
from app.services.reference import ReferenceService
from db.store import Store

PAGE = 500
FINDING_COLUMNS: tuple[tuple[str, ColumnKind, int], ...] = (
    (N_("编号"), "text", 26),
    (N_("处理"), "text", 10),
    (N_("问题"), "text", 16),
    (N_("问题描述"), "text", 40),
    (N_("地点"), "text", 32),
    (N_("街道"), "text", 16),
    (N_("网格员"), "text", 10),
    (N_("发现时间"), "datetime", 18),
    (N_("案件编号"), "text", 26),
    (N_("关注至"), "date", 12),
    (N_("照片"), "number", 8),
)
TASK_COLUMNS: tuple[tuple[str, ColumnKind, int], ...] = (
    (N_("编号"), "text", 26),
    (N_("任务"), "text", 8),
    (N_("状态"), "text", 10),
    (N_("案件编号"), "text", 26),
    (N_("问题"), "text", 16),
    (N_("地点"), "text", 32),
    (N_("网格员"), "text", 10),
    (N_("指派方式"), "text", 10),
    (N_("距离(米)"), "number", 10),
    (N_("下达时间"), "datetime", 18),
    (N_("截止时间"), "datetime", 18),
    (N_("完成时间"), "datetime", 18),
    (N_("结果"), "text", 10),
)


class FindingSheetService:
    """Writes lists to files; safe from reader threads but for the note in the audit trail."""

    def __init__(
        self, store: Store, reference: ReferenceService, findings: FindingService, tasks: FieldTaskService
    ) -> None:
        self._store = store
        self._reference = reference
        self._findings = findings
        self._tasks = tasks

    def findings(self, path: Path, rids: Sequence[int], *, actor: Actor, watch: Watch | None = None) -> int:
        """Write these findings in their order (.xlsx or .csv); gives how many."""
        watch = watch or silent()
        rows = _pages(self._findings.lines, rids, _finding_row, watch)
        return self._write(path, FINDING_COLUMNS, rows, _("巡查问题"), "finding", actor, watch)

    def tasks(self, path: Path, rids: Sequence[int], *, actor: Actor, watch: Watch | None = None) -> int:
        """Write these tasks in their order (.xlsx or .csv); gives how many."""
        watch = watch or silent()
        rows = _pages(self._tasks.lines, rids, self._task_row, watch)
        return self._write(path, TASK_COLUMNS, rows, _("核实核查"), "field_task", actor, watch)

    def _write(
        self,
        path: Path,
        columns: Sequence[tuple[str, ColumnKind, int]],
        rows: Iterator[list[Any]],
        title: str,
        record_type: str,
        actor: Actor,
        watch: Watch,
    ) -> int:
        written = export_rows(
            path, [SheetColumn(_(t), kind, width) for t, kind, width in columns], rows, watch, title=title
        )
        with self._store.write(actor, f"{record_type}.export", path.name) as tx:
            tx.note_event(f"{record_type}.export", record_type, None, f"{path.name}: {written}")
        return written

    def _task_row(self, line: TaskLine) -> list[Any]:
        kind = _(swapped(TASK_KIND_TITLES[line.kind], self._reference.office()))
        result = _(RESULTS[line.kind].get(line.result, line.result)) if line.result else ""
        chosen = _(CHOSEN_BY_TITLES[ChosenBy(line.chosen_by)]) if line.member_name else ""
        state = _(TASK_STATE_TITLES[line.state])
        return [
            line.number, kind, state, line.case_no, line.minor_name, line.address, line.member_name, chosen,
            line.distance_m, line.issued_at, line.due_at, line.done_at, result,
        ]  # fmt: skip


def _finding_row(line: FindingLine) -> list[Any]:
    what = line.minor_name or line.category_text
    return [
        line.number, _(FINDING_STATE_TITLES[line.state]), what, line.description, line.address, line.street_name,
        line.member_name, line.found_at, line.case_no, line.watch_until, line.photos,
    ]  # fmt: skip


def _pages(
    lines: Callable[[Sequence[int]], Sequence[Any]], rids: Sequence[int], row: Callable[[Any], list[Any]], watch: Watch
) -> Iterator[list[Any]]:
    for start in range(0, len(rids), PAGE):
        yield from map(row, lines(rids[start : start + PAGE]))
        watch.step(min(start + PAGE, len(rids)), len(rids))
