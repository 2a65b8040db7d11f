"""The papers of this office, filled from the store."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from app.base.clock import Clock
from app.base.watch import Watch, silent
from app.base.words import _
from app.domain.cases import Photo, PhotoPhase
from app.domain.outages import OutageReport
from app.domain.permissions import Actor
from app.domain.problems import Unavailable
from app.domain.receipts import ReceiptGap
from app.reports.case_list_paper import MOST_LINES, list_blocks
from app.reports.case_slip import MOST_PHOTOS, SlipCase, moment, slip_blocks
from app.reports.outage_paper import outage_blocks
from app.reports.paper import Block, PageBreak, Paper, Ruler
from app.reports.paper_foot import foot_words
from app.reports.receipt_paper import receipt_blocks
from app.services.case_lists import CaseListService
from app.services.case_step_words import action_word
from app.services.cases import CaseService
from app.services.photos import PhotoService
from app.services.reference import ReferenceService
from app.wire.blobs import Receipt

BATCH = 500
PRINTABLE = frozenset({"image/jpeg", "image/png", "image/webp", "image/bmp", "image/gif", "image/tiff"})


class PaperService:
    """Makes papers; whoever prints them is not known here."""

    def __init__(
        self,
        cases: CaseService,
        lists: CaseListService,
        photos: PhotoService,
        reference: ReferenceService,
        clock: Clock,
    ) -> None:
        self._cases = cases
        self._lists = lists
        self._photos = photos
        self._reference = reference
        self._clock = clock

    def case_slips(self, case_ids: Sequence[UUID], *, actor: Actor, watch: Watch | None = None) -> Paper:
        """One dispatch slip per case, each beginning on a page of its own."""
        watch = watch or silent()
        office, sources = self._reference.office(), self._reference.case_sources()
        blocks: list[Block] = []
        title = ""
        for done, case_id in enumerate(case_ids):
            watch.step(done, len(case_ids))
            detail = self._cases.detail(case_id, actor=actor)
            title = title or detail.case.local_no
            if blocks:
                blocks.append(PageBreak())
            blocks += slip_blocks(SlipCase(detail.case, self._pictures(detail.photos)), office, sources)
        return Paper(_("派遣单 {number}").format(number=title), tuple(blocks), self._foot(actor))

    def case_list(self, rids: Sequence[int], title: str, *, actor: Actor, watch: Watch | None = None) -> Paper:
        """The first lines of a list, the long side across."""
        watch, now = watch or silent(), self._clock.now()
        lines = []
        for start in range(0, min(len(rids), MOST_LINES), BATCH):
            watch.step(start, min(len(rids), MOST_LINES))
            lines += self._lists.lines(rids[start : min(start + BATCH, MOST_LINES)])
        office, calendar = self._reference.office(), self._reference.calendar()
        blocks = list_blocks(title, lines, len(rids), office, calendar, now)
        return Paper(title, tuple(blocks), self._foot(actor), landscape=True)

    def delivery_receipt(self, receipt: Receipt, gaps: Sequence[ReceiptGap], *, actor: Actor) -> Paper:
        """The city's receipt of a case, whose signature was checked, with what differs here."""
        office, workflow = self._reference.office(), self._reference.workflow()
        detail = self._cases.detail(receipt.record_id, actor=actor)
        names = {step.id: action_word(step.action, workflow, office) for step in detail.steps}
        names |= {photo.id: photo.name for photo in detail.photos} | {detail.case.id: detail.case.local_no}
        blocks = receipt_blocks(receipt, gaps, detail.case, names, office)
        title = _("送达回执 {number}").format(number=detail.case.local_no)
        return Paper(title, tuple(blocks), self._foot(actor))

    def outage(self, outage: OutageReport, *, actor: Actor) -> Paper:
        """What an outage was and what it left behind."""
        blocks = outage_blocks(outage, self._reference.office())
        return Paper(_("中断报告 {at}").format(at=moment(outage.since)), tuple(blocks), self._foot(actor))

    def calibration(self, *, actor: Actor) -> Paper:
        """A page to measure how far this office's printer prints beside."""
        return Paper(_("打印校准页"), (Ruler(),), self._foot(actor))

    def _pictures(self, photos: Sequence[Photo]) -> list[tuple[Photo, bytes | None]]:
        """Photos before handling first with their bytes; the others only counted."""
        before = [photo for photo in photos if photo.phase == PhotoPhase.BEFORE]
        rest = [(photo, None) for photo in photos if photo.phase != PhotoPhase.BEFORE]
        shown: list[tuple[Photo, bytes | None]] = [
            (photo, self._bytes(photo) if place < MOST_PHOTOS else None) for place, photo in enumerate(before)
        ]
        return shown + rest

    def _bytes(self, photo: Photo) -> bytes | None:
        """A picture a page can hold: the original, its thumbnail, or nothing when the file is gone."""
        if photo.media_type in PRINTABLE:
            try:
                return self._photos.open(photo.sha256)
            except Unavailable:
                return self._photos.thumbnail(photo.sha256)
        return self._photos.thumbnail(photo.sha256)

    def _foot(self, actor: Actor) -> str:
        return foot_words(self._reference.office(), actor.name, self._clock.now())
