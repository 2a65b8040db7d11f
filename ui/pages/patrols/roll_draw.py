"""Asks how many of whom are drawn for a roll call, and with which seed."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.base.words import N_, _
from app.domain.directory import Worker
from app.domain.grids import GridKind
from app.domain.problems import Problem
from app.domain.roll_call import count_of_share
from ui.forms.choice_input import ChoiceInput
from ui.forms.field import FormColumn
from ui.forms.text_inputs import TextInput
from ui.naming import name
from ui.notices import problem_box
from ui.pages.context import PageContext
from ui.theme import gap, set_look

WIDTH = 460


class DrawDialog(QDialog):
    """`drawn` carries the roll call."""

    drawn = Signal(object)

    def __init__(self, context: PageContext, parent: QWidget) -> None:
        super().__init__(parent)
        name(self, "draw_dialog", _("抽人点名"))
        self.setWindowTitle(_("抽人点名"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(WIDTH)
        self._context = context
        desk = context.desk
        streets = desk.reference.divisions().streets_of(desk.reference.office().district_code)
        self.street = ChoiceInput([(one.code, one.name) for one in streets], empty=N_("全部街道"))
        duty = desk.grids.all(GridKind.DUTY)
        self.grid = ChoiceInput([(one.code, f"{one.code} {one.name}".strip()) for one in duty], empty=N_("全部网格"))
        self.count, self.seed, self.note = TextInput(10), TextInput(64), TextInput(400)
        self.count.set_value(f"{100 * desk.grids.rules().roll_call_share:g}%")
        self.pool = name(QLabel(), "draw_pool", _("在岗名单人数"))
        self.form = FormColumn()
        self.form.add("street_code", _("街道"), self.street)
        self.form.add("grid_code", _("责任网格"), self.grid)
        self.form.add("count", _("抽取"), self.count, hint=_("人数如 3,或比例如 10%"), required=True)
        self.form.add("seed", _("随机种子"), self.seed, hint=_("不填则自动生成;同一种子和名单,谁抽都一样"))
        self.form.add("note", _("说明"), self.note)
        self._lay_out()
        for choice in (self.street, self.grid):
            choice.edited.connect(self._count)
        self._count()

    def submit(self) -> None:
        """Draw."""
        pool = self._pool()
        count = read_count(self.count.value(), len(pool))
        if count is None:
            self.form.show_refusals({"count": _("请写人数如 3,或比例如 10%")})
            return
        service, actor = self._context.desk.roll_calls, self._context.actor
        seed, note = self.seed.value(), self.note.value()
        self._context.tasks.write(
            lambda _watch: service.call(pool, count, actor=actor, seed=seed, note=note),
            done=self._on_drawn,
            failed=self._on_trouble,
        )

    def _pool(self) -> list[Worker]:
        desk = self._context.desk
        street, grid = self.street.value() or "", self.grid.value() or ""
        return desk.roll_calls.pool(desk.reference.today(), street_code=street, grid_code=grid)

    def _count(self) -> None:
        self.pool.setText(_("今天在岗 {n} 人").format(n=len(self._pool())))

    def _on_drawn(self, call: object) -> None:
        self.drawn.emit(call)
        self.accept()

    def _on_trouble(self, problem: Problem) -> None:
        problem_box(self, problem, safe=_("没有抽取,也没有记录"))

    def _lay_out(self) -> None:
        ok = set_look(name(QPushButton(_("抽取")), "draw_ok", _("抽取")), "primary")
        cancel = name(QPushButton(_("取消")), "draw_cancel", _("取消"))
        ok.setDefault(True)
        ok.clicked.connect(self.submit)
        cancel.clicked.connect(self.reject)
        foot = QHBoxLayout()
        foot.setSpacing(gap(2))
        foot.addWidget(self.pool)
        foot.addStretch(1)
        foot.addWidget(cancel)
        foot.addWidget(ok)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(gap(5), gap(4), gap(5), gap(4))
        lines.setSpacing(gap(3))
        lines.addWidget(self.form)
        lines.addLayout(foot)


def read_count(text: str, pool: int) -> int | None:
    """How many: "3" or "10%" of the list; None when it is neither."""
    plain = text.replace("%", "%").strip()
    number = plain.removesuffix("%").strip()
    if not number.replace(".", "", 1).isdecimal():
        return None
    if plain.endswith("%"):
        share = float(number) / 100
        return count_of_share(share, pool) if 0 < share <= 1 else None
    return int(number) if number.isdecimal() else None
