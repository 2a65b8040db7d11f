"""Changing an outline point by point, each change undone again if wished; what would make it cross itself is refused."""

from __future__ import annotations

from app.domain.grids import Boundary, Position, Ring
from app.domain.problems import Refused

FEWEST_CORNERS = 3


class BoundaryEdit:
    """A boundary on the way to another. Corners are counted along a ring from 0; the closing position is not one of them."""

    def __init__(self, boundary: Boundary) -> None:
        self._boundary = boundary
        self._before: list[Boundary] = []

    @property
    def boundary(self) -> Boundary:
        """As it stands now."""
        return self._boundary

    @property
    def can_undo(self) -> bool:
        """Whether anything was changed."""
        return bool(self._before)

    def move(self, polygon: int, ring: int, corner: int, to: Position) -> Boundary:
        """Put a corner elsewhere. Raises Refused("grid.edit_crosses")."""
        corners = self._corners(polygon, ring)
        corners[corner] = to
        return self._take(polygon, ring, corners)

    def insert(self, polygon: int, ring: int, after: int, at: Position) -> Boundary:
        """A new corner behind another. Raises Refused("grid.edit_crosses")."""
        corners = self._corners(polygon, ring)
        corners.insert(after + 1, at)
        return self._take(polygon, ring, corners)

    def delete(self, polygon: int, ring: int, corner: int) -> Boundary:
        """Without a corner. Raises Refused("grid.edit_too_few", "grid.edit_crosses")."""
        corners = self._corners(polygon, ring)
        if len(corners) <= FEWEST_CORNERS:
            raise Refused("grid.edit_too_few", n=FEWEST_CORNERS)
        del corners[corner]
        return self._take(polygon, ring, corners)

    def replace(self, boundary: Boundary) -> Boundary:
        """Take a whole outline as a map gives it after a drag. Raises Refused("grid.edit_crosses")."""
        refuse_crossing(boundary)
        if boundary != self._boundary:
            self._before.append(self._boundary)
            self._boundary = boundary
        return boundary

    def undo(self) -> Boundary:
        """As it was before the last change."""
        if self._before:
            self._boundary = self._before.pop()
        return self._boundary

    def _corners(self, polygon: int, ring: int) -> list[Position]:
        return list(self._boundary[polygon][ring][:-1])

    def _take(self, polygon: int, ring: int, corners: list[Position]) -> Boundary:
        closed: Ring = (*corners, corners[0])
        rings = list(self._boundary[polygon])
        rings[ring] = closed
        polygons = list(self._boundary)
        polygons[polygon] = tuple(rings)
        return self.replace(tuple(polygons))


def refuse_crossing(boundary: Boundary) -> None:
    """Raises Refused("grid.edit_crosses") for an outline that crosses itself or encloses nothing."""
    from app.services.shape_care import why_invalid
    from app.services.shapes import as_shape

    if reason := why_invalid(as_shape(boundary)):
        raise Refused("grid.edit_crosses", reason=reason)
