"""Rounds from sheets: a row a check of a place, rounds by day, member and grid, twice nothing doubled, refusals by row."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import pytest

from app.base.watch import Cancelled, Watch
from app.desk import Desk
from app.domain.coverage import CoverageBy
from app.domain.findings import FindingState
from app.domain.grids import GridKind
from app.domain.patrol_views import RoundFilter
from app.domain.patrols import CheckGrade, RoundState
from app.domain.permissions import Actor
from app.domain.problems import Refused

HEAD = "检查编号,检查时间,网格员,网格,检查点,地址,结果,问题数,问题描述,经度,纬度"
ROWS = (
    "A1,2026-10-12 09:10,采集员甲,,便民菜店,纬一路1号,好,0,,113.6801,34.7801",
    "A2,2026-10-12 09:40,采集员甲,,五金店,纬一路9号,差,2,门前堆物,113.6802,34.7802",
    "A3,2026-10-12 10:05,采集员甲,,面馆,纬一路15号,一般,,,113.6803,34.7803",
    "A4,2026-10-13 09:00,采集员甲,,便民菜店,纬一路1号,合格,,,113.6801,34.7801",
)


def a_sheet(folder: Path, rows: Sequence[str] = ROWS, head: str = HEAD) -> Path:
    path = folder / "巡查记录.csv"
    path.write_text("\n".join((head, *rows)), encoding="utf-8")
    return path


def a_grid(desk: Desk, actor: Actor) -> None:
    ring = ((113.67, 34.77), (113.69, 34.77), (113.69, 34.79), (113.67, 34.79), (113.67, 34.77))
    values = {
        "kind": GridKind.DUTY,
        "code": "ZR01",
        "name": "责任网格一",
        "street_code": "410105001",
        "boundary": ((ring,),),
    }
    desk.grids.save(values, actor=actor)


def test_rows_become_rounds_results_and_findings(desk: Desk, actor: Actor, tmp_path: Path) -> None:
    a_grid(desk, actor)
    result = desk.round_import.run(a_sheet(tmp_path), actor=actor)
    assert (result.read, result.taken, result.rounds, result.findings, result.refused) == (4, 4, 2, 1, [])
    newest, first = desk.patrols.first_page(RoundFilter())
    assert (first.day, first.member_name, first.grid_code, first.street_name) == (
        date(2026, 10, 12),
        "采集员甲",
        "ZR01",
        "经八路街道",
    )
    assert (first.points_total, first.points_checked, first.finding_count, first.state) == (3, 3, 1, RoundState.DONE)
    assert newest.points_total == 1
    detail = desk.patrols.detail(first.id)
    assert [one.grade for one in detail.results] == [CheckGrade.GOOD, CheckGrade.BAD, CheckGrade.FAIR]
    assert [point.name for point in detail.round.points] == ["便民菜店", "五金店", "面馆"]
    assert detail.round.started_at is not None
    found = detail.findings[0]
    assert (found.state, found.point_no, found.address) == (FindingState.OPEN, 2, "纬一路9号")
    assert "门前堆物" in found.description


def test_sheets_that_each_count_from_one_do_not_swallow_one_another(desk: Desk, actor: Actor, tmp_path: Path) -> None:
    head = "编号,检查日期,网格员,检查点,结果"
    desk.round_import.run(a_sheet(tmp_path, ("1,2026-10-12,采集员甲,菜店,好",), head), actor=actor)
    other = desk.round_import.run(a_sheet(tmp_path, ("1,2026-10-12,采集员乙,公厕,差",), head), actor=actor)
    assert (other.taken, other.unchanged, [one.code for one in other.refused]) == (0, 0, ["row.check_elsewhere"])
    assert list(other.refused_cells[other.refused[0].row][3:]) == ["公厕", "差"]
    counted = head.replace("编号", "序号")
    taken = desk.round_import.run(a_sheet(tmp_path, ("1,2026-10-12,采集员乙,公厕,差",), counted), actor=actor)
    assert (taken.taken, taken.rounds, taken.refused) == (1, 1, []), "a running number names nothing"


def test_longitude_and_latitude_the_wrong_way_round_are_told_as_such(desk: Desk, actor: Actor, tmp_path: Path) -> None:
    head = "检查日期,检查点,结果,经度,纬度"
    told = desk.round_import.run(a_sheet(tmp_path, ("2026-10-12,菜店,好,34.77,113.68",), head), actor=actor)
    assert [(one.code, one.column) for one in told.refused] == [("row.axes_swapped", "纬度")]
    told = desk.round_import.run(a_sheet(tmp_path, ("2026-10-12,菜店,好,113.68,=1/0",), head), actor=actor)
    assert [(one.code, one.column) for one in told.refused] == [("value.number_unreadable", "纬度")]
    mapping = tmp_path / "map.toml"
    mapping.write_text('[columns]\nlongitude = "纬度"\nlatitude = "经度"\n', encoding="utf-8")
    sheet = a_sheet(tmp_path, ("2026-10-12,菜店,好,34.77,113.68",), head)
    assert desk.round_import.run(sheet, actor=actor, mapping_file=mapping).taken == 1


def test_what_was_imported_is_covered(desk: Desk, actor: Actor, tmp_path: Path) -> None:
    a_grid(desk, actor)
    desk.round_import.run(a_sheet(tmp_path), actor=actor)
    matrix = desk.coverage.matrix(CoverageBy.GRID, date(2026, 10, 12), date(2026, 10, 18))
    row = next(one for one in matrix.rows if one.key == "ZR01")
    assert sorted(row.cells) == [date(2026, 10, 12), date(2026, 10, 13)]
    assert row.last_seen == date(2026, 10, 13)


def test_the_same_sheet_again_doubles_nothing_even_when_grids_were_drawn_meanwhile(
    desk: Desk, actor: Actor, tmp_path: Path
) -> None:
    sheet = a_sheet(tmp_path)
    desk.round_import.run(sheet, actor=actor)
    a_grid(desk, actor)
    for _again in range(2):
        result = desk.round_import.run(sheet, actor=actor)
        assert (result.taken, result.rounds, result.findings, result.unchanged) == (0, 0, 0, 4)
    assert desk.patrols.count(RoundFilter()).count == 2


def test_a_longer_sheet_brings_only_what_is_new_and_puts_right_what_changed(
    desk: Desk, actor: Actor, tmp_path: Path
) -> None:
    desk.round_import.run(a_sheet(tmp_path, ROWS[:2]), actor=actor)
    longer = (ROWS[0].replace(",好,", ",一般,"), *ROWS[1:])
    result = desk.round_import.run(a_sheet(tmp_path, longer), actor=actor)
    assert (result.taken, result.updated, result.unchanged, result.rounds) == (2, 1, 1, 1)
    first = desk.patrols.first_page(RoundFilter(last=date(2026, 10, 12)))[0]
    assert (first.points_total, first.points_checked) == (3, 3)
    assert desk.patrols.results(first.id)[0].grade is CheckGrade.FAIR
    assert [one.point_no for one in desk.patrols.results(first.id)] == [1, 2, 3]


def test_a_finding_of_a_later_sheet_is_at_its_own_check_point(desk: Desk, actor: Actor, tmp_path: Path) -> None:
    desk.round_import.run(a_sheet(tmp_path, (ROWS[0], ROWS[2])), actor=actor)
    desk.round_import.run(a_sheet(tmp_path, ROWS[:3]), actor=actor)
    detail = desk.patrols.detail(desk.patrols.first_page(RoundFilter())[0].id)
    found = detail.findings[0]
    assert [point.name for point in detail.round.points if point.no == found.point_no] == ["五金店"]


def test_rows_that_another_round_holds_stay_there_when_an_outline_was_moved(
    desk: Desk, actor: Actor, tmp_path: Path
) -> None:
    a_grid(desk, actor)
    sheet = a_sheet(tmp_path, (*ROWS[:2], "A5,2026-10-12 11:00,采集员甲,,面馆,纬五路3号,差,1,油烟,113.6000,34.7801"))
    assert desk.round_import.run(sheet, actor=actor).rounds == 2
    grid = desk.grids.all(GridKind.DUTY)[0]
    ring = ((113.59, 34.77), (113.69, 34.77), (113.69, 34.79), (113.59, 34.79), (113.59, 34.77))
    desk.grids.save({"boundary": ((ring,),)}, actor=actor, grid_id=grid.id)
    result = desk.round_import.run(sheet, actor=actor)
    assert (result.taken, result.rounds, result.findings, result.unchanged) == (0, 0, 0, 3)


def test_a_name_two_members_share_is_nobody_for_sure(desk: Desk, actor: Actor, tmp_path: Path) -> None:
    for number in ("1", "2"):
        desk.members.save({"name": "采集员甲", "number": number}, actor=actor)
    result = desk.round_import.run(a_sheet(tmp_path), actor=actor)
    assert [one.code for one in result.notes] == ["row.member_unknown"]
    round_ = desk.patrols.get(desk.patrols.first_page(RoundFilter())[0].id)
    assert (round_.member_id, round_.member_name) == (None, "采集员甲")


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("B1,,采集员甲,,菜店,,好,,,,", "row.day_missing"),
        ("B1,2026-13-40,采集员甲,,菜店,,好,,,,", "value.date_impossible"),
        ("B1,2027-01-05,采集员甲,,菜店,,好,,,,", "row.day_ahead"),
        ("B1,2026-10-12,采集员甲,,,,好,,,,", "row.place_missing"),
        ("B1,2026-10-12,采集员甲,,菜店,,还行吧,,,,", "row.grade_unknown"),
        ("B1,2026-10-12,采集员甲,,菜店,,好,1.5,,,", "row.count_not_whole"),
        ("B1,2026-10-12,采集员甲,,菜店,,好,,,113.68,", "value.coordinate_half"),
        ("B1,2026-10-12,采集员甲,,菜店,,好,,,34.78,113.68", "row.axes_swapped"),
        ("A1,2026-10-12,采集员甲,,菜店,,好,,,,", "row.check_twice"),
    ],
    ids=[
        "no day",
        "no such day",
        "tomorrow",
        "no place",
        "no grade",
        "half a problem",
        "half a point",
        "swapped",
        "twice",
    ],
)
def test_a_row_that_says_nothing_sure_is_refused_by_its_number(
    desk: Desk, actor: Actor, tmp_path: Path, row: str, code: str
) -> None:
    result = desk.round_import.run(a_sheet(tmp_path, (*ROWS, row)), actor=actor)
    assert [(one.row, one.code) for one in result.refused] == [(6, code)]
    assert result.taken == 4
    assert list(result.refused_cells) == [6]


def test_members_and_grids_nobody_knows_are_said_once_and_kept_in_words(
    desk: Desk, actor: Actor, tmp_path: Path
) -> None:
    rows = [f"C{n},2026-10-12,王某,WG9,点{n},,好,,,," for n in range(3)]
    result = desk.round_import.run(a_sheet(tmp_path, rows), actor=actor)
    assert sorted(one.code for one in result.notes) == ["row.grid_unknown", "row.member_unknown"]
    line = desk.patrols.first_page(RoundFilter())[0]
    assert (line.member_name, line.grid_code, line.points_total) == ("王某", "WG9", 3)
    assert desk.patrols.get(line.id).member_id is None


def test_columns_are_mapped_by_a_file_and_remembered(desk: Desk, actor: Actor, tmp_path: Path) -> None:
    head = "no,when,who,what,how"
    rows = ["1,2026-10-12,采集员甲,菜店,ok", "2,2026-10-12,采集员甲,面馆,fail"]
    sheet = a_sheet(tmp_path, rows, head)
    with pytest.raises(Refused) as refused:
        desk.round_import.run(sheet, actor=actor)
    assert refused.value.code == "rounds.columns_missing"
    words = tmp_path / "map.toml"
    words.write_text(
        '[columns]\nsource_no = "no"\nat = "when"\nmember = "who"\nname = "what"\ngrade = "how"\n', encoding="utf-8"
    )
    assert desk.round_import.run(sheet, actor=actor, mapping_file=words).taken == 2
    assert desk.round_import.run(sheet, actor=actor).unchanged == 2


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ('[columns]\nwhatever = "检查时间"\n', "rounds.map_unknown_field"),
        ('[columns]\nname = "没有这一列"\n', "sheet.map_unknown_column"),
        ("columns = 1\n", "sheet.map_option"),
        ('[day_order]\nat = "ymd"\n', "sheet.map_option"),
        ("coordinates = []\n", "sheet.map_option"),
        ("no toml", "sheet.map_file"),
    ],
)
def test_a_map_file_that_says_what_cannot_be_is_refused(
    desk: Desk, actor: Actor, tmp_path: Path, written: str, code: str
) -> None:
    words = tmp_path / "map.toml"
    words.write_text(written, encoding="utf-8")
    with pytest.raises(Refused) as refused:
        desk.round_import.run(a_sheet(tmp_path), actor=actor, mapping_file=words)
    assert refused.value.code == code


def test_points_of_chinese_maps_are_converted_when_said(desk: Desk, actor: Actor, tmp_path: Path) -> None:
    words = tmp_path / "map.toml"
    words.write_text('coordinates = "gcj02"\n', encoding="utf-8")
    desk.round_import.run(a_sheet(tmp_path, ROWS[:1]), actor=actor, mapping_file=words)
    line = desk.patrols.first_page(RoundFilter())[0]
    point = desk.patrols.results(line.id)[0]
    assert point.longitude is not None
    assert 0.003 < 113.6801 - point.longitude < 0.009


def test_a_preview_writes_nothing(desk: Desk, tmp_path: Path) -> None:
    sheet = desk.round_import.open(a_sheet(tmp_path))
    outcomes = desk.round_import.preview(sheet, desk.round_import.mapping_for(sheet))
    assert [one.check.name for one in outcomes if one.check] == ["便民菜店", "五金店", "面馆", "便民菜店"]
    assert desk.patrols.count(RoundFilter()).count == 0


def test_a_stopped_import_keeps_whole_rounds_and_goes_on_when_asked_again(
    desk: Desk, actor: Actor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.services.round_import.BATCH", 10)
    start = date(2026, 6, 1)
    rows = [f"D{n},{start + timedelta(days=n)},采集员甲,,菜店,,好,,,," for n in range(35)]
    sheet = desk.round_import.open(a_sheet(tmp_path, rows))
    mapping = desk.round_import.mapping_for(sheet)
    watch = Watch(lambda done, _total, _note: watch.cancel() if done == 20 else None)
    with pytest.raises(Cancelled):
        desk.round_import.take_over(sheet, mapping, actor=actor, watch=watch)
    kept = desk.patrols.count(RoundFilter()).count
    assert 0 < kept < 35
    result = desk.round_import.take_over(sheet, mapping, actor=actor)
    assert (result.taken, result.unchanged) == (35 - kept, kept)
