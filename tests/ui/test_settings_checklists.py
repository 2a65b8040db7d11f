"""Checklists in the settings: items are added, ordered, limited; a save is a new version."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.desk import Desk
from app.domain.checklists import ItemKind, Programme
from tests.ui.a_case import settle
from ui.pages.context import PageContext
from ui.pages.settings.checklists import ChecklistsSection


@pytest.fixture
def section(context: PageContext, window: QWidget, qtbot: QtBot) -> Iterator[ChecklistsSection]:
    made = ChecklistsSection(context)
    QVBoxLayout(window).addWidget(made)
    window.resize(1100, 760)
    window.show()
    made.refresh()
    settle(qtbot, context.tasks)
    yield made
    settle(qtbot, context.tasks)


def test_a_changed_checklist_is_the_next_version_and_the_old_one_stays(
    section: ChecklistsSection, context: PageContext, desk: Desk, qtbot: QtBot
) -> None:
    old = next(one for one in desk.checklists.current() if one.programme is Programme.DUST)
    section.table.go_to(lambda one: one.family == old.family)
    items = section.editor.items
    assert items.list.count() == 3
    items.list.setCurrentRow(0)
    items.limit.setText("4.5")
    items.limit.edited.emit()
    items.shift(1)
    items.add()
    items.title.setText("隔离带积尘")
    items.answer.set_value(ItemKind.NUMBER)
    items.title.edited.emit()
    section.save()
    settle(qtbot, context.tasks)
    assert "第 2 版" in section.said()
    new = desk.checklists.versions(old.family)[-1]
    assert [(item.code, item.limit_max) for item in new.items] == [
        ("KJ02", 10),
        ("KJ01", 4.5),
        ("KJ03", 15),
        ("X01", None),
    ]
    assert new.items[3].title == "隔离带积尘"
    assert new.items[0].minor == old.items[1].minor
    assert desk.checklists.get(old.id) == old


def test_a_checklist_without_a_name_or_items_says_so_and_keeps_nothing(
    section: ChecklistsSection, context: PageContext, desk: Desk, qtbot: QtBot
) -> None:
    before = len(desk.checklists.all())
    section.start_new()
    section.save()
    assert section.editor.form.field("name").wrong()
    section.editor.title.setText("学校周边")
    section.save()
    settle(qtbot, context.tasks)
    assert "没有检查项" in section.said()
    assert len(desk.checklists.all()) == before


def test_what_is_half_typed_stays_when_the_list_is_read_again(
    section: ChecklistsSection, context: PageContext, qtbot: QtBot
) -> None:
    section.table.go_to(lambda one: one.programme is Programme.SNOW)
    section.editor.title.setText("除雪检查(春运)")
    section.editor.title.edited.emit()
    section.refresh()
    settle(qtbot, context.tasks)
    assert section.editor.title.value() == "除雪检查(春运)"
