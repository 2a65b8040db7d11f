"""One photo as a small picture: opened by Enter or click, taken away by Delete."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QKeyEvent, QPainter, QPaintEvent, QPalette, QPixmap
from PySide6.QtWidgets import QAbstractButton, QToolButton, QWidget

from app.base.words import _
from ui.icons import icon
from ui.naming import name
from ui.theme import gap, muted_colour, set_look

SIDE = gap(24)
FOOT = gap(5)


@dataclass(frozen=True)
class PhotoItem:
    """key: its identity. phase: which group it stands in. thumbnail: JPEG or PNG; None: cannot be shown (HEIC).

    here: the original lies on this PC; else it has to be fetched first.
    """

    key: str
    phase: str
    title: str
    thumbnail: bytes | None
    note: str = ""
    here: bool = True


class PhotoThumb(QAbstractButton):
    """The picture, its note under it, and a small cross while photos may be taken away."""

    remove_wanted = Signal()

    def __init__(self, item: PhotoItem, *, editable: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        name(self, "photo_thumb", item.title, _("原件不在本机,点开可取") if not item.here else item.note or item.title)
        self.item = item
        self._picture = QPixmap()
        if item.thumbnail is not None:
            self._picture.loadFromData(item.thumbnail)
        self._editable = editable
        self._cross = set_look(name(QToolButton(self), "photo_remove", _("移除照片")), "cross")
        self._cross.setIcon(icon("close"))
        self._cross.setIconSize(QSize(gap(3), gap(3)))
        self._cross.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._cross.setGeometry(SIDE - gap(6), gap(1), gap(5), gap(5))
        self._cross.clicked.connect(self.remove_wanted)
        self._cross.hide()
        self.setFixedSize(SIDE, SIDE + FOOT)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def enterEvent(self, event: QEnterEvent) -> None:
        """Offer to take it away."""
        self._cross.setVisible(self._editable)
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """The offer goes with the pointer."""
        self._cross.hide()
        super().leaveEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens, Delete takes away."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        elif event.key() == Qt.Key.Key_Delete and self._editable:
            self.remove_wanted.emit()
        else:
            super().keyPressEvent(event)

    def _paint_absence(self, painter: QPainter) -> None:
        """A word in the corner: what is seen is small, the original is elsewhere."""
        word = _("缩略")
        area = QRect(0, SIDE - gap(5), painter.fontMetrics().horizontalAdvance(word) + gap(2), gap(5))
        painter.fillRect(area, self.palette().color(QPalette.ColorRole.ToolTipBase))
        painter.setPen(self.palette().color(QPalette.ColorRole.ToolTipText))
        painter.drawText(area, int(Qt.AlignmentFlag.AlignCenter), word)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The picture fitted into its square, or a word that it cannot be shown."""
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.SmoothPixmapTransform | QPainter.RenderHint.Antialiasing)
        square = QRect(0, 0, SIDE, SIDE)
        painter.fillRect(square, self.palette().color(QPalette.ColorRole.Midlight))
        if self._picture.isNull():
            painter.setPen(muted_colour())
            said = _("无法预览") if self.item.here else _("还没有取到")
            painter.drawText(square, int(Qt.AlignmentFlag.AlignCenter), said)
        else:
            fitted = QRect(square)
            fitted.setSize(self._picture.size().scaled(square.size(), Qt.AspectRatioMode.KeepAspectRatio))
            fitted.moveCenter(square.center())
            painter.drawPixmap(fitted, self._picture)
        if not self.item.here:
            self._paint_absence(painter)
        accent = self.palette().color(QPalette.ColorRole.Accent if self.hasFocus() else QPalette.ColorRole.Mid)
        painter.setPen(accent)
        painter.drawRect(QRectF(square).adjusted(0.5, 0.5, -0.5, -0.5))
        painter.setPen(muted_colour())
        foot = QRect(0, SIDE, SIDE, FOOT)
        said = self.fontMetrics().elidedText(self.item.note or self.item.title, Qt.TextElideMode.ElideRight, SIDE)
        painter.drawText(foot, int(Qt.AlignmentFlag.AlignCenter), said)
        painter.end()
