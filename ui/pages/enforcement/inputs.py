"""Inputs of the enforcement pages: companies and officers found by typing, a list to tick, words with commas between."""

from __future__ import annotations

import re
from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem

from app.desk import Desk
from app.domain.inspection_views import EnterpriseFilter
from ui.naming import name
from ui.theme import ROW
from ui.widgets.choices import Choice
from ui.widgets.code_picker import CodePicker

MOST_OFFERED = 30
LINES_SHOWN = 4
_BETWEEN = re.compile(r"[,,、;;\s]+")


def parts_of(text: str) -> tuple[str, ...]:
    """Words with commas between, each once."""
    return tuple(dict.fromkeys(part for part in _BETWEEN.split(text.strip()) if part))


def enterprise_picker(desk: Desk) -> CodePicker:
    """Companies in use by name, credit code or initials."""

    def search(typed: str) -> list[Choice]:
        found = desk.enterprises.find(EnterpriseFilter(search=typed), MOST_OFFERED)
        return [Choice(str(line.id), line.credit_code, line.name, line.address) for line in found]

    return CodePicker(search)


def officer_picker(desk: Desk) -> CodePicker:
    """Officers in office by name, certificate or unit."""

    def search(typed: str) -> list[Choice]:
        wanted = typed.strip()
        return [
            Choice(str(one.id), one.certificate_no, one.name, one.unit_name)
            for one in desk.officers.all()
            if one.active and wanted in f"{one.name} {one.certificate_no} {one.unit_name}"
        ][:MOST_OFFERED]

    return CodePicker(search)


class TickList(QListWidget):
    """Lines to tick with the space bar. `edited`: a person ticked otherwise."""

    edited = Signal()

    def __init__(self, object_name: str, title: str, lines_shown: int = LINES_SHOWN) -> None:
        super().__init__()
        name(self, object_name, title)
        self._filling = False
        self.setFixedHeight(ROW * lines_shown + 2 * self.frameWidth())
        self.setTabKeyNavigation(False)
        self.itemChanged.connect(self._on_changed)

    def set_choices(self, choices: Sequence[tuple[str, str]]) -> None:
        """Offer (key, words); what was ticked stays ticked where it is still offered."""
        ticked = set(self.value())
        self._filling = True
        self.clear()
        for key, words in choices:
            line = QListWidgetItem(words, self)
            line.setData(Qt.ItemDataRole.UserRole, key)
            line.setToolTip(words)
            line.setFlags(line.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            line.setCheckState(Qt.CheckState.Checked if key in ticked else Qt.CheckState.Unchecked)
        if self.count():
            self.setCurrentRow(0)
        self._filling = False

    def value(self) -> tuple[str, ...]:
        """Keys ticked, in their order."""
        lines = [self.item(at) for at in range(self.count())]
        return tuple(
            line.data(Qt.ItemDataRole.UserRole) for line in lines if line.checkState() is Qt.CheckState.Checked
        )

    def set_value(self, keys: Sequence[str]) -> None:
        """Tick these and no others, without telling."""
        self._filling = True
        for at in range(self.count()):
            line = self.item(at)
            ticked = line.data(Qt.ItemDataRole.UserRole) in keys
            line.setCheckState(Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked)
        self._filling = False

    def _on_changed(self, _line: QListWidgetItem) -> None:
        if not self._filling:
            self.edited.emit()
