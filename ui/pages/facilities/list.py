"""The list of facilities: its register is chosen at the left, chips and a search narrow it further."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from uuid import UUID

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from app.base.words import N_, _
from app.domain.facility_views import FacilityFilter, FacilityOrder, GroupCount
from ui.naming import name
from ui.pages.context import PageContext
from ui.pages.facilities.columns import facility_columns
from ui.pages.facilities.filters import PICKED, FacilityChoices, filter_of
from ui.pages.facilities.group_list import GroupList
from ui.tables.list_source import Asked, Chosen, EmptyWords, FirstPage, ListSource
from ui.tables.view_list import ViewList
from ui.tasks import Latest
from ui.theme import set_look
from ui.widgets.fitting_row import icon_button


class FacilityList(ViewList):
    """The register chosen in `groups` is the view; it narrows the list like a chip."""

    def __init__(self, context: PageContext) -> None:
        choices, facilities = FacilityChoices(context.desk), context.desk.facilities

        def first(asked: Asked) -> FirstPage:
            wanted = self.filter(asked)
            return FirstPage(facilities.find(wanted), facilities.count(wanted))

        empty = EmptyWords(
            N_("还没有登记部件"),
            N_("井盖、路灯、公厕、广告牌、摊点、直饮水、驿站、积水点都登记在这里"),
            N_("从表格导入…"),
            N_("没有符合这些条件的部件"),
        )
        source = ListSource(
            lambda asked: facilities.ids(self.filter(asked)),
            facilities.lines,
            facilities.rid_of,
            choices.specs(),
            empty,
            counts=facilities.group_counts,
            first=first,
            counted=N_("{n} 件"),
        )
        hint, sort = _("编号、位置、名称、拼音首字母"), (FacilityOrder.CODE.value, True)
        super().__init__(
            "facility_list", _("部件列表"), context, source, facility_columns(), hint, stem="facility", sort=sort
        )
        self._choices = choices
        self._keepers_known = False
        self._keepers: Latest[list[str]] = Latest(context.tasks, done=self._on_keepers, parent=self)
        self.groups = GroupList()
        self.new = set_look(name(QPushButton(_("+ 登记部件 Ctrl+N")), "new_facility", _("登记部件")), "primary")
        self.rates = icon_button("facility_rates", _("完好率和亮灯率"), "report")
        self.print = icon_button("print_facilities", _("打印 (Ctrl+P)"), "print")
        self.export = icon_button("export_facilities", _("导出列表 (Ctrl+E)"), "export")
        self.importing = icon_button("import_facilities", _("从表格导入部件…"), "import")
        self.more = icon_button("more_facilities", _("更多"), "more")
        for button in (self.rates, self.print, self.export, self.importing, self.more, self.new):
            self.tools.addWidget(button)
        self.groups.wanted.connect(lambda _group: self.ask())
        self.begin_wanted.connect(self.importing.click)

    def question(self) -> Asked:
        """What is shown, with the register."""
        return replace(super().question(), view=self.groups.group())

    def filter(self, asked: Asked | None = None) -> FacilityFilter:
        """What the list shows; asked: in any thread, of a question asked before."""
        asked = asked or self.question()
        return filter_of(
            asked.chosen,
            asked.view,
            asked.search,
            self._context.desk.clock.now(),
            FacilityOrder(asked.order),
            ascending=asked.ascending,
            picked=self._choices.picked,
        )

    def ask(self, then: UUID | None = None) -> None:
        """Read the list anew, and who keeps things in order where that may have changed."""
        super().ask(then)
        if not self._keepers_known:
            self._keepers_known = True
            facilities = self._context.desk.facilities
            self._keepers.ask(lambda _watch: facilities.owners("maintainer"))

    def refresh(self) -> None:
        """Something changed: the same list again, the place kept."""
        self._keepers_known = False
        super().refresh()

    def narrow(
        self, chosen: Chosen | None = None, search: str = "", *, view: str | None = None, then: UUID | None = None
    ) -> None:
        """Show another list. view: the name of a register; None for all of them."""
        self.groups.choose(view or "")
        super().narrow(chosen, search, view="", then=then)

    def put_under_bars(self, widget: QWidget) -> None:
        """What stands under the bars, right of the registers."""
        across = QHBoxLayout()
        across.setSpacing(0)
        across.addWidget(self.groups)
        across.addWidget(widget, 1)
        self._lines.addLayout(across, 1)

    def show_picked(self, ids: Collection[UUID]) -> None:
        """Show these alone."""
        self._choices.picked = frozenset(ids)
        self.narrow({"only": (PICKED,)})

    def is_narrowed(self, asked: Asked) -> bool:
        """A register keeps the others away."""
        return bool(asked.view) or super().is_narrowed(asked)

    def show_counts(self, counts: Mapping[str, GroupCount]) -> None:
        """Say at each register how many there are."""
        self.groups.show_counts(counts)

    def title(self) -> str:
        """What the list is called on paper and in file names."""
        search = self.search.text().strip()
        return " ".join(part for part in (self.groups.title(), search) if part)

    def _on_keepers(self, keepers: list[str]) -> None:
        self._choices.keepers = keepers
