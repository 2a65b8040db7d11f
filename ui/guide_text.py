"""The manual's text: Markdown whose contents lead to their headings, and pictures no wider than the page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QImage, QTextBlock, QTextCursor, QTextDocument, QTextFragment
from PySide6.QtWidgets import QTextBrowser

PICTURE = QTextDocument.ResourceType.ImageResource.value
PLAIN = QUrl.ComponentFormattingOption.FullyDecoded


class GuideText(QTextBrowser):
    """picture_px: how wide a picture is shown at most, in pixels of the layout."""

    def __init__(self, picture_px: int) -> None:
        super().__init__()
        self._picture_px = picture_px
        self.setOpenLinks(False)
        self.anchorClicked.connect(self.follow)
        self.sourceChanged.connect(self._fit_pictures)

    def open(self, file: Path) -> None:
        """Show a Markdown file; Alt+Left leads back to it from the pages it links to."""
        self.setSource(QUrl.fromLocalFile(str(file)))

    def follow(self, link: QUrl) -> None:
        """Go where a link leads: a heading of this page, another page, or out to the web browser."""
        wanted = self.source().resolved(link)
        if not wanted.isLocalFile():
            QDesktopServices.openUrl(wanted)
        elif wanted.hasFragment() and wanted.path() == self.source().path():
            self.go_to_heading(wanted.fragment(PLAIN))
        else:
            self.setSource(wanted)

    def go_to_heading(self, wanted: str) -> None:
        """Bring the heading with that anchor to the top; Qt makes no anchors of Markdown headings itself."""
        for block in self._blocks():
            if block.blockFormat().headingLevel() and anchor_of(block) == wanted:
                self.setTextCursor(QTextCursor(block))
                top = self.document().documentLayout().blockBoundingRect(block).top()
                self.verticalScrollBar().setValue(int(top))
                return

    def _fit_pictures(self, page: QUrl) -> None:
        for fragment in list(self._pictures()):
            self._fit(fragment, page)

    def _blocks(self) -> Iterator[QTextBlock]:
        block = self.document().begin()
        while block.isValid():
            yield block
            block = block.next()

    def _pictures(self) -> Iterator[QTextFragment]:
        for block in self._blocks():
            place = block.begin()
            while not place.atEnd():
                if place.fragment().charFormat().isImageFormat():
                    yield place.fragment()
                place += 1

    def _fit(self, fragment: QTextFragment, page: QUrl) -> None:
        """Lay a wide picture out as wide as the page, sharp on a dense screen too."""
        look = fragment.charFormat().toImageFormat()
        url = page.resolved(QUrl(look.name()))
        image = QImage(url.toLocalFile())
        if image.width() <= self._picture_px:
            return
        density = self.devicePixelRatioF()
        fitted = image.scaledToWidth(round(self._picture_px * density), Qt.TransformationMode.SmoothTransformation)
        fitted.setDevicePixelRatio(density)
        for known_as in (url, QUrl(look.name())):
            self.document().addResource(PICTURE, known_as, fitted)
        look.setWidth(self._picture_px)
        cursor = QTextCursor(self.document())
        cursor.setPosition(fragment.position())
        cursor.setPosition(fragment.position() + fragment.length(), QTextCursor.MoveMode.KeepAnchor)
        cursor.setCharFormat(look)


def anchor_of(heading: QTextBlock) -> str:
    """The anchor Markdown readers give a heading: small letters, hyphens for blanks, no punctuation."""
    return re.sub(r"[^\w\- ]", "", heading.text().strip().lower()).replace(" ", "-")
