"""The list of facilities: a snapshot of row numbers, pages of lines, place and selection kept."""

from __future__ import annotations

from array import array
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from PySide6.QtCore import QSize, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QToolButton, QVBoxLayout, QWidget

from app.base.watch import Watch
from app.base.words import _
from app.domain.case_views import CountSaid
from app.domain.facility_views import FacilityFilter, FacilityLine, FacilityOrder, GroupCount
from ui.icons import icon
from ui.naming import name
from ui.pages.context import PageContext
from ui.pages.facilities.columns import facility_columns
from ui.pages.facilities.filters import PICKED, FacilityChoices, filter_of
from ui.pages.facilities.group_list import GroupList
from ui.tables.line_table import LineTable
from ui.tasks import Latest
from ui.theme import gap, set_look
from ui.widgets.busy_bar import BusyBar
from ui.widgets.empty_state import EmptyState
from ui.widgets.filter_bar import FilterBar

REST_MS = 250
SEARCH_STEPS = 64
ICON = QSize(16, 16)


@dataclass(frozen=True)
class _First:
    lines: Sequence[FacilityLine]
    said: CountSaid


class FacilityList(QWidget):
    """`chosen`, `opened`: the id of a facility (chosen: None for none)."""

    chosen = Signal(object)
    opened = Signal(object)

    def __init__(self, context: PageContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        name(self, "facility_list", _("部件列表"))
        self._context = context
        self._order, self._ascending = FacilityOrder.CODE, True
        self._wanted: UUID | None = None
        self._shown: FacilityFilter | None = None
        self._first: Latest[_First] = Latest(context.tasks, done=self._on_first, parent=self)
        self._whole: Latest[array[int]] = Latest(context.tasks, done=self._on_ids, parent=self)
        self._keepers_known = False
        self._keepers: Latest[list[str]] = Latest(context.tasks, done=self._on_keepers, parent=self)
        self._counts: Latest[Mapping[str, GroupCount]] = Latest(context.tasks, done=self._on_counts, parent=self)
        self._typing = QTimer(self, singleShot=True, interval=REST_MS)
        self._typing.timeout.connect(self.ask)
        self._make_parts()
        self._lay_out()
        self._connect()

    def filter(self) -> FacilityFilter:
        """What the list shows."""
        return filter_of(
            self.filters.chosen(),
            self.groups.group(),
            self.search.text().strip(),
            self._context.desk.clock.now(),
            self._order,
            ascending=self._ascending,
            picked=self._choices.picked,
        )

    def ask(self, then: UUID | None = None) -> None:
        """Read the list anew. then: the facility to stand on when it has come."""
        self._wanted = then or self._wanted
        self._shown, facilities = self.filter(), self._context.desk.facilities
        wanted = self._shown
        self._first.ask(lambda _watch: _First(facilities.find(wanted), facilities.count(wanted)))
        self._counts.ask(lambda _watch: facilities.group_counts())
        if not self._keepers_known:
            self._keepers_known = True
            self._keepers.ask(lambda _watch: facilities.owners("maintainer"))

    def refresh(self) -> None:
        """Something changed: the same list again, the place kept."""
        self._keepers_known = False
        self.ask()

    def narrow(self, chosen: Mapping[str, Sequence[str]], search: str = "", group: str = "") -> None:
        """Show another list."""
        self.groups.choose(group)
        self.filters.set_chosen(chosen)
        self.search.setText(search)
        self.ask()

    def show_picked(self, ids: Collection[UUID]) -> None:
        """Show these alone."""
        self._choices.picked = frozenset(ids)
        self.narrow({"only": (PICKED,)})

    def rids(self) -> array[int]:
        """Row numbers selected (two or more); else all of the list."""
        chosen = self.table.selected_ids()
        return chosen if len(chosen) > 1 else self.table.model.ids

    def selected_rids(self) -> array[int]:
        """Row numbers selected."""
        return self.table.selected_ids()

    def title(self) -> str:
        """What the list is called on paper and in file names."""
        search = self.search.text().strip()
        return " ".join(part for part in (self.groups.title(), search) if part)

    def _make_parts(self) -> None:
        self.groups = GroupList()
        self.search = name(QLineEdit(), "facility_search", _("搜索部件"))
        self.search.setPlaceholderText(_("编号、位置、名称、拼音首字母"))
        self.search.setClearButtonEnabled(True)
        self.search.setFixedWidth(gap(SEARCH_STEPS))
        self._choices = FacilityChoices(self._context.desk)
        self.filters = FilterBar(self._choices.specs())
        self.new = set_look(name(QPushButton(_("+ 登记部件 Ctrl+N")), "new_facility", _("登记部件")), "primary")
        self.rates = self._tool("facility_rates", _("完好率和亮灯率"), "report")
        self.print = self._tool("print_facilities", _("打印 (Ctrl+P)"), "print")
        self.export = self._tool("export_facilities", _("导出列表 (Ctrl+E)"), "export")
        self.importing = self._tool("import_facilities", _("从表格导入部件…"), "import")
        self.more = self._tool("more_facilities", _("更多"), "more")
        self.busy = BusyBar()
        self.empty = EmptyState("")
        self.table = LineTable(
            "facility_table",
            _("部件列表"),
            facility_columns(),
            self._context.desk.facilities.lines,
            self._context.tasks,
            remember=self._context.remember,
            empty=self.empty,
        )
        self.table.set_sort(self._order, self._ascending)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(gap(2))
        top.addWidget(self.search)
        top.addStretch(1)
        for widget in (self.rates, self.print, self.export, self.importing, self.more, self.new):
            top.addWidget(widget)
        self.bars = QWidget()
        bars = QVBoxLayout(self.bars)
        bars.setContentsMargins(gap(3), gap(2), gap(3), gap(2))
        bars.setSpacing(gap(1))
        bars.addLayout(top)
        bars.addWidget(self.filters)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(0)
        lines.addWidget(self.bars)
        lines.addWidget(self.busy)
        self.setFocusProxy(self.table)

    def _connect(self) -> None:
        self.search.textEdited.connect(lambda _text: self._typing.start())
        self.search.returnPressed.connect(self.ask)
        self.groups.wanted.connect(lambda _group: self.ask())
        self.filters.changed.connect(lambda _chosen: self.ask())
        self.table.sort_wanted.connect(self._on_sort)
        self.table.opened.connect(lambda line: self.opened.emit(line.id))
        self.table.chosen.connect(lambda line: self.chosen.emit(None if line is None else line.id))
        self.empty.acted.connect(self._on_empty_acted)

    def _tool(self, object_name: str, title: str, picture: str) -> QToolButton:
        button = set_look(name(QToolButton(), object_name, title, title), "quiet")
        button.setIcon(icon(picture))
        button.setIconSize(ICON)
        return button

    def _on_first(self, first: _First) -> None:
        if self.table.model.rowCount() == 0:
            self.table.show_first(first.lines)
        plus = "+" if first.said.capped else ""
        self.filters.set_count(_("{n} 件").format(n=f"{first.said.count:,}{plus}"))
        facilities, wanted = self._context.desk.facilities, self._shown or self.filter()

        def read(_watch: Watch) -> array[int]:
            return facilities.ids(wanted)

        self._whole.ask(read)

    def _on_ids(self, ids: array[int]) -> None:
        self._say_empty()
        self.table.show_ids(ids)
        self.table.refresh_lines()
        self.filters.set_count(_("{n} 件").format(n=f"{len(ids):,}"))
        wanted, self._wanted = self._wanted, None
        rid = self._context.desk.facilities.rid_of(wanted) if wanted is not None else None
        if not (rid is not None and self.table.go_to(rid)) and ids and not self.table.view.currentIndex().isValid():
            self.table.go_to(ids[0])

    def _on_keepers(self, keepers: list[str]) -> None:
        self._choices.keepers = keepers

    def _on_counts(self, counts: Mapping[str, GroupCount]) -> None:
        self.groups.show_counts(counts)

    def _on_sort(self, key: str, ascending: bool) -> None:
        self._order, self._ascending = FacilityOrder(key), ascending
        self.ask()

    def _on_empty_acted(self) -> None:
        if self._is_narrowed():
            self.narrow({})
        else:
            self.importing.click()

    def _is_narrowed(self) -> bool:
        return bool(self.filters.chosen() or self.search.text().strip() or self.groups.group())

    def _say_empty(self) -> None:
        if self._is_narrowed():
            self.empty.set_words(_("没有符合这些条件的部件"), _("清除筛选"))
        else:
            hint = _("井盖、路灯、公厕、广告牌、摊点、直饮水、驿站、积水点都登记在这里")
            self.empty.set_words(_("还没有登记部件"), _("从表格导入…"), hint)
