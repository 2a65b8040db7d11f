"""Papers of inspections, and lists of inspections and enterprises as sheets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

from app.base.watch import Watch, silent
from app.base.words import N_, _
from app.domain.inspection_caps import visit_day
from app.domain.inspections import INSPECTION_BASIS_TITLES, INSPECTION_STATE_TITLES, Enterprise, Inspection
from app.domain.permissions import Actor
from app.domain.problems import Problem
from app.reports.inspection_paper import FORM_TITLES, InspectionForm, InspectionSheet, form_blocks, result_word
from app.reports.paper import Block, PageBreak, Paper
from app.reports.paper_foot import foot_words
from app.reports.workbooks import ColumnKind, SheetColumn, export_rows
from app.services.inspections import InspectionService
from app.services.photos import PhotoService
from app.services.reference import ReferenceService
from db.store import Store

PAGE = 500
COLUMNS: tuple[tuple[str, ColumnKind, int], ...] = (
    (N_("编号"), "text", 26),
    (N_("企业"), "text", 30),
    (N_("统一社会信用代码"), "text", 22),
    (N_("检查来源"), "text", 12),
    (N_("状态"), "text", 10),
    (N_("检查日期"), "text", 12),
    (N_("检查单位"), "text", 24),
    (N_("执法人员"), "text", 40),
    (N_("检查事项"), "text", 50),
    (N_("检查结果"), "text", 12),
    (N_("案件编号"), "text", 24),
    (N_("说明"), "text", 40),
)


class InspectionPaperService:
    """Makes papers and writes lists; every export is in the audit trail."""

    def __init__(
        self, store: Store, reference: ReferenceService, inspections: InspectionService, photos: PhotoService
    ) -> None:
        self._store = store
        self._reference = reference
        self._inspections = inspections
        self._photos = photos

    def papers(
        self, inspection_ids: Sequence[UUID], form: InspectionForm, *, actor: Actor, watch: Watch | None = None
    ) -> Paper:
        """One paper per inspection, each beginning on a page of its own."""
        watch, office = watch or silent(), self._reference.office()
        blocks: list[Block] = []
        number = ""
        for done, inspection_id in enumerate(inspection_ids):
            watch.step(done, len(inspection_ids))
            sheet = self._sheet(inspection_id)
            number = number or sheet.inspection.number
            if blocks:
                blocks.append(PageBreak())
            blocks += form_blocks(form, sheet, office)
        title = _("{form} {number}").format(form=_(FORM_TITLES[form]), number=number)
        return Paper(title, tuple(blocks), foot_words(office, actor.name, self._store.clock.now()))

    def export(self, path: Path, rids: Sequence[int], *, actor: Actor, watch: Watch | None = None) -> int:
        """Write these rows of the list in their order (.xlsx or .csv); gives how many."""
        watch = watch or silent()
        columns = [SheetColumn(_(title), kind, width) for title, kind, width in COLUMNS]
        written = export_rows(path, columns, self._rows(rids, watch), watch, title=_("行政检查"))
        with self._store.write(actor, "inspection.export", path.name) as tx:
            tx.note_event("inspection.export", "inspection", None, f"{path.name}: {written}")
        return written

    def _sheet(self, inspection_id: UUID) -> InspectionSheet:
        detail = self._inspections.detail(inspection_id)
        photos = [(photo, self._picture(photo.sha256)) for photo in detail.photos]
        return InspectionSheet(detail.inspection, detail.enterprise, photos)

    def _picture(self, sha256: str) -> bytes | None:
        try:
            return self._photos.open(sha256)
        except Problem:
            return self._photos.thumbnail(sha256)

    def _rows(self, rids: Sequence[int], watch: Watch) -> Iterator[list[Any]]:
        for start in range(0, len(rids), PAGE):
            lines = self._inspections.lines(rids[start : start + PAGE])
            with self._store.read() as reader:
                pairs = [
                    (reader.need(Inspection, line.id), reader.get(Enterprise, line.enterprise_id)) for line in lines
                ]
            for inspection, enterprise in pairs:
                yield _row(inspection, enterprise)
            watch.step(min(start + PAGE, len(rids)), len(rids))


def _row(inspection: Inspection, enterprise: Enterprise | None) -> list[Any]:
    return [
        inspection.number,
        inspection.enterprise_name,
        enterprise.credit_code if enterprise is not None else "",
        _(INSPECTION_BASIS_TITLES[inspection.basis]),
        _(INSPECTION_STATE_TITLES[inspection.state]),
        f"{visit_day(inspection):%Y-%m-%d}",
        "、".join(inspection.units),
        "、".join(inspection.officer_words),
        ";".join(item.title for item in inspection.items),
        result_word(inspection.result),
        inspection.case_no,
        inspection.note,
    ]
