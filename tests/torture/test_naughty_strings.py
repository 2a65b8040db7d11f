"""Texts that have broken programs: kept byte for byte, found, exported and read back, shown without harm."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from openpyxl import load_workbook

from app.base.clock import FixedClock
from app.cli.main import main
from app.desk import Desk
from app.domain.case_views import CaseFilter
from app.domain.cases import Case, CaseDraft
from app.domain.permissions import Actor
from app.domain.problems import Conflict, Refused
from app.domain.text import match_query
from app.services.exports import COLUMNS
from app.services.sheets.reading import open_sheet
from tests.builders import PASSWORD, a_draft, inputs
from tests.conftest import MONDAY_MORNING
from tests.data_files import data_file
from tests.desks import first_actor, make_desk

LISTED: list[str] = json.loads(data_file("hostile-strings", "blns.json").read_text(encoding="utf-8"))
OURS = [
    "𰻝𰻝面馆门前占道",
    "㐂𠮷野家 𪚥 𡃁",
    "👷🏽‍♀️🚧 井盖 👨‍👩‍👧‍👦",
    "零\u200b宽\u2060字符",
    "前\x00后",
    "\x01\x02\x1f\x7f\x85\u2028\u2029\ufeff",
    "_x0041_ 不是 A",
    "é 与 e\u0301",
    "=1+1\n@SUM(A1)\t-2+3",
    "长" * 10_000,
    " 前后有空格 ",
    "\r\n一行\r二行\n三行\r\n",
]
LINES = list(dict.fromkeys(LISTED + OURS))
TEXT_FIELDS = (
    "reporter_name",
    "reporter_phone",
    "category_text",
    "road",
    "house_no",
    "near",
    "address",
    "unit_grid",
    "duty_grid",
    "governance_grid",
    "description",
    "collector_name",
    "source_system",
)
LONGEST = {name: next(m.max_length for m in CaseDraft.model_fields[name].metadata) for name in TEXT_FIELDS}


def fields_of(text: str) -> dict[str, str]:
    """The text in every field of a case that has room for it; nobody types an empty place."""
    return {name: text for name in TEXT_FIELDS if len(text) <= LONGEST[name]} if text else {"description": text}


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Desk, Actor, dict[str, Case]]]:
    """An office with a case for every text."""
    desk = make_desk(tmp_path_factory.mktemp("naughty"), FixedClock(MONDAY_MORNING))
    actor = first_actor(desk)
    made = {text: desk.cases.report(a_draft(**fields_of(text)), actor=actor) for text in LINES}
    yield desk, actor, made
    desk.close()


def test_there_are_many_and_they_fill_every_text_field() -> None:
    assert len(LINES) > 500
    free = {name for name, field in CaseDraft.model_fields.items() if field.annotation is str}
    coded = {"source", "source_no", "scheme", "major", "minor", "street_code", "street_text", "community_code"}
    assert free - coded == set(TEXT_FIELDS)


def test_every_text_is_kept_as_typed_in_every_field(district: tuple[Desk, Actor, dict[str, Case]]) -> None:
    desk, _actor, made = district

    for text, case in made.items():
        kept = desk.cases.get(case.id)
        assert {name: getattr(kept, name) for name in fields_of(text)} == fields_of(text)


def test_every_text_with_something_to_look_for_is_found(district: tuple[Desk, Actor, dict[str, Case]]) -> None:
    desk, _actor, made = district

    lost = [
        text
        for text, case in made.items()
        if match_query(text) is not None
        if case.id not in {line.id for line in desk.case_lists.first_page(CaseFilter(search=text), 1000)}
    ]

    assert lost == []


def test_no_text_breaks_a_search(district: tuple[Desk, Actor, dict[str, Case]]) -> None:
    desk, _actor, _made = district

    for text in LINES:
        for search in (text, f'"{text}', f"{text}*", f"{text} OR", f"words:{text}", f"({text}"):
            found = desk.case_lists.first_page(CaseFilter(search=search, search_persons=True), 5)
            assert len(found) <= 5


def test_every_text_goes_out_as_a_sheet_and_comes_back(
    district: tuple[Desk, Actor, dict[str, Case]], tmp_path: Path
) -> None:
    desk, actor, made = district
    out = tmp_path / "案件.xlsx"

    assert desk.exports.cases(out, CaseFilter(), actor=actor) == len(made)

    sheet = open_sheet(out)
    at = {name: sheet.header.index(name) for name in ("编号", "问题描述", "上报人", "地点")}
    back = {row.cells[at["编号"]]: row.cells for row in sheet.rows()}
    changed = [
        (title, typed[name], cells[at[title]])
        for text, case in made.items()
        for cells, typed in [(back[case.local_no], fields_of(text))]
        for title, name in (("问题描述", "description"), ("上报人", "reporter_name"), ("地点", "address"))
        if name in typed and as_in_a_sheet(cells[at[title]]) != as_in_a_sheet(typed[name])
    ]
    assert changed == []


def as_in_a_sheet(value: object) -> str:
    """XML has no place for two non-characters; calamine leaves them as Excel escapes them. Blanks alone are no text."""
    text = str(value or "").replace("\ufffe", "_xFFFE_").replace("\uffff", "_xFFFF_")
    return text if text.strip() else ""


def test_no_text_becomes_a_formula_in_a_sheet(district: tuple[Desk, Actor, dict[str, Case]], tmp_path: Path) -> None:
    desk, actor, _made = district
    out = tmp_path / "案件.xlsx"
    desk.exports.cases(out, CaseFilter(), actor=actor)

    book = load_workbook(out)
    sheet = book.worksheets[0]

    columns = len(COLUMNS)
    assert {cell.data_type for row in sheet.iter_rows(max_col=columns) for cell in row} <= {"s", "n", "d", "inlineStr"}
    book.close()


def test_the_command_line_lists_every_text_without_harm(
    district: tuple[Desk, Actor, dict[str, Case]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    desk, _actor, made = district
    secret = tmp_path / "password.txt"
    secret.write_text(PASSWORD, encoding="utf-8")
    base = ["--store", str(desk.paths.folder), "--password-file", str(secret)]

    assert main([*base, "--json", "list", "cases", "--limit", "1000"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert main([*base, "list", "cases", "--limit", "1000"]) == 0
    shown = capsys.readouterr().out

    assert told["count"] == len(made)
    assert {case["where"] for case in told["cases"]} >= {case.address for case in made.values()}
    assert len(shown.split("\n")) == len(made) + 3
    assert [sign for sign in shown if unicodedata.category(sign) == "Cc" and sign != "\n"] == []
    assert "\u202e" not in shown


def test_a_note_with_any_text_stands_in_the_history_as_typed(
    district: tuple[Desk, Actor, dict[str, Case]],
) -> None:
    desk, actor, made = district

    for text in OURS:
        case, note = made[text], text[:4000]
        if note.strip():
            desk.cases.act(case.id, "register", inputs(note=note), actor=actor)
            assert desk.cases.detail(case.id, actor=actor).steps[-1].note == note
    assert desk.audit.broken_at() is None


def test_a_draft_keeps_any_text_even_half_a_character(district: tuple[Desk, Actor, dict[str, Case]]) -> None:
    desk, actor, _made = district
    body = {str(number): text for number, text in enumerate([*LINES, "半个字\ud83d"])}

    draft = desk.drafts.save("case", body, actor=actor)

    (kept,) = desk.drafts.all("case", actor=actor)
    assert kept.body == body
    desk.drafts.discard(draft, actor=actor)


def test_a_text_too_long_is_refused_by_the_form_and_not_cut() -> None:
    with pytest.raises(ValueError, match="20000"):
        a_draft(description="长" * 20_001)


def test_one_outside_number_is_not_entered_twice(desk: Desk, actor: Actor) -> None:
    first = desk.cases.report(a_draft(source_no="12345-1"), actor=actor)
    other = desk.cases.report(a_draft(source_no="12345-2"), actor=actor)

    again: tuple[Callable[[], Case], ...] = (
        lambda: desk.cases.report(a_draft(source_no="12345-1"), actor=actor),
        lambda: desk.cases.correct(other.id, a_draft(source_no="12345-1"), "", actor=actor),
    )
    for deed in again:
        with pytest.raises(Refused) as refused:
            deed()
        assert refused.value.code == "case.source_no_known"
        assert refused.value.details["case"] == first.local_no


def test_a_form_opened_before_somebody_else_saved_overwrites_nothing(desk: Desk, actor: Actor) -> None:
    seen = desk.cases.report(a_draft(), actor=actor)
    desk.cases.correct(seen.id, a_draft(house_no="99"), "", actor=actor)

    mine = desk.cases.correct(seen.id, a_draft(description="我改的描述"), "", actor=actor, seen=seen)
    with pytest.raises(Conflict) as conflict:
        desk.cases.correct(seen.id, a_draft(house_no="77"), "", actor=actor, seen=seen)

    assert (mine.house_no, mine.description) == ("99", "我改的描述")
    assert conflict.value.code == "case.changed_meanwhile"
    assert "门牌" in str(conflict.value.details["fields"])
    assert desk.cases.get(seen.id) == mine
