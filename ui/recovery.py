"""The other way in: the recovery code from paper, and a new password for one person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QDialog, QHBoxLayout, QLabel, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from app.base.clock import Clock
from app.base.paths import StorePaths
from app.base.problem_words import problem_cure, problem_text
from app.base.watch import Watch
from app.base.words import _
from app.domain.permissions import OfficeRole
from app.domain.problems import Problem
from app.domain.recovery import wrong_groups
from ui.forms.field import FormColumn
from ui.naming import name
from ui.password_fields import PasswordFields
from ui.tasks import TaskRunner
from ui.theme import gap, set_look

if TYPE_CHECKING:
    from app.desk import Desk
    from app.domain.office import Person
    from app.domain.permissions import Actor
    from app.gate import Gate

WIDTH_PX = 460
CODE_PX = 72


class RecoveryDialog(QDialog):
    """First the code, then who and the new password. `ready` carries the open desk and the person."""

    ready = Signal(object, object)

    def __init__(self, gate: Gate, paths: StorePaths, clock: Clock, tasks: TaskRunner, parent: QWidget | None) -> None:
        super().__init__(parent)
        name(self, "recovery", _("用恢复码设置新密码"))
        self.setWindowTitle(_("用恢复码设置新密码"))
        self._gate = gate
        self._paths = paths
        self._clock = clock
        self._tasks = tasks
        self._desk: Desk | None = None
        self._people: Sequence[Person] = ()
        column = QVBoxLayout(self)
        column.setContentsMargins(gap(6), gap(5), gap(6), gap(4))
        column.setSpacing(gap(3))
        column.addWidget(self._code_part())
        column.addWidget(self._person_part())
        self.message = set_look(name(QLabel(), "recovery_message", _("恢复提示")), "wrong")
        self.message.setWordWrap(True)
        column.addWidget(self.message)
        column.addLayout(self._buttons())
        self.person_form.hide()
        self.setFixedWidth(WIDTH_PX)

    def reject(self) -> None:
        """Going back closes what the code opened."""
        desk, self._desk = self._desk, None
        if desk is not None:
            desk.close()
        super().reject()

    def _code_part(self) -> QWidget:
        self.code_form = QWidget()
        column = QVBoxLayout(self.code_form)
        column.setContentsMargins(0, 0, 0, 0)
        words = QLabel(_("输入初始设置时打印或抄下的恢复码。大小写、空格和连字符都不要紧。"))
        words.setWordWrap(True)
        self.code = name(QPlainTextEdit(), "recovery_code", _("恢复码"))
        self.code.setTabChangesFocus(True)
        self.code.setFixedHeight(CODE_PX)
        self.code.textChanged.connect(self._tell_groups)
        column.addWidget(words)
        column.addWidget(self.code)
        return self.code_form

    def _person_part(self) -> QWidget:
        self.person_form = FormColumn()
        self.person = QComboBox()
        self.person.currentIndexChanged.connect(self._person_chosen)
        self.person_form.add("recovery_person", _("人员"), self.person)
        self.fields = PasswordFields(self.person_form)
        return self.person_form

    def _buttons(self) -> QHBoxLayout:
        self.go = set_look(name(QPushButton(_("继续")), "recovery_go", _("继续")), "primary")
        self.go.setDefault(True)
        self.go.clicked.connect(self._go_on)
        cancel = name(QPushButton(_("取消")), "cancel", _("取消"))
        cancel.clicked.connect(self.reject)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(cancel)
        row.addWidget(self.go)
        return row

    def _tell_groups(self) -> None:
        wrong = wrong_groups(self.code.toPlainText())
        groups = "、".join(map(str, wrong))
        self.message.setText(_("第 {groups} 组有误,请核对").format(groups=groups) if wrong else "")

    def _go_on(self) -> None:
        if self._desk is None:
            self._open()
        else:
            self._set_password()

    def _open(self) -> None:
        self.go.setEnabled(False)
        code, gate, paths, clock = self.code.toPlainText(), self._gate, self._paths, self._clock

        def open_it(_watch: Watch) -> Desk:
            from app.desk import open_desk

            return open_desk(gate.recover(code), paths, clock)

        self._tasks.read(open_it, done=self._opened, failed=self._refused)

    def _opened(self, desk: Desk) -> None:
        self._desk = desk
        self._people = [person for person in desk.accounts.persons() if person.active]
        self.person.clear()
        self.person.addItems([f"{person.name}({person.login})" for person in self._people])
        self.code_form.hide()
        self.person_form.show()
        self.message.clear()
        self.go.setText(_("设置新密码并登录"))
        self.go.setEnabled(True)
        self.fields.first.setFocus()
        self.adjustSize()

    def _person_chosen(self, row: int) -> None:
        if 0 <= row < len(self._people):
            self.fields.belongs_to(self._people[row].login, self._people[row].name)

    def _set_password(self) -> None:
        trouble = self.fields.trouble()
        desk = self._desk
        if trouble or desk is None or self.person.currentIndex() < 0:
            self.person_form.show_refusals({"new_password": trouble})
            return
        self.go.setEnabled(False)
        person, new = self._people[self.person.currentIndex()], self.fields.password()
        # Whoever holds the code holds the key itself: the program resets the password on their behalf, and says so.
        holder = replace(desk.accounts.system(), roles=frozenset({OfficeRole.ADMIN}))

        def reset(_watch: Watch) -> Actor:
            desk.accounts.reset_password(person.id, new, actor=holder)
            actor = desk.accounts.actor(person.id)
            desk.accounts.signed_in(actor)
            return actor

        self._tasks.write(reset, done=self._done, failed=self._refused)

    def _done(self, actor: Actor) -> None:
        desk, self._desk = self._desk, None
        self.accept()
        self.ready.emit(desk, actor)

    def _refused(self, problem: Problem) -> None:
        self.go.setEnabled(True)
        self.message.setText(f"{problem_text(problem)}\n{problem_cure(problem)}")
