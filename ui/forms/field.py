"""A column of fields: labels right-aligned, what is wrong under the field in red with a word."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.base.words import _
from ui.forms.enter_flow import enter_moves_on
from ui.naming import name
from ui.theme import FIELD, gap, set_look


class FieldBox(QWidget):
    """One input with room under it for a hint and for what is wrong."""

    def __init__(self, field_name: str, title: str, widget: QWidget, hint: str = "") -> None:
        super().__init__()
        self.field_name = field_name
        self.title = title
        self.widget = name(widget, field_name, title)
        self._hint = hint
        self._said = set_look(QLabel(hint, self), "muted")
        self._said.setObjectName(f"{field_name}_said")
        self._said.setWordWrap(True)
        self._said.setVisible(bool(hint))
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(gap(1) // 2)
        lines.addWidget(widget)
        lines.addWidget(self._said)
        self.setFocusProxy(widget)

    def set_hint(self, hint: str) -> None:
        """Say something else under the field."""
        self._hint = hint
        self.clear()

    def say_wrong(self, sentence: str) -> None:
        """Say under the field what is wrong, with a word and not by colour alone."""
        self._show(_("有误:{reason}").format(reason=sentence), "wrong")
        self.widget.setAccessibleDescription(self._said.text())

    def clear(self) -> None:
        """Nothing is wrong any more."""
        self._show(self._hint, "muted")
        self.widget.setAccessibleDescription(self._hint)

    def wrong(self) -> str:
        """What is said to be wrong; empty: nothing."""
        return self._said.text() if self._said.property("look") == "wrong" else ""

    def _show(self, text: str, look: str) -> None:
        self._said.setText(text)
        self._said.setVisible(bool(text))
        set_look(self._said, look)
        self.widget.setProperty("wrong", look == "wrong")
        style = self.widget.style()
        style.unpolish(self.widget)
        style.polish(self.widget)


class FormColumn(QWidget):
    """Fields from top to bottom; Enter moves on, Shift+Enter back."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._boxes: dict[str, FieldBox] = {}
        self._labels: list[QLabel] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(gap(2))
        self._grid.setVerticalSpacing(gap(2))
        self._grid.setColumnStretch(1, 1)
        enter_moves_on(self)

    def add(self, field_name: str, title: str, widget: QWidget, *, hint: str = "", required: bool = False) -> FieldBox:
        """A field in a row of its own. title: in the language in use. required: marked with a star."""
        box = FieldBox(field_name, title, widget, hint)
        self._boxes[field_name] = box
        self._add_row(title, box, required)
        return box

    def add_row(self, title: str, fields: Sequence[tuple[str, str, QWidget]]) -> list[FieldBox]:
        """Several short fields in one row, each (field name, title, widget); the row's label is `title`."""
        row = QWidget(self)
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(gap(2))
        boxes = []
        for field_name, said, widget in fields:
            box = self._boxes[field_name] = FieldBox(field_name, said, widget)
            if said != title:
                line.addWidget(_label(said, box), 0, Qt.AlignmentFlag.AlignTop)
            line.addWidget(box, 1)
            boxes.append(box)
        self._add_row(title, row, required=False)
        return boxes

    def align_with(self, other: FormColumn) -> None:
        """Begin the fields of both columns at the same place."""
        labels = [*self._labels, *other._labels]
        for label in labels:
            label.setMinimumWidth(max(known.sizeHint().width() for known in labels))

    def add_wide(self, widget: QWidget) -> None:
        """Something across the whole width."""
        self._grid.addWidget(widget, self._grid.rowCount(), 0, 1, 2)

    def field(self, field_name: str) -> FieldBox:
        """The field of that name."""
        return self._boxes[field_name]

    def fields(self) -> list[FieldBox]:
        """All fields, top to bottom."""
        return list(self._boxes.values())

    def show_field(self, field_name: str, shown: bool) -> None:
        """Show a field with its label, or leave both out."""
        box = self._boxes[field_name]
        box.setVisible(shown)
        for label in self._labels:
            if label.buddy() is box:
                label.setVisible(shown)

    def show_refusals(self, refusals: Mapping[str, str], *, focus: bool = True) -> list[str]:
        """Say at each field what is wrong with it and clear the others; gives sentences that belong to no field here."""
        for field_name, box in self._boxes.items():
            if field_name in refusals:
                box.say_wrong(refusals[field_name])
            else:
                box.clear()
        wrong = [box for box in self._boxes.values() if box.field_name in refusals]
        if wrong and focus:
            wrong[0].widget.setFocus(Qt.FocusReason.OtherFocusReason)
        return [sentence for field_name, sentence in refusals.items() if field_name not in self._boxes]

    def clear_refusals(self) -> None:
        """Nothing is wrong any more."""
        for box in self._boxes.values():
            box.clear()

    def _add_row(self, title: str, widget: QWidget, required: bool) -> None:
        row = self._grid.rowCount()
        label = _label(f"* {title}" if required else title, widget)
        self._labels.append(label)
        self._grid.addWidget(label, row, 0, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
        self._grid.addWidget(widget, row, 1)


def _label(text: str, buddy: QWidget) -> QLabel:
    label = QLabel(text)
    label.setBuddy(buddy)
    label.setMinimumHeight(FIELD)
    label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    return label
