"""Inputs of a grid member's form: words with commas between, certificates with their days."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from app.base.words import N_, _
from app.desk import Desk
from app.domain.directory import Certificate
from ui.forms.key_input import KeyInput
from ui.forms.text_inputs import TextInput
from ui.forms.time_inputs import DayInput
from ui.theme import ROW
from ui.widgets.code_picker import CodePicker

COLUMNS = (N_("证件"), N_("证号"), N_("发证日期"), N_("有效期至"))
LINES_SHOWN, NARROWEST = 3, 78
_BETWEEN = re.compile(r"[,,、;;\s]+")


class WordsInput(TextInput):
    """Several words in one line: 无人机、急救."""

    def __init__(self) -> None:
        super().__init__()
        self.setPlaceholderText(_("用顿号隔开"))

    def value(self) -> tuple[str, ...]:  # type: ignore[override]
        """The words, each once."""
        return tuple(dict.fromkeys(word for word in _BETWEEN.split(self.text().strip()) if word))

    def set_value(self, value: Sequence[str] | None) -> None:
        """Show words."""
        super().set_value("、".join(value or ()))


class CertificatesInput(QTableWidget):
    """A line a certificate; the last line is empty for the next one. Delete empties a line."""

    edited = Signal()

    def __init__(self) -> None:
        super().__init__(1, len(COLUMNS))
        self.setHorizontalHeaderLabels([_(title) for title in COLUMNS])
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(ROW)
        header = self.horizontalHeader()
        header.setMinimumSectionSize(NARROWEST)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setTabKeyNavigation(False)
        self.setFixedHeight(self.horizontalHeader().sizeHint().height() + ROW * LINES_SHOWN)
        self.itemChanged.connect(self._on_changed)

    def value(self) -> tuple[Any, ...]:
        """The certificates; a day that is none stays as it was typed, to be refused in words."""
        found = []
        for row in range(self.rowCount()):
            title, number, begin, end = (self._text(row, column) for column in range(len(COLUMNS)))
            if title or number or begin or end:
                found.append({"name": title, "number": number, "valid_from": _day(begin), "valid_until": _day(end)})
        return tuple(found)

    def set_value(self, value: Sequence[Certificate] | None) -> None:
        """Show certificates without telling anybody."""
        self.blockSignals(True)
        certificates = list(value or ())
        self.clearContents()
        self.setRowCount(len(certificates) + 1)
        for row, one in enumerate(certificates):
            days = [day.isoformat() if day else "" for day in (one.valid_from, one.valid_until)]
            for column, text in enumerate((one.name, one.number, *days)):
                self.setItem(row, column, QTableWidgetItem(text))
        self.blockSignals(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete empties the line one stands on."""
        if event.key() == Qt.Key.Key_Delete and self.currentRow() >= 0:
            for column in range(len(COLUMNS)):
                self.setItem(self.currentRow(), column, QTableWidgetItem(""))
        else:
            super().keyPressEvent(event)

    def _on_changed(self, item: QTableWidgetItem) -> None:
        if item.row() == self.rowCount() - 1 and item.text().strip():
            self.setRowCount(self.rowCount() + 1)
        self.edited.emit()

    def _text(self, row: int, column: int) -> str:
        item = self.item(row, column)
        return item.text().strip() if item is not None else ""


def _day(text: str) -> date | str | None:
    typed = DayInput()
    typed.setText(text)
    return typed.value()


def member_inputs(desk: Desk) -> dict[str, QWidget]:
    """Inputs of its own, by field."""
    units = KeyInput(desk.pickers.units, lambda key: _unit_name(desk, key), None)
    streets = KeyInput(desk.pickers.streets, lambda code: _street_name(desk, code), "")
    made: dict[str, CodePicker | WordsInput | CertificatesInput] = {"unit_id": units, "seconded_to": streets}
    return {**made, "skills": WordsInput(), "certificates": CertificatesInput()}


def _unit_name(desk: Desk, key: object) -> str:
    unit = desk.directory.unit(key if isinstance(key, UUID) else UUID(str(key)))
    return unit.name if unit is not None else ""


def _street_name(desk: Desk, code: str) -> str:
    street = desk.reference.divisions().street(code)
    return street.name if street is not None else ""
