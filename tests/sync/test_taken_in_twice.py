"""The same sheet, track or boundary file taken in on two desks without a line is there once when they meet."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from app.domain.boundary_plans import ROAD, SEGMENT, BoundaryPlan
from app.domain.decisions import Verdict
from app.domain.directory import Worker
from app.domain.facility_views import FacilityFilter
from app.domain.finding_views import FindingFilter
from app.domain.grids import GridKind, PointSystem
from app.domain.inspection_views import EnterpriseFilter
from app.domain.patrol_views import RoundFilter
from app.services.track_files import TrackFile
from app.services.track_import import TrackChoices
from tests.sync.grid_desks import LAMP, TODAY, a_plan, met
from tests.sync.offices import Office
from tests.sync.test_numbers import top_up

MakeOffice = Callable[..., Office]
ROUNDS = """检查编号,检查时间,网格员,部件编号,检查点,地址,结果,问题描述,经度,纬度
A1,2026-10-12 09:10,采集员甲,,便民菜店,纬一路1号,好,,113.6801,34.7801
A2,2026-10-12 09:40,采集员甲,D-77,五金店,纬一路9号,差,门前堆物,113.6802,34.7802
A3,2026-10-13 09:00,采集员乙,,便民菜店,纬一路1号,合格,,113.6801,34.7801
"""
FACILITIES = """部件编号,标识码,部件小类,状态,街道,位置,经度,纬度
A-1,4101050102000001,污水井盖,完好,经八路街道,纬一路12号,113.6654,34.7579
A-2,,路灯,破损,经八路街道,经八路,113.6660,34.7580
A-3,,路灯,完好,经八路街道,经八路口,113.6662,34.7581
"""
ENTERPRISES = """企业名称,统一社会信用代码,行业,街道,住所
豫香楼,91350100M000100Y43,餐饮,经八路街道,纬一路1号
无码店,,零售,经八路街道,纬一路2号
无码店,,零售,经八路街道,纬一路3号
"""


def take_rounds(office: Office, folder: Path, text: str = ROUNDS) -> None:
    """A sheet of rounds."""
    path = folder / "巡查记录.csv"
    path.write_text(text, encoding="utf-8")
    office.desk.round_import.run(path, actor=office.actor)


def take_facilities(office: Office, folder: Path, text: str = FACILITIES) -> None:
    """A sheet of facilities."""
    path = folder / "部件.csv"
    path.write_text(text, encoding="utf-8")
    sheet = office.desk.facility_import.open(path)
    office.desk.facility_import.take_over(sheet, office.desk.facility_import.mapping_for(sheet), actor=office.actor)


def take_enterprises(office: Office, folder: Path) -> None:
    """A sheet of enterprises."""
    path = folder / "企业.csv"
    path.write_text(ENTERPRISES, encoding="utf-8")
    sheet = office.desk.enterprise_import.open(path)
    office.desk.enterprise_import.take_over(sheet, office.desk.enterprise_import.mapping_for(sheet), actor=office.actor)


def codes(office: Office) -> dict[str, str]:
    """Number in the sheet -> identity code."""
    return dict(map(tuple, office.sql("SELECT source_no, code FROM facilities WHERE source_no <> ''")))


def a_feature(kind: str, positions: object, **properties: object) -> dict[str, object]:
    """A feature of a boundary file."""
    return {"type": "Feature", "properties": properties, "geometry": {"type": kind, "coordinates": positions}}


def take_boundaries(office: Office, folder: Path, kind: str, *features: object) -> None:
    """A boundary file, whatever overlaps."""
    path = folder / "grids.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    names = ("code", "name", "road")
    plan = BoundaryPlan(kind, PointSystem.WGS84, {name: name for name in names})
    office.desk.boundaries.run(path, plan, actor=office.actor, accept_overlaps=True)


def a_square(west: float) -> object:
    """Ten metres or so."""
    ring = [(west, 34.76), (west + 0.01, 34.76), (west + 0.01, 34.77), (west, 34.77), (west, 34.76)]
    return [ring]


def take_track(office: Office, member: Worker, walk: UUID) -> None:
    """A member's walk of twenty minutes."""
    start = datetime(2026, 11, 2, 1, tzinfo=UTC)
    points = tuple((start + timedelta(seconds=10 * no), 113.66 + 0.00005 * no, 34.76) for no in range(120))
    file = TrackFile("walk.gpx", "ab" * 32, points, 0)
    wanted = TrackChoices(member=member, round_id=walk)
    office.desk.traces.take(office.desk.traces.look(Path("walk.gpx"), wanted, file=file), actor=office.actor)


@pytest.mark.parametrize("meet_first", [True, False], ids=["same members", "members of their own"])
def test_a_sheet_of_rounds_taken_in_on_two_desks_makes_its_rounds_and_findings_once(
    two: tuple[Office, Office], tmp_path: Path, meet_first: bool
) -> None:
    two[1].desk.facilities.save({**LAMP, "house_number": "D-77"}, actor=two[1].actor)
    if meet_first:
        met(*two)
    for office in two:
        take_rounds(office, tmp_path)

    met(*two)

    for office in two:
        take_rounds(office, tmp_path)
        assert len(office.desk.patrols.first_page(RoundFilter())) == 2
        assert office.desk.findings.count(FindingFilter()).count == 1
        assert office.sql("SELECT count(*) FROM decisions")[0][0] == (0 if meet_first else 3)


def test_of_two_sheets_that_tell_of_one_round_every_row_stands(two: tuple[Office, Office], tmp_path: Path) -> None:
    one, other = two
    met(one, other)
    take_rounds(one, tmp_path, "\n".join(ROUNDS.splitlines()[:2]))
    take_rounds(other, tmp_path)

    met(one, other)

    for office in two:
        rounds = office.desk.patrols.first_page(RoundFilter())
        assert sorted((line.points_checked, line.points_total) for line in rounds) == [(1, 1), (2, 2)]
        assert sorted(len(office.desk.patrols.results(line.id)) for line in rounds) == [1, 2]


def test_a_sheet_of_facilities_taken_in_on_two_desks_leaves_each_once_with_the_code_the_city_heard_of_first(
    two: tuple[Office, Office], tmp_path: Path
) -> None:
    for office in two:
        office.desk.facilities.save(LAMP, actor=office.actor)
        office.sync()
        top_up(office)
        take_facilities(office, tmp_path)
    one, other = map(codes, two)
    assert {number for number in one if one[number] == other[number]} == {"A-1"}

    met(*two)

    for office in two:
        take_facilities(office, tmp_path)
        assert codes(office) == one


def test_what_two_sheets_say_differently_of_one_facility_is_decided_by_a_person(
    two: tuple[Office, Office], tmp_path: Path
) -> None:
    one, other = two
    take_facilities(one, tmp_path)
    take_facilities(other, tmp_path, FACILITIES.replace("经八路口", "经九路口"))
    one.sync()

    assert other.sync().conflicts == 1

    [line] = other.desk.sync.troubles()
    other.desk.sync.decide(line.record_id, Verdict.MINE, {}, "以现场为准", actor=other.actor)
    met(other, one)
    assert {line.address for line in one.desk.facilities.find(FacilityFilter())} >= {"经九路口"}


def test_a_sheet_of_enterprises_taken_in_on_two_desks_registers_each_once(
    two: tuple[Office, Office], tmp_path: Path
) -> None:
    for office in two:
        take_enterprises(office, tmp_path)

    met(*two)

    for office in two:
        assert office.desk.enterprises.count(EnterpriseFilter()).count == 3


def test_boundaries_roads_and_pieces_taken_in_on_two_desks_are_there_once(
    two: tuple[Office, Office], tmp_path: Path
) -> None:
    line = [[113.66, 34.76], [113.67, 34.76]]
    for office in two:
        grids = [a_feature("Polygon", a_square(113.6 + no / 50), code=f"Z-{no}", name=f"{no}号") for no in range(3)]
        take_boundaries(office, tmp_path, str(GridKind.DUTY), *grids)
        take_boundaries(office, tmp_path, ROAD, a_feature("LineString", line, name="新开路"))
        take_boundaries(office, tmp_path, SEGMENT, a_feature("LineString", line, name="东段", road="新开路"))

    met(*two)

    for office in two:
        assert [grid.code for grid in office.desk.grids.all(GridKind.DUTY)] == ["Z-0", "Z-1", "Z-2"]
        [road] = [road for road in office.desk.directory.roads() if road.name == "新开路"]
        assert [piece.name for piece in office.desk.grids.segments(road.id)] == ["东段"]


def test_a_code_drawn_again_after_its_grid_was_taken_out_of_use_is_one_grid_on_both_desks(
    two: tuple[Office, Office],
) -> None:
    one, other = two
    values = {"kind": GridKind.DUTY, "code": "Z-01", "name": "一号"}
    before = one.desk.grids.save(values, actor=one.actor)
    one.desk.grids.retire(before.id, actor=one.actor)
    met(one, other)
    drawn = [office.desk.grids.save(values, actor=office.actor) for office in two]

    met(one, other)

    assert drawn[0].id == drawn[1].id != before.id
    for office in two:
        assert [grid.id for grid in office.desk.grids.all(GridKind.DUTY)] == [drawn[0].id]


def test_one_code_drawn_with_two_outlines_is_decided_by_a_person(two: tuple[Office, Office]) -> None:
    for office, west in zip(two, (113.60, 113.64), strict=True):
        values = {"kind": GridKind.DUTY, "code": "Z-01", "boundary": (a_square(west),)}
        office.desk.grids.save(values, actor=office.actor)
    one, other = two
    one.sync()

    assert other.sync().conflicts == 1

    [line] = other.desk.sync.troubles()
    other.desk.sync.decide(line.record_id, Verdict.THEIRS, {}, "以先画的为准", actor=other.actor)
    met(other, one)
    assert other.desk.grids.get(line.record_id).boundary == one.desk.grids.get(line.record_id).boundary


def test_a_track_file_taken_in_on_two_desks_is_one_track_and_its_round_has_its_metres_once(
    two: tuple[Office, Office],
) -> None:
    one, other = two
    a_plan(one)
    one.desk.patrol_plans.plan_week(TODAY, actor=one.actor)
    met(one, other)
    walk = next(line.id for line in one.desk.patrols.first_page(RoundFilter()) if line.day == TODAY)
    for office in two:
        take_track(office, one.desk.members.all()[0], walk)
    metres = one.desk.patrols.get(walk).distance_m

    met(one, other)

    for office in two:
        assert len(office.desk.traces.of_round(walk)) == 1
        assert office.desk.patrols.get(walk).distance_m == metres


def test_two_districts_take_in_sheets_of_the_same_numbers(make_desk_with_line: MakeOffice, tmp_path: Path) -> None:
    """Their numbers begin with 1 each; the city takes both."""
    offices = make_desk_with_line("A"), make_desk_with_line("C", district="410103")
    for office in offices:
        take_rounds(office, tmp_path)
        take_facilities(office, tmp_path, FACILITIES.replace("4101050102000001", ""))
        office.desk.grids.save({"kind": GridKind.DUTY, "code": "Z-01"}, actor=office.actor)
        report = office.sync()
        assert (report.problem_code, report.conflicts, report.refused, report.held) == ("", 0, 0, 0)
