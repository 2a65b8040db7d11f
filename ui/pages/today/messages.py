"""What the program has to tell besides the work: drafts waiting, the calendar's end, an old backup."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout

from app.base.problem_words import problem_sentence
from app.base.words import _
from app.domain.case_views import CountSaid
from app.domain.finding_views import FindingView, TaskView
from app.sync.views import LineState, RecordState, SyncStatus
from ui.icons import icon
from ui.naming import name
from ui.pages.today.picture import BACKUP_STALE_DAYS, TodayPicture
from ui.theme import gap, set_look
from ui.time_words import moment_words
from ui.widgets.sections import InPart

ICON_PX = 16
CONFIRM_CLOCK = "confirm clock"


@dataclass(frozen=True)
class Message:
    """One line. page and argument: where its button leads (CONFIRM_CLOCK leads nowhere); no button without words."""

    object_name: str
    icon: str
    text: str
    button: str = ""
    page: str = ""
    argument: object = None


class Messages(QFrame):
    """`wanted`: page and argument of the pressed button."""

    wanted = Signal(str, object)

    def __init__(self) -> None:
        super().__init__()
        set_look(name(self, "messages", _("提醒")), "card")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(gap(1), 0, gap(1), 0)
        self._column.setSpacing(0)
        self.hide()

    def show_messages(self, messages: list[Message]) -> None:
        """Replace what is said; nothing to say takes no room."""
        while (item := self._column.takeAt(0)) is not None:
            if (row := item.widget()) is not None:
                row.hide()
                row.deleteLater()
        for message in messages:
            self._column.addWidget(self._row(message))
        self.setVisible(bool(messages))

    def _row(self, message: Message) -> QFrame:
        row = QFrame()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(gap(2))
        sign = QLabel()
        sign.setPixmap(icon(message.icon).pixmap(ICON_PX, ICON_PX))
        line.addWidget(sign)
        words = name(QLabel(message.text), f"{message.object_name}_text", message.text)
        words.setWordWrap(True)
        line.addWidget(words, 1)
        if message.button:
            button = set_look(name(QPushButton(message.button), message.object_name, message.button), "quiet")
            button.clicked.connect(self._leader(message))
            line.addWidget(button)
        return row

    def _leader(self, message: Message) -> Callable[[], None]:
        return lambda: self.wanted.emit(message.page, message.argument)


def line_messages(line: SyncStatus) -> list[Message]:
    """What the line to the city needs somebody for."""
    said = []
    parts = [
        _("{n} 条冲突").format(n=line.conflicts) if line.conflicts else "",
        _("{n} 条退回").format(n=line.refused) if line.refused else "",
    ]
    if any(parts):
        text = _("{things}需要处理").format(things=_("、").join(part for part in parts if part))
        state = RecordState.CONFLICT if line.conflicts else RecordState.REFUSED
        said.append(Message("line_troubles", "sync", text, _("去处理"), "sync", state))
    if line.state == LineState.STOPPED:
        said.append(Message("line_stopped", "warning", _("同步已停,要有人处理才能继续"), _("去看看"), "sync"))
    return said


def field_messages(picture: TodayPicture) -> list[Message]:
    """Findings and tasks that wait for somebody."""
    findings, tasks = picture.findings, picture.tasks
    asked: list[tuple[str, CountSaid, str, InPart]] = [
        ("tasks_overdue", tasks[TaskView.OVERDUE], _("{n} 个核实核查任务已超期"), InPart("tasks", TaskView.OVERDUE)),
        (
            "tasks_to_hand",
            tasks[TaskView.TO_HAND],
            _("{n} 个核实核查任务还没有交办"),
            InPart("tasks", TaskView.TO_HAND),
        ),
        (
            "findings_due",
            findings[FindingView.WATCH_DUE],
            _("{n} 个持续关注的问题今天到期"),
            InPart("findings", FindingView.WATCH_DUE),
        ),
        (
            "findings_waiting",
            findings[FindingView.WAITING],
            _("{n} 个巡查问题待处理"),
            InPart("findings", FindingView.WAITING),
        ),
    ]
    return [
        Message(key, "round", words.format(n=f"{said.count}{'+' if said.capped else ''}"), _("去处理"), "patrols", part)
        for key, said, words, part in asked
        if said.count
    ]


def messages_of(picture: TodayPicture, *, administers: bool) -> list[Message]:
    """What there is to tell, most useful first."""
    said = []
    if picture.clock_doubt is not None:
        text = problem_sentence(picture.clock_doubt)
        button = _("时钟没有错") if administers else ""
        said.append(Message("clock_doubt", "warning", text, button, CONFIRM_CLOCK))
    said += line_messages(picture.line)
    said += field_messages(picture)
    if picture.drafts:
        newest = picture.drafts[0]
        at = moment_words(newest.changed_at, picture.now)
        text = _("有 {n} 份没录完的案件,最近一份 {at}").format(n=len(picture.drafts), at=at)
        said.append(Message("continue_draft", "edit", text, _("继续录入"), "cases", newest))
    if picture.calendar_gap_year is not None:
        text = _("缺少 {year} 年的工作日历:跨年的时限暂不能计算").format(year=picture.calendar_gap_year)
        said.append(Message("import_calendar", "calendar", text, _("去设置"), "settings", "calendar"))
    if picture.backup_days is not None and picture.backup_days >= BACKUP_STALE_DAYS:
        text = _("已有 {n} 天没有备份").format(n=picture.backup_days)
        said.append(Message("old_backup", "backup", text, _("去设置"), "settings", "data"))
    return said
