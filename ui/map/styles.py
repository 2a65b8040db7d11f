"""How each of the office's layers looks, and a layer's content made into what the map draws.

Colour belongs to the lights of cases alone; everything else is told apart by shape, width and dashes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from app.base.words import _
from app.domain.grids import GridKind
from app.domain.map_views import LayerEntry, LayerForm, MapAsked, Things
from ui.map.camera import metres_of
from ui.map.layers import Geometry, MapLayer, PackedIds
from ui.map.looks import Look, light_look

if TYPE_CHECKING:
    from app.desk import Desk

INK, INK_DARK = "#3c444d", "#c3cad2"
QUIET, QUIET_DARK = "#6b747e", "#98a1ab"
FAINT, FAINT_DARK = "#9aa2ab", "#68717b"
ACCENT, ACCENT_DARK = "#27598f", "#8fb8e6"


def _look(shape: str = "●", on_light: str = INK, on_dark: str = INK_DARK, *, fill: int = 0, width: float = 1.5) -> Look:
    return Look("", shape, on_light, on_dark, fill, width)


_STYLES: Mapping[str, Sequence[Look]] = {
    GridKind.DISTRICT: (_look(width=2.2, fill=10),),
    GridKind.STREET: (_look(on_light=QUIET, on_dark=QUIET_DARK, width=2, fill=12),),
    GridKind.COMMUNITY: (replace(_look(on_light=QUIET, on_dark=QUIET_DARK), dashed=True),),
    GridKind.GOVERNANCE: (replace(_look(on_light=ACCENT, on_dark=ACCENT_DARK), dashed=True),),
    GridKind.DUTY: (_look(on_light=ACCENT, on_dark=ACCENT_DARK, width=1.5, fill=14),),
    GridKind.UNIT: (_look(on_light=FAINT, on_dark=FAINT_DARK, width=1),),
    "road": (_look(on_light=FAINT, on_dark=FAINT_DARK, width=3),),
    "segment": (replace(_look(width=2), dashed=True),),
    "track": (_look(on_light=ACCENT, on_dark=ACCENT_DARK, width=2.5),),
    "facility": (_look("×"), _look("◆"), _look("■", QUIET, QUIET_DARK), _look("○", FAINT, FAINT_DARK)),
    "check_point": (
        _look("×", ACCENT, ACCENT_DARK),
        _look("◐", ACCENT, ACCENT_DARK),
        _look("✓", ACCENT, ACCENT_DARK),
        _look("‖", ACCENT, ACCENT_DARK),
        _look("○", ACCENT, ACCENT_DARK),
    ),
    "finding": (
        _look("⬢", ACCENT, ACCENT_DARK),
        _look("◐", ACCENT, ACCENT_DARK),
        _look("■", ACCENT, ACCENT_DARK),
        _look("✓", ACCENT, ACCENT_DARK),
        _look("×", QUIET, QUIET_DARK),
    ),
    "case": tuple(light_look(light, "") for light in ("red", "yellow", "green", "grey")),
}
_UNNAMED = frozenset({"facility", "check_point", "finding", "case", "track", "segment"})


def looks_of(entry: LayerEntry) -> Sequence[Look]:
    """The looks of a layer with their words, in the order of its states."""
    return [
        replace(look, word=_(word) if word else "")
        for look, word in zip(_STYLES[entry.name], entry.states, strict=True)
    ]


def made_layer(entry: LayerEntry, things: Things) -> MapLayer:
    """A layer's content as the map draws it."""
    xs, ys = metres_of(_floats(things.longitudes), _floats(things.latitudes))
    return MapLayer(
        name=entry.name,
        title=_(entry.title),
        kind=entry.kind,
        geometry=_GEOMETRY[entry.form],
        ids=PackedIds(things.ids),
        xs=xs,
        ys=ys,
        states=np.frombuffer(things.states, np.uint8),
        looks=looks_of(entry),
        starts=_places(things.starts),
        owners=_places(things.owners),
        titles=things.titles,
        labelled=entry.name not in _UNNAMED,
    )


def read_layer(desk: Desk, entry: LayerEntry, asked: MapAsked) -> tuple[MapLayer, bool]:
    """A layer as it is now, and whether there is more than the map takes; for a reader thread."""
    things = desk.map.read(entry.name, asked)
    return made_layer(entry, things), things.cut


def ground_layers(desk: Desk) -> list[MapLayer]:
    """Boundaries and roads: what a little map lies on."""
    wanted = (GridKind.DISTRICT, GridKind.STREET, GridKind.DUTY, "road")
    return [read_layer(desk, entry, MapAsked())[0] for entry in desk.map.layers() if entry.name in wanted]


def layers_around(desk: Desk) -> list[MapLayer]:
    """The ground with the open cases on it: where nothing was drawn, they show where one is."""
    cases = next(entry for entry in desk.map.layers() if entry.name == "case")
    return [*ground_layers(desk), read_layer(desk, cases, MapAsked())[0]]


_GEOMETRY = {
    LayerForm.POINTS: Geometry.POINTS,
    LayerForm.LINES: Geometry.LINES,
    LayerForm.AREAS: Geometry.AREAS,
}


def _floats(values: object) -> npt.NDArray[np.float64]:
    return np.array(values, np.float64)


def _places(values: object) -> npt.NDArray[np.int64]:
    return np.array(values, np.int64)
