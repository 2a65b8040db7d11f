"""A new password, typed twice, with what is still wrong told while it is typed."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QLineEdit

from app.base.problem_words import problem_text
from app.base.words import _
from app.domain.passwords import SHORTEST, check_password
from app.domain.problems import Refused
from ui.caps_lock import CapsLockWatch
from ui.forms.field import FormColumn
from ui.naming import name
from ui.theme import set_look


class PasswordFields:
    """Two fields and a line of words in somebody else's form."""

    def __init__(self, form: FormColumn) -> None:
        self._login = self._name = ""
        self.first = _hidden_field()
        self.second = _hidden_field()
        form.add("new_password", _("密码"), self.first, required=True)
        form.add("password_again", _("再输一次"), self.second, required=True)
        self.told = name(QLabel(), "password_told", _("密码要求"))
        self.told.setWordWrap(True)
        self.caps = set_look(name(QLabel(_("大写锁定(Caps Lock)已打开")), "caps_lock", _("大写锁定提示")), "muted")
        self.caps.hide()
        form.add_wide(self.told)
        form.add_wide(self.caps)
        self._caps = CapsLockWatch(self.first, self.second)
        self._caps.changed.connect(self.caps.setVisible)
        for field in (self.first, self.second):
            field.textChanged.connect(self.tell)
        self.tell()

    def belongs_to(self, login: str, person: str) -> None:
        """Whose password it is; it must repeat neither name."""
        self._login, self._name = login, person
        self.tell()

    def password(self) -> str:
        """What was typed."""
        return self.first.text()

    def trouble(self) -> str:
        """What is still wrong, in words; empty: nothing."""
        try:
            check_password(self.first.text(), login=self._login, name=self._name)
        except Refused as refusal:
            return problem_text(refusal)
        return "" if self.first.text() == self.second.text() else _("两次输入还不一致")

    def tell(self) -> None:
        """Say what is wanted, what is missing, or that all is well."""
        if not self.first.text():
            said, look = password_words(), "muted"
        else:
            trouble = self.trouble()
            said, look = (f"○ {trouble}", "wrong") if trouble else (_("✓ 密码可以使用"), "muted")
        self.told.setText(said)
        set_look(self.told, look)


def password_words() -> str:
    """The rules in one sentence."""
    return _("至少 {n} 位,大写字母、小写字母、数字、符号至少三种,不含姓名和登录名").format(n=SHORTEST)


def _hidden_field() -> QLineEdit:
    field = QLineEdit()
    field.setEchoMode(QLineEdit.EchoMode.Password)
    return field
