"""Grid members: the list with the lights of their certificates, the form beside it, and leaving with everything handed over."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from PySide6.QtWidgets import QPushButton

from app.base.watch import Watch
from app.base.words import N_, _
from app.desk import Desk
from app.domain.directory import Unit, Worker, WorkerKind
from app.services.members import Hanging
from ui.forms.record_form import RecordForm
from ui.naming import name
from ui.pages.context import PageContext
from ui.pages.patrols.members_columns import MemberLine, member_columns
from ui.pages.patrols.members_inputs import member_inputs
from ui.pages.patrols.members_leaving import LeavingDialog
from ui.tables.roster import Roster
from ui.tables.small_table import SmallTable
from ui.widgets.empty_state import EmptyState


class MembersList(Roster[MemberLine, Worker]):
    """`go` takes the id of a member, or None."""

    fields = (
        "name",
        "number",
        "unit_id",
        "phone",
        "skills",
        "certificates",
        "seconded_to",
        "seconded_from",
        "seconded_until",
    )
    new_title = N_("新增网格员")
    form_px = 420

    def __init__(self, context: PageContext) -> None:
        editable = context.actor.may_write("attendance")
        hint = _("按“新增”填写第一位,或在“设置 - 部门、道路、常用语”的采集员名单里粘贴整张表")
        table: SmallTable[MemberLine] = SmallTable(
            "member_table",
            _("网格员名册"),
            member_columns(),
            context,
            EmptyState(_("还没有网格员"), hint=hint),
        )
        form = RecordForm(Worker, self.fields, widgets=member_inputs(context.desk))
        self.leave = name(QPushButton(_("停用…")), "member_leave", _("停用网格员,移交网格和任务"))
        super().__init__(
            context,
            table,
            form,
            own="member",
            part="members_list",
            title=_("网格员名册"),
            editable=editable,
            buttons=(self.leave,),
        )
        self.leave.clicked.connect(self.start_leaving)

    def refresh(self) -> None:
        """Read the list again."""
        desk = self._context.desk
        self._context.tasks.read(lambda watch: _read(desk, watch), done=self.show_lines)

    def record_of(self, line: MemberLine) -> Worker:
        """The member of the line."""
        return line.member

    def start_new(self) -> None:
        """An empty form; nobody is there to leave."""
        super().start_new()
        self.leave.setEnabled(False)

    def fill(self, record: Worker) -> None:
        """Put a member into the form."""
        super().fill(record)
        self.leave.setText(_("停用…") if record.active else _("恢复在用"))
        self.leave.setEnabled(True)

    def submit(self) -> None:
        """Keep the member in the form."""
        now = self._context.desk.clock.now()
        known = self._record
        stamps = {"id": known.id if known else self._context.desk.store.ids.new(), "created_at": now, "changed_at": now}
        made = self.form.submit(**stamps, kind=WorkerKind.COLLECTOR, active=known.active if known else True)
        if made is None:
            return
        values = {field: getattr(made, field) for field in self.fields}
        service, actor, member_id = self._context.desk.members, self._context.actor, known.id if known else None
        self._context.tasks.write(
            lambda _watch: service.save(values, actor=actor, member_id=member_id),
            done=self.on_saved,
            failed=self.on_trouble,
        )

    def start_leaving(self) -> None:
        """Ask who takes over, or bring a retired member back."""
        member = self._record
        if member is None:
            return
        service, actor = self._context.desk.members, self._context.actor
        if not member.active:
            self._context.tasks.write(
                lambda _watch: service.save({"active": True}, actor=actor, member_id=member.id),
                done=self.on_saved,
                failed=self.on_trouble,
            )
            return
        self._context.tasks.read(
            lambda _watch: (service.hanging(member.id), service.all()),
            done=lambda read: self._ask_successor(member, *read),
            failed=self.on_trouble,
        )

    def _ask_successor(self, member: Worker, left: Hanging, members: Sequence[Worker]) -> None:
        dialog = LeavingDialog(member, left, members, self)
        dialog.agreed.connect(lambda successor: self._leave(member, successor))
        dialog.open()

    def _leave(self, member: Worker, successor_id: UUID | None) -> None:
        service, actor = self._context.desk.members, self._context.actor
        self._context.tasks.write(
            lambda _watch: service.retire(member.id, actor=actor, successor_id=successor_id),
            done=lambda _member: self._on_left(member),
            failed=self.on_trouble,
        )

    def _on_left(self, member: Worker) -> None:
        self._context.notices.say(_("{name} 已停用").format(name=member.name))
        self.start_new()
        self.refresh()


def _read(desk: Desk, watch: Watch) -> list[MemberLine]:
    units = {unit.id: unit.name for unit in desk.directory.everything(Unit)}
    today = desk.reference.today()
    watch.check()
    return [
        MemberLine(
            member,
            units.get(member.unit_id, "") if member.unit_id else "",
            "、".join(grid.name or grid.code for grid in desk.grids.duty_of(member.id)),
            today,
        )
        for member in desk.members.everybody()
    ]
