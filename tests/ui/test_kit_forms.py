"""Forms: what is typed, what is refused, and the keys clerks live by."""

from __future__ import annotations

from datetime import UTC, date, datetime
from enum import StrEnum

import pytest
from pydantic import AwareDatetime, BaseModel, Field, ValidationError
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from app.domain.cases import CaseDraft
from ui.forms.choice_input import ChoiceInput
from ui.forms.field import FormColumn
from ui.forms.inputs import input_for
from ui.forms.number_inputs import IntInput
from ui.forms.record_form import RecordForm
from ui.forms.refusals import SENTENCES, refusals
from ui.forms.text_inputs import ParagraphInput, TextInput
from ui.forms.tick_input import TickInput
from ui.forms.time_inputs import DayInput, MomentInput


class Severity(StrEnum):
    """How urgent it is."""

    COMMON = "common"
    URGENT = "urgent"


class Draft(BaseModel):
    """A little of everything a form may hold."""

    place: str = Field(title="案发位置", min_length=2, max_length=120)
    severity: Severity = Field(title="紧急程度")
    count: int | None = Field(default=None, title="数量", ge=1)
    seen_on: date | None = Field(default=None, title="日期")
    seen_at: AwareDatetime | None = Field(default=None, title="上报时间")
    share: float | None = Field(default=None, title="比例", le=1)
    urgent: bool = Field(default=False, title="市级")
    description: str = Field(default="", title="问题描述", max_length=2000)


NAMES = ("place", "severity", "count", "seen_on", "seen_at", "share", "urgent", "description")
TITLES = {"severity": {Severity.COMMON: "一般", Severity.URGENT: "紧急"}}


@pytest.fixture
def form(qtbot: QtBot) -> RecordForm[Draft]:
    form = RecordForm(Draft, NAMES, titles=TITLES)
    qtbot.addWidget(form)
    form.show()
    qtbot.waitUntil(lambda: form.isVisible())
    form.window().activateWindow()
    return form


def compose(widget: QWidget, preedit: str, commit: str = "") -> None:
    """What an input method sends while and after composing."""
    event = QInputMethodEvent(preedit, [])
    event.setCommitString(commit)
    QApplication.sendEvent(widget, event)


def typed(form: RecordForm[Draft], field_name: str) -> QLineEdit:
    widget = form.field(field_name).widget
    assert isinstance(widget, QLineEdit)
    return widget


def test_every_field_of_a_form_can_be_found_by_its_name_and_says_its_title(form: RecordForm[Draft]) -> None:
    assert [box.widget.objectName() for box in form.fields()] == list(NAMES)
    assert form.field("place").widget.accessibleName() == "案发位置"
    assert isinstance(form.field("description").widget, QPlainTextEdit)
    assert isinstance(form.field("severity").widget, QComboBox)


def test_what_is_typed_becomes_a_record(form: RecordForm[Draft]) -> None:
    form.fill(place=" 人民路12号 ", severity=Severity.URGENT, urgent=True, description="两行\n文字")
    typed(form, "count").setText("1,2")
    typed(form, "seen_on").setText("2026年11月21日")
    typed(form, "seen_at").setText("2026-11-21 09:30")
    typed(form, "share").setText("0.5")

    made = form.submit()

    assert made == Draft(
        place="人民路12号",
        severity=Severity.URGENT,
        count=12,
        seen_on=date(2026, 11, 21),
        seen_at=datetime(2026, 11, 21, 1, 30, tzinfo=UTC),
        share=0.5,
        urgent=True,
        description="两行\n文字",
    )


def test_a_refusal_stands_under_its_field_and_goes_when_it_is_put_right(form: RecordForm[Draft]) -> None:
    form.fill(place="路", severity=Severity.COMMON)
    typed(form, "count").setText("很多")
    typed(form, "seen_on").setText("21/11")

    assert form.submit() is None
    assert "案发位置至少 2 个字" in form.field("place").wrong()
    assert "整数" in form.field("count").wrong()
    assert "日期" in form.field("seen_on").wrong()
    assert form.field("severity").wrong() == ""
    assert form.focusWidget() is form.field("place").widget

    form.fill(place="人民路", count=3, seen_on=date(2026, 11, 21))
    assert form.submit() is not None
    assert [box.wrong() for box in form.fields()] == [""] * len(NAMES)


def test_filling_a_form_tells_nobody_and_typing_does(form: RecordForm[Draft], qtbot: QtBot) -> None:
    told: list[bool] = []
    form.changed.connect(lambda: told.append(True))

    form.fill(place="人民路", severity=Severity.URGENT, count=3, urgent=True, description="文字")
    assert told == []

    qtbot.keyClicks(form.field("place").widget, "1")
    qtbot.keyClicks(form.field("description").widget, "a")
    tick = form.field("urgent").widget
    assert isinstance(tick, TickInput)
    tick.click()
    assert len(told) == 3


def test_enter_goes_to_the_next_field_and_shift_enter_back(form: RecordForm[Draft], qtbot: QtBot) -> None:
    place, severity = form.field("place").widget, form.field("severity").widget
    place.setFocus()

    qtbot.keyClick(place, Qt.Key.Key_Return)
    assert form.focusWidget() is severity
    qtbot.keyClick(severity, Qt.Key.Key_Enter)
    assert form.focusWidget() is form.field("count").widget
    qtbot.keyClick(form.field("count").widget, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert form.focusWidget() is severity


def test_enter_breaks_a_line_in_a_paragraph_and_shift_enter_or_tab_leave_it(
    form: RecordForm[Draft], qtbot: QtBot
) -> None:
    paragraph = form.field("description").widget
    assert isinstance(paragraph, ParagraphInput)
    paragraph.setFocus()

    qtbot.keyClicks(paragraph, "a")
    qtbot.keyClick(paragraph, Qt.Key.Key_Return)
    assert paragraph.value() == "a\n"
    qtbot.keyClick(paragraph, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert paragraph.value() == "a\n"
    qtbot.keyClick(paragraph, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert form.focusWidget() is form.field("urgent").widget


def test_letters_still_being_composed_are_not_told_and_not_taken(qtbot: QtBot) -> None:
    told: list[str] = []
    line = TextInput(10)
    qtbot.addWidget(line)
    line.edited.connect(lambda: told.append(line.value()))

    compose(line, "ren")
    compose(line, "ren'min")
    assert told == []
    assert line.value() == ""

    compose(line, "", commit="人民路")
    assert told == ["人民路"]


def test_enter_while_composing_goes_nowhere(form: RecordForm[Draft], qtbot: QtBot) -> None:
    for field_name in ("place", "description"):
        widget = form.field(field_name).widget
        widget.setFocus()
        compose(widget, "ren'min")

        qtbot.keyClick(widget, Qt.Key.Key_Return)

        assert form.focusWidget() is widget
        compose(widget, "", commit="人民")
        assert form.values()[field_name] == "人民"


def test_a_paragraph_takes_only_what_an_input_method_committed(qtbot: QtBot) -> None:
    paragraph = ParagraphInput()
    qtbot.addWidget(paragraph)

    compose(paragraph, "jing'gai")
    assert paragraph.value() == ""
    compose(paragraph, "", commit="井盖缺损𰻝")
    assert paragraph.value() == "井盖缺损𰻝"


def test_a_text_longer_than_its_limit_is_shown_whole_and_refused_in_words(qtbot: QtBot) -> None:
    line = TextInput(4)
    qtbot.addWidget(line)

    line.set_value("一二三四五六")
    assert line.value() == "一二三四五六"

    with pytest.raises(ValidationError) as trouble:
        Draft.model_validate({"place": "路" * 121, "severity": "common"})
    assert refusals(trouble.value, Draft) == {"place": "案发位置最多 120 个字"}


@pytest.mark.parametrize(
    "text", ["2026-11-21", "2026.11.21", "2026/11/21", "20261121", "2026年11月21日", "２０２６-１１-２１"]
)
def test_a_day_is_taken_as_people_write_it(text: str, qtbot: QtBot) -> None:
    day = DayInput()
    qtbot.addWidget(day)

    day.setText(text)

    assert day.value() == date(2026, 11, 21)


@pytest.mark.parametrize("text", ["2026-02-30", "昨天", "11-21"])
def test_a_text_that_is_no_day_is_handed_on_to_be_refused(text: str, qtbot: QtBot) -> None:
    day = DayInput()
    qtbot.addWidget(day)

    day.setText(text)

    assert day.value() == text


def test_an_instant_is_shown_and_typed_in_office_time(qtbot: QtBot) -> None:
    moment = MomentInput()
    qtbot.addWidget(moment)

    moment.set_value(datetime(2026, 11, 20, 16, 5, tzinfo=UTC))
    assert moment.text() == "2026-11-21 00:05"
    moment.setText("2026-11-21 9:30")
    assert moment.value() == datetime(2026, 11, 21, 1, 30, tzinfo=UTC)


def test_full_width_digits_are_a_number(qtbot: QtBot) -> None:
    number = IntInput()
    qtbot.addWidget(number)

    number.setText("１２，３４５")

    assert number.value() == 12345


def test_the_wheel_changes_no_choice(qtbot: QtBot) -> None:
    choice = ChoiceInput([("a", "甲"), ("b", "乙")], empty="不限")
    qtbot.addWidget(choice)
    assert choice.value() is None
    choice.set_value("b")

    choice.set_choices([("b", "乙"), ("c", "丙")])

    assert choice.value() == "b"
    assert [choice.itemText(at) for at in range(choice.count())] == ["乙", "丙"]


def test_refusals_without_a_field_here_are_given_back(qtbot: QtBot) -> None:
    form = FormColumn()
    qtbot.addWidget(form)
    form.add("road", "道路", TextInput())

    rest = form.show_refusals({"road": "请填写道路", "": "整张表不对"})

    assert rest == ["整张表不对"]


def test_every_field_of_the_case_draft_that_people_type_has_an_input(qtbot: QtBot) -> None:
    for field_name in ("source", "reporter_phone", "kind", "condition_no", "longitude", "description", "reported_at"):
        widget = input_for(CaseDraft.model_fields[field_name])
        qtbot.addWidget(widget)
        assert hasattr(widget, "value"), field_name


def test_a_sentence_never_leaves_a_brace_open() -> None:
    values = {"title": "地点", "min_length": 1, "max_length": 2, "gt": 0, "ge": 0, "lt": 1, "le": 1}

    assert all("{" not in said.format(**values) for said in SENTENCES.values())
