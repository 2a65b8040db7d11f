"""The details of the check point one stands on: measured numbers and a word, back to the list by Enter."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from app.base.words import _
from app.domain.checklists import ChecklistItem
from ui.forms.number_inputs import DecimalInput
from ui.forms.text_inputs import TextInput
from ui.naming import name
from ui.pages.patrols.round_entry_state import EntryState
from ui.theme import gap, set_look

NOTE_MOST = 1000
PER_ROW = 1


class PointPanel(QWidget):
    """measured: item code and number (None: taken away; text: no number). noted: the words. left: Enter on the last field."""

    measured = Signal(str, object)
    noted = Signal(str)
    left = Signal()
    escaped = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        name(self, "round_entry_point", _("检查点内容"))
        self._title = set_look(name(QLabel(), "point_title", _("检查点")), "muted")
        self._title.setWordWrap(True)
        self._note = name(TextInput(NOTE_MOST), "point_note", _("说明"))
        self._note.setPlaceholderText(_("说明"))
        self._note.left.connect(lambda: self.noted.emit(self._note.value()))
        self._note.returnPressed.connect(self._on_note_entered)
        self._inputs: dict[str, DecimalInput] = {}
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(gap(2))
        self._grid.setVerticalSpacing(gap(1))
        lines = QVBoxLayout(self)
        lines.setContentsMargins(gap(3), gap(2), gap(3), gap(2))
        lines.setSpacing(gap(1))
        lines.addWidget(self._title)
        lines.addLayout(self._grid)
        lines.addWidget(self._note)

    def set_items(self, items: Sequence[ChecklistItem]) -> None:
        """The measured items of the checklist in hand."""
        while (item := self._grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        self._inputs = {}
        for at, one in enumerate(items):
            limit = "" if one.limit_max is None else f" ≤{one.limit_max:g}"
            title = f"{one.title}{limit} {one.measure}".strip()
            field = name(DecimalInput(), f"measure_{one.code}", title)
            field.setMaximumWidth(gap(24))
            field.left.connect(lambda code=one.code: self._on_left(code))
            field.returnPressed.connect(lambda code=one.code: self._on_entered(code))
            self._inputs[one.code] = field
            self._grid.addWidget(QLabel(title), at // PER_ROW, at % PER_ROW * 2, Qt.AlignmentFlag.AlignRight)
            self._grid.addWidget(field, at // PER_ROW, at % PER_ROW * 2 + 1)
            # At once, not when the layout comes to it: the first digit may be typed before that.
            field.show()
        self._grid.setColumnStretch(PER_ROW * 2, 1)

    def show_point(self, state: EntryState, row: int) -> None:
        """Show what is typed of a row."""
        point, entry = state.points[row], state.entry(row)
        over = "、".join(item.title for item in state.over(row))
        hint = _("超过上限:{items};按 F 登记为问题").format(items=over) if over else ""
        self._title.setText("  ".join(filter(None, (f"{point.no}. {point.name}", hint))))
        values = entry.values or {}
        for code, field in self._inputs.items():
            field.set_value(values.get(code))
        self._note.set_value(entry.note)

    def said(self) -> str:
        """What stands over the fields."""
        return self._title.text()

    def tell(self) -> bool:
        """Say what stands in the fields, though the keyboard is in one of them; False: a number there is none."""
        measured = {code: field.value() for code, field in self._inputs.items()}
        note = self._note.value()
        for code, value in measured.items():
            self.measured.emit(code, value)
        self.noted.emit(note)
        return not any(isinstance(value, str) for value in measured.values())

    def begin(self, text: str) -> None:
        """The keyboard comes here; text: what was typed already."""
        first = next(iter(self._inputs.values()), None)
        field: TextInput = first if first is not None else self._note
        field.setFocus(Qt.FocusReason.OtherFocusReason)
        if text:
            field.setText(text)
        else:
            field.selectAll()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape goes back to the list."""
        if event.key() == Qt.Key.Key_Escape:
            self.escaped.emit()
        else:
            super().keyPressEvent(event)

    def _on_left(self, code: str) -> None:
        self.measured.emit(code, self._inputs[code].value())

    def _on_entered(self, code: str) -> None:
        codes = list(self._inputs)
        if code == codes[-1]:
            self.measured.emit(code, self._inputs[code].value())
            self.left.emit()
        else:
            following = self._inputs[codes[codes.index(code) + 1]]
            following.setFocus(Qt.FocusReason.OtherFocusReason)
            following.selectAll()

    def _on_note_entered(self) -> None:
        self.noted.emit(self._note.value())
        self.left.emit()
