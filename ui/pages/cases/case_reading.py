"""What the detail reads beside the screen: one case with the thumbnails of its photos."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.base.watch import Watch
from app.desk import Desk
from app.domain.cases import Case
from app.domain.permissions import Actor
from app.services.cases import CaseDetail


@dataclass(frozen=True)
class CasePicture:
    """One case as it was read. thumbnails: by sha-256. linked: the case it was linked to."""

    detail: CaseDetail
    thumbnails: Mapping[str, bytes | None]
    linked: Case | None
    now: datetime

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
    return CasePicture(detail, thumbnails, linked, desk.clock.now())
