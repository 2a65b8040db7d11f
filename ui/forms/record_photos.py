"""The photos of a saved record that is no case: by phase, added but never taken away."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from app.base.problem_words import problem_sentence
from app.base.watch import Watch
from app.base.words import _
from app.domain.cases import PHOTO_PHASE_TITLES, Photo, PhotoPhase
from app.domain.problems import Problem
from app.domain.records import Record
from app.services.photos import PhotoService, TakenPhoto
from ui.naming import name
from ui.pages.context import PageContext
from ui.tasks import Latest
from ui.theme import gap, set_look
from ui.time_words import moment_words
from ui.widgets.busy_bar import BusyBar
from ui.widgets.photo_strip import PhotoStrip
from ui.widgets.photo_thumb import PhotoItem
from ui.widgets.photo_viewer import PhotoViewer

PHASES = (PhotoPhase.BEFORE, PhotoPhase.AFTER)
Thumbnails = dict[str, bytes | None]


class RecordPhotos(QWidget):
    """`added`: the record has more photos now."""

    added = Signal()

    def __init__(
        self,
        context: PageContext,
        object_name: str = "record_photos",
        phases: Mapping[PhotoPhase, str] | None = None,
    ) -> None:
        """phases: what the photos are kept apart by, with titles in the language in use; None: before and after."""
        super().__init__()
        name(self, object_name, _("照片"))
        titles = phases or {phase: _(PHOTO_PHASE_TITLES[phase]) for phase in PHASES}
        self._context = context
        self._record: Record | None = None
        self._photos: Sequence[Photo] = ()
        self._thumbnails: Thumbnails = {}
        self._latest: Latest[Thumbnails] = Latest(context.tasks, done=self._on_thumbnails, pause_ms=0, parent=self)
        self.busy = BusyBar(self)
        self._phases = tuple(phase.value for phase in titles)
        self._strip = PhotoStrip([(phase.value, title) for phase, title in titles.items()], self)
        self._strip.files_given.connect(self.add_files)
        self._strip.picture_pasted.connect(self.add_picture)
        self._strip.open_wanted.connect(self.open)
        self._said = set_look(name(QLabel(), "record_photos_refused", _("没有收入的照片")), "wrong")
        self._said.setWordWrap(True)
        self._said.hide()
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(gap(1))
        for widget in (self._strip, self.busy, self._said):
            lines.addWidget(widget)

    def show_photos(self, record: Record, photos: Sequence[Photo], *, editable: bool) -> None:
        """Show the photos of a record. editable: more may be added."""
        if self._record is None or self._record.id != record.id:
            self._said.hide()
            self._thumbnails = {}
        self._record, self._photos = record, photos
        self._show()
        for phase in self._phases:
            self._strip.group(phase).set_editable(editable)
            self._strip.group(phase).set_removable(False)
        wanted = [photo.sha256 for photo in photos if self._thumbnails.get(photo.sha256) is None]
        if wanted:
            service = self._context.desk.photos
            self._latest.ask(lambda _watch: {sha256: service.thumbnail(sha256) for sha256 in wanted})

    def add_files(self, phase: str, paths: Sequence[Path]) -> None:
        """Take files into the store and tie them to the record, beside the screen."""
        self._add(phase, [(path, path.name) for path in paths])

    def add_picture(self, phase: str, picture: bytes) -> None:
        """Take in a picture from the clipboard."""
        self._add(phase, [(picture, _("粘贴的照片.png"))])

    def open(self, key: str) -> None:
        """Show a photo as large as the window allows."""
        viewer = PhotoViewer(self._items(), self._read, self.window())
        viewer.show_photo(key)
        viewer.open()

    def _add(self, phase: str, sources: Sequence[tuple[Path | bytes, str]]) -> None:
        if self._record is None or not sources:
            return
        photos, record, actor = self._context.desk.photos, self._record, self._context.actor

        def job(watch: Watch) -> list[str]:
            taken, refused = take_all(photos, sources, watch)
            if taken:
                photos.attach_to(record, taken, PhotoPhase(phase), actor=actor)
            return refused

        task = self._context.tasks.write(job, done=self._on_added, failed=self._on_trouble)
        self.busy.follow(task, _("正在收入照片"))

    def _on_added(self, refused: list[str]) -> None:
        self._say(refused)
        self.added.emit()

    def _on_trouble(self, problem: Problem) -> None:
        self._say([problem_sentence(problem)])

    def _say(self, sentences: Sequence[str]) -> None:
        self._said.setText("\n".join(sentences))
        self._said.setVisible(bool(sentences))

    def _on_thumbnails(self, thumbnails: Thumbnails) -> None:
        self._thumbnails |= thumbnails
        self._show()

    def _show(self) -> None:
        self._strip.show_photos(self._items())

    def _items(self) -> list[PhotoItem]:
        now = self._context.desk.clock.now()
        return [
            PhotoItem(
                f"{photo.phase}:{photo.sha256}",
                photo.phase if photo.phase in self._phases else self._phases[0],
                photo.name or photo.sha256[:12],
                self._thumbnails.get(photo.sha256),
                moment_words(photo.taken_at or photo.created_at, now),
            )
            for photo in self._photos
        ]

    def _read(self, key: str, take: Callable[[bytes | None], None]) -> None:
        photos = self._context.desk.photos
        no_picture = partial(take, None)
        self._context.tasks.read(
            lambda _watch: photos.open(key.rpartition(":")[2]), done=take, failed=lambda _problem: no_picture()
        )


def take_all(
    photos: PhotoService, sources: Sequence[tuple[Path | bytes, str]], watch: Watch
) -> tuple[list[TakenPhoto], list[str]]:
    """Take each file into the store; gives those taken, and a sentence for each that was refused."""
    taken: list[TakenPhoto] = []
    refused: list[str] = []
    for done, (source, file_name) in enumerate(sources):
        watch.step(done, len(sources), file_name)
        try:
            taken.append(photos.take_in(source, name=file_name))
        except Problem as problem:
            refused.append(f"{file_name}:{problem_sentence(problem)}")
    return taken, refused
