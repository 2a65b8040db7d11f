"""A few fields and two buttons: what a deed about a record asks before it is done."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.base.problem_words import problem_sentence
from app.base.words import _
from app.domain.problems import Problem
from ui.forms.field import FormColumn
from ui.naming import name
from ui.theme import gap, set_look

WIDTH = 560


class DeedDialog(QDialog):
    """A few fields and two buttons; `submitted` when the person is done, answered by `accept` or `show_refusal`."""

    submitted = Signal()

    def __init__(self, title: str, about: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        name(self, "finding_dialog", title)
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(True)
        self.setMinimumWidth(WIDTH)
        self._under_way = False
        self.form = FormColumn()
        head = set_look(name(QLabel(title), "finding_dialog_title", title), "title")
        self._about = set_look(name(QLabel(about), "finding_dialog_about", about), "muted")
        self._about.setWordWrap(True)
        self._about.setTextFormat(Qt.TextFormat.PlainText)
        self._said = set_look(name(QLabel(), "finding_dialog_refused", _("没有办理的原因")), "wrong")
        self._said.setWordWrap(True)
        self._said.hide()
        self.ok = set_look(name(QPushButton(f"{title} Ctrl+Enter"), "finding_dialog_ok", title), "primary")
        cancel = name(QPushButton(_("取消")), "finding_dialog_cancel", _("取消"))
        for button in (self.ok, cancel):
            button.setDefault(False)
            button.setAutoDefault(False)
        self.ok.clicked.connect(self.submit)
        cancel.clicked.connect(self.reject)
        for key in ("Ctrl+Return", "Ctrl+Enter", "Ctrl+S"):
            QShortcut(QKeySequence(key), self).activated.connect(self.submit)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(cancel)
        foot.addWidget(self.ok)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(gap(5), gap(4), gap(5), gap(4))
        lines.setSpacing(gap(3))
        for widget in (head, self._about, self.form, self._said):
            lines.addWidget(widget)
        lines.addStretch(1)
        lines.addLayout(foot)

    def submit(self) -> None:
        """Hand on what is typed; the button rests until the answer comes."""
        if self.ok.isEnabled():
            self._under_way = True
            self.ok.setEnabled(False)
            self._said.hide()
            self.submitted.emit()

    def reject(self) -> None:
        """Not while the deed is under way: its answer comes here, and what was typed belongs to it."""
        if not self._under_way:
            super().reject()

    def again(self) -> None:
        """Nothing was done; the person goes on typing."""
        self._under_way = False
        self.ok.setEnabled(True)

    def show_refusal(self, problem: Problem) -> None:
        """Say why it was not done; everything typed stays."""
        self.again()
        self._said.setText(problem_sentence(problem))
        self._said.show()

    def clear_refusal(self) -> None:
        """Nothing is in the way any more."""
        self._said.hide()

    def refused_words(self) -> str:
        """What is said to be in the way."""
        return "" if self._said.isHidden() else self._said.text()

    def showEvent(self, event: QShowEvent) -> None:
        """The keyboard is in the first field, not on the button that gives up."""
        super().showEvent(event)
        if fields := self.form.fields():
            fields[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter on a button presses it; elsewhere the form moves on."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            at = self.focusWidget()
            if isinstance(at, QPushButton):
                at.click()
            return
        super().keyPressEvent(event)
