"""The idle lock: every window is covered, and one small sheet asks for a password."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QPushButton, QVBoxLayout, QWidget

from app.base.words import _
from ui.naming import name
from ui.sign_in_panel import SignInPanel
from ui.tasks import TaskRunner
from ui.theme import gap, muted_colour, set_look

if TYPE_CHECKING:
    from app.gate import Gate, Opened

WIDTH_PX = 380


class Cover(QWidget):
    """An opaque sheet over a whole window, as large as the window stays."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        name(self, "cover", _("已锁定,内容已遮住"))
        window.installEventFilter(self)
        self.setGeometry(window.rect())
        self.raise_()
        self.show()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Grow and stay on top with the window."""
        parent = self.parentWidget()
        if watched is parent and event.type() in (QEvent.Type.Resize, QEvent.Type.ChildAdded):
            self.setGeometry(parent.rect())
            self.raise_()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        """Nothing but the window's ground and a word."""
        painter = QPainter(self)
        painter.fillRect(event.rect(), self.palette().window())
        painter.setPen(muted_colour())
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, f"\n\n{_('已锁定')}")


class LockDialog(QDialog):
    """Stands before everything until somebody who may enter has entered. `entered` carries what the gate opened."""

    entered = Signal(object)
    sign_out_wanted = Signal()

    def __init__(self, gate: Gate, tasks: TaskRunner, title: str, *, may_go_back: bool, parent: QWidget) -> None:
        super().__init__(parent)
        name(self, "lock", title)
        self.setWindowTitle(title)
        self.setModal(True)
        self.setWindowModality(Qt.WindowModality.ApplicationModal)
        self._may_go_back = may_go_back
        if not may_go_back:
            self.setWindowFlag(Qt.WindowType.WindowCloseButtonHint, False)
        self.panel = SignInPanel(gate, tasks)
        self.panel.entered.connect(self._entered)
        self.sign_out = set_look(name(QPushButton(_("退出登录")), "sign_out", _("退出登录")), "quiet")
        self.sign_out.setAutoDefault(False)
        self.sign_out.clicked.connect(self.sign_out_wanted)
        self.panel.foot.addWidget(self.sign_out)
        self.sign_out.setVisible(not may_go_back)
        column = QVBoxLayout(self)
        column.setContentsMargins(gap(6), gap(5), gap(6), gap(5))
        column.setSpacing(gap(3))
        column.addWidget(set_look(name(QLabel(title), "lock_title", title), "title"))
        self._why = set_look(name(QLabel(), "lock_why", _("锁定的原因")), "wrong")
        self._why.setWordWrap(True)
        self._why.hide()
        column.addWidget(self._why)
        column.addWidget(self.panel)
        self.setFixedWidth(WIDTH_PX)

    def ask(self, gate: Gate, person_id: UUID) -> None:
        """Show the sheet with that person chosen."""
        self.panel.show_people(gate.people())
        self.panel.choose(person_id)
        self.panel.password.setFocus()
        self.open()

    def say(self, why: str) -> None:
        """Say why it is locked."""
        self._why.setText(why)
        self._why.setVisible(bool(why))
        self.adjustSize()

    def why(self) -> str:
        """What is said of why."""
        return self._why.text()

    def reject(self) -> None:
        """Escape leads back only where nobody was locked out."""
        if self._may_go_back:
            super().reject()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Alt+F4 and Escape do nothing while locked."""
        if event.key() == Qt.Key.Key_Escape and not self._may_go_back:
            return
        super().keyPressEvent(event)

    def _entered(self, opened: Opened) -> None:
        self.entered.emit(opened)


def cover_everything(covered: Sequence[Cover] = ()) -> list[Cover]:
    """Cover every window the program shows and that is not covered yet, after closing open menus."""
    while (popup := QApplication.activePopupWidget()) is not None:
        popup.close()
    known = {cover.parentWidget() for cover in covered}
    bare = [
        window
        for window in QApplication.topLevelWidgets()
        if window.isVisible() and window not in known and not isinstance(window, LockDialog)
    ]
    return [Cover(window) for window in bare]
