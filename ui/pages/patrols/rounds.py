"""The part of rounds: the list with one round beside it, or the entry of what a member brought back."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from pathlib import Path
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog

from app.base.words import _
from app.domain.patrols import PatrolRound
from app.domain.round_rules import OPEN_TO_ENTRY
from app.services.patrols import RoundDraft
from ui.keys import listen
from ui.pages.context import PageContext
from ui.pages.patrols.round_entry import RoundEntry
from ui.pages.patrols.round_entry_side import layers_of
from ui.pages.patrols.rounds_deeds import RoundDeeds
from ui.pages.patrols.rounds_detail import RoundDetailPane
from ui.pages.patrols.rounds_list import RoundsList
from ui.pages.patrols.rounds_new import NewRoundDialog
from ui.tables.list_part import ListPart
from ui.widgets.sections import InPart

FIRST_SHOWN = {"period": ("week",)}


class RoundsPart(ListPart[RoundDetailPane]):
    """`go` takes the id of a round, words to search, a mapping of chips, (first day, last day), or None."""

    list: RoundsList

    def __init__(self, context: PageContext) -> None:
        detail = RoundDetailPane(context)
        super().__init__(context, "rounds_part", _("巡查"), RoundsList(context), detail, "rounds")
        self.deeds = RoundDeeds(context, self.list.busy, self)
        self._connect()
        self.list.filters.set_chosen(FIRST_SHOWN)

    @cached_property
    def entry(self) -> RoundEntry:
        """The entry, made when it is first wanted."""
        entry = self.add_form(RoundEntry(self._context, self))
        entry.saved.connect(lambda round_: self.list.ask(round_.id))
        return entry

    def go(self, argument: object) -> None:
        """Show what was asked for."""
        match argument:
            case (date() as first, date() as last):
                self.show_list()
                self.list.show_days(first, last)
            case _:
                super().go(argument)

    def open_record(self, round_id: UUID) -> None:
        """Enter a round that is open to it; a finished one stays in the list with its detail."""
        desk = self._context.desk

        def opened(round_: PatrolRound) -> None:
            if round_.day > desk.reference.today():
                self._context.notices.say(_("这次巡查是 {day} 的,那一天还没有到").format(day=round_.day))
            elif round_.state in OPEN_TO_ENTRY:
                self.entry.open(round_.id)
                self.show_form(self.entry)
            else:
                self._context.notices.say(_("这次巡查不再录入;要改已完成的巡查,请点“更正…”"))

        self._context.tasks.read(lambda _watch: desk.patrols.get(round_id), done=opened)

    def ask_new(self) -> None:
        """Ask for a round nobody planned."""
        dialog = NewRoundDialog(self._context, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.agreed.connect(self.make)
        dialog.open()

    def make(self, draft: RoundDraft) -> None:
        """Open a round nobody planned, and go into its entry."""
        patrols, actor = self._context.desk.patrols, self._context.actor
        self._context.tasks.write(
            lambda _watch: patrols.open(draft, actor=actor), done=self._on_made, failed=self.deeds.trouble
        )

    def _connect(self) -> None:
        self.list.new.clicked.connect(self.ask_new)
        self.list.print.clicked.connect(self._print)
        self.list.export.clicked.connect(self._export)
        self.list.importing.clicked.connect(self.ask_import)
        self.detail.cancel_wanted.connect(self.deeds.ask_cancel)
        self.detail.reopen_wanted.connect(self.deeds.ask_reopen)
        self.detail.print_wanted.connect(self.deeds.print_round)
        self.detail.photos_wanted.connect(self.ask_photos)
        self.detail.finding_wanted.connect(lambda one: self.wanted.emit("patrols", InPart("findings", one)))
        self.detail.map_wanted.connect(lambda detail: self.wanted.emit("map", layers_of(detail)))
        self.detail.track_wanted.connect(lambda one: self.wanted.emit("patrols", InPart("traces", one)))
        self.deeds.done.connect(self.list.ask)
        keys = {"F5": self.list.enter.click, "Ctrl+N": self.ask_new, "Ctrl+P": self._print, "Ctrl+E": self._export}
        listen(self.list, keys)

    def ask_import(self) -> None:
        """Bring in rounds from a sheet."""
        from ui.dialogs.import_rounds import ImportRoundsDialog

        dialog = ImportRoundsDialog(self._context, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.finished.connect(lambda _code: self.list.ask())
        dialog.open()

    def ask_photos(self, round_: PatrolRound) -> None:
        """Ask for a folder of photos, and show which belongs where."""
        chosen = QFileDialog.getExistingDirectory(self, _("存放照片的文件夹"))
        if chosen:
            from ui.pages.patrols.photo_folder import PhotoFolderDialog

            dialog = PhotoFolderDialog(self._context, round_.id, Path(chosen), self)
            dialog.taken.connect(lambda _taken: self.detail.refresh())
            dialog.open()

    def _print(self) -> None:
        self.deeds.print_rids(self.list.rids())

    def _export(self) -> None:
        self.deeds.export(self.list.rids())

    def _on_made(self, round_: PatrolRound) -> None:
        self.list.ask(round_.id)
        self.open_record(round_.id)
