"""Lays the blocks of a Paper on A4 pages; a text longer than a page goes on on the next one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt
from PySide6.QtGui import QImage, QImageReader

from app.base.words import _
from app.reports import paper as blocks
from app.reports.paper import Align, Paper
from ui.printing.marks import A4, Mark, Page, Picture, Stroke, Text
from ui.printing.wrapping import LINE, width_of, wrap

MARGIN, FOOT = 150.0, 120.0
BODY, SMALL, TITLE = 35.0, 28.0, 56.0
PAD, GAP = 14.0, 30.0
LABEL_SHARE = 0.125
PHOTO_HEIGHT = 560.0
LONGEST_SIDE_PX = 1400
SPLIT_ABOVE = 0.35
CROSS = 100.0


@dataclass(frozen=True)
class Cell:
    """One cell of a ruled row: its place and its lines."""

    x: float
    w: float
    lines: Sequence[str]
    size: float
    align: Align = "left"

    def height(self) -> float:
        """With its padding."""
        return len(self.lines) * self.size * LINE + 2 * PAD


class Layouter:
    """Fills pages from top to bottom."""

    def __init__(self, paper: Paper) -> None:
        self._paper = paper
        self.size = A4[::-1] if paper.landscape else A4
        self.left, self.width = MARGIN, self.size[0] - 2 * MARGIN
        self.bottom = self.size[1] - MARGIN - FOOT / 2
        self.pages: list[Page] = []
        self._section = 0
        self._ruled_to: tuple[int, float] | None = None
        self._turn()

    def lay_out(self) -> list[Page]:
        """The pages of the paper, with their feet."""
        for block in self._paper.blocks:
            self._put(block)
        for number, page in enumerate(self.pages):
            own = [place for place, other in enumerate(self.pages) if other.section == page.section]
            self._foot(page, own.index(number) + 1, len(own))
        return self.pages

    def _put(self, block: blocks.Block) -> None:
        match block:
            case blocks.Heading():
                self._heading(block)
            case blocks.Facts():
                self._facts(block)
            case blocks.Table():
                self._table(block)
            case blocks.Photos():
                self._photos(block)
            case blocks.Words():
                self._words(block)
            case blocks.Signatures():
                self._signatures(block)
            case blocks.PageBreak():
                self._section += 1
                self._turn()
            case blocks.Together():
                self._together(block)
            case blocks.Ruler():
                self._ruler()

    def _together(self, block: blocks.Together) -> None:
        """Begin on a new page what would not end on this one."""
        begun, height = len(self.pages), self.y
        drawn = len(self.pages[-1].marks)
        for one in block.blocks:
            self._put(one)
        if len(self.pages) > begun and height > MARGIN:
            del self.pages[begun:], self.pages[-1].marks[drawn:]
            self._ruled_to = None
            self._turn()
            for one in block.blocks:
                self._put(one)

    def _turn(self) -> None:
        self.pages.append(Page(self._section))
        self.y = MARGIN

    def _mark(self, *marks: Mark) -> None:
        self.pages[-1].marks += marks

    def _need(self, height: float) -> None:
        """Turn the page when less than `height` is left on it."""
        if self.y + height > self.bottom and self.y > MARGIN:
            self._turn()

    def _line(self, words: str, size: float, align: Align, *, faint: bool = False) -> None:
        self._need(size * LINE)
        self._mark(Text(self.left, self.y, self.width, words, size, align, faint))
        self.y += size * LINE

    def _heading(self, block: blocks.Heading) -> None:
        for words in wrap(block.text, TITLE, self.width):
            self._line(words, TITLE, "center")
        if block.under:
            self._line(block.under, SMALL, "center", faint=True)
        self.y += GAP

    def _words(self, block: blocks.Words) -> None:
        self.y += PAD
        for words in wrap(block.text, SMALL, self.width):
            self._line(words, SMALL, block.align, faint=True)
        self.y += GAP

    def _facts(self, block: blocks.Facts) -> None:
        for row in block.rows:
            share = self.width / len(row)
            label = self.width * LABEL_SHARE
            cells: list[Cell] = []
            for place, (title, value) in enumerate(row):
                x = self.left + place * share
                cells.append(Cell(x, label, wrap(title, BODY, label - 2 * PAD), BODY))
                room = share - label
                cells.append(Cell(x + label, room, wrap(value, BODY, room - 2 * PAD), BODY))
            self._row(cells)

    def _table(self, block: blocks.Table) -> None:
        whole = sum(column.share for column in block.columns)
        widths = [self.width * column.share / whole for column in block.columns]
        lefts = [self.left + sum(widths[:place]) for place in range(len(widths))]

        def cells(texts: Sequence[str]) -> list[Cell]:
            return [
                Cell(x, w, wrap(text, SMALL, w - 2 * PAD), SMALL, column.align)
                for x, w, text, column in zip(lefts, widths, texts, block.columns, strict=True)
            ]

        head = cells([column.title for column in block.columns])
        self._row(head)
        for texts in block.rows:
            row = cells(texts)
            if self.y + max(cell.height() for cell in row) > self.bottom:
                self._turn()
                self._row(head)
            self._row(row)
        self.y += GAP

    def _row(self, cells: Sequence[Cell]) -> None:
        """A ruled row; one taller than what is left is moved, a very tall one is cut and goes on."""
        height = max(cell.height() for cell in cells)
        if self.y + height > self.bottom:
            if height < SPLIT_ABOVE * (self.bottom - MARGIN):
                self._need(height)
            else:
                self._split(cells)
                return
        self._ruled(cells, height)

    def _split(self, cells: Sequence[Cell]) -> None:
        rest = list(cells)
        while any(cell.lines for cell in rest):
            room = self.bottom - self.y - 2 * PAD
            fits = [max(0, int(room // (cell.size * LINE))) for cell in rest]
            if min(fits) < 2 and self.y > MARGIN:
                self._turn()
                continue
            now = [_part(cell, 0, count) for cell, count in zip(rest, fits, strict=True)]
            rest = [_part(cell, count, None) for cell, count in zip(rest, fits, strict=True)]
            self._ruled(now, max(cell.height() for cell in now))

    def _ruled(self, cells: Sequence[Cell], height: float) -> None:
        """Cells side by side with lines around them; no line is drawn twice."""
        left, right = cells[0].x, cells[-1].x + cells[-1].w
        top, foot = self.y, self.y + height
        if self._ruled_to != (len(self.pages), top):
            self._mark(Stroke(left, top, right, top))
        self._mark(Stroke(left, foot, right, foot), Stroke(right, top, right, foot))
        for cell in cells:
            self._mark(Stroke(cell.x, top, cell.x, foot))
            for place, words in enumerate(cell.lines):
                y = top + PAD + place * cell.size * LINE
                self._mark(Text(cell.x + PAD, y, cell.w - 2 * PAD, words, cell.size, cell.align))
        self.y = foot
        self._ruled_to = (len(self.pages), foot)

    def _photos(self, block: blocks.Photos) -> None:
        self.y += GAP
        each = (self.width - GAP * (block.per_row - 1)) / block.per_row
        for start in range(0, len(block.photos), block.per_row):
            row = block.photos[start : start + block.per_row]
            self._need(PHOTO_HEIGHT + 2 * SMALL * LINE)
            for place, photo in enumerate(row):
                x = self.left + place * (each + GAP)
                image = image_of(photo.picture)
                if image is not None:
                    self._mark(Picture(x, self.y, each, PHOTO_HEIGHT, image))
                words = wrap(photo.words, SMALL, each)[0]
                self._mark(Text(x, self.y + PHOTO_HEIGHT + PAD / 2, each, words, SMALL, align="center", faint=True))
            self.y += PHOTO_HEIGHT + SMALL * LINE + GAP

    def _signatures(self, block: blocks.Signatures) -> None:
        self._need(4 * BODY * LINE)
        self.y += 2 * GAP
        each = self.width / len(block.labels)
        for place, label in enumerate(block.labels):
            x = self.left + place * each
            words = _("{label}:").format(label=label)
            self._mark(Text(x, self.y, each, words, BODY))
            start = x + width_of(words, BODY) + 0.4 * BODY
            foot = self.y + BODY * LINE
            self._mark(Stroke(start, foot, x + each - GAP, foot))
        self.y += 2 * BODY * LINE

    def _ruler(self) -> None:
        """A cross 50 mm from the left and top edge, with scales of 10 mm to the right and down."""
        x = y = 500.0
        self._mark(Stroke(x - CROSS, y, x + 10 * CROSS, y, 1), Stroke(x, y - CROSS, x, y + 10 * CROSS, 1))
        for step in range(11):
            at = step * 100.0
            self._mark(Stroke(x + at, y - 20, x + at, y + 20, 1), Stroke(x - 20, y + at, x + 20, y + at, 1))
            self._mark(Text(x + at - 40, y - 70, 80, str(50 + step * 10), SMALL, align="center"))
            self._mark(Text(x - 130, y + at - 18, 90, str(50 + step * 10), SMALL, align="right"))
        self.y = y + 12 * CROSS
        for words in (
            _("用直尺从纸的左边和上边量到十字中心,都应该是 50 毫米。"),
            _("横向偏移 = 50 − 量到的左边距;纵向偏移 = 50 − 量到的上边距。"),
            _("例如左边量到 48.5 毫米,横向偏移填 1.5。"),
        ):
            self._line(words, BODY, "left")

    def _foot(self, page: Page, number: int, count: int) -> None:
        y = self.size[1] - FOOT
        page.marks.append(Stroke(self.left, y - PAD, self.left + self.width, y - PAD, 1))
        page.marks.append(Text(self.left, y, self.width, self._paper.foot, SMALL, faint=True))
        words = _("第 {n} 页 共 {count} 页").format(n=number, count=count)
        page.marks.append(Text(self.left, y, self.width, words, SMALL, align="right", faint=True))


def lay_out(paper: Paper) -> list[Page]:
    """The pages of a paper."""
    return Layouter(paper).lay_out()


def image_of(picture: bytes | None) -> QImage | None:
    """A picture turned as it was held and small enough for paper; None: it cannot be read."""
    if picture is None:
        return None
    buffer = QBuffer()
    buffer.setData(QByteArray(picture))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer)
    reader.setAutoTransform(True)
    size = reader.size()
    if size.isValid() and max(size.width(), size.height()) > LONGEST_SIDE_PX:
        reader.setScaledSize(size.scaled(QSize(LONGEST_SIDE_PX, LONGEST_SIDE_PX), Qt.AspectRatioMode.KeepAspectRatio))
    image = reader.read()
    return None if image.isNull() else image


def _part(cell: Cell, start: int, end: int | None) -> Cell:
    return Cell(cell.x, cell.w, cell.lines[start:end], cell.size, cell.align)
