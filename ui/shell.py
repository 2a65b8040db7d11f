"""The office's window: one person at a time, their pages, and everything that happens beside them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QSize, Signal
from PySide6.QtGui import QAction, QCloseEvent, QKeySequence
from PySide6.QtWidgets import QMainWindow

from app.base.words import _
from app.sync.views import LineState, SyncStatus
from ui.bridge import StoreBridge
from ui.closing import Closing
from ui.desk_remember import DeskRemember
from ui.frame import Frame
from ui.heartbeat import Heartbeat
from ui.history import Visit
from ui.icons import icon
from ui.line import DeskLine
from ui.naming import name
from ui.notices import Notices
from ui.pages import PAGES, PageEntry
from ui.pages.context import PageContext
from ui.session import Session
from ui.settings import Screen, ScreenSettings
from ui.status_line import DeskState
from ui.sync_words import clock_words
from ui.tasks import TaskRunner

if TYPE_CHECKING:
    from pathlib import Path

    from app.base.changes import ChangeSet
    from app.base.watch import Watch
    from app.desk import Desk
    from app.domain.permissions import Actor
    from app.gate import Gate, Opened

SMALLEST = (960, 600)
FIRST_SIZE = (1360, 820)
WINDOW_FRAME = (16, 40)
FIRST_PAGE = "today"
SYNC_PAGE = "sync"
PLACE_KEY = "shell.place"
LONG_OUTAGE = timedelta(minutes=5)
"""From here on the end of an outage is told by itself."""


class Shell(QMainWindow):
    """`signed_out`: back to the sign-in window. `closed`: the program ends. `restoring`: bring this backup back."""

    signed_out = Signal()
    restoring = Signal(object)
    closed = Signal()

    def __init__(
        self,
        desk: Desk,
        actor: Actor,
        tasks: TaskRunner,
        gate: Gate,
        settings: ScreenSettings,
        entries: Sequence[PageEntry] = PAGES,
    ) -> None:
        super().__init__()
        name(self, "shell", _("城管网格工作台"))
        self.setWindowIcon(icon("today"))
        self.setMinimumSize(*SMALLEST)
        self.resize(QSize(*FIRST_SIZE).boundedTo(self.screen().availableSize() - QSize(*WINDOW_FRAME)))
        self.desk = desk
        self.actor = actor
        self.tasks = tasks
        self.settings = settings
        self.entries = entries
        self.bridge = StoreBridge(desk.store.listen, self)
        self.bridge.changed.connect(self._changed)
        self.notices = Notices(self)
        self.session = Session(gate, tasks, settings, actor, self)
        self.session.locked.connect(self.keep)
        self.session.unlocked.connect(lambda: self.session.watch_person(desk.accounts))
        self.session.switched.connect(self._switch)
        self.session.changed.connect(self._roles_changed)
        self.session.sign_out_wanted.connect(self.sign_out)
        self.heartbeat = Heartbeat(desk, tasks, self)
        self.heartbeat.minute.connect(self._minute)
        self.heartbeat.resumed.connect(self._resumed)
        self.closing = Closing(desk, tasks, self)
        self.line = DeskLine(desk, self)
        self.line.told.connect(self._line_told)
        self._language = settings.get().language
        self._ended = False
        self._state: DeskState | None = None
        settings.changed.connect(self._settings_changed)
        self.frame = self._settle(Visit(FIRST_PAGE))
        place = self.frame.context.remember.get(PLACE_KEY)
        if place is not None:
            self.restoreGeometry(QByteArray.fromBase64(place.encode("ascii")))

    def keep(self) -> None:
        """Put everything half typed into drafts."""
        self.frame.keep()

    def sign_out(self) -> None:
        """Leave the desk; the store is closed and its key forgotten."""
        self.keep()
        self.closing.settle(self._signed_out)

    def restore(self, file: Path) -> None:
        """Leave the desk, so that a backup can take its place."""
        self.keep()
        self.closing.settle(lambda: self._let_go(file))

    def ask_state(self) -> None:
        """Read again what the foot line tells."""
        desk = self.desk

        def look(_watch: Watch) -> DeskState:
            return DeskState(desk.outbox_count(), desk.care.last_backup_at(), desk.clock.now(), desk.sync.status())

        self.tasks.read(look, done=self._show_state)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Keep drafts, make the day's backup, then go."""
        if self._ended:
            event.accept()
            return
        event.ignore()
        self.keep()
        self.closing.close(self._closed)

    def show_guide(self) -> None:
        """Open the manual."""
        from ui.guide import open_guide

        open_guide(self)

    def show_about(self) -> None:
        """Say which versions and licences this program is made of."""
        from ui.pages.about.box import AboutBox

        AboutBox(self).open()

    def change_password(self) -> None:
        """Let the person change their own password."""
        from ui.dialogs.change_password import ChangePassword

        dialog = ChangePassword(self.desk, self.actor, self.tasks, self)
        dialog.changed.connect(lambda: self.notices.say(_("密码已修改")))
        dialog.open()

    def _settle(self, visit: Visit) -> Frame:
        office = self.desk.reference.office()
        remember = DeskRemember(self.desk, self.actor, self.tasks)
        context = PageContext(
            self.desk, self.actor, self.tasks, self.bridge, self.notices, self.settings, remember, self.line
        )
        note = _("演示数据") if office.demonstration else _("城管工作台")
        frame = Frame(context, self._menu(), district=office.district_name, note=note, entries=self.entries)
        frame.status.backup_wanted.connect(self.closing.back_up_now)
        frame.status.about_wanted.connect(self.show_about)
        frame.status.line_wanted.connect(lambda: frame.go(SYNC_PAGE))
        frame.restore_wanted.connect(self.restore)
        self._show_office()
        self.frame = frame
        self.setCentralWidget(frame)
        frame.go(visit.page, visit.argument)
        self.ask_state()
        return frame

    def _menu(self) -> list[QAction | None]:
        return [
            self._action("switch_person", _("切换人员…"), "person", "", self.session.switch),
            self._action("change_password", _("修改密码…"), "edit", "", self.change_password),
            self._action("lock_now", _("锁定"), "lock", "Ctrl+L", self.session.lock),
            None,
            self._action("guide", _("使用手册"), "help", "F1", self.show_guide),
            self._action("about", _("版本和许可"), "info", "", self.show_about),
            None,
            self._action("leave", _("退出登录"), "sign_out", "", self.sign_out),
            self._action("quit", _("关闭程序"), "void", "Ctrl+Q", self._quit),
        ]

    def _action(self, object_name: str, title: str, icon_name: str, key: str, act: Callable[[], object]) -> QAction:
        for old in self.findChildren(QAction, object_name):
            self.removeAction(old)
            old.deleteLater()
        action = QAction(icon(icon_name), title, self)
        action.setObjectName(object_name)
        action.setShortcut(QKeySequence(key))
        action.triggered.connect(lambda _on=False: act())
        self.addAction(action)
        return action

    def _switch(self, opened: Opened) -> None:
        self.keep()
        desk, before = self.desk, self.actor

        def take_seat(_watch: Watch) -> Actor:
            desk.accounts.signed_out(before)
            actor = desk.accounts.actor(opened.person_id)
            desk.accounts.signed_in(actor)
            return actor

        self.tasks.write(take_seat, done=self._seated)

    def _seated(self, actor: Actor) -> None:
        self.actor = actor
        self.session.actor = actor
        self.rebuild(Visit(FIRST_PAGE))
        self.notices.say(_("现在是 {name}").format(name=actor.name))

    def _roles_changed(self, actor: Actor) -> None:
        self.keep()
        self.actor = self.session.actor = actor
        self.rebuild(Visit(self.frame.shown or FIRST_PAGE))
        self.notices.say(_("{name}的姓名或角色已更改,界面已照新的角色更新").format(name=actor.name))

    def rebuild(self, visit: Visit = Visit(FIRST_PAGE)) -> None:  # noqa: B008 (a frozen value)
        """Make everything anew, for another person, language or office."""
        old = self.frame
        self._settle(visit)
        old.deleteLater()

    def _settings_changed(self, screen: Screen) -> None:
        if screen.language != self._language:
            self._language = screen.language
            self.keep()
            self.rebuild(Visit(self.frame.shown or FIRST_PAGE))

    def _changed(self, changes: ChangeSet) -> None:
        self.ask_state()
        if changes.concerns("person"):
            self.session.watch_person(self.desk.accounts)
        if changes.concerns("office"):
            self._show_office()
        if changes.concerns("reference_version"):
            self.heartbeat.lay_out_missing()

    def _show_office(self) -> None:
        office = self.desk.reference.office()
        demo = f" · {_('演示数据')}" if office.demonstration else ""
        self.setWindowTitle(f"{office.name}{demo} · {_('城管网格工作台')}")
        self.settings.change(office_name=office.name)

    def _minute(self) -> None:
        self.frame.refresh()
        self.session.watch_person(self.desk.accounts)
        self.ask_state()

    def _resumed(self, count: int) -> None:
        self.notices.say(_("{n} 件挂账案件到期,已自动恢复").format(n=count))

    def _show_state(self, state: DeskState) -> None:
        self._state = state
        self.frame.status.show_state(state)
        if state.sync is not None and state.sync.state != LineState.NOT_ENROLLED:
            self.line.start()
            self.line.waits(state.waiting)
            self.frame.navigation.set_waiting(SYNC_PAGE, state.sync.conflicts + state.sync.refused)

    def _line_told(self, status: SyncStatus) -> None:
        if self._state is None:
            return
        self._tell_end_of_outage(self._state.sync, status)
        self._state = replace(self._state, waiting=status.waiting, now=self.desk.clock.now(), sync=status)
        self.frame.status.show_state(self._state)
        self.frame.navigation.set_waiting(SYNC_PAGE, status.conflicts + status.refused)

    def _tell_end_of_outage(self, before: SyncStatus | None, status: SyncStatus) -> None:
        since = before.outage_since if before is not None else None
        if since is not None and status.outage_since is None and self.desk.clock.now() - since >= LONG_OUTAGE:
            words = _("与市平台的线路已恢复,中断自 {time}。“同步”页的中断报告可以打印")
            self.notices.say(words.format(time=clock_words(since, self.desk.clock.now())))

    def _quit(self) -> None:
        self.close()

    def _signed_out(self) -> None:
        self._leave()
        self.closing.settle(self.signed_out.emit)

    def _let_go(self, file: Path) -> None:
        self._leave()
        self.closing.settle(lambda: self.restoring.emit(file))

    def _closed(self) -> None:
        self._leave()
        self._ended = True
        self.close()
        self.closed.emit()

    def stop(self) -> None:
        """Keep what is half typed and ask nothing more of the desk."""
        self.keep()
        self.frame.context.remember.set(PLACE_KEY, bytes(self.saveGeometry().toBase64().data()).decode("ascii"))
        self.frame.hide()
        self.heartbeat.stop()
        self.line.stop()
        self.bridge.close()

    def _leave(self) -> None:
        self.stop()
        desk, actor = self.desk, self.actor
        self.tasks.write(lambda _watch: desk.accounts.signed_out(actor))
