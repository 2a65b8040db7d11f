"""Officers: the list with the lights of their certificates, and the form beside it. Only an administrator changes it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from app.base.words import N_, _
from app.domain.inspections import Officer
from ui.forms.record_form import RecordForm
from ui.pages.context import PageContext
from ui.tables.columns import Column
from ui.tables.roster import Roster
from ui.tables.small_table import SmallTable
from ui.widgets.empty_state import EmptyState

WARN_DAYS = 60


class OfficersPart(Roster[Officer, Officer]):
    """`go` takes the id of an officer, or None."""

    fields = ("name", "unit_name", "certificate_no", "valid_from", "valid_until", "active")
    new_title = N_("新增执法人员")
    form_px = 320

    def __init__(self, context: PageContext) -> None:
        editable = context.actor.may_write("officer")
        hint = _("按 Insert 登记第一位;只有持证执法人员能检查企业") if editable else _("请管理员登记执法证")
        empty = EmptyState(_("还没有执法人员"), hint=hint)
        table: SmallTable[Officer] = SmallTable(
            "officer_table", _("执法人员名册"), officer_columns(context), context, empty
        )
        form = RecordForm(Officer, self.fields)
        super().__init__(
            context, table, form, own="officer", part="officers_part", title=_("执法人员"), editable=editable
        )

    def refresh(self) -> None:
        """Read the list again."""
        officers = self._context.desk.officers
        self._context.tasks.read(lambda _watch: officers.all(), done=self.show_lines)

    def submit(self) -> None:
        """Keep the officer in the form."""
        service, actor, known = self._context.desk.officers, self._context.actor, self._record
        now = self._context.desk.clock.now()
        own = known.id if known else self._context.desk.store.ids.new()
        made = self.form.submit(id=own, created_at=now, changed_at=now)
        if made is None:
            return
        values = {field: getattr(made, field) for field in self.fields}
        self._context.tasks.write(
            lambda _watch: service.save(values, actor=actor, officer_id=known.id if known else None),
            done=self.on_saved,
            failed=self.on_trouble,
        )

    def record_of(self, line: Officer) -> Officer:
        """The line is the officer."""
        return line

    def empty(self) -> Mapping[str, Any]:
        """A new officer works."""
        return {**super().empty(), "active": True}


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
