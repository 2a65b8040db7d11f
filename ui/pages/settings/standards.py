"""The standards a case is filed and closed by: versions with their dates, every condition, and a city's own workbook."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QLineEdit, QPushButton, QSplitter, QVBoxLayout, QWidget

from app.base import reference_builtin as builtin
from app.base.watch import Watch
from app.base.words import N_, _
from app.desk import Desk
from app.domain.cases import CASE_KIND_TITLES, CaseKind
from app.domain.reference import Category, CategoryTable, Condition
from app.domain.reference_versions import ReferenceTable
from app.domain.text import normalise
from ui.dialogs.import_standards import ImportStandards
from ui.naming import name
from ui.pages.context import PageContext
from ui.pages.settings.section import Section
from ui.tables.columns import Column
from ui.tables.small_table import SmallTable
from ui.theme import gap, set_look
from ui.widgets.empty_state import EmptyState

SHEETS = "*.xlsx *.xls *.ods *.csv"
TOP_PX, BOTTOM_PX = 170, 430


@dataclass(frozen=True)
class StandardsVersion:
    """One version of the standards. in_force: the one a case entered today is filed under."""

    table: CategoryTable
    in_force: bool
    builtin: bool


@dataclass(frozen=True)
class ConditionLine:
    """One filing condition with its category. condition None: the category has none."""

    category: Category
    condition: Condition | None
    words: str


VERSION_COLUMNS: tuple[Column[StandardsVersion], ...] = (
    Column("scheme", N_("分类体系"), 130, lambda version: version.table.scheme),
    Column("label", N_("版本"), 260, lambda version: version.table.label),
    Column("valid_from", N_("生效日期"), 100, lambda version: version.table.valid_from.isoformat()),
    Column("minors", N_("小类"), 110, lambda version: str(len(version.table.categories))),
    Column("conditions", N_("立案条件"), 120, lambda version: str(version.table.condition_count)),
    Column("state", N_("状态"), 90, lambda version: _("现行") if version.in_force else ""),
    Column("source", N_("来源"), 260, lambda version: _("程序自带") if version.builtin else version.table.source),
)
CONDITION_COLUMNS: tuple[Column[ConditionLine], ...] = (
    Column("code", N_("代码"), 90, lambda line: line.category.code),
    Column("minor", N_("小类"), 140, lambda line: line.category.minor_name),
    Column("major", N_("大类"), 120, lambda line: line.category.major_name),
    Column("kind", N_("部件/事件"), 120, lambda line: _(CASE_KIND_TITLES[CaseKind(line.category.kind)])),
    Column("filing", N_("立案条件"), 360, lambda line: line.condition.filing if line.condition else _("没有立案条件")),
    Column("limit", N_("处置时限"), 110, lambda line: line.condition.limit_text if line.condition else ""),
    Column("closing", N_("结案条件"), 240, lambda line: line.condition.closing if line.condition else ""),
)


class StandardsSection(Section):
    """Versions above, the conditions of the chosen one below."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(
            context,
            "standards_settings",
            _("立案结案标准"),
            _("每件案件保留立案时的版本;导入新版本不改动已有案件。"),
            editable=context.actor.administers,
        )
        self._lines: list[ConditionLine] = []
        self.dialog: ImportStandards | None = None
        empty = EmptyState(_("还没有标准"))
        self.versions: SmallTable[StandardsVersion] = SmallTable(
            "standards_versions", _("标准版本"), VERSION_COLUMNS, context, empty
        )
        self.conditions: SmallTable[ConditionLine] = SmallTable(
            "standards_conditions", _("立案条件"), CONDITION_COLUMNS, context, EmptyState(_("没有符合的立案条件"))
        )
        self.search = name(QLineEdit(), "standards_search", _("查找立案条件"))
        self.search.setPlaceholderText(_("查找代码、小类、立案条件"))
        self.search.setClearButtonEnabled(True)
        self._count = set_look(name(QLabel(), "standards_count", _("条数")), "muted")
        self._import = set_look(name(QPushButton(_("导入本市标准…")), "standards_import", _("导入本市标准")), "primary")
        self._import.setVisible(self.editable)
        self._lay_out()
        self.versions.chosen.connect(self._on_version)
        self.search.textChanged.connect(self._show_conditions)
        self._import.clicked.connect(self._choose_file)

    def refresh(self) -> None:
        """Read the versions again."""
        self.context.tasks.read(partial(_versions, self.context.desk), done=self._show)

    def import_file(self, path: Path) -> None:
        """Open a workbook's preview."""
        self.dialog = ImportStandards(self.context, path, self)
        self.dialog.taken_over.connect(self._on_taken_over)
        self.dialog.open()

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(gap(2))
        row.addWidget(self._import)
        row.addStretch(1)
        below = QWidget()
        lines = QVBoxLayout(below)
        lines.setContentsMargins(0, gap(2), 0, 0)
        find = QHBoxLayout()
        find.setSpacing(gap(3))
        find.addWidget(self.search, 1)
        find.addWidget(self._count)
        lines.addLayout(find)
        lines.addWidget(self.conditions, 1)
        split = name(QSplitter(Qt.Orientation.Vertical), "standards_split", _("版本和条件"))
        split.addWidget(self.versions)
        split.addWidget(below)
        split.setSizes([TOP_PX, BOTTOM_PX])
        self.body.addLayout(row)
        self.body.addWidget(split, 1)

    def _show(self, versions: list[StandardsVersion]) -> None:
        kept = self.versions.current()
        self.versions.show_all(versions)
        if kept is None:
            self.versions.go_to(lambda version: version.in_force)

    def _on_version(self, version: StandardsVersion | None) -> None:
        self._lines = [] if version is None else list(_condition_lines(version.table))
        self._show_conditions()

    def _show_conditions(self) -> None:
        words = normalise(self.search.text()).split()
        found = [line for line in self._lines if all(word in line.words for word in words)]
        self.conditions.show_all(found)
        self._count.setText(_("{n} 条").format(n=len(found)))

    def _choose_file(self) -> None:
        chosen, _kind = QFileDialog.getOpenFileName(self, _("导入本市标准"), "", f"{_('表格')} ({SHEETS})")
        if chosen:
            self.import_file(Path(chosen))

    def _on_taken_over(self, label: str) -> None:
        self.say(_("已接收标准“{label}”").format(label=label))
        self.refresh()


def _versions(desk: Desk, _watch: Watch) -> list[StandardsVersion]:
    reference = desk.reference
    current = reference.categories()
    found = [
        StandardsVersion(table, table.version_id == current.version_id, builtin=False)
        for version in reference.versions(ReferenceTable.STANDARDS)
        for table in [reference.categories_of(str(version.id))]
    ]
    for table in map(builtin.category_table, builtin.SCHEMES):
        found.append(StandardsVersion(table, table.version_id == current.version_id, builtin=True))
    return found


def _condition_lines(table: CategoryTable) -> list[ConditionLine]:
    lines = []
    for category in table.categories:
        for condition in category.conditions or (None,):
            parts = [category.code, category.minor_name, category.major_name]
            parts += [condition.filing, condition.closing, condition.limit_text] if condition else []
            lines.append(ConditionLine(category, condition, normalise(" ".join(parts))))
    return lines
