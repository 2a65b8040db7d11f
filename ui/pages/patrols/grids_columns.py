"""The lists of the part of grids: one line for a grid, a road, a piece of a road."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.base.words import N_, _
from app.desk import Desk
from app.domain.directory import Road, Worker
from app.domain.grids import GRID_KIND_TITLES, Grid, GridKind, PointSystem, RoadSegment
from app.domain.reference import Divisions
from app.domain.text import normalise
from ui.tables.columns import RIGHT, Column


@dataclass(frozen=True)
class GridLine:
    """A grid with the names behind its codes."""

    grid: Grid
    street: str
    member: str

    def holds(self, words: str) -> bool:
        """Whether code, name, street or member hold those words."""
        return _holds(words, self.grid.code, self.grid.name, self.street, self.member)


@dataclass(frozen=True)
class RoadLine:
    """A road with its street's name and how many pieces it has."""

    road: Road
    street: str
    pieces: Sequence[RoadSegment]

    def holds(self, words: str) -> bool:
        """Whether name, street or a chief hold those words."""
        return _holds(words, self.road.name, self.street, self.road.chief, *(piece.chief for piece in self.pieces))


@dataclass(frozen=True)
class Nets:
    """Everything the part shows, read in one go."""

    grids: Sequence[GridLine]
    roads: Sequence[RoadLine]

    def of_kind(self, kind: GridKind) -> list[GridLine]:
        """The grids of one kind, by code."""
        return [line for line in self.grids if line.grid.kind == kind]


def read_nets(desk: Desk) -> Nets:
    """All grids and roads in use."""
    divisions = desk.reference.divisions()
    members = {worker.id: worker.name for worker in desk.directory.everything(Worker)}
    grids = [
        GridLine(grid, _street(divisions, grid.street_code), members.get(grid.member_id, "") if grid.member_id else "")
        for grid in desk.grids.all()
    ]
    roads = [
        RoadLine(road, _street(divisions, road.street_code), desk.grids.segments(road.id))
        for road in desk.directory.roads()
    ]
    return Nets(grids, roads)


def area_words(square_metres: float | None) -> str:
    """An area in square kilometres, or square metres where it is small."""
    if square_metres is None:
        return ""
    if square_metres < 10_000:
        return _("{n:,.0f} 平方米").format(n=square_metres)
    return _("{n:,.2f} 平方公里").format(n=square_metres / 1_000_000)


def grid_facts(line: GridLine) -> list[str]:
    """What is known of a grid, a line for each fact."""
    grid = line.grid
    facts = [
        (_("类别"), _(GRID_KIND_TITLES[grid.kind])),
        (_("街道"), line.street),
        (_("网格员"), line.member or (_("还没有") if grid.kind == GridKind.DUTY else "")),
        (_("面积"), area_words(grid.area_m2)),
        (_("所含单元网格"), "、".join(grid.unit_codes)),
        (_("管理等级"), grid.level),
        (_("用地类别"), grid.land_use),
        (_("原坐标系"), _system_words(grid)),
        (_("备注"), grid.note),
    ]
    return [f"{title}:{value}" for title, value in facts if value]


def _system_words(grid: Grid) -> str:
    if grid.source_system in (None, PointSystem.WGS84):
        return str(grid.source_system or "")
    return _("{system}(已转为 WGS-84)").format(system=grid.source_system)


def _street(divisions: Divisions, code: str) -> str:
    street = divisions.street(code) if code else None
    return street.name if street else ""


def _holds(words: str, *texts: str) -> bool:
    wanted = normalise(words)
    return any(wanted in normalise(text) for text in texts)


def _drawn(line: GridLine) -> str:
    if line.grid.boundary:
        return _("已画")
    return _("{n} 个单元网格").format(n=len(line.grid.unit_codes)) if line.grid.unit_codes else _("没有边界")


GRID_COLUMNS: tuple[Column[GridLine], ...] = (
    Column("code", N_("代码"), 124, lambda line: line.grid.code),
    Column("name", N_("名称"), 160, lambda line: line.grid.name),
    Column("street", N_("街道"), 100, lambda line: line.street),
    Column("member", N_("网格员"), 72, lambda line: line.member),
    Column("area", N_("面积"), 110, lambda line: area_words(line.grid.area_m2), RIGHT),
    Column("drawn", N_("边界"), 110, _drawn),
    Column("level", N_("管理等级"), 90, lambda line: line.grid.level, shown=False),
    Column("land_use", N_("用地类别"), 110, lambda line: line.grid.land_use, shown=False),
)
ROAD_COLUMNS: tuple[Column[RoadLine], ...] = (
    Column("name", N_("道路"), 160, lambda line: line.road.name),
    Column("street", N_("街道"), 110, lambda line: line.street),
    Column("level", N_("等级"), 90, lambda line: line.road.level),
    Column("chief", N_("路长"), 90, lambda line: line.road.chief),
    Column("pieces", N_("路段"), 60, lambda line: str(len(line.pieces)) if line.pieces else "", RIGHT),
    Column("drawn", N_("走向"), 80, lambda line: _("已画") if line.road.lines else _("没有走向")),
)
PIECE_COLUMNS: tuple[Column[RoadSegment], ...] = (
    Column("name", N_("路段"), 150, lambda piece: piece.name),
    Column("from", N_("起点"), 90, lambda piece: piece.from_place),
    Column("to", N_("止点"), 90, lambda piece: piece.to_place),
    Column("chief", N_("路段长"), 80, lambda piece: piece.chief),
)
