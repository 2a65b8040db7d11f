"""The head of the sync page: the state in words, what nobody else sees yet, and the facts of the line."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QVBoxLayout

from app.base.words import _
from app.sync.views import LineState, SyncStatus
from ui.naming import name
from ui.sync_words import CLOCK_WARN_S, clock_words, head_words, offset_words, problem_words, proof_words, unseen_words
from ui.theme import gap, set_look

NARROW_PX = 720
Fact = tuple[str, str, str, str]


class LineHead(QFrame):
    """A card; `show_status` says everything anew."""

    def __init__(self) -> None:
        super().__init__()
        set_look(name(self, "line_head", _("与市平台的连接")), "card")
        self._state = set_look(name(QLabel(), "line_title", _("状态")), "title")
        self._proof = name(QLabel(), "line_proof", _("核对结果"))
        self._problem = name(QLabel(), "line_problem", _("原因"))
        self._unseen = name(QLabel(), "line_unseen", _("别人还看不到的内容"))
        for label in (self._state, self._problem, self._unseen):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
        self._facts: dict[str, tuple[QLabel, QLabel]] = {}
        self._columns = 0
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(gap(3))
        self._grid.setVerticalSpacing(gap(1))
        top = QHBoxLayout()
        top.setSpacing(gap(4))
        top.addWidget(self._state, 1)
        top.addWidget(self._proof, 0, Qt.AlignmentFlag.AlignTop)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(gap(2), gap(1), gap(2), gap(1))
        lines.setSpacing(gap(2))
        lines.addLayout(top)
        lines.addWidget(self._problem)
        lines.addWidget(self._unseen)
        lines.addLayout(self._grid)

    def show_status(self, status: SyncStatus, now: datetime) -> None:
        """Tell how it stands."""
        self._state.setText(head_words(status, now))
        set_look(self._state, "title_wrong" if status.state == LineState.STOPPED else "title")
        self._proof.setText(proof_words(status))
        set_look(self._proof, "wrong" if status.equal is False else "muted")
        _say(self._problem, "" if status.brake else problem_words(status))
        set_look(self._problem, "wrong" if status.state == LineState.STOPPED else "")
        _say(self._unseen, unseen_words(status, now))
        for key, title, value, look in facts_of(status, now):
            self._tell(key, title, value, look)
        self._arrange()

    def words(self) -> str:
        """Everything said, for a test and a screen reader."""
        labels = [self._state, self._proof, self._problem, self._unseen]
        said = [label.text() for label in labels if not label.isHidden() and label.text()]
        return " | ".join([*said, *(f"{title.text()} {value.text()}" for title, value in self._facts.values())])

    def fact(self, key: str) -> str:
        """The value of one fact."""
        return self._facts[key][1].text()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Two columns of facts where there is room, else one."""
        super().resizeEvent(event)
        self._arrange()

    def _tell(self, key: str, title: str, value: str, look: str) -> None:
        if key not in self._facts:
            label = set_look(QLabel(title, self), "muted")
            label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
            shown = name(QLabel(self), f"line_{key}", title)
            shown.setWordWrap(True)
            shown.setTextFormat(Qt.TextFormat.PlainText)
            shown.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self._facts[key] = (label, shown)
            self._columns = 0
        self._facts[key][1].setText(value)
        set_look(self._facts[key][1], look)

    def _arrange(self) -> None:
        columns = 2 if self.width() >= NARROW_PX else 1
        if columns == self._columns or not self._facts:
            return
        self._columns = columns
        while self._grid.takeAt(0) is not None:
            pass
        widest = max(label.sizeHint().width() for label, _value in self._facts.values())
        for at, (label, value) in enumerate(self._facts.values()):
            label.setFixedWidth(widest)
            row, column = divmod(at, columns)
            self._grid.addWidget(label, row, column * 2, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(value, row, column * 2 + 1)
        for place in range(4):
            self._grid.setColumnStretch(place, 1 if place % 2 and place < 2 * columns else 0)


def facts_of(status: SyncStatus, now: datetime) -> Sequence[Fact]:
    """(key, title, value, look) in the order they are read."""
    late = abs(status.clock_offset_s) > CLOCK_WARN_S
    nothing = _("还没有")
    success = clock_words(status.last_success_at, now) if status.last_success_at else nothing
    tried = clock_words(status.last_try_at, now) if status.last_try_at else nothing
    waiting = _("{n} 条改动,{m} 张照片").format(n=f"{status.waiting:,}", m=f"{status.files_waiting:,}")
    numbers = _("{n} 个").format(n=f"{status.numbers_left:,}") if status.numbers_left else _("没有,先用本机编号")
    return (
        ("url", _("地址"), status.url, ""),
        ("success", _("上次成功"), success, ""),
        ("mark", _("本机标记"), status.pc_mark, ""),
        ("try", _("上次尝试"), tried, ""),
        ("numbers", _("剩余编号"), numbers, ""),
        ("next", _("下次尝试"), next_words(status, now), ""),
        ("waiting", _("待送"), waiting, ""),
        ("clock", _("电脑时间"), offset_words(status), "wrong" if late else ""),
    )


def next_words(status: SyncStatus, now: datetime) -> str:
    """When the line tries again."""
    match status.state:
        case LineState.PAUSED:
            return _("继续同步以后")
        case LineState.STOPPED:
            return _("有人处理以后")
        case _:
            return clock_words(status.next_try_at, now) if status.next_try_at else _("有新内容时")


def _say(label: QLabel, text: str) -> None:
    label.setText(text)
    label.setVisible(bool(text))
