"""Short words to the person: a line in the window that goes by itself, and a box for what needs doing."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QWidget

from app.base.problem_words import problem_cure, problem_text
from app.base.words import _
from app.domain.problems import Conflict, Problem, Unavailable
from ui.naming import name
from ui.theme import gap, set_look

if TYPE_CHECKING:
    from ui.widgets.trouble_box import TroubleBox

SHOWN_MS = 6000
UNDO_SHOWN_MS = 12000
ABOVE_THE_BARS = 26  # grid steps: over the foot line and the bar of buttons


class Notices(QObject):
    """The line at the foot of one window; a new word takes the place of the old one."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._line = _NoticeLine(window)
        window.installEventFilter(self)

    def say(self, text: str, *, undo: Callable[[], object] | None = None) -> None:
        """Show `text` for some seconds. undo: offered as a button beside it."""
        self._line.say(text, undo)
        self._place()

    def shown(self) -> str:
        """What is said now; empty: nothing."""
        return "" if self._line.isHidden() else self._line.text()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay at the foot when the window changes its size."""
        if watched is self._window and event.type() == QEvent.Type.Resize and not self._line.isHidden():
            self._place()
        return False

    def _place(self) -> None:
        self._line.setMaximumWidth(max(gap(60), self._window.width() - gap(12)))
        self._line.adjustSize()
        left = (self._window.width() - self._line.width()) // 2
        self._line.move(left, self._window.height() - self._line.height() - gap(ABOVE_THE_BARS))
        self._line.raise_()


class _NoticeLine(QFrame):
    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        set_look(name(self, "notice_line", _("提示")), "notice")
        self._text = name(QLabel(self), "notice_text", _("提示"))
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._undo = name(QPushButton(_("撤销"), self), "notice_undo", _("撤销"))
        self._close = name(QToolButton(self), "notice_close", _("关闭提示"))
        self._close.setText("×")
        self._undone: Callable[[], object] | None = None
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self.hide)
        self._undo.clicked.connect(self._on_undo)
        self._close.clicked.connect(self.hide)
        line = QHBoxLayout(self)
        line.setContentsMargins(gap(4), gap(2), gap(2), gap(2))
        line.setSpacing(gap(3))
        for widget in (self._text, self._undo, self._close):
            line.addWidget(widget)
            widget.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()

    def say(self, text: str, undo: Callable[[], object] | None) -> None:
        self._text.setText(text)
        self._text.setAccessibleName(text)
        self._undone = undo
        self._undo.setVisible(undo is not None)
        self._timer.start(SHOWN_MS if undo is None else UNDO_SHOWN_MS)
        self.show()

    def text(self) -> str:
        return self._text.text()

    @Slot()
    def _on_undo(self) -> None:
        undo, self._undone = self._undone, None
        self.hide()
        if undo is not None:
            undo()


def problem_box(
    parent: QWidget | None, problem: Problem, *, safe: str = "", retry: Callable[[], object] | None = None
) -> TroubleBox:
    """Show a problem: what happened, what is safe, what to do. retry: offered as a button."""
    from ui.widgets.trouble_box import TroubleBox

    box = TroubleBox(
        problem_title(problem),
        problem_text(problem),
        safe=safe,
        cure=problem_cure(problem),
        details=problem_details(problem),
        parent=parent,
    )
    if retry is not None:
        box.add_button("trouble_retry", _("重试")).clicked.connect(lambda: retry())
    box.open()
    return box


def problem_title(problem: Problem) -> str:
    """What kind of trouble it is, in a few words."""
    if isinstance(problem, Unavailable):
        return _("暂时做不到")
    if isinstance(problem, Conflict):
        return _("别人刚改过")
    return _("还不能这样办")


def problem_details(problem: Problem) -> str:
    """The code and what fills its sentence, for whoever helps."""
    lines = [problem.code, *(f"{key} = {value}" for key, value in problem.details.items())]
    if problem.__cause__ is not None:
        lines.append(f"{type(problem.__cause__).__name__}: {problem.__cause__}")
    return "\n".join(lines)
