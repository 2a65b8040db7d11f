"""A salvaged file: findings are found again, and no number of a finding, round or task is given twice."""

from __future__ import annotations

from app.base.watch import silent
from app.desk import Desk
from app.domain.case_judgement import StepInputs
from app.domain.findings import FindingDraft
from db.rebuild import rebuild
from tests.builders import a_draft
from tests.desks import first_actor


def test_numbers_and_words_of_findings_and_tasks_come_back(desk: Desk) -> None:
    actor = first_actor(desk)
    draft = FindingDraft(road="纬一路", description="井盖松动")
    first = desk.findings.report(draft, actor=actor)
    case = desk.cases.report(a_draft(), actor=actor)
    desk.cases.act(case.id, "send_verify", StepInputs(), actor=actor)
    with desk.store.local() as connection:
        connection.exec_driver_sql("DELETE FROM numbers")
        connection.exec_driver_sql("INSERT INTO search(search) VALUES ('delete-all')")
    assert desk.search.groups("井盖", actor=actor) == []

    rebuild(desk.store, silent())

    assert [group.record_type for group in desk.search.groups("井盖", actor=actor)] == ["finding"]
    again = desk.findings.report(draft, actor=actor)
    other = desk.cases.report(a_draft(), actor=actor)
    desk.cases.act(other.id, "send_verify", StepInputs(), actor=actor)
    tasks = [desk.field_tasks.of_case(one.id)[0].number for one in (case, other)]
    assert (first.number[-4:], again.number[-4:]) == ("0001", "0002")
    assert [number[-4:] for number in tasks] == ["0001", "0002"]
