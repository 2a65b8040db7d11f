"""The work list with everything over it: saved views, filters, the search chip, and the detail beside it."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.base.changes import ChangeSet
from app.base.words import _
from app.domain.case_views import CASE_VIEW_TITLES, CaseView, CountSaid
from ui.keys import listen
from ui.naming import name
from ui.pages.cases.detail import DetailPane
from ui.pages.cases.export import Exporting
from ui.pages.cases.filters import OWN_PERIOD, CaseChoices, title_of
from ui.pages.cases.list_pane import ListPane
from ui.pages.cases.own_views import OwnViews, ViewNameDialog
from ui.pages.cases.period_dialog import PeriodDialog
from ui.pages.cases.printing import CasePrinting
from ui.pages.cases.question import PERIODS, Question
from ui.pages.cases.views_bar import VIEWS, ViewsBar
from ui.pages.context import PageContext
from ui.tasks import Latest
from ui.theme import gap, set_look
from ui.widgets.busy_bar import BusyBar
from ui.widgets.filter_bar import FilterBar
from ui.widgets.fitting_row import icon_button
from ui.widgets.split_view import SplitView

REST_MS = 400
STEP_KEYS = ("F5", "F6", "F7", "F8", "F9")
Counts = dict[CaseView, CountSaid]


class WorkList(QWidget):
    """`new_wanted`: an empty form. `correct_wanted`: the Case to put right. `asked`: the Question shown now.

    line_wanted: the RecordState whose list on the sync page says more. elsewhere_wanted: page and argument of another record.
    """

    new_wanted = Signal()
    correct_wanted = Signal(object)
    asked = Signal(object)
    line_wanted = Signal(object)
    elsewhere_wanted = Signal(str, object)

    def __init__(self, context: PageContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        name(self, "work_list", _("案件工作列表"))
        self._context = context
        self._own = OwnViews(context)
        self._counts: Latest[Counts] = Latest(
            context.tasks, done=self._on_counts, failed=self._on_no_counts, pause_ms=REST_MS, parent=self
        )
        self._make_parts()
        self._lay_out()
        self._connect()

    # What the page asks ------------------------------------------------------------------------------------------

    def ask(self, question: Question, then: UUID | None = None) -> None:
        """Show another list."""
        self.list.ask(question, then)
        self._show_question(question)
        self.count()
        self.asked.emit(question)

    def open_case(self, case_id: UUID) -> None:
        """Show a case in the whole width; the list stands behind it."""
        self.detail.show_case(case_id)
        self.split.open_full()
        self.detail.setFocus(Qt.FocusReason.OtherFocusReason)

    def back_to_list(self) -> None:
        """The list again, with the case beside it."""
        self.split.back()

    def tell_time(self) -> None:
        """A minute went by."""
        self.list.tell_time()
        self.detail.tell_time()
        self.count()

    def line_told(self) -> None:
        """The line to the city did something."""
        self.list.line_told()
        self.detail.read_again()

    def case_changed(self, changes: ChangeSet) -> None:
        """Something was committed."""
        self.list.case_changed(changes)
        self.detail.case_changed(changes)
        if changes.concerns("case"):
            self.count()

    def count(self) -> None:
        """Count every saved view anew."""
        lists, actor = self._context.desk.case_lists, self._context.actor
        self._counts.ask(lambda _watch: dict(lists.counts(VIEWS, actor=actor)))

    # Parts -------------------------------------------------------------------------------------------------------

    def _make_parts(self) -> None:
        context = self._context
        self._choices = CaseChoices(context.desk)
        self.views = ViewsBar(self._choices.units, self._choices.streets)
        self.views.set_own(self._own.all())
        self.new = set_look(name(QPushButton(_("+ 新建 Ctrl+N")), "new_case", _("新建案件")), "primary")
        self.chip = set_look(name(QPushButton(), "search_chip", _("取消搜索")), "chip")
        self.chip.setProperty("on", True)
        self.chip.hide()
        self.filters = FilterBar(self._choices.specs())
        self.columns = icon_button("choose_columns", _("选择列"), "columns")
        self.print = icon_button("print_list", _("打印列表 (Ctrl+P)"), "print")
        self.export = icon_button("export_list", _("导出列表 (Ctrl+E)"), "export")
        self.importing = icon_button("import_list", _("导入案件…"), "import")
        self.busy = BusyBar()
        self.list = ListPane(context)
        self.detail = DetailPane(context)
        self.split = SplitView("cases", _("案件"), self.list, self.detail, context.remember)
        self.exporting = Exporting(context, self.busy, self)
        self.printing = CasePrinting(context, self.busy, self)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(gap(2))
        top.addWidget(self.views, 1)
        top.addWidget(self.new)
        middle = QHBoxLayout()
        middle.setSpacing(gap(2))
        middle.addWidget(self.chip)
        middle.addWidget(self.filters, 1)
        for tool in (self.columns, self.print, self.export, self.importing):
            middle.addWidget(tool)
        self._bars = QWidget()
        bars = QVBoxLayout(self._bars)
        bars.setContentsMargins(gap(3), gap(2), gap(3), gap(2))
        bars.setSpacing(gap(1))
        bars.addLayout(top)
        bars.addLayout(middle)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(0)
        lines.addWidget(self._bars)
        lines.addWidget(self.busy)
        lines.addWidget(self.split, 1)
        self.setFocusProxy(self.list)

    def _connect(self) -> None:
        self.views.asked.connect(self.ask)
        self.views.keep_wanted.connect(self._on_keep_view)
        self.views.drop_wanted.connect(self._on_drop_view)
        self.filters.changed.connect(self._on_filters)
        self.chip.clicked.connect(self._on_search_cleared)
        self.new.clicked.connect(self.new_wanted)
        self.columns.clicked.connect(self._on_columns)
        self.print.clicked.connect(self.print_now)
        self.export.clicked.connect(self.export_now)
        self.importing.clicked.connect(self.import_now)
        self.list.counted.connect(self.filters.set_count)
        self.list.chosen.connect(self._on_chosen)
        self.list.opened.connect(self.open_case)
        self.list.asked.connect(self._show_question)
        self.list.new_wanted.connect(self.new_wanted)
        self.list.clear_wanted.connect(self._on_cleared)
        self.list.selection.dispatch_wanted.connect(self._on_bulk_dispatch)
        self.list.selection.print_wanted.connect(self._print_slips)
        self.list.selection.export_wanted.connect(self.export_now)
        self.detail.correct_wanted.connect(self.correct_wanted)
        self.detail.line_wanted.connect(self.line_wanted)
        self.detail.open_wanted.connect(self.open_case)
        self.detail.elsewhere_wanted.connect(self.elsewhere_wanted)
        self.detail.print_wanted.connect(lambda case_id: self.printing.slips([case_id]))
        self.detail.receipt_wanted.connect(self.printing.receipt)
        self.detail.full_wanted.connect(self._on_full_wanted)
        self.detail.taking.many_taken.connect(self.list.read_again)
        self.split.full_changed.connect(self._on_full)
        listen(self, {key: partial(self.detail.take_key, key) for key in STEP_KEYS})
        listen(self, {"Ctrl+P": self.print_now, "Ctrl+E": self.export_now})

    # What the person does ----------------------------------------------------------------------------------------

    def print_now(self) -> None:
        """Print the case that has all the room, the selected slips, or the list."""
        selected = self.list.selected_rids()
        if self.split.full and self.detail.case is not None:
            self.printing.slips([self.detail.case.id])
        elif len(selected) > 1:
            self._print_slips()
        else:
            self.printing.list(self.list.shown_rids(), self.title())

    def import_now(self) -> None:
        """Bring cases in from a sheet."""
        from ui.dialogs.import_cases import ImportCases

        dialog = ImportCases(self._context, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def export_now(self) -> None:
        """Export what is selected (two or more), else the whole list."""
        selected = self.list.selected_rids()
        self.exporting.start(selected if len(selected) > 1 else self.list.shown_rids(), self.title())

    def title(self) -> str:
        """What the list shown is called on paper and in file names."""
        question = self.list.question
        if question.search:
            return _("搜索 {words}").format(words=question.search)
        parts = [_(CASE_VIEW_TITLES[question.view])]
        lookups = {
            "category": self._choices.categories,
            "street": self._choices.streets,
            "unit": self._choices.units,
            "source": self._choices.sources,
            "stage": self._choices.stages,
        }
        for filter_name, keys in question.chosen.items():
            if filter_name == "reported":
                parts.append(_(PERIODS.get(keys[0], keys[0])))
            else:
                choices = lookups[filter_name]()
                parts += [title_of(choices, key) for key in keys]
        return " ".join(parts)

    def _print_slips(self) -> None:
        self.printing.selected_slips(self.list.selected_rids())

    def _on_bulk_dispatch(self) -> None:
        self.detail.taking.take_many(self.list.selected_rids(), self.busy.follow)

    def _on_chosen(self, case_id: UUID | None) -> None:
        if not self.split.full:
            self.detail.show_case(case_id)

    def _on_full_wanted(self) -> None:
        if self.split.full:
            self.split.back()
        elif self.detail.case is not None:
            self.split.open_full()

    def _on_full(self, full: bool) -> None:
        self._bars.setVisible(not full)
        self.detail.head.show_full(full)
        if not full and self.detail.case is not None:
            self.list.stand_on(self.detail.case.id)

    def _on_filters(self, chosen: dict[str, tuple[str, ...]]) -> None:
        if chosen.get("reported") == (OWN_PERIOD,):
            self._ask_period(chosen)
        else:
            self.ask(self.list.question.with_chosen(chosen))

    def _ask_period(self, chosen: dict[str, tuple[str, ...]]) -> None:
        dialog = PeriodDialog(self._context.desk.reference.today(), self)
        dialog.given.connect(lambda period: self.ask(self.list.question.with_chosen({**chosen, "reported": (period,)})))
        dialog.rejected.connect(lambda: self.filters.set_chosen(self.list.question.chosen))
        dialog.open()

    def _on_search_cleared(self) -> None:
        self.ask(self.list.question.with_search(""))

    def _on_cleared(self) -> None:
        self.ask(Question(self.list.question.view))

    def _on_columns(self) -> None:
        menu = self.list.table.columns_menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.columns.mapToGlobal(self.columns.rect().bottomLeft()))

    def _on_keep_view(self) -> None:
        dialog = ViewNameDialog(_("存下现在的视图、筛选和排序:{title}").format(title=self.title()), self)
        dialog.named.connect(self._keep_view)
        dialog.open()

    def _keep_view(self, title: str) -> None:
        self._own.keep(title, self.list.question)
        self._show_own()
        self._context.notices.say(_("已存为视图“{title}”").format(title=title))

    def _on_drop_view(self, title: str) -> None:
        question = self._own.all()[title]
        self._own.drop(title)
        self._show_own()
        words = _("已删除视图“{title}”").format(title=title)
        self._context.notices.say(words, undo=partial(self._keep_view_again, title, question))

    def _keep_view_again(self, title: str, question: Question) -> None:
        self._own.keep(title, question)
        self._show_own()

    # Answers -----------------------------------------------------------------------------------------------------

    def _show_own(self) -> None:
        self.views.set_own(self._own.all())
        self.views.show_question(self.list.question)

    def _show_question(self, question: Question) -> None:
        self.views.show_question(question)
        self.filters.set_chosen(question.chosen)
        self.chip.setVisible(bool(question.search))
        self.chip.setText(_("搜索:{words}  ✕").format(words=question.search))
        self.chip.setAccessibleName(_("取消搜索 {words}").format(words=question.search))

    def _on_counts(self, counts: Counts) -> None:
        self.views.show_counts(counts)

    def _on_no_counts(self, _problem: object) -> None:
        """Counts are asked again at the next change; the list itself says what is wrong."""
