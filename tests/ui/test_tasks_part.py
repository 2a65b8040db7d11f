"""The tab of verify and check tasks: handed over, given to another, answered, by keys."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.domain.case_judgement import StepInputs
from app.domain.cases import PhotoPhase
from app.domain.directory import Worker, WorkerKind
from app.domain.finding_views import TaskView
from app.domain.findings import FieldTask, TaskState
from app.domain.stages import Stage
from tests.builders import a_draft, a_picture
from tests.ui.typing_hands import press, put
from ui.pages.context import PageContext
from ui.pages.patrols.tasks import TasksPart
from ui.pages.patrols.tasks_dialogs import ANSWER_FORM, AnswerDialog, AssignDialog


@pytest.fixture
def task(context: PageContext) -> FieldTask:
    """A verify task of 采集员甲."""
    people: list[dict[str, object]] = [
        {"name": name, "kind": WorkerKind.COLLECTOR} for name in ("采集员甲", "采集员乙")
    ]
    context.desk.directory.save_many(Worker, people, actor=context.actor)
    case = context.desk.cases.report(a_draft(), actor=context.actor)
    context.desk.cases.act(case.id, "send_verify", StepInputs(collector_name="采集员甲"), actor=context.actor)
    return context.desk.field_tasks.of_case(case.id)[0]


@pytest.fixture
def part(context: PageContext, window: QWidget, task: FieldTask, qtbot: QtBot) -> TasksPart:
    """The tab on the screen, standing on the task."""
    made = TasksPart(context)
    QVBoxLayout(window).addWidget(made)
    window.show()
    qtbot.waitExposed(window)
    made.go(task.id)
    qtbot.waitUntil(lambda: made.detail.detail is not None)
    return made


def key(part: TasksPart, pressed: Qt.Key, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is None)
    part.window().activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is part.window())
    part.list.table.view.setFocus(Qt.FocusReason.OtherFocusReason)
    press(part.list.table.view, pressed)


def test_h_hands_it_over(part: TasksPart, task: FieldTask, context: PageContext, qtbot: QtBot) -> None:
    with qtbot.waitSignal(part.deeds.done):
        key(part, Qt.Key.Key_H, qtbot)

    assert context.desk.field_tasks.get(task.id).state is TaskState.HANDED


def test_m_gives_it_to_somebody_else(part: TasksPart, task: FieldTask, context: PageContext, qtbot: QtBot) -> None:
    key(part, Qt.Key.Key_M, qtbot)
    dialog = part.deeds.dialog
    assert isinstance(dialog, AssignDialog)
    dialog.submit()
    assert dialog.form.field("member_name").wrong()
    other = context.desk.members.named("采集员乙")
    dialog.member.set_choice(dialog._search("乙")[0])
    with qtbot.waitSignal(part.deeds.done):
        dialog.submit()

    assert context.desk.field_tasks.get(task.id).member_id == other.id


def test_f5_takes_the_result_into_the_case(
    part: TasksPart, task: FieldTask, context: PageContext, qtbot: QtBot
) -> None:
    key(part, Qt.Key.Key_F5, qtbot)
    qtbot.waitUntil(lambda: part.deeds.dialog is not None)
    dialog = part.deeds.dialog
    assert isinstance(dialog, AnswerDialog)
    dialog.submit()
    qtbot.waitUntil(lambda: bool(dialog.refused_words()))
    dialog.result_input.set_value("exists")
    put(dialog.note, "现场有三个摊位")
    with qtbot.waitSignal(part.deeds.done):
        dialog.submit()

    assert context.desk.cases.get(task.case_id).stage == Stage.PENDING_REGISTER
    assert context.desk.field_tasks.get(task.id).result == "exists"
    part.go(TaskView.DONE)
    qtbot.waitUntil(lambda: part.list.table.model.rowCount() == 1)


def test_a_half_typed_result_is_there_again_and_goes_with_the_step(
    part: TasksPart, task: FieldTask, context: PageContext, qtbot: QtBot
) -> None:
    key(part, Qt.Key.Key_F5, qtbot)
    qtbot.waitUntil(lambda: part.deeds.dialog is not None)
    first = part.deeds.dialog
    assert isinstance(first, AnswerDialog)
    first.result_input.set_value("exists")
    put(first.note, "现场有三个摊位")
    first.photos.take_picture(PhotoPhase.BEFORE.value, a_picture("摊位"))
    qtbot.waitUntil(lambda: not first.photos.is_busy())
    first.reject()
    part.deeds.dialog = None
    qtbot.waitUntil(lambda: not context.tasks.busy())

    key(part, Qt.Key.Key_F5, qtbot)
    qtbot.waitUntil(lambda: part.deeds.dialog is not None)
    again = part.deeds.dialog
    assert isinstance(again, AnswerDialog)
    assert (again.result_input.value(), again.note.value()) == ("exists", "现场有三个摊位")
    with qtbot.waitSignal(part.deeds.done):
        again.submit()
    qtbot.waitUntil(lambda: not context.tasks.busy())
    assert context.desk.drafts.all(ANSWER_FORM, actor=context.actor) == []
    assert len(context.desk.field_tasks.detail(task.id).photos) == 1


def test_the_street_a_person_looks_after_is_remembered(
    part: TasksPart, task: FieldTask, context: PageContext, qtbot: QtBot
) -> None:
    part.choose_street(task.street_code)

    qtbot.waitUntil(lambda: part.list.view == TaskView.MY_STREET and part.list.table.model.rowCount() == 1)
    assert context.desk.field_tasks.my_street(actor=context.actor) == task.street_code
    assert "经八路街道" in part.street.text()
