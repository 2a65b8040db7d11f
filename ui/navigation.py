"""The narrow navigation at the left: icons and words, or icons alone in a narrow window."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QButtonGroup, QFrame, QLabel, QToolButton, QVBoxLayout, QWidget

from app.base.words import _
from ui.icons import icon
from ui.naming import name
from ui.pages import PageEntry
from ui.theme import gap, muted_colour, set_look

WIDE_PX = 136
NARROW_PX = 52
ENTRY_PX = 36
ICON_PX = 20
DOT_PX = 7
MOST_SHOWN = 1000


class NavigationEntry(QToolButton):
    """One page's button, with a number beside its title when something waits there."""

    def __init__(self, entry: PageEntry, key: str) -> None:
        super().__init__()
        self.entry = entry
        self.waiting = 0
        self._key = key
        title = _(entry.title)
        name(self, f"go_{entry.name}", title, f"{title} ({key})")
        self.setText(title)
        self.setIcon(icon(entry.icon))
        self.setIconSize(QSize(ICON_PX, ICON_PX))
        self.setCheckable(True)
        self.setFixedHeight(ENTRY_PX)
        set_look(self, "quiet")

    def set_waiting(self, count: int) -> None:
        """Show how many things wait on that page; 0 shows nothing."""
        self.waiting = count
        title = _(self.entry.title)
        said = _("{title},{n} 条").format(title=title, n=count) if count else title
        self.setAccessibleName(said)
        self.setToolTip(f"{said} ({self._key})")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The button, a bar when it is the page shown, and the number at its right end."""
        super().paintEvent(event)
        painter = QPainter(self)
        if self.isChecked():
            painter.fillRect(QRect(0, 8, 3, self.height() - 16), self.palette().color(QPalette.ColorRole.Accent))
        if self.waiting:
            self._paint_number(painter)

    def _paint_number(self, painter: QPainter) -> None:
        if self.toolButtonStyle() == Qt.ToolButtonStyle.ToolButtonTextBesideIcon:
            text = str(self.waiting) if self.waiting < MOST_SHOWN else f"{MOST_SHOWN - 1}+"
            painter.setPen(muted_colour())
            area = self.rect().adjusted(0, 0, -gap(2), 0)
            painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, text)
            return
        # Beside the icon alone there is no room for a number: a dot says that something waits, the hint how much.
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.palette().color(QPalette.ColorRole.Accent))
        painter.drawEllipse(QRect(self.width() - DOT_PX - 3, 3, DOT_PX, DOT_PX))


class Navigation(QFrame):
    """The pages in order; `wanted` carries a page's name."""

    wanted = Signal(str)

    def __init__(self, entries: Sequence[PageEntry], title: str, note: str = "") -> None:
        super().__init__()
        name(self, "navigation", _("导航"))
        self._entries: dict[str, NavigationEntry] = {}
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(gap(2), gap(3), gap(2), gap(2))
        self._column.setSpacing(2)
        self._add_head(title, note)
        for at, entry in enumerate(entries, start=1):
            if entry.foot:
                continue
            self._add(entry, f"Ctrl+{at}")
        self._column.addStretch(1)
        for at, entry in enumerate(entries, start=1):
            if entry.foot:
                self._add(entry, f"Ctrl+{at}")
        self.fold(False)

    def show_page(self, page: str) -> None:
        """Mark the page that is shown."""
        if page in self._entries:
            self._entries[page].setChecked(True)

    def set_waiting(self, page: str, count: int) -> None:
        """How many things wait on a page."""
        if page in self._entries:
            self._entries[page].set_waiting(count)

    def fold(self, folded: bool) -> None:
        """Icons alone, or icons with words."""
        self.folded = folded
        self.setFixedWidth(NARROW_PX if folded else WIDE_PX)
        self._head.setVisible(not folded)
        style = Qt.ToolButtonStyle.ToolButtonIconOnly if folded else Qt.ToolButtonStyle.ToolButtonTextBesideIcon
        for button in self._entries.values():
            button.setToolButtonStyle(style)
            button.setFixedWidth((NARROW_PX if folded else WIDE_PX) - gap(4))

    def _add_head(self, title: str, note: str) -> None:
        self._head = QWidget()
        column = QVBoxLayout(self._head)
        column.setContentsMargins(gap(2), 0, 0, gap(3))
        column.setSpacing(gap(1))
        district = set_look(name(QLabel(title), "district", _("区县")), "title")
        district.setWordWrap(True)
        column.addWidget(district)
        words = set_look(name(QLabel(note), "program", note), "muted")
        words.setWordWrap(True)
        column.addWidget(words)
        self._column.addWidget(self._head)

    def _add(self, entry: PageEntry, key: str) -> None:
        button = NavigationEntry(entry, key)
        button.clicked.connect(lambda _on=False, page=entry.name: self.wanted.emit(page))
        self._entries[entry.name] = button
        self._group.addButton(button)
        self._column.addWidget(button)
