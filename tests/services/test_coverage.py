"""Coverage says what was planned, walked and seen, and what nobody has seen."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from app.desk import Desk
from app.domain.coverage import NOTHING, CoverageBy, CoverageRow, days_since
from app.domain.directory import Road, Worker
from app.domain.grids import GridKind
from app.domain.patrols import CheckGrade, CheckResult, PatrolRound, RoundKind, RoundState
from app.domain.permissions import Actor
from app.domain.problems import Refused
from app.services.coverage import told
from app.services.sheets.reading import open_sheet
from db.engine import run
from db.queries import coverage

MONDAY = date(2026, 11, 2)
FRIDAY = MONDAY + timedelta(days=4)
NEAR, FAR, NEVER = "410105901", "410105902", "410105903"


def a_round(desk: Desk, actor: Actor, grid_code: str, day: date, **fields: object) -> PatrolRound:
    """A round of that grid, done unless said otherwise."""
    values = {"number": "XC", "kind": RoundKind.PATROL, "state": RoundState.DONE, "street_code": "410105001"}
    with desk.store.write(actor, "test.round") as tx:
        stamps = {"id": tx.ids.new(), "created_at": tx.now, "changed_at": tx.now}
        made = PatrolRound.model_validate({**stamps, **values, "grid_code": grid_code, "day": day, **fields})
        tx.add(made)
    return made


@pytest.fixture
def walked(desk: Desk, actor: Actor) -> Desk:
    """Three grids: one walked twice on Monday and once on Tuesday, one last walked in October, one never."""
    for code in (NEAR, FAR, NEVER):
        desk.grids.save({"kind": GridKind.DUTY, "code": code, "street_code": "410105001"}, actor=actor)
    member = desk.members.all()[0]
    done = {"member_id": member.id, "member_name": member.name, "road": "纬一路"}
    first = a_round(
        desk, actor, NEAR, MONDAY, points_total=10, points_checked=8, finding_count=3, distance_m=1500.0, **done
    )
    a_round(desk, actor, NEAR, MONDAY, points_total=4, points_checked=4, finding_count=2, **done)
    a_round(desk, actor, NEAR, MONDAY + timedelta(days=1), state=RoundState.MISSED, points_total=10, **done)
    a_round(desk, actor, NEAR, MONDAY + timedelta(days=1), state=RoundState.CANCELLED, points_total=10, **done)
    a_round(desk, actor, FAR, date(2026, 10, 20), **done)
    with desk.store.write(actor, "test.result") as tx:
        stamps = {"created_at": tx.now, "changed_at": tx.now, "parent": first.id}
        for no, grade in ((1, CheckGrade.GOOD), (2, CheckGrade.PASSED_OVER)):
            tx.add(CheckResult(id=tx.ids.new(), point_no=no, name=f"点{no}", grade=grade, **stamps))
    return desk


def rows_of(desk: Desk, by: CoverageBy) -> dict[str, CoverageRow]:
    return {row.title: row for row in desk.coverage.matrix(by, MONDAY, FRIDAY).rows}


def test_a_cell_holds_what_was_planned_and_done_on_its_day(walked: Desk) -> None:
    cells = rows_of(walked, CoverageBy.GRID)[NEAR].cells
    monday, tuesday = cells[MONDAY], cells[MONDAY + timedelta(days=1)]
    assert (monday.planned, monday.done, monday.share) == (2, 2, 1.0)
    assert (monday.points_checked, monday.points_total) == (12, 14)
    assert (tuesday.planned, tuesday.done, tuesday.share) == (1, 0, 0.0)
    assert set(cells) == {MONDAY, MONDAY + timedelta(days=1)}


def test_findings_per_kilometre_count_only_rounds_that_were_measured(walked: Desk) -> None:
    monday = rows_of(walked, CoverageBy.GRID)[NEAR].cells[MONDAY]
    assert (monday.findings, monday.measured_findings) == (5, 3)
    assert monday.findings_per_km == 2.0
    assert NOTHING.findings_per_km is None
    assert NOTHING.share is None


def test_grids_nobody_walked_stand_in_the_matrix_with_the_day_they_were_last_seen(walked: Desk) -> None:
    rows = rows_of(walked, CoverageBy.GRID)
    assert [rows[code].last_seen for code in (NEAR, FAR, NEVER)] == [MONDAY, date(2026, 10, 20), None]
    assert days_since(rows[FAR].last_seen, FRIDAY) == 17
    assert days_since(rows[NEVER].last_seen, FRIDAY) is None


def test_blind_spots_name_grids_passed_points_and_streets_without_a_grid(walked: Desk) -> None:
    matrix = walked.coverage.matrix(CoverageBy.GRID, MONDAY, FRIDAY)
    spots = walked.coverage.blind_spots(matrix)
    assert [row.title for row in spots.rows] == [NEVER, FAR]
    assert [(point.grid_code, point.name, point.times) for point in spots.points] == [(NEAR, "点2", 1)]
    streets = walked.reference.divisions().streets_of("410105")
    assert len(spots.streets) == len(streets) - 1


@pytest.mark.parametrize("by", list(CoverageBy))
def test_the_sums_are_the_same_whatever_stands_in_the_rows(walked: Desk, actor: Actor, by: CoverageBy) -> None:
    walked.directory.save(Road, {"name": "无人路"}, actor=actor)
    total = walked.coverage.matrix(by, MONDAY, FRIDAY).total
    assert (total.planned, total.done, total.findings, total.metres) == (3, 2, 5, 1500)


def test_by_member_and_road_everybody_in_use_has_a_row(walked: Desk, actor: Actor) -> None:
    walked.directory.save(Road, {"name": "无人路"}, actor=actor)
    assert rows_of(walked, CoverageBy.ROAD)["无人路"].total == NOTHING
    idle: Worker = walked.members.save({"name": "新来的"}, actor=actor)
    row = rows_of(walked, CoverageBy.MEMBER)["新来的"]
    assert walked.coverage.member_of(row.key) == idle.id


def test_without_grids_an_office_begins_by_street(desk: Desk, actor: Actor) -> None:
    assert desk.coverage.best_by() == CoverageBy.STREET
    a_round(desk, actor, "", MONDAY)
    assert desk.coverage.matrix(CoverageBy.GRID, MONDAY, FRIDAY).rows == []
    assert desk.coverage.matrix(CoverageBy.STREET, MONDAY, FRIDAY).total.done == 1
    desk.grids.save({"kind": GridKind.DUTY, "code": NEAR}, actor=actor)
    assert desk.coverage.best_by() == CoverageBy.GRID


@pytest.mark.parametrize("by", [CoverageBy.STREET, CoverageBy.MEMBER, CoverageBy.ROAD])
def test_rounds_that_name_no_place_have_a_row_of_their_own(desk: Desk, actor: Actor, by: CoverageBy) -> None:
    a_round(desk, actor, "60601", MONDAY, street_code="")
    matrix = desk.coverage.matrix(by, MONDAY, FRIDAY)
    assert matrix.total.done == 1
    assert [row.title for row in matrix.rows if row.total.done] == ["(未注明)"]
    assert "(未注明)" not in [row.title for row in matrix.unseen()]


def test_a_street_narrows_everything(walked: Desk, actor: Actor) -> None:
    a_round(walked, actor, "410105904", MONDAY, street_code="410105002")
    matrix = walked.coverage.matrix(CoverageBy.GRID, MONDAY, FRIDAY, "410105002")
    assert [row.title for row in matrix.rows] == ["410105904"]


@pytest.mark.parametrize(("first", "last"), [(FRIDAY, MONDAY), (MONDAY, MONDAY + timedelta(days=366))])
def test_a_span_that_is_reversed_or_too_long_is_refused(desk: Desk, first: date, last: date) -> None:
    with pytest.raises(Refused, match=r"coverage\.span"):
        desk.coverage.matrix(CoverageBy.GRID, first, last)


@pytest.mark.parametrize("by", list(CoverageBy))
def test_a_round_whose_day_is_not_over_is_neither_undone_nor_unplanned(
    desk: Desk, actor: Actor, by: CoverageBy
) -> None:
    today = desk.reference.today()
    yesterday, tomorrow = today - timedelta(days=1), today + timedelta(days=1)
    for day, state, seen in (
        (yesterday, RoundState.PLANNED, 0),
        (today, RoundState.DONE, 5),
        (today, RoundState.PLANNED, 0),
        (today, RoundState.STARTED, 2),
        (today, RoundState.CANCELLED, 0),
        (tomorrow, RoundState.PLANNED, 0),
    ):
        a_round(desk, actor, NEAR, day, state=state, points_total=5, points_checked=seen)

    total = desk.coverage.matrix(by, yesterday, tomorrow).total

    assert (total.planned, total.done, total.ahead, total.share) == (2, 1, 3, 0.5)
    assert (total.points_checked, total.points_total) == (5, 10)


def test_what_lies_ahead_is_named_so_in_the_sheet_on_paper_and_on_the_command_line(
    desk: Desk, actor: Actor, tmp_path: Path
) -> None:
    today = desk.reference.today()
    for code in (NEAR, FAR):
        desk.grids.save({"kind": GridKind.DUTY, "code": code}, actor=actor)
    a_round(desk, actor, NEAR, today, state=RoundState.PLANNED)
    matrix = desk.coverage.matrix(CoverageBy.GRID, today, today)
    spots = desk.coverage.blind_spots(matrix)

    assert [row.title for row in spots.rows] == [FAR]
    [near] = [row for row in told(matrix, spots)["rows"] if row["key"] == NEAR]
    assert (near["planned"], near["ahead"], near["share"]) == (0, 1, None)
    assert near["days"] == {today.isoformat(): [0, 0, 1]}
    desk.coverage.export(tmp_path / "c.xlsx", matrix, actor=actor)
    rows = {row.cells[0]: row.cells for row in open_sheet(tmp_path / "c.xlsx").rows()}
    assert list(rows[NEAR][1:4]) == [0, 0, 1]
    assert rows[NEAR][12] == "还没到"
    assert "还没到" in str(desk.coverage.paper(matrix, spots, actor=actor).blocks)


def test_the_matrix_goes_out_as_a_sheet_and_on_paper(walked: Desk, actor: Actor, tmp_path: Path) -> None:
    matrix = walked.coverage.matrix(CoverageBy.GRID, MONDAY, FRIDAY)
    walked.coverage.export(tmp_path / "c.xlsx", matrix, actor=actor)
    rows = {row.cells[0]: row.cells for row in open_sheet(tmp_path / "c.xlsx").rows()}
    assert list(rows[NEAR][1:5]) == [3, 2, 0, 66.7]
    assert list(rows[NEAR][12:14]) == ["2/2", "0/1"]
    paper = walked.coverage.paper(matrix, walked.coverage.blind_spots(matrix), actor=actor)
    assert NEVER in str(paper.blocks)


def test_coverage_reads_along_indexes_alone(walked: Desk) -> None:
    asked = [
        (coverage.GRID_SQL.format(street=""), 3),
        (coverage.OTHER_SQL.format(key="r.street_code", street=""), 3),
        (coverage.GRID_SEEN_SQL, 1),
        (coverage.PASSED_SQL.format(street=""), 3),
    ]
    with walked.store.read() as reader:
        for sql, values in asked:
            plan = [row[3] for row in run(reader.connection, f"EXPLAIN QUERY PLAN {sql}", ("",) * values)]
            tables = [line for line in plan if line.startswith(("SCAN patrol", "SCAN r", "SCAN check", "SCAN c"))]
            assert [line for line in tables if "codes" not in line and "INDEX" not in line] == [], plan
        plan = [row[3] for row in run(reader.connection, f"EXPLAIN QUERY PLAN {asked[0][0]}", ("", "", ""))]
        assert any(
            "COVERING INDEX ix_patrol_rounds_grid_day (grid_code=? AND day>? AND day<?)" in line for line in plan
        )
