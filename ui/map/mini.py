"""A little map for details: the ground of the office, and on it what the detail is about."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.base.words import _
from app.domain.grids import Boundary, Line
from ui.map.camera import Box
from ui.map.layers import MapHit, MapLayer
from ui.map.looks import Look
from ui.map.remembered import OfficeGround
from ui.map.styles import ACCENT, ACCENT_DARK, ground_layers
from ui.map.view import MapView
from ui.naming import name
from ui.pages.context import PageContext
from ui.tasks import Latest

SMALLEST = QSize(240, 140)
ROOM_M = 60.0
THING = Look("", "●", ACCENT, ACCENT_DARK, fill=40, width=2.5)


class MiniMap(QWidget):
    """`picked(MapHit)` on a click. What is shown stays until something else is; the ground is read beside the screen."""

    picked = Signal(object)

    def __init__(self, context: PageContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        name(self, "mini_map", _("位置图"))
        self.view = MapView()
        self.view.setObjectName("mini_map_view")
        self._context = context
        self._ground: Sequence[MapLayer] = ()
        self._things: Sequence[MapLayer] = ()
        self._latest: Latest[Sequence[MapLayer]] = Latest(context.tasks, done=self._take_ground, parent=self)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.addWidget(self.view)
        self.setMinimumSize(SMALLEST)
        self.view.picked.connect(self.picked)
        self.ground = OfficeGround(context, self.view, self)
        self.ground.begin(lambda _problem: None)  # the map page says what is wrong with the file
        self.read_ground()

    def read_ground(self) -> None:
        """Read boundaries and roads again, after an import for example."""
        desk = self._context.desk
        self._latest.ask(lambda _watch: ground_layers(desk))

    def clear(self) -> None:
        """Show the ground alone."""
        self._show(())
        self.view.set_pin(None, None)

    def show_place(self, longitude: float | None, latitude: float | None) -> None:
        """A pin; without a point the ground alone."""
        self.clear()
        if longitude is not None and latitude is not None:
            self.view.look_at_place(longitude, latitude)

    def show_area(self, own: UUID, title: str, boundary: Boundary) -> None:
        """One area, as a whole."""
        self.show_layers([MapLayer.of_areas("thing", title, "grid", [own], [boundary], looks=[THING], titles=[title])])

    def show_lines(self, own: UUID, title: str, lines: Sequence[Line], kind: str = "road") -> None:
        """Lines that are one thing: a road, a track."""
        self.show_layers([MapLayer.of_lines("thing", title, kind, [own], [lines], looks=[THING], titles=[title])])

    def show_layers(self, layers: Sequence[MapLayer]) -> None:
        """These over the ground, as large as they go: a round's check points over its track, for example."""
        self.view.set_pin(None, None)
        self._show(layers)
        whole: Box | None = None
        for layer in layers:
            box = layer.box()
            if box is not None:
                whole = box if whole is None else whole.joined(box)
        if whole is not None:
            self.view.look_at_box(whole.grown(ROOM_M))

    def look_at(self, hit: MapHit) -> bool:
        """Go to one thing of what is shown; False: it is not there."""
        return self.view.look_at_hit(hit)

    def _show(self, layers: Sequence[MapLayer]) -> None:
        self._things = layers
        self.view.set_layers([*self._ground, *layers])

    def _take_ground(self, layers: Sequence[MapLayer]) -> None:
        self._ground = layers
        self.view.set_layers([*layers, *self._things])
