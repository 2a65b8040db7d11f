"""Lists of findings and tasks as sheets."""

from __future__ import annotations

from pathlib import Path

from openpyxl import load_workbook

from app.desk import Desk
from app.domain.case_judgement import StepInputs
from app.domain.finding_views import FindingFilter, TaskFilter
from app.domain.findings import FindingDraft
from app.domain.permissions import Actor
from tests.builders import a_draft


def test_the_sheet_holds_the_list_in_its_order(desk: Desk, actor: Actor, tmp_path: Path) -> None:
    numbers = [
        desk.findings.report(FindingDraft(road="纬一路", description=text), actor=actor).number
        for text in ("=1+1", "井盖松动")
    ]

    rids = desk.findings.ids(FindingFilter(ascending=True))
    count = desk.finding_sheets.findings(tmp_path / "f.xlsx", rids, actor=actor)
    rows = list(load_workbook(tmp_path / "f.xlsx").active.iter_rows(values_only=True))

    assert count == 2
    assert [row[0] for row in rows[1:]] == numbers
    assert rows[1][3] == "=1+1"
    assert rows[0][:3] == ("编号", "处理", "问题")


def test_tasks_are_written_with_who_and_until_when(desk: Desk, actor: Actor, tmp_path: Path) -> None:
    case = desk.cases.report(a_draft(), actor=actor)
    desk.cases.act(case.id, "send_verify", StepInputs(collector_name="采集员甲"), actor=actor)

    desk.finding_sheets.tasks(tmp_path / "t.csv", desk.field_tasks.ids(TaskFilter()), actor=actor)
    said = (tmp_path / "t.csv").read_text("utf-8-sig")

    assert "采集员甲" in said
    assert case.local_no in said
    assert "未交办" in said
