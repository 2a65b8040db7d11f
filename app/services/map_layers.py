"""The layers of the office's map and what lies in each; safe to call from reader threads."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import chain
from typing import Any
from uuid import UUID

from app.base.words import N_
from app.domain.deadlines import Light, light
from app.domain.directory import Road
from app.domain.facilities import FACILITY_STATE_TITLES, FacilityState
from app.domain.findings import FINDING_STATE_TITLES, FindingState
from app.domain.grids import GRID_KIND_TITLES, Grid, GridKind, Line, RoadSegment
from app.domain.map_views import LayerEntry, LayerForm, MapAsked, MapPlace, Things
from app.domain.patrols import CHECK_GRADE_TITLES, CheckGrade
from app.domain.stages import Stage
from app.domain.tracks import unpack
from app.services.grids import GridService
from app.services.map_finding import MapFinder
from app.services.reference import OFFICE_ZONE, ReferenceService
from db.queries import map_things
from db.store import Store
from db.types import from_microseconds, to_microseconds

MOST = 200_000
MOST_TRACKS = 500
LIGHTS = (Light.RED, Light.YELLOW, Light.GREEN, Light.GREY)
FACILITY_STATES = (FacilityState.MISSING, FacilityState.DAMAGED, FacilityState.INTACT, FacilityState.SCRAPPED)
FINDING_STATES = (
    FindingState.OPEN,
    FindingState.WATCH,
    FindingState.CASE,
    FindingState.SETTLED,
    FindingState.DROPPED,
)
GRADES = (CheckGrade.BAD, CheckGrade.FAIR, CheckGrade.GOOD, CheckGrade.PASSED_OVER)
NOT_SEEN = len(GRADES)


def _grids(kind: GridKind, *, shown: bool = True) -> LayerEntry:
    return LayerEntry(kind, GRID_KIND_TITLES[kind], "grid", LayerForm.AREAS, shown=shown)


LAYERS = (
    # The lowest first. A layer more is one line here, one reader in MapService, and its looks in ui.map.styles.
    _grids(GridKind.DISTRICT),
    _grids(GridKind.STREET),
    _grids(GridKind.COMMUNITY, shown=False),
    _grids(GridKind.GOVERNANCE, shown=False),
    _grids(GridKind.DUTY),
    _grids(GridKind.UNIT, shown=False),
    LayerEntry("road", N_("道路"), "road", LayerForm.LINES),
    LayerEntry("segment", N_("路段"), "road", LayerForm.LINES, shown=False),
    LayerEntry("track", N_("轨迹"), "track", LayerForm.LINES, dated=True),
    LayerEntry(
        "facility",
        N_("部件"),
        "facility",
        LayerForm.POINTS,
        tuple(FACILITY_STATE_TITLES[state] for state in FACILITY_STATES),
        shown=False,
    ),
    LayerEntry(
        "check_point",
        N_("检查点"),
        "round",
        LayerForm.POINTS,
        (*(CHECK_GRADE_TITLES[grade] for grade in GRADES), N_("待查")),
        dated=True,
    ),
    LayerEntry(
        "finding",
        N_("巡查问题"),
        "finding",
        LayerForm.POINTS,
        tuple(FINDING_STATE_TITLES[state] for state in FINDING_STATES),
        dated=True,
    ),
    LayerEntry(
        "case", N_("未结案件"), "case", LayerForm.POINTS, (N_("超期"), N_("临期"), N_("按时"), N_("无时限或挂账"))
    ),
)
CONCERNS: Mapping[str, frozenset[str]] = {
    # Record type -> the layers that are read again when one changes.
    "grid": frozenset(GridKind),
    "road": frozenset({"road"}),
    "road_segment": frozenset({"segment"}),
    "track": frozenset({"track"}),
    "facility": frozenset({"facility"}),
    "patrol_round": frozenset({"check_point"}),
    "check_result": frozenset({"check_point"}),
    "finding": frozenset({"finding"}),
    "case": frozenset({"case"}),
}


class MapService:
    """What lies where. `desk.map`."""

    def __init__(self, store: Store, grids: GridService, reference: ReferenceService) -> None:
        self._store = store
        self._grids = grids
        self._finder = MapFinder(store, grids, reference)
        self._readers: Mapping[str, Callable[[MapAsked], Things]] = {
            "road": self._roads,
            "segment": self._segments,
            "track": self._tracks,
            "facility": self._facilities,
            "check_point": self._check_points,
            "finding": self._findings,
            "case": self._cases,
        }

    def layers(self) -> Sequence[LayerEntry]:
        """Every layer the office has, the lowest first."""
        return LAYERS

    def read(self, name: str, asked: MapAsked = MapAsked()) -> Things:  # noqa: B008 (a frozen value)
        """What lies in a layer now."""
        if name in self._readers:
            return self._readers[name](asked)
        return grid_things(self._grids.all(GridKind(name)))

    def find(self, text: str) -> Sequence[MapPlace]:
        """Where the thing of that number, name or code is, or the coordinates themselves; the surest first."""
        return self._finder.find(text)

    def _roads(self, _asked: MapAsked) -> Things:
        with self._store.read() as reader:
            roads = [road for road in reader.all(Road) if road.active and road.lines]
        return lined([road.id for road in roads], [road.lines for road in roads], [road.name for road in roads])

    def _segments(self, _asked: MapAsked) -> Things:
        with self._store.read() as reader:
            found = [segment for segment in reader.all(RoadSegment) if segment.active and segment.lines]
        return lined([one.road_id for one in found], [one.lines for one in found], [one.name for one in found])

    def _tracks(self, asked: MapAsked) -> Things:
        with self._store.read() as reader:
            rows = map_things.tracks(reader.connection, *_days(asked), MOST_TRACKS + 1)
        lines = [(tuple((longitude, latitude) for _second, longitude, latitude in unpack(row[1])),) for row in rows]
        things = lined([UUID(bytes=row[0]) for row in rows], lines, [row[2] for row in rows])
        return replace(things, cut=len(rows) > MOST_TRACKS)

    def _facilities(self, asked: MapAsked) -> Things:
        with self._store.read() as reader:
            rows = map_things.facilities(reader.connection, asked.facility_group, MOST + 1)
        places = {state.value: at for at, state in enumerate(FACILITY_STATES)}
        return _points(rows, [places[row[3]] for row in rows])

    def _check_points(self, asked: MapAsked) -> Things:
        with self._store.read() as reader:
            rows = map_things.check_points(reader.connection, *_days(asked), MOST + 1)
        places = {grade.value: at for at, grade in enumerate(GRADES)}
        return _points(rows, [places.get(row[3], NOT_SEEN) for row in rows])

    def _findings(self, asked: MapAsked) -> Things:
        since, until = _instants(asked)
        with self._store.read() as reader:
            rows = map_things.findings(reader.connection, since, until, MOST + 1)
        places = {state.value: at for at, state in enumerate(FINDING_STATES)}
        return _points(rows, [places[row[3]] for row in rows])

    def _cases(self, _asked: MapAsked) -> Things:
        now = self._store.clock.now()
        with self._store.read() as reader:
            rows = map_things.open_cases(reader.connection, MOST + 1)
        return _points(rows, [LIGHTS.index(_light(row, now)) for row in rows])


def grid_things(grids: Iterable[Grid]) -> Things:
    """Areas as columns; a grid that was never drawn is not on the map."""
    drawn = [grid for grid in grids if grid.boundary]
    rings = [(at, ring) for at, grid in enumerate(drawn) for polygon in grid.boundary for ring in polygon if ring]
    return _cornered([grid.id for grid in drawn], rings, [grid.name or grid.code for grid in drawn])


def lined(ids: Sequence[UUID], lines: Sequence[Sequence[Line]], titles: Sequence[str]) -> Things:
    """Lines as columns; each thing may have several."""
    return _cornered(ids, [(at, line) for at, of_one in enumerate(lines) for line in of_one if line], titles)


def _cornered(ids: Sequence[UUID], rings: Sequence[tuple[int, Line]], titles: Sequence[str]) -> Things:
    starts, at = array("q"), 0
    for _owner, ring in rings:
        starts.append(at)
        at += len(ring)
    corners = list(chain.from_iterable(ring for _owner, ring in rings))
    return Things(
        b"".join(one.bytes for one in ids),
        array("d", [corner[0] for corner in corners]),
        array("d", [corner[1] for corner in corners]),
        bytes(len(ids)),
        titles,
        starts,
        array("q", [owner for owner, _ring in rings]),
    )


def _points(rows: Sequence[Sequence[Any]], states: Sequence[int]) -> Things:
    kept = rows[:MOST]
    return Things(
        b"".join([row[0] for row in kept]),
        array("d", [row[1] for row in kept]),
        array("d", [row[2] for row in kept]),
        bytes(states[:MOST]),
        [row[-1] for row in kept],
        cut=len(rows) > MOST,
    )


def _light(row: Sequence[Any], now: datetime) -> Light:
    due, warn = (None if value is None else from_microseconds(value) for value in row[4:6])
    return light(due, warn, paused=row[3] == Stage.SUSPENDED, done=False, now=now)


def _days(asked: MapAsked) -> tuple[str, str]:
    return (
        "0001-01-01" if asked.first is None else asked.first.isoformat(),
        "9999-12-31" if asked.last is None else asked.last.isoformat(),
    )


def _instants(asked: MapAsked) -> tuple[int, int]:
    """From the first instant of the first office day to that after the last, in microseconds."""
    lowest, highest = 0, 1 << 62
    if asked.first is not None:
        lowest = to_microseconds(datetime.combine(asked.first, datetime.min.time(), OFFICE_ZONE))
    if asked.last is not None:
        after = asked.last + timedelta(days=1)
        highest = to_microseconds(datetime.combine(after, datetime.min.time(), OFFICE_ZONE))
    return lowest, highest
