"""Which piece of the flat map a window shows: its middle, how many metres a pixel is, how large the window is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import ceil, log2

import numpy as np
import numpy.typing as npt
from PySide6.QtGui import QTransform

from app.domain.mercator import HIGHEST_LATITUDE, RADIUS_M, to_degrees, to_metres

Floats = npt.NDArray[np.float64]
CLOSEST, WIDEST = 0.02, 20_000.0
"""Metres a pixel may stand for."""
FIT_MARGIN = 1.08


@dataclass(frozen=True)
class Box:
    """A rectangle on the flat map, in its metres."""

    west: float
    south: float
    east: float
    north: float

    @classmethod
    def of_degrees(cls, west: float, south: float, east: float, north: float) -> Box:
        """The rectangle between two corners in degrees."""
        (x0, y0), (x1, y1) = to_metres(west, south), to_metres(east, north)
        return cls(x0, y0, x1, y1)

    def joined(self, other: Box) -> Box:
        """The smallest rectangle that holds both."""
        return Box(
            min(self.west, other.west),
            min(self.south, other.south),
            max(self.east, other.east),
            max(self.north, other.north),
        )

    def grown(self, metres: float) -> Box:
        """The same with room around it."""
        return Box(self.west - metres, self.south - metres, self.east + metres, self.north + metres)


@dataclass(frozen=True)
class Camera:
    """x, y: the middle of the window in metres of the map. scale: metres a pixel. width, height: pixels."""

    x: float
    y: float
    scale: float
    width: int
    height: int

    def box(self) -> Box:
        """What the window shows."""
        half_w, half_h = self.width * self.scale / 2, self.height * self.scale / 2
        return Box(self.x - half_w, self.y - half_h, self.x + half_w, self.y + half_h)

    def pixels(self, xs: Floats, ys: Floats) -> tuple[Floats, Floats]:
        """Where places of the map lie in the window."""
        return (xs - self.x) / self.scale + self.width / 2, (self.y - ys) / self.scale + self.height / 2

    def pixel(self, x: float, y: float) -> tuple[float, float]:
        """Where one place lies in the window."""
        return (x - self.x) / self.scale + self.width / 2, (self.y - y) / self.scale + self.height / 2

    def place(self, px: float, py: float) -> tuple[float, float]:
        """The place of the map under a pixel."""
        return self.x + (px - self.width / 2) * self.scale, self.y - (py - self.height / 2) * self.scale

    def degrees(self, px: float, py: float) -> tuple[float, float]:
        """Longitude and latitude under a pixel."""
        return to_degrees(*self.place(px, py))

    def transform(self, x: float, y: float) -> QTransform:
        """From metres counted from (x, y) to pixels: paths are kept near 0 so that they stay exact."""
        px, py = self.pixel(x, y)
        return QTransform(1 / self.scale, 0, 0, -1 / self.scale, px, py)

    def sized(self, width: int, height: int) -> Camera:
        """The same middle in a window of another size."""
        return replace(self, width=max(1, width), height=max(1, height))

    def moved(self, right: float, down: float) -> Camera:
        """The window moved over the map by pixels."""
        return replace(self, x=self.x + right * self.scale, y=self.y - down * self.scale)

    def zoomed(self, times: float, px: float | None = None, py: float | None = None) -> Camera:
        """Nearer (times > 1) or farther; the place under the pixel, or the middle, stays where it is."""
        at_x, at_y = self.width / 2 if px is None else px, self.height / 2 if py is None else py
        held_x, held_y = self.place(at_x, at_y)
        scale = min(WIDEST, max(CLOSEST, self.scale / times))
        return replace(
            self,
            x=held_x - (at_x - self.width / 2) * scale,
            y=held_y + (at_y - self.height / 2) * scale,
            scale=scale,
        )

    def fitted(self, box: Box) -> Camera:
        """All of a rectangle, as large as it goes."""
        wide, high = box.east - box.west, box.north - box.south
        scale = max(wide / self.width, high / self.height) * FIT_MARGIN
        middle = replace(self, x=(box.west + box.east) / 2, y=(box.south + box.north) / 2)
        return replace(middle, scale=min(WIDEST, max(CLOSEST * 5, scale)))


def metres_of(longitudes: Floats, latitudes: Floats) -> tuple[Floats, Floats]:
    """Degrees to metres of the map, many at once."""
    held = np.clip(latitudes, -HIGHEST_LATITUDE, HIGHEST_LATITUDE)
    return RADIUS_M * np.radians(longitudes), RADIUS_M * np.log(np.tan(np.pi / 4 + np.radians(held) / 2))


def level_of(scale: float) -> int:
    """The power of two at or above a scale: what is prepared for one level serves until the next."""
    return ceil(log2(scale))
