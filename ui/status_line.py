"""The line at the foot: the truth about what has left this PC, the last backup, and the version."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from PySide6.QtCore import QSize, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from app.base.version import VERSION
from app.base.words import _
from app.sync.views import LineState, SyncStatus
from ui.naming import name
from ui.sync_words import foot_words, needs_a_person
from ui.theme import gap, set_look
from ui.time_words import OFFICE_ZONE

SAID_MS = 6000


@dataclass(frozen=True)
class DeskState:
    """What the foot line tells. last_backup_at: None when there was none yet. sync: None until the line was asked."""

    waiting: int
    last_backup_at: datetime | None
    now: datetime
    sync: SyncStatus | None = None


class StatusLine(QWidget):
    """`backup_wanted`: the backup word was pressed. `line_wanted`: the word about the line to the city."""

    backup_wanted = Signal()
    line_wanted = Signal()
    about_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        name(self, "status_line", _("状态"))
        self.line = set_look(name(_ShrinkingButton(), "line_state", _("市平台连接")), "quiet")
        self.line.clicked.connect(self.line_wanted)
        self.said = set_look(name(QLabel(), "said", _("提示")), "muted")
        self.backup = set_look(name(QPushButton(), "backup_state", _("上次备份")), "quiet")
        self.backup.clicked.connect(self.backup_wanted)
        self.version = set_look(name(QPushButton(f"v{VERSION}"), "version", _("版本和许可")), "quiet")
        self.version.clicked.connect(self.about_wanted)
        row = QHBoxLayout(self)
        row.setContentsMargins(gap(1), 0, gap(2), 0)
        row.setSpacing(gap(4))
        row.addWidget(self.line)
        row.addWidget(self.said, 1)
        row.addWidget(self.backup)
        row.addWidget(self.version)
        self._silence = QTimer(self)
        self._silence.setSingleShot(True)
        self._silence.timeout.connect(self.said.clear)

    def show_state(self, state: DeskState) -> None:
        """Say how things stand."""
        said = line_words(state.waiting)
        warn = False
        if state.sync is not None and state.sync.state != LineState.NOT_ENROLLED:
            said, warn = foot_words(state.sync, state.now), needs_a_person(state.sync)
        self.line.setText(said)
        self.line.setAccessibleName(f"{_('市平台连接')} {said}")
        self.line.setToolTip(_("{state}。点开“同步”页").format(state=said))
        set_look(self.line, "quiet_wrong" if warn else "quiet")
        self.backup.setText(backup_words(state))

    def say(self, text: str) -> None:
        """Say something in passing."""
        self.said.setText(text)
        self._silence.start(SAID_MS)


class _ShrinkingButton(QPushButton):
    """Never keeps a window wide for a long sentence; the hint says what does not fit."""

    def minimumSizeHint(self) -> QSize:
        return QSize(gap(20), super().minimumSizeHint().height())


def line_words(waiting: int) -> str:
    """What waits for the city."""
    if not waiting:
        return _("未连市平台 · 没有待送")
    return _("未连市平台 · {n} 条待送").format(n=waiting)


def backup_words(state: DeskState) -> str:
    """When the last backup was made."""
    if state.last_backup_at is None:
        return _("还没有备份")
    at, today = state.last_backup_at.astimezone(OFFICE_ZONE), state.now.astimezone(OFFICE_ZONE).date()
    if at.date() == today:
        return _("备份 {time} ✓").format(time=f"{at:%H:%M}")
    if today - at.date() == timedelta(days=1):
        return _("备份 昨天 {time}").format(time=f"{at:%H:%M}")
    day = f"{at:%m-%d}" if at.year == today.year else f"{at:%Y-%m-%d}"
    return _("备份 {day}").format(day=day)
