"""The page of facilities: registers at the left, the list with one facility beside it, or the entry form."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QStackedLayout, QVBoxLayout, QWidget

from app.base.changes import ChangeSet
from app.base.words import _
from app.domain.facilities import Facility
from app.domain.map_views import point_place
from ui.naming import name
from ui.pages.context import PageContext
from ui.pages.facilities.bulk import BulkDialog
from ui.pages.facilities.deeds import FacilityDeeds
from ui.pages.facilities.detail import FacilityDetail
from ui.pages.facilities.entry import FacilityEntry
from ui.pages.facilities.list import FacilityList
from ui.pages.facilities.rates import RatesDialog
from ui.widgets.sections import InPart
from ui.widgets.split_view import SplitView

TYPES = ("facility", "facility_event", "photo", "check_result")
OPENS = {"case": "cases", "finding": "findings", "patrol_round": "rounds"}


class FacilitiesPage(QWidget):
    """`go` takes the id of a facility, a frozenset of them, words to search, or a mapping of chips ("group" among them)."""

    wanted = Signal(str, object)

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        name(self, "facilities_page", _("部件"))
        self._context = context
        self._entry: FacilityEntry | None = None
        self._asked = self._stale = False
        self.list = FacilityList(context)
        self.detail = FacilityDetail(context)
        self.split = SplitView("facilities", _("部件"), self.list.table, self.detail, context.remember)
        self.deeds = FacilityDeeds(context, self.list.busy, self)
        self._work = self._make_work()
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self._work)
        self._connect()
        context.bridge.changed.connect(self._changed)

    @property
    def entry(self) -> FacilityEntry:
        """The entry form, made when it is first wanted."""
        if self._entry is None:
            self._entry = FacilityEntry(self._context, self)
            self._entry.saved.connect(lambda facility: self.list.ask(facility.id))
            self._entry.closed.connect(self._show_list)
            self._stack.addWidget(self._entry)
        return self._entry

    def go(self, argument: object) -> None:
        """Show what the navigation asked for."""
        match argument:
            case UUID():
                self._show_list()
                self._asked = True
                self.list.groups.choose("")
                self.list.filters.set_chosen({})
                self.list.search.clear()
                self.list.ask(argument)
            case str():
                self._show_list()
                self._asked = True
                self.list.narrow({}, argument.strip())
            case frozenset():
                self._show_list()
                self._asked = True
                self.list.show_picked(argument)
            case dict():
                self._show_list()
                self._asked = True
                self.list.narrow(
                    {key: keys for key, keys in argument.items() if key != "group"}, "", argument.get("group", "")
                )
            case _ if not self._asked:
                self._asked = True
                self.list.ask()

    def refresh(self) -> None:
        """A minute went by: nothing here moves with the clock."""

    def keep(self) -> None:
        """Put what is half typed into a draft."""
        if self._entry is not None:
            self._entry.keep()

    def show_entry(self) -> None:
        """The entry form, empty or with what was not finished."""
        self.entry.start_new()
        self._stack.setCurrentWidget(self.entry)

    def showEvent(self, event: QShowEvent) -> None:
        """Take in what changed while the page was behind."""
        super().showEvent(event)
        if self._stale:
            self._stale = False
            self._read_again()

    def _make_work(self) -> QWidget:
        work = QWidget()
        across = QHBoxLayout()
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(0)
        across.addWidget(self.list.groups)
        across.addWidget(self.split, 1)
        lines = QVBoxLayout(work)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(0)
        lines.addWidget(self.list)
        lines.addLayout(across, 1)
        work.setFocusProxy(self.list)
        return work

    def _connect(self) -> None:
        self.list.chosen.connect(self.detail.show_record)
        self.list.opened.connect(lambda _own: self.split.open_full())
        self.list.new.clicked.connect(self.show_entry)
        self.list.print.clicked.connect(self.print_now)
        self.list.export.clicked.connect(self.export_now)
        self.list.importing.clicked.connect(self.import_now)
        self.list.rates.clicked.connect(self.show_rates)
        self.list.more.clicked.connect(self._show_more)
        self.detail.edit_wanted.connect(self._edit)
        self.detail.report_wanted.connect(self.deeds.report)
        self.detail.print_wanted.connect(self.deeds.print_card)
        self.detail.state_wanted.connect(self.deeds.set_state)
        self.detail.place_wanted.connect(self._show_place)
        self.detail.opened.connect(self._open)
        self.deeds.drafted.connect(lambda draft: self.wanted.emit("cases", draft))
        self.deeds.census_made.connect(lambda round_: self.wanted.emit("patrols", InPart("rounds", round_.id)))
        keys = (
            ("Ctrl+N", self.show_entry),
            ("Ctrl+P", self.print_now),
            ("Ctrl+E", self.export_now),
            ("F2", partial(self._with_facility, self._edit)),
            ("F5", partial(self._with_facility, self.deeds.report)),
            ("F7", partial(self._with_facility, self._turn)),
            ("F8", partial(self._with_facility, self._show_place)),
            ("Ctrl+B", self.change_many),
        )
        for key, slot in keys:
            shortcut = QShortcut(QKeySequence(key), self._work)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(slot)

    # What the person does ----------------------------------------------------------------------------------------

    def print_now(self) -> None:
        """The card of the facility that has all the room, cards of the selected, or the list."""
        selected = self.list.selected_rids()
        if self.split.full and self.detail.facility is not None:
            self.deeds.print_card(self.detail.facility)
        elif len(selected) > 1:
            self.deeds.print_cards(selected)
        else:
            self.deeds.print_list(self.list.table.model.ids, self.list.title())

    def export_now(self) -> None:
        """Export what is selected (two or more), else the whole list."""
        self.deeds.ask_export(self.list.rids(), self.list.title())

    def import_now(self) -> None:
        """Bring facilities in from a sheet."""
        from ui.pages.facilities.import_dialog import ImportFacilities

        dialog = ImportFacilities(self._context, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.imported.connect(lambda _result: self.list.ask())
        dialog.open()

    def show_rates(self) -> None:
        """Rates by street beside their targets; a line opens its list."""
        dialog = RatesDialog(self._context, self.list.groups.group(), self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.street_wanted.connect(self._show_street)
        dialog.open()

    def change_many(self) -> None:
        """One change for everything selected."""
        rids = self.list.selected_rids()
        if not rids:
            self._context.notices.say(_("先在列表里选中几件部件(Shift 或 Ctrl 加点击,Ctrl+A 全选)"))
            return
        dialog = BulkDialog(len(rids), self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.agreed.connect(lambda fields, note: self.deeds.set_many(rids, fields, note))
        dialog.open()

    def census(self) -> None:
        """A census round past what is selected."""
        self.deeds.census(self.list.rids())

    def _show_more(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(_("批量修改… Ctrl+B"), self.change_many)
        menu.addAction(_("就选中的部件建普查巡查"), self.census)
        menu.addAction(_("编发标识码"), self.deeds.give_codes)
        menu.addAction(_("选择列…"), self._choose_columns)
        menu.popup(self.list.more.mapToGlobal(self.list.more.rect().bottomLeft()))

    def _choose_columns(self) -> None:
        menu = self.list.table.columns_menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.list.more.mapToGlobal(self.list.more.rect().bottomLeft()))

    def _show_street(self, group: str, street: str) -> None:
        self.list.narrow({"street": (street,)} if street else {}, "", group)

    def _edit(self, facility: Facility) -> None:
        self.entry.change(facility)
        self._stack.setCurrentWidget(self.entry)

    def _turn(self, facility: Facility) -> None:
        self.deeds.set_state(facility, self.detail.other_state())

    def _show_place(self, facility: Facility) -> None:
        title = facility.name or facility.minor_name or facility.code
        place = point_place(title, facility.longitude, facility.latitude, "facility", facility.id)
        if place is not None:
            self.wanted.emit("map", place)

    def _with_facility(self, act: object) -> None:
        if self.detail.facility is not None and callable(act):
            act(self.detail.facility)

    def _open(self, record_type: str, own: UUID) -> None:
        if record_type == "case":
            self.wanted.emit("cases", own)
        elif record_type in OPENS:
            self.wanted.emit("patrols", InPart(OPENS[record_type], own))

    # What changed ------------------------------------------------------------------------------------------------

    def _changed(self, changes: ChangeSet) -> None:
        if not self._asked or not changes.concerns(*TYPES):
            return
        if self.isVisible():
            self._read_again()
        else:
            self._stale = True

    def _read_again(self) -> None:
        self.list.refresh()
        self.detail.refresh()

    def _show_list(self) -> None:
        self._stack.setCurrentWidget(self._work)
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)
