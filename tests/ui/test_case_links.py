"""A case shows where it comes from and who was sent, and leads there; a step that sends somebody proposes who."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.domain.case_judgement import StepInputs
from app.domain.cases import Case
from app.domain.directory import Worker, WorkerKind
from app.domain.findings import Finding, FindingDraft
from app.domain.patrols import PatrolRound
from tests.builders import a_draft
from tests.rounds import a_round
from ui.pages.cases.action_fields import FieldMaker
from ui.pages.cases.detail import DetailPane
from ui.pages.context import PageContext
from ui.pages.today.messages import field_messages
from ui.pages.today.picture import look
from ui.widgets.code_picker import CodePicker
from ui.widgets.sections import InPart


@pytest.fixture
def walk(context: PageContext) -> PatrolRound:
    """A round of 采集员甲."""
    context.desk.directory.save_many(Worker, [{"name": "采集员甲", "kind": WorkerKind.COLLECTOR}], actor=context.actor)
    return a_round(context.desk, context.actor)


@pytest.fixture
def made(context: PageContext, walk: PatrolRound) -> tuple[Finding, Case]:
    """A case made of a finding of that round, on its way to be verified."""
    draft = FindingDraft(round_id=walk.id, point_no=1, item_code="a1", description="出店摆放")
    finding = context.desk.findings.report(draft, actor=context.actor)
    case = context.desk.findings.to_case(finding.id, actor=context.actor)
    return finding, context.desk.cases.act(
        case.id, "send_verify", StepInputs(collector_name="采集员甲"), actor=context.actor
    )


def test_the_detail_leads_to_finding_round_and_task(
    context: PageContext, window: QWidget, walk: PatrolRound, made: tuple[Finding, Case], qtbot: QtBot
) -> None:
    finding, case = made
    pane = DetailPane(context)
    QVBoxLayout(window).addWidget(pane)
    window.show()
    pane.show_case(case.id)
    qtbot.waitUntil(lambda: pane.findChild(QPushButton, "link_task_0") is not None)
    [task] = context.desk.field_tasks.of_case(case.id)
    told: list[object] = []
    pane.elsewhere_wanted.connect(lambda page, argument: told.append((page, argument)))

    for link in ("link_finding_0", "link_round_0", "link_task_0"):
        button = pane.findChild(QPushButton, link)
        assert button is not None
        button.click()

    assert told == [
        ("patrols", InPart("findings", finding.id)),
        ("patrols", InPart("rounds", walk.id)),
        ("patrols", InPart("tasks", task.id)),
    ]


def test_a_step_that_sends_somebody_says_when_it_has_nobody_to_propose(context: PageContext) -> None:
    case = context.desk.cases.report(a_draft(), actor=context.actor)
    step = next(one for one in context.desk.reference.workflow().leaving(case.stage) if one.action == "send_verify")

    field = next(one for one in FieldMaker(context.desk, context.actor, case).fields(step) if one.name == "collector")

    assert isinstance(field.widget, CodePicker)
    assert field.values() == {"collector_name": ""}
    assert "没有网格员的位置" in field.hint


def test_what_waits_stands_on_the_page_of_the_day(context: PageContext, made: tuple[Finding, Case]) -> None:
    context.desk.findings.report(FindingDraft(road="纬一路", description="井盖松动"), actor=context.actor)

    said = [message.text for message in field_messages(look(context.desk, context.actor))]

    assert said == ["1 个核实核查任务还没有交办", "1 个巡查问题待处理"]
