"""One case from entry to closing, as a clerk does it by keyboard; then found again, exported and printed."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from uuid import UUID
from zipfile import is_zipfile

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter
from PySide6.QtWidgets import QLineEdit

from app.base.clock import FixedClock
from app.base.words import _
from app.domain.case_views import CaseFilter
from app.domain.cases import Case, PhotoPhase
from app.domain.stages import Stage
from ui.pages.cases.action_dialog import ActionDialog
from ui.pages.cases.entry import EntryForm
from ui.pages.cases.page import CasesPage
from ui.printing.preview import PreviewDialog
from ui.tour_walk import TourStopped, Walk

CONTROL = Qt.KeyboardModifier.ControlModifier
PICTURE = (1280, 960)
PDF_HEAD = b"%PDF-"
SHEET, SLIP = "cases.xlsx", "slip.pdf"
ROAD, NEAR = "纬一路", "小学门口"
TYPED = (
    ("source", "12319"),
    ("reporter_phone", "00000000000"),
    ("reporter_name", "热线来电人"),
    ("minor", "dwjy"),
    ("condition_no", "1"),
    ("street_code", "jbl"),
    ("road", ROAD),
    ("house_no", "12"),
    ("near", NEAR),
    ("description", "沿街商户把货物摆到人行道上,占道约两米,行人只能走到车行道。"),
)


class CaseWalk:
    """Each method is one step of the job and leaves a picture."""

    def __init__(self, walk: Walk, folder: Path, clock: FixedClock) -> None:
        self._walk = walk
        self._folder = folder
        self._clock = clock
        self._case_id: UUID | None = None

    def enter(self) -> None:
        """The entry form from its first field to its last, by keys alone."""
        walk = self._walk
        walk.press(Qt.Key.Key_N, CONTROL)
        form = walk.find("entry_form", EntryForm)
        before = self._newest()
        for field, typed in TYPED:
            walk.enter_until(field)
            walk.type(typed)
        walk.press(Qt.Key.Key_Return)
        form.photos.take_files(PhotoPhase.BEFORE, [self._photo("before", _("处置前"), "#8a6d3b")])
        walk.until(lambda: not form.photos.is_busy(), _("照片没有收入"))
        walk.picture("entry")
        walk.press(Qt.Key.Key_S, CONTROL)
        walk.until(lambda: self._newest() != before, _("案件没有保存:{why}").format(why=form.trouble_words()))
        self._case_id = self._newest()
        self._expect(Stage.PENDING_REGISTER)
        walk.picture("entered")

    def register(self) -> None:
        """File it under its condition."""
        self._show_case()
        self._step("register", Stage.PENDING_DISPATCH)

    def dispatch(self) -> None:
        """Send it to a unit."""
        self._step("dispatch", Stage.PENDING_HANDLE, unit="城管")

    def assign(self) -> None:
        """The unit names who handles it."""
        self._step("assign", Stage.HANDLING, handler="")

    def handle(self) -> None:
        """A picture afterwards, and done."""
        self._page().work.detail.photos.add_files(
            f"{PhotoPhase.AFTER}:0", [self._photo("after", _("处置后"), "#3f7d4e")]
        )
        self._walk.settle()
        self._walk.picture("photo-after")
        self._step("handled", Stage.HANDLE_FINISHED)

    def confirm(self) -> None:
        """The unit confirms; its clock stops."""
        self._step("confirm", Stage.PENDING_REVIEW)

    def forward(self) -> None:
        """Back to the acceptor."""
        self._step("forward", Stage.PENDING_CLOSE)

    def check(self) -> None:
        """A collector looks at the place and reports."""
        self._step("send-check", Stage.CHECKING, key=Qt.Key.Key_F8, collector="")
        self._page().work.detail.photos.add_files(f"{PhotoPhase.CHECK}:0", [self._photo("check", _("核查"), "#3b6f8a")])
        self._walk.settle()
        self._step("checked", Stage.PENDING_CLOSE, tick="result_ok")

    def close(self) -> None:
        """Close it."""
        self._step("closed", Stage.CLOSED)

    def find_again(self) -> None:
        """Any words of it find it from everywhere."""
        walk = self._walk
        walk.press(Qt.Key.Key_1, CONTROL)
        walk.press(Qt.Key.Key_K, CONTROL)
        search = walk.find("search", QLineEdit)
        walk.type(f"{ROAD} {NEAR}")
        walk.press(Qt.Key.Key_Return)
        found = walk.shell.desk.case_lists.ids(CaseFilter(search=search.text()))
        if walk.shell.desk.case_lists.rid_of(self._id()) not in found:
            raise TourStopped(_("搜索没有找到刚才的案件"))
        walk.picture("found-again")

    def export(self) -> None:
        """What was found, as a sheet."""
        file = self._walk.out / SHEET
        self._walk.answer_file_dialog(file)
        self._walk.press(Qt.Key.Key_E, CONTROL)
        self._walk.until(lambda: file.exists() and is_zipfile(file), _("没有导出表格"))
        self._walk.picture("exported")

    def print_slip(self) -> None:
        """The slip as it comes out of the printer, and as a PDF."""
        walk = self._walk
        self._show_case()
        walk.press(Qt.Key.Key_P, CONTROL)
        preview = walk.find("print_preview", PreviewDialog)
        walk.picture("slip")
        file = walk.out / SLIP
        walk.answer_file_dialog(file)
        walk.click("preview_pdf")
        walk.until(lambda: file.exists() and file.read_bytes().startswith(PDF_HEAD), _("没有存下 PDF"))
        preview.reject()

    def _step(self, slug: str, stage: Stage, key: Qt.Key = Qt.Key.Key_F5, tick: str = "", **typed: str) -> None:
        """Take the step of a function key, answer what it asks, and see that the case moved."""
        walk = self._walk
        self._clock.advance(timedelta(minutes=7))
        walk.press(key)
        dialog = walk.window()
        if isinstance(dialog, ActionDialog):
            self._answer(dialog, typed)
            if tick:
                walk.click(tick)
            walk.picture(f"{slug}-asked")
            walk.press(Qt.Key.Key_Return, CONTROL)
        self._expect(stage)
        walk.picture(slug)

    def _answer(self, dialog: ActionDialog, typed: dict[str, str]) -> None:
        for field, text in typed.items():
            if not any(dialog.field(field).values().values()):
                self._walk.choose(field, text)

    def _expect(self, stage: Stage) -> None:
        walk = self._walk
        walk.until(lambda: self._case().stage == stage, _("案件没有走到“{stage}”").format(stage=stage))

    def _show_case(self) -> None:
        self._walk.shell.frame.go("cases", self._id())
        self._walk.settle()

    def _page(self) -> CasesPage:
        page = self._walk.shell.frame.page("cases")
        if not isinstance(page, CasesPage):
            raise TourStopped(_("案件页没有打开"))
        return page

    def _case(self) -> Case:
        return self._walk.shell.desk.cases.get(self._id())

    def _id(self) -> UUID:
        if self._case_id is None:
            raise TourStopped(_("还没有录入案件"))
        return self._case_id

    def _newest(self) -> UUID | None:
        lines = self._walk.shell.desk.case_lists.first_page(CaseFilter(), 1)
        return lines[0].id if lines else None

    def _photo(self, slug: str, words: str, colour: str) -> Path:
        """A drawn picture with words on it: nobody's photograph."""
        image = QImage(*PICTURE, QImage.Format.Format_RGB32)
        image.fill(QColor(colour))
        painter = QPainter(image)
        painter.fillRect(QRectF(0, PICTURE[1] * 0.6, *PICTURE), QColor("#6c7278"))
        font = QFont(painter.font())
        font.setPixelSize(PICTURE[1] // 8)
        painter.setFont(font)
        painter.setPen(QColor("white"))
        painter.drawText(image.rect(), Qt.AlignmentFlag.AlignCenter, words)
        painter.end()
        file = self._folder / f"{slug}.jpg"
        if not image.save(str(file)):
            raise TourStopped(_("示例照片没有存上"))
        return file
