"""The photos of a facility: added by drop, paste or choice, opened, never taken away."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from app.base.problem_words import problem_cure, problem_text
from app.base.watch import Watch
from app.base.words import _
from app.domain.cases import PhotoPhase
from app.domain.facilities import Facility
from app.domain.problems import Problem, Refused, Unavailable
from app.services.photos import TakenPhoto
from ui.naming import name
from ui.pages.context import PageContext
from ui.pages.facilities.reading import FacilityPicture
from ui.theme import gap, set_look
from ui.time_words import moment_words
from ui.widgets.busy_bar import BusyBar
from ui.widgets.photo_strip import PhotoStrip
from ui.widgets.photo_thumb import PhotoItem
from ui.widgets.photo_viewer import PhotoViewer

PHASE = PhotoPhase.BEFORE


class FacilityPhotos(QWidget):
    """`added`: the facility has more photos now."""

    added = Signal()

    def __init__(self, context: PageContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        name(self, "facility_photos", _("照片"))
        self._context = context
        self._facility: Facility | None = None
        self._items: list[PhotoItem] = []
        self.busy = BusyBar(self)
        self._said = set_look(name(QLabel(), "photos_refused", _("没有收入的照片")), "wrong")
        self._said.setWordWrap(True)
        self._said.hide()
        self._strip = PhotoStrip([(PHASE.value, _("照片"))], self)
        self._strip.group(PHASE.value).set_editable(True)
        self._strip.group(PHASE.value).set_removable(False)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(gap(1))
        for widget in (self._strip, self.busy, self._said):
            lines.addWidget(widget)
        self._strip.files_given.connect(lambda _phase, paths: self.add([(path, path.name) for path in paths]))
        self._strip.picture_pasted.connect(lambda _phase, bits: self.add([(bits, _("粘贴的照片.png"))]))
        self._strip.open_wanted.connect(self._open)

    def show_photos(self, picture: FacilityPicture) -> None:
        """Show the photos of this facility."""
        if self._facility is None or self._facility.id != picture.facility.id:
            self._said.hide()
        self._facility = picture.facility
        self._items = [
            PhotoItem(
                photo.sha256,
                PHASE.value,
                photo.name or photo.sha256[:12],
                picture.thumbnails[photo.sha256],
                moment_words(photo.taken_at or photo.created_at, picture.now),
            )
            for photo in picture.photos
        ]
        self._strip.show_photos(self._items)

    def add(self, sources: Sequence[tuple[Path | bytes, str]]) -> None:
        """Take files into the store and tie them to the facility, beside the screen."""
        desk, actor, facility = self._context.desk, self._context.actor, self._facility
        if facility is None or not sources:
            return

        def job(watch: Watch) -> list[tuple[str, Problem]]:
            taken: list[TakenPhoto] = []
            refused: list[tuple[str, Problem]] = []
            for done, (source, file_name) in enumerate(sources):
                watch.step(done, len(sources), file_name)
                try:
                    taken.append(desk.photos.take_in(source, name=file_name))
                except (Refused, Unavailable) as problem:
                    refused.append((file_name, problem))
            if taken:
                desk.photos.attach_to(facility, taken, PHASE, actor=actor)
            return refused

        task = self._context.tasks.write(job, done=self._on_added, failed=lambda problem: self._say([("", problem)]))
        self.busy.follow(task, _("正在收入照片"))

    def _on_added(self, refused: list[tuple[str, Problem]]) -> None:
        self._say(refused)
        self.added.emit()

    def _say(self, refused: Sequence[tuple[str, Problem]]) -> None:
        lines = [f"{file} {problem_text(why).rstrip('。')}。{problem_cure(why)}".strip() for file, why in refused]
        self._said.setText("\n".join(lines))
        self._said.setVisible(bool(lines))

    def _open(self, key: str) -> None:
        viewer = PhotoViewer(self._items, self._read, self.window())
        viewer.show_photo(key)
        viewer.open()

    def _read(self, key: str, take: Callable[[bytes | None], None]) -> None:
        photos = self._context.desk.photos
        self._context.tasks.read(lambda _watch: photos.open(key), done=take)
