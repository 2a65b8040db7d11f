"""The conflict dialog: three columns, a choice per field, a reason, and nothing that can be taken by accident."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QWidget
from pytestqt.qtbot import QtBot

from app.domain.decisions import Verdict
from app.domain.problems import Refused
from app.sync.views import FieldClash, RecordState, Trouble
from tests.ui.test_names import nameless
from ui.deciding import verdict_of
from ui.dialogs.conflict import ConflictDialog

NOW = datetime(2026, 11, 2, 2, 5, tzinfo=UTC)
ID = UUID(int=7)
LONG = "门店外摆放商品,占用盲道约三米,商户称次日自行清理;" * 40
DESCRIPTION = FieldClash("description", "问题描述", "a", "b", "c", "门店外摆放商品", "门外三米", "门外两米")
HOUSE = FieldClash("house_no", "门牌", "41", "43", "", "41", "43", "")
STAGE = FieldClash("stage", "环节", "a", "b", "c", "待派遣", "处置中", "已结案", only_theirs=True)

Show = Callable[..., ConflictDialog]


@pytest.fixture
def show(window: QWidget, qtbot: QtBot) -> Show:
    """Shows a trouble of these fields."""

    def made(*clashes: FieldClash, **told: object) -> ConflictDialog:
        trouble = Trouble("case", ID, ID, "JS-1 店外经营", RecordState.CONFLICT, clashes, **told)  # type: ignore[arg-type]
        dialog = ConflictDialog(trouble, NOW, window)
        dialog.open()
        qtbot.waitExposed(dialog)
        return dialog

    window.show()
    return made


def test_all_three_values_stand_side_by_side_with_who_changed_them(show: Show) -> None:
    said = show(DESCRIPTION, theirs_by="李强", theirs_at=NOW - timedelta(minutes=20)).words()

    for words in ("门店外摆放商品", "门外三米", "门外两米", "李强 11-02 09:45"):
        assert words in said


def test_nothing_is_chosen_for_the_person(show: Show) -> None:
    assert show(DESCRIPTION, HOUSE).choices() == {}


def test_one_and_two_choose_and_tab_goes_on(show: Show, qtbot: QtBot) -> None:
    dialog = show(DESCRIPTION, HOUSE)
    dialog.rows["description"].take_focus()

    qtbot.keyClick(dialog.focusWidget(), Qt.Key.Key_2)
    qtbot.keyClick(dialog.focusWidget(), Qt.Key.Key_Tab)
    qtbot.keyClick(dialog.focusWidget(), Qt.Key.Key_1)

    assert dialog.choices() == {"description": "theirs", "house_no": "mine"}


def test_a_click_on_the_words_chooses_them(show: Show, qtbot: QtBot) -> None:
    dialog = show(DESCRIPTION)

    qtbot.mouseClick(dialog.rows["description"].cells["mine"], Qt.MouseButton.LeftButton)

    assert dialog.choices() == {"description": "mine"}


def test_a_whole_column_is_taken_with_one_button(show: Show, qtbot: QtBot) -> None:
    dialog = show(DESCRIPTION, HOUSE, STAGE)
    button = dialog.findChild(QAbstractButton, "conflict_all_mine")
    assert isinstance(button, QAbstractButton)

    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)

    assert dialog.choices() == {"description": "mine", "house_no": "mine", "stage": "theirs"}


def test_a_field_of_the_flow_stays_with_the_city_and_says_why(show: Show) -> None:
    dialog = show(STAGE, steps=("派遣 张敏 10:01",))

    dialog.rows["stage"].choose("mine")

    assert dialog.choices() == {"stage": "theirs"}
    assert "环节由市平台为准" in dialog.words()
    assert "派遣 张敏 10:01" in dialog.words()


def test_without_a_choice_and_a_reason_nothing_is_decided(show: Show, qtbot: QtBot) -> None:
    dialog = show(DESCRIPTION, HOUSE)
    dialog.rows["description"].choose("mine")

    with qtbot.assertNotEmitted(dialog.decided):
        dialog.submit()

    assert "还有没选择的:门牌" in dialog.words()
    assert dialog.form.field("reason").wrong()


def test_a_reason_of_blanks_is_none(show: Show, qtbot: QtBot) -> None:
    dialog = show(STAGE)
    dialog.reason.set_value(" \n ")

    with qtbot.assertNotEmitted(dialog.decided):
        dialog.submit()


def test_control_and_enter_hand_on_choices_and_reason(show: Show, qtbot: QtBot) -> None:
    dialog = show(DESCRIPTION)
    dialog.choose_all("theirs")
    dialog.reason.set_value(" 电话核实过 ")

    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    dialog.reason.setFocus()

    with qtbot.waitSignal(dialog.decided) as told:
        qtbot.keyClick(dialog.reason, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)

    assert told.args == [{"description": "theirs"}, "电话核实过"]


def test_a_refusal_leaves_everything_typed_and_lets_it_be_tried_again(show: Show) -> None:
    dialog = show(DESCRIPTION)
    dialog.choose_all("mine")
    dialog.reason.set_value("现场为准")
    dialog.submit()

    dialog.show_refusal(Refused("sync.flow_is_theirs"))

    assert dialog.ok.isEnabled()
    assert (dialog.choices(), dialog.reason.value()) == ({"description": "mine"}, "现场为准")
    assert "环节已在市平台变动" in dialog.words()


def test_a_very_long_text_wraps_and_leaves_the_buttons_in_sight(show: Show) -> None:
    long = FieldClash("description", "问题描述", "", LONG, LONG, LONG, LONG, LONG)
    dialog = show(long, HOUSE)

    assert dialog.height() < 800
    assert dialog.rect().contains(dialog.ok.geometry())
    assert dialog.width() <= 1000


def test_an_empty_value_can_be_read(show: Show) -> None:
    assert "(空)" in show(HOUSE).words()


def test_what_went_together_by_itself_is_told(show: Show) -> None:
    assert "附近、来源编号" in show(HOUSE, merged=("附近", "来源编号")).words()


def test_escape_leaves_the_conflict_for_later(show: Show, qtbot: QtBot) -> None:
    dialog = show(HOUSE)

    with qtbot.assertNotEmitted(dialog.decided):
        qtbot.keyClick(dialog, Qt.Key.Key_Escape)

    assert not dialog.isVisible()


def test_every_control_has_a_name_that_says_field_side_and_value(show: Show) -> None:
    dialog = show(DESCRIPTION, STAGE)

    assert nameless(dialog) == []
    assert dialog.rows["description"].cells["mine"].radio.accessibleName() == "问题描述 我的:门外三米"


@pytest.mark.parametrize(
    ("choices", "verdict"),
    [
        ({"a": "mine"}, Verdict.MINE),
        ({"a": "theirs", "b": "theirs"}, Verdict.THEIRS),
        ({"a": "mine", "b": "theirs"}, Verdict.MIXED),
        ({}, Verdict.THEIRS),
    ],
)
def test_the_verdict_follows_from_the_choices(choices: dict[str, str], verdict: Verdict) -> None:
    assert verdict_of(choices) is verdict
