"""The half-typed case that a facility begins with."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from app.desk import Desk

COLLECTOR = "collector"


def case_body(desk: Desk, facility_id: UUID) -> dict[str, Any]:
    """The body of a draft of the case entry: category and place filled in, the facility beside them."""
    draft, facility = desk.facilities.case_draft(facility_id), desk.facilities.get(facility_id)
    source = desk.reference.case_sources().get(COLLECTOR, COLLECTOR)
    fields: dict[str, Any] = {
        "source": [COLLECTOR, "", source, ""],
        "road": draft.road,
        "near": draft.address,
        "description": draft.description,
    }
    if draft.kind is not None:
        key = f"{draft.kind}-{draft.major}-{draft.minor}"
        fields["minor"] = [key, f"C-{draft.major}-{draft.minor}", facility.minor_name, facility.major_name]
    if draft.street_code:
        fields["street_code"] = [draft.street_code, "", facility.street_name, ""]
    if draft.community_code:
        fields["community_code"] = [draft.community_code, "", facility.community_name, ""]
    if draft.longitude is not None and draft.latitude is not None:
        fields["longitude"] = [f"{draft.longitude:.7f}, {draft.latitude:.7f}", "WGS-84"]
    return {"fields": fields, "photos": [], "facility_id": str(facility_id)}
