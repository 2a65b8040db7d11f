"""Statutory terms on the screen: find one, type a day, read when it ends and why."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.domain.terms import TermRule
from tests.ui.typing_hands import press, put
from ui.pages.context import PageContext
from ui.pages.enforcement.terms import TermsPart


@pytest.fixture
def part(context: PageContext, window: QWidget, qtbot: QtBot) -> TermsPart:
    """The tab on the screen, standing on the term for paying a fine."""
    made = TermsPart(context)
    QVBoxLayout(window).addWidget(made)
    window.show()
    qtbot.waitExposed(window)
    stand_on(made, "PAY_15", qtbot)
    return made


def stand_on(part: TermsPart, code: str, qtbot: QtBot) -> None:
    part.go(code)
    qtbot.waitUntil(lambda: chosen(part) is not None and chosen(part).code == code)


def chosen(part: TermsPart) -> TermRule:
    return part.table.current()


def type_day(part: TermsPart, day: str, qtbot: QtBot) -> None:
    with qtbot.waitSignal(part.counted):
        part.form.day.clear()
        put(part.form.day, day)


def test_a_day_typed_gives_the_last_day_with_every_step(part: TermsPart, qtbot: QtBot) -> None:
    type_day(part, "2025.9.19", qtbot)

    assert "2025-10-09" in part.result.text()
    assert "民法典" in "\n".join(part.told())
    assert [run.count for run in part.days.items()][:2] == [0, 15]


def test_days_taken_out_move_the_end_and_are_named(part: TermsPart, qtbot: QtBot) -> None:
    stand_on(part, "SEIZE_TERM", qtbot)
    type_day(part, "2026-01-20", qtbot)
    first, last, reason = part.form.pauses[0]
    put(first, "2026-01-26")
    put(reason, "检测")
    with qtbot.waitSignal(part.counted, check_params_cb=lambda term: term.last_day.isoformat() == "2026-02-24"):
        put(last, "2026-01-30")

    assert "扣除:检测" in "\n".join(part.told())


def test_a_day_that_is_none_is_told_at_its_field_and_shows_no_date(part: TermsPart, qtbot: QtBot) -> None:
    type_day(part, "2026-03-02", qtbot)
    put(part.form.day, "9")

    assert part.form.form.field("term_day").wrong()
    assert (part.term, part.result.text()) == (None, "")


def test_a_year_without_its_holidays_is_refused_with_the_cure(part: TermsPart, qtbot: QtBot) -> None:
    stand_on(part, "SERVE_7", qtbot)
    put(part.form.day, "2026-12-30")
    qtbot.waitUntil(lambda: "2027" in part.result.text())

    assert part.term is None
    assert "导入" in part.notes.text()


def test_a_late_fine_is_told_with_what_it_grew_by(part: TermsPart, qtbot: QtBot) -> None:
    stand_on(part, "SURCHARGE_DAILY", qtbot)
    type_day(part, "2026-03-17", qtbot)
    put(part.form.fine, "200")
    with qtbot.waitSignal(part.counted):
        put(part.form.until, "2026-03-20")

    assert "18.00" in part.notes.text()
    assert "218.00" in part.notes.text()


def test_the_list_is_found_by_words_and_by_procedure(part: TermsPart, qtbot: QtBot) -> None:
    put(part.search, "听证")
    qtbot.waitUntil(lambda: {rule.procedure for rule in part.table.items()} >= {"hearing"})
    part.procedure.set_value("hearing")
    part.procedure.edited.emit()

    assert {rule.procedure for rule in part.table.items()} == {"hearing"}


def test_the_arithmetic_is_copied_as_text(part: TermsPart, qtbot: QtBot) -> None:
    type_day(part, "2026-03-02", qtbot)
    press(part.form.day, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: "2026-03-17" in QGuiApplication.clipboard().text())

    assert "行政处罚法" in QGuiApplication.clipboard().text()


def test_the_administrator_confirms_a_term_that_nobody_read(
    part: TermsPart, context: PageContext, qtbot: QtBot
) -> None:
    stand_on(part, "DEFENCE_WINDOW", qtbot)
    part.ask_setting()
    dialog = part.dialog
    assert dialog is not None
    dialog.value.clear()
    put(dialog.value, "七")
    dialog.submit()
    assert dialog.form.field("term_value").wrong()
    dialog.value.clear()
    put(dialog.value, "7")
    dialog.confirmed.set_value(True)
    with qtbot.waitSignal(dialog.accepted):
        dialog.submit()

    kept = context.desk.terms.get("DEFENCE_WINDOW")
    assert (kept.value, kept.to_be_confirmed) == (7, False)
