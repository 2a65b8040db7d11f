"""Random roll calls: drawn with a seed anybody can repeat, answered by telephone with time and place."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.base.words import N_, _
from app.domain.attendance import RollAnswer, RollCall
from app.domain.roll_call import replays
from ui.forms.text_inputs import TextInput
from ui.naming import name
from ui.notices import problem_box
from ui.pages.context import PageContext
from ui.pages.patrols.roll_draw import DrawDialog
from ui.tables.columns import RIGHT, Column
from ui.tables.small_table import SmallTable
from ui.theme import gap, set_look
from ui.time_words import OFFICE_ZONE
from ui.widgets.empty_state import EmptyState

POINT_PX = 200


class RollCalls(QWidget):
    """`go` takes the id of a roll call, or None."""

    wanted = Signal(str, object)

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        name(self, "roll_calls", _("点名抽查"))
        self._context = context
        self._call: RollCall | None = None
        self._wanted: UUID | None = None
        may = context.actor.may_write("roll_call")
        self.draw = set_look(name(QPushButton(_("抽人点名…")), "roll_draw", _("随机抽取在岗人员")), "primary")
        self.calls: SmallTable[RollCall] = SmallTable(
            "roll_table", _("点名记录"), CALL_COLUMNS, context, EmptyState(_("本月还没有点过名"))
        )
        self.answers: SmallTable[RollAnswer] = SmallTable(
            "roll_answers", _("抽中的人"), ANSWER_COLUMNS, context, EmptyState(_("选一次点名,这里列出抽中的人"))
        )
        self.seed = set_look(name(QLabel(), "roll_seed", _("随机种子和名单")), "muted")
        self.seed.setWordWrap(True)
        self.seed.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.point = name(TextInput(60), "roll_point", _("所报位置:经度, 纬度(WGS-84),可不填"))
        self.point.setPlaceholderText(_("经度, 纬度"))
        self.note = name(TextInput(400), "roll_note", _("说明"))
        self.note.setPlaceholderText(_("说明"))
        self.there = name(QPushButton(_("在岗")), "roll_there", _("记为在岗"))
        self.absent = name(QPushButton(_("未应答")), "roll_absent", _("记为未应答"))
        for widget in (self.draw, self.there, self.absent, self.point, self.note):
            widget.setVisible(may)
        self._lay_out()
        self._connect()
        self._show_call(None)

    def go(self, argument: object) -> None:
        """Stand on a roll call."""
        if isinstance(argument, UUID):
            self._wanted = argument
            self.refresh()

    def refresh(self) -> None:
        """Read the month again."""
        desk = self._context.desk
        self._context.tasks.read(lambda _watch: desk.roll_calls.of_month(desk.reference.today()), done=self._show)

    def keep(self) -> None:
        """Answers are kept one by one."""

    def start_draw(self) -> None:
        """Ask how many of whom, and draw."""
        dialog = DrawDialog(self._context, self)
        dialog.drawn.connect(self._on_drawn)
        dialog.open()

    def answer(self, *, there: bool) -> None:
        """Write down what the member one stands on answered."""
        call, answer = self._call, self.answers.current()
        if call is None or answer is None:
            return
        point = read_point(self.point.value())
        if self.point.value() and point is None:
            self._context.notices.say(_("位置请写成 113.65, 34.76 这样的经度和纬度"))
            return
        service, actor, note = self._context.desk.roll_calls, self._context.actor, self.note.value()
        self._context.tasks.write(
            lambda _watch: service.answer(call.id, answer.member_id, actor=actor, there=there, point=point, note=note),
            done=self._on_answered,
            failed=lambda problem: problem_box(self, problem, safe=_("点名没有改动")),
        )

    def copy_list(self) -> None:
        """Seed and list into the clipboard, for whoever wants to draw again."""
        if self._call is not None:
            lines = [self._call.number, self._call.seed, *(str(one) for one in self._call.pool)]
            QApplication.clipboard().setText("\n".join(lines))
            self._context.notices.say(_("已复制种子和名单({n} 人)").format(n=len(self._call.pool)))

    def _show(self, calls: Sequence[RollCall]) -> None:
        self.calls.show_all(calls)
        shown = self._call or next(iter(calls), None)
        wanted, self._wanted = self._wanted or (shown.id if shown else None), None
        self.calls.go_to(lambda call: call.id == wanted)

    def _show_call(self, call: RollCall | None) -> None:
        self._call = call
        for widget in (self.there, self.absent, self.copy):
            widget.setEnabled(call is not None)
        if call is None:
            self.seed.clear()
            self.answers.show_all(())
            return
        checked = _("✓ 按种子和名单重抽,结果一致") if replays(call) else _("▲ 按种子和名单重抽,结果不一致")
        words = _("种子 {seed} · 名单 {pool} 人,抽中 {n} 人 · {checked}")
        self.seed.setText(words.format(seed=call.seed, pool=len(call.pool), n=len(call.answers), checked=checked))
        self.answers.show_all(call.answers)
        self.answers.go_to(lambda answer: answer.answered is None)

    def _on_drawn(self, call: RollCall) -> None:
        self._wanted = call.id
        self.refresh()

    def _on_answered(self, call: RollCall) -> None:
        self.point.set_value("")
        self.note.set_value("")
        self._wanted = call.id
        self._show_call(call)
        self.refresh()
        self.answers.setFocus()

    def _lay_out(self) -> None:
        self.copy = name(QPushButton(_("复制种子和名单")), "roll_copy", _("复制种子和名单,供他人重抽核对"))
        top = QHBoxLayout()
        top.addWidget(self.draw)
        top.addStretch(1)
        answering = QHBoxLayout()
        answering.setSpacing(gap(2))
        self.point.setMaximumWidth(POINT_PX)
        for widget in (self.point, self.note, self.there, self.absent):
            answering.addWidget(widget)
        right = QVBoxLayout()
        right.setSpacing(gap(2))
        right.addWidget(self.seed)
        right.addWidget(self.answers, 1)
        right.addLayout(answering)
        right.addWidget(self.copy, 0, Qt.AlignmentFlag.AlignLeft)
        both = QHBoxLayout()
        both.setSpacing(gap(3))
        both.addWidget(self.calls, 2)
        both.addLayout(right, 3)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(gap(3), gap(2), gap(3), gap(2))
        lines.setSpacing(gap(2))
        lines.addLayout(top)
        lines.addLayout(both, 1)

    def _connect(self) -> None:
        self.draw.clicked.connect(self.start_draw)
        self.calls.chosen.connect(self._show_call)
        self.there.clicked.connect(lambda: self.answer(there=True))
        self.absent.clicked.connect(lambda: self.answer(there=False))
        self.copy.clicked.connect(self.copy_list)


def read_point(text: str) -> tuple[float, float] | None:
    """Longitude and latitude out of "113.65, 34.76"; None when it is none."""
    from app.services.sheets.values import ValueRefused, as_point

    try:
        return as_point(text)
    except ValueRefused:
        return None


def _time(at: datetime | None) -> str:
    return f"{at.astimezone(OFFICE_ZONE):%m-%d %H:%M}" if at else ""


def _answered_words(answer: RollAnswer) -> str:
    if answer.answered is None:
        return _("… 待应答")
    return _("✓ 在岗") if answer.answered else _("▲ 未应答")


def _grid_words(answer: RollAnswer) -> str:
    return "-" if answer.in_grid is None else _("在网格内") if answer.in_grid else _("▲ 不在网格内")


def _done_words(call: RollCall) -> str:
    there = sum(1 for answer in call.answers if answer.answered)
    return f"{there}/{len(call.answers)}"


CALL_COLUMNS: tuple[Column[RollCall], ...] = (
    Column("number", N_("编号"), 170, lambda call: call.number),
    Column("called", N_("点名时间"), 100, lambda call: _time(call.called_at)),
    Column("there", N_("在岗/抽中"), 80, _done_words, RIGHT),
    Column("note", N_("说明"), 120, lambda call: call.note),
)
ANSWER_COLUMNS: tuple[Column[RollAnswer], ...] = (
    Column("name", N_("姓名"), 90, lambda answer: answer.member_name),
    Column(
        "answered",
        N_("应答"),
        90,
        _answered_words,
        light=lambda answer: "red" if answer.answered is False else None,
    ),
    Column("at", N_("时间"), 100, lambda answer: _time(answer.at)),
    Column("in_grid", N_("位置"), 100, _grid_words),
    Column("note", N_("说明"), 160, lambda answer: answer.note),
)
