"""What the detail of a facility reads beside the screen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from app.desk import Desk
from app.domain.cases import Photo
from app.domain.facilities import Facility
from app.domain.facility_rules import HistoryLine


@dataclass(frozen=True)
class FacilityPicture:
    """One facility as it was read."""

    facility: Facility
    history: Sequence[HistoryLine]
    photos: Sequence[Photo]


def read_facility(desk: Desk, facility_id: UUID) -> FacilityPicture:
    """Everything the detail shows. Raises Refused("store.record_missing")."""
    facilities = desk.facilities
    return FacilityPicture(facilities.get(facility_id), facilities.history(facility_id), desk.photos.of(facility_id))
