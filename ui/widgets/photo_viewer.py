"""A photo as large as the window allows, with the others one key away."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPixmap, QWheelEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from app.base.words import _
from ui.icons import icon
from ui.naming import name
from ui.theme import gap, muted_colour, set_look
from ui.widgets.busy_bar import BusyBar
from ui.widgets.photo_thumb import PhotoItem

SMALLEST, LARGEST, STEP = 1.0, 8.0, 1.25
SIZE = QSize(960, 680)


class PhotoViewer(QDialog):
    """Left and right go through the photos, plus and minus or the wheel change the size, Escape closes.

    read: asked for the whole picture by key, answers by calling back with its bytes (None: it cannot be read).
    fetch_wanted: the key of a photo whose original is elsewhere.
    """

    fetch_wanted = Signal(str)

    def __init__(
        self,
        items: Sequence[PhotoItem],
        read: Callable[[str, Callable[[bytes | None], None]], object],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        name(self, "photo_viewer", _("查看照片"))
        self.setWindowTitle(_("查看照片"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(SIZE)
        self._items = tuple(items)
        self._read = read
        self._at = 0
        self._canvas = _Canvas(self)
        self._words = set_look(name(QLabel(self), "photo_words", _("照片说明")), "muted")
        self._back = set_look(
            name(QPushButton(icon("left"), _("上一张"), self), "photo_previous", _("上一张")), "quiet"
        )
        self._next = set_look(name(QPushButton(icon("right"), _("下一张"), self), "photo_next", _("下一张")), "quiet")
        self._back.clicked.connect(self.previous)
        self._next.clicked.connect(self.next)
        self.fetch = name(QPushButton(icon("import"), _("取原件"), self), "photo_fetch", _("取原件"))
        self.fetch.setAutoDefault(False)
        self.fetch.clicked.connect(lambda: self.fetch_wanted.emit(self._items[self._at].key))
        self._said = set_look(name(QLabel(self), "photo_said", _("原件")), "muted")
        self._said.setWordWrap(True)
        self.busy = BusyBar(self)
        self._fetched: set[str] = set()
        foot = QHBoxLayout()
        for widget in (self._back, self._next):
            widget.setAutoDefault(False)
            foot.addWidget(widget)
        foot.addWidget(self._words, 1)
        foot.addWidget(self.fetch)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(gap(2), gap(2), gap(2), gap(2))
        lines.addWidget(self._canvas, 1)
        lines.addWidget(self._said)
        lines.addWidget(self.busy)
        lines.addLayout(foot)

    def show_photo(self, key: str) -> None:
        """Show the photo of that key."""
        self._at = next(at for at, item in enumerate(self._items) if item.key == key)
        item = self._items[self._at]
        self._words.setText("  ".join((item.title, item.note, f"{self._at + 1} / {len(self._items)}")))
        self._back.setEnabled(self._at > 0)
        self._next.setEnabled(self._at < len(self._items) - 1)
        self._canvas.show_picture(item.thumbnail)
        here = item.here or key in self._fetched
        self.fetch.setVisible(not here)
        self.say("" if here else _("这是缩略图,原件不在本机"))
        if here:
            self._read(key, lambda picture: self._take(key, picture))

    def say(self, text: str, *, wrong: bool = False) -> None:
        """Say something of the photo shown; empty: nothing."""
        set_look(self._said, "wrong" if wrong else "muted")
        self._said.setText(text)
        self._said.setVisible(bool(text))

    def said(self) -> str:
        """What is said of the photo shown."""
        return "" if self._said.isHidden() else self._said.text()

    def arrived(self, key: str) -> None:
        """The original of a photo is here now."""
        self._fetched.add(key)
        if self._items[self._at].key == key:
            self.show_photo(key)

    def next(self) -> None:
        """The one after, if there is one."""
        self.show_photo(self._items[min(self._at + 1, len(self._items) - 1)].key)

    def previous(self) -> None:
        """The one before, if there is one."""
        self.show_photo(self._items[max(self._at - 1, 0)].key)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left, right, plus, minus."""
        acts = {
            Qt.Key.Key_Left: self.previous,
            Qt.Key.Key_Right: self.next,
            Qt.Key.Key_Plus: self._canvas.larger,
            Qt.Key.Key_Equal: self._canvas.larger,
            Qt.Key.Key_Minus: self._canvas.smaller,
        }
        act = acts.get(Qt.Key(event.key()))
        if act is None:
            super().keyPressEvent(event)
        else:
            act()

    def _take(self, key: str, picture: bytes | None) -> None:
        if self._items[self._at].key == key and picture is not None:
            self._canvas.show_picture(picture)


class _Canvas(QWidget):
    """The picture, fitted, larger by wheel; dragged while it is larger."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        name(self, "photo_canvas", _("照片"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._picture = QPixmap()
        self._scale = SMALLEST
        self._shift = QPoint()
        self._held = QPoint()

    def show_picture(self, picture: bytes | None) -> None:
        self._picture = QPixmap()
        if picture is not None:
            self._picture.loadFromData(picture)
        self._zoom(SMALLEST)

    def larger(self) -> None:
        self._zoom(self._scale * STEP)

    def smaller(self) -> None:
        self._zoom(self._scale / STEP)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.angleDelta().y() > 0:
            self.larger()
        else:
            self.smaller()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._held = event.position().toPoint() - self._shift

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._scale > SMALLEST:
            self._shift = event.position().toPoint() - self._held
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        if self._picture.isNull():
            painter.setPen(muted_colour())
            painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignCenter), _("这张照片不能在这里预览,原件已保存"))
        else:
            size = self._picture.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio) * self._scale
            fitted = QRect(QPoint(), size)
            fitted.moveCenter(self.rect().center() + self._shift)
            painter.drawPixmap(fitted, self._picture)
        painter.end()

    def _zoom(self, scale: float) -> None:
        self._scale = max(SMALLEST, min(LARGEST, scale))
        if self._scale == SMALLEST:
            self._shift = QPoint()
        self.update()
