"""What the work list is asked."""

from __future__ import annotations

from datetime import date

import pytest

from app.desk import Desk
from app.domain.case_views import CaseOrder, CaseView
from app.domain.permissions import Actor
from app.domain.stages import Stage
from tests.ui.a_case import reported
from ui.pages.cases.question import Question, period_days

FRIDAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("period", "first", "end"),
    [
        ("today", date(2026, 11, 20), date(2026, 11, 21)),
        ("yesterday", date(2026, 11, 19), date(2026, 11, 20)),
        ("week", date(2026, 11, 16), date(2026, 11, 21)),
        ("month", date(2026, 11, 1), date(2026, 11, 21)),
        ("last_month", date(2026, 10, 1), date(2026, 11, 1)),
        ("2026-11-01..2026-11-07", date(2026, 11, 1), date(2026, 11, 8)),
    ],
)
def test_a_period_is_whole_days_up_to_today(period: str, first: date, end: date) -> None:
    assert period_days(period, FRIDAY) == (first, end)


def test_a_named_view_comes_back_as_it_was_kept() -> None:
    question = Question(CaseView.OVERDUE, {"street": ("410105001",)}, "", CaseOrder.DUE, True)

    assert Question.of_kept(question.kept()) == question


def test_a_view_of_a_newer_program_keeps_what_this_one_knows() -> None:
    kept = {"view": "by_weather", "chosen": {"stage": ["closed", "dreaming"], "weather": ["rain"]}, "order": "mood"}

    assert Question.of_kept(kept) == Question(CaseView.ALL, {"stage": ("closed",)})


def test_a_category_filter_never_answers_with_the_same_code_of_the_other_kind(desk: Desk, actor: Actor) -> None:
    case = reported(desk, actor)
    lists, today = desk.case_lists, desk.reference.today()

    own = Question(CaseView.ALL, {"category": (f"event-{case.major}-{case.minor}",)})
    other = Question(CaseView.ALL, {"category": (f"component-{case.major}-{case.minor}",)})

    assert len(lists.ids(own.filter(lists, actor, today))) == 1
    assert len(lists.ids(other.filter(lists, actor, today))) == 0


def test_a_stage_filter_narrows_the_view_it_stands_in(desk: Desk, actor: Actor) -> None:
    question = Question(CaseView.TO_DISPATCH, {"stage": (Stage.PENDING_DISPATCH, Stage.HANDLING)})

    wanted = question.filter(desk.case_lists, actor, desk.reference.today())

    assert wanted.stages == {Stage.PENDING_DISPATCH}


def test_stages_no_case_of_the_view_can_have_are_known_without_asking(desk: Desk, actor: Actor) -> None:
    question = Question(CaseView.TO_DISPATCH, {"stage": (Stage.HANDLING,)})

    assert question.is_impossible(desk.case_lists, actor)
