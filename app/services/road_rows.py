"""Lines of a file made into roads and pieces of roads; lines of one name are one road."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from app.base.words import _
from app.domain.boundary_plans import SEGMENT, BoundaryPlan
from app.domain.directory import Road
from app.domain.division_names import divisions_named
from app.domain.geojson import Feature
from app.domain.grids import GridKind, RoadSegment
from app.domain.problems import Refused
from app.services import shape_care as care
from app.services.boundary_rows import BoundaryRow, RowState, Surroundings, raw_and_moved, refuse, said
from app.services.shapes import Lines


def road_rows(
    features: Iterable[Feature],
    plan: BoundaryPlan,
    around: Surroundings,
    roads: Mapping[str, Road],
    segments: Mapping[tuple[UUID, str], RoadSegment],
) -> list[BoundaryRow]:
    """One row for each road or piece; what a file says of one name in several features is put together."""
    rows: dict[tuple[str, str], BoundaryRow] = {}
    refused: list[BoundaryRow] = []
    for feature in features:
        row = BoundaryRow(feature.number)
        try:
            _name_row(row, feature, plan, around, roads)
            course = raw_and_moved(row, feature, plan, around.near_longitude)
            if not isinstance(course, Lines):
                raise Refused("grid.geometry_kind", kind=feature.kind)
            row.course = course
        except Refused as refusal:
            refuse(row, refusal)
            refused.append(row)
            continue
        key = (str(row.values.get("road_id", "")), row.name)
        _join(rows, key, row)
    for row in rows.values():
        _compare(row, plan, roads, segments)
    return sorted((*rows.values(), *refused), key=lambda row: row.number)


def _name_row(
    row: BoundaryRow, feature: Feature, plan: BoundaryPlan, around: Surroundings, roads: Mapping[str, Road]
) -> None:
    row.name = said(feature, plan, "name")[:80]
    if not row.name:
        raise Refused("grid.name_missing")
    values: dict[str, Any] = {"name": row.name}
    street = said(feature, plan, "street")
    found = divisions_named(around.divisions, around.district_code, GridKind.STREET, street) if street else []
    if known := around.divisions.street(street) or (found[0] if len(found) == 1 else None):
        values["street_code"] = known.code
    if chief := said(feature, plan, "chief"):
        values["chief"] = chief[:60]
    if plan.kind == SEGMENT:
        road = roads.get(said(feature, plan, "road"))
        if road is None:
            raise Refused("grid.road_unknown", road=said(feature, plan, "road"))
        values["road_id"], row.code = road.id, road.name
    elif level := said(feature, plan, "level"):
        values["level"] = level[:20]
    row.values = values


def _join(rows: dict[tuple[str, str], BoundaryRow], key: tuple[str, str], row: BoundaryRow) -> None:
    first = rows.setdefault(key, row)
    if first is row or first.course is None or row.course is None:
        return
    first.course = care.joined(first.course, row.course)
    first.values = {**row.values, **first.values}
    first.notes.append(_("第 {n} 条同名,合在一起").format(n=row.number))


def _compare(
    row: BoundaryRow,
    plan: BoundaryPlan,
    roads: Mapping[str, Road],
    segments: Mapping[tuple[UUID, str], RoadSegment],
) -> None:
    known: Road | RoadSegment | None = roads.get(row.name)
    if plan.kind == SEGMENT:
        known = segments.get((row.values["road_id"], row.name))
    if row.course is not None:
        row.values["lines"] = care.lines_of(row.course)
    if known is not None:
        row.record_id = known.id
        same = all(getattr(known, name) == value for name, value in row.values.items())
        row.state = RowState.SAME if same else RowState.CHANGED
