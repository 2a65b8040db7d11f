"""The list of rounds with its chips, its search and its buttons."""

from __future__ import annotations

from datetime import date

from PySide6.QtWidgets import QPushButton

from app.base.words import N_, _
from app.domain.patrol_views import RoundFilter
from ui.naming import name
from ui.pages.context import PageContext
from ui.pages.patrols.rounds_columns import round_columns
from ui.pages.patrols.rounds_filters import RoundChoices, filter_of, span_key
from ui.tables.list_source import Asked, EmptyWords, FirstPage, ListSource
from ui.tables.view_list import ViewList
from ui.theme import set_look
from ui.widgets.fitting_row import icon_button


class RoundsList(ViewList):
    """Rounds, the latest day on top; no saved views, the chips are enough."""

    def __init__(self, context: PageContext) -> None:
        choices, patrols = RoundChoices(context.desk), context.desk.patrols

        def first(asked: Asked) -> FirstPage:
            wanted = self.filter(asked)
            return FirstPage(patrols.first_page(wanted), patrols.count(wanted))

        empty = EmptyWords(
            N_("还没有巡查"),
            N_("在“计划”里排好一周,这里就有这一周的巡查;以前的可以从表格导入"),
            N_("新建临时巡查"),
            N_("没有符合这些条件的巡查"),
            lambda: patrols.count(RoundFilter(), 1).count > 0,
        )
        source = ListSource(
            lambda asked: patrols.find(self.filter(asked)),
            patrols.lines,
            patrols.rid_of,
            choices.specs(),
            empty,
            first=first,
            counted=N_("{n} 次"),
        )
        hint = _("编号、网格员、网格、道路")
        super().__init__(
            "rounds_list", _("巡查列表"), context, source, round_columns(), hint, stem="round", sort=("day", False)
        )
        self._choices = choices
        self.new = set_look(name(QPushButton(_("+ 临时巡查")), "new_round", _("新建临时巡查")), "primary")
        self.enter = name(QPushButton(_("录入 F5")), "enter_round", _("录入巡查结果"))
        self.print = icon_button("print_rounds", _("打印巡查单 (Ctrl+P)"), "print")
        self.export = icon_button("export_rounds", _("导出列表 (Ctrl+E)"), "export")
        self.importing = icon_button("import_rounds", _("从表格导入巡查…"), "import")
        for button in (self.print, self.export, self.importing, self.enter, self.new):
            self.tools.addWidget(button)
        self.chosen.connect(lambda own: self.enter.setEnabled(own is not None))
        self.enter.clicked.connect(self._on_enter)
        self.begin_wanted.connect(self.new.click)

    def filter(self, asked: Asked | None = None) -> RoundFilter:
        """What the list shows; asked: in any thread, of a question asked before."""
        asked = asked or self.question()
        return filter_of(asked.chosen, asked.search, self._context.desk.reference.today(), asked.ascending)

    def show_days(self, first: date, last: date) -> None:
        """Show the rounds of some days."""
        self._choices.own_period = span_key(first, last)
        self.narrow({"period": (self._choices.own_period,)})

    def _on_enter(self) -> None:
        line = self.table.current_line()
        if line is not None:
            self.opened.emit(line.id)
