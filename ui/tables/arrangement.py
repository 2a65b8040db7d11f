"""How a person left a list: which columns, in what order, how wide."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHeaderView, QMenu

from app.base.words import _
from ui.remember import Remember
from ui.tables.columns import Column

NARROWEST = 24
HEAD_MARGINS, SORT_MARK = 12, 14
SAVE_AFTER_MS = 400


class Arrangement(QObject):
    """Puts a header in order as remembered and remembers every change of it."""

    def __init__(self, header: QHeaderView, columns: Sequence[Column[Any]], key: str, remember: Remember) -> None:
        super().__init__(header)
        self._header = header
        self._columns = columns
        self._key = key
        self._remember = remember
        self._later = QTimer(self, singleShot=True, interval=SAVE_AFTER_MS)
        self._later.timeout.connect(self.keep)
        self.restore()
        header.sectionResized.connect(self._on_changed)
        header.sectionMoved.connect(self._on_changed)

    def restore(self) -> None:
        """Arrange as remembered; columns unknown to the memory stand as they were written."""
        kept = _read(self._remember.get(self._key))
        widths: dict[str, int] = kept.get("widths", {})
        hidden: list[str] = kept.get("hidden", [])
        for at, column in enumerate(self._columns):
            self._header.resizeSection(at, max(NARROWEST, int(widths.get(column.name, 0)) or self._first_width(column)))
            self._header.setSectionHidden(at, column.name in hidden if column.name in widths else not column.shown)
        names = [column.name for column in self._columns]
        order = [names.index(said) for said in kept.get("order", ()) if said in names]
        for place, logical in enumerate(order):
            self._header.moveSection(self._header.visualIndex(logical), place)

    @Slot()
    def keep(self) -> None:
        """Remember now what was changed."""
        self._later.stop()
        places = sorted(range(len(self._columns)), key=self._header.visualIndex)
        hidden = [c.name for at, c in enumerate(self._columns) if self._header.isSectionHidden(at)]
        widths = {c.name: self._width(at, c) for at, c in enumerate(self._columns)}
        kept = {"order": [self._columns[at].name for at in places], "hidden": hidden, "widths": widths}
        self._remember.set(self._key, json.dumps(kept))

    def keep_if_changed(self) -> None:
        """Remember now if something waits to be remembered."""
        if self._later.isActive():
            self.keep()

    def show_column(self, at: int, shown: bool) -> None:
        """Show or hide a column; the last one shown stays."""
        if shown or self._header.count() - self._header.hiddenSectionCount() > 1:
            self._header.setSectionHidden(at, not shown)
            self._later.start()

    def menu(self) -> QMenu:
        """A menu that ticks the columns shown, and puts them back as they came."""
        menu = QMenu(self._header)
        menu.setObjectName("columns_menu")
        for at, column in enumerate(self._columns):
            action = QAction(_(column.title), menu, checkable=True, checked=not self._header.isSectionHidden(at))
            action.setObjectName(f"column_{column.name}")
            action.toggled.connect(lambda shown, at=at: self.show_column(at, shown))
            menu.addAction(action)
        menu.addSeparator()
        reset = menu.addAction(_("恢复默认列"), self.reset)
        reset.setObjectName("columns_reset")
        return menu

    @Slot()
    def reset(self) -> None:
        """As the program came."""
        self._remember.set(self._key, "")
        for at in range(len(self._columns)):
            self._header.moveSection(self._header.visualIndex(at), at)
        self.restore()

    def _first_width(self, column: Column[Any]) -> int:
        """As it was written, and wide enough for its head in any language."""
        beside = HEAD_MARGINS + (SORT_MARK if column.sort_key else 0)
        return max(column.width, self._header.fontMetrics().horizontalAdvance(_(column.title)) + beside)

    def _width(self, at: int, column: Column[Any]) -> int:
        return self._header.sectionSize(at) or self._first_width(column)

    @Slot()
    def _on_changed(self) -> None:
        self._later.start()


def _read(text: str | None) -> dict[str, Any]:
    """What was remembered; a memory that cannot be read is no memory."""
    try:
        kept = json.loads(text or "{}")
    except ValueError:
        return {}
    return kept if isinstance(kept, dict) else {}
