"""What a district sets of terms and violations at one desk holds at every other."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

from app.domain.terms import TermSetting
from tests.services.test_violations import HEADER, bring_in
from tests.sync.grid_desks import met
from tests.sync.offices import Office


def test_the_longest_list_of_violations_reaches_the_other_desk_whole(
    two: tuple[Office, Office], tmp_path: Path
) -> None:
    one, other = two
    path = tmp_path / "全区.csv"
    long = ("条" * 400, "警告;罚款", "200", "2000", "单位", "轻" * 400, "2025-03-01")
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEADER, *((f"P{n}", "乱" * 200, *long) for n in range(2000))])
    assert bring_in(one.desk, one.actor, path).taken == 2000

    met(one, other)

    assert other.desk.violations.table() == one.desk.violations.table()
    assert other.desk.violations.find("P1999", date(2026, 1, 5)).title == "乱" * 200


def test_terms_set_at_two_desks_before_they_meet_both_hold(two: tuple[Office, Office]) -> None:
    one, other = two
    one.desk.terms.set("CLUE_CHECK", TermSetting(value=10, confirmed=True), actor=one.actor)
    other.desk.terms.set("DEFENCE_WINDOW", TermSetting(value=7), actor=other.actor)

    met(one, other)
    met(one, other)

    assert [rule.value for rule in one.desk.terms.all()] == [rule.value for rule in other.desk.terms.all()]
    assert (other.desk.terms.get("CLUE_CHECK").value, one.desk.terms.get("DEFENCE_WINDOW").value) == (10, 7)
