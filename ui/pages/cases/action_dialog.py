"""Asks what a step needs, and says at the field when a rule refuses it; nothing typed is lost."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.base.words import _
from app.domain.case_judgement import StepInputs
from app.domain.problems import Problem
from ui.forms.field import FormColumn
from ui.naming import name
from ui.pages.cases.action_fields import FIELD_OF_REFUSAL, ActionField
from ui.pages.cases.offer_words import refusal_words
from ui.theme import gap, set_look

WIDTH = 560


class ActionDialog(QDialog):
    """`submitted` carries the StepInputs; whoever takes the step answers by `accept` or `show_refusal`."""

    submitted = Signal(object)

    def __init__(self, title: str, about: str, fields: Sequence[ActionField], parent: QWidget | None = None) -> None:
        """title: what is done. about: with what, in one line."""
        super().__init__(parent)
        name(self, "action_dialog", title)
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(True)
        self.setMinimumWidth(WIDTH)
        self._fields = tuple(fields)
        self._about = set_look(name(QLabel(about), "action_about", about), "muted")
        self._about.setWordWrap(True)
        self._about.setTextFormat(Qt.TextFormat.PlainText)
        self.form = FormColumn()
        for field in self._fields:
            self.form.add(field.name, field.title, field.widget, hint=field.hint, required=field.required)
        self._said = set_look(name(QLabel(), "action_refused", _("没有办理的原因")), "wrong")
        self._said.setWordWrap(True)
        self._said.setTextFormat(Qt.TextFormat.PlainText)
        self._said.hide()
        self._ok = set_look(name(QPushButton(f"{title} Ctrl+Enter"), "action_ok", title), "primary")
        self._cancel = name(QPushButton(_("取消")), "action_cancel", _("取消"))
        self._ok.setDefault(False)
        self._ok.setAutoDefault(False)
        self._cancel.setAutoDefault(False)
        self._ok.clicked.connect(self.submit)
        self._cancel.clicked.connect(self.reject)
        for key in ("Ctrl+Return", "Ctrl+Enter", "Ctrl+S"):
            QShortcut(QKeySequence(key), self).activated.connect(self.submit)
        self._lay_out(title)

    def inputs(self) -> StepInputs:
        """What is typed."""
        values: dict[str, object] = {}
        for field in self._fields:
            values |= field.values()
        return StepInputs(**values)  # type: ignore[arg-type]

    def submit(self) -> None:
        """Hand on what is typed; the button rests until the answer comes."""
        if self._ok.isEnabled():
            self._ok.setEnabled(False)
            self._said.hide()
            self.form.clear_refusals()
            self.submitted.emit(self.inputs())

    def show_refusal(self, problem: Problem) -> None:
        """Say which rule refused it, at its field where it has one."""
        self._ok.setEnabled(True)
        words, field = refusal_words(problem), FIELD_OF_REFUSAL.get(problem.code, "")
        rest = self.form.show_refusals({field: words})
        self._said.setText("\n".join(rest))
        self._said.setVisible(bool(rest))

    def field(self, field_name: str) -> ActionField:
        """The field of that name."""
        return next(field for field in self._fields if field.name == field_name)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter on a button presses it; elsewhere the form moves on."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            at = self.focusWidget()
            if isinstance(at, QPushButton):
                at.click()
            return
        super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        """Begin in the first field that is still empty."""
        super().showEvent(event)
        first = next((field for field in self._fields if not any(field.values().values())), None)
        (first.widget if first is not None else self._ok).setFocus(Qt.FocusReason.OtherFocusReason)

    def _lay_out(self, title: str) -> None:
        head = set_look(name(QLabel(title), "action_title", title), "title")
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self._cancel)
        foot.addWidget(self._ok)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(gap(5), gap(4), gap(5), gap(4))
        lines.setSpacing(gap(3))
        for widget in (head, self._about, self.form, self._said):
            lines.addWidget(widget)
        lines.addStretch(1)
        lines.addLayout(foot)
