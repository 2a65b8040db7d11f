"""Who is it, and the password: the part that the sign-in window and the idle lock share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.base.problem_words import problem_cure, problem_text
from app.base.words import _
from app.domain.problems import Problem
from ui.caps_lock import CapsLockWatch
from ui.icons import icon
from ui.naming import name
from ui.tasks import TaskRunner
from ui.theme import gap, set_look

if TYPE_CHECKING:
    from app.gate import Gate, GatePerson

ROW_PX = 34
MOST_ROWS = 5
MINUTE_S = 60


class SignInPanel(QWidget):
    """The persons of this PC and one password field. `entered` carries what the gate opened."""

    entered = Signal(object)

    def __init__(self, gate: Gate, tasks: TaskRunner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._gate = gate
        self._tasks = tasks
        self._wait_s = 0
        self._tick = QTimer(self)
        self._tick.setInterval(1000)
        self._tick.timeout.connect(self._count_down)
        self._lay_out()
        self._caps = CapsLockWatch(self.password)
        self._caps.changed.connect(self.caps.setVisible)
        self.password.installEventFilter(self)

    def show_people(self, people: Sequence[GatePerson], chosen: str = "") -> None:
        """List who may sign in; `chosen` is a login name."""
        self.people.clear()
        for person in people:
            item = QListWidgetItem(icon("person"), person.name)
            item.setToolTip(person.login)
            item.setData(Qt.ItemDataRole.UserRole, person)
            item.setSizeHint(QSize(0, ROW_PX))
            self.people.addItem(item)
        logins = [person.login for person in people]
        self.people.setCurrentRow(logins.index(chosen) if chosen in logins else 0)
        self.people.setFixedHeight(ROW_PX * max(1, min(MOST_ROWS, len(people))) + 2)
        self.password.setFocus()

    def person(self) -> GatePerson | None:
        """Who is chosen."""
        item = self.people.currentItem()
        found: GatePerson | None = None if item is None else item.data(Qt.ItemDataRole.UserRole)
        return found

    def choose(self, person_id: UUID) -> None:
        """Choose a person of the list."""
        for row in range(self.people.count()):
            if self.people.item(row).data(Qt.ItemDataRole.UserRole).person_id == person_id:
                self.people.setCurrentRow(row)

    def clear(self) -> None:
        """Forget what was typed and said."""
        self.password.clear()
        self._say("")
        self.caps.hide()
        self._set_busy(False)

    def submit(self) -> None:
        """Ask the gate; it takes its time by design, so it is asked beside the screen."""
        person = self.person()
        if person is None or not self.go.isEnabled():
            return
        if not self.password.text():
            self._say(_("请输入密码"))
            return
        login, password, gate = person.login, self.password.text(), self._gate
        self._set_busy(True)
        self._tasks.read(lambda _watch: gate.enter(login, password), done=self._entered, failed=self.show_trouble)

    def show_trouble(self, problem: Problem) -> None:
        """Say why not, how long to wait, and what to do."""
        self._set_busy(False)
        self._say(f"{problem_text(problem)}\n{problem_cure(problem)}".strip())
        self.password.selectAll()
        self.password.setFocus()
        seconds, minutes = problem.details.get("wait_s", 0), problem.details.get("minutes", 0)
        if isinstance(seconds, int) and isinstance(minutes, int) and (seconds or minutes):
            self._wait(seconds + minutes * 60 + 1)

    def say_nobody(self, lost: Problem) -> None:
        """The key slots are gone: only the recovery code opens this store."""
        self.people.hide()
        self.password.hide()
        self.go.hide()
        self._say(f"{problem_text(lost)}\n{problem_cure(lost)}")

    def say_busy(self, text: str) -> None:
        """Keep the panel waiting while something else goes on."""
        self._set_busy(True)
        self.go.setText(text)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Up and down in the password field choose the person."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()), 0)
            if step:
                row = max(0, min(self.people.count() - 1, self.people.currentRow() + step))
                self.people.setCurrentRow(row)
                return True
        return super().eventFilter(watched, event)

    def _lay_out(self) -> None:
        self.people = name(QListWidget(), "people", _("人员"))
        self.people.setUniformItemSizes(True)
        self.people.setFrameShape(QListWidget.Shape.NoFrame)
        self.people.currentRowChanged.connect(self._other_person)
        self.password = name(QLineEdit(), "password", _("密码"))
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.password.setPlaceholderText(_("密码"))
        self.password.returnPressed.connect(self.submit)
        self.caps = set_look(name(QLabel(_("大写锁定(Caps Lock)已打开")), "caps_lock", _("大写锁定提示")), "muted")
        self.caps.hide()
        self.message = set_look(name(QLabel(), "message", _("登录提示")), "wrong")
        self.message.setWordWrap(True)
        self.message.hide()
        self.go = set_look(name(QPushButton(_("登录")), "sign_in", _("登录")), "primary")
        self.go.setDefault(True)
        self.go.clicked.connect(self.submit)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(gap(2))
        for widget in (self.people, self.password, self.caps, self.message):
            column.addWidget(widget)
        column.addSpacing(gap(1))
        self.foot = QHBoxLayout()
        self.foot.addWidget(self.go, 1)
        column.addLayout(self.foot)

    def _entered(self, opened: object) -> None:
        self._say("")
        self.entered.emit(opened)

    def _other_person(self, _row: int) -> None:
        self.password.clear()
        if not self._wait_s:
            self._say("")

    def _say(self, text: str) -> None:
        self.message.setText(text)
        self.message.setMinimumHeight(self.message.heightForWidth(self.width()) if text else 0)
        self.message.setVisible(bool(text))

    def _set_busy(self, busy: bool) -> None:
        self.go.setEnabled(not busy and not self._wait_s)
        self.go.setText(_("正在核对…") if busy else _("登录"))
        self.people.setEnabled(not busy)
        self.password.setReadOnly(busy)

    def _wait(self, seconds: int) -> None:
        self._wait_s = seconds
        self._tick.start()
        self._count_down()

    def _count_down(self) -> None:
        self._wait_s -= 1
        if self._wait_s > 0:
            self.go.setEnabled(False)
            self.go.setText(wait_words(self._wait_s))
            return
        self._tick.stop()
        self._wait_s = 0
        self._set_busy(False)


def wait_words(seconds: int) -> str:
    """How long the next try has to wait."""
    if seconds < MINUTE_S:
        return _("请等待 {n} 秒").format(n=seconds)
    return _("请等待 {m} 分 {s} 秒").format(m=seconds // MINUTE_S, s=seconds % MINUTE_S)
