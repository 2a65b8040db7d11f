"""A deed's dialog that loses nothing: half typed it stays as a draft about its record until the deed was done."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol
from uuid import UUID

from PySide6.QtCore import SignalInstance
from PySide6.QtWidgets import QDialog, QWidget

from app.services.drafts import ABOUT, SavedDraft
from ui.dialogs.deed_dialog import DeedDialog
from ui.forms.entry_keeper import DraftKeeper
from ui.forms.entry_photos import EntryPhotos
from ui.pages.context import PageContext


class Edited(Protocol):
    """Whatever a person types into."""

    edited: SignalInstance


class KeptDialog(DeedDialog):
    """A subclass says what is `typed` and how to `restore` it, and calls `go_on` when its fields are there."""

    photos: EntryPhotos | None = None

    def __init__(
        self, context: PageContext, form: str, record_id: UUID, title: str, about: str, parent: QWidget
    ) -> None:
        """form: under which the drafts are found."""
        super().__init__(title, about, parent)
        self._record_id = record_id
        self.keeper = DraftKeeper(context, self._body, self, form=form)
        self.finished.connect(self._on_finished)

    def typed(self) -> dict[str, Any]:
        """Everything typed, as plain JSON."""
        raise NotImplementedError

    def restore(self, typed: Mapping[str, Any]) -> None:
        """Show what was typed before."""
        raise NotImplementedError

    def go_on(self, draft: SavedDraft | None, *inputs: Edited) -> None:
        """Go on with a draft, or begin one; what is typed into these is kept from now on."""
        if draft is not None:
            self.keeper.begin(draft.id)
            self.restore(draft.body)
        for one in inputs:
            one.edited.connect(self.keeper.touch)

    def submit(self) -> None:
        """Not while a photo is still on its way into the store."""
        if self.photos is None or not self.photos.is_busy():
            super().submit()

    def _body(self) -> dict[str, Any]:
        typed = self.typed()
        return {**typed, ABOUT: str(self._record_id)} if any(typed.values()) else {}

    def _on_finished(self, result: int) -> None:
        if result == QDialog.DialogCode.Accepted:
            self.keeper.discard()
        else:
            self.keeper.keep_now()
