"""Photos of a case in groups (before, after): dropped, pasted or chosen in; opened and taken away. It keeps nothing."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from app.base.words import _
from ui.naming import name
from ui.theme import gap
from ui.widgets.photo_group import PhotoGroup
from ui.widgets.photo_thumb import PhotoItem


class PhotoStrip(QWidget):
    """One row of thumbnails per phase."""

    files_given = Signal(str, object)
    picture_pasted = Signal(str, bytes)
    remove_wanted = Signal(str)
    open_wanted = Signal(str)

    def __init__(self, phases: Sequence[tuple[str, str]], parent: QWidget | None = None) -> None:
        """phases: (key, title in the language in use), in the order shown.

        files_given: phase and list of paths (folders unfolded). picture_pasted: phase and PNG. The others carry a key.
        """
        super().__init__(parent)
        name(self, "photo_strip", _("照片"))
        self._groups = {key: PhotoGroup(key, title, self) for key, title in phases}
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(gap(2))
        for key, group in self._groups.items():
            group.files_given.connect(partial(self.files_given.emit, key))
            group.picture_pasted.connect(partial(self.picture_pasted.emit, key))
            group.remove_wanted.connect(self.remove_wanted)
            group.open_wanted.connect(self.open_wanted)
            lines.addWidget(group)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)

    def show_photos(self, items: Sequence[PhotoItem]) -> None:
        """Show these photos, each in its phase, in the order given."""
        for key, group in self._groups.items():
            group.show_photos([item for item in items if item.phase == key])

    def set_editable(self, editable: bool) -> None:
        """Allow adding and taking away, in every phase."""
        for group in self._groups.values():
            group.set_editable(editable)

    def group(self, phase: str) -> PhotoGroup:
        """The row of a phase."""
        return self._groups[phase]

    def paste(self, phase: str) -> bool:
        """Take what the clipboard holds into `phase`; False: it holds no photo."""
        return self._groups[phase].paste()
