"""A paper before it is printed: page by page as it will be, with ways to print it or keep it as a PDF."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeyEvent, QPixmap, QResizeEvent
from PySide6.QtPrintSupport import QPrintDialog, QPrinter, QPrinterInfo
from PySide6.QtWidgets import QDialog, QFileDialog, QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from app.base.words import _
from app.domain.problems import Unavailable
from app.reports.paper import Paper
from ui.icons import icon
from ui.naming import name
from ui.notices import problem_box
from ui.printing.calibration import CalibrationDialog
from ui.printing.layout import lay_out
from ui.printing.printer import QtPrinter, image_of_page
from ui.printing.printing_context import PrintingContext
from ui.theme import gap, set_look

SIZE = QSize(900, 820)
WINDOW_FRAME = QSize(16, 40)
FIT_MARGIN = 32
SMALLEST_DPI, LARGEST_DPI = 40, 200
FORBIDDEN = '\\/:*?"<>|'


class PreviewDialog(QDialog):
    """PageUp and PageDown turn pages, Ctrl+P prints, Escape closes."""

    def __init__(self, paper: Paper, context: PrintingContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        name(self, "print_preview", _("打印预览"))
        self.setWindowTitle(_("打印预览 · {title}").format(title=paper.title))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(SIZE.boundedTo(self.screen().availableSize() - WINDOW_FRAME))
        self.paper = paper
        self._context = context
        self._pages = lay_out(paper)
        self._at = 0
        self._sheet = name(QLabel(), "preview_page", _("预览的一页"))
        self._sheet.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._scroll = name(QScrollArea(), "preview_scroll", _("打印预览"))
        self._scroll.setWidget(self._sheet)
        self._scroll.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._scroll.setWidgetResizable(True)
        self._where = name(QLabel(), "preview_where", _("第几页"))
        self._back = self._button("preview_back", _("上一页"), "left", self.back)
        self._forth = self._button("preview_forth", _("下一页"), "right", self.forth)
        self._calibrate = self._button("preview_calibrate", _("校准偏移…"), "settings", self.calibrate)
        self._pdf = name(QPushButton(icon("save"), _("存为 PDF…")), "preview_pdf", _("存为 PDF"))
        self._pdf.clicked.connect(self.choose_pdf)
        self._print = set_look(name(QPushButton(_("打印… Ctrl+P")), "preview_print", _("打印")), "primary")
        self._print.setShortcut("Ctrl+P")
        self._print.clicked.connect(self.print)
        for button in (self._pdf, self._print):
            button.setAutoDefault(False)
        self._lay_out()
        self.show_page(0)

    @property
    def count(self) -> int:
        """How many pages."""
        return len(self._pages)

    def show_page(self, number: int) -> None:
        """Show a page, the first is 0."""
        self._at = max(0, min(number, self.count - 1))
        self._where.setText(_("第 {n} 页 共 {count} 页").format(n=self._at + 1, count=self.count))
        self._back.setEnabled(self._at > 0)
        self._forth.setEnabled(self._at < self.count - 1)
        self._paint()

    def back(self) -> None:
        """The page before."""
        self.show_page(self._at - 1)

    def forth(self) -> None:
        """The page after."""
        self.show_page(self._at + 1)

    def save_pdf(self, path: Path) -> bool:
        """Keep it as a PDF; False when the place cannot be written, which is told."""
        try:
            QtPrinter().save_pdf(self.paper, path)
        except Unavailable as problem:
            problem_box(self, problem)
            return False
        self._context.say(_("已存为 {file}").format(file=path.name))
        return True

    def choose_pdf(self) -> None:
        """Ask where to keep the PDF."""
        plain = "".join("_" if letter in FORBIDDEN else letter for letter in self.paper.title)
        chosen, _kind = QFileDialog.getSaveFileName(self, _("存为 PDF"), f"{plain}.pdf", "PDF (*.pdf)")
        if chosen:
            path = Path(chosen)
            self.save_pdf(path if path.suffix else path.with_suffix(".pdf"))

    def print(self) -> None:
        """Print on a printer of this PC, moved by the office's offset."""
        if not QPrinterInfo.availablePrinterNames():
            problem_box(self, Unavailable("paper.no_printer"))
            return
        device = QPrinter(QPrinter.PrinterMode.HighResolution)
        device.setDocName(self.paper.title)
        dialog = QPrintDialog(device, self)
        dialog.accepted.connect(lambda: self._print_on(device))
        dialog.setModal(True)
        dialog.show()

    def calibrate(self) -> None:
        """Measure how far the printer prints beside."""
        CalibrationDialog(self._context, self).open()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Turn pages by key."""
        if event.key() == Qt.Key.Key_PageDown:
            self.forth()
        elif event.key() == Qt.Key.Key_PageUp:
            self.back()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the page into the new width."""
        super().resizeEvent(event)
        self._paint()

    def _print_on(self, device: QPrinter) -> None:
        try:
            QtPrinter().print_on(
                self.paper, device, dots_per_inch=device.resolution(), shift_mm=self._context.shift_mm()
            )
        except Unavailable as problem:
            problem_box(self, problem)
            return
        self._context.say(_("已送打印机 {printer}").format(printer=device.printerName()))

    def _paint(self) -> None:
        ratio = self.devicePixelRatioF()
        across = (297 if self.paper.landscape else 210) / 25.4
        room = max(1, self._scroll.viewport().width() - FIT_MARGIN)
        dpi = max(SMALLEST_DPI, min(LARGEST_DPI, room / across))
        picture = QPixmap.fromImage(image_of_page(self._pages[self._at], self.paper, dpi * ratio))
        picture.setDevicePixelRatio(ratio)
        self._sheet.setPixmap(picture)
        words = " ".join(self._pages[self._at].words())
        self._sheet.setAccessibleDescription(words)

    def _button(self, object_name: str, title: str, icon_name: str, act: object) -> QPushButton:
        button = set_look(name(QPushButton(icon(icon_name), title), object_name, title), "quiet")
        button.setAutoDefault(False)
        button.clicked.connect(act)
        return button

    def _lay_out(self) -> None:
        foot = QHBoxLayout()
        foot.setSpacing(gap(2))
        for widget in (self._back, self._where, self._forth):
            foot.addWidget(widget)
        foot.addStretch(1)
        for widget in (self._calibrate, self._pdf, self._print):
            foot.addWidget(widget)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, gap(3))
        lines.addWidget(self._scroll, 1)
        edge = QHBoxLayout()
        edge.setContentsMargins(gap(3), 0, gap(3), 0)
        edge.addLayout(foot)
        lines.addLayout(edge)
