"""What every part of the settings looks like: a title, one sentence, and why it may only be read, where that is so."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from app.base.problem_words import problem_sentence
from app.base.words import _
from app.domain.problems import Problem
from ui.naming import name
from ui.pages.context import PageContext
from ui.theme import gap, set_look
from ui.widgets.busy_bar import BusyBar


class Section(QWidget):
    """One part of the settings. Subclasses fill `self.body` and answer `refresh`.

    editable: the person may change what stands here; a line says why they may not. restore_wanted: the path of a backup.
    """

    restore_wanted = Signal(object)

    def __init__(self, context: PageContext, object_name: str, title: str, sentence: str, *, editable: bool) -> None:
        super().__init__()
        name(self, object_name, title)
        self.context = context
        self.editable = editable
        head = set_look(name(QLabel(title), f"{object_name}_title", title), "title")
        said = set_look(QLabel(sentence), "muted")
        said.setWordWrap(True)
        self._why_not = _bar(f"{object_name}_read_only", _("这里由管理员维护,您可以查看,不能修改"))
        self._why_not.setVisible(not editable)
        self._outcome = name(QLabel(), f"{object_name}_outcome", _("结果"))
        self._outcome.setWordWrap(True)
        self._outcome.setTextFormat(Qt.TextFormat.PlainText)
        self._outcome.hide()
        self.busy = BusyBar(self)
        self.body = QVBoxLayout()
        self.body.setSpacing(gap(3))
        lines = QVBoxLayout(self)
        lines.setContentsMargins(gap(6), gap(4), gap(6), gap(4))
        lines.setSpacing(gap(3))
        for widget in (head, said, self._why_not):
            lines.addWidget(widget)
        lines.addLayout(self.body, 1)
        lines.addWidget(self.busy)
        lines.addWidget(self._outcome)

    def refresh(self) -> None:
        """Read again what is shown."""

    def say(self, text: str) -> None:
        """Say what came of it."""
        self._say(text, "muted")

    def say_problem(self, problem: Problem) -> None:
        """Say what went wrong and what to do; everything typed stays."""
        self._say(problem_sentence(problem), "wrong")

    def said(self) -> str:
        """What was said last; empty: nothing."""
        return "" if self._outcome.isHidden() else self._outcome.text()

    def _say(self, text: str, look: str) -> None:
        set_look(self._outcome, look)
        self._outcome.setText(text)
        self._outcome.setVisible(bool(text))


def scrolled(widget: QWidget, object_name: str, title: str) -> QScrollArea:
    """`widget` in a frame that scrolls when the window is small."""
    area = name(QScrollArea(), object_name, title)
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(widget)
    return area


def _bar(object_name: str, text: str) -> QFrame:
    bar = set_look(name(QFrame(), object_name, text), "bar")
    label = QLabel(text)
    label.setWordWrap(True)
    row = QHBoxLayout(bar)
    row.setContentsMargins(gap(3), gap(1), gap(3), gap(1))
    row.addWidget(label)
    return bar
