"""What a rectangle on the map held: a list beside it, each line opens its record."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.base.words import _
from ui.icons import icon
from ui.map.layers import MapHit
from ui.map.opening import list_of
from ui.naming import name
from ui.theme import gap, set_look

WIDTH = 280
MOST = 2000
HIT_ROLE = int(Qt.ItemDataRole.UserRole)


class FoundList(QWidget):
    """`opened(MapHit)` for the line somebody wants; `looked(MapHit)` for the one the keys are on; `closed`.

    `listed(page, argument)`: all of one kind in the list of its page.
    """

    opened = Signal(object)
    looked = Signal(object)
    closed = Signal()
    listed = Signal(str, object)

    def __init__(self, layer_title: Callable[[str], str], parent: QWidget | None = None) -> None:
        """layer_title: the title of a layer by its name, in the language in use."""
        super().__init__(parent)
        name(self, "map_found", _("框选结果"))
        self.setFixedWidth(WIDTH)
        self._layer_title = layer_title
        self._hits: Sequence[MapHit] = ()
        self._head = set_look(name(QLabel(), "map_found_head", _("框选结果")), "title")
        self.list = name(QListWidget(), "map_found_list", _("框选结果"))
        self.list.setUniformItemSizes(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._open = set_look(name(QPushButton(_("打开")), "map_found_open", _("打开所选")), "primary")
        self._copy = name(QPushButton(_("复制")), "map_found_copy", _("复制全部"), _("复制全部,可粘贴到表格"))
        close = set_look(name(QToolButton(), "map_found_close", _("关闭")), "quiet")
        close.setIcon(icon("close"))
        head, foot = QHBoxLayout(), QHBoxLayout()
        head.addWidget(self._head, 1)
        head.addWidget(close)
        self._list = name(QPushButton(_("在列表中看")), "map_found_in_list", _("在列表中看"), _("在列表里打开这些记录"))
        self._list.clicked.connect(self.show_in_list)
        foot.addWidget(self._open, 1)
        foot.addWidget(self._list)
        foot.addWidget(self._copy)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(gap(2))
        lines.addLayout(head)
        lines.addWidget(self.list, 1)
        lines.addLayout(foot)
        self.list.itemActivated.connect(self._on_activated)
        self.list.currentItemChanged.connect(self._on_current)
        self._open.clicked.connect(self._on_open)
        self._copy.clicked.connect(self.copy)
        close.clicked.connect(self.closed)

    def show_hits(self, hits: Sequence[MapHit]) -> None:
        """List them, in the order given."""
        self.list.clear()
        self._hits = tuple(hits)
        self._list.setVisible(list_of(hits) is not None)
        for hit in hits[:MOST]:
            item = QListWidgetItem(f"{self._layer_title(hit.layer)}  {hit.title}")
            item.setToolTip(hit.title)
            item.setData(HIT_ROLE, hit)
            self.list.addItem(item)
        words = _("共 {n} 个") if len(hits) <= MOST else _("共 {n} 个,列出前 {most} 个")
        self._head.setText(words.format(n=f"{len(hits):,}", most=f"{MOST:,}"))
        for button in (self._open, self._copy):
            button.setEnabled(bool(hits))

    def hits(self) -> list[MapHit]:
        """What is listed."""
        return [self.list.item(at).data(HIT_ROLE) for at in range(self.list.count())]

    def show_in_list(self) -> None:
        """All of the kind there are most of, in the list of its page."""
        target = list_of(self._hits)
        if target is not None:
            self.listed.emit(*target)

    def copy(self) -> None:
        """All lines as a table: layer, words."""
        rows = [f"{self._layer_title(hit.layer)}\t{hit.title}" for hit in self.hits()]
        QGuiApplication.clipboard().setText("\n".join(rows))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape closes the list."""
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)

    def _on_activated(self, item: QListWidgetItem) -> None:
        self.opened.emit(item.data(HIT_ROLE))

    def _on_current(self, item: QListWidgetItem | None, _before: QListWidgetItem | None) -> None:
        if item is not None and self.list.hasFocus():
            self.looked.emit(item.data(HIT_ROLE))

    def _on_open(self) -> None:
        item = self.list.currentItem() or self.list.item(0)
        if item is not None:
            self.opened.emit(item.data(HIT_ROLE))
