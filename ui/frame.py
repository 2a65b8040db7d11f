"""Everything in the window for one person in one language: navigation, search, pages, foot line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.base.words import _
from ui.history import History, Visit
from ui.naming import name
from ui.navigation import Navigation
from ui.pages import PageEntry
from ui.pages.context import NewCase, PageContext
from ui.search_popup import SearchPopup
from ui.status_line import StatusLine
from ui.top_bar import TopBar

FOLD_BELOW_PX = 1280
MOST_KEYS = 9
NEW_KEY = "Ctrl+N"


class Frame(QWidget):
    """Pages are made when first shown and stay; `went` tells the page and argument now shown.

    restore_wanted: the path of a backup a person wants back.
    """

    went = Signal(object)
    restore_wanted = Signal(object)

    def __init__(
        self,
        context: PageContext,
        menu: Sequence[QAction | None],
        *,
        district: str,
        note: str,
        entries: Sequence[PageEntry],
    ) -> None:
        super().__init__()
        name(self, "frame", _("工作窗口"))
        self.context = context
        self.entries = {entry.name: entry for entry in entries}
        self.pages: dict[str, QWidget] = {}
        self.history = History()
        self.navigation = Navigation(entries, district, note)
        self.top = TopBar(context.actor, menu)
        self.status = StatusLine()
        self.stack = QStackedWidget()
        self._lay_out()
        self.navigation.wanted.connect(self.go)
        self.top.searched.connect(lambda words: self.go("cases", words))
        self.finds = SearchPopup(self.top.search, context, self.entries)
        self.finds.wanted.connect(self.go)
        self._bind_keys(entries)

    @property
    def shown(self) -> str:
        """The name of the page in front."""
        return next((page for page, widget in self.pages.items() if widget is self.stack.currentWidget()), "")

    def go(self, page: str, argument: object = None) -> None:
        """Show a page and hand it what was asked for."""
        if page not in self.entries:
            raise KeyError(f"no page {page!r}")
        self.history.went(Visit(page, argument))
        self._show(page, argument)

    def back(self) -> None:
        """Go where one was before."""
        self._visit(self.history.back())

    def forth(self) -> None:
        """Go forth again."""
        self._visit(self.history.forth())

    def refresh(self) -> None:
        """Let the page in front read again."""
        page = self.stack.currentWidget()
        if page is not None:
            page.refresh()  # type: ignore[attr-defined]

    def keep(self) -> None:
        """Let every page put what is half typed into a draft, at once."""
        for page in self.pages.values():
            if hasattr(page, "keep"):
                page.keep()

    def page(self, page: str) -> QWidget:
        """The page of that name, made if it was not yet."""
        if page not in self.pages:
            made = self.entries[page].make(self.context)
            made.wanted.connect(self.go)  # type: ignore[attr-defined]
            if hasattr(made, "restore_wanted"):
                made.restore_wanted.connect(self.restore_wanted)
            if hasattr(made, "badge"):
                made.badge.connect(lambda count: self.navigation.set_waiting(page, count))
            self.pages[page] = made
            self.stack.addWidget(made)
        return self.pages[page]

    def event(self, event: QEvent) -> bool:
        """Before a key is looked up: where the keyboard is in a list with its own Ctrl+N, that one counts."""
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.ShortcutOverride
            and QKeySequence(event.keyCombination()) == QKeySequence(NEW_KEY)
        ):
            self._new.setEnabled(not self._has_own_new())
        return super().event(event)

    def _has_own_new(self) -> bool:
        page, at = self.stack.currentWidget(), self.window().focusWidget()
        own = [] if page is None else [s for s in page.findChildren(QShortcut) if s.key() == QKeySequence(NEW_KEY)]
        homes = [shortcut.parent() for shortcut in own if shortcut.isEnabled()]
        return any(
            isinstance(home, QWidget) and at is not None and (home is at or home.isAncestorOf(at)) for home in homes
        )

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fold the navigation in a narrow window."""
        super().resizeEvent(event)
        folded = event.size().width() < FOLD_BELOW_PX
        if folded != self.navigation.folded:
            self.navigation.fold(folded)

    def _show(self, page: str, argument: object) -> None:
        widget = self.page(page)
        self.stack.setCurrentWidget(widget)
        self.navigation.show_page(page)
        widget.go(argument)  # type: ignore[attr-defined]
        self.went.emit(Visit(page, argument))

    def _visit(self, visit: Visit | None) -> None:
        if visit is not None:
            self._show(visit.page, visit.argument)

    def _lay_out(self) -> None:
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addWidget(self.top)
        right.addWidget(_line(QFrame.Shape.HLine))
        right.addWidget(self.stack, 1)
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self.navigation)
        middle.addWidget(_line(QFrame.Shape.VLine))
        middle.addLayout(right, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addLayout(middle, 1)
        whole.addWidget(_line(QFrame.Shape.HLine))
        whole.addWidget(self.status)

    def _bind_keys(self, entries: Sequence[PageEntry]) -> None:
        keys: dict[str, Callable[[], object]] = {
            "Ctrl+K": self.top.focus_search,
            NEW_KEY: lambda: self.go("cases", NewCase()),
            "Alt+Left": self.back,
            "Alt+Right": self.forth,
        }
        for at, entry in enumerate(entries[:MOST_KEYS], start=1):
            keys[f"Ctrl+{at}"] = partial(self.go, entry.name)
        for key, act in keys.items():
            shortcut = QShortcut(QKeySequence(key), self, context=Qt.ShortcutContext.WindowShortcut)
            shortcut.activated.connect(act)
            if key == NEW_KEY:
                self._new = shortcut


def _line(shape: QFrame.Shape) -> QFrame:
    line = QFrame()
    line.setFrameShape(shape)
    line.setFrameShadow(QFrame.Shadow.Plain)
    line.setForegroundRole(line.palette().ColorRole.Mid)
    line.setLineWidth(1)
    return line
