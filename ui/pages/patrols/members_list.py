"""Grid members: the list with the lights of their certificates, the form beside it, and leaving with everything handed over."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from PySide6.QtCore import QModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from app.base.watch import Watch
from app.base.words import _
from app.desk import Desk
from app.domain.directory import Unit, Worker, WorkerKind
from app.domain.problems import Problem
from app.services.members import Hanging
from ui.forms.record_form import RecordForm
from ui.naming import name
from ui.notices import problem_box
from ui.pages.context import PageContext
from ui.pages.patrols.half_typed import half_typed_words
from ui.pages.patrols.members_columns import MemberLine, member_columns
from ui.pages.patrols.members_inputs import member_inputs
from ui.pages.patrols.members_leaving import LeavingDialog
from ui.tables.small_table import SmallTable
from ui.theme import gap, set_look
from ui.widgets.empty_state import EmptyState

FORM_PX = 420
FIELDS = (
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


class MembersList(QWidget):
    """`go` takes the id of a member, or None."""

    wanted = Signal(str, object)

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        name(self, "members_list", _("网格员名册"))
        self._context = context
        self._member: Worker | None = None
        self._wanted: UUID | None = None
        self._moving = self._dirty = False
        editable = context.actor.may_write("attendance")
        self.table: SmallTable[MemberLine] = SmallTable(
            "member_table",
            _("网格员名册"),
            member_columns(),
            context,
            EmptyState(
                _("还没有网格员"), hint=_("按“新增”填写第一位,或在“设置 - 部门、道路、常用语”的采集员名单里粘贴整张表")
            ),
        )
        self.form: RecordForm[Worker] = RecordForm(Worker, FIELDS, widgets=member_inputs(context.desk))
        self.title = set_look(name(QLabel(), "member_form_title", _("正在编辑")), "title")
        self.new = name(QPushButton(_("新增 Insert")), "member_new", _("新增网格员 (Insert)"))
        self.save = set_look(name(QPushButton(_("保存 Ctrl+S")), "member_save", _("保存 (Ctrl+S)")), "primary")
        self.leave = name(QPushButton(_("停用…")), "member_leave", _("停用网格员,移交网格和任务"))
        for button in (self.new, self.save, self.leave):
            button.setVisible(editable)
        self._lay_out(editable)
        self._connect(editable)
        self.start_new()

    def go(self, argument: object) -> None:
        """Stand on a member."""
        if isinstance(argument, UUID):
            self._wanted = argument
            self.refresh()

    def refresh(self) -> None:
        """Read the list again."""
        desk = self._context.desk
        self._context.tasks.read(lambda watch: _read(desk, watch), done=self._show)

    def keep(self) -> None:
        """Members are few and typed at once: there is no draft."""

    def start_new(self) -> None:
        """An empty form; no row is chosen then."""
        self._member = None
        self.table.table.view.setCurrentIndex(QModelIndex())
        self.title.setText(_("新增网格员"))
        self.form.fill(**dict.fromkeys(FIELDS))
        self.form.clear_refusals()
        self._dirty = False
        self.leave.setEnabled(False)

    def submit(self) -> None:
        """Keep the member in the form."""
        now = self._context.desk.clock.now()
        known = self._member
        stamps = {"id": known.id if known else self._context.desk.store.ids.new(), "created_at": now, "changed_at": now}
        made = self.form.submit(**stamps, kind=WorkerKind.COLLECTOR, active=known.active if known else True)
        if made is None:
            return
        values = {field: getattr(made, field) for field in FIELDS}
        service, actor, member_id = self._context.desk.members, self._context.actor, known.id if known else None
        self._context.tasks.write(
            lambda _watch: service.save(values, actor=actor, member_id=member_id),
            done=self._on_saved,
            failed=self._on_trouble,
        )

    def start_leaving(self) -> None:
        """Ask who takes over, or bring a retired member back."""
        member = self._member
        if member is None:
            return
        service, actor = self._context.desk.members, self._context.actor
        if not member.active:
            self._context.tasks.write(
                lambda _watch: service.save({"active": True}, actor=actor, member_id=member.id),
                done=self._on_saved,
                failed=self._on_trouble,
            )
            return
        self._context.tasks.read(
            lambda _watch: (service.hanging(member.id), service.all()),
            done=lambda read: self._ask_successor(member, *read),
            failed=self._on_trouble,
        )

    def _ask_successor(self, member: Worker, left: Hanging, members: Sequence[Worker]) -> None:
        dialog = LeavingDialog(member, left, members, self)
        dialog.agreed.connect(lambda successor: self._leave(member, successor))
        dialog.open()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape gives up what is half typed, unless a field took it: to close its list, or to end composing."""
        if event.key() == Qt.Key.Key_Escape and self._dirty:
            self._give_up()
        else:
            super().keyPressEvent(event)

    def _leave(self, member: Worker, successor_id: UUID | None) -> None:
        service, actor = self._context.desk.members, self._context.actor
        self._context.tasks.write(
            lambda _watch: service.retire(member.id, actor=actor, successor_id=successor_id),
            done=lambda _member: self._on_left(member),
            failed=self._on_trouble,
        )

    def _show(self, lines: Sequence[MemberLine]) -> None:
        own = self._wanted or (None if self._member is None else self._member.id)
        self._wanted = None
        # A row that moved is not a row somebody went to: what is typed stays with its member.
        self._moving = True
        self.table.show_all(lines)
        self.table.go_to(lambda line: line.member.id == own)
        self._moving = False
        self._on_chosen(self.table.current())

    def _on_chosen(self, line: MemberLine | None) -> None:
        """Fill the form when another member is chosen; what is half typed stays, with its row."""
        if self._moving or line is None or (self._member is not None and line.member.id == self._member.id):
            return
        if self._dirty:
            # The table is in the middle of its own move: it goes back once that is done.
            QTimer.singleShot(0, self, self._stand_back)
            return
        self._fill(line.member)

    def _fill(self, member: Worker) -> None:
        self._member, self._dirty = member, False
        self.title.setText(_("修改 {name}").format(name=member.name))
        self.leave.setText(_("停用…") if member.active else _("恢复在用"))
        self.leave.setEnabled(True)
        self.form.fill(**{field: getattr(member, field) for field in FIELDS})
        self.form.clear_refusals()

    def _on_changed(self) -> None:
        self._dirty = True

    def _stand_back(self) -> None:
        """Stay with the member half typed, and say how to leave it."""
        own = None if self._member is None else self._member.id
        self._moving = True
        self.table.table.view.setCurrentIndex(QModelIndex())
        self.table.go_to(lambda line: line.member.id == own)
        self._moving = False
        self._context.notices.say(half_typed_words(self.title.text()))

    def _on_new(self) -> None:
        if self._dirty:
            self._context.notices.say(half_typed_words(self.title.text()))
        else:
            self.start_new()

    def _give_up(self) -> None:
        """Forget what is half typed."""
        if self._member is not None:
            self._fill(self._member)
        else:
            self.start_new()

    def _on_saved(self, member: Worker) -> None:
        self._context.notices.say(_("已保存 {name}").format(name=member.name))
        self._member, self._dirty = None, False
        self._wanted = member.id
        self.refresh()

    def _on_left(self, member: Worker) -> None:
        self._context.notices.say(_("{name} 已停用").format(name=member.name))
        self.start_new()
        self.refresh()

    def _on_trouble(self, problem: Problem) -> None:
        problem_box(self, problem, safe=_("名册没有改动"))

    def _lay_out(self, editable: bool) -> None:
        top = QHBoxLayout()
        top.addWidget(self.new)
        top.addStretch(1)
        left = QVBoxLayout()
        left.addLayout(top)
        left.addWidget(self.table, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(gap(2))
        buttons.addWidget(self.save)
        buttons.addWidget(self.leave)
        buttons.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        held = QWidget()
        rows = QVBoxLayout(held)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.addWidget(self.form)
        rows.addStretch(1)
        scroll.setWidget(held)
        side = QWidget()
        side.setFixedWidth(FORM_PX)
        side.setVisible(editable)
        right = QVBoxLayout(side)
        right.setContentsMargins(gap(4), 0, 0, 0)
        right.setSpacing(gap(3))
        right.addWidget(self.title)
        right.addWidget(scroll, 1)
        right.addLayout(buttons)
        page = QHBoxLayout(self)
        page.setContentsMargins(gap(3), gap(2), gap(3), gap(2))
        page.addLayout(left, 1)
        page.addWidget(side)

    def _connect(self, editable: bool) -> None:
        self.table.chosen.connect(self._on_chosen)
        self.form.changed.connect(self._on_changed)
        self.new.clicked.connect(self._on_new)
        self.save.clicked.connect(self.submit)
        self.leave.clicked.connect(self.start_leaving)
        if editable:
            for key, slot in (("Ctrl+S", self.submit), ("Insert", self._on_new)):
                shortcut = QShortcut(QKeySequence(key), self)
                shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
                shortcut.activated.connect(slot)


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
