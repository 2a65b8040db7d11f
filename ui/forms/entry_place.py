"""What a point says of the place of a case or finding: grids told under it, street and community filled in, the nearest road offered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from app.base.words import _
from app.desk import Desk
from app.domain.grid_places import PlaceOfPoint
from app.domain.problems import Refused
from app.services.place_words import place_words
from ui.forms.entry_inputs import EntryPicker
from ui.forms.entry_point import PointInput
from ui.forms.field import FieldBox
from ui.pages.context import PageContext
from ui.tasks import Latest

REST_MS = 200


@dataclass(frozen=True)
class _Found:
    place: PlaceOfPoint
    words: str


class PlaceFields(Protocol):
    """What a form with a place has."""

    point: PointInput
    street: EntryPicker
    community: EntryPicker
    road: EntryPicker

    def field(self, field_name: str) -> FieldBox:
        """The box of a field by its name."""


class PlaceTeller(QObject):
    """Fills empty fields only: what a person typed stands."""

    def __init__(self, context: PageContext, fields: PlaceFields, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk = context.desk
        self._fields = fields
        self._road = ""
        self._latest: Latest[_Found] = Latest(context.tasks, done=self._show, pause_ms=REST_MS, parent=self)
        fields.point.edited.connect(self.ask)

    def ask(self) -> None:
        """Ask the nets about the point that stands in the form."""
        try:
            point = self._fields.point.point()
        except Refused:
            point = None
        if point is None:
            self._latest.drop()
            self.forget()
            return
        desk, longitude, latitude = self._desk, point.longitude, point.latitude
        self._latest.ask(lambda _watch: _find(desk, longitude, latitude))

    def forget(self) -> None:
        """There is no point any more."""
        self._road = ""
        self._fields.field("longitude").set_hint("")

    def take_road(self) -> None:
        """Put the nearest road into its field."""
        if self._road and not self._fields.road.text().strip():
            self._fields.road.restore(self._road)
            self._fields.road.edited.emit()

    def _show(self, found: _Found) -> None:
        fields, place = self._fields, found.place
        if place.street is not None and not fields.street.text().strip():
            fields.street.choose(place.street.code, place.street.name)
            fields.street.edited.emit()
        community, free = place.community, not fields.community.text().strip()
        if community is not None and free and community.code.startswith(fields.street.value() or "-"):
            fields.community.choose(community.code, community.name)
            fields.community.edited.emit()
        self._road = place.road.name if place.road is not None and not fields.road.text().strip() else ""
        words = found.words
        if self._road:
            words += _("(F9 填入)")
        if not fields.field("longitude").wrong():
            fields.field("longitude").set_hint(words)


def _find(desk: Desk, longitude: float, latitude: float) -> _Found:
    place = desk.grids.at(longitude, latitude)
    owner = desk.grids.owner_of(place.duty_grid.code) if place.duty_grid is not None else None
    return _Found(place, place_words(place, owner.name if owner is not None else ""))
