"""Adding a person, changing one, and giving a new password."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QDialog, QDialogButtonBox, QLabel, QPushButton, QVBoxLayout, QWidget

from app.base.problem_words import problem_sentence
from app.base.watch import Watch
from app.base.words import N_, _
from app.domain.office import Person
from app.domain.permissions import OFFICE_ROLE_TITLES, OfficeRole
from app.domain.problems import Problem
from ui.forms.field import FormColumn
from ui.forms.text_inputs import TextInput
from ui.forms.tick_input import TickInput
from ui.naming import name
from ui.pages.context import PageContext
from ui.password_fields import PasswordFields
from ui.theme import gap, set_look

WIDTH_PX = 480
ROLE_HINTS = {
    OfficeRole.ACCEPTOR: N_("受理、立案、结案"),
    OfficeRole.DISPATCHER: N_("派遣、审核,代部门登记处置"),
    OfficeRole.GRID_CLERK: N_("代采集员登记核实、核查"),
    OfficeRole.LEADER: N_("督办、批准延期和挂账"),
    OfficeRole.ADMIN: N_("人员、标准、设置"),
    OfficeRole.AUDITOR: N_("只看操作日志"),
}
_FIELDS = {
    "account.login_taken": "login",
    "account.password_contains_name": "new_password",
    "account.last_administrator": "roles",
}


class RolesInput(QWidget):
    """The roles of a person, any number of them."""

    def __init__(self) -> None:
        super().__init__()
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, gap(1), 0, 0)
        lines.setSpacing(gap(1))
        self._ticks: dict[OfficeRole, QCheckBox] = {}
        for role, title in OFFICE_ROLE_TITLES.items():
            words = f"{_(title)}({_(ROLE_HINTS[role])})"
            tick = self._ticks[role] = name(QCheckBox(words), f"role_{role}", _(title))
            lines.addWidget(tick)
        self.setFocusProxy(next(iter(self._ticks.values())))

    def value(self) -> tuple[OfficeRole, ...]:
        """The roles ticked."""
        return tuple(role for role, tick in self._ticks.items() if tick.isChecked())

    def set_value(self, roles: tuple[OfficeRole, ...]) -> None:
        """Show roles."""
        for role, tick in self._ticks.items():
            tick.setChecked(role in roles)


class _Dialog(QDialog):
    """A form with two buttons; `done_well` carries what to say of it."""

    done_well = Signal(str)

    def __init__(self, context: PageContext, object_name: str, title: str, parent: QWidget) -> None:
        super().__init__(parent)
        name(self, object_name, title)
        self.setWindowTitle(title)
        self.context = context
        self.form = FormColumn()
        self._wrong = set_look(name(QLabel(), f"{object_name}_wrong", _("没有保存的原因")), "wrong")
        self._wrong.setWordWrap(True)
        self._wrong.hide()
        buttons = QDialogButtonBox()
        self.ok: QPushButton = set_look(buttons.addButton(_("保存"), QDialogButtonBox.ButtonRole.AcceptRole), "primary")
        name(self.ok, "dialog_save", _("保存"))
        name(buttons.addButton(_("取消"), QDialogButtonBox.ButtonRole.RejectRole), "dialog_cancel", _("取消"))
        buttons.accepted.connect(self.save)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(gap(6), gap(5), gap(6), gap(4))
        column.setSpacing(gap(4))
        column.addWidget(self.form)
        column.addWidget(self._wrong)
        column.addWidget(buttons)
        self.setMinimumWidth(WIDTH_PX)

    def save(self) -> None:
        """Subclasses keep what is typed."""
        raise NotImplementedError

    def refused(self, problem: Problem) -> None:
        """Say what was refused, at its field where there is one."""
        self.ok.setEnabled(True)
        words = problem_sentence(problem)
        field_name = _FIELDS.get(problem.code, "new_password" if problem.code.startswith("account.password") else "")
        known = {box.field_name for box in self.form.fields()}
        self.form.show_refusals({field_name: words} if field_name in known else {})
        self._wrong.setText("" if field_name in known else words)
        self._wrong.setVisible(field_name not in known)


class PersonDialog(_Dialog):
    """A new person, or changes of one."""

    def __init__(self, context: PageContext, person: Person | None, parent: QWidget) -> None:
        title = _("添加人员") if person is None else _("修改人员")
        super().__init__(context, "person_dialog", title, parent)
        self._person = person
        self.person_name = TextInput(40)
        self.login = TextInput(40)
        self.roles = RolesInput()
        self.active = TickInput(_("可以登录"))
        self.form.add("name", _("姓名"), self.person_name, required=True)
        hint = _("本人登录时输入,建议用姓名全拼") if person is None else _("登录名不能修改")
        self.form.add("login", _("登录名"), self.login, hint=hint, required=True)
        self.form.add("roles", _("角色"), self.roles)
        self.passwords: PasswordFields | None = None
        if person is None:
            self.passwords = PasswordFields(self.form)
            for field in (self.login, self.person_name):
                field.textChanged.connect(self._tell_passwords)
        else:
            self.form.add("active", _("状态"), self.active)
            self.person_name.set_value(person.name)
            self.login.set_value(person.login)
            self.login.setEnabled(False)
            self.roles.set_value(person.roles)
            self.active.set_value(person.active)

    def save(self) -> None:
        """Keep the person; what is missing is said at its field."""
        missing = self._missing()
        self.form.show_refusals(missing)
        if missing:
            return
        self.ok.setEnabled(False)
        accounts, actor, person = self.context.desk.accounts, self.context.actor, self._person
        given, login, roles = self.person_name.value(), self.login.value(), self.roles.value()
        password = self.passwords.password() if self.passwords is not None else ""
        now, active = self.context.desk.clock.now(), self.active.value()

        def job(_watch: Watch) -> None:
            if person is None:
                accounts.add_person(given, login, roles, password, actor=actor)
                return
            changed = person.changed(now, name=given, roles=roles, active=active)
            assert isinstance(changed, Person)
            accounts.set_person(changed, actor=actor)

        self.context.tasks.write(job, done=self._on_saved, failed=self.refused)

    def _missing(self) -> dict[str, str]:
        missing = {}
        if not self.person_name.value():
            missing["name"] = _("请填写姓名")
        if not self.login.value():
            missing["login"] = _("请填写登录名")
        if not self.roles.value():
            missing["roles"] = _("请至少选择一个角色")
        if self.passwords is not None and self.passwords.trouble():
            missing["new_password"] = self.passwords.trouble()
        return missing

    def _tell_passwords(self) -> None:
        if self.passwords is not None:
            self.passwords.belongs_to(self.login.value(), self.person_name.value())

    def _on_saved(self, _nothing: object) -> None:
        self.done_well.emit(_("已保存 {person}").format(person=self.person_name.value()))
        self.accept()


class ResetPassword(_Dialog):
    """A new password for somebody else; they change it after signing in. first: they had none on this PC."""

    def __init__(self, context: PageContext, person: Person, parent: QWidget, *, first: bool = False) -> None:
        title = _("为 {person} 设置本机密码") if first else _("重设 {person} 的密码")
        super().__init__(context, "reset_password_dialog", title.format(person=person.name), parent)
        self._person = person
        self._first = first
        self.passwords = PasswordFields(self.form)
        self.passwords.belongs_to(person.login, person.name)

    def save(self) -> None:
        """Keep the password."""
        trouble = self.passwords.trouble()
        self.form.show_refusals({"new_password": trouble} if trouble else {})
        if trouble:
            return
        self.ok.setEnabled(False)
        accounts, actor, person, password = (
            self.context.desk.accounts,
            self.context.actor,
            self._person,
            self.passwords.password(),
        )
        self.context.tasks.write(
            lambda _watch: accounts.reset_password(person.id, password, actor=actor),
            done=self._on_saved,
            failed=self.refused,
        )

    def _on_saved(self, _nothing: object) -> None:
        words = _("{person} 的密码已重设,请当面告知,并请本人登录后修改")
        if self._first:
            words = _("{person} 现在可以在本机登录;请当面告知密码,并请本人登录后修改")
        self.done_well.emit(words.format(person=self._person.name))
        self.accept()
