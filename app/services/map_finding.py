"""Where something is on the map: by number, grid, road, street, words of a place, or coordinates as they were pasted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain
from uuid import UUID

from app.base.words import N_, _
from app.domain.case_views import CaseFilter
from app.domain.directory import Road
from app.domain.facility_views import FacilityFilter
from app.domain.grids import GRID_KIND_TITLES, Grid
from app.domain.map_views import MapPlace
from app.services.grids import GridService
from app.services.reference import ReferenceService
from app.services.sheets.values import ValueRefused, as_point
from db.queries import case_lists, facilities, map_things
from db.store import Store

MOST_FOUND = 12
Bounds = tuple[float, float, float, float]
_KIND_WORDS = {"case": N_("案件"), "facility": N_("部件"), "finding": N_("巡查问题"), "round": N_("巡查")}


class MapFinder:
    """Answers the map's search line."""

    def __init__(self, store: Store, grids: GridService, reference: ReferenceService) -> None:
        self._store = store
        self._grids = grids
        self._reference = reference

    def find(self, text: str) -> Sequence[MapPlace]:
        """The places that fit, at most MOST_FOUND, the surest first; empty when nothing fits."""
        words = text.strip()
        if not words:
            return []
        point = _as_place(words)
        if point is not None:
            return [point]
        drawn = (self._numbered(words), self._areas(words), self._streets(words), self._roads(words))
        found = chain(*drawn, self._facilities(words), self._cases(words))
        return _different(found)[:MOST_FOUND]

    def _numbered(self, words: str) -> Iterable[MapPlace]:
        with self._store.read() as reader:
            rows = map_things.points_of_numbers(reader.connection, words, MOST_FOUND)
        for kind, own, longitude, latitude, title in rows:
            yield _point(title, longitude, latitude, kind, UUID(bytes=own))

    def _areas(self, words: str) -> Iterable[MapPlace]:
        for grid in self._grids.all():
            if grid.boundary and (grid.code.startswith(words) or words in grid.name):
                title = " ".join(part for part in (grid.name, grid.code) if part)
                yield MapPlace(title, _box_of_grid(grid), "grid", grid.id, _(GRID_KIND_TITLES[grid.kind]))

    def _streets(self, words: str) -> Iterable[MapPlace]:
        """Streets nobody drew: where their facilities lie."""
        drawn = {grid.street_code or grid.code for grid in self._grids.all() if grid.kind == "street" and grid.boundary}
        for street in self._reference.divisions().streets_of(self._reference.office().district_code):
            if words not in street.name or street.code in drawn:
                continue
            with self._store.read() as reader:
                box = map_things.facility_box(reader.connection, street.code)
            if box is not None:
                yield MapPlace(street.name, (box[0], box[1], box[2], box[3]), words=_("街道(按部件位置)"))

    def _roads(self, words: str) -> Iterable[MapPlace]:
        with self._store.read() as reader:
            roads = [road for road in reader.all(Road) if road.active and road.lines and words in road.name]
        for road in roads:
            yield MapPlace(road.name, _box(chain.from_iterable(road.lines)), "road", road.id, _("道路"))

    def _facilities(self, words: str) -> Iterable[MapPlace]:
        """Facilities whose name, address or owner says so."""
        with self._store.read() as reader:
            rids = facilities.ids(reader.connection, FacilityFilter(search=words), MOST_FOUND)
            lines = facilities.lines(reader.connection, rids)
        for line in lines:
            if line.longitude is not None and line.latitude is not None:
                title = " ".join(part for part in (line.title, line.code or line.house_number, line.address) if part)
                yield _point(title, line.longitude, line.latitude, "facility", line.id)

    def _cases(self, words: str) -> Iterable[MapPlace]:
        """Cases whose address or description says so; reporters are not searched here."""
        with self._store.read() as reader:
            rids = case_lists.ids(reader.connection, CaseFilter(search=words), MOST_FOUND)
            rows = map_things.case_points(reader.connection, rids)
        for own, longitude, latitude, title in rows:
            yield _point(title, longitude, latitude, "case", UUID(bytes=own))


def _as_place(words: str) -> MapPlace | None:
    try:
        given = as_point(words)
    except ValueRefused:
        return None
    if given is None:
        return None
    return _point(f"{given[0]:.6f}, {given[1]:.6f}", *given, "", None)


def _point(title: str, longitude: float, latitude: float, kind: str, own: UUID | None) -> MapPlace:
    words = _(_KIND_WORDS[kind]) if kind else _("坐标(WGS-84)")
    return MapPlace(title, (longitude, latitude, longitude, latitude), kind, own, words)


def _box_of_grid(grid: Grid) -> Bounds:
    return _box(position for polygon in grid.boundary for ring in polygon for position in ring)


def _box(positions: Iterable[tuple[float, float]]) -> Bounds:
    longitudes, latitudes = zip(*positions, strict=True)
    return min(longitudes), min(latitudes), max(longitudes), max(latitudes)


def _different(places: Iterable[MapPlace]) -> Sequence[MapPlace]:
    """Each record once."""
    seen: dict[object, MapPlace] = {}
    for place in places:
        seen.setdefault(place.id or place, place)
    return list(seen.values())
