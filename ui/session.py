"""Who sits at the desk now: locking, unlocking, and somebody else taking over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication, QWidget

from app.base.watch import Watch
from app.base.words import _
from app.domain.problems import Refused
from ui.idle import IdleWatch
from ui.lock import Cover, LockDialog, cover_everything
from ui.settings import Screen, ScreenSettings
from ui.tasks import TaskRunner

if TYPE_CHECKING:
    from app.domain.permissions import Actor
    from app.gate import Gate, Opened
    from app.services.accounts import AccountService

GUARD_MS = 250


class Session(QObject):
    """Covers the windows when nobody is there. `switched`: what another person opened; `changed`: the same one, as they are now."""

    locked = Signal()
    unlocked = Signal()
    switched = Signal(object)
    changed = Signal(object)
    sign_out_wanted = Signal()

    def __init__(self, gate: Gate, tasks: TaskRunner, settings: ScreenSettings, actor: Actor, window: QWidget) -> None:
        super().__init__(window)
        self._gate = gate
        self._tasks = tasks
        self._window = window
        self._covers: list[Cover] = []
        self._dialog: LockDialog | None = None
        self._guard = QTimer(self)
        self._guard.setInterval(GUARD_MS)
        self._guard.timeout.connect(self._cover)
        self.actor = actor
        self.idle = IdleWatch(settings.get().idle_minutes, self)
        self.idle.idle.connect(lambda: self.lock())
        settings.changed.connect(self._settings_changed)

    @property
    def is_locked(self) -> bool:
        """True while the windows are covered."""
        return bool(self._covers)

    def why(self) -> str:
        """Why it is locked, where more is to say than that nobody was here."""
        return "" if self._dialog is None else self._dialog.why()

    def lock(self, why: str = "") -> None:
        """Cover everything until this person, or another, enters again. What is half typed stays as it is.

        why: said over the sign-in; empty when it was only quiet here for long.
        """
        if self.is_locked:
            if why and self._dialog is not None:
                self._dialog.say(why)
            return
        if self._dialog is not None:
            self._end_dialog()
        self.locked.emit()
        self._cover()
        self._guard.start()
        self._ask(_("已锁定"), may_go_back=False)
        if why and self._dialog is not None:
            self._dialog.say(why)

    def watch_person(self, accounts: AccountService) -> None:
        """Somebody's record changed: lock when it is this person's and they may work here no more, tell other roles or names."""
        actor = self.actor

        def look(_watch: Watch) -> Actor | None:
            try:
                return accounts.actor(actor.person_id)
            except Refused:
                return None

        def told(now: Actor | None) -> None:
            if actor is not self.actor:
                return
            if now is None:
                self.lock(_("{name}已被停用,不能再在这里办理。没录完的内容已存为草稿。").format(name=actor.name))
            elif now != actor and not self.is_locked and QApplication.activeModalWidget() is None:
                self.changed.emit(now)

        self._tasks.read(look, done=told)

    def switch(self) -> None:
        """Let somebody else sign in; Escape leads back to who is here."""
        if self._dialog is None:
            self._ask(_("切换人员"), may_go_back=True)

    def _ask(self, title: str, *, may_go_back: bool) -> None:
        dialog = LockDialog(self._gate, self._tasks, title, may_go_back=may_go_back, parent=self._window)
        dialog.entered.connect(self._entered)
        dialog.sign_out_wanted.connect(self._sign_out)
        dialog.rejected.connect(self._end_dialog)
        self._dialog = dialog
        dialog.ask(self._gate, self.actor.person_id)

    def _entered(self, opened: Opened) -> None:
        self._end_dialog()
        was_locked = self.is_locked
        self._uncover()
        self.idle.touch()
        if opened.person_id == self.actor.person_id:
            if was_locked:
                self.unlocked.emit()
            return
        self.switched.emit(opened)

    def _cover(self) -> None:
        """A window that opened behind the lock, by work that just ended, is covered too."""
        self._covers += cover_everything(self._covers)

    def _sign_out(self) -> None:
        self._end_dialog()
        self._uncover()
        self.sign_out_wanted.emit()

    def _end_dialog(self) -> None:
        dialog, self._dialog = self._dialog, None
        if dialog is not None:
            dialog.blockSignals(True)
            dialog.done(0)
            dialog.deleteLater()

    def _uncover(self) -> None:
        self._guard.stop()
        covers, self._covers = self._covers, []
        for cover in covers:
            cover.hide()
            cover.deleteLater()

    def _settings_changed(self, screen: Screen) -> None:
        self.idle.set_minutes(screen.idle_minutes)
