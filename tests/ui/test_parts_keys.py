"""A page in parts: the keys of a part work as soon as it is shown."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QTabBar, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from ui.pages.context import PageContext
from ui.pages.patrols.page import PatrolsPage
from ui.widgets.sections import InPart


def test_a_part_has_the_keys_when_it_is_asked_for_and_when_its_tab_is_clicked(
    context: PageContext, window: QWidget, qtbot: QtBot
) -> None:
    page = PatrolsPage(context)
    QVBoxLayout(window).addWidget(page)
    window.show()
    qtbot.waitExposed(window)
    tabs = page.findChild(QTabBar)
    assert tabs is not None

    page.go(InPart("traces"))
    asked = window.focusWidget()
    names = [tabs.tabText(at) for at in range(tabs.count())]
    middle = tabs.tabRect(names.index("覆盖")).center()
    qtbot.mouseClick(tabs, Qt.MouseButton.LeftButton, pos=middle)
    clicked = window.focusWidget()

    traces, coverage = page._made["traces"], page._made["coverage"]
    assert isinstance(traces, QWidget)
    assert isinstance(coverage, QWidget)
    assert asked is not None
    assert clicked is not None
    assert traces.isAncestorOf(asked)
    assert coverage.isAncestorOf(clicked)
    qtbot.waitUntil(lambda: not context.tasks.busy())
