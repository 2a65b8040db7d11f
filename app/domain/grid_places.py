"""What the nets say of one point: its district, street, community, grids and road."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from app.domain.cases import CaseDraft
from app.domain.directory import Road
from app.domain.grids import Grid
from app.domain.reference import Division


@dataclass(frozen=True)
class PlaceOfPoint:
    """Where a point lies; what nobody drew stays None. Where several areas of a kind touch it, the smallest code is taken.

    border: more than one area of a kind touches the point; all of them stand in `touching`, those taken included.
    outside: the outline of the office's own district is known and the point does not lie in it.
    """

    district: Division | None = None
    street: Division | None = None
    community: Division | None = None
    unit_grid: Grid | None = None
    duty_grid: Grid | None = None
    governance_grid: Grid | None = None
    road: Road | None = None
    border: bool = False
    outside: bool = False
    touching: Sequence[Grid] = field(default=())

    @property
    def codes(self) -> dict[str, str]:
        """What a case or finding keeps of it, by the names of its fields; only what is known."""
        found = {
            "street_code": self.street.code if self.street else "",
            "community_code": self.community.code if self.community else "",
            "unit_grid": self.unit_grid.code if self.unit_grid else "",
            "duty_grid": self.duty_grid.code if self.duty_grid else "",
            "governance_grid": self.governance_grid.code if self.governance_grid else "",
            "road": self.road.name if self.road else "",
        }
        return {name: value for name, value in found.items() if value}


GRID_FIELDS = ("unit_grid", "duty_grid", "governance_grid")


def with_place(draft: CaseDraft, place: PlaceOfPoint) -> CaseDraft:
    """A case's draft with what the nets say in its empty fields.

    The street is filled in only where none is said, the community only where it lies in the street said. A road is offered
    to the clerk and never filled in: the nearest one need not be the one meant.
    """
    found = {name: code for name, code in place.codes.items() if name in GRID_FIELDS and not getattr(draft, name)}
    codes = place.codes
    street = draft.street_code
    if not (street or draft.street_text) and "street_code" in codes:
        street = found["street_code"] = codes["street_code"]
    community = codes.get("community_code", "")
    if community and not draft.community_code and street and community.startswith(street):
        found["community_code"] = community
    return draft.model_copy(update=found) if found else draft
