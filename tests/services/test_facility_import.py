"""Facilities from sheets: taken once, brought up to date the second time, refused by row with the reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.base.watch import Cancelled, Watch
from app.desk import Desk
from app.domain.facilities import Facility, FacilityState
from app.domain.facility_views import FacilityFilter
from app.domain.grids import GridKind, PointSystem
from app.domain.permissions import Actor, OfficeRole
from app.domain.places import wgs84_to_gcj02
from app.domain.problems import Refused
from app.services.case_import import ImportResult
from app.services.facility_columns import FacilityMapping, with_options
from tests.builders import an_actor

HEAD = "部件编号,标识码,部件小类,状态,街道,位置,经度,纬度,养护单位,井深(米)"
ROWS = (
    "A-1,4101050102000001,污水井盖,完好,经八路街道办事处,纬一路12号,113.665400,34.757900,排水管护队,3.2",
    "A-2,,路灯,破损,经八路街道,经八路,113.6660,34.7580,城市照明科,",
)


def a_sheet(folder: Path, *rows: str, head: str = HEAD, name: str = "部件.csv") -> Path:
    path = folder / name
    path.write_text("\n".join((head, *rows)), encoding="utf-8")
    return path


def take_over(desk: Desk, actor: Actor, path: Path, **options: object) -> ImportResult:
    sheet = desk.facility_import.open(path)
    mapping = with_options(desk.facility_import.mapping_for(sheet), **options)  # type: ignore[arg-type]
    return desk.facility_import.take_over(sheet, mapping, actor=actor)


def counts(result: ImportResult) -> tuple[int, int, int, int]:
    return result.taken, result.updated, result.unchanged, len(result.refused)


def only(desk: Desk, **wanted: object) -> Facility:
    (line,) = desk.facilities.find(FacilityFilter(**wanted))  # type: ignore[arg-type]
    return desk.facilities.get(line.id)


def test_rows_become_facilities_with_category_register_street_and_attributes(
    desk: Desk, actor: Actor, tmp_path: Path
) -> None:
    assert counts(take_over(desk, actor, a_sheet(tmp_path, *ROWS))) == (2, 0, 0, 0)
    cover, lamp = only(desk, group="manholes"), only(desk, group="lamps")
    assert (cover.code, cover.minor, cover.attributes) == ("4101050102000001", "02", {"depth": "3.2"})
    assert cover.street_code.startswith("410105")
    assert cover.street_name == lamp.street_name == "经八路街道"
    assert (lamp.code, lamp.state, lamp.maintainer) == ("4101050137000001", FacilityState.DAMAGED, "城市照明科")
    assert lamp.point_source == {"system": "WGS-84", "longitude": 113.666, "latitude": 34.758}


def test_importing_again_doubles_nothing_and_says_what_changed(desk: Desk, actor: Actor, tmp_path: Path) -> None:
    take_over(desk, actor, a_sheet(tmp_path, *ROWS))
    assert counts(take_over(desk, actor, a_sheet(tmp_path, *ROWS))) == (0, 0, 2, 0)
    mended = (ROWS[0], ROWS[1].replace("破损", "完好"))
    assert counts(take_over(desk, actor, a_sheet(tmp_path, *mended))) == (0, 1, 1, 0)
    lamp = only(desk, group="lamps")
    assert lamp.state == FacilityState.INTACT
    assert [line.words for line in desk.facilities.history(lamp.id)] == ["破损 → 完好"]
    assert desk.facilities.count(FacilityFilter()).count == 2


def test_rows_without_any_number_are_known_again_by_what_they_say(desk: Desk, actor: Actor, tmp_path: Path) -> None:
    sheet = a_sheet(tmp_path, "河边公厕,文化路", head="名称,位置")
    assert counts(take_over(desk, actor, sheet)) == (1, 0, 0, 0)
    assert counts(take_over(desk, actor, sheet)) == (0, 0, 1, 0)


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("B-1,410105010200,污水井盖", "facility.code_shape"),
        ("B-1,4101020102000009,污水井盖", "facility.code_district"),
        ("B-1,4101050137000009,污水井盖", "facility.code_category"),
        ("B-1,4101050102000001,污水井盖", "facility.code_twice"),
        ("B-1,,污水井盖,坏了", "facility.state_unknown"),
        ("B-1,,污水井盖,完好,,,113.66,", "value.coordinate_half"),
        ("B-1,,污水井盖,完好,,,东经113,34.7", "value.number_unreadable"),
        ("B-1,,污水井盖,完好,,,500000,3847000", "facility.system_unclear"),
    ],
    ids=["shape", "district", "category", "twice", "state", "half", "unreadable", "metres"],
)
def test_a_wrong_row_is_refused_by_its_number_and_the_others_are_taken(
    desk: Desk, actor: Actor, tmp_path: Path, row: str, code: str
) -> None:
    take_over(desk, actor, a_sheet(tmp_path, ROWS[0], head=HEAD.replace("部件编号", "档案号")))
    result = take_over(desk, actor, a_sheet(tmp_path, row, ROWS[1]))
    assert [(refused.row, refused.code) for refused in result.refused] == [(2, code)]
    assert result.taken == 1


def test_a_known_code_is_refused_with_the_place_where_it_lies(desk: Desk, actor: Actor, tmp_path: Path) -> None:
    take_over(desk, actor, a_sheet(tmp_path, ROWS[0], head=HEAD.replace("部件编号", "档案号")))
    (refused,) = take_over(desk, actor, a_sheet(tmp_path, "B-1,4101050102000001,污水井盖")).refused
    assert "纬一路12号" in refused.message


def test_a_house_number_somebody_registered_by_hand_is_not_given_twice(
    desk: Desk, actor: Actor, tmp_path: Path
) -> None:
    cover = {"name": "雨水井", "house_number": "金水-0042", "address": "纬一路12号"}
    desk.facilities.save(cover, actor=actor)
    result = take_over(desk, actor, a_sheet(tmp_path, "Z-9,金水-0042,纬五路", head="部件编号,户籍号,位置"))
    assert (counts(result), result.refused[0].code) == ((0, 0, 0, 1), "facility.house_number_twice")
    assert "纬一路12号" in result.refused[0].message
    assert desk.facilities.count(FacilityFilter()).count == 1


def test_a_number_twice_in_the_file_is_refused_naming_the_earlier_row(desk: Desk, actor: Actor, tmp_path: Path) -> None:
    result = take_over(desk, actor, a_sheet(tmp_path, ROWS[0], ROWS[0].replace("A-1", "A-9"), ROWS[1], ROWS[1]))
    assert [(refused.row, refused.code) for refused in result.refused] == [
        (3, "facility.code_twice_in_file"),
        (5, "facility.number_twice_in_file"),
    ]
    assert "第 2 行" in result.refused[0].message


def test_swapped_columns_are_found_out_and_can_be_put_right(desk: Desk, actor: Actor, tmp_path: Path) -> None:
    sheet = a_sheet(tmp_path, "一号,113.52,34.73", "二号,113.61,34.75", head="名称,纬度,经度")
    with pytest.raises(Refused) as refused:
        take_over(desk, actor, sheet)
    assert refused.value.code == "facility.columns_swapped"
    assert desk.facilities.count(FacilityFilter()).count == 0
    assert counts(take_over(desk, actor, sheet, swap=True)) == (2, 0, 0, 0)
    first = only(desk, search="一号")
    assert (first.longitude, first.latitude) == (113.52, 34.73)


def test_points_of_other_systems_are_turned_into_wgs84_and_kept_as_given(
    desk: Desk, actor: Actor, tmp_path: Path
) -> None:
    given = wgs84_to_gcj02(113.6654, 34.7579)
    sheet = a_sheet(tmp_path, f"一号,{given[0]},{given[1]}", head="名称,经度,纬度")
    take_over(desk, actor, sheet, system=PointSystem.GCJ02.value)
    first = only(desk, search="一号")
    assert (first.longitude, first.latitude) == pytest.approx((113.6654, 34.7579), abs=1e-7)
    assert first.point_source["system"] == "GCJ-02"
    assert first.point_source["longitude"] == pytest.approx(given[0])


def test_metres_of_the_national_grid_are_understood(desk: Desk, actor: Actor, tmp_path: Path) -> None:
    sheet = a_sheet(tmp_path, "一号,38469357.0,3847600.0", head="名称,东坐标,北坐标")
    take_over(desk, actor, sheet, system=PointSystem.CGCS2000.value)
    first = only(desk, search="一号")
    assert (first.longitude, first.latitude) == pytest.approx((113.665, 34.758), abs=0.01)


def test_a_category_nobody_knows_stays_as_it_was_written_and_is_told_once(
    desk: Desk, actor: Actor, tmp_path: Path
) -> None:
    result = take_over(desk, actor, a_sheet(tmp_path, "1,,飞碟", "2,,飞碟"))
    assert [note.code for note in result.notes] == ["facility.category_unknown"]
    assert [line.minor_name for line in desk.facilities.find(FacilityFilter())] == ["飞碟", "飞碟"]


def test_a_code_alone_says_the_category(desk: Desk, actor: Actor, tmp_path: Path) -> None:
    take_over(desk, actor, a_sheet(tmp_path, "4101050137000012,纬一路", head="标识码,位置"))
    assert only(desk).minor_name == "路灯"


def test_a_sheet_of_one_register_says_its_category_and_register_once(desk: Desk, actor: Actor, tmp_path: Path) -> None:
    sheet = a_sheet(tmp_path, "一号工地,文化路", head="名称,位置")
    take_over(desk, actor, sheet, fixed={"category": "05-02", "group": "其他部件"})
    site = only(desk)
    assert (site.minor_name, site.group, site.code) == ("工地", "other", "4101050502000001")


def test_the_columns_chosen_are_remembered_for_the_same_head(desk: Desk, actor: Actor, tmp_path: Path) -> None:
    sheet = desk.facility_import.open(a_sheet(tmp_path, "x,经八路", head="甲,乙"))
    chosen = FacilityMapping({"name": 0, "address": 1}, PointSystem.GCJ02)
    desk.facility_import.take_over(sheet, chosen, actor=actor)
    again = desk.facility_import.open(a_sheet(tmp_path, "y,纬一路", head="甲,乙", name="二.csv"))
    assert desk.facility_import.mapping_for(again) == chosen


def test_a_sheet_that_tells_nothing_apart_is_refused(desk: Desk, actor: Actor, tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        take_over(desk, actor, a_sheet(tmp_path, "是,大", head="亮灯,精度"))
    assert refused.value.code == "facility.no_column"


def test_a_preview_says_what_would_happen_and_writes_nothing(desk: Desk, actor: Actor, tmp_path: Path) -> None:
    sheet = desk.facility_import.open(a_sheet(tmp_path, ROWS[0], "B-1,1,污水井盖"))
    outcomes = desk.facility_import.preview(sheet, desk.facility_import.mapping_for(sheet))
    assert [one.facility is not None for one in outcomes] == [True, False]
    assert desk.facilities.count(FacilityFilter()).count == 0


def test_a_stop_keeps_what_was_written_and_the_rest_comes_the_next_time(
    desk: Desk, actor: Actor, tmp_path: Path
) -> None:
    path = a_sheet(tmp_path, *(f"{n},经八路{n}号" for n in range(2500)), head="编号,位置")
    sheet = desk.facility_import.open(path)
    watch = Watch(lambda done, _total, _note: watch.cancel() if done >= 2000 else None)
    with pytest.raises(Cancelled):
        desk.facility_import.take_over(sheet, desk.facility_import.mapping_for(sheet), actor=actor, watch=watch)
    assert desk.facilities.count(FacilityFilter(), None).count == 2000
    assert counts(take_over(desk, actor, path)) == (500, 0, 2000, 0)


def test_a_leader_imports_nothing(desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        take_over(desk, an_actor(OfficeRole.LEADER), a_sheet(tmp_path, *ROWS))
    assert refused.value.code == "account.role_needed"


def test_a_point_outside_the_district_is_taken_and_told(desk: Desk, actor: Actor, tmp_path: Path) -> None:
    ring = ((113.6, 34.7), (113.7, 34.7), (113.7, 34.8), (113.6, 34.8), (113.6, 34.7))
    district = {"kind": GridKind.DISTRICT, "code": "410105", "name": "金水区", "boundary": ((ring,),)}
    duty = {"kind": GridKind.DUTY, "code": "JS-01", "name": "一号", "boundary": ((ring,),)}
    for grid in (district, duty):
        desk.grids.save(grid, actor=actor)
    sheet = a_sheet(tmp_path, "里,113.65,34.75", "外,113.95,34.75", head="名称,经度,纬度")
    result = take_over(desk, actor, sheet)
    assert (result.taken, [(note.row, note.code) for note in result.notes]) == (2, [(3, "facility.outside_district")])
    assert [line.duty_grid for line in desk.facilities.find(FacilityFilter(ascending=True))] == ["JS-01", ""]


def test_a_new_point_finds_its_grids_and_a_typed_street_stays(desk: Desk, actor: Actor) -> None:
    ring = ((113.6, 34.7), (113.7, 34.7), (113.7, 34.8), (113.6, 34.8), (113.6, 34.7))
    desk.grids.save({"kind": GridKind.DUTY, "code": "JS-01", "name": "一号", "boundary": ((ring,),)}, actor=actor)
    place = {"name": "一号井", "longitude": 113.65, "latitude": 34.75, "street_code": "410105002"}
    made = desk.facilities.save(place, actor=actor)
    assert (made.duty_grid, made.street_code) == ("JS-01", "410105002")


def test_a_change_of_one_field_leaves_what_the_others_say(desk: Desk, actor: Actor) -> None:
    lamp = desk.facilities.save({"name": "景观灯", "group": "lamps", "attributes": {"wattage": "60"}}, actor=actor)
    desk.facilities.save({"note": "已换灯罩"}, actor=actor, facility_id=lamp.id)
    again = desk.facilities.get(lamp.id)
    assert (again.group, again.note) == ("lamps", "已换灯罩")


def test_a_point_that_leaves_every_grid_leaves_their_codes(desk: Desk, actor: Actor) -> None:
    ring = ((113.67, 34.77), (113.69, 34.77), (113.69, 34.79), (113.67, 34.79), (113.67, 34.77))
    desk.grids.save({"kind": GridKind.UNIT, "code": "410105001001001", "boundary": ((ring,),)}, actor=actor)
    lamp = desk.facilities.save({"name": "景观灯", "longitude": 113.68, "latitude": 34.78}, actor=actor)
    assert lamp.unit_grid == "410105001001001"
    moved = desk.facilities.save({"longitude": 113.60, "latitude": 34.78}, actor=actor, facility_id=lamp.id)
    assert moved.unit_grid == ""
