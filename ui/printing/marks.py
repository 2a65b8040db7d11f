"""What is drawn on a page, in tenths of a millimetre from its top left corner."""

from __future__ import annotations

from dataclasses import dataclass, field

from PySide6.QtGui import QImage

from app.reports.paper import Align

A4 = (2100, 2970)


@dataclass(frozen=True)
class Text:
    """One line of text in a box of width `w`; y is its top."""

    x: float
    y: float
    w: float
    words: str
    size: float
    align: Align = "left"
    faint: bool = False


@dataclass(frozen=True)
class Stroke:
    """A straight line."""

    x1: float
    y1: float
    x2: float
    y2: float
    width: float = 2


@dataclass(frozen=True)
class Picture:
    """An image fitted into a box."""

    x: float
    y: float
    w: float
    h: float
    image: QImage


Mark = Text | Stroke | Picture


@dataclass
class Page:
    """One page. section: pages of one section are numbered together."""

    section: int
    marks: list[Mark] = field(default_factory=list)

    def words(self) -> list[str]:
        """Every line of text on it, in the order drawn."""
        return [mark.words for mark in self.marks if isinstance(mark, Text)]
