"""Photos of a case being typed: taken into the encrypted store at once, so that nothing is lost before it is saved."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.base.problem_words import problem_cure, problem_text
from app.base.watch import Watch
from app.base.words import _
from app.domain.cases import PHOTO_PHASE_TITLES, Photo, PhotoPhase
from app.domain.problems import Problem
from app.services.photos import TakenPhoto
from ui.forms.time_inputs import ZONE
from ui.naming import name
from ui.pages.context import PageContext
from ui.theme import gap, set_look
from ui.widgets.photo_strip import PhotoStrip
from ui.widgets.photo_thumb import PhotoItem
from ui.widgets.photo_viewer import PhotoViewer

TAKEN = TypeAdapter(TakenPhoto)
PHASES = (PhotoPhase.BEFORE, PhotoPhase.AFTER)


@dataclass(frozen=True)
class HeldPhoto:
    """A photo on the form. saved: it belongs to the case already."""

    taken: TakenPhoto
    phase: PhotoPhase
    saved: bool = False

    @property
    def key(self) -> str:
        """What the strip calls it."""
        return f"{self.phase}:{self.taken.sha256}"


class EntryPhotos(QWidget):
    """The photo strip with what it says: files refused, and the time and place a photo brings along.

    `edited`: a photo came or went. `time_wanted` and `place_wanted`: take them from the photo.
    """

    edited = Signal()
    time_wanted = Signal(object)
    place_wanted = Signal(float, float)

    def __init__(self, context: PageContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        name(self, "photos", _("照片"))
        self._context = context
        self._photos: list[HeldPhoto] = []
        self._thumbnails: dict[str, bytes | None] = {}
        self._coming = 0
        self._viewer: PhotoViewer | None = None
        self._refused: list[str] = []
        self._strip = PhotoStrip([(phase.value, _(PHOTO_PHASE_TITLES[phase])) for phase in PHASES], self)
        self._strip.files_given.connect(self.take_files)
        self._strip.picture_pasted.connect(self.take_picture)
        self._strip.remove_wanted.connect(self._remove)
        self._strip.open_wanted.connect(self._open)
        self._busy = set_look(name(QLabel(), "photos_coming", _("正在收入照片")), "muted")
        self._said = set_look(name(QLabel(), "photos_refused", _("没有收入的照片")), "wrong")
        self._said.setTextFormat(Qt.TextFormat.PlainText)
        self._said.setWordWrap(True)
        self._offer = _PhotoOffer(self)
        self._offer.time_wanted.connect(self.time_wanted)
        self._offer.place_wanted.connect(self.place_wanted)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(gap(1))
        for widget in (self._strip, self._busy, self._said, self._offer):
            lines.addWidget(widget)
        self._show()

    def photos(self) -> Sequence[HeldPhoto]:
        """What is on the form, in the order it came."""
        return self._photos

    def unsaved(self, phase: PhotoPhase) -> list[TakenPhoto]:
        """Photos of a phase that belong to no case yet."""
        return [held.taken for held in self._photos if held.phase == phase and not held.saved]

    def is_busy(self) -> bool:
        """Some photo is still on its way into the store."""
        return self._coming > 0

    def refused_words(self) -> str:
        """Which files were not taken, and why."""
        return self._said.text()

    def typed(self) -> list[dict[str, Any]]:
        """The unsaved photos as plain JSON for a draft."""
        return [
            {"phase": held.phase.value, **TAKEN.dump_python(held.taken, mode="json")}
            for held in self._photos
            if not held.saved
        ]

    def restore(self, typed: Sequence[Mapping[str, Any]], saved: Sequence[Photo] = ()) -> None:
        """Show the photos of a draft, behind those the case has already."""
        self._refused.clear()
        self._offer.hide()
        self._photos = [
            HeldPhoto(_taken_of(photo), photo.phase, saved=True) for photo in saved if photo.phase in PHASES
        ]
        for entry in typed:
            body = dict(entry)
            phase = PhotoPhase(body.pop("phase"))
            self._photos.append(HeldPhoto(TAKEN.validate_python(body), phase))
        for held in self._photos:
            self._ask_thumbnail(held.taken.sha256)
        self._show()

    def take_files(self, phase: str, paths: Sequence[Path]) -> None:
        """Take files in, one after the other, each safe as soon as it is told."""
        self._refused.clear()
        for path in paths:
            self._take(PhotoPhase(phase), path, path.name)

    def take_picture(self, phase: str, picture: bytes) -> None:
        """Take in a picture from the clipboard."""
        self._refused.clear()
        at = self._context.desk.clock.now().astimezone(ZONE)
        self._take(PhotoPhase(phase), picture, f"{_('粘贴')}-{at:%H%M%S}.png")

    def paste(self) -> None:
        """Take what the clipboard holds as photos from before the handling."""
        self._strip.paste(PhotoPhase.BEFORE.value)

    def _take(self, phase: PhotoPhase, source: Path | bytes, file_name: str) -> None:
        photos = self._context.desk.photos

        def job(_watch: Watch) -> TakenPhoto:
            return photos.take_in(source, name=file_name)

        self._coming += 1
        intake = _Intake(self, phase, file_name)
        self._context.tasks.write(job, done=intake.taken, failed=intake.refused)
        self._show()

    def add(self, phase: PhotoPhase, taken: TakenPhoto) -> None:
        """A photo is safe in the store: show it, and offer what it knows."""
        self._coming -= 1
        held = HeldPhoto(taken, phase)
        if any(other.key == held.key for other in self._photos):
            self._refused.append(_("“{file}”已经添加过").format(file=taken.name))
        else:
            self._photos.append(held)
            self._ask_thumbnail(taken.sha256)
            self._offer.show_photo(taken)
            self.edited.emit()
        self._show()

    def refuse(self, file_name: str, problem: Problem) -> None:
        """A file was not taken; name it and say why."""
        self._coming -= 1
        words = _("“{file}”没有收入:{why}。{cure}")
        self._refused.append(
            words.format(file=file_name, why=problem_text(problem).rstrip("。"), cure=problem_cure(problem))
        )
        self._show()

    def _remove(self, key: str) -> None:
        held = next((held for held in self._photos if held.key == key), None)
        if held is None:
            return
        if held.saved:
            self._refused = [_("已经保存在案件里的照片不能去掉")]
        else:
            self._photos.remove(held)
            self._context.notices.say(
                _("已去掉照片 {file}").format(file=held.taken.name), undo=partial(self._back, held)
            )
            self.edited.emit()
        self._show()

    def _back(self, held: HeldPhoto) -> None:
        self._photos.append(held)
        self.edited.emit()
        self._show()

    def _open(self, key: str) -> None:
        viewer = PhotoViewer([self._item(held) for held in self._photos], self._read_picture, self)
        self._viewer = viewer
        viewer.show_photo(key)
        viewer.open()

    def _read_picture(self, key: str, answer: Callable[[bytes | None], None]) -> None:
        photos, sha256 = self._context.desk.photos, key.partition(":")[2]
        looked = _Looked(self._viewer, answer)
        self._context.tasks.read(lambda _watch: photos.open(sha256), done=looked.found, failed=looked.missing)

    def _ask_thumbnail(self, sha256: str) -> None:
        if sha256 in self._thumbnails:
            return
        photos = self._context.desk.photos
        self._context.tasks.read(
            lambda _watch: (sha256, photos.thumbnail(sha256)), done=self._keep_thumbnail, failed=self._no_thumbnail
        )

    def _keep_thumbnail(self, made: tuple[str, bytes | None]) -> None:
        """A thumbnail was made; None: this kind of file has none."""
        self._thumbnails[made[0]] = made[1]
        self._show()

    def _no_thumbnail(self, _problem: Problem) -> None:
        """The strip shows the file's name instead."""

    def _show(self) -> None:
        self._strip.show_photos([self._item(held) for held in self._photos])
        self._busy.setText(_("正在收入照片,还有 {n} 张").format(n=self._coming) if self._coming else "")
        self._busy.setVisible(self._coming > 0)
        self._said.setText("\n".join(self._refused))
        self._said.setVisible(bool(self._refused))

    def _item(self, held: HeldPhoto) -> PhotoItem:
        note = held.taken.warning
        return PhotoItem(held.key, held.phase.value, held.taken.name, self._thumbnails.get(held.taken.sha256), note)


class _PhotoOffer(QFrame):
    """Offers the time and place the camera wrote into a photo."""

    time_wanted = Signal(object)
    place_wanted = Signal(float, float)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        set_look(name(self, "photo_offer", _("照片的时间和位置")), "bar")
        self._words = name(QLabel(), "photo_offer_words", _("照片的时间和位置"))
        self._time = set_look(name(QPushButton(_("用照片的时间")), "photo_time", _("用照片的时间")), "quiet")
        self._place = set_look(name(QPushButton(_("用照片的位置")), "photo_place", _("用照片的位置")), "quiet")
        self._taken: TakenPhoto | None = None
        self._time.clicked.connect(self._on_time)
        self._place.clicked.connect(self._on_place)
        row = QHBoxLayout(self)
        row.setContentsMargins(gap(3), gap(1), gap(1), gap(1))
        row.addWidget(self._words)
        row.addWidget(self._time)
        row.addWidget(self._place)
        row.addStretch(1)
        self.hide()

    def show_photo(self, taken: TakenPhoto) -> None:
        """Offer what this photo knows; one that knows nothing changes nothing."""
        has_place = taken.longitude is not None and taken.latitude is not None
        if taken.taken_at is None and not has_place:
            return
        self._taken = taken
        parts = []
        if taken.taken_at is not None:
            parts.append(_("拍摄于 {at}").format(at=_at(taken.taken_at)))
        if has_place:
            parts.append(
                _("位置 {longitude:.5f}, {latitude:.5f}").format(longitude=taken.longitude, latitude=taken.latitude)
            )
        self._words.setText(_("照片:{facts}").format(facts=" · ".join(parts)))
        self._time.setVisible(taken.taken_at is not None)
        self._place.setVisible(has_place)
        self.show()

    def _on_time(self) -> None:
        if self._taken is not None and self._taken.taken_at is not None:
            self.time_wanted.emit(self._taken.taken_at)
        self._time.hide()
        self._close_when_empty()

    def _on_place(self) -> None:
        if self._taken is not None and self._taken.longitude is not None and self._taken.latitude is not None:
            self.place_wanted.emit(self._taken.longitude, self._taken.latitude)
        self._place.hide()
        self._close_when_empty()

    def _close_when_empty(self) -> None:
        self.setVisible(not (self._time.isHidden() and self._place.isHidden()))


class _Intake(QObject):
    """One file on its way into the store."""

    def __init__(self, photos: EntryPhotos, phase: PhotoPhase, file_name: str) -> None:
        super().__init__(photos)
        self._photos = photos
        self._phase = phase
        self._file_name = file_name

    def taken(self, taken: TakenPhoto) -> None:
        """It is safe."""
        self._photos.add(self._phase, taken)
        self.deleteLater()

    def refused(self, problem: Problem) -> None:
        """It was not taken."""
        self._photos.refuse(self._file_name, problem)
        self.deleteLater()


class _Looked(QObject):
    """One photo on its way out of the store; it goes with the window that asked for it."""

    def __init__(self, viewer: QObject | None, answer: Callable[[bytes | None], None]) -> None:
        super().__init__(viewer)
        self._answer = answer

    def found(self, picture: bytes) -> None:
        """It was read."""
        self._answer(picture)
        self.deleteLater()

    def missing(self, _problem: Problem) -> None:
        """It cannot be read; the window says so."""
        self._answer(None)
        self.deleteLater()


def _at(moment: datetime) -> str:
    return f"{moment.astimezone(ZONE):%Y-%m-%d %H:%M}"


def _taken_of(photo: Photo) -> TakenPhoto:
    """A photo of the case as the strip shows photos."""
    return TakenPhoto(
        sha256=photo.sha256,
        size=photo.size,
        media_type=photo.media_type,
        name=photo.name,
        taken_at=photo.taken_at,
        longitude=photo.longitude,
        latitude=photo.latitude,
        width=photo.width,
        height=photo.height,
        warning=photo.warning,
    )
