"""The picker: by code, name or pinyin initials, by keyboard alone, whatever the input method does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication, QListView
from pytestqt.qtbot import QtBot

from ui.forms.field import FormColumn
from ui.forms.text_inputs import TextInput
from ui.widgets.choices import Choice
from ui.widgets.code_picker import CodePicker

SHOPS = Choice("1", "E-04-05", "店外经营", "常用")
WASTE = Choice("2", "E-04-06", "占道废品收购")
COVER = Choice("3", "C-01-02", "上水井盖")
INITIALS = {"dwjy": SHOPS, "zdfpsg": WASTE, "ssjg": COVER}


class Reference:
    """Looks things up and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def search(self, text: str) -> Sequence[Choice]:
        self.asked.append(text)
        found = [choice for key, choice in INITIALS.items() if key.startswith(text)]
        return found + [c for c in INITIALS.values() if c not in found and (text in c.title or text in c.code)]


@pytest.fixture
def reference() -> Reference:
    return Reference()


@pytest.fixture
def form(qtbot: QtBot) -> FormColumn:
    form = FormColumn()
    qtbot.addWidget(form)
    return form


@pytest.fixture
def picker(form: FormColumn, reference: Reference, qtbot: QtBot) -> Iterator[CodePicker]:
    made = CodePicker(reference.search)
    form.add("category", "类别", made)
    form.add("place", "地点", TextInput())
    form.show()
    qtbot.waitUntil(form.isVisible)
    form.activateWindow()
    made.setFocus(Qt.FocusReason.OtherFocusReason)
    yield made
    QApplication.processEvents()


def compose(picker: CodePicker, preedit: str, commit: str = "") -> None:
    """What an input method sends while and after composing."""
    event = QInputMethodEvent(preedit, [])
    event.setCommitString(commit)
    QApplication.sendEvent(picker, event)


def test_initials_are_typed_and_enter_takes_the_first_and_goes_on(
    picker: CodePicker, form: FormColumn, qtbot: QtBot
) -> None:
    told: list[Choice | None] = []
    picker.picked.connect(told.append)

    qtbot.keyClicks(picker, "dwjy")
    assert picker.offered() == [SHOPS]
    qtbot.keyClick(picker, Qt.Key.Key_Return)

    assert told == [SHOPS]
    assert picker.value() == "1"
    assert picker.text() == "店外经营"
    assert picker.offered() == []
    assert form.focusWidget() is form.field("place").widget


def test_arrows_choose_another_line(picker: CodePicker, qtbot: QtBot) -> None:
    qtbot.keyClicks(picker, "E-04")

    qtbot.keyClick(picker, Qt.Key.Key_Down)
    qtbot.keyClick(picker, Qt.Key.Key_Down)
    qtbot.keyClick(picker, Qt.Key.Key_Return)

    assert picker.choice() == WASTE


def test_an_empty_field_offers_the_most_used_and_enter_leaves_it_empty(
    picker: CodePicker, form: FormColumn, qtbot: QtBot
) -> None:
    qtbot.keyClick(picker, Qt.Key.Key_Down)
    assert picker.offered() == [SHOPS, WASTE, COVER]

    qtbot.keyClick(picker, Qt.Key.Key_Return)

    assert picker.choice() is None
    assert form.focusWidget() is form.field("place").widget


def test_down_takes_hold_of_the_first_most_used(picker: CodePicker, qtbot: QtBot) -> None:
    qtbot.keyClick(picker, Qt.Key.Key_Down)
    qtbot.keyClick(picker, Qt.Key.Key_Down)

    qtbot.keyClick(picker, Qt.Key.Key_Return)

    assert picker.choice() == SHOPS


def test_nothing_is_looked_up_while_an_input_method_composes(
    picker: CodePicker, reference: Reference, form: FormColumn, qtbot: QtBot
) -> None:
    told: list[Choice | None] = []
    picker.picked.connect(told.append)

    compose(picker, "dian")
    compose(picker, "dian'wai")
    qtbot.keyClick(picker, Qt.Key.Key_Return)
    qtbot.keyClick(picker, Qt.Key.Key_Down)

    assert reference.asked == []
    assert picker.offered() == []
    assert told == []

    compose(picker, "", commit="店外")
    assert reference.asked == ["店外"]
    assert picker.offered() == [SHOPS]


def test_enter_while_composing_belongs_to_the_input_method_even_with_the_list_open(
    picker: CodePicker, qtbot: QtBot
) -> None:
    qtbot.keyClicks(picker, "E")
    compose(picker, "jing")

    qtbot.keyClick(picker, Qt.Key.Key_Return)

    assert picker.choice() is None


def test_the_list_never_takes_the_keyboard(picker: CodePicker, form: FormColumn, qtbot: QtBot) -> None:
    qtbot.keyClicks(picker, "E")
    QApplication.processEvents()

    popup = picker.findChild(QListView, "choice_list")
    assert popup is not None
    assert popup.isVisible()
    assert popup.focusPolicy() == Qt.FocusPolicy.NoFocus
    assert popup.window().testAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
    assert form.focusWidget() is picker

    popup.clicked.emit(popup.model().index(1, 0, QModelIndex()))
    assert picker.choice() == WASTE
    assert form.focusWidget() is picker


def test_changing_the_text_takes_the_choice_back(picker: CodePicker, qtbot: QtBot) -> None:
    told: list[Choice | None] = []
    picker.set_choice(SHOPS)
    picker.picked.connect(told.append)

    qtbot.keyClick(picker, Qt.Key.Key_End)
    qtbot.keyClick(picker, Qt.Key.Key_Backspace)

    assert told == [None]
    assert picker.value() is None


def test_leaving_with_an_exact_code_takes_it_and_with_anything_else_keeps_the_text(
    picker: CodePicker, form: FormColumn, qtbot: QtBot
) -> None:
    picker.setText("C-01-02")
    form.field("place").widget.setFocus(Qt.FocusReason.MouseFocusReason)
    assert picker.choice() == COVER

    picker.set_choice(None)
    picker.setFocus(Qt.FocusReason.MouseFocusReason)
    picker.setText("井盖吗")
    form.field("place").widget.setFocus(Qt.FocusReason.MouseFocusReason)
    assert picker.choice() is None
    assert picker.text() == "井盖吗"


def test_escape_closes_the_list_and_keeps_the_text(picker: CodePicker, qtbot: QtBot) -> None:
    qtbot.keyClicks(picker, "E-04")

    qtbot.keyClick(picker, Qt.Key.Key_Escape)

    assert picker.offered() == []
    assert picker.text() == "E-04"
