"""What lies on the map: layers of points, lines or areas as columns of numbers, the identities beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

import numpy as np
import numpy.typing as npt

from app.domain.grids import Boundary, Line
from ui.map.camera import Box, Floats, metres_of
from ui.map.looks import Look

Places = npt.NDArray[np.int64]


class Geometry(StrEnum):
    """What a layer is made of."""

    POINTS = "points"
    LINES = "lines"
    AREAS = "areas"


class MapHit(NamedTuple):
    """One thing on the map. kind: as the layer says (case, facility, finding, round, grid, road…); title: its words."""

    kind: str
    id: UUID
    layer: str = ""
    title: str = ""


class PackedIds(Sequence[UUID]):
    """Identities as sixteen bytes each, made into UUIDs when one is asked for."""

    def __init__(self, packed: bytes) -> None:
        self._packed = packed

    def __len__(self) -> int:
        return len(self._packed) // 16

    def __getitem__(self, at):  # type: ignore[no-untyped-def]  # a slice is never asked for
        start = int(at) * 16
        if not 0 <= start < len(self._packed):
            raise IndexError(at)
        return UUID(bytes=self._packed[start : start + 16])

    def place_of(self, own: UUID) -> int:
        """The first place of an identity; -1: it is not there."""
        at = self._packed.find(own.bytes)
        while at >= 0 and at % 16:
            at = self._packed.find(own.bytes, at + 1)
        return at // 16 if at >= 0 else -1


@dataclass(frozen=True, eq=False)
class MapLayer:
    """A layer as the map draws it. Made by `of_points`, `of_lines`, `of_areas`; the first layer lies lowest.

    xs, ys: points, or corners one ring or line after the other, in metres of the flat map. starts: where each ring or line
    begins; owners: whose it is (a place in `ids`). states: for each thing the place of its look in `looks`; where many
    points stand together the first look in `looks` wins. titles: names for labels and hover words, may be empty.
    """

    name: str
    title: str
    kind: str
    geometry: Geometry
    ids: Sequence[UUID]
    xs: Floats
    ys: Floats
    states: npt.NDArray[np.uint8]
    looks: Sequence[Look]
    starts: Places = field(default_factory=lambda: np.zeros(0, np.int64))
    owners: Places = field(default_factory=lambda: np.zeros(0, np.int64))
    titles: Sequence[str] = ()
    labelled: bool = True

    def __len__(self) -> int:
        return len(self.ids)

    def box(self) -> Box | None:
        """The rectangle that holds everything; None for an empty layer."""
        if not len(self.xs):
            return None
        return Box(float(self.xs.min()), float(self.ys.min()), float(self.xs.max()), float(self.ys.max()))

    def place_of(self, own: UUID) -> int:
        """Where in the columns a thing stands; -1: nowhere."""
        if isinstance(self.ids, PackedIds):
            return self.ids.place_of(own)
        return next((at for at, one in enumerate(self.ids) if one == own), -1)

    def hit(self, at: int) -> MapHit:
        """The thing at a place in the columns."""
        return MapHit(self.kind, self.ids[at], self.name, self.titles[at] if self.titles else "")

    @classmethod
    def of_points(
        cls,
        name: str,
        title: str,
        kind: str,
        ids: Sequence[UUID],
        longitudes: Sequence[float] | Floats,
        latitudes: Sequence[float] | Floats,
        *,
        looks: Sequence[Look],
        states: Sequence[int] | bytes | None = None,
        titles: Sequence[str] = (),
        labelled: bool = False,
    ) -> MapLayer:
        """A layer of points in degrees, WGS-84."""
        xs, ys = metres_of(np.asarray(longitudes, np.float64), np.asarray(latitudes, np.float64))
        worn = _states(states, len(ids))
        return cls(name, title, kind, Geometry.POINTS, ids, xs, ys, worn, looks, titles=titles, labelled=labelled)

    @classmethod
    def of_lines(
        cls,
        name: str,
        title: str,
        kind: str,
        ids: Sequence[UUID],
        lines: Sequence[Sequence[Line]],
        *,
        looks: Sequence[Look],
        states: Sequence[int] | bytes | None = None,
        titles: Sequence[str] = (),
        labelled: bool = True,
    ) -> MapLayer:
        """A layer of lines; each thing may have several."""
        rings = [(at, line) for at, of_one in enumerate(lines) for line in of_one if line]
        return cls._of_rings(name, title, kind, Geometry.LINES, ids, rings, looks, states, titles, labelled)

    @classmethod
    def of_areas(
        cls,
        name: str,
        title: str,
        kind: str,
        ids: Sequence[UUID],
        boundaries: Sequence[Boundary],
        *,
        looks: Sequence[Look],
        states: Sequence[int] | bytes | None = None,
        titles: Sequence[str] = (),
        labelled: bool = True,
    ) -> MapLayer:
        """A layer of areas; a hole lies in its area by the even-odd rule."""
        rings = [(at, ring) for at, whole in enumerate(boundaries) for polygon in whole for ring in polygon if ring]
        return cls._of_rings(name, title, kind, Geometry.AREAS, ids, rings, looks, states, titles, labelled)

    @classmethod
    def _of_rings(
        cls,
        name: str,
        title: str,
        kind: str,
        geometry: Geometry,
        ids: Sequence[UUID],
        rings: Sequence[tuple[int, Sequence[tuple[float, float]]]],
        looks: Sequence[Look],
        states: Sequence[int] | bytes | None,
        titles: Sequence[str],
        labelled: bool,
    ) -> MapLayer:
        lengths = np.array([len(ring) for _at, ring in rings], np.int64)
        corners = np.concatenate([np.asarray(ring, np.float64) for _at, ring in rings]) if rings else np.zeros((0, 2))
        xs, ys = metres_of(corners[:, 0], corners[:, 1])
        starts = np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths)[:-1]]) if rings else np.zeros(0, np.int64)
        owners = np.array([at for at, _ring in rings], np.int64)
        worn = _states(states, len(ids))
        return cls(name, title, kind, geometry, ids, xs, ys, worn, looks, starts, owners, titles, labelled)


def _states(states: Sequence[int] | bytes | None, count: int) -> npt.NDArray[np.uint8]:
    if states is None:
        return np.zeros(count, np.uint8)
    if isinstance(states, bytes):
        return np.frombuffer(states, np.uint8)
    return np.asarray(states, np.uint8)
