"""Grids, boundaries and roads of the office: kept, changed, and asked where a point lies."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from app.base.kept import Kept
from app.base.words import _
from app.domain.directory import Road, Worker
from app.domain.grid_places import PlaceOfPoint
from app.domain.grid_rules import PatrolRules, check_code
from app.domain.grids import Grid, GridKind, RoadSegment
from app.domain.permissions import Actor, need_writer
from app.domain.problems import Refused
from app.services.alike import made_alike
from app.services.reference import ReferenceService
from db.queries import grids as queries
from db.store import Store
from db.tx import Tx

if TYPE_CHECKING:
    # shapely and numpy take a fifth of a second to import; whoever only lists cases does not wait for them.
    from app.services.grid_net import GridNet

Point = tuple[float, float]
ROAD_WITHIN_M = 50.0
CONCERNS = ("grid", "road", "worker", "reference_version", "office")


class GridService:
    """The nets of the district. Indexes are built when first asked for and kept until a grid or road changes."""

    def __init__(self, store: Store, reference: ReferenceService) -> None:
        self._store = store
        self._reference = reference
        self._grids = Kept(self._read_grids)
        self._net = Kept(self._make_net)
        self._workers = Kept(self._read_workers)
        store.listen(lambda changes: self._forget() if changes.concerns(*CONCERNS) else None)

    def at(self, longitude: float, latitude: float) -> PlaceOfPoint:
        """Where a WGS-84 point lies."""
        return self._whole_net().at(longitude, latitude)

    def at_many(self, points: Sequence[Point], *, roads: bool = True) -> list[PlaceOfPoint]:
        """The same for many points at once, in their order."""
        return self._whole_net().at_many(points, roads=roads)

    def codes_at_many(self, points: Sequence[Point], kind: GridKind) -> list[str]:
        """The code of the grid of one kind for each point, "" for none; the quick way for very many points."""
        return self._whole_net().codes_at_many(points, kind)

    def nearest_road(self, longitude: float, latitude: float, within_m: float = ROAD_WITHIN_M) -> Road | None:
        """The road nearest to a point, within so many metres."""
        return self._whole_net().nearest_road(longitude, latitude, within_m)

    def all(self, kind: GridKind | None = None) -> list[Grid]:
        """Grids in use, of one kind or of all, by kind and code."""
        return [grid for grid in self._in_use() if kind is None or grid.kind == kind]

    def get(self, grid_id: UUID) -> Grid:
        """One grid, in use or not. Raises Refused("store.record_missing")."""
        with self._store.read() as reader:
            return reader.need(Grid, grid_id)

    def find(self, kind: GridKind, code: str) -> Grid | None:
        """The grid in use of that kind and code."""
        return next((grid for grid in self._in_use() if grid.kind == kind and grid.code == code), None)

    def duty_of(self, member_id: UUID) -> list[Grid]:
        """The duty grids a member owns, by code."""
        return [grid for grid in self.all(GridKind.DUTY) if grid.member_id == member_id]

    def owner_of(self, duty_code: str) -> Worker | None:
        """The member who owns a duty grid."""
        grid = self.find(GridKind.DUTY, duty_code)
        return self.member(grid.member_id) if grid and grid.member_id else None

    def segments(self, road_id: UUID) -> list[RoadSegment]:
        """The pieces of a road in use, by name."""
        with self._store.read() as reader:
            return queries.segments_of(reader.connection, road_id)

    def rules(self) -> PatrolRules:
        """The office's rules of grids and patrols in force today."""
        return self._reference.patrol_rules()

    def save_rules(self, rules: PatrolRules, *, actor: Actor) -> None:
        """Keep newer rules, in force from today. Raises Refused("account.not_administrator")."""
        label = _("网格与巡查规则 {day}").format(day=self._reference.today())
        self._reference.take_over_patrol_rules(rules, label=label, actor=actor)

    def save(self, values: dict[str, Any], *, actor: Actor, grid_id: UUID | None = None) -> Grid:
        """Add a grid, or change the one with `grid_id`.

        Raises Refused: no writer of grids, grid.code_district, grid.code_taken, grid.unit_taken, grid.edit_crosses.
        """
        need_writer(actor, "grid")
        with self._store.write(actor, "grid.save") as tx:
            values = _with_area(values)
            before = None if grid_id is None else tx.need(Grid, grid_id)
            if before is None:
                [grid] = made_alike(tx, Grid, [values])
            else:
                grid = before.changed(tx.now, **values)
            if grid_id is None or "boundary" in values:
                _refuse_crossing(grid)
            check_code(grid.kind, grid.code, self._reference.office().district_code)
            known = queries.id_of_code(tx.connection, grid.kind, grid.code)
            if _newly(before, grid, "code", "kind") and known not in (None, grid.id):
                raise Refused("grid.code_taken", code=grid.code)
            self._refuse_shared_units(grid)
            tx.add(grid) if grid_id is None else tx.change(grid)
        return grid

    def save_segment(self, values: dict[str, Any], *, actor: Actor, segment_id: UUID | None = None) -> RoadSegment:
        """Add a piece of a road, or change one."""
        need_writer(actor, "road_segment")
        with self._store.write(actor, "grid.save_segment") as tx:
            if segment_id is None:
                [piece] = made_alike(tx, RoadSegment, [values])
                tx.add(piece)
            else:
                piece = tx.need(RoadSegment, segment_id).changed(tx.now, **values)
                tx.change(piece)
        return piece

    def save_road(self, values: dict[str, Any], *, actor: Actor, road_id: UUID | None = None) -> Road:
        """Add a road, or change its chief, level or course. Raises Refused("grid.road_taken")."""
        need_writer(actor, "road_segment")
        with self._store.write(actor, "grid.save_road") as tx:
            before = None if road_id is None else tx.need(Road, road_id)
            if before is None:
                [road] = made_alike(tx, Road, [values])
            else:
                road = before.changed(tx.now, **values)
            if _newly(before, road, "name"):
                _refuse_taken(tx, road)
            tx.add(road) if before is None else tx.change(road)
        return road

    def retire(self, grid_id: UUID, *, actor: Actor) -> Grid:
        """Take a grid out of use; what names it keeps its code. Raises Refused("grid.in_duty_grids")."""
        need_writer(actor, "grid")
        grid = self.get(grid_id)
        holding = [
            duty for duty in self.all(GridKind.DUTY) if grid.kind == GridKind.UNIT and grid.code in duty.unit_codes
        ]
        if holding:
            raise Refused("grid.in_duty_grids", code=grid.code, grids="、".join(duty.code for duty in holding))
        return self.save({"active": False}, actor=actor, grid_id=grid_id)

    def _refuse_shared_units(self, grid: Grid) -> None:
        """A unit grid is in one duty grid: whoever walks it would otherwise be two people."""
        if grid.kind != GridKind.DUTY or not grid.active:
            return
        for other in self.all(GridKind.DUTY):
            shared = [code for code in grid.unit_codes if code in other.unit_codes]
            if shared and other.id != grid.id:
                raise Refused("grid.unit_taken", codes="、".join(shared), duty=other.code)

    def member(self, member_id: UUID) -> Worker | None:
        """A member by identity, in use or not."""
        return self._workers.get().get(member_id)

    def _in_use(self) -> list[Grid]:
        return self._grids.get()

    def _whole_net(self) -> GridNet:
        return self._net.get()

    def _read_workers(self) -> dict[UUID, Worker]:
        with self._store.read() as reader:
            return {worker.id: worker for worker in reader.all(Worker)}

    def _read_grids(self) -> list[Grid]:
        with self._store.read() as reader:
            found = [grid for grid in reader.all(Grid) if grid.active]
        return sorted(found, key=lambda grid: (_KIND_ORDER[grid.kind], grid.code))

    def _make_net(self) -> GridNet:
        from app.services.grid_net import GridNet

        with self._store.read() as reader:
            roads = sorted((road for road in reader.all(Road) if road.active), key=lambda road: road.name)
        district = self._reference.office().district_code
        return GridNet(self._in_use(), roads, self._reference.divisions(), district)

    def _forget(self) -> None:
        for kept in (self._grids, self._workers, self._net):
            kept.forget()


def _newly(before: Grid | Road | None, after: Grid | Road, *names: str) -> bool:
    """Whether it comes into use under these words; two PCs may have given the same ones, and go on changing the rest."""
    words = ("active", *names)
    return after.active and (before is None or any(getattr(before, one) != getattr(after, one) for one in words))


def _refuse_taken(tx: Tx, road: Road) -> None:
    if any(one.name == road.name and one.active and one.id != road.id for one in tx.all(Road)):
        raise Refused("grid.road_taken", road=road.name)


def _refuse_crossing(grid: Grid) -> None:
    if grid.boundary:
        from app.services.boundary_edit import refuse_crossing

        refuse_crossing(grid.boundary)


def _with_area(values: dict[str, Any]) -> dict[str, Any]:
    if "boundary" not in values:
        return values
    from app.services.shapes import area_m2

    return {**values, "area_m2": round(area_m2(values["boundary"]), 1) if values["boundary"] else None}


_KIND_ORDER = {kind: place for place, kind in enumerate(GridKind)}
