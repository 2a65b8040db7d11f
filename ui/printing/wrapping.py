"""Text cut into lines that fit a width, with the font every paper wears."""

from __future__ import annotations

from PySide6.QtGui import QFont, QFontMetricsF, QTextLayout, QTextOption

from ui.fonts import bundled_family

LINE = 1.4


def paper_font(size: float) -> QFont:
    """The shipped font at `size` tenths of a millimetre, the same on screen, in a PDF and on a printer."""
    font = QFont(bundled_family())
    font.setPixelSize(round(size))
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return font


def width_of(text: str, size: float) -> float:
    """Width of one line of text, in tenths of a millimetre."""
    return QFontMetricsF(paper_font(size)).horizontalAdvance(text)


def wrap(text: str, size: float, width: float) -> list[str]:
    """`text` in lines no wider than `width`; at least one line, breaks of the text kept."""
    lines: list[str] = []
    for paragraph in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        lines += _wrapped(paragraph, size, width)
    return lines or [""]


def _wrapped(paragraph: str, size: float, width: float) -> list[str]:
    layout = QTextLayout(paragraph, paper_font(size))
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    units = paragraph.encode("utf-16-le")
    lines: list[str] = []
    layout.beginLayout()
    while (line := layout.createLine()).isValid():
        line.setLineWidth(width)
        start, end = line.textStart() * 2, (line.textStart() + line.textLength()) * 2
        lines.append(units[start:end].decode("utf-16-le", "replace").rstrip())
    layout.endLayout()
    return lines or [""]
