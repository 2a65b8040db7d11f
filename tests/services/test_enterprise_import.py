"""Enterprises from sheets and without a window: taken once, refused by row, drawn and proved."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from app.base.watch import Cancelled, Watch
from app.cli.main import main
from app.desk import Desk
from app.domain.credit_codes import check_digit
from app.domain.inspection_views import EnterpriseFilter
from app.domain.permissions import Actor, OfficeRole
from app.domain.problems import Refused
from app.services.case_import import ImportResult
from tests.builders import PASSWORD, an_actor

Run = Callable[..., tuple[int, Mapping[str, Any]]]
HEAD = "企业名称,统一社会信用代码,行业,风险等级,街道,住所,年度检查上限"
GOOD = "91350100M000100Y43"


def a_sheet(folder: Path, *rows: str, head: str = HEAD) -> Path:
    path = folder / "企业.csv"
    path.write_text("\n".join((head, *rows)), encoding="utf-8")
    return path


def take_over(desk: Desk, actor: Actor, path: Path, watch: Watch | None = None) -> ImportResult:
    sheet = desk.enterprise_import.open(path)
    return desk.enterprise_import.take_over(sheet, desk.enterprise_import.mapping_for(sheet), actor=actor, watch=watch)


def counts(result: ImportResult) -> tuple[int, int, int, int]:
    return result.taken, result.updated, result.unchanged, len(result.refused)


def test_a_sheet_imported_twice_doubles_nothing_and_brings_changes_up_to_date(
    desk: Desk, actor: Actor, tmp_path: Path
) -> None:
    rows = [f"豫香楼,{GOOD},餐饮,B类,经八路街道,纬一路1号,1", "无码店,,零售,,经八路街道,纬一路2号,"]
    assert counts(take_over(desk, actor, a_sheet(tmp_path, *rows))) == (2, 0, 0, 0)
    assert counts(take_over(desk, actor, a_sheet(tmp_path, *rows))) == (0, 0, 2, 0)
    rows[0] = rows[0].replace("B类", "D类")
    assert counts(take_over(desk, actor, a_sheet(tmp_path, *rows))) == (0, 1, 1, 0)
    shop = desk.enterprises.named("豫香楼")
    assert (shop.risk, shop.yearly_cap, shop.street_code) == ("D类", 1, "410105001")
    assert desk.enterprises.count(EnterpriseFilter()).count == 2


def test_two_shops_of_one_chain_without_codes_are_known_again_by_their_place(
    desk: Desk, actor: Actor, tmp_path: Path
) -> None:
    rows = [f"甜水铺,,餐饮,,,纬{n}路,," for n in ("一", "二", "三")]
    assert counts(take_over(desk, actor, a_sheet(tmp_path, *rows))) == (3, 0, 0, 0)
    assert counts(take_over(desk, actor, a_sheet(tmp_path, *rows))) == (0, 0, 3, 0)


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("甲,91350100M000100Y44,,,,,", "enterprise.code_digit"),
        ("甲,91350100M000100Y4,,,,,", "enterprise.code_length"),
        ("甲,91350100M000100I43,,,,,", "enterprise.code_character"),
        (",91350100M000100Y43,,,,,", "enterprise.name_missing"),
        ("甲,,,,,,两次", "enterprise.cap_not_number"),
        ("甲,,,,,,-1", "enterprise.cap_not_number"),
        (f"{'长' * 121},,,,,,", "value.too_long"),
        ("甲,9.135E+17,,,,,", "value.scientific"),
    ],
)
def test_a_row_that_cannot_be_taken_is_refused_by_its_number_and_the_rest_is_taken(
    desk: Desk, actor: Actor, tmp_path: Path, row: str, code: str
) -> None:
    result = take_over(desk, actor, a_sheet(tmp_path, row, "乙,,,,,,"))
    assert counts(result) == (1, 0, 0, 1)
    assert (result.refused[0].row, result.refused[0].code) == (2, code)


def test_the_same_company_twice_in_a_file_is_refused_where_it_comes_again(
    desk: Desk, actor: Actor, tmp_path: Path
) -> None:
    rows = (f"甲,{GOOD},,,,,", f"甲二,{GOOD.lower()},,,,,", "乙,,,,,一号,", "乙,,,,,一号,", "乙,,,,,二号,")
    result = take_over(desk, actor, a_sheet(tmp_path, *rows))
    assert counts(result) == (3, 0, 0, 2)
    assert [one.code for one in result.refused] == ["enterprise.code_twice_in_file", "enterprise.name_twice_in_file"]


def test_a_code_that_holds_outside_only_is_taken_with_a_word(desk: Desk, actor: Actor, tmp_path: Path) -> None:
    result = take_over(desk, actor, a_sheet(tmp_path, "甲,123456789012345678,,,,,"))
    assert counts(result) == (1, 0, 0, 0)
    assert [note.code for note in result.notes] == ["enterprise.code_part"]


def test_a_stop_leaves_what_was_written_and_a_sheet_without_names_is_refused(
    desk: Desk, actor: Actor, tmp_path: Path
) -> None:
    with pytest.raises(Refused) as refused:
        take_over(desk, actor, a_sheet(tmp_path, "1,2", head="统一社会信用代码,住所"))
    assert refused.value.code == "enterprise.no_column"
    rows = [f"店{n},{code}{check_digit(code)},,,,," for n in range(2500) for code in [f"92410105MA{n:07d}"]]
    stop = Watch(lambda done, _total, _note: stop.cancel() if done >= 2000 else None)
    with pytest.raises(Cancelled):
        take_over(desk, actor, a_sheet(tmp_path, *rows), stop)
    assert desk.enterprises.count(EnterpriseFilter(), None).count == 2000
    assert counts(take_over(desk, actor, a_sheet(tmp_path, *rows))) == (500, 0, 2000, 0)
    with pytest.raises(Refused):
        take_over(desk, an_actor(OfficeRole.ACCEPTOR), a_sheet(tmp_path, "甲,,,,,,"))


@pytest.fixture
def office(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """A store; gives what runs one command on it."""
    secret = tmp_path / "password.txt"
    secret.write_text(PASSWORD + "\n", encoding="utf-8")
    base = ["--store", str(tmp_path / "cli"), "--password-file", str(secret), "--json"]

    def run(*words: object) -> tuple[int, Mapping[str, Any]]:
        code = main([*base, *map(str, words)])
        told = capsys.readouterr().out.strip()
        return code, json.loads(told.splitlines()[-1]) if told else {}

    assert run("init", "--district", "410105", "--office", "金水区城管局", "--person", "张敏")[0] == 0
    return run


def test_companies_are_imported_listed_and_a_draw_without_officers_says_why(office: Run, tmp_path: Path) -> None:
    code, told = office("import-enterprises", a_sheet(tmp_path, f"豫香楼,{GOOD},餐饮,A,,,", "错,9,,,,,"))
    assert (code, told["taken"], told["refused"][0]["code"]) == (0, 1, "enterprise.code_length")
    code, told = office("list", "enterprises", "--where", "risk=A")
    assert (code, told["count"], told["enterprises"][0]["cap"]) == (0, 1, 2)
    code, told = office("list", "inspections", "--where", "view=over_cap", "--where", "from=2026-01-01")
    assert (code, told["inspections"]) == (0, [])
    code, told = office("draw", "--count", "1")
    assert (code, told["error"]["code"]) == (4, "draw.officers_missing")
    code, told = office("draw", "--replay", "CQ-1")
    assert (code, told["error"]["code"]) == (4, "draw.not_found")
    for words in (("list", "inspections", "--where", "colour=red"), ("draw", "--where", "active=maybe")):
        code, told = office(*words)
        assert (code, told["error"]["code"]) == (4, "inspection.field_unknown")
    assert office("list", "enterprises", "--where", "active=no")[1]["count"] == 0
