"""Changing one's own password."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLineEdit, QVBoxLayout, QWidget

from app.base.problem_words import problem_text
from app.base.words import _
from app.domain.problems import Problem
from ui.forms.field import FormColumn
from ui.naming import name
from ui.password_fields import PasswordFields
from ui.tasks import TaskRunner
from ui.theme import gap, set_look

if TYPE_CHECKING:
    from app.base.watch import Watch
    from app.desk import Desk
    from app.domain.permissions import Actor

WIDTH_PX = 420


class ChangePassword(QDialog):
    """Asks for the old password once and the new one twice; `changed` when it was taken."""

    changed = Signal()

    def __init__(self, desk: Desk, actor: Actor, tasks: TaskRunner, parent: QWidget) -> None:
        super().__init__(parent)
        name(self, "change_password_dialog", _("修改密码"))
        self.setWindowTitle(_("修改密码"))
        self._desk = desk
        self._actor = actor
        self._tasks = tasks
        self.form = FormColumn()
        self.old = QLineEdit()
        self.old.setEchoMode(QLineEdit.EchoMode.Password)
        self.form.add("old_password", _("现在的密码"), self.old, required=True)
        self.fields = PasswordFields(self.form)
        login = next((p.login for p in desk.accounts.persons() if p.id == actor.person_id), "")
        self.fields.belongs_to(login, actor.name)
        buttons = QDialogButtonBox()
        self.save = set_look(buttons.addButton(_("修改密码"), QDialogButtonBox.ButtonRole.AcceptRole), "primary")
        name(self.save, "save_password", _("修改密码"))
        name(buttons.addButton(_("取消"), QDialogButtonBox.ButtonRole.RejectRole), "cancel", _("取消"))
        buttons.accepted.connect(self._save)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(gap(6), gap(5), gap(6), gap(4))
        column.setSpacing(gap(4))
        column.addWidget(self.form)
        column.addWidget(buttons)
        self.setFixedWidth(WIDTH_PX)

    def _save(self) -> None:
        trouble = self.fields.trouble()
        if trouble:
            self.form.show_refusals({"new_password": trouble})
            return
        self.form.clear_refusals()
        self.save.setEnabled(False)
        desk, actor, old, new = self._desk, self._actor, self.old.text(), self.fields.password()

        def change(_watch: Watch) -> None:
            desk.accounts.change_password(actor.person_id, old, new, actor=actor)

        self._tasks.write(change, done=self._saved, failed=self._refused)

    def _saved(self, _nothing: object) -> None:
        self.changed.emit()
        self.accept()

    def _refused(self, problem: Problem) -> None:
        self.save.setEnabled(True)
        field = "new_password" if problem.code == "account.password_same" else "old_password"
        self.form.show_refusals({field: problem_text(problem)})
