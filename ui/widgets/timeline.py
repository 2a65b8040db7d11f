"""What became of a case: every step with its time, person and reason, newest last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from app.base.words import _
from ui.naming import name
from ui.theme import gap, light_colour, set_look

DOT = 4.0


@dataclass(frozen=True)
class TimelineStep:
    """One step. at: time in words. title: what was done. reason: in full. light: key of LIGHT_LOOKS or None."""

    at: str
    title: str
    person: str = ""
    reason: str = ""
    light: str | None = None


class Timeline(QScrollArea):
    """Steps from top to bottom on a line."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        name(self, "timeline", _("办理经过"))
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._steps: tuple[TimelineStep, ...] = ()
        self.show_steps(())

    def show_steps(self, steps: Sequence[TimelineStep]) -> None:
        """Show these steps, oldest first."""
        self._steps = tuple(steps)
        page = QWidget()
        lines = QVBoxLayout(page)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(0)
        for number, step in enumerate(self._steps):
            lines.addWidget(_StepRow(step, first=number == 0, last=number == len(self._steps) - 1))
        lines.addStretch(1)
        self.setWidget(page)

    def steps(self) -> tuple[TimelineStep, ...]:
        """What is shown."""
        return self._steps


class _StepRow(QWidget):
    """Time, dot on the line, words."""

    def __init__(self, step: TimelineStep, *, first: bool, last: bool) -> None:
        super().__init__()
        self._step = step
        self._first = first
        self._last = last
        said = " ".join(part for part in (step.at, step.title, step.person, step.reason) if part)
        name(self, "timeline_step", said)
        self._at = set_look(QLabel(step.at), "muted")
        title = QLabel(step.title)
        person = set_look(QLabel(step.person), "muted")
        reason = QLabel(step.reason)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, gap(1), 0, gap(1))
        grid.setHorizontalSpacing(gap(6))
        grid.setVerticalSpacing(0)
        grid.setColumnStretch(1, 1)
        for label in (self._at, title, person, reason):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        for label in (title, reason):
            label.setWordWrap(True)
        self._at.setFixedWidth(self._at.fontMetrics().horizontalAdvance("0000-00-00") + gap(2))
        grid.addWidget(self._at, 0, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(title, 0, 1)
        grid.addWidget(person, 0, 2, Qt.AlignmentFlag.AlignTop)
        if step.reason:
            grid.addWidget(reason, 1, 1, 1, 2)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The line between times and words, and the dot of this step."""
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        x = float(self._at.geometry().right() + gap(3))
        y = float(self._at.geometry().center().y() + 1)
        painter.setPen(self.palette().color(QPalette.ColorRole.Dark))
        if not self._first:
            painter.drawLine(QPointF(x, 0), QPointF(x, y - DOT))
        if not self._last:
            painter.drawLine(QPointF(x, y + DOT), QPointF(x, self.height()))
        dot = self.palette().color(QPalette.ColorRole.PlaceholderText)
        if self._step.light is not None:
            dot = light_colour(self._step.light)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(dot)
        painter.drawEllipse(QRectF(x - DOT, y - DOT, 2 * DOT, 2 * DOT))
        painter.end()
