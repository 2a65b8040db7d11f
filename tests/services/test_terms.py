"""An office's word on statutory terms: what may be set, by whom, and how the command line counts."""

from __future__ import annotations

from datetime import datetime

import pytest

from app.cli.output import Exit
from app.desk import Desk
from app.domain.permissions import Actor, OfficeRole
from app.domain.problems import Refused
from app.domain.terms import TermSetting
from app.domain.workcalendar import ZONE
from tests.builders import an_actor
from tests.services.test_cli import Run, office, run

__all__ = ["office", "run"]


def test_what_the_legal_section_confirms_is_marked_no_longer(desk: Desk, actor: Actor) -> None:
    assert desk.terms.get("PUBLIC_PENALTY_7").to_be_confirmed

    desk.terms.set("PUBLIC_PENALTY_7", TermSetting(value=5, confirmed=True), actor=actor)
    desk.terms.set("CLUE_CHECK", TermSetting(value=10), actor=actor)

    kept = desk.terms.get("PUBLIC_PENALTY_7")
    assert (kept.value, kept.to_be_confirmed) == (5, False)
    assert (desk.terms.get("CLUE_CHECK").value, desk.terms.get("CLUE_CHECK").to_be_confirmed) == (10, True)


def test_the_last_word_on_a_term_is_the_one_that_holds(desk: Desk, actor: Actor) -> None:
    desk.terms.set("CLUE_CHECK", TermSetting(value=10, confirmed=True), actor=actor)
    desk.terms.set("CLUE_CHECK", TermSetting(), actor=actor)

    assert (desk.terms.get("CLUE_CHECK").value, desk.terms.get("CLUE_CHECK").to_be_confirmed) == (15, True)


def test_a_length_read_in_the_law_is_not_the_offices_to_change(desk: Desk, actor: Actor) -> None:
    with pytest.raises(Refused) as caught:
        desk.terms.set("HEARING_REQUEST", TermSetting(value=3), actor=actor)

    assert caught.value.code == "term.length_from_law"
    assert desk.terms.get("HEARING_REQUEST").value == 5


def test_only_an_administrator_sets_a_term(desk: Desk) -> None:
    with pytest.raises(Refused) as caught:
        desk.terms.set("CLUE_CHECK", TermSetting(confirmed=True), actor=an_actor(OfficeRole.GRID_CLERK))

    assert caught.value.code == "account.not_administrator"
    assert desk.terms.get("CLUE_CHECK").to_be_confirmed


def test_a_term_counts_by_the_calendar_the_office_imported(desk: Desk, actor: Actor) -> None:
    start = datetime(2026, 12, 28, tzinfo=ZONE)
    with pytest.raises(Refused) as caught:
        desk.terms.count("SERVE_7", start)
    assert caught.value.details["year"] == 2027

    desk.reference.take_over_workdays({"2027-01-01": False}, label="2027", source="", actor=actor)

    # 12-29=1 30 31=3, New Year's Day, Saturday, Sunday, 1-4=4 5 6 7=7
    assert desk.terms.count("SERVE_7", start).last_day.isoformat() == "2027-01-07"


def test_the_command_line_counts_a_term_and_shows_its_days(office: Run) -> None:
    code, told = office("term", "seize_term", "--from", "2026-01-20", "--pause", "2026-01-26..2026-01-30")

    assert (code, told["last_day"], told["sense"]) == (0, "2026-02-24", "until")
    assert [day["kind"] for day in told["days"]] == ["start", "counted", "paused", "counted"]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("NO_SUCH", "--from", "2026-01-20"), Exit.REFUSED),
        (("PAY_15", "--from", "昨天"), Exit.USAGE),
        (("PAY_15", "--from", "2026-01-20", "--pause", "2026-13-01"), Exit.USAGE),
        (("PAY_15", "--from", "2026-01-20", "--pause", "2026-01-30..2026-01-26"), Exit.REFUSED),
        (("PAY_15", "--from", "9999-12-31"), Exit.REFUSED),
        (("SERVE_MAIL", "--from", "2026-01-20"), Exit.REFUSED),
    ],
)
def test_what_cannot_be_counted_is_refused_in_words(office: Run, words: tuple[str, ...], code: int) -> None:
    assert office("term", *words)[0] == code


def test_terms_are_listed_by_the_words_of_their_article(office: Run) -> None:
    code, told = office("list", "terms", "--search", "行政强制法")

    assert code == 0
    assert "SEIZE_TERM" in {rule["code"] for rule in told["terms"]}
    assert all("行政强制法" in rule["basis"] for rule in told["terms"])
