"""Officers: the list with the lights of their certificates, and the form beside it. Only an administrator changes it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.base.words import N_, _
from app.domain.inspections import Officer
from app.domain.problems import Problem
from ui.forms.record_form import RecordForm
from ui.keys import listen
from ui.naming import name
from ui.notices import problem_box
from ui.pages.context import PageContext
from ui.tables.columns import Column
from ui.tables.small_table import SmallTable
from ui.theme import gap, set_look
from ui.widgets.empty_state import EmptyState

FORM_PX = 320
WARN_DAYS = 60
FIELDS = ("name", "unit_name", "certificate_no", "valid_from", "valid_until", "active")


class OfficersPart(QWidget):
    """`go` takes the id of an officer, or None."""

    wanted = Signal(str, object)

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        name(self, "officers_part", _("执法人员"))
        self._context = context
        self._officer: Officer | None = None
        self._wanted: UUID | None = None
        editable = context.actor.may_write("officer")
        hint = _("按 Insert 登记第一位;只有持证执法人员能检查企业") if editable else _("请管理员登记执法证")
        self.table: SmallTable[Officer] = SmallTable(
            "officer_table",
            _("执法人员名册"),
            officer_columns(context),
            context,
            EmptyState(_("还没有执法人员"), hint=hint),
        )
        self.form: RecordForm[Officer] = RecordForm(Officer, FIELDS)
        self.title = set_look(name(QLabel(), "officer_form_title", _("正在编辑")), "title")
        self.new = name(QPushButton(_("新增 Insert")), "officer_new", _("新增执法人员"))
        self.save = set_look(name(QPushButton(_("保存 Ctrl+S")), "officer_save", _("保存")), "primary")
        self._lay_out(editable)
        self._connect(editable)
        self.start_new()

    def go(self, argument: object) -> None:
        """Stand on an officer."""
        if isinstance(argument, UUID):
            self._wanted = argument
            self.refresh()

    def refresh(self) -> None:
        """Read the list again."""
        officers = self._context.desk.officers
        self._context.tasks.read(lambda _watch: officers.all(), done=self._show)

    def keep(self) -> None:
        """Officers are few and typed at once: there is no draft."""

    def start_new(self) -> None:
        """An empty form; no row is chosen then."""
        self._officer = None
        self.table.table.view.setCurrentIndex(QModelIndex())
        self.title.setText(_("新增执法人员"))
        self.form.fill(**{**dict.fromkeys(FIELDS), "active": True})
        self.form.clear_refusals()

    def submit(self) -> None:
        """Keep the officer in the form."""
        service, actor, known = self._context.desk.officers, self._context.actor, self._officer
        now = self._context.desk.clock.now()
        own = known.id if known else self._context.desk.store.ids.new()
        made = self.form.submit(id=own, created_at=now, changed_at=now)
        if made is None:
            return
        values = {field: getattr(made, field) for field in FIELDS}
        self._context.tasks.write(
            lambda _watch: service.save(values, actor=actor, officer_id=known.id if known else None),
            done=self._on_saved,
            failed=self._on_trouble,
        )

    def _show(self, officers: Sequence[Officer]) -> None:
        self.table.show_all(officers)
        wanted, self._wanted = self._wanted, None
        if wanted is not None:
            self.table.go_to(lambda one: one.id == wanted)

    def _on_chosen(self, officer: Officer | None) -> None:
        if officer is None or (self._officer is not None and officer.id == self._officer.id):
            return
        self._officer = officer
        self.title.setText(_("修改 {name}").format(name=officer.name))
        self.form.fill(**{field: getattr(officer, field) for field in FIELDS})
        self.form.clear_refusals()

    def _on_saved(self, officer: Officer) -> None:
        self._context.notices.say(_("已保存 {name}").format(name=officer.name))
        self._officer, self._wanted = None, officer.id
        self.refresh()

    def _on_trouble(self, problem: Problem) -> None:
        problem_box(self, problem, safe=_("名册没有改动"))

    def _lay_out(self, editable: bool) -> None:
        left = QVBoxLayout()
        left.setSpacing(gap(2))
        top = QHBoxLayout()
        top.addWidget(self.new)
        top.addStretch(1)
        left.addLayout(top)
        left.addWidget(self.table, 1)
        side = QWidget()
        side.setFixedWidth(FORM_PX)
        right = QVBoxLayout(side)
        right.setContentsMargins(gap(4), 0, 0, 0)
        right.setSpacing(gap(3))
        right.addWidget(self.title)
        right.addWidget(self.form)
        right.addWidget(self.save, 0, Qt.AlignmentFlag.AlignLeft)
        right.addStretch(1)
        self.new.setVisible(editable)
        side.setVisible(editable)
        page = QHBoxLayout(self)
        page.setContentsMargins(gap(3), gap(2), gap(3), gap(2))
        page.addLayout(left, 1)
        page.addWidget(side)

    def _connect(self, editable: bool) -> None:
        self.table.chosen.connect(self._on_chosen)
        self.new.clicked.connect(self.start_new)
        self.save.clicked.connect(self.submit)
        if editable:
            listen(self, {"Ctrl+S": self.submit, "Insert": self.start_new})


def officer_columns(context: PageContext) -> list[Column[Officer]]:
    """The columns; a certificate's light says by a word too how long it holds."""

    def today() -> date:
        return context.desk.reference.today()

    return [
        Column("name", N_("姓名"), 72, lambda one: one.name),
        Column(
            "light",
            N_("证件"),
            96,
            lambda one: certificate_words(one, today())[1],
            light=lambda one: certificate_words(one, today())[0],
        ),
        Column("unit", N_("单位"), 150, lambda one: one.unit_name),
        Column("certificate", N_("执法证号"), 110, lambda one: one.certificate_no),
        Column("until", N_("有效期至"), 92, lambda one: _day(one.valid_until)),
        Column("from", N_("发证日期"), 92, lambda one: _day(one.valid_from)),
    ]


def certificate_words(officer: Officer, today: date) -> tuple[str | None, str]:
    """Key of the light, and what is said."""
    until = officer.valid_until
    if not officer.active:
        return None, _("已离岗")
    if not officer.certificate_no:
        return "red", _("▲ 无证号")
    if officer.valid_from is not None and today < officer.valid_from:
        return "yellow", _("◆ 未生效")
    if until is None:
        return "green", _("● 有效")
    if today > until:
        return "red", _("▲ 已到期")
    if today + timedelta(days=WARN_DAYS) >= until:
        return "yellow", _("◆ 还有 {n} 天").format(n=(until - today).days)
    return "green", _("● 有效")


def _day(day: date | None) -> str:
    return "" if day is None else f"{day:%Y-%m-%d}"
