"""The work list: what is asked stands on top, a million lines below, and it never moves under the hand."""

from __future__ import annotations

from array import array
from collections.abc import Collection, Sequence
from functools import partial
from uuid import UUID

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.base.changes import ChangeSet
from app.base.words import _
from app.domain.case_views import CaseFilter, CaseLine, CaseOrder
from app.domain.problems import Problem
from ui.naming import name
from ui.pages.cases.columns import LineWords, case_columns
from ui.pages.cases.list_reading import FirstPage, FreshIds, read_again, read_deliveries, read_first, read_ids
from ui.pages.cases.question import Question
from ui.pages.cases.selection_bar import SelectionBar
from ui.pages.context import PageContext
from ui.tables.line_table import LineTable
from ui.tasks import Latest
from ui.widgets.empty_state import EmptyState

REST_MS = 250
MOST_DELIVERIES = 40_000
CASE_TYPES = ("case", "photo")


class ListPane(QWidget):
    """`opened` and `chosen` carry a case id (chosen: None for none), `counted` words about how many there are.

    asked: another question is shown now (its order was chosen in the header). new_wanted, clear_wanted: the buttons of
    the empty list.
    """

    opened = Signal(object)
    chosen = Signal(object)
    counted = Signal(str)
    asked = Signal(object)
    new_wanted = Signal()
    clear_wanted = Signal()

    def __init__(self, context: PageContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        name(self, "list_pane", _("案件列表"))
        self._context = context
        desk = context.desk
        reference = desk.reference
        self.question = Question()
        self.words = LineWords(desk.clock.now(), reference.office(), reference.calendar(), reference.case_sources())
        self._chosen: UUID | None = None
        self._wanted_case: UUID | None = None
        self._fresh: array[int] | None = None
        self._first: Latest[FirstPage] = Latest(
            context.tasks, done=self._on_first, failed=self._on_trouble, parent=self
        )
        self._whole: Latest[array[int]] = Latest(context.tasks, done=self._on_ids, parent=self)
        self._again: Latest[FreshIds] = Latest(context.tasks, done=self._on_again, parent=self)
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self._read_again_now)
        self._rows: Latest[list[int]] = Latest(context.tasks, done=self._on_touched, parent=self)
        self._lay_out()
        self._connect()

    # What the page asks ------------------------------------------------------------------------------------------

    def ask(self, question: Question, then: UUID | None = None) -> None:
        """Show another list from its top. then: the case to stand on once it is here."""
        self.question = question
        self._wanted_case = then
        self._fresh = None
        self._tell_time()
        self._say_empty()
        self._show_order()
        self._rest.stop()
        self._again.drop()
        self._whole.drop()
        lists = self._context.desk.case_lists
        if question.is_impossible(lists, self._context.actor):
            self._first.drop()
            self._on_ids(array("q"))
            return
        self._first.ask(partial(read_first, self._context.desk, self.filter()))

    def filter(self) -> CaseFilter:
        """What the query is given for the list shown."""
        desk = self._context.desk
        return self.question.filter(desk.case_lists, self._context.actor, desk.reference.today())

    def read_again(self) -> None:
        """Look for what changed; place and selection stay, new rows are only announced."""
        self._rest.start()

    def tell_time(self) -> None:
        """A minute went by: lights and remaining times anew; a list that the clock fills is read again."""
        self._tell_time()
        self.table.model.retell()
        if self.question.moves_with_time:
            self.read_again()

    def case_changed(self, changes: ChangeSet) -> None:
        """Something was committed: the lines concerned are read again in their places."""
        if changes.concerns("reference_version", "office"):
            self._take_tables()
        if not changes.concerns(*CASE_TYPES):
            return
        if changes.bulk.intersection(CASE_TYPES):
            self.table.refresh_lines()
        else:
            ids, lists = changes.ids("case"), self._context.desk.case_lists
            self._rows.ask(lambda _watch: [rid for rid in map(lists.rid_of, ids) if rid is not None])
        self.read_again()

    def line_told(self) -> None:
        """The line to the city did something: where each record stands is read again, in its place."""
        self.table.refresh_lines()

    def selected_rids(self) -> array[int]:
        """Row numbers selected, in the order of the list."""
        return self.table.selected_ids()

    def shown_rids(self) -> array[int]:
        """Row numbers of the whole list."""
        return self.table.model.ids

    def stand_on(self, case_id: UUID) -> None:
        """Stand on a case if the list shows it."""
        lists = self._context.desk.case_lists
        self._context.tasks.read(lambda _watch: lists.rid_of(case_id), done=self._on_rid)

    # Parts -------------------------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        self.empty = EmptyState("")
        self.table = LineTable(
            "case_list",
            _("案件列表"),
            case_columns(self.words),
            self._lines,
            self._context.tasks,
            remember=self._context.remember,
            empty=self.empty,
        )
        self.selection = SelectionBar(self)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(0)
        lines.addWidget(self.table, 1)
        lines.addWidget(self.selection)
        self.setFocusProxy(self.table)

    def _connect(self) -> None:
        self.table.opened.connect(self._on_opened)
        self.table.chosen.connect(self._on_chosen)
        self.table.selection_changed.connect(self._on_selection)
        self.table.sort_wanted.connect(self._on_sort)
        self.table.refresh_wanted.connect(self._show_fresh)
        self.selection.clear_wanted.connect(self.table.view.clearSelection)
        self.empty.acted.connect(self._on_empty_acted)

    def _lines(self, rids: Sequence[int]) -> Sequence[CaseLine]:
        """Lines with their deliveries; in a reader thread."""
        lines = self._context.desk.case_lists.lines(rids)
        if len(self.words.deliveries) > MOST_DELIVERIES:
            self.words.deliveries.clear()
        self.words.deliveries |= read_deliveries(self._context.desk, lines)
        return lines

    # Answers -----------------------------------------------------------------------------------------------------

    def _on_first(self, page: FirstPage) -> None:
        self.words.deliveries = dict(page.deliveries)
        self.table.show_first(page.lines)
        words = _("{n}+ 条 · 正在计数…") if page.said.capped else _("{n} 条")
        self.counted.emit(words.format(n=f"{page.said.count:,}"))
        lists = self._context.desk.case_lists
        self._whole.ask(partial(read_ids, lists, self.filter()))

    def _on_ids(self, ids: array[int]) -> None:
        self.table.show_ids(ids)
        self.counted.emit(_("{n} 条").format(n=f"{len(ids):,}"))
        if self._wanted_case is not None:
            wanted, self._wanted_case = self._wanted_case, None
            self.stand_on(wanted)
        elif ids and not self.table.view.currentIndex().isValid():
            self.table.go_to(ids[0])

    def _read_again_now(self) -> None:
        lists = self._context.desk.case_lists
        if not self.question.is_impossible(lists, self._context.actor):
            self._again.ask(partial(read_again, lists, self.filter(), self.table.model.ids, self._held()))

    def _on_again(self, fresh: FreshIds) -> None:
        if fresh.shown is not self.table.model.ids:
            self.read_again()
            return
        if fresh.kept != self.table.model.ids:
            self.table.show_ids(fresh.kept)
        self._fresh = fresh.fresh
        self.table.announce(fresh.added, _("{n} 条新案件").format(n=f"{fresh.added:,}"))
        self.counted.emit(_("{n} 条").format(n=f"{len(fresh.fresh):,}"))

    def _show_fresh(self) -> None:
        if self._fresh is not None:
            self.table.show_ids(self._fresh)
            self.table.view.scrollToTop()
            self.table.announce(0)

    def _on_touched(self, rids: list[int]) -> None:
        self.table.refresh_lines(rids)

    def _on_rid(self, rid: int | None) -> None:
        if rid is not None and self.table.go_to(rid):
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_trouble(self, problem: Problem) -> None:
        self._context.tasks.tell_problem(problem)

    # What the person does ----------------------------------------------------------------------------------------

    def _on_opened(self, line: CaseLine) -> None:
        self.opened.emit(line.id)

    def _on_chosen(self, line: CaseLine | None) -> None:
        case_id = None if line is None else line.id
        if case_id != self._chosen:
            self._chosen = case_id
            self.chosen.emit(case_id)

    def _on_selection(self) -> None:
        self.selection.show_count(len(self.table.selected_ids()))

    def _on_sort(self, key: str, ascending: bool) -> None:
        self.ask(self.question.with_order(CaseOrder(key), ascending), self._chosen)
        self.asked.emit(self.question)

    def _on_empty_acted(self) -> None:
        (self.clear_wanted if self._is_narrowed() else self.new_wanted).emit()

    # Words -------------------------------------------------------------------------------------------------------

    def _held(self) -> Collection[int]:
        """Rows a person holds: they stay though they left the list."""
        selected = self.table.selected_ids()
        held = set(selected) if len(selected) < len(self.table.model.ids) else set()
        row = self.table.view.currentIndex().row()
        if row >= 0:
            held.add(self.table.model.id_at(row))
        return held

    def _is_narrowed(self) -> bool:
        return bool(self.question.search or self.question.chosen)

    def _say_empty(self) -> None:
        if self.question.search:
            words = _("没有找到“{words}”").format(words=self.question.search)
            hint = _("编号、地址、描述中任意两个字,或地名和类别的拼音首字母,都可以搜索")
            self.empty.set_words(words, _("清除搜索"), hint)
        elif self.question.chosen:
            self.empty.set_words(_("没有符合这些条件的案件"), _("清除筛选"))
        elif self.question == Question():
            self.empty.set_words(
                _("还没有案件"), _("录入第一件 (Ctrl+N)"), _("已有的案件可以用右上角的“导入”从表格带进来")
            )
        else:
            self.empty.set_words(_("这里现在没有案件"), _("新建案件 (Ctrl+N)"))

    def _show_order(self) -> None:
        wanted = self.filter()
        self.table.set_sort(wanted.order.value, wanted.ascending)

    def _tell_time(self) -> None:
        self.words.now = self._context.desk.clock.now()

    def _take_tables(self) -> None:
        reference = self._context.desk.reference
        self.words.office, self.words.calendar = reference.office(), reference.calendar()
        self.table.model.retell()
