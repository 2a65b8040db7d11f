"""Boundaries and roads in from GeoJSON, and out again: looked over, planned, shown row by row, then written in batches."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.base.disk import write_atomically
from app.base.watch import Watch, silent
from app.domain.boundary_plans import (
    BY_COLUMN,
    ROAD,
    SEGMENT,
    BoundaryPlan,
    guess_system,
)
from app.domain.boundary_words import propose_columns
from app.domain.directory import Road, Worker, WorkerKind
from app.domain.geojson import AREAS, LINES, area_feature, collection, line_feature
from app.domain.grids import Grid, GridKind, PointSystem, RoadSegment
from app.domain.permissions import Actor, need_writer
from app.domain.problems import Refused
from app.domain.projections import ValueKind, to_wgs84
from app.services.alike import made_alike
from app.services.boundary_reading import read_text
from app.services.boundary_values import BoundaryFile, BoundaryPreview, BoundaryResult, OverlapLine
from app.services.grids import GridService
from app.services.reference import ReferenceService
from db.queries import grids as queries
from db.store import Store

if TYPE_CHECKING:
    from app.services.boundary_rows import BoundaryRow, Surroundings
    from app.services.shape_care import Gap

BATCH = 100
SAMPLES = 3
KNOWN_LONGITUDE = 113.65
"""Zhengzhou's: decides between zones of Gauss-Krüger when the own district has no outline yet."""


class BoundaryService:
    """Nothing is converted, mended or taken over without being told in the preview first."""

    def __init__(self, store: Store, reference: ReferenceService, grids: GridService) -> None:
        self._store = store
        self._reference = reference
        self._grids = grids

    def inspect(self, path: Path, watch: Watch | None = None) -> BoundaryFile:
        """Read a file through and propose how to take it over. Raises Refused("grid.file_…")."""
        from app.services import shape_care as care

        columns: dict[str, list[str]] = {}
        geometries: Counter[str] = Counter()
        kinds: Counter[ValueKind] = Counter()
        sample, points, count = [], 0, 0
        text = read_text(path, watch or silent())
        for feature in text.features():
            count += 1
            geometries[feature.kind] += 1
            for name, value in feature.properties.items():
                some = columns.setdefault(name, [])
                if len(some) < SAMPLES and value not in (None, "") and str(value) not in some:
                    some.append(str(value)[:40])
            try:
                shape = care.raw_shape(feature.kind, feature.coordinates)
            except Refused:
                continue
            kinds[care.kind_of(shape)] += 1
            points += care.points_of(shape)
            sample.append((float(shape.bounds[0]), float(shape.bounds[1])))
        values = kinds.most_common(1)[0][0] if kinds else ValueKind.UNKNOWN
        guess = guess_system(
            members=text.members,
            properties=list(columns),
            values=values,
            words=f"{path.stem} {text.members.get('name', '')}",
            overlap=self._best_overlap(sample) if values == ValueKind.DEGREES else None,
        )
        proposed = propose_columns(list(columns))
        plan = BoundaryPlan(_propose_kind(geometries, columns, proposed), guess.system, proposed)
        told = {name: tuple(some) for name, some in columns.items()}
        return BoundaryFile(path, count, dict(geometries), dict(kinds), points, told, guess, plan)

    def preview(self, path: Path, plan: BoundaryPlan, watch: Watch | None = None) -> BoundaryPreview:
        """What would become of every feature; nothing is written."""
        from app.services.boundary_rows import area_rows
        from app.services.boundary_units import refuse_shared_units
        from app.services.road_rows import road_rows

        watch = watch or silent()
        features = read_text(path, watch).features()
        around = self._surroundings()
        if plan.is_lines:
            with self._store.read() as reader:
                roads = {road.name: road for road in reader.all(Road) if road.active}
                segments = {(piece.road_id, piece.name): piece for piece in reader.all(RoadSegment) if piece.active}
            return BoundaryPreview(plan, road_rows(features, plan, around, roads, segments))
        rows = list(area_rows(features, plan, around))
        refuse_shared_units(rows, around)
        overlaps, gaps = self._laid_over(rows, watch)
        return BoundaryPreview(plan, rows, overlaps, gaps)

    def take_over(
        self, preview: BoundaryPreview, *, actor: Actor, accept_overlaps: bool = False, watch: Watch | None = None
    ) -> BoundaryResult:
        """Write what a preview showed, in batches; a stop keeps the batches written, and doing it again doubles nothing.

        Raises Refused("grid.overlaps_not_accepted").
        """
        need_writer(actor, "road_segment" if preview.plan.is_lines else "grid")
        if preview.overlaps and not accept_overlaps:
            largest = f"{preview.overlaps[0].area_m2:,.0f}"
            raise Refused("grid.overlaps_not_accepted", n=len(preview.overlaps), area=largest)
        watch = watch or silent()
        result = preview.result()
        todo = [row for row in preview.rows if row.state in ("new", "changed")]
        for start in range(0, len(todo), BATCH):
            watch.check()
            self._write(todo[start : start + BATCH], preview.plan, result, actor)
            watch.step(min(start + BATCH, len(todo)), len(todo))
        return result

    def run(
        self, path: Path, plan: BoundaryPlan, *, actor: Actor, accept_overlaps: bool = False, watch: Watch | None = None
    ) -> BoundaryResult:
        """Preview and take over in one go, for the command line."""
        preview = self.preview(path, plan, watch)
        return self.take_over(preview, actor=actor, accept_overlaps=accept_overlaps, watch=watch)

    def export(self, path: Path, kinds: Sequence[GridKind] = (), *, actor: Actor, roads: bool = True) -> int:
        """Write grids (all kinds when none is named) and roads as GeoJSON in WGS-84; gives how many."""
        lines = list(self._features(kinds, roads))
        write_atomically(path, "".join(collection(lines)).encode())
        with self._store.write(actor, "grid.export") as tx:
            tx.note_event("grid.export", "grid", None, f"{len(lines)}")
        return len(lines)

    def _features(self, kinds: Sequence[GridKind], roads: bool) -> Iterator[str]:
        names = ("code", "name", "street_code", "community_code", "unit_codes", "level", "land_use")
        for grid in self._grids.all():
            if not kinds or grid.kind in kinds:
                values = {name: value for name in names if (value := getattr(grid, name))}
                member = self._grids.member(grid.member_id) if grid.member_id is not None else None
                told = {"member": member.name} if member is not None else {}
                yield area_feature(grid.boundary, {"kind": str(grid.kind), **values, **told})
        if not roads:
            return
        with self._store.read() as reader:
            for road in reader.all(Road):
                if road.active and road.lines:
                    told = {"kind": ROAD, "name": road.name, "chief": road.chief, "level": road.level}
                    yield line_feature(road.lines, told)

    def _best_overlap(self, sample: Sequence[tuple[float, float]]) -> PointSystem | None:
        """The system under which clearly more of the corners lie inside the own district's outline."""
        import math

        from app.services.shapes import AreaIndex, as_shape

        own = self._own_district()
        if own is None or not own.boundary or not sample:
            return None
        index, inside = AreaIndex([as_shape(own.boundary)]), dict[PointSystem, int]()
        for system in (PointSystem.WGS84, PointSystem.GCJ02, PointSystem.BD09):
            points = [to_wgs84(*point, system, math) for point in sample]
            inside[system] = int((index.first_of_many(points) >= 0).sum())
        best = max(inside, key=lambda system: inside[system])
        other = PointSystem.GCJ02 if best == PointSystem.WGS84 else PointSystem.WGS84
        return best if inside[best] - inside[other] > max(1, len(sample) // 50) else None

    def _own_district(self) -> Grid | None:
        """The district's own record, read alone: the whole net of a city is not held to ask for one outline."""
        with self._store.read() as reader:
            known = queries.ids_by_code(reader.connection)
            own = known.get((GridKind.DISTRICT, self._reference.office().district_code))
            return None if own is None else reader.need(Grid, own)

    def _surroundings(self) -> Surroundings:
        from app.services.boundary_rows import Surroundings

        with self._store.read() as reader:
            workers = [w for w in reader.all(Worker) if w.active and w.kind == WorkerKind.COLLECTOR]
        twice = {name for name, count in Counter(worker.name for worker in workers).items() if count > 1}
        code = self._reference.office().district_code
        with self._store.read() as reader:
            known = queries.ids_by_code(reader.connection)
        own = self._own_district()
        return Surroundings(
            known=known,
            grid=self._grids.get,
            members={worker.name: worker for worker in workers if worker.name not in twice},
            divisions=self._reference.divisions(),
            rules=self._grids.rules(),
            district_code=code,
            near_longitude=own.boundary[0][0][0][0] if own is not None and own.boundary else KNOWN_LONGITUDE,
        )

    def _laid_over(self, rows: Sequence[BoundaryRow], watch: Watch) -> tuple[list[OverlapLine], list[Gap]]:
        """Overlaps and gaps of each kind the file touches, with the grids that are here already."""
        from app.services import shape_care as care
        from app.services.shapes import as_shape

        found: list[OverlapLine] = []
        open_pieces: list[Gap] = []
        for kind in dict.fromkeys(row.kind for row in rows if row.kind is not None):
            shapes = {row.code: row.shape for row in rows if row.kind == kind and row.shape is not None}
            own = len(shapes)
            if not own:
                continue
            with self._store.read() as reader:
                for grid in queries.grids_of_kind(reader.connection, kind):
                    if grid.boundary and grid.code not in shapes:
                        shapes[grid.code] = as_shape(grid.boundary)
            codes = list(shapes)
            pairs = [pair for pair in care.overlaps(list(shapes.values()), watch) if pair.first < own]
            found += [OverlapLine(codes[pair.first], codes[pair.second], pair.area_m2) for pair in pairs]
            watch.check()
            open_pieces += care.gaps(list(shapes.values()))
        return found, open_pieces

    def _write(self, rows: Sequence[BoundaryRow], plan: BoundaryPlan, result: BoundaryResult, actor: Actor) -> None:
        record_type: type[Grid] | type[Road] | type[RoadSegment] = Grid
        if plan.is_lines:
            record_type = RoadSegment if plan.kind == SEGMENT else Road
        with self._store.write(actor, "grid.import") as tx:
            new = made_alike(tx, record_type, [_values(row) for row in rows if row.record_id is None])
            tx.add_many(new)
            for row in rows:
                if row.record_id is not None:
                    with tx.by_itself():
                        tx.change(tx.need(record_type, row.record_id).changed(tx.now, **_values(row)))
        result.added += len(new)
        result.changed += len(rows) - len(new)


def _values(row: BoundaryRow) -> dict[str, Any]:
    from app.services import shape_care as care
    from app.services.shapes import boundary_of

    if row.kind is None or row.shape is None:
        return row.values
    return {**row.values, "boundary": boundary_of(row.shape), "area_m2": round(care.square_metres(row.shape), 1)}


def _propose_kind(geometries: Counter[str], columns: dict[str, list[str]], proposed: dict[str, str]) -> str:
    if sum(geometries[kind] for kind in LINES) > sum(geometries[kind] for kind in AREAS):
        return SEGMENT if "road" in proposed else ROAD
    if "kind" in proposed:
        return BY_COLUMN
    codes = [len(code) for code in columns.get(proposed.get("code", ""), ())]
    by_length = {6: GridKind.DISTRICT, 9: GridKind.STREET, 12: GridKind.COMMUNITY}
    return str(by_length.get(max(codes), GridKind.UNIT)) if codes else str(GridKind.UNIT)
