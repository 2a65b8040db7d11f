"""Findings and tasks on the command line: the lists of the window."""

from __future__ import annotations

import argparse

import pytest

from app.cli.finding_commands import list_findings, list_tasks
from app.cli.lists import LISTS
from app.desk import Desk
from app.domain.case_judgement import StepInputs
from app.domain.findings import FindingDraft
from app.domain.permissions import Actor
from app.domain.problems import Refused
from tests.builders import a_draft


def asked(*where: str, search: str = "") -> argparse.Namespace:
    return argparse.Namespace(where=list(where), search=search, limit=100)


def test_findings_are_listed_by_view_and_filters(desk: Desk, actor: Actor) -> None:
    draft = FindingDraft(road="纬一路", street_code="410105001", description="井盖松动", member_name="采集员甲")
    desk.findings.report(draft, actor=actor)
    dropped = desk.findings.report(FindingDraft(road="经八路", description="垃圾"), actor=actor)
    desk.findings.drop(dropped.id, "已有许可", actor=actor)

    everything = list_findings(asked(), desk, actor).told
    waiting = list_findings(asked("view=waiting", "street=410105001"), desk, actor).told
    found = list_findings(asked(search="井盖"), desk, actor).told

    assert everything["count"] == 2
    assert [one["description"] for one in waiting["findings"]] == ["井盖松动"]
    assert [one["state_title"] for one in found["findings"]] == ["待处理"]


def test_tasks_are_listed_with_light_and_member(desk: Desk, actor: Actor) -> None:
    case = desk.cases.report(a_draft(), actor=actor)
    desk.cases.act(case.id, "send_verify", StepInputs(collector_name="采集员甲"), actor=actor)

    told = list_tasks(asked("view=to_hand", "kind=verify"), desk, actor).told

    assert [(one["case"], one["member"], one["light"]) for one in told["tasks"]] == [
        (case.local_no, "采集员甲", "green")
    ]
    assert list_tasks(asked("kind=check"), desk, actor).told["count"] == 0


@pytest.mark.parametrize("where", ["view=nothing", "colour=red"])
def test_what_nobody_knows_is_refused_by_name(desk: Desk, actor: Actor, where: str) -> None:
    for lister in (list_findings, list_tasks):
        with pytest.raises(Refused) as caught:
            lister(asked(where), desk, actor)
        assert caught.value.code == "case.filter_unknown"


def test_both_are_among_the_lists() -> None:
    assert {"findings", "tasks"} <= set(LISTS)
