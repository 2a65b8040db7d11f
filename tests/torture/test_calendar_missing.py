"""No holiday table for the next year: the deadline says which year is missing, and is never computed as if there were one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook

from app.base.clock import FixedClock
from app.desk import Desk
from app.domain.case_views import CaseFilter, CaseView
from app.domain.cases import Case
from app.domain.deadlines import Limit, LimitUnit
from app.domain.permissions import Actor
from app.services.case_words import remaining_words
from tests.builders import CONDITION, a_draft, inputs

NEW_YEARS_EVE = datetime(2026, 12, 30, 2, 0, tzinfo=UTC)
FIVE_DAYS = Limit(value=5, unit=LimitUnit.WORKING_DAY, text="5天")
WITH_FIVE_DAYS = CONDITION.model_copy(update={"limit": FIVE_DAYS, "limit_text": "5天"})


@pytest.fixture
def clock() -> FixedClock:
    """The last days of the last year whose holidays are known."""
    return FixedClock(NEW_YEARS_EVE)


def handled_in_five_days(desk: Desk, actor: Actor) -> Case:
    """A case whose handling may take five working days, three of them in a year without a calendar."""
    case = desk.cases.report(a_draft(), actor=actor)
    desk.cases.act(case.id, "register", inputs(condition=WITH_FIVE_DAYS), actor=actor)
    unit = desk.directory.units()[0]
    return desk.cases.act(case.id, "dispatch", inputs(unit_id=unit.id, unit_name=unit.name), actor=actor)


def shown(desk: Desk, case: Case) -> str:
    (line,) = desk.case_lists.first_page(CaseFilter(search=case.local_no))
    return remaining_words(line, desk.clock.now(), desk.reference.calendar())


def test_a_deadline_beyond_the_calendar_names_the_missing_year(desk: Desk, actor: Actor) -> None:
    case = handled_in_five_days(desk, actor)

    assert (case.due_at, case.warn_at, case.due_gap_year) == (None, None, 2027)
    assert shown(desk, case) == "缺 2027 年日历"


def test_it_is_never_called_overdue_however_long_it_lasts(desk: Desk, actor: Actor, clock: FixedClock) -> None:
    case = handled_in_five_days(desk, actor)
    clock.advance(timedelta(days=60))

    late = desk.case_lists.first_page(desk.case_lists.view(CaseView.OVERDUE, actor=actor))

    assert case.id not in {line.id for line in late}
    assert shown(desk, case) == "缺 2027 年日历"


def test_the_sheet_leaves_the_deadline_empty(desk: Desk, actor: Actor, tmp_path: Path) -> None:
    handled_in_five_days(desk, actor)
    out = tmp_path / "案件.xlsx"
    desk.exports.cases(out, CaseFilter(), actor=actor)

    book = load_workbook(out)
    head, row = ([cell.value for cell in line] for line in book.worksheets[0].iter_rows())

    assert row[head.index("截止时间")] is None
    book.close()


def test_work_goes_on_in_a_year_without_a_calendar(desk: Desk, actor: Actor, clock: FixedClock) -> None:
    clock.advance(timedelta(days=40))
    case = handled_in_five_days(desk, actor)

    assert case.due_gap_year == 2027
    back = desk.cases.act(case.id, "return_dispatcher", inputs(note="不归我管"), actor=actor)
    assert desk.cases.get(case.id) == back


def test_the_missing_year_taken_over_gives_every_open_case_its_deadline(desk: Desk, actor: Actor) -> None:
    case = handled_in_five_days(desk, actor)

    desk.reference.take_over_workdays({"2027-01-01": False}, label="2027 年", source="国务院办公厅通知", actor=actor)
    changed = desk.cases.lay_out_times(actor=actor)

    after = desk.cases.get(case.id)
    assert changed == 1
    assert after.due_gap_year is None
    assert after.due_at is not None
    assert after.due_at.date().isoformat() == "2027-01-07"
    assert "日历" not in shown(desk, case)
