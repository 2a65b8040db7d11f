"""Papers as PDF, as pictures, and on a printer."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QSaveFile
from PySide6.QtGui import QImage, QPagedPaintDevice, QPageLayout, QPageSize, QPainter, QPdfWriter

from app.domain.problems import Unavailable
from app.reports.paper import Paper
from ui.printing.drawing import draw
from ui.printing.layout import lay_out
from ui.printing.marks import A4, Page
from ui.printing.pdf_words import findable

UNITS_PER_INCH = 254
PDF_DPI = 600
WHITE = 0xFFFFFFFF


class QtPrinter:
    """A `Printer` of reports. Offscreen it works the same."""

    def save_pdf(self, paper: Paper, path: Path) -> int:
        """Write a PDF with its fonts inside; whole or not at all."""
        pages = lay_out(paper)
        file = QSaveFile(str(path))
        if not file.open(QIODevice.OpenModeFlag.WriteOnly):
            raise Unavailable("sheet.target_locked", file=path.name)
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        writer = QPdfWriter(buffer)
        writer.setTitle(paper.title)
        writer.setCreator("GridDesk")
        writer.setResolution(PDF_DPI)
        _set_page(writer, paper)
        _draw_all(pages, writer)
        del writer  # the file is whole when its writer is gone
        file.write(findable(bytes(buffer.data().data())))
        if not file.commit():
            raise Unavailable("sheet.disk_full", file=path.name)
        return len(pages)

    def pictures(self, paper: Paper, dots_per_inch: int) -> list[bytes]:
        """Every page as PNG."""
        return [_png(image_of_page(page, paper, dots_per_inch)) for page in lay_out(paper)]

    def print_on(
        self, paper: Paper, device: QPagedPaintDevice, *, dots_per_inch: int, shift_mm: tuple[float, float] = (0, 0)
    ) -> int:
        """Draw every page on a printer, moved by the office's offset; gives the number of pages."""
        pages = lay_out(paper)
        _set_page(device, paper)
        _draw_all(pages, device, dots_per_inch, shift_mm)
        return len(pages)


def image_of_page(page: Page, paper: Paper, dots_per_inch: float, shift_mm: tuple[float, float] = (0, 0)) -> QImage:
    """One page as a picture."""
    scale = dots_per_inch / UNITS_PER_INCH
    width, height = A4[::-1] if paper.landscape else A4
    image = QImage(round(width * scale), round(height * scale), QImage.Format.Format_RGB32)
    image.fill(WHITE)
    painter = QPainter(image)
    _prepare(painter, scale, shift_mm)
    draw(page, painter)
    painter.end()
    return image


def _draw_all(
    pages: list[Page],
    device: QPagedPaintDevice,
    dots_per_inch: int = PDF_DPI,
    shift_mm: tuple[float, float] = (0, 0),
) -> None:
    painter = QPainter()
    if not painter.begin(device):
        raise Unavailable("paper.printer_gone")
    for number, page in enumerate(pages):
        if number:
            device.newPage()
        painter.save()
        _prepare(painter, dots_per_inch / UNITS_PER_INCH, shift_mm)
        draw(page, painter)
        painter.restore()
    painter.end()


def _prepare(painter: QPainter, scale: float, shift_mm: tuple[float, float]) -> None:
    """Let the painter count in tenths of a millimetre from the corner of the sheet."""
    painter.scale(scale, scale)
    painter.translate(shift_mm[0] * 10, shift_mm[1] * 10)


def _set_page(device: QPagedPaintDevice, paper: Paper) -> None:
    way = QPageLayout.Orientation.Landscape if paper.landscape else QPageLayout.Orientation.Portrait
    layout = QPageLayout(QPageSize(QPageSize.PageSizeId.A4), way, QMarginsF())
    layout.setMode(QPageLayout.Mode.FullPageMode)
    device.setPageLayout(layout)


def _png(image: QImage) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    return bytes(buffer.data().data())
