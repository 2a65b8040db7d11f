"""Names of grids, roads, streets and members as a round carries them."""

from __future__ import annotations

from uuid import UUID

from app.domain.directory import Road, Worker
from app.domain.grids import Grid
from app.domain.patrol_planning import PlaceWords
from app.services.directory import DirectoryService
from app.services.grids import GridService
from app.services.reference import ReferenceService


class PatrolPlaces:
    """Looks names up in the office's own lists."""

    def __init__(self, grids: GridService, reference: ReferenceService, directory: DirectoryService) -> None:
        self._grids = grids
        self._reference = reference
        self._directory = directory

    def words(self, grid_id: UUID | None, road_id: UUID | None, street_code: str, member_id: UUID | None) -> PlaceWords:
        """What a round of that grid or road, by that member, is called."""
        grid = self.grid(grid_id)
        road = self.road(road_id)
        code = street_code or (grid.street_code if grid else "") or (road.street_code if road else "")
        return PlaceWords(
            member_name=self.member_name(member_id),
            grid_code=grid.code if grid else "",
            street_code=code,
            street_name=self.street_name(code),
            road=road.name if road else "",
        )

    def grid(self, grid_id: UUID | None) -> Grid | None:
        """A grid in use by identity."""
        return next((grid for grid in self._grids.all() if grid.id == grid_id), None) if grid_id else None

    def grids(self) -> list[Grid]:
        """Every grid in use."""
        return self._grids.all()

    def road(self, road_id: UUID | None) -> Road | None:
        """A road by identity."""
        return next((road for road in self._directory.everything(Road) if road.id == road_id), None)

    def member(self, member_id: UUID | None) -> Worker | None:
        """A member by identity, in use or not."""
        return next((one for one in self._directory.everything(Worker) if one.id == member_id), None)

    def member_name(self, member_id: UUID | None) -> str:
        """The name of a member, "" for nobody."""
        member = self.member(member_id)
        return member.name if member else ""

    def street_name(self, code: str) -> str:
        """The name of a street of the office's district."""
        streets = self._reference.divisions().streets_of(self._reference.office().district_code)
        return next((street.name for street in streets if street.code == code), "")
