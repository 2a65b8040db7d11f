"""One list of the office: its table, the form of the chosen entry beside it, and paste from a spreadsheet."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from pydantic import BaseModel
from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.base.words import _
from ui.forms.record_form import RecordForm
from ui.naming import name
from ui.pages.context import PageContext
from ui.pages.settings.list_kinds import ListKind
from ui.pages.settings.list_paste import PastedRow, read_rows
from ui.pages.settings.paste_preview import PastePreview
from ui.tables.small_table import SmallTable
from ui.theme import gap, set_look
from ui.widgets.empty_state import EmptyState

FORM_PX = 360


class ListEditor(QWidget):
    """`said` carries what came of a change, `refused` the problem that kept it from happening."""

    said = Signal(str)
    refused = Signal(object)

    def __init__(self, context: PageContext, kind: ListKind, *, editable: bool) -> None:
        super().__init__()
        name(self, f"list_{kind.name}", _(kind.title))
        self._context = context
        self._kind = kind
        self._editable = editable
        self._record_id: UUID | None = None
        self._chosen_id: UUID | None = None
        self.preview: PastePreview | None = None
        hint = _("也可以在 Excel 或 WPS 里复制后,在这里按 Ctrl+V 粘贴:{columns}").format(columns=_(kind.example))
        empty = EmptyState(_("还没有{one}").format(one=_(kind.one)), hint=hint if editable else "")
        self.table: SmallTable[Any] = SmallTable(f"{kind.name}_table", _(kind.title), kind.columns, context, empty)
        model: type[BaseModel] = kind.record
        self.form = RecordForm(model, kind.fields, widgets=kind.inputs(context.desk))
        self._title = set_look(name(QLabel(), f"{kind.name}_form_title", _("正在编辑")), "title")
        self._new = name(QPushButton(_("新增")), f"{kind.name}_new", _("新增{one}").format(one=_(kind.one)))
        self._paste = name(QPushButton(_("粘贴表格")), f"{kind.name}_paste", _("从表格粘贴"), hint)
        self._save = set_look(name(QPushButton(_("保存")), f"{kind.name}_save", _("保存")), "primary")
        self._lay_out()
        self._connect()
        self.start_new()

    def refresh(self) -> None:
        """Read the list again."""
        directory, kind = self._context.desk.directory, self._kind
        self._context.tasks.read(lambda _watch: directory.everything(kind.record), done=self._show)

    def start_new(self) -> None:
        """An empty form for a new entry; no row is chosen then."""
        self._record_id = None
        self.table.table.view.setCurrentIndex(QModelIndex())
        self._title.setText(_("新增{one}").format(one=_(self._kind.one)))
        self.form.fill(**{field: _blank(field) for field in self._kind.fields})
        self.form.clear_refusals()

    def save(self) -> None:
        """Keep the entry in the form."""
        now = self._context.desk.clock.now()
        others = {"id": self._context.desk.store.ids.new(), "created_at": now, "changed_at": now, **self._kind.fixed}
        if self.form.submit(**others) is None:
            return
        values = {**self.form.values(), **self._kind.fixed}
        values |= {field: None for field in self._kind.fields if field == "unit_id" and field not in values}
        directory, kind, actor, record_id = (
            self._context.desk.directory,
            self._kind,
            self._context.actor,
            self._record_id,
        )
        self._context.tasks.write(
            lambda _watch: directory.save(kind.record, values, actor=actor, record_id=record_id),
            done=self._on_saved,
            failed=self.refused.emit,
        )

    def paste(self) -> None:
        """Show what the clipboard would bring, and take it when the person agrees."""
        text = QGuiApplication.clipboard().text()
        rows = read_rows(text, self._kind, self.table.items(), self._context.desk)
        self.preview = PastePreview(self._kind, rows, self)
        self.preview.agreed.connect(self._take)
        self.preview.open()

    def _take(self, rows: list[PastedRow]) -> None:
        directory, kind, actor = self._context.desk.directory, self._kind, self._context.actor
        values, ids = [dict(row.values) for row in rows], [row.record_id for row in rows]
        self._context.tasks.write(
            lambda _watch: directory.save_many(kind.record, values, actor=actor, record_ids=ids),
            done=self._on_taken,
            failed=self.refused.emit,
        )

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(gap(2))
        for button in (self._new, self._paste):
            button.setVisible(self._editable)
            buttons.addWidget(button)
        buttons.addStretch(1)
        left = QVBoxLayout()
        left.addLayout(buttons)
        left.addWidget(self.table, 1)
        side = QWidget()
        side.setFixedWidth(FORM_PX)
        side.setVisible(self._editable)
        right = QVBoxLayout(side)
        right.setContentsMargins(gap(4), 0, 0, 0)
        right.setSpacing(gap(3))
        right.addWidget(self._title)
        right.addWidget(self.form)
        right.addWidget(self._save, 0, Qt.AlignmentFlag.AlignLeft)
        right.addStretch(1)
        page = QHBoxLayout(self)
        page.setContentsMargins(0, gap(2), 0, 0)
        page.addLayout(left, 1)
        page.addWidget(side)

    def _connect(self) -> None:
        self._new.clicked.connect(self.start_new)
        self._paste.clicked.connect(self.paste)
        self._save.clicked.connect(self.save)
        self.table.chosen.connect(self._on_chosen)
        if self._editable:
            for key, slot in ((QKeySequence("Ctrl+S"), self.save), (QKeySequence("Insert"), self.start_new)):
                shortcut = QShortcut(key, self)
                shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
                shortcut.activated.connect(slot)
            paste = QShortcut(QKeySequence(QKeySequence.StandardKey.Paste), self.table)
            paste.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            paste.activated.connect(self.paste)

    def _show(self, records: list[Any]) -> None:
        kept = [record for record in records if self._kind.holds(record)]
        self.table.show_all(sorted(kept, key=lambda one: (not one.active, getattr(one, self._kind.known_by))))

    def _on_chosen(self, record: Any | None) -> None:
        """Fill the form when another row is chosen; the same row read again leaves what is half typed alone."""
        before, self._chosen_id = self._chosen_id, None if record is None else record.id
        if record is None or record.id == before or not self._editable:
            return
        self._record_id = record.id
        self._title.setText(_("修改{one}").format(one=_(self._kind.one)))
        self.form.fill(**{field: getattr(record, field) for field in self._kind.fields})
        self.form.clear_refusals()

    def _on_saved(self, record: Any) -> None:
        self.said.emit(_("已保存 {name}").format(name=getattr(record, self._kind.known_by)))
        self.refresh()
        if self._record_id is None:
            self.start_new()
            self.form.fields()[0].widget.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_taken(self, records: list[Any]) -> None:
        self.said.emit(_("已导入 {n} 条").format(n=len(records)))
        self.refresh()


def _blank(field: str) -> Any:
    if field == "active":
        return True
    return "description" if field == "purpose" else None
