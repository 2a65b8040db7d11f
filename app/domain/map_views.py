"""Plain values between the office's records and the map: layers as columns, places that were found, what is asked."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from uuid import UUID


class LayerForm(StrEnum):
    """What a layer is made of."""

    POINTS = "points"
    LINES = "lines"
    AREAS = "areas"


@dataclass(frozen=True)
class LayerEntry:
    """One layer the office has. title: a msgid. states: msgids of what its things may be, the most important first.

    shown: at the first start. dated: holds what fell into the days asked for.
    """

    name: str
    title: str
    kind: str
    form: LayerForm
    states: Sequence[str] = ("",)
    shown: bool = True
    dated: bool = False


@dataclass(frozen=True)
class MapAsked:
    """What the layers are narrowed by. Both days count; None: no bound. facility_group "": every register."""

    first: date | None = None
    last: date | None = None
    facility_group: str = ""


@dataclass(frozen=True, eq=False)
class Things:
    """A layer's content as columns, WGS-84. ids: sixteen bytes each; states: a byte each, a place in the entry's states.

    Points: longitudes and latitudes are theirs. Lines and areas: the corners one ring or line after the other; starts: where
    each begins; owners: whose it is, a place in the identities. cut: there are more than the map takes.
    """

    ids: bytes
    longitudes: array[float]
    latitudes: array[float]
    states: bytes
    titles: Sequence[str]
    starts: array[int] = field(default_factory=lambda: array("q"))
    owners: array[int] = field(default_factory=lambda: array("q"))
    cut: bool = False

    def __len__(self) -> int:
        return len(self.ids) // 16


@dataclass(frozen=True)
class MapPlace:
    """Where something is that was looked for: west, south, east, north in degrees; a point has no width.

    kind and id: the record, where there is one.
    """

    title: str
    bounds: tuple[float, float, float, float]
    kind: str = ""
    id: UUID | None = None
    words: str = field(default="", compare=False)
    """What kind of thing it is, in the language in use."""


def point_place(
    title: str, longitude: float | None, latitude: float | None, kind: str = "", own: UUID | None = None
) -> MapPlace | None:
    """Where a record lies, to be shown on the map; None: it has no point."""
    if longitude is None or latitude is None:
        return None
    return MapPlace(title, (longitude, latitude, longitude, latitude), kind, own)
