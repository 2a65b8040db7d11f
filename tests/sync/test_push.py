"""What a desk sends arrives once, in order, and what the city says of it is told."""

from __future__ import annotations

from tests.sync.conftest import MakeOffice


def test_everything_entered_before_the_line_stood_goes_at_once(make_desk_with_line: MakeOffice) -> None:
    office = make_desk_with_line()
    case = office.report()

    report = office.sync()

    assert report.problem_code == ""
    assert report.waiting == 0, office.sql("SELECT record_type, state, fields FROM outbox WHERE state <> 'settled'")
    assert report.finished
    assert office.case(case.id).version == 1
