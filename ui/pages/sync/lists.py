"""What has not arrived, apart by why: waiting, returned, in conflict, held by the city, photos missing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QTabWidget, QVBoxLayout, QWidget

from app.base.words import N_, _
from app.sync.views import MissingFile, QueueLine, RecordState
from ui.naming import name
from ui.pages.context import PageContext
from ui.pages.sync.deeds import place_of
from ui.sync_words import clock_words, code_words
from ui.tables.columns import Column
from ui.tables.small_table import SmallTable
from ui.theme import gap, set_look
from ui.widgets.empty_state import EmptyState

MOST = 500
MISSING_WORDS: Mapping[str, str] = {
    "missing": N_("本机磁盘上的原件不见了,请从备份恢复,或重新添加"),
    "waiting": N_("下次同步时问市平台"),
    "wanted": N_("拍照的电脑还没有送到市平台,送到后就能取"),
}
Deeds = Callable[[str], str]
Now = Callable[[], datetime]


@dataclass(frozen=True)
class ListKind:
    """One list. title: msgid of its tab. empty: msgid said when there is nothing. acts: (name, msgid) of its buttons."""

    state: RecordState
    title: str
    empty: str
    acts: tuple[tuple[str, str], ...] = ()


OPEN = ("open", N_("打开"))
KINDS = (
    ListKind(RecordState.WAITING, N_("待送"), N_("没有待送的内容,市平台都收到了"), (OPEN,)),
    ListKind(
        RecordState.CONFLICT,
        N_("冲突"),
        N_("没有冲突。别处改了同一项内容时,会列在这里请您选择"),
        (("decide", N_("处理冲突…")), OPEN),
    ),
    ListKind(
        RecordState.REFUSED,
        N_("退回"),
        N_("没有退回。市平台不收的内容会列在这里,说明是哪一项、为什么"),
        (("correct", N_("打开更正")), ("resend", N_("再送一次"))),
    ),
    ListKind(RecordState.HELD, N_("等待"), N_("没有在市平台等待的内容"), (OPEN,)),
)


def queue_columns(kind: RecordState, deeds: Deeds, now: Now) -> list[Column[QueueLine]]:
    """The columns of a list of records; deeds: a deed in words."""
    wide = kind == RecordState.WAITING
    columns: list[Column[QueueLine]] = [
        Column("what", N_("内容"), 340 if wide else 250, lambda line: line.title),
        Column("step", N_("办理"), 110, lambda line: deeds(line.action)),
        Column("who", N_("人员"), 116, lambda line: line.actor_name),
        Column("when", N_("时间"), 96, lambda line: clock_words(line.made_at, now())),
    ]
    if wide:
        columns.append(Column("changes", N_("改动"), 90, lambda line: _("{n} 处").format(n=line.changes)))
        return columns
    if kind == RecordState.REFUSED:
        columns.append(Column("field", N_("哪一项"), 90, lambda line: line.field))
    columns.append(Column("why", N_("原因"), 230, reason_words, hint=reason_words))
    return columns


def missing_columns() -> list[Column[MissingFile]]:
    """The columns of photos whose bytes are not here."""
    return [
        Column("case", N_("案件"), 180, lambda line: line.case_no),
        Column("name", N_("照片"), 200, lambda line: line.name),
        Column("why", N_("原因"), 360, missing_words),
    ]


def reason_words(line: QueueLine) -> str:
    """Why it has not arrived."""
    if line.state == RecordState.CONFLICT and not line.message:
        return _("别处也改了这一项,请选择用哪一个")
    if line.waiting_for:
        return _("等 {what} 先到").format(what=line.waiting_for)
    return line.message or (code_words(line.code, {}) if line.code else "")


def missing_words(line: MissingFile) -> str:
    """Why a photo is not here."""
    if line.code:
        return code_words(line.code, {})
    return _(MISSING_WORDS.get(line.state, MISSING_WORDS["wanted"]))


class QueuePane(QWidget):
    """One list with its buttons. `acted`: which button, and the line it is about."""

    acted = Signal(str, object)

    def __init__(self, kind: ListKind, context: PageContext, deeds: Deeds) -> None:
        super().__init__()
        key = f"sync_{kind.state}"
        name(self, f"{key}_pane", _(kind.title))
        self.kind = kind
        columns = queue_columns(kind.state, deeds, context.desk.clock.now)
        self.table: SmallTable[QueueLine] = SmallTable(key, _(kind.title), columns, context, EmptyState(_(kind.empty)))
        self._capped = set_look(name(QLabel(), f"{key}_capped", _("条数")), "muted")
        self._capped.hide()
        self._reason = name(QLabel(), f"{key}_reason", _("原因"))
        self._reason.setWordWrap(True)
        self._reason.setTextFormat(Qt.TextFormat.PlainText)
        self._reason.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.buttons = {act: name(QPushButton(_(title)), f"{key}_{act}", _(title)) for act, title in kind.acts}
        self._lay_out()
        self.table.chosen.connect(self._on_chosen)
        self.table.opened.connect(lambda _line: self._act(kind.acts[0][0]))
        for act, button in self.buttons.items():
            button.clicked.connect(self._pressed(act))
        self._on_chosen(None)

    def show_lines(self, lines: Sequence[QueueLine]) -> None:
        """Show these."""
        self.table.show_all(lines)
        self._capped.setText(_("这里列出最早的 {n} 条").format(n=MOST))
        self._capped.setVisible(len(lines) >= MOST)
        self._on_chosen(self.table.current())

    def reason(self) -> str:
        """What is said about the line a person stands on."""
        return self._reason.text()

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(gap(2))
        row.addWidget(self._reason, 1)
        row.addWidget(self._capped)
        for button in self.buttons.values():
            row.addWidget(button)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, gap(1), 0, 0)
        lines.setSpacing(gap(2))
        lines.addWidget(self.table, 1)
        lines.addLayout(row)

    def _on_chosen(self, line: QueueLine | None) -> None:
        self._reason.setText("" if line is None else told(line))
        for act, button in self.buttons.items():
            leads = act in ("open", "correct")
            button.setEnabled(line is not None and (not leads or place_of(line) is not None))

    def _pressed(self, act: str) -> Callable[[], None]:
        return lambda: self._act(act)

    def _act(self, act: str) -> None:
        line = self.table.current()
        if line is not None and self.buttons[act].isEnabled():
            self.acted.emit(act, line)


class MissingPane(QWidget):
    """Photos that are named by a case and not here. `opened` carries the case's id."""

    opened = Signal(object)

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        name(self, "sync_missing_pane", _("缺照片"))
        self.table: SmallTable[MissingFile] = SmallTable(
            "sync_missing", _("缺照片"), missing_columns(), context, EmptyState(_("没有缺的照片"))
        )
        self.table.opened.connect(lambda line: self.opened.emit(line.case_id))
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, gap(1), 0, 0)
        lines.addWidget(self.table)


class QueueTabs(QTabWidget):
    """All lists, each tab with its number. `acted`: button and line; `opened`: id of a case."""

    acted = Signal(str, object)
    opened = Signal(object)

    def __init__(self, context: PageContext, deeds: Deeds) -> None:
        super().__init__()
        name(self, "sync_lists", _("没有送达的内容"))
        name(self.tabBar(), "sync_tabs", _("没有送达的内容"))
        self.setDocumentMode(True)
        self.panes: dict[RecordState, QueuePane] = {}
        for kind in KINDS:
            pane = self.panes[kind.state] = QueuePane(kind, context, deeds)
            pane.acted.connect(self.acted)
            self.addTab(pane, _(kind.title))
        self.missing = MissingPane(context)
        self.missing.opened.connect(self.opened)
        self.addTab(self.missing, _("缺照片"))

    def show_lines(self, lines: Mapping[RecordState, Sequence[QueueLine]], missing: Sequence[MissingFile]) -> None:
        """Fill every list."""
        for state, pane in self.panes.items():
            pane.show_lines(lines.get(state, ()))
        self.missing.table.show_all(missing)
        self.setTabText(len(KINDS), f"{_('缺照片')} {len(missing):,}" if missing else _("缺照片"))

    def show_counts(self, counts: Mapping[RecordState, int]) -> None:
        """Say in each tab how many there are; what needs somebody has a mark before it."""
        for at, kind in enumerate(KINDS):
            count = counts.get(kind.state, 0)
            mark = "▲ " if count and kind.state in (RecordState.CONFLICT, RecordState.REFUSED) else ""
            self.setTabText(at, f"{mark}{_(kind.title)} {count:,}" if count else _(kind.title))

    def go_to(self, state: RecordState) -> None:
        """Bring a list to the front."""
        self.setCurrentWidget(self.panes[state])


def told(line: QueueLine) -> str:
    """The whole reason of a line, with its cure where the catalogue has one."""
    why = reason_words(line)
    if line.state == RecordState.REFUSED and line.field and line.field not in why:
        return _("{field}:{why}").format(field=line.field, why=why)
    return why
