"""The audit trail: who did what to what, when. It can be read and never changed."""

from __future__ import annotations

import json
from array import array
from collections.abc import Mapping, Sequence

from PySide6.QtWidgets import QHBoxLayout, QLabel, QPlainTextEdit, QPushButton

from app.base.words import N_, _
from app.services.audit import READERS, AuditLine
from ui.deed_words import deed_words, result_words
from ui.forms.time_inputs import ZONE
from ui.naming import name
from ui.pages.context import PageContext
from ui.pages.settings.section import Section
from ui.tables.columns import RIGHT, Column
from ui.tables.line_table import LineTable
from ui.theme import gap, set_look
from ui.widgets.empty_state import EmptyState
from ui.widgets.masked_label import mask

DETAIL_PX = 120
PERSONAL = frozenset({"reporter_name", "reporter_phone"})
Steps = Mapping[str, str]


def columns(steps: Steps) -> tuple[Column[AuditLine], ...]:
    """The columns; steps: titles of the flow's steps by action."""
    return (
        Column("seq", N_("序号"), 70, lambda line: str(line.seq), RIGHT),
        Column("at", N_("时间"), 150, lambda line: f"{line.at.astimezone(ZONE):%Y-%m-%d %H:%M:%S}"),
        Column("actor", N_("人员"), 100, lambda line: line.actor_name),
        Column("deed", N_("操作"), 160, lambda line: deed_words(line.deed, steps)),
        Column("note", N_("说明"), 320, lambda line: line.note.replace("\n", " ")),
        Column("result", N_("结果"), 80, lambda line: result_words(line.result)),
    )


class AuditSection(Section):
    """The trail, newest first, for administrators and auditors."""

    def __init__(self, context: PageContext) -> None:
        allowed = bool(context.actor.roles & READERS)
        super().__init__(
            context,
            "audit_settings",
            _("操作日志"),
            _("谁在什么时间办了什么,每一条都与前一条相扣,改动或删去任何一条都能查出来。只能查看。"),
            editable=True,
        )
        self._allowed = allowed
        self._newest = 0
        self._steps = {step.action: step.title for step in context.desk.reference.workflow().steps}
        sentence = _("还没有操作记录") if allowed else _("操作日志由管理员和审计员查看,您现在的角色不能查看")
        self.table = LineTable(
            "audit_table",
            _("操作日志"),
            columns(self._steps),
            self._fetch,
            context.tasks,
            line_id=lambda line: int(line.seq),
            remember=context.remember,
            empty=EmptyState(sentence),
        )
        self._detail = name(QPlainTextEdit(), "audit_detail", _("改动内容"))
        self._detail.setReadOnly(True)
        self._detail.setFixedHeight(DETAIL_PX)
        self._detail.setPlaceholderText(_("选中一条,这里显示改动前后的内容"))
        self._check = name(QPushButton(_("检查日志是否完整")), "audit_check", _("检查日志是否完整"))
        self._check.clicked.connect(self.check)
        self._count = set_look(name(QLabel(), "audit_count", _("条数")), "muted")
        row = QHBoxLayout()
        row.setSpacing(gap(2))
        row.addWidget(self._check)
        row.addWidget(self._count)
        row.addStretch(1)
        self.body.addLayout(row)
        self.body.addWidget(self.table, 1)
        self.body.addWidget(self._detail)
        for widget in (self._check, self._detail):
            widget.setVisible(allowed)
        self.table.chosen.connect(self._on_chosen)

    def refresh(self) -> None:
        """Look for new entries."""
        if not self._allowed:
            self.table.show_ids(array("q"))
            return
        audit, actor = self.context.desk.audit, self.context.actor
        self.context.tasks.read(lambda _watch: audit.page(actor=actor), done=self._show)

    def check(self) -> None:
        """Prove that no entry was changed or taken out."""
        audit = self.context.desk.audit
        task = self.context.tasks.read(lambda _watch: audit.broken_at(), done=self._on_checked)
        self.busy.follow(task, _("正在检查"))

    def _show(self, first: Sequence[AuditLine]) -> None:
        self._newest = first[0].seq if first else 0
        self._count.setText(_("共 {n} 条").format(n=f"{self._newest:,}"))
        self.table.show_ids(array("q", range(self._newest, 0, -1)), first)

    def _fetch(self, ids: Sequence[int]) -> Sequence[AuditLine]:
        """Entries are numbered without a gap, so a page of numbers is a page of the trail."""
        last, first = max(ids), min(ids)
        audit, actor = self.context.desk.audit, self.context.actor
        return audit.page(actor=actor, before=last + 1, size=last - first + 1)

    def _on_chosen(self, line: AuditLine | None) -> None:
        self._detail.setPlainText("" if line is None else change_words(line, self._steps))

    def _on_checked(self, broken_at: int | None) -> None:
        if broken_at is None:
            self.say(_("日志完整,没有发现改动"))
        else:
            self.say(_("从第 {n} 条起对不上,日志可能被改动过,请保存现场并告知管理员").format(n=broken_at))


def change_words(line: AuditLine, steps: Steps) -> str:
    """What an entry changed: field, old value, new value, one a line; a reporter's name and telephone stay masked."""
    head = f"{deed_words(line.deed, steps)} · {line.record_type} {line.record_id or ''}".rstrip(" ·")
    try:
        fields = json.loads(line.fields) if line.fields else {}
    except ValueError:
        return f"{head}\n{line.fields}"
    if not isinstance(fields, dict):
        return f"{head}\n{line.fields}"
    return "\n".join([head, *(_change(name, change) for name, change in fields.items())])


def _change(field_name: str, change: object) -> str:
    if isinstance(change, list) and len(change) == 2:
        return f"{field_name}: {_plain(field_name, change[0])} → {_plain(field_name, change[1])}"
    return f"{field_name}: {_plain(field_name, change)}"


def _plain(field_name: str, value: object) -> str:
    if value in (None, "", [], {}):
        return "—"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return mask(text) if field_name in PERSONAL else text
