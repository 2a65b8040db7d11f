"""Checklists in the settings: what is looked at on a round; every save is a new version, rounds under way keep theirs."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.base.words import N_, _
from app.domain.checklists import PROGRAMME_TITLES, ChecklistItem, ChecklistTemplate, Programme
from app.domain.permissions import OfficeRole
from ui.forms.choice_input import ChoiceInput
from ui.forms.field import FormColumn
from ui.forms.text_inputs import TextInput
from ui.forms.tick_input import TickInput
from ui.forms.time_inputs import DayInput
from ui.naming import name
from ui.pages.context import PageContext
from ui.pages.settings.checklist_items import ItemsEditor
from ui.pages.settings.section import Section, scrolled
from ui.tables.columns import RIGHT, Column
from ui.tables.small_table import SmallTable
from ui.theme import gap, set_look
from ui.widgets.empty_state import EmptyState

LIST_PX = 330
EDITORS = frozenset({OfficeRole.ADMIN, OfficeRole.GRID_CLERK})
COLUMNS: tuple[Column[ChecklistTemplate], ...] = (
    Column("name", N_("名称"), 150, lambda one: one.name if one.active else f"{one.name} {_('(停用)')}"),
    Column("programme", N_("类型"), 80, lambda one: _(PROGRAMME_TITLES[one.programme])),
    Column("items", N_("项数"), 44, lambda one: str(len(one.items)), RIGHT),
    Column("number", N_("版次"), 44, lambda one: str(one.number), RIGHT),
)


class ChecklistsSection(Section):
    """The checklists at the left, the chosen one with its items at the right."""

    def __init__(self, context: PageContext) -> None:
        sentence = _("每次保存都成为新的一版:正在进行的巡查用原来那一版,以后的巡查用新版。")
        editable = bool(context.actor.roles & EDITORS)
        super().__init__(context, "checklists_section", _("检查模板"), sentence, editable=editable)
        empty = EmptyState(_("还没有检查模板"))
        self.table: SmallTable[ChecklistTemplate] = SmallTable(
            "checklist_table", _("检查模板"), COLUMNS, context, empty
        )
        self._seen: ChecklistTemplate | None = None
        self._dirty = False
        self.editor = _Editor(context)
        self.new = name(QPushButton(_("新增模板")), "new_checklist", _("新增检查模板"))
        self.save_button = set_look(name(QPushButton(_("保存为新版")), "save_checklist", _("保存")), "primary")
        for button in (self.new, self.save_button):
            button.setVisible(editable)
        self._lay_out()
        self.table.chosen.connect(self._on_chosen)
        self.editor.changed.connect(self._on_changed)
        self.new.clicked.connect(self.start_new)
        self.save_button.clicked.connect(self.save)
        self.start_new()

    def refresh(self) -> None:
        """Read the checklists again; what is half typed stays."""
        checklists = self.context.desk.checklists
        self.context.tasks.read(lambda _watch: checklists.newest(), done=self._show)

    def start_new(self) -> None:
        """An empty checklist."""
        self._seen = None
        self.table.table.view.setCurrentIndex(QModelIndex())
        self.editor.show_template(None, self.context.desk.reference.today())
        self._dirty = False

    def save(self) -> None:
        """Keep what is typed as the next version."""
        typed = self.editor.typed()
        if typed is None:
            return
        title, programme, items, valid_from, active = typed
        checklists, actor, seen = self.context.desk.checklists, self.context.actor, self._seen
        self.context.tasks.write(
            lambda _watch: checklists.save(
                title, programme, items, actor=actor, seen=seen, valid_from=valid_from, active=active
            ),
            done=self._on_saved,
            failed=self.say_problem,
        )

    def _lay_out(self) -> None:
        left = QVBoxLayout()
        left.addWidget(self.new, 0, Qt.AlignmentFlag.AlignLeft)
        left.addWidget(self.table, 1)
        self.table.setFixedWidth(LIST_PX)
        right = QVBoxLayout()
        right.addWidget(scrolled(self.editor, "checklist_scroll", _("检查模板内容")), 1)
        right.addWidget(self.save_button, 0, Qt.AlignmentFlag.AlignLeft)
        row = QHBoxLayout()
        row.setSpacing(gap(4))
        row.addLayout(left)
        row.addLayout(right, 1)
        self.body.addLayout(row, 1)

    def _show(self, templates: list[ChecklistTemplate]) -> None:
        self.table.show_all(templates)
        if self._seen is not None:
            family = self._seen.family
            self.table.go_to(lambda one: one.family == family)

    def _on_chosen(self, template: ChecklistTemplate | None) -> None:
        same = template is not None and self._seen is not None and template.family == self._seen.family
        if template is None or (same and self._dirty):
            return
        self._seen, self._dirty = template, False
        self.editor.show_template(template, self.context.desk.reference.today())

    def _on_changed(self) -> None:
        self._dirty = True

    def _on_saved(self, template: ChecklistTemplate) -> None:
        self._seen, self._dirty = template, False
        self.say(_("“{name}”第 {n} 版已保存").format(name=template.name, n=template.number))
        self.refresh()


Typed = tuple[str, Programme, tuple[ChecklistItem, ...], date, bool]


class _Editor(QWidget):
    """One checklist as it is typed."""

    changed = Signal()

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        name(self, "checklist_editor", _("检查模板内容"))
        self._version = set_look(name(QLabel(), "checklist_version", _("版次")), "muted")
        self.title = TextInput(80)
        self.programme = ChoiceInput(list(PROGRAMME_TITLES.items()))
        self.valid_from = DayInput()
        self.active = TickInput()
        self.form = FormColumn()
        self.form.add("name", _("名称"), self.title, required=True)
        self.form.add("programme", _("类型"), self.programme, required=True)
        self.form.add("valid_from", _("启用日期"), self.valid_from)
        self.form.add("active", _("在用"), self.active)
        self.items = ItemsEditor(context)
        for field in (self.title, self.programme, self.valid_from, self.active, self.items):
            field.edited.connect(self.changed)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, gap(2), 0)
        lines.setSpacing(gap(2))
        lines.addWidget(self._version)
        lines.addWidget(self.form)
        lines.addWidget(self.items, 1)

    def show_template(self, template: ChecklistTemplate | None, today: date) -> None:
        """Show the newest version of a checklist, or an empty one."""
        words = _("第 {n} 版,{day} 起用")
        said = _("新模板") if template is None else words.format(n=template.number, day=template.valid_from)
        self._version.setText(said)
        self.title.set_value(template.name if template else "")
        self.programme.set_value(template.programme if template else Programme.OTHER)
        self.valid_from.set_value(today)
        self.active.set_value(template.active if template else True)
        self.items.show_items(template.items if template else ())
        self.form.clear_refusals()

    def typed(self) -> Typed | None:
        """What is typed; None when something is wrong, which is said at its field."""
        day = self.valid_from.value()
        wrong = {}
        if not self.title.value():
            wrong["name"] = _("请给模板起个名字")
        if not isinstance(day, date):
            wrong["valid_from"] = _("请写成 2026-11-21")
        items = self.items.items()
        self.form.show_refusals(wrong)
        if wrong or items is None or not isinstance(day, date):
            return None
        return self.title.value(), self.programme.value(), items, day, self.active.value()
