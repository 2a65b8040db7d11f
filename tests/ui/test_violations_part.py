"""Violations on the screen: what held on the day of the act, and what the law says since."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from tests.services.test_violations import GOOD, a_list
from tests.ui.typing_hands import put
from ui.pages.context import PageContext
from ui.pages.enforcement.violation_import import ImportViolations
from ui.pages.enforcement.violations import ViolationsPart


@pytest.fixture
def part(context: PageContext, window: QWidget, qtbot: QtBot) -> ViolationsPart:
    """The tab on the screen with the items of today."""
    made = ViolationsPart(context)
    QVBoxLayout(window).addWidget(made)
    window.show()
    qtbot.waitExposed(window)
    with qtbot.waitSignal(made.shown):
        made.refresh()
    return made


def codes(part: ViolationsPart) -> set[str]:
    return {item.code for item in part.table.items()}


def act_on(part: ViolationsPart, day: str) -> None:
    part.act.clear()
    put(part.act, day)


def test_an_act_before_the_law_changed_is_judged_by_both_laws(part: ViolationsPart) -> None:
    part.decided.clear()
    put(part.decided, "2026-09-10")
    act_on(part, "2026-08-01")
    put(part.search, "VC07")

    assert codes(part) == {"VC07"}
    assert "生态环境法典" in part.change.text()
    assert "第37条" in part.change.text()
    assert not part.change.isHidden()


def test_without_a_change_nothing_is_said_of_one(part: ViolationsPart) -> None:
    put(part.search, "VA01")

    assert codes(part) == {"VA01"}
    assert part.change.isHidden()
    assert "50–500 元" in part.facts.text()


def test_a_day_that_is_none_is_told_and_the_list_stays(part: ViolationsPart) -> None:
    before = codes(part)
    act_on(part, "13月")

    assert part.form.field("violation_act").wrong()
    assert codes(part) == before


def test_items_are_chosen_by_whom_they_are_about(part: ViolationsPart) -> None:
    part.subject.set_value("citizen")
    part.subject.edited.emit()

    assert {item.subject for item in part.table.items()} == {"citizen", "both"}


def test_an_office_brings_in_its_own_list(
    part: ViolationsPart, context: PageContext, window: QWidget, tmp_path: Path, qtbot: QtBot
) -> None:
    wrong = ("JS009", "", *GOOD[2:])
    dialog = ImportViolations(context, window, a_list(tmp_path, GOOD, wrong))
    qtbot.addWidget(dialog)
    qtbot.waitUntil(lambda: len(dialog.preview.items()) == 2)
    assert dialog.preview.items()[0].item is None
    with qtbot.waitSignal(dialog.imported):
        dialog.run()
    with qtbot.waitSignal(part.shown):
        part.go("JS001")

    assert "JS001" in codes(part)
    assert part.title.text().startswith("JS001")
