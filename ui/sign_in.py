"""The first window of every day: who is it, and the password."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QCheckBox, QPushButton

from app.base.words import _
from app.domain.problems import Unavailable
from ui.front import FrontWindow
from ui.naming import name
from ui.settings import ScreenSettings
from ui.sign_in_panel import SignInPanel
from ui.tasks import TaskRunner
from ui.theme import set_look

if TYPE_CHECKING:
    from app.gate import Gate

WIDTH_PX = 420


class SignInWindow(FrontWindow):
    """Lists the persons of this PC. `entered` carries what the gate opened; `recover_wanted` asks for the other way in."""

    entered = Signal(object)
    recover_wanted = Signal()
    closed = Signal()

    def __init__(self, gate: Gate, tasks: TaskRunner, settings: ScreenSettings) -> None:
        super().__init__("sign_in_window", _("登录"), WIDTH_PX)
        self._settings = settings
        screen = settings.get()
        if screen.office_name:
            self.office.setText(screen.office_name)
            self.office.show()
        self.panel = SignInPanel(gate, tasks)
        self.panel.entered.connect(self._entered)
        self.sheet.addWidget(self.panel)
        words = _("在这台电脑上记住我,到今天结束")
        self.remember = name(QCheckBox(words), "remember", words, _("钥匙由操作系统的钥匙串保管;注销即忘记"))
        self.remember.hide()
        self.sheet.addWidget(self.remember)
        self.sheet.addStretch(1)
        self.recover = set_look(name(QPushButton(_("忘记密码?用恢复码")), "recover", _("用恢复码设置新密码")), "quiet")
        self.recover.clicked.connect(self.recover_wanted)
        self.foot.addWidget(self.recover)
        try:
            self.panel.show_people(gate.people(), screen.last_login)
        except Unavailable as lost:
            self.panel.say_nobody(lost)
        self.adjustSize()
        self.resize(WIDTH_PX, self.height())

    def offer_remembering(self) -> None:
        """This PC has a key store: a session may be remembered until the day ends."""
        self.remember.show()
        self.adjustSize()
        self.resize(WIDTH_PX, self.height())

    def say_opening(self) -> None:
        """The password was right; the office is being opened."""
        self.panel.say_busy(_("正在打开…"))

    def closeEvent(self, event: QCloseEvent) -> None:
        """Closing this window ends the program."""
        super().closeEvent(event)
        self.closed.emit()

    def _entered(self, opened: object) -> None:
        person = self.panel.person()
        if person is not None:
            self._settings.change(last_login=person.login)
        self.say_opening()
        self.entered.emit(opened)
