"""What lies under the points, drawn once with room around it and moved along: so that panning strokes no line anew."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import replace

from PySide6.QtGui import QPainter, QPixmap

from ui.map.camera import Camera

ROOM = 0.3
"""Of the window's width and height, on every side."""
MOST_PIXELS = 24_000_000


class Backdrop:
    """One kept picture; it holds as long as the distance and what is drawn (`mark`) stay the same."""

    def __init__(self) -> None:
        self._picture: QPixmap | None = None
        self._camera: Camera | None = None
        self._mark: Hashable = None

    def paint(
        self, painter: QPainter, camera: Camera, ratio: float, mark: Hashable, draw: Callable[[QPainter, Camera], None]
    ) -> None:
        """Put the picture where it belongs, made anew when it does not hold or does not reach."""
        wide = camera.sized(round(camera.width * (1 + 2 * ROOM)), round(camera.height * (1 + 2 * ROOM)))
        if wide.width * wide.height * ratio * ratio > MOST_PIXELS:
            draw(painter, camera)
            return
        if self._picture is None or mark != self._mark or not self._reaches(camera):
            self._picture, self._camera, self._mark = _drawn(wide, ratio, draw), wide, mark
        assert self._camera is not None
        left, top = camera.pixel(*self._camera.place(0, 0))
        painter.drawPixmap(round(left), round(top), self._picture)

    def _reaches(self, camera: Camera) -> bool:
        kept = self._camera
        if kept is None or replace(kept, x=0, y=0) != replace(camera.sized(kept.width, kept.height), x=0, y=0):
            return False
        outer, inner = kept.box(), camera.box()
        return (
            outer.west <= inner.west
            and outer.south <= inner.south
            and outer.east >= inner.east
            and outer.north >= inner.north
        )


def _drawn(camera: Camera, ratio: float, draw: Callable[[QPainter, Camera], None]) -> QPixmap:
    picture = QPixmap(round(camera.width * ratio), round(camera.height * ratio))
    picture.setDevicePixelRatio(ratio)
    painter = QPainter(picture)
    draw(painter, camera)
    painter.end()
    return picture
