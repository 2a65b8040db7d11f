"""How a map goes to a place that was found."""

from __future__ import annotations

from app.domain.map_views import MapPlace
from ui.map.view import MapView

ROOM = 0.06


def go_to(view: MapView, place: MapPlace) -> None:
    """Look at it: an area as a whole, a point with a pin."""
    west, south, east, north = place.bounds
    if west == east and south == north:
        view.look_at_place(west, south)
        return
    wide, high = (east - west) * ROOM, (north - south) * ROOM
    view.look_at(west - wide, south - high, east + wide, north + high)
