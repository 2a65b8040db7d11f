"""Draws a page with any painter that counts in tenths of a millimetre."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from app.reports.paper import Align
from ui.printing.marks import Page, Picture, Stroke, Text
from ui.printing.wrapping import LINE, paper_font

INK, FAINT = QColor("#000000"), QColor("#555555")
_ALIGN: dict[Align, Qt.AlignmentFlag] = {
    "left": Qt.AlignmentFlag.AlignLeft,
    "right": Qt.AlignmentFlag.AlignRight,
    "center": Qt.AlignmentFlag.AlignHCenter,
}


def draw(page: Page, painter: QPainter) -> None:
    """Put every mark of the page."""
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
    for mark in page.marks:
        match mark:
            case Text():
                _text(mark, painter)
            case Stroke():
                painter.setPen(QPen(INK, mark.width))
                painter.drawLine(QPointF(mark.x1, mark.y1), QPointF(mark.x2, mark.y2))
            case Picture():
                _picture(mark, painter)


def _text(mark: Text, painter: QPainter) -> None:
    painter.setFont(paper_font(mark.size))
    painter.setPen(FAINT if mark.faint else INK)
    box = QRectF(mark.x, mark.y, mark.w, mark.size * LINE)
    flags = _ALIGN[mark.align] | Qt.AlignmentFlag.AlignVCenter
    painter.drawText(box, int(flags) | int(Qt.TextFlag.TextDontClip), mark.words)


def _picture(mark: Picture, painter: QPainter) -> None:
    box = QRectF(mark.x, mark.y, mark.w, mark.h)
    fitted = mark.image.size().scaled(int(mark.w), int(mark.h), Qt.AspectRatioMode.KeepAspectRatio)
    place = QRectF(0, 0, fitted.width(), fitted.height())
    place.moveCenter(box.center())
    painter.drawImage(place, mark.image)
