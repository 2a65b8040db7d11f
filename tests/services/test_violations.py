"""An office's own list of violations: imported once or twice, row by row, and what is refused."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook

from app.cli.output import Exit
from app.desk import Desk
from app.domain.permissions import Actor, OfficeRole
from app.domain.problems import Refused
from app.services.case_import import ImportResult
from tests.builders import an_actor
from tests.services.test_cli import Run, office, run

__all__ = ["office", "run"]

HEADER = ("职权编码", "违法行为", "处罚依据", "处罚种类", "罚款下限", "罚款上限", "适用对象", "裁量基准", "施行日期")
GOOD = (
    "JS001",
    "乱倒泔水",
    "条例 第9条",
    "警告;罚款",
    "200",
    "2千",
    "单位",
    "轻微:初次:200-500|严重:其余:500-2000",
    "2025-03-01",
)


def a_list(folder: Path, *rows: tuple[object, ...], header: tuple[str, ...] = HEADER) -> Path:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "金水区清单"
    for line in (header, *rows):
        sheet.append(line)
    path = folder / "清单.xlsx"
    book.save(path)
    return path


def bring_in(desk: Desk, actor: Actor, path: Path) -> ImportResult:
    sheet = desk.violations.open(path)
    return desk.violations.take_over(sheet, desk.violations.mapping_for(sheet), actor=actor)


def test_a_districts_list_lies_over_the_shipped_one(desk: Desk, actor: Actor, tmp_path: Path) -> None:
    changed = ("VA01", "占道设摊", "条例 第18条", "罚款", "60", "400", "", "", "2012-01-01")

    result = bring_in(desk, actor, a_list(tmp_path, GOOD, changed))

    assert (result.taken, result.updated, result.refused) == (1, 1, [])
    own = desk.violations.find("JS001", date(2026, 1, 5))
    assert (own.fine_low, own.fine_high, [tier.name for tier in own.tiers]) == (200, 2000, ["轻微", "严重"])
    assert desk.violations.find("VA01", date(2026, 1, 5)).fine_high == 400
    assert len(desk.violations.table().items) == 129


def test_a_list_imported_twice_changes_nothing(desk: Desk, actor: Actor, tmp_path: Path) -> None:
    without_code = ("", "占道修车", "条例 第7条", "罚款", "50", "", "", "", "")
    path = a_list(tmp_path, GOOD, without_code)
    bring_in(desk, actor, path)

    again = bring_in(desk, actor, path)

    assert (again.read, again.unchanged, again.taken, again.updated) == (2, 2, 0, 0)


def test_a_list_that_names_a_law_that_ended_does_not_bring_it_back(desk: Desk, actor: Actor, tmp_path: Path) -> None:
    old = ("VC07", "渣土等散装物料运输未密闭", "大气污染防治法 第116条", "罚款", "2000", "19000", "", "", "2016-01-01")

    assert bring_in(desk, actor, a_list(tmp_path, old)).updated == 1

    kept = desk.violations.find("VC07", date(2026, 8, 14))
    assert (kept.fine_high, kept.valid_to) == (19000, date(2026, 8, 14))
    later = desk.violations.table().later(kept, date(2026, 9, 1))
    assert [item.code for item in later] == ["VC08"]


def test_lines_numbered_from_one_are_no_codes(desk: Desk, actor: Actor, tmp_path: Path) -> None:
    header = ("序号", "违法行为", "处罚依据")
    bring_in(desk, actor, a_list(tmp_path, ("1", "乱倒泔水", "条例 第9条"), header=header))
    bring_in(desk, actor, a_list(tmp_path, ("1", "占道修车", "条例 第7条"), header=header))

    assert {"乱倒泔水", "占道修车"} <= {item.title for item in desk.violations.table().items}


def test_two_lists_do_not_undo_one_another(desk: Desk, actor: Actor, tmp_path: Path) -> None:
    bring_in(desk, actor, a_list(tmp_path, GOOD))
    bring_in(desk, actor, a_list(tmp_path, ("JS002", *GOOD[1:])))

    assert {item.code for item in desk.violations.table().items} >= {"JS001", "JS002", "VA01"}


@pytest.mark.parametrize(
    ("at", "value", "code"),
    [
        (1, "", "violation.row_lacks"),
        (2, None, "violation.row_lacks"),
        (4, "面议", "violation.amount_wrong"),
        (5, "-5", "violation.amount_wrong"),
        (5, "9" * 20, "violation.amount_wrong"),
        (5, "100", "violation.amounts_crossed"),
        (6, "狗", "violation.subject_wrong"),
        (8, "去年", "value.date_unreadable"),
        (1, "长" * 201, "value.too_long"),
    ],
)
def test_a_row_that_cannot_be_taken_is_named_and_the_others_come_in(
    desk: Desk, actor: Actor, tmp_path: Path, at: int, value: object, code: str
) -> None:
    wrong = tuple(value if place == at else cell for place, cell in enumerate(("JS009", *GOOD[1:])))

    result = bring_in(desk, actor, a_list(tmp_path, wrong, GOOD))

    assert [(refused.row, refused.code) for refused in result.refused] == [(2, code)]
    assert result.taken == 1


def test_the_same_item_twice_in_a_file_is_refused_the_second_time(desk: Desk, actor: Actor, tmp_path: Path) -> None:
    result = bring_in(desk, actor, a_list(tmp_path, GOOD, GOOD))

    assert [(refused.row, refused.code) for refused in result.refused] == [(3, "violation.twice_in_file")]


def test_a_sheet_without_a_basis_is_refused_before_anything_is_written(
    desk: Desk, actor: Actor, tmp_path: Path
) -> None:
    path = a_list(tmp_path, ("JS001", "乱倒泔水"), header=("职权编码", "违法行为"))

    with pytest.raises(Refused) as caught:
        bring_in(desk, actor, path)

    assert caught.value.code == "violation.no_column"
    assert len(desk.violations.table().items) == 128


def test_only_an_administrator_changes_what_may_be_penalised(desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(Refused) as caught:
        bring_in(desk, an_actor(OfficeRole.GRID_CLERK), a_list(tmp_path, GOOD))

    assert caught.value.code == "account.not_administrator"


def test_a_list_of_a_whole_province_is_asked_for_in_parts(desk: Desk, actor: Actor, tmp_path: Path) -> None:
    path = tmp_path / "全省.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEADER, *((f"P{n}", *GOOD[1:]) for n in range(2001))])

    with pytest.raises(Refused) as caught:
        bring_in(desk, actor, path)

    assert caught.value.code == "violation.too_many"
    assert len(desk.violations.table().items) == 128


def test_the_command_line_brings_a_list_in_and_tells_what_holds(office: Run, tmp_path: Path) -> None:
    code, told = office("import-violations", a_list(tmp_path, GOOD))
    assert (code, told["taken"]) == (0, 1)

    _code, listed = office(
        "list", "violations", "--where", "on=2026-08-14", "--where", "subject=citizen", "--search", "渣土"
    )
    assert {item["code"] for item in listed["violations"]} == {"VC07"}
    assert office("list", "violations", "--where", "on=八月")[0] == Exit.USAGE
    assert office("list", "violations", "--where", "day=2026-08-14")[0] == Exit.USAGE
