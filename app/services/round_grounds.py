"""Where checks of a sheet were: the grid they count for, and its street."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.grid_places import PlaceOfPoint
from app.domain.grids import Grid, GridKind
from app.services.grids import GridService
from app.services.reference import ReferenceService
from app.services.round_rows import CheckRow

WALKED_GRIDS = (GridKind.DUTY, GridKind.UNIT, GridKind.GOVERNANCE, GridKind.COMMUNITY, GridKind.STREET)
_FIELDS = {
    GridKind.DUTY: "duty_grid",
    GridKind.UNIT: "unit_grid",
    GridKind.GOVERNANCE: "governance_grid",
    GridKind.COMMUNITY: "community_code",
}


@dataclass(frozen=True)
class Ground:
    """The grid a check counts for (its code may be known in words alone), and its street."""

    grid: Grid | None
    grid_code: str
    street_code: str
    street_name: str

    @property
    def codes(self) -> dict[str, str]:
        """What a finding keeps of the grid, by the name of its field."""
        field = _FIELDS.get(self.grid.kind) if self.grid else None
        return {field: self.grid_code} if field else {}


class Grounds:
    """Looks grids and streets up by code, by name, or by where a point lies."""

    def __init__(self, reference: ReferenceService, grids: GridService) -> None:
        self._service = grids
        self._grids: dict[str, Grid] = {}
        for kind in reversed(WALKED_GRIDS):
            for grid in grids.all(kind):
                self._grids |= {word: grid for word in (grid.name, grid.code) if word}
        streets = reference.divisions().streets_of(reference.office().district_code)
        self._streets = {word: street for street in streets for word in (street.code, street.name)}

    def knows(self, grid: str) -> bool:
        """True for the code or name of a grid in use."""
        return grid in self._grids

    def of(self, checks: Sequence[CheckRow]) -> list[Ground]:
        """Where each check was: what the row says of its grid, else where its point lies; all points asked at once."""
        placed = [(at, check) for at, check in enumerate(checks) if check.longitude is not None]
        points = [(check.longitude or 0.0, check.latitude or 0.0) for _at, check in placed]
        places = self._service.at_many(points, roads=False) if points else []
        by_row = {at: place for (at, _check), place in zip(placed, places, strict=True)}
        return [self._ground(check, by_row.get(at)) for at, check in enumerate(checks)]

    def _ground(self, check: CheckRow, place: PlaceOfPoint | None) -> Ground:
        grid = self._grids.get(check.grid)
        if grid is None and place is not None and not check.grid:
            grid = place.duty_grid or place.unit_grid or place.governance_grid
        said = self._streets.get(check.street)
        code = said.code if said else grid.street_code if grid else ""
        if not (code or check.street) and place is not None and place.street is not None:
            code = place.street.code
        known = self._streets.get(code)
        return Ground(grid, grid.code if grid else check.grid, code, known.name if known else check.street)
