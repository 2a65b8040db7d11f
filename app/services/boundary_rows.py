"""Features of a file made into rows: what each would become here, what was done to its outline, or why it is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import UUID

from app.base.words import _
from app.domain.boundary_plans import BY_COLUMN, BoundaryPlan
from app.domain.boundary_words import kind_named
from app.domain.directory import Worker
from app.domain.division_names import divisions_named
from app.domain.geojson import Feature
from app.domain.grid_rules import PatrolRules, check_code, odd_length
from app.domain.grids import Grid, GridKind
from app.domain.problems import Refused
from app.domain.projections import ValueKind
from app.domain.reference import Divisions
from app.services import shape_care as care
from app.services.shapes import Areas, Lines, boundary_of


class RowState(StrEnum):
    """What a row would do."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    REFUSED = "refused"


@dataclass
class BoundaryRow:
    """One feature. values: fields it says something about; shape, course: its outline or its lines in WGS-84; notes: what was done or is odd."""

    number: int
    kind: GridKind | None = None
    code: str = ""
    name: str = ""
    state: RowState = RowState.NEW
    values: dict[str, Any] = field(default_factory=dict)
    shape: Areas | None = None
    course: Lines | None = None
    refusal: Refused | None = None
    notes: list[str] = field(default_factory=list)
    record_id: UUID | None = None


@dataclass(frozen=True)
class Surroundings:
    """What rows are compared with: grids in use by kind and code, members by name, divisions and rules.

    grid: reads one grid; boundaries of thousands are not held together.
    """

    known: Mapping[tuple[GridKind, str], UUID]
    grid: Callable[[UUID], Grid]
    members: Mapping[str, Worker]
    divisions: Divisions
    rules: PatrolRules
    district_code: str
    near_longitude: float


def area_rows(features: Iterable[Feature], plan: BoundaryPlan, around: Surroundings) -> Iterator[BoundaryRow]:
    """The rows of a file of areas, in its order; a row that cannot be taken says why and stops nothing."""
    seen: dict[tuple[GridKind, str], int] = {}
    for feature in features:
        row = BoundaryRow(feature.number)
        try:
            _name_row(row, feature, plan, around)
            _refuse_twice(row, seen)
            row.shape = _area(row, feature, plan, around)
            _compare(row, around)
        except Refused as refusal:
            refuse(row, refusal)
        yield row


def refuse(row: BoundaryRow, refusal: Refused) -> None:
    """Keep why a row is not taken: said anew, for what was raised holds the calls it came through, and in them the feature."""
    row.state, row.refusal, row.shape = RowState.REFUSED, Refused(refusal.code, **refusal.details), None


def said(feature: Feature, plan: BoundaryPlan, own: str) -> str:
    """What a feature says under one of our fields, as text: a code that was written as a number loses nothing."""
    value = feature.properties.get(plan.columns.get(own, ""))
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, list):
        return " ".join(str(one) for one in value if isinstance(one, str | int))
    return "" if value is None or isinstance(value, dict) else str(value).strip()


def raw_and_moved(row: BoundaryRow, feature: Feature, plan: BoundaryPlan, near_longitude: float) -> Areas | Lines:
    """The geometry in WGS-84. Raises Refused when its numbers are not of the system said."""
    shape = care.raw_shape(feature.kind, feature.coordinates)
    kind = care.kind_of(shape)
    if kind == ValueKind.UNKNOWN:
        raise Refused("grid.values_elsewhere")
    metres = kind in care.IN_METRES
    if metres and plan.system != "CGCS2000":
        raise Refused("grid.system_mixed", system=plan.system)
    if kind in care.SWAPPED and not metres:
        if not plan.put_right:
            raise Refused("grid.axes_swapped")
        row.notes.append(_("经纬度已换回来"))
    return care.moved(shape, kind, plan.system, near_longitude)


def _name_row(row: BoundaryRow, feature: Feature, plan: BoundaryPlan, around: Surroundings) -> None:
    row.kind = _kind(feature, plan)
    row.name, row.code = said(feature, plan, "name")[:80], said(feature, plan, "code")
    row.values = {"kind": row.kind, "source_system": plan.system}
    for own in ("level", "land_use"):
        if text := said(feature, plan, own):
            row.values[own] = text[:20] if own == "level" else text[:40]
    if units := said(feature, plan, "units"):
        row.values["unit_codes"] = tuple(code for code in units.replace(",", " ").replace("、", " ").split() if code)
    if not row.code and row.name:
        _propose_code(row, around)
    if not row.code:
        raise Refused("grid.code_missing")
    check_code(row.kind, row.code, around.district_code)
    row.values |= {"code": row.code} | ({"name": row.name} if row.name else {})
    if odd_length(row.kind, row.code, around.rules):
        row.notes.append(_("代码有 {n} 位,规则是 {rule} 位").format(n=len(row.code), rule=around.rules.code_length))
    _belonging(row, feature, plan, around)


def _kind(feature: Feature, plan: BoundaryPlan) -> GridKind:
    if plan.kind != BY_COLUMN:
        return GridKind(plan.kind)
    word = said(feature, plan, "kind")
    kind = kind_named(word)
    if kind is None:
        raise Refused("grid.kind_unknown", kind=word)
    return kind


def _propose_code(row: BoundaryRow, around: Surroundings) -> None:
    if row.kind is None:
        return
    found = divisions_named(around.divisions, around.district_code, row.kind, row.name)
    if len(found) == 1:
        row.code = found[0].code
        row.notes.append(_("代码按名称取自区划表:{name}").format(name=found[0].name))
    elif found:
        codes = "、".join(division.code for division in found)
        row.notes.append(_("区划表里有 {n} 个同名:{codes}").format(n=len(found), codes=codes))


def _belonging(row: BoundaryRow, feature: Feature, plan: BoundaryPlan, around: Surroundings) -> None:
    """Street and community as the file says, else as the code or the name tells; the member by name."""
    street = _division_code(row, said(feature, plan, "street"), GridKind.STREET, around)
    community = _division_code(row, said(feature, plan, "community"), GridKind.COMMUNITY, around)
    if row.kind in (GridKind.STREET, GridKind.COMMUNITY, GridKind.UNIT) and not street:
        known = around.divisions.street(row.code[:9])
        street = known.code if known else ""
    if row.kind in (GridKind.COMMUNITY, GridKind.UNIT) and not community:
        known = around.divisions.community(row.code[:12])
        community = known.code if known else ""
    row.values |= {"street_code": street} if street else {}
    row.values |= {"community_code": community} if community else {}
    if member := said(feature, plan, "member"):
        worker = around.members.get(member)
        if worker is not None:
            row.values["member_id"] = worker.id
        else:
            row.notes.append(_("没有名叫“{name}”的在用网格员,或不止一个").format(name=member))


def _division_code(row: BoundaryRow, word: str, kind: GridKind, around: Surroundings) -> str:
    if not word:
        return ""
    found = divisions_named(around.divisions, around.district_code, kind, word)
    known = around.divisions.street(word) if kind == GridKind.STREET else around.divisions.community(word)
    if known is not None:
        return known.code
    if len(found) != 1:
        row.notes.append(_("区划表里没有唯一的“{name}”").format(name=word))
    return found[0].code if len(found) == 1 else ""


def _refuse_twice(row: BoundaryRow, seen: dict[tuple[GridKind, str], int]) -> None:
    if row.kind is None:
        return
    first = seen.setdefault((row.kind, row.code), row.number)
    if first != row.number:
        raise Refused("grid.code_twice", code=row.code, row=first)


def _area(row: BoundaryRow, feature: Feature, plan: BoundaryPlan, around: Surroundings) -> Areas | None:
    if feature.kind == "" and row.values.get("unit_codes"):
        return None  # the sum of its unit grids needs no outline of its own
    shape = raw_and_moved(row, feature, plan, around.near_longitude)
    if not isinstance(shape, Areas):
        raise Refused("grid.geometry_kind", kind=feature.kind)
    if reason := care.why_invalid(shape):
        shape = _mend(row, shape, reason, plan)
    before = care.points_of(shape)
    shape, tolerance = care.thinned(shape)
    if tolerance:
        words = _("由 {before} 点简化为 {after} 点,偏差不超过 {metres:g} 米")
        row.notes.append(words.format(before=before, after=care.points_of(shape), metres=tolerance))
    return shape


def _mend(row: BoundaryRow, shape: Areas, reason: str, plan: BoundaryPlan) -> Areas:
    after = care.mended(shape)
    if after.is_empty:
        raise Refused("grid.geometry_empty")
    words = _("自相交已修复:{before:,.0f} → {after:,.0f} 平方米,{parts} 块")
    told = words.format(before=care.square_metres(shape), after=care.square_metres(after), parts=len(after.geoms))
    if not plan.mend:
        row.notes.append(_("修复后会是:{what}").format(what=told.partition(":")[2] or told))
        raise Refused("grid.geometry_crossing", reason=reason)
    row.notes.append(told)
    return after


def _compare(row: BoundaryRow, around: Surroundings) -> None:
    if row.kind is None:
        return
    row.record_id = around.known.get((row.kind, row.code))
    if row.record_id is None:
        return
    known = around.grid(row.record_id)
    same = all(getattr(known, name) == value for name, value in row.values.items())
    if row.shape is not None:
        same = same and known.boundary == boundary_of(row.shape)
    row.state = RowState.SAME if same else RowState.CHANGED
