"""What the detail reads beside the screen: one case with the thumbnails of its photos."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.base.watch import Watch
from app.desk import Desk
from app.domain.cases import Case
from app.domain.decisions import Decision
from app.domain.facilities import Facility
from app.domain.findings import FieldTask, Finding
from app.domain.permissions import Actor
from app.services.cases import CaseDetail
from app.sync.views import RecordDelivery


@dataclass(frozen=True)
class CasePicture:
    """One case as it was read. thumbnails: by sha-256. linked: the case it was linked to.

    findings: those it was made of or that were linked to it. tasks: its verify and check tasks, oldest first.
    delivery: None where no city is. elsewhere: sha-256 of photos whose originals are not on this PC.
    """

    detail: CaseDetail
    thumbnails: Mapping[str, bytes | None]
    linked: Case | None
    now: datetime
    delivery: RecordDelivery | None = None
    decisions: Sequence[Decision] = ()
    elsewhere: frozenset[str] = frozenset()
    findings: Sequence[Finding] = ()
    tasks: Sequence[FieldTask] = ()
    facility: Facility | None = None

    @property
    def case(self) -> Case:
        """The case itself."""
        return self.detail.case


def read_case(desk: Desk, actor: Actor, case_id: UUID, watch: Watch) -> CasePicture:
    """Everything the detail shows. Raises Refused("store.record_missing")."""
    detail = desk.cases.detail(case_id, actor=actor)
    thumbnails: dict[str, bytes | None] = {}
    for photo in detail.photos:
        watch.check()
        if photo.sha256 not in thumbnails:
            thumbnails[photo.sha256] = desk.photos.thumbnail(photo.sha256)
    linked = None if detail.case.linked_case_id is None else desk.cases.get(detail.case.linked_case_id)
    delivery = desk.sync.delivery(case_id) if desk.sync.link() is not None else None
    decisions = desk.sync.decisions_of(case_id)
    elsewhere = frozenset(sha256 for sha256 in thumbnails if not desk.photos.is_here(sha256))
    return CasePicture(
        detail,
        thumbnails,
        linked,
        desk.clock.now(),
        delivery,
        decisions,
        elsewhere,
        findings=desk.findings.of_case(case_id),
        tasks=desk.field_tasks.of_case(case_id),
        facility=None if detail.case.facility_id is None else desk.facilities.get(detail.case.facility_id),
    )
