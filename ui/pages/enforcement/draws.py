"""Draws: the list of what was drawn, what one of them drew, its seed and lists, and the proof that it replays."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.base.watch import Watch
from app.base.words import N_, _
from app.domain.inspections import Draw, DrawPick, Inspection
from app.domain.problems import Problem
from app.services.draws import DrawWish
from ui.keys import listen
from ui.naming import name
from ui.notices import problem_box
from ui.pages.context import PageContext
from ui.pages.enforcement.draw_dialog import DrawDialog
from ui.tables.columns import RIGHT, Column
from ui.tables.record_pane import said_label
from ui.tables.small_table import SmallTable
from ui.theme import gap, set_look
from ui.time_words import moment_words
from ui.widgets.empty_state import EmptyState
from ui.widgets.sections import InPart
from ui.widgets.split_view import SplitView


class DrawsPart(QWidget):
    """`go` takes the id of a draw, or None."""

    wanted = Signal(str, object)
    drawn = Signal(object)
    proved = Signal(bool)

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        name(self, "draws_part", _("双随机"))
        self._context = context
        self._draw: Draw | None = None
        self._wanted: UUID | None = None
        self.dialog: DrawDialog | None = None
        self.table: SmallTable[Draw] = SmallTable(
            "draw_table",
            _("抽查记录"),
            draw_columns(context),
            context,
            EmptyState(_("还没有抽取过"), hint=_("按 Ctrl+N 从企业和执法人员名单里随机抽取;每次抽取都留下种子和名单")),
        )
        self.picks: SmallTable[DrawPick] = SmallTable(
            "draw_picks", _("抽取结果"), pick_columns(), context, EmptyState(_("在左边选一次抽取"))
        )
        self.new = set_look(name(QPushButton(_("+ 抽取 Ctrl+N")), "new_draw", _("抽取")), "primary")
        self.replay = name(QPushButton(_("重算验证 R")), "draw_replay", _("按种子和名单重算一遍"))
        self.open = name(QPushButton(_("这次的检查 O")), "draw_open", _("打开这次抽取的检查"))
        self.facts = said_label("draw_facts", _("抽取依据"))
        self.proof = said_label("draw_proof", _("重算结果"))
        self._lay_out()
        self._connect()
        self._show_draw(None)

    def go(self, argument: object) -> None:
        """Stand on a draw."""
        if isinstance(argument, UUID):
            self._wanted = argument
            self.refresh()

    def refresh(self) -> None:
        """Read the list again."""
        draws = self._context.desk.draws
        self._context.tasks.read(lambda _watch: draws.all(), done=self._show)

    def keep(self) -> None:
        """A draw is asked for at once: there is no draft."""

    def ask_draw(self) -> None:
        """Ask from whom, how many and what for."""
        if not self._context.actor.may_write("draw"):
            return
        self.dialog = DrawDialog(self._context, self)
        self.dialog.agreed.connect(self.draw)
        self.dialog.open()

    def draw(self, wish: DrawWish) -> None:
        """Draw; the inspections are drafted with it, or nothing is."""
        draws, actor, dialog = self._context.desk.draws, self._context.actor, self.dialog

        def job(_watch: Watch) -> tuple[Draw, list[Inspection]]:
            return draws.draw(wish, actor=actor)

        failed = self._trouble if dialog is None else dialog.show_refusal
        self._context.tasks.write(job, done=self._on_drawn, failed=failed)

    def prove(self) -> None:
        """Draw again from seed and lists, and compare."""
        draws, draw = self._context.desk.draws, self._draw
        if draw is not None:
            self._context.tasks.read(lambda _watch: draws.replays(draw.id), done=self._on_proved)

    def open_inspections(self) -> None:
        """The inspections of the draw one stands on."""
        if self._draw is not None:
            self.wanted.emit("enforcement", InPart("inspections", {"draw": self._draw.id}))

    def _show(self, draws: Sequence[Draw]) -> None:
        self.table.show_all(draws)
        wanted, self._wanted = self._wanted or (self._draw.id if self._draw else None), None
        if wanted is not None:
            self.table.go_to(lambda one: one.id == wanted)
        elif draws:
            self.table.go_to(lambda one: one.id == draws[0].id)

    def _show_draw(self, draw: Draw | None) -> None:
        self._draw = draw
        for button in (self.replay, self.open):
            button.setEnabled(draw is not None)
        self.proof.hide()
        self.facts.setText("" if draw is None else "\n".join(fact_lines(draw)))
        self.picks.show_all([] if draw is None else draw.picks)

    def _on_drawn(self, made: tuple[Draw, list[Inspection]]) -> None:
        draw, inspections = made
        if self.dialog is not None:
            self.dialog.accept()
        words = _("已抽取 {n} 户,检查已拟好等待批准").format(n=len(inspections))
        self._context.notices.say(words)
        self._wanted = draw.id
        self.refresh()
        self.drawn.emit(draw)

    def _on_proved(self, holds: bool) -> None:
        set_look(self.proof, "muted" if holds else "wrong")
        self.proof.show()
        self.proof.setText(
            _("✓ 按种子和名单重算,结果完全一致") if holds else _("▲ 重算结果与记录不一致,这次抽取不可采信")
        )
        self.proved.emit(holds)

    def _trouble(self, problem: Problem) -> None:
        problem_box(self, problem, safe=_("没有抽取,什么也没有留下"))

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.addStretch(1)
        top.addWidget(self.new)
        self.new.setVisible(self._context.actor.may_write("draw"))
        side = QWidget()
        lines = QVBoxLayout(side)
        lines.setContentsMargins(gap(3), 0, 0, 0)
        lines.setSpacing(gap(2))
        buttons = QHBoxLayout()
        buttons.setSpacing(gap(2))
        buttons.addWidget(self.replay)
        buttons.addWidget(self.open)
        buttons.addStretch(1)
        lines.addLayout(buttons)
        lines.addWidget(self.proof)
        lines.addWidget(self.picks, 1)
        lines.addWidget(self.facts)
        self.split = SplitView("draws_split", _("双随机"), self.table, side, self._context.remember)
        page = QVBoxLayout(self)
        page.setContentsMargins(gap(3), gap(2), gap(3), gap(2))
        page.setSpacing(gap(2))
        page.addLayout(top)
        page.addWidget(self.split, 1)

    def _connect(self) -> None:
        self.table.chosen.connect(self._show_draw)
        self.new.clicked.connect(self.ask_draw)
        self.replay.clicked.connect(self.prove)
        self.open.clicked.connect(self.open_inspections)
        listen(self, {"Ctrl+N": self.ask_draw, "R": self.prove, "O": self.open_inspections})


def fact_lines(draw: Draw) -> list[str]:
    """What the draw rests on, so that anybody can do it again."""
    heavy = sum(weight > 1 for weight in draw.weights)
    lines = [
        _("名单:企业 {n} 户(加权 {heavy} 户),执法人员 {officers} 名").format(
            n=len(draw.enterprises), heavy=heavy, officers=len(draw.officers)
        ),
        _("种子:{seed}").format(seed=draw.seed),
        _("方法:{method}").format(method=draw.method),
        *(_("回避:{reason}").format(reason=one.reason) for one in draw.exclusions),
        draw.note,
    ]
    return [line for line in lines if line]


def draw_columns(context: PageContext) -> list[Column[Draw]]:
    """One line a draw."""
    clock = context.desk.clock
    return [
        Column("number", N_("编号"), 176, lambda one: one.number),
        Column("drawn_at", N_("抽取时间"), 100, lambda one: moment_words(one.drawn_at, clock.now())),
        Column("wanted", N_("抽取"), 56, lambda one: str(one.wanted), RIGHT),
        Column("from", N_("名单"), 64, lambda one: str(len(one.enterprises)), RIGHT),
        Column("note", N_("说明"), 160, lambda one: one.note),
    ]


def pick_columns() -> list[Column[DrawPick]]:
    """One line a pick."""
    return [
        Column("enterprise", N_("企业"), 170, lambda one: one.enterprise_name),
        Column("officers", N_("执法人员"), 260, lambda one: ";".join(one.officer_words)),
    ]
