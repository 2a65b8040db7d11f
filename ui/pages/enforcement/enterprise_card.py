"""One enterprise beside the list: its form, what of the year's cap is used, and every visit there was."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from app.base.problem_words import problem_sentence
from app.base.watch import Watch
from app.base.words import N_, _
from app.domain.inspection_caps import Standing, visit_day
from app.domain.inspections import INSPECTION_BASIS_TITLES, INSPECTION_STATE_TITLES, Enterprise, Inspection
from app.domain.problems import Problem
from app.reports.inspection_paper import result_word
from ui.forms.key_input import KeyInput
from ui.forms.record_form import RecordForm
from ui.forms.text_inputs import TextInput
from ui.keys import listen
from ui.naming import name
from ui.pages.context import PageContext
from ui.pages.enforcement.inspections_detail import standing_words
from ui.tables.columns import Column
from ui.tables.small_table import SmallTable
from ui.tasks import Latest
from ui.theme import gap, set_look
from ui.widgets.empty_state import EmptyState

FIELDS = ("name", "credit_code", "category", "risk", "street_code", "address", "yearly_cap", "active")
VISITS_PX = 150


@dataclass(frozen=True)
class _Read:
    enterprise: Enterprise
    standing: Standing
    visits: list[Inspection]


class EnterpriseCard(QWidget):
    """`saved` carries the id of a company that was kept; `visit_wanted` a visit to open; `inspect_wanted`: a new one."""

    saved = Signal(object)
    visit_wanted = Signal(object)
    inspect_wanted = Signal()

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        name(self, "enterprise_card", _("企业详情"))
        self._context = context
        self.enterprise: Enterprise | None = None
        self._touched = False
        self._latest: Latest[_Read] = Latest(context.tasks, done=self._show, pause_ms=60, parent=self)
        desk = context.desk
        streets = KeyInput(desk.pickers.streets, self._street_name, "")
        self.form: RecordForm[Enterprise] = RecordForm(
            Enterprise, FIELDS, widgets={"street_code": streets, "address": TextInput(400)}
        )
        self.title = set_look(name(QLabel(), "enterprise_title", _("正在编辑")), "title")
        self.standing = name(QLabel(), "enterprise_standing", _("年度次数"))
        self._said = set_look(name(QLabel(), "enterprise_refused", _("没有保存的原因")), "wrong")
        for label in (self.title, self.standing, self._said):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
        self.save = set_look(name(QPushButton(_("保存 Ctrl+S")), "enterprise_save", _("保存")), "primary")
        self.inspect = name(QPushButton(_("拟检查 J")), "enterprise_inspect", _("拟检查"))
        self.visits: SmallTable[Inspection] = SmallTable(
            "enterprise_visits", _("历次检查"), _visit_columns(), context, EmptyState(_("还没有检查过"))
        )
        self._lay_out()
        self._connect()
        self.start_new()

    def show_record(self, enterprise_id: UUID | None) -> None:
        """Show a company, unless it is the one being typed or none is chosen."""
        known = self.enterprise
        if enterprise_id is None or (known is not None and known.id == enterprise_id and self._touched):
            return
        inspections, enterprises = self._context.desk.inspections, self._context.desk.enterprises

        def read(_watch: Watch) -> _Read:
            return _Read(
                enterprises.get(enterprise_id),
                inspections.standing(enterprise_id),
                inspections.of_enterprise(enterprise_id),
            )

        self._latest.ask(read)

    def refresh(self) -> None:
        """Read it again; what is half typed stays."""
        if self.enterprise is not None:
            self.show_record(self.enterprise.id)

    def start_new(self) -> None:
        """An empty form."""
        self._latest.drop()
        self.enterprise, self._touched = None, False
        self.title.setText(_("新企业"))
        self.standing.setText("")
        self.form.fill(**{**dict.fromkeys(FIELDS), "active": True})
        self.form.clear_refusals()
        self._said.setText("")
        self.visits.show_all([])
        self.inspect.setEnabled(False)
        self.form.field("name").setFocus(Qt.FocusReason.OtherFocusReason)

    def submit(self) -> None:
        """Keep the company in the form."""
        service, actor, known = self._context.desk.enterprises, self._context.actor, self.enterprise
        now, own = self._context.desk.clock.now(), known.id if known else self._context.desk.store.ids.new()
        made = self.form.submit(id=own, created_at=now, changed_at=now)
        if made is None:
            return
        self._said.setText("")
        values = {field: getattr(made, field) for field in FIELDS}
        self._context.tasks.write(
            lambda _watch: service.save(values, actor=actor, enterprise_id=known.id if known else None),
            done=self._on_saved,
            failed=self._on_no,
        )

    def refused_words(self) -> str:
        """What is said to be in the way."""
        return self._said.text()

    def _show(self, read: _Read) -> None:
        self.enterprise, self._touched = read.enterprise, False
        self.title.setText(read.enterprise.name)
        self.standing.setText(standing_words(read.standing))
        set_look(self.standing, "wrong" if read.standing.over else "muted")
        self.form.fill(**{field: getattr(read.enterprise, field) for field in FIELDS})
        self.form.clear_refusals()
        self._said.setText("")
        self.visits.show_all(read.visits)
        self.inspect.setEnabled(read.enterprise.active)

    def _on_saved(self, enterprise: Enterprise) -> None:
        self._touched = False
        self._context.notices.say(_("已保存 {name}").format(name=enterprise.name))
        self.show_record(enterprise.id)
        self.saved.emit(enterprise.id)

    def _on_no(self, problem: Problem) -> None:
        sentence = problem_sentence(problem)
        field = "name" if problem.code == "enterprise.name_missing" else "credit_code"
        if problem.code.startswith("enterprise."):
            self.form.show_refusals({field: sentence})
        else:
            self._said.setText(sentence)

    def _on_typed(self) -> None:
        self._touched = True

    def _street_name(self, code: str) -> str:
        street = self._context.desk.reference.divisions().street(code)
        return street.name if street is not None else ""

    def _lay_out(self) -> None:
        may = self._context.actor.may_write("enterprise")
        self.save.setVisible(may)
        self.inspect.setVisible(self._context.actor.may_write("inspection"))
        buttons = QHBoxLayout()
        buttons.setSpacing(gap(2))
        buttons.addWidget(self.save)
        buttons.addWidget(self.inspect)
        buttons.addStretch(1)
        body = QWidget()
        lines = QVBoxLayout(body)
        lines.setContentsMargins(gap(3), gap(2), gap(3), gap(2))
        lines.setSpacing(gap(2))
        for widget in (self.title, self.standing, self.form, self._said):
            lines.addWidget(widget)
        lines.addLayout(buttons)
        lines.addWidget(set_look(QLabel(_("历次检查")), "muted"))
        self.visits.setMinimumHeight(VISITS_PX)
        lines.addWidget(self.visits, 1)
        area = name(QScrollArea(), "enterprise_scroll", _("企业详情"))
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidget(body)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.addWidget(area)

    def _connect(self) -> None:
        self.form.changed.connect(self._on_typed)
        self.save.clicked.connect(self.submit)
        self.inspect.clicked.connect(self.inspect_wanted)
        self.visits.opened.connect(self.visit_wanted)
        listen(self, {"Ctrl+S": self.submit})


def _visit_columns() -> list[Column[Inspection]]:
    return [
        Column("day", N_("日期"), 84, lambda one: f"{visit_day(one):%Y-%m-%d}"),
        Column("state", N_("状态"), 64, lambda one: _(INSPECTION_STATE_TITLES[one.state])),
        Column("basis", N_("来源"), 84, lambda one: _(INSPECTION_BASIS_TITLES[one.basis])),
        Column("units", N_("检查单位"), 104, lambda one: "、".join(one.units)),
        Column("result", N_("结果"), 84, lambda one: result_word(one.result)),
    ]
