"""What the detail of a facility reads beside the screen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.base.watch import Watch
from app.desk import Desk
from app.domain.cases import Photo
from app.domain.facilities import Facility
from app.domain.facility_rules import HistoryLine


@dataclass(frozen=True)
class FacilityPicture:
    """One facility as it was read. thumbnails: by sha-256."""

    facility: Facility
    history: Sequence[HistoryLine]
    photos: Sequence[Photo]
    thumbnails: Mapping[str, bytes | None]
    now: datetime


def read_facility(desk: Desk, facility_id: UUID, watch: Watch) -> FacilityPicture:
    """Everything the detail shows. Raises Refused("store.record_missing")."""
    facility = desk.facilities.get(facility_id)
    history = desk.facilities.history(facility_id)
    photos = desk.photos.of(facility_id)
    thumbnails: dict[str, bytes | None] = {}
    for photo in photos:
        watch.check()
        thumbnails[photo.sha256] = desk.photos.thumbnail(photo.sha256)
    return FacilityPicture(facility, history, photos, thumbnails, desk.clock.now())
