"""The list of rounds with its chips, its search and its buttons."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QToolButton, QVBoxLayout, QWidget

from app.base.watch import Watch
from app.base.words import _
from app.domain.case_views import CountSaid
from app.domain.patrol_views import RoundFilter, RoundLine
from app.services.patrols import PatrolService
from ui.icons import icon
from ui.naming import name
from ui.pages.context import PageContext
from ui.pages.patrols.rounds_columns import round_columns
from ui.pages.patrols.rounds_filters import RoundChoices, filter_of, span_key
from ui.tables.line_table import LineTable
from ui.tasks import Latest
from ui.theme import gap, set_look
from ui.widgets.busy_bar import BusyBar
from ui.widgets.empty_state import EmptyState
from ui.widgets.filter_bar import FilterBar

REST_MS = 250
SEARCH_PX = 240
ICON = QSize(16, 16)


@dataclass(frozen=True)
class _First:
    lines: Sequence[RoundLine]
    said: CountSaid


class RoundsList(QWidget):
    """`chosen`: id of the round one stands on, or None. `opened`: id of a round to enter or look at."""

    chosen = Signal(object)
    opened = Signal(object)

    def __init__(self, context: PageContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        name(self, "rounds_list", _("巡查列表"))
        self._context = context
        self._ascending = False
        self._wanted: UUID | None = None
        self._chosen: UUID | None = None
        self._first: Latest[_First] = Latest(context.tasks, done=self._on_first, pause_ms=0, parent=self)
        self._whole: Latest[array[int]] = Latest(context.tasks, done=self._on_ids, parent=self)
        self._typing = QTimer(self, singleShot=True, interval=REST_MS)
        self._typing.timeout.connect(self.ask)
        self._make_parts()
        self._lay_out()
        self._connect()

    def filter(self) -> RoundFilter:
        """What the list shows."""
        today = self._context.desk.reference.today()
        return filter_of(self.filters.chosen(), self.search.text().strip(), today, self._ascending)

    def ask(self, then: UUID | None = None) -> None:
        """Read the list anew. then: the round to stand on when it has come."""
        self._wanted = then or self._wanted or self._chosen
        wanted, patrols = self.filter(), self._context.desk.patrols
        self._first.ask(lambda _watch: _First(patrols.first_page(wanted), patrols.count(wanted)))

    def narrow(self, chosen: Mapping[str, Sequence[str]], search: str = "") -> None:
        """Show another list."""
        self.filters.set_chosen(chosen)
        self.search.setText(search)
        self.ask()

    def show_days(self, first: date, last: date) -> None:
        """Show the rounds of some days."""
        self._choices.own_period = span_key(first, last)
        self.narrow({"period": (self._choices.own_period,)})

    def refresh(self) -> None:
        """Read again what is shown; place and selection stay."""
        self.ask()

    def put_under_bars(self, widget: QWidget) -> None:
        """What stands under the bars: whatever holds the table."""
        self._lines.addWidget(widget, 1)

    def ids(self) -> array[int]:
        """Row numbers selected; none selected: all of the list."""
        chosen = self.table.selected_ids()
        return chosen if len(chosen) > 1 else self.table.model.ids

    def round_ids(self, rids: Sequence[int], watch: Watch) -> list[UUID]:
        """Identities of rows, in their order; in a worker thread."""
        watch.check()
        return [line.id for line in self._context.desk.patrols.lines(rids)]

    def _make_parts(self) -> None:
        self.search = name(QLineEdit(), "round_search", _("搜索巡查"))
        self.search.setPlaceholderText(_("编号、网格员、网格、道路"))
        self.search.setClearButtonEnabled(True)
        self.search.setMinimumWidth(gap(SEARCH_PX // 4))
        self._choices = RoundChoices(self._context.desk)
        self.filters = FilterBar(self._choices.specs())
        self.new = set_look(name(QPushButton(_("+ 临时巡查")), "new_round", _("新建临时巡查")), "primary")
        self.enter = name(QPushButton(_("录入 F5")), "enter_round", _("录入巡查结果"))
        self.print = self._tool("print_rounds", _("打印巡查单 (Ctrl+P)"), "print")
        self.export = self._tool("export_rounds", _("导出列表 (Ctrl+E)"), "export")
        self.importing = self._tool("import_rounds", _("从表格导入巡查…"), "import")
        self.busy = BusyBar()
        self.empty = EmptyState("")
        self.table = LineTable(
            "round_table",
            _("巡查列表"),
            round_columns(),
            self._context.desk.patrols.lines,
            self._context.tasks,
            remember=self._context.remember,
            empty=self.empty,
        )
        self.table.set_sort("day", ascending=False)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(gap(2))
        top.addWidget(self.search)
        top.addStretch(1)
        for widget in (self.print, self.export, self.importing, self.enter, self.new):
            top.addWidget(widget)
        bars = QVBoxLayout()
        bars.setContentsMargins(gap(3), gap(2), gap(3), gap(2))
        bars.setSpacing(gap(1))
        bars.addLayout(top)
        bars.addWidget(self.filters)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(0)
        lines.addLayout(bars)
        lines.addWidget(self.busy)
        self._lines = lines
        self.setFocusProxy(self.table)

    def _connect(self) -> None:
        self.search.textEdited.connect(lambda _text: self._typing.start())
        self.search.returnPressed.connect(self.ask)
        self.filters.changed.connect(lambda _chosen: self.ask())
        self.table.sort_wanted.connect(self._on_sort)
        self.table.opened.connect(lambda line: self.opened.emit(line.id))
        self.table.chosen.connect(self._on_chosen)
        self.empty.acted.connect(self._on_empty_acted)
        self.enter.clicked.connect(self._on_enter)

    def _tool(self, object_name: str, title: str, picture: str) -> QToolButton:
        button = name(QToolButton(), object_name, title, title)
        button.setIcon(icon(picture))
        button.setIconSize(ICON)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return button

    def _on_first(self, first: _First) -> None:
        if self.table.model.rowCount() == 0:
            self.table.show_first(first.lines)
        plus = "+" if first.said.capped else ""
        self.filters.set_count(_("{n} 次").format(n=f"{first.said.count:,}{plus}"))
        patrols, wanted = self._context.desk.patrols, self.filter()
        self._whole.ask(lambda _watch: read_ids(patrols, wanted))

    def _on_ids(self, ids: array[int]) -> None:
        if not ids:
            self._say_empty()
        self.table.show_ids(ids)
        self.table.refresh_lines()
        self.filters.set_count(_("{n} 次").format(n=f"{len(ids):,}"))
        wanted, self._wanted = self._wanted, None
        rid = self._context.desk.patrols.rid_of(wanted) if wanted is not None else None
        if not (rid is not None and self.table.go_to(rid)) and ids:
            self.table.go_to(ids[0])

    def _on_sort(self, _key: str, ascending: bool) -> None:
        self._ascending = ascending
        self.ask()

    def _on_chosen(self, line: RoundLine | None) -> None:
        self._chosen = None if line is None else line.id
        self.enter.setEnabled(line is not None)
        self.chosen.emit(self._chosen)

    def _on_enter(self) -> None:
        if self._chosen is not None:
            self.opened.emit(self._chosen)

    def _on_empty_acted(self) -> None:
        if self._hides():
            self.narrow({})
        else:
            self.new.click()

    def _hides(self) -> bool:
        """Whether an empty list is so by what was chosen, and not because there is no round at all."""
        narrowed = self.filters.chosen() or self.search.text().strip()
        return bool(narrowed) and self._context.desk.patrols.count(RoundFilter(), 1).count > 0

    def _say_empty(self) -> None:
        if self._hides():
            self.empty.set_words(_("没有符合这些条件的巡查"), _("清除筛选"))
        else:
            hint = _("在“计划”里排好一周,这里就有这一周的巡查;以前的可以从表格导入")
            self.empty.set_words(_("还没有巡查"), _("新建临时巡查"), hint)


def read_ids(patrols: PatrolService, wanted: RoundFilter) -> array[int]:
    """The whole list."""
    return patrols.find(wanted)
