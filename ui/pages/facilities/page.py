"""The page of facilities: registers at the left, the list with one facility beside it, or the entry form."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property, partial
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QMenu

from app.base.changes import ChangeSet
from app.base.words import _
from app.domain.facilities import Facility
from app.domain.map_views import point_place
from ui.keys import listen
from ui.pages.context import PageContext
from ui.pages.facilities.bulk import BulkDialog
from ui.pages.facilities.deeds import FacilityDeeds
from ui.pages.facilities.detail import FacilityDetail
from ui.pages.facilities.entry import FacilityEntry
from ui.pages.facilities.list import FacilityList
from ui.pages.facilities.rates import RatesDialog
from ui.tables.list_part import ListPart
from ui.widgets.sections import InPart

TYPES = ("facility", "facility_event", "photo", "check_result")
OPENS = {"case": "cases", "finding": "findings", "patrol_round": "rounds"}


class FacilitiesPage(ListPart[FacilityDetail]):
    """`go` takes the id of a facility, a frozenset of them, words to search, or a mapping of chips ("group" among them)."""

    list: FacilityList

    def __init__(self, context: PageContext) -> None:
        detail = FacilityDetail(context)
        super().__init__(context, "facilities_page", _("部件"), FacilityList(context), detail, "facilities")
        self._asked = self._stale = False
        self.deeds = FacilityDeeds(context, self.list.busy, self)
        self._connect()
        context.bridge.changed.connect(self._changed)

    @cached_property
    def entry(self) -> FacilityEntry:
        """The entry form, made when it is first wanted."""
        entry = self.add_form(FacilityEntry(self._context, self))
        entry.saved.connect(lambda facility: self.list.ask(facility.id))
        return entry

    def go(self, argument: object) -> None:
        """Show what the navigation asked for; the whole register at first."""
        match argument:
            case frozenset():
                self.show_list()
                self.list.show_picked(argument)
            case dict():
                self.show_list()
                chips = {key: keys for key, keys in argument.items() if key != "group"}
                self.list.narrow(chips, view=argument.get("group", ""))
            case None if not self._asked:
                self.list.ask()
            case _:
                super().go(argument)
        self._asked = True

    def refresh(self) -> None:
        """A minute went by: nothing here moves with the clock."""

    def show_entry(self) -> None:
        """The entry form, empty or with what was not finished."""
        self.entry.start_new()
        self.show_form(self.entry)

    def showEvent(self, event: QShowEvent) -> None:
        """Take in what changed while the page was behind."""
        super().showEvent(event)
        if self._stale:
            self._stale = False
            self._read_again()

    def _connect(self) -> None:
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
        keys: dict[str, Callable[[], None]] = {
            "Ctrl+N": self.show_entry,
            "Ctrl+P": self.print_now,
            "Ctrl+E": self.export_now,
            "F2": partial(self._with_facility, self._edit),
            "F5": partial(self._with_facility, self.deeds.report),
            "F7": partial(self._with_facility, self._turn),
            "F8": partial(self._with_facility, self._show_place),
            "Ctrl+B": self.change_many,
        }
        listen(self.list, keys)

    # What the person does ----------------------------------------------------------------------------------------

    def print_now(self) -> None:
        """The card of the facility that has all the room, cards of the selected, or the list."""
        selected = self.list.table.selected_ids()
        if self.split.full and self.detail.facility is not None:
            self.deeds.print_card(self.detail.facility)
        elif len(selected) > 1:
            self.deeds.print_cards(selected)
        else:
            self.deeds.print_list(self.list.table.model.ids, self.list.title())

    def export_now(self) -> None:
        """Export what is selected (two or more), else the whole list."""
        self.deeds.export(self.list.rids(), self.list.title())

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
        rids = self.list.table.selected_ids()
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
        self.list.narrow({"street": (street,)} if street else {}, view=group)

    def _edit(self, facility: Facility) -> None:
        self.entry.change(facility)
        self.show_form(self.entry)

    def _turn(self, facility: Facility) -> None:
        self.deeds.set_state(facility, self.detail.other_state())

    def _show_place(self, facility: Facility) -> None:
        title = facility.name or facility.minor_name or facility.code
        place = point_place(title, facility.longitude, facility.latitude, "facility", facility.id)
        if place is not None:
            self.wanted.emit("map", place)

    def _with_facility(self, act: Callable[[Facility], object]) -> None:
        if self.detail.facility is not None:
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
        super().refresh()
