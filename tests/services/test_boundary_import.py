"""Boundaries and roads come in from GeoJSON: told before anything is taken over, nothing doubled, nothing silent."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.base.watch import Cancelled, Watch
from app.desk import Desk
from app.domain.boundary_plans import ROAD, SEGMENT, BoundaryPlan, Why
from app.domain.directory import Road, Worker, WorkerKind
from app.domain.grids import GridKind, PointSystem
from app.domain.permissions import Actor, OfficeRole
from app.domain.places import distance_m, wgs84_to_gcj02
from app.domain.problems import Refused
from app.services.boundary_rows import RowState
from app.services.boundary_values import BoundaryPreview
from tests.builders import an_actor

Ring = Sequence[tuple[float, float]]
UNITS = BoundaryPlan(str(GridKind.UNIT), PointSystem.WGS84, {"code": "code", "name": "name"})
BOW_TIE: Ring = ((113.6, 34.7), (113.61, 34.71), (113.61, 34.7), (113.6, 34.71), (113.6, 34.7))


def ring(west: float, south: float, side: float = 0.01) -> Ring:
    """A square."""
    east, north = west + side, south + side
    return ((west, south), (east, south), (east, north), (west, north), (west, south))


def polygon(outline: Ring, **properties: object) -> dict[str, Any]:
    """A feature of one polygon."""
    geometry = {"type": "Polygon", "coordinates": [outline]}
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def unit(serial: int, outline: Ring) -> dict[str, Any]:
    """A unit grid of 金水区."""
    return polygon(outline, code=f"410105001001{serial:03}", name=f"网格{serial}")


def line(*positions: tuple[float, float], **properties: object) -> dict[str, Any]:
    """A feature of one line."""
    geometry = {"type": "LineString", "coordinates": positions}
    return {"type": "Feature", "properties": properties, "geometry": geometry}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where a file of the test lies."""
    return tmp_path / "grids.geojson"


def write(path: Path, *features: object, **members: object) -> Path:
    """A feature collection."""
    path.write_text(json.dumps({"type": "FeatureCollection", **members, "features": features}, ensure_ascii=False))
    return path


def refused_code(desk: Desk, path: Path, plan: BoundaryPlan) -> str:
    """Why the first feature of a file would not be taken."""
    row = desk.boundaries.preview(path, plan).rows[0]
    assert row.refusal is not None
    return row.refusal.code


def test_a_file_is_looked_over_and_a_plan_proposed(desk: Desk, file: Path) -> None:
    write(file, unit(1, ring(113.6, 34.7)), unit(2, ring(113.61, 34.7)))
    told = desk.boundaries.inspect(file)
    assert told.features == 2
    assert told.plan == UNITS
    assert told.guess.why == Why.NOTHING
    assert told.columns["name"] == ("网格1", "网格2")


def test_grids_are_taken_over_and_a_second_time_doubles_nothing(desk: Desk, actor: Actor, file: Path) -> None:
    write(file, unit(1, ring(113.6, 34.7)), unit(2, ring(113.61, 34.7)))
    first = desk.boundaries.run(file, UNITS, actor=actor)
    again = desk.boundaries.run(file, UNITS, actor=actor)
    assert (first.added, again.added, again.same) == (2, 0, 2)
    write(file, unit(1, ring(113.6, 34.7)), polygon(ring(113.61, 34.7), code="410105001001002", name="新名"))
    third = desk.boundaries.run(file, UNITS, actor=actor)
    assert (third.changed, third.same) == (1, 1)
    assert [grid.name for grid in desk.grids.all(GridKind.UNIT)] == ["网格1", "新名"]
    grid = desk.grids.all(GridKind.UNIT)[0]
    assert grid.area_m2 == pytest.approx(1_016_000, rel=0.002)
    assert grid.source_system == PointSystem.WGS84


@pytest.mark.parametrize("shape", ["bare list", "one feature", "one geometry", "features last"])
def test_what_is_sent_under_the_name_of_geojson_is_read(desk: Desk, file: Path, shape: str) -> None:
    feature = unit(1, ring(113.6, 34.7))
    texts = {
        "bare list": json.dumps([feature]),
        "one feature": json.dumps(feature),
        "one geometry": json.dumps(feature["geometry"]),
        "features last": json.dumps({"crs": {"properties": {"name": "CGCS2000"}}, "features": [feature]}),
    }
    file.write_text(texts[shape])
    told = desk.boundaries.inspect(file)
    assert told.geometries == {"Polygon": 1}
    expected = PointSystem.CGCS2000 if shape == "features last" else PointSystem.WGS84
    assert told.guess.system == expected


def test_a_broken_file_says_where(desk: Desk, file: Path) -> None:
    file.write_text('{"type":"FeatureCollection",\n"features":[\n{"type":"Feature",,}]}')
    with pytest.raises(Refused) as refusal:
        desk.boundaries.inspect(file)
    assert refusal.value.code == "grid.file_unreadable"
    assert refusal.value.details["file"] == "grids.geojson"
    assert refusal.value.details["line"] == 3
    with pytest.raises(Refused, match=r"grid\.file_missing"):
        desk.boundaries.inspect(file.with_name("gone.geojson"))


def test_a_map_services_atlas_is_taken_for_gcj02_whatever_it_claims(desk: Desk, file: Path) -> None:
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}
    district = polygon(ring(113.6, 34.7), adcode=410105, name="金水区", centroid=[113.6, 34.7], level="district")
    told = desk.boundaries.inspect(write(file, district, crs=crs))
    assert (told.guess.system, told.guess.why) == (PointSystem.GCJ02, Why.ATLAS)
    plain = desk.boundaries.inspect(write(file, unit(1, ring(113.6, 34.7)), crs=crs))
    assert (plain.guess.system, plain.guess.why) == (PointSystem.WGS84, Why.SAID)


def test_the_districts_outline_tells_the_system_of_a_file_that_says_nothing(
    desk: Desk, actor: Actor, file: Path
) -> None:
    values = {"kind": GridKind.DISTRICT, "code": "410105", "boundary": ((tuple(ring(113.6, 34.7, 0.1)),),)}
    desk.grids.save(values, actor=actor)
    along_the_east = [
        polygon([wgs84_to_gcj02(*point) for point in ring(113.698, 34.7 + step / 100, 0.002)], code=f"4101050{step}")
        for step in range(9)
    ]
    told = desk.boundaries.inspect(write(file, *along_the_east))
    assert (told.guess.system, told.guess.why) == (PointSystem.GCJ02, Why.OVERLAP)


def test_gcj02_outlines_are_kept_as_wgs84(desk: Desk, actor: Actor, file: Path) -> None:
    shown = [wgs84_to_gcj02(*point) for point in ring(113.6, 34.7)]
    desk.boundaries.run(write(file, unit(1, shown)), replace(UNITS, system=PointSystem.GCJ02), actor=actor)
    corner = desk.grids.all(GridKind.UNIT)[0].boundary[0][0][0]
    assert distance_m(*corner, 113.6, 34.7) < 0.02


def test_projected_metres_are_known_by_their_values(desk: Desk, actor: Actor, file: Path) -> None:
    # 113.6253, 34.7466 and 500 m around it under 114 degrees, with zone number and axes as surveyors write them.
    square = ring(38465689.0, 3846545.0, 500.0)
    surveyed = polygon([(north, east) for east, north in square], code="410105001001001", name="一")
    told = desk.boundaries.inspect(write(file, surveyed))
    assert (told.guess.system, told.guess.why) == (PointSystem.CGCS2000, Why.METRES)
    desk.boundaries.run(file, told.plan, actor=actor)
    corner = desk.grids.all(GridKind.UNIT)[0].boundary[0][0][0]
    assert distance_m(*corner, 113.6253, 34.7466) < 1
    assert refused_code(desk, file, replace(told.plan, system=PointSystem.GCJ02)) == "grid.system_mixed"


def test_two_systems_in_one_file_are_not_mixed(desk: Desk, file: Path) -> None:
    write(file, unit(1, ring(113.6, 34.7)), unit(2, ring(465689.0, 3846545.0, 500.0)))
    rows = desk.boundaries.preview(file, replace(UNITS, system=PointSystem.GCJ02)).rows
    assert [row.state for row in rows] == [RowState.NEW, RowState.REFUSED]


def test_swapped_axes_are_told_and_put_right_when_asked(desk: Desk, actor: Actor, file: Path) -> None:
    write(file, unit(1, [(lat, lon) for lon, lat in ring(113.6, 34.7)]))
    assert refused_code(desk, file, UNITS) == "grid.axes_swapped"
    assert not desk.grids.all(GridKind.UNIT)
    desk.boundaries.run(file, replace(UNITS, put_right=True), actor=actor)
    assert desk.grids.at(113.605, 34.705).unit_grid is not None


def test_a_crossing_outline_is_mended_only_when_asked_and_says_what_changed(
    desk: Desk, actor: Actor, file: Path
) -> None:
    write(file, unit(1, BOW_TIE))
    row = desk.boundaries.preview(file, UNITS).rows[0]
    assert row.refusal is not None
    assert row.refusal.code == "grid.geometry_crossing"
    assert "2 块" in row.notes[0], "what mending would do is told beforehand"
    desk.boundaries.run(file, replace(UNITS, mend=True), actor=actor)
    grid = desk.grids.all(GridKind.UNIT)[0]
    assert len(grid.boundary) == 2
    assert grid.area_m2 == pytest.approx(508_000, rel=0.01)


def test_overlaps_are_listed_and_taken_only_when_accepted(desk: Desk, actor: Actor, file: Path) -> None:
    write(file, unit(1, ring(113.6, 34.7)), unit(2, ring(113.605, 34.7)), unit(3, ring(113.625, 34.7)))
    preview = desk.boundaries.preview(file, UNITS)
    assert [(line.first[-3:], line.second[-3:]) for line in preview.overlaps] == [("001", "002")]
    assert preview.overlaps[0].area_m2 == pytest.approx(508_000, rel=0.01)
    with pytest.raises(Refused, match=r"grid\.overlaps_not_accepted"):
        desk.boundaries.take_over(preview, actor=actor)
    assert desk.boundaries.take_over(preview, actor=actor, accept_overlaps=True).added == 3


def test_a_grid_inside_another_is_an_overlap(desk: Desk, file: Path) -> None:
    write(file, unit(1, ring(113.6, 34.7, 0.01)), unit(2, ring(113.603, 34.703, 0.002)))
    assert len(desk.boundaries.preview(file, UNITS).overlaps) == 1


def test_an_overlap_with_a_grid_that_is_here_already_is_told(desk: Desk, actor: Actor, file: Path) -> None:
    desk.boundaries.run(write(file, unit(1, ring(113.6, 34.7))), UNITS, actor=actor)
    preview = desk.boundaries.preview(write(file, unit(2, ring(113.605, 34.7))), UNITS)
    assert [line.second[-3:] for line in preview.overlaps] == ["001"]


def test_gaps_between_grids_are_listed(desk: Desk, file: Path) -> None:
    around = [unit(serial, ring(113.6 + 0.01 * east, 34.7 + 0.01 * north)) for serial, (east, north) in enumerate(
        [(0, 0), (1, 0), (2, 0), (0, 1), (2, 1), (0, 2), (1, 2), (2, 2)], start=1
    )]  # fmt: skip
    preview = desk.boundaries.preview(write(file, *around), UNITS)
    assert not preview.overlaps
    assert len(preview.gaps) == 1
    assert preview.gaps[0].area_m2 == pytest.approx(1_016_000, rel=0.01)
    assert preview.gaps[0].point == pytest.approx((113.615, 34.715), abs=0.005)


def test_an_outline_of_very_many_points_is_thinned_and_says_by_how_much(desk: Desk, file: Path) -> None:
    dense = [(113.6 + 0.00001 * step, 34.7 + 0.000001 * (step % 3)) for step in range(6000)]
    write(file, unit(1, [*dense, (113.66, 34.75), dense[0]]))
    row = desk.boundaries.preview(file, UNITS).rows[0]
    assert row.state == RowState.NEW
    assert row.notes[0].startswith("由 6002 点简化为")
    assert row.notes[0].endswith("0.5 米")


def test_rows_that_cannot_be_taken_say_why_and_stop_nothing(desk: Desk, actor: Actor, file: Path) -> None:
    write(
        file,
        unit(1, ring(113.6, 34.7)),
        polygon(ring(113.61, 34.7), name="无码"),
        polygon(ring(113.62, 34.7), code="410103001001001", name="别区"),
        unit(1, ring(113.63, 34.7)),
        unit(5, ((113.6, 34.7), (113.61, 34.7))),
        unit(6, ring(2.3, 48.8)),
        {"type": "Feature", "properties": {"code": "410105001001007"}, "geometry": None},
        {"type": "Feature", "properties": {"code": "410105001001008"}, "geometry": {"type": "Polygon"}},
        line((113.6, 34.7), (113.7, 34.7), code="410105001001009"),
        unit(10, ((10**400, 34.7), (113.61, 34.7), (113.61, 34.71), (113.6, 34.7))),
        "no feature",
    )
    result = desk.boundaries.run(file, UNITS, actor=actor)
    codes = [row.refusal.code for row in result.refused if row.refusal is not None]
    assert codes == [
        "grid.code_missing",
        "grid.code_district",
        "grid.code_twice",
        "grid.geometry_unreadable",
        "grid.values_elsewhere",
        "grid.geometry_kind",
        "grid.geometry_unreadable",
        "grid.geometry_kind",
        "grid.geometry_unreadable",
        "grid.code_missing",
    ]
    assert result.added == 1
    held = [
        error for row in result.refused for error in (row.refusal, getattr(row.refusal, "__cause__", None)) if error
    ]
    assert [error for error in held if error.__traceback__] == [], "a refused row holds nothing of the file"
    assert result.told()["refused"][0] == {"row": 2, "code": "", "name": "无码", "reason": "没有代码"}


def test_a_street_without_a_code_is_proposed_by_its_name(desk: Desk, actor: Actor, file: Path) -> None:
    plan = BoundaryPlan(str(GridKind.STREET), PointSystem.WGS84, {"name": "name"})
    write(file, polygon(ring(113.6, 34.7), name="经八路街道办事处"), polygon(ring(113.62, 34.7), name="没有这条街道"))
    rows = desk.boundaries.preview(file, plan).rows
    assert rows[0].code == rows[0].values["street_code"]
    assert desk.reference.divisions().street(rows[0].code) is not None
    assert rows[1].state == RowState.REFUSED


def test_a_file_may_hold_several_kinds_with_members(desk: Desk, actor: Actor, file: Path) -> None:
    member = desk.directory.save(Worker, {"name": "网格员甲", "kind": WorkerKind.COLLECTOR}, actor=actor)
    write(
        file,
        polygon(ring(113.6, 34.7), 类别="单元网格", 代码="410105001001001"),
        {"properties": {"类别": "责任网格", "代码": "Z1", "网格员": "网格员甲", "所含单元网格": "410105001001001"}},
        polygon(ring(113.6, 34.7), 类别="别的", 代码="X"),
    )
    told = desk.boundaries.inspect(file)
    result = desk.boundaries.run(file, told.plan, actor=actor)
    assert [row.refusal.code for row in result.refused if row.refusal] == ["grid.kind_unknown"]
    duty = desk.grids.at(113.605, 34.705).duty_grid
    assert duty is not None, "a duty grid without an outline is the sum of its unit grids"
    assert duty.member_id == member.id


def test_roads_of_one_name_are_one_road_and_keep_their_chief(desk: Desk, actor: Actor, file: Path) -> None:
    desk.directory.save(Road, {"name": "花园路", "chief": "路长甲"}, actor=actor)
    write(
        file,
        line((113.67, 34.75), (113.67, 34.76), name="花园路"),
        line((113.67, 34.76), (113.67, 34.77), name="花园路"),
        line((113.60, 34.75), (113.61, 34.75), name="农业路", chief="路长乙", 等级="主干道"),
    )
    told = desk.boundaries.inspect(file)
    assert told.plan.kind == ROAD
    result = desk.boundaries.run(file, told.plan, actor=actor)
    assert (result.added, result.changed) == (1, 1)
    roads = {road.name: road for road in desk.directory.roads()}
    assert len(roads["花园路"].lines) == 2
    assert roads["花园路"].chief == "路长甲"
    assert roads["农业路"].level == "主干道"
    place = desk.grids.at(113.6701, 34.765)
    assert place.road == roads["花园路"]
    assert desk.boundaries.run(file, told.plan, actor=actor).same == 2


def test_pieces_of_a_road_belong_to_it(desk: Desk, actor: Actor, file: Path) -> None:
    road = desk.directory.save(Road, {"name": "花园路"}, actor=actor)
    write(
        file,
        line((113.67, 34.75), (113.67, 34.76), name="农业路至东风路", road="花园路", chief="段长甲"),
        line((113.67, 34.75), (113.67, 34.76), name="别处", road="没有的路"),
    )
    told = desk.boundaries.inspect(file)
    assert told.plan.kind == SEGMENT
    result = desk.boundaries.run(file, told.plan, actor=actor)
    assert (result.added, len(result.refused)) == (1, 1)
    assert [piece.chief for piece in desk.grids.segments(road.id)] == ["段长甲"]


def test_a_stop_keeps_what_was_written_and_the_rest_comes_the_next_time(desk: Desk, actor: Actor, file: Path) -> None:
    write(file, *(unit(serial, ring(113.6 + 0.001 * serial, 34.7, 0.001)) for serial in range(1, 151)))
    preview = desk.boundaries.preview(file, UNITS)
    watch = Watch(lambda _done, _total, _note: watch.cancel())
    with pytest.raises(Cancelled):
        desk.boundaries.take_over(preview, actor=actor, accept_overlaps=True, watch=watch)
    assert len(desk.grids.all(GridKind.UNIT)) == 100
    result = desk.boundaries.run(file, UNITS, actor=actor, accept_overlaps=True)
    assert (result.added, result.same) == (50, 100)


def test_what_was_taken_over_goes_out_and_comes_in_the_same(desk: Desk, actor: Actor, file: Path) -> None:
    write(file, unit(1, ring(113.6, 34.7)), unit(2, ring(113.61, 34.7)))
    desk.boundaries.run(file, UNITS, actor=actor)
    desk.directory.save(Road, {"name": "花园路", "lines": (((113.6, 34.7), (113.7, 34.7)),)}, actor=actor)
    out = file.with_name("out.geojson")
    assert desk.boundaries.export(out, actor=actor) == 3
    assert desk.boundaries.export(out, [GridKind.UNIT], actor=actor, roads=False) == 2
    told = desk.boundaries.inspect(out)
    assert desk.boundaries.run(out, told.plan, actor=actor).same == 2


def test_duty_grids_made_of_unit_grids_go_out_and_come_in_too(desk: Desk, actor: Actor, file: Path) -> None:
    member = desk.directory.save(Worker, {"name": "网格员甲", "kind": WorkerKind.COLLECTOR}, actor=actor)
    desk.boundaries.run(write(file, unit(1, ring(113.6, 34.7))), UNITS, actor=actor)
    duty = {"kind": GridKind.DUTY, "code": "Z1", "unit_codes": ("410105001001001",), "member_id": member.id}
    kept = desk.grids.save(duty, actor=actor)
    out = file.with_name("out.geojson")
    desk.boundaries.export(out, actor=actor)
    desk.grids.save({"unit_codes": (), "member_id": None}, actor=actor, grid_id=kept.id)
    told = desk.boundaries.inspect(out)
    desk.boundaries.run(out, told.plan, actor=actor)
    again = desk.grids.get(kept.id)
    assert (again.unit_codes, again.member_id) == (("410105001001001",), member.id)


def test_a_unit_grid_comes_into_one_duty_grid_only(desk: Desk, actor: Actor, file: Path) -> None:
    units = [f"410105001001{serial:03}" for serial in (1, 2, 3)]
    desk.grids.save({"kind": GridKind.DUTY, "code": "Z1", "unit_codes": (units[0],)}, actor=actor)

    def duty(code: str, west: float, *held: str) -> dict[str, Any]:
        return polygon(ring(west, 34.7), kind="责任网格", code=code, unit_codes=list(held))

    def states() -> list[str]:
        return [str(row.refusal.details["duty"]) if row.refusal else str(row.state) for row in preview().rows]

    def preview() -> BoundaryPreview:
        return desk.boundaries.preview(file, desk.boundaries.inspect(file).plan)

    write(file, duty("Z2", 113.7, units[0]), duty("Z3", 113.8, units[1]), duty("Z4", 113.9, units[2], units[1]))
    assert states() == ["Z1", "new", "Z3"]
    assert desk.boundaries.take_over(preview(), actor=actor).added == 1
    write(file, duty("Z2", 113.7, units[0]), duty("Z1", 113.6, units[2]))
    assert states() == ["new", "changed"], "a unit grid may be handed on within one file"
    write(file, duty("Z2", 113.7, units[0]), duty("Z1", 113.6, units[1]))
    assert states() == ["Z1", "Z3"], "a row that is refused hands nothing on"


def test_an_acceptor_takes_no_boundaries_over(desk: Desk, file: Path) -> None:
    write(file, unit(1, ring(113.6, 34.7)))
    with pytest.raises(Refused, match=r"account\.role_needed"):
        desk.boundaries.run(file, UNITS, actor=an_actor(OfficeRole.ACCEPTOR))
