"""The sync page: how the line stands, what has not arrived and why, and everything a person can do about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QLabel, QStackedLayout, QVBoxLayout, QWidget

from app.base.changes import ChangeSet
from app.base.watch import Watch
from app.base.words import _
from app.desk import Desk
from app.sync.views import LineState, MissingFile, QueueLine, RecordState, SyncStatus
from ui.naming import name
from ui.pages.context import PageContext
from ui.pages.sync.bars import BrakeBar
from ui.pages.sync.deeds import Deeds
from ui.pages.sync.enrol import EnrolForm
from ui.pages.sync.head import LineHead
from ui.pages.sync.lists import KINDS, MOST, QueueTabs
from ui.pages.sync.tools import LineTools
from ui.tasks import Latest
from ui.theme import gap, set_look

REST_MS = 250


@dataclass(frozen=True)
class SyncPicture:
    """Everything the page shows, read at one time."""

    status: SyncStatus
    now: datetime
    lines: Mapping[RecordState, Sequence[QueueLine]] = field(default_factory=dict)
    missing: Sequence[MissingFile] = ()


class SyncPage(QWidget):
    """`wanted`: ("cases", id) to open a case. `badge`: how many things wait for somebody."""

    wanted = Signal(str, object)
    badge = Signal(int)

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        name(self, "sync_page", _("同步"))
        self._context = context
        self._latest: Latest[SyncPicture] = Latest(context.tasks, done=self.show_picture, parent=self)
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self.refresh)
        self.deeds = Deeds(context, self)
        self._make_parts()
        self._lay_out()
        self._connect()

    def go(self, argument: object) -> None:
        """Bring a list to the front: a RecordState; None: as it was."""
        if isinstance(argument, RecordState) and argument in self.tabs.panes:
            self.tabs.go_to(argument)
        self.refresh()

    def refresh(self) -> None:
        """Read the line and the lists again."""
        desk = self._context.desk
        self._latest.ask(lambda watch: read_picture(desk, watch))

    def show_picture(self, picture: SyncPicture) -> None:
        """Show what was read."""
        status = picture.status
        if status.state == LineState.NOT_ENROLLED:
            self._stack.setCurrentWidget(self._outside)
            self.badge.emit(0)
            return
        self._stack.setCurrentWidget(self._inside)
        self.show_status(status, picture.now)
        self.tabs.show_lines(picture.lines, picture.missing)

    def show_status(self, status: SyncStatus, now: datetime) -> None:
        """Show how the line stands; the lists stay."""
        self.head.show_status(status, now)
        self.brake.show_status(status)
        self.tools.show_status(status)
        counts = {
            RecordState.WAITING: status.waiting,
            RecordState.CONFLICT: status.conflicts,
            RecordState.REFUSED: status.refused,
            RecordState.HELD: status.held,
        }
        self.tabs.show_counts(counts)
        self.badge.emit(status.conflicts + status.refused)

    def showEvent(self, event: QShowEvent) -> None:
        """Read again when it comes to the front."""
        super().showEvent(event)
        self._rest.start()

    def _make_parts(self) -> None:
        context = self._context
        self.form = EnrolForm(context)
        self.head = LineHead()
        self.brake = BrakeBar(may_allow=context.actor.administers)
        self.tools = LineTools(context, self)
        self.tabs = QueueTabs(context, self.deeds.words)

    def _lay_out(self) -> None:
        self._outside = QWidget()
        self._fill_outside(QVBoxLayout(self._outside))
        self._inside = QWidget()
        lines = QVBoxLayout(self._inside)
        lines.setContentsMargins(gap(4), gap(3), gap(4), gap(3))
        lines.setSpacing(gap(2))
        lines.addWidget(self.brake)
        lines.addWidget(self.head)
        lines.addWidget(self.tools)
        lines.addWidget(self.tabs, 1)
        self._waiting = QWidget()
        self._stack = QStackedLayout(self)
        for widget in (self._waiting, self._outside, self._inside):
            self._stack.addWidget(widget)

    def _fill_outside(self, lines: QVBoxLayout) -> None:
        lines.setContentsMargins(gap(6), gap(4), gap(6), gap(4))
        lines.setSpacing(gap(3))
        title = set_look(name(QLabel(_("接入市平台")), "enrol_title", _("接入市平台")), "title")
        demo = self._context.desk.reference.office().demonstration
        said = name(QLabel(outside_words(demo=demo, administers=self._context.actor.administers)), "enrol_about", "")
        said.setAccessibleName(said.text())
        said.setWordWrap(True)
        lines.addWidget(title)
        lines.addWidget(said)
        lines.addWidget(self.form)
        self.form.setVisible(self._context.actor.administers and not demo)
        lines.addStretch(1)

    def _connect(self) -> None:
        self._context.bridge.changed.connect(self._changed)
        self.form.enrolled.connect(self._on_enrolled)
        self.tools.changed.connect(self.refresh)
        self.brake.allowed.connect(self.tools.allow_removals)
        self.tabs.acted.connect(self.deeds.do)
        self.tabs.opened.connect(lambda case_id: self.wanted.emit("cases", case_id))
        self.deeds.wanted.connect(self.wanted)
        self.deeds.done.connect(self.refresh)
        line = self._context.line
        if line is not None:
            line.told.connect(self._on_told)
            line.progressed.connect(self.tools.show_progress)

    def _on_told(self, status: SyncStatus) -> None:
        if status.state != LineState.NOT_ENROLLED and self._stack.currentWidget() is self._inside:
            self.show_status(status, self._context.desk.clock.now())
        if self.isVisible():
            self._rest.start()

    def _on_enrolled(self) -> None:
        self._context.notices.say(_("已接入市平台,正在第一次接收"))
        if self._context.line is not None:
            self._context.line.start()
            self._context.line.now()
        self.refresh()

    def _changed(self, _changes: ChangeSet) -> None:
        if self.isVisible():
            self._rest.start()


def read_picture(desk: Desk, watch: Watch) -> SyncPicture:
    """The line and every list as they are now."""
    status = desk.sync.status()
    if status.state == LineState.NOT_ENROLLED:
        return SyncPicture(status, desk.clock.now())
    lines: dict[RecordState, Sequence[QueueLine]] = {}
    for kind in KINDS:
        watch.check()
        lines[kind.state] = desk.sync.queue(kind.state, MOST)
    return SyncPicture(status, desk.clock.now(), lines, desk.sync.missing_files())


def outside_words(*, demo: bool, administers: bool) -> str:
    """What stands above the form, or in its place."""
    if demo:
        return _("演示数据只在本机,不能接入市平台。请新建本单位的正式数据再接入。")
    if not administers:
        return _("这台电脑还没有接入市平台。接入由本单位管理员办理;在那之前照常工作,内容都保存在本机。")
    return _("接入后,本机的案件会自动送到市平台,本区县别的电脑办理的也会收到这里。断网时照常工作,内容都在本机。")
