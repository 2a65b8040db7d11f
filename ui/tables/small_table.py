"""A short list held in memory, in the dress of every other list."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.remember import Remember
from ui.tables.columns import Column
from ui.tables.line_table import LineTable
from ui.tasks import TaskRunner
from ui.widgets.empty_state import EmptyState

T = TypeVar("T")


class Owner(Protocol):
    """Whoever shows the list."""

    @property
    def tasks(self) -> TaskRunner:
        """The threads of the window."""

    @property
    def remember(self) -> Remember:
        """Keeps widths and columns."""


@dataclass(frozen=True)
class Numbered(Generic[T]):
    """One thing of a short list with its place."""

    rid: int
    item: T


class SmallTable(QWidget, Generic[T]):
    """Shows things given to it. `opened` and `chosen` carry the thing itself."""

    opened = Signal(object)
    chosen = Signal(object)

    def __init__(
        self, object_name: str, title: str, columns: Sequence[Column[T]], owner: Owner, empty: EmptyState
    ) -> None:
        """owner: gives the threads and remembers widths, as every page's context does."""
        super().__init__()
        self._lines: list[Numbered[T]] = []
        self.table = LineTable(
            object_name,
            title,
            [_numbered(column) for column in columns],
            self._fetch,
            owner.tasks,
            remember=owner.remember,
            empty=empty,
        )
        self.table.opened.connect(lambda line: self.opened.emit(line.item))
        self.table.chosen.connect(lambda line: self.chosen.emit(None if line is None else line.item))
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.addWidget(self.table)
        self.setFocusProxy(self.table)

    def show_all(self, items: Sequence[T]) -> None:
        """Show these, in this order; the person's row stays by place."""
        self._lines = [Numbered(at, item) for at, item in enumerate(items)]
        self.table.show_ids(array("q", range(len(items))), self._lines)

    def items(self) -> list[T]:
        """Everything shown."""
        return [line.item for line in self._lines]

    def current(self) -> T | None:
        """The thing the person stands on."""
        line = self.table.current_line()
        return None if line is None else line.item

    def go_to(self, wanted: Callable[[T], bool]) -> None:
        """Stand on the first thing of which `wanted` holds."""
        at = next((line.rid for line in self._lines if wanted(line.item)), None)
        if at is not None:
            self.table.go_to(at)

    def _fetch(self, ids: Sequence[int]) -> Sequence[Numbered[T]]:
        lines = self._lines
        return [lines[at] for at in ids if at < len(lines)]


def _numbered(column: Column[Any]) -> Column[Numbered[Any]]:
    light, hint = column.light, column.hint
    return Column(
        column.name,
        column.title,
        column.width,
        lambda line: column.value(line.item),
        column.align,
        None,
        None if light is None else lambda line: light(line.item),
        None if hint is None else lambda line: hint(line.item),
        column.shown,
    )
