"""Lists out: any list of cases as a sheet, written as it is read, reporters masked unless the person may see them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.base.watch import Watch, silent
from app.base.words import N_, _
from app.domain.case_views import CaseFilter
from app.domain.deadlines import Limit
from app.domain.limit_words import limit_words
from app.domain.permissions import Actor
from app.domain.stages import Stage
from app.reports.workbooks import ColumnKind, SheetColumn, export_rows
from app.services.case_words import masked, stage_word
from app.services.reference import ReferenceService
from db.queries import case_lists
from db.store import Store
from db.types import from_microseconds

PAGE = 1000


@dataclass(frozen=True)
class ExportColumn:
    """One column of the sheet: head, kind of cell, width, and what SQL reads for it."""

    title: str
    kind: ColumnKind
    width: int
    sql: str


COLUMNS: tuple[ExportColumn, ...] = (
    ExportColumn(N_("编号"), "text", 24, "local_no"),
    ExportColumn(N_("市平台编号"), "text", 18, "city_no"),
    ExportColumn(N_("来源编号"), "text", 18, "source_no"),
    ExportColumn(N_("来源"), "text", 12, "source"),
    ExportColumn(N_("上报时间"), "datetime", 18, "reported_at"),
    ExportColumn(N_("上报人"), "text", 10, "reporter_name"),
    ExportColumn(N_("联系电话"), "text", 14, "reporter_phone"),
    ExportColumn(N_("大类"), "text", 14, "major_name"),
    ExportColumn(N_("小类"), "text", 16, "CASE minor_name WHEN '' THEN category_text ELSE minor_name END"),
    ExportColumn(N_("立案条件"), "text", 24, "condition"),
    ExportColumn(N_("时限"), "text", 12, '"limit"'),
    ExportColumn(N_("街道"), "text", 12, "street_name"),
    ExportColumn(N_("社区"), "text", 14, "community_name"),
    ExportColumn(N_("地点"), "text", 36, "address"),
    ExportColumn(N_("经度"), "number", 11, "longitude"),
    ExportColumn(N_("纬度"), "number", 11, "latitude"),
    ExportColumn(N_("问题描述"), "text", 48, "description"),
    ExportColumn(N_("环节"), "text", 12, "stage"),
    ExportColumn(N_("受理员"), "text", 10, "acceptor_name"),
    ExportColumn(N_("采集员"), "text", 10, "collector_name"),
    ExportColumn(N_("处置部门"), "text", 18, "unit_name"),
    ExportColumn(N_("处置人员"), "text", 10, "handler_name"),
    ExportColumn(N_("截止时间"), "datetime", 18, "due_at"),
    ExportColumn(N_("结案时间"), "datetime", 18, "closed_at"),
    ExportColumn(N_("超期处置"), "text", 8, "handled_late"),
)
_SQL = f"SELECT rid, {', '.join(column.sql for column in COLUMNS)} FROM cases WHERE rid IN ({{marks}})"
Shown = Callable[[Any], Any]


class ExportService:
    """Writes sheets; every export is in the audit trail."""

    def __init__(self, store: Store, reference: ReferenceService) -> None:
        self._store = store
        self._reference = reference

    def cases(self, path: Path, wanted: CaseFilter, *, actor: Actor, watch: Watch | None = None) -> int:
        """Write the cases of a list in its order; gives how many. The kind of file follows its name (.xlsx or .csv)."""
        with self._store.read() as reader:
            rids = case_lists.ids(reader.connection, wanted)
        return self.chosen(path, rids, actor=actor, watch=watch)

    def chosen(self, path: Path, rids: Sequence[int], *, actor: Actor, watch: Watch | None = None) -> int:
        """Write these rows of the list, in the order given."""
        watch = watch or silent()
        columns = [SheetColumn(_(column.title), column.kind, column.width) for column in COLUMNS]
        written = export_rows(path, columns, self._rows(rids, actor, watch), watch, title=_("案件"))
        with self._store.write(actor, "case.export", path.name) as tx:
            tx.note_event("case.export", "case", None, f"{path.name}: {written}")
        return written

    def _rows(self, rids: Sequence[int], actor: Actor, watch: Watch) -> Iterator[list[Any]]:
        shown = self._shown(actor)
        for start in range(0, len(rids), PAGE):
            page = tuple(rids[start : start + PAGE])
            with self._store.read() as reader:
                sql = _SQL.format(marks=",".join("?" * len(page)))
                found = {row[0]: row for row in reader.connection.exec_driver_sql(sql, page)}
            for rid in page:
                if rid in found:
                    line = list(found[rid][1:])
                    for place, show in shown.items():
                        line[place] = show(line[place])
                    yield line
            watch.step(min(start + PAGE, len(rids)), len(rids))

    def _shown(self, actor: Actor) -> Mapping[int, Shown]:
        """Place in the line -> how a stored value is shown there."""
        office, sources = self._reference.office(), self._reference.case_sources()
        stages = {stage.value: stage_word(stage, office) for stage in Stage}
        yes_no = (_("否"), _("是"))
        shown: dict[str, Shown] = {
            "source": lambda code: _(sources.get(code, code)),
            '"limit"': lambda text: _limit_words(text),
            "stage": lambda stage: stages[stage],
            "handled_late": lambda late: yes_no[late],
        }
        shown |= {column.sql: _instant for column in COLUMNS if column.kind == "datetime"}
        if not actor.sees_personal_data:
            shown |= {"reporter_name": masked, "reporter_phone": masked}
        return {place: shown[column.sql] for place, column in enumerate(COLUMNS) if column.sql in shown}


def _instant(value: int | None) -> Any:
    return None if value is None else from_microseconds(value)


def _limit_words(text: str | None) -> str:
    if not text:
        return ""
    limit = Limit.model_validate_json(text)
    return limit.text or limit_words(limit)
