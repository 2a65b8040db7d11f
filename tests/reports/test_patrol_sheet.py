"""The patrol sheet: the route in the order of its entry, boxes to tick, room for findings, one page a round."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from uuid import UUID

from openpyxl import load_workbook
from PySide6.QtWidgets import QApplication

from app.desk import Desk
from app.domain.checklists import Programme
from app.domain.patrol_views import RoundFilter
from app.domain.patrols import CheckPoint
from app.domain.permissions import Actor
from app.reports.paper import Facts, PageBreak, Signatures, Table, Words
from app.services.patrols import RoundDraft
from ui.pages.patrols.round_entry_state import EntryState
from ui.printing.printer import QtPrinter

POINTS = tuple(CheckPoint(no=no, name=f"点{no}", road="纬一路", house_no=f"{no}号") for no in range(1, 41))


def a_round(desk: Desk, actor: Actor, points: tuple[CheckPoint, ...] = POINTS) -> UUID:
    template = next(one.id for one in desk.checklists.current() if one.programme is Programme.DUST)
    return desk.patrols.open(RoundDraft(day=date(2026, 11, 2), points=points, template_id=template), actor=actor).id


def test_the_sheet_has_the_order_of_the_entry(desk: Desk, actor: Actor) -> None:
    round_id = a_round(desk, actor)
    paper = desk.patrol_papers.sheets([round_id], actor=actor)
    route = next(block for block in paper.blocks if isinstance(block, Table))
    detail = desk.patrols.detail(round_id)
    state = EntryState(detail.round, detail.template, detail.results)
    assert [row[0] for row in route.rows] == [str(point.no) for point in state.points]
    assert [row[1] for row in route.rows] == [f"{point.name} {point.road}{point.house_no}" for point in state.points]
    assert all(row[2].count("□") == 3 and row[3] == "□" for row in route.rows)


def test_the_sheet_says_the_limits_the_day_and_has_room_to_sign(desk: Desk, actor: Actor) -> None:
    paper = desk.patrol_papers.sheets([a_round(desk, actor)], actor=actor)
    words = " ".join(block.text for block in paper.blocks if isinstance(block, Words))
    facts = str([block.rows for block in paper.blocks if isinstance(block, Facts)])
    assert "≤5克/平方米" in words
    assert "2026-11-02" in facts
    assert any(isinstance(block, Signatures) for block in paper.blocks)


def test_the_week_s_sheets_are_one_job_each_on_its_own_page(
    desk: Desk, actor: Actor, tmp_path: Path, qapp: QApplication
) -> None:
    assert qapp
    rounds = [a_round(desk, actor, POINTS[:12]) for _n in range(3)]
    paper = desk.patrol_papers.sheets(rounds, actor=actor)
    assert sum(isinstance(block, PageBreak) for block in paper.blocks) == 2
    path = tmp_path / "week.pdf"
    assert QtPrinter().save_pdf(paper, path) == 3
    assert path.read_bytes().startswith(b"%PDF")


def test_a_round_without_a_route_gets_empty_lines_to_write_on(desk: Desk, actor: Actor) -> None:
    paper = desk.patrol_papers.sheets([a_round(desk, actor, ())], actor=actor)
    route = next(block for block in paper.blocks if isinstance(block, Table))
    assert len(route.rows) == 10
    assert {row[1] for row in route.rows} == {""}


def test_the_list_goes_out_as_a_workbook(desk: Desk, actor: Actor, tmp_path: Path) -> None:
    a_round(desk, actor)
    path = tmp_path / "rounds.xlsx"
    assert desk.patrol_papers.export(path, desk.patrols.find(RoundFilter()), actor=actor) == 1
    rows = list(load_workbook(path).worksheets[0].values)
    assert rows[0][:3] == ("编号", "日期", "状态")
    assert rows[1][1:3] == ("2026-11-02", "待巡查")
