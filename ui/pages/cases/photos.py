"""The photos of a saved case: kept apart by phase and by round of work, added but never taken away."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget
from shiboken6 import isValid

from app.base.problem_words import problem_sentence
from app.base.watch import Watch
from app.base.words import _
from app.domain.cases import PHOTO_PHASE_TITLES, Case, Photo, PhotoPhase
from app.domain.office import Office
from app.domain.problems import Problem
from app.domain.stages import OPEN_STAGES, Stage
from app.services.case_words import swapped
from ui.forms.record_photos import take_all
from ui.naming import name
from ui.pages.cases.case_reading import CasePicture
from ui.pages.context import PageContext
from ui.tasks import T
from ui.theme import gap, set_look
from ui.time_words import moment_words
from ui.widgets.busy_bar import BusyBar
from ui.widgets.photo_strip import PhotoStrip
from ui.widgets.photo_thumb import PhotoItem
from ui.widgets.photo_viewer import PhotoViewer

TASK_STAGES = {
    PhotoPhase.VERIFY: frozenset({Stage.VERIFYING}),
    PhotoPhase.CHECK: frozenset({Stage.CHECKING}),
}
GROUPS = (PhotoPhase.BEFORE, PhotoPhase.AFTER, PhotoPhase.VERIFY, PhotoPhase.CHECK)


@dataclass(frozen=True)
class Added:
    """What came of adding photos: how many the case has now more, and a sentence for each file that was refused."""

    count: int
    refused: Sequence[str]


class CasePhotos(QWidget):
    """`added`: the case has more photos now."""

    added = Signal()

    def __init__(self, context: PageContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        name(self, "case_photos", _("照片"))
        self._context = context
        self._picture: CasePicture | None = None
        self._strip: PhotoStrip | None = None
        self._groups: tuple[tuple[str, str], ...] = ()
        self._items: list[PhotoItem] = []
        self.viewer: PhotoViewer | None = None
        self.busy = BusyBar(self)
        self._said = set_look(name(QLabel(), "photos_refused", _("没有收入的照片")), "wrong")
        self._said.setWordWrap(True)
        self._said.hide()
        self._none = set_look(name(QLabel(_("没有照片")), "no_photos", _("没有照片")), "muted")
        self._lines = QVBoxLayout(self)
        self._lines.setContentsMargins(0, 0, 0, 0)
        self._lines.setSpacing(gap(1))
        self._lines.addWidget(self._none)
        self._lines.addWidget(self.busy)
        self._lines.addWidget(self._said)

    def show_case(self, picture: CasePicture, office: Office) -> None:
        """Show the photos of this case; a closed case takes no more."""
        if self._picture is None or self._picture.case.id != picture.case.id:
            self._said.hide()
        self._picture = picture
        case, photos = picture.case, picture.detail.photos
        self._items = [_item(photo, picture) for photo in photos]
        groups = tuple((key, title) for key, title in groups_of(case, photos, office))
        self._none.setVisible(not groups)
        if groups != self._groups:
            self._make_strip(groups)
        if self._strip is not None:
            self._strip.show_photos(self._items)
            for key, _title in groups:
                self._strip.group(key).set_editable(key in current_groups(case))
                self._strip.group(key).set_removable(False)

    def _make_strip(self, groups: tuple[tuple[str, str], ...]) -> None:
        if self._strip is not None:
            self._strip.deleteLater()
        self._groups = groups
        self._strip = PhotoStrip(groups, self)
        self._strip.files_given.connect(self.add_files)
        self._strip.picture_pasted.connect(self.add_picture)
        self._strip.open_wanted.connect(self.open)
        self._lines.insertWidget(0, self._strip)

    def add_files(self, group: str, paths: Sequence[Path]) -> None:
        """Take files into the store and tie them to the case, beside the screen."""
        self._add(group, [(path, path.name) for path in paths])

    def add_picture(self, group: str, picture: bytes) -> None:
        """Take in a picture from the clipboard."""
        self._add(group, [(picture, _("粘贴的照片.png"))])

    def open(self, key: str) -> None:
        """Show a photo as large as the window allows."""
        viewer = PhotoViewer(self._items, self._read, self.window())
        viewer.fetch_wanted.connect(partial(self._fetch, viewer))
        viewer.show_photo(key)
        viewer.open()
        self.viewer = viewer

    def refused_words(self) -> str:
        """Which files were not taken, and why."""
        return "" if self._said.isHidden() else self._said.text()

    def _add(self, group: str, sources: Sequence[tuple[Path | bytes, str]]) -> None:
        if self._picture is None or not sources:
            return
        phase = PhotoPhase(group.partition(":")[0])
        photos, actor, case = self._context.desk.photos, self._context.actor, self._picture.case

        def job(watch: Watch) -> Added:
            taken, refused = take_all(photos, sources, watch)
            return Added(len(photos.attach(case.id, taken, phase, actor=actor)) if taken else 0, refused)

        task = self._context.tasks.write(job, done=self._on_added, failed=self._on_trouble)
        self.busy.follow(task, _("正在收入照片"))

    def _on_added(self, added: Added) -> None:
        self._say(added.refused)
        if added.count:
            self._context.notices.say(_("已添加 {n} 张照片").format(n=added.count))
            self.added.emit()

    def _on_trouble(self, problem: Problem) -> None:
        self._say([problem_sentence(problem)])

    def _say(self, sentences: Sequence[str]) -> None:
        self._said.setText("\n".join(sentences))
        self._said.setVisible(bool(sentences))

    def _read(self, key: str, take: Callable[[bytes | None], None]) -> None:
        sha256 = key.rpartition(":")[2]
        photos = self._context.desk.photos
        self._context.tasks.read(lambda _watch: photos.open(sha256), done=take)

    def _fetch(self, viewer: PhotoViewer, key: str) -> None:
        """Ask the city for an original; what came of it is said under the picture."""
        sync, sha256 = self._context.desk.sync, key.rpartition(":")[2]
        viewer.fetch.setEnabled(False)

        def arrived(_nothing: object) -> None:
            viewer.arrived(key)
            self.added.emit()

        def failed(problem: Problem) -> None:
            viewer.say(problem_sentence(problem), wrong=True)

        def ended() -> None:
            if isValid(viewer):
                viewer.fetch.setEnabled(True)

        task = self._context.tasks.read(
            lambda watch: sync.fetch_original(sha256, watch),
            done=_while(viewer, arrived),
            failed=_while(viewer, failed),
        )
        task.ended.connect(ended)
        viewer.busy.follow(task, _("正在取原件"))


def _while(viewer: PhotoViewer, act: Callable[[T], object]) -> Callable[[T], None]:
    """Call back only while the window is still there."""

    def call(value: T) -> None:
        if isValid(viewer):
            act(value)

    return call


def groups_of(case: Case, photos: Sequence[Photo], office: Office) -> list[tuple[str, str]]:
    """Key and title of each group: phase by phase, each round of work apart; rounds without photos are left out."""
    there = {(photo.phase, photo.batch) for photo in photos}
    groups: list[tuple[str, str]] = []
    for phase in GROUPS:
        own = {batch for known, batch in there if known == phase}
        batches = sorted(own | ({_batch_of(case, phase)} if takes_photos(case, phase) else set()))
        for batch in batches:
            title = _(swapped(PHOTO_PHASE_TITLES[phase], office))
            many = len(batches) > 1 or batch > 0
            groups.append(
                (f"{phase}:{batch}", _("{phase} 第 {n} 轮").format(phase=title, n=batch + 1) if many else title)
            )
    return groups


def current_groups(case: Case) -> set[str]:
    """Groups that take photos now."""
    return {f"{phase}:{_batch_of(case, phase)}" for phase in GROUPS if takes_photos(case, phase)}


def takes_photos(case: Case, phase: PhotoPhase) -> bool:
    """Photos of the handling may be added while the case is open, those of a task while it runs."""
    return case.is_open and case.stage in TASK_STAGES.get(phase, OPEN_STAGES)


def _batch_of(case: Case, phase: PhotoPhase) -> int:
    return 0 if phase == PhotoPhase.BEFORE else case.rework_count


def _item(photo: Photo, picture: CasePicture) -> PhotoItem:
    group = f"{photo.phase}:{photo.batch}"
    taken = moment_words(photo.taken_at or photo.created_at, picture.now)
    title = " ".join(part for part in (photo.name, photo.warning) if part)
    return PhotoItem(
        f"{group}:{photo.sha256}",
        group,
        title or photo.sha256[:12],
        picture.thumbnails[photo.sha256],
        taken,
        here=photo.sha256 not in picture.elsewhere,
    )
