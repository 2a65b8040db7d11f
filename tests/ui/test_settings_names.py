"""Every control of the settings, the entry form and the import dialogs says what it is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.domain.directory import Unit
from tests.ui.test_names import nameless
from ui.dialogs.import_cases import ImportCases
from ui.dialogs.import_standards import ImportStandards
from ui.dialogs.restore import AskRestore
from ui.pages.cases.entry import EntryForm
from ui.pages.context import PageContext
from ui.pages.settings.list_kinds import kinds
from ui.pages.settings.page import SECTIONS, SettingsPage
from ui.pages.settings.paste_preview import PastePreview
from ui.pages.settings.person_dialogs import PersonDialog, ResetPassword

Make = Callable[[PageContext, QWidget], QWidget]
DIALOGS: dict[str, Make] = {
    "entry": lambda context, window: EntryForm(context, window),
    "person": lambda context, window: PersonDialog(context, None, window),
    "person_changed": lambda context, window: PersonDialog(context, context.desk.accounts.persons()[0], window),
    "password": lambda context, window: ResetPassword(context, context.desk.accounts.persons()[0], window),
    "paste": lambda context, window: PastePreview(kinds(context.desk)[0], [], window),
    "import_cases": lambda context, window: ImportCases(context, window),
    "import_standards": lambda context, window: ImportStandards(context, Path("missing.xlsx"), window),
    "restore": lambda _context, window: AskRestore(Path("昨天.gdbackup"), window),
}


@pytest.mark.parametrize("make", DIALOGS.values(), ids=DIALOGS)
def test_every_control_has_a_name_for_scripts_and_for_readers(
    make: Make, context: PageContext, window: QWidget, qtbot: QtBot
) -> None:
    made = make(context, window)
    qtbot.waitUntil(lambda: not context.tasks.busy())

    assert nameless(made) == []
    assert made.objectName()
    assert made.accessibleName()


@pytest.mark.parametrize("entry", SECTIONS, ids=lambda entry: entry.name)
def test_every_control_of_the_settings_has_a_name(
    entry: object, context: PageContext, window: QWidget, qtbot: QtBot
) -> None:
    context.desk.directory.save(Unit, {"name": "环卫公司"}, actor=context.actor)
    page = SettingsPage(context)
    page.setParent(window)
    page.go(str(getattr(entry, "name", "")))
    qtbot.waitUntil(lambda: not context.tasks.busy())

    assert nameless(page) == []
