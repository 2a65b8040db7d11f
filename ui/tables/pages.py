"""Pages of lines kept near the eye: the newest used stay, the oldest go."""

from __future__ import annotations

from array import array
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal

from app.base.watch import Watch
from ui.tasks import Task, TaskRunner

Fetch = Callable[[Sequence[int]], Sequence[Any]]
Lines = Mapping[int, Any]
AT_ONCE = 8


class Pages(QObject):
    """Fetches stretches of an id snapshot in a reader thread, each once; keeps `kept` of them."""

    arrived = Signal(int)

    def __init__(
        self,
        fetch: Fetch,
        line_id: Callable[[Any], int],
        tasks: TaskRunner,
        *,
        size: int,
        kept: int,
        parent: QObject | None = None,
    ) -> None:
        """size: rows a page. `arrived` tells the number of a page that came."""
        super().__init__(parent)
        self.size = size
        self._fetch = fetch
        self._line_id = line_id
        self._tasks = tasks
        self._kept = kept
        self._ids: array[int] = array("q")
        self._pages: OrderedDict[int, Lines] = OrderedDict()
        self._asked: dict[int, Task] = {}

    def start(self, ids: array[int], known: Iterable[Any]) -> None:
        """Begin anew with a snapshot. known: lines at hand already, the first of the snapshot."""
        for task in self._asked.values():
            task.forget()
        self._asked.clear()
        self._pages.clear()
        self._ids = ids
        lines = {self._line_id(line): line for line in known}
        for number in range(-(-len(lines) // self.size)):
            stretch = self._stretch(number)
            if stretch and all(rid in lines for rid in stretch):
                self._pages[number] = {rid: lines[rid] for rid in stretch}

    def page_of(self, row: int) -> Lines | None:
        """The lines around a row by id; None: they are on their way."""
        number = row // self.size
        page = self._pages.get(number)
        if page is None:
            self._ask(number)
            return None
        self._pages.move_to_end(number)
        return page

    def at_hand(self, row: int) -> Lines | None:
        """The lines around a row by id if they are here; asks for nothing."""
        return self._pages.get(row // self.size)

    def lines(self) -> dict[int, Any]:
        """Every line at hand, by id."""
        return {rid: line for page in self._pages.values() for rid, line in page.items()}

    def reread(self, ids: Iterable[int] | None) -> None:
        """Ask again for the pages that hold `ids` (None: all at hand); the old lines stay until the answer."""
        wanted = None if ids is None else set(ids)
        for number, page in tuple(self._pages.items()):
            if wanted is None or not wanted.isdisjoint(page):
                old = self._asked.pop(number, None)
                if old is not None:
                    old.forget()
                self._ask(number)

    def _ask(self, number: int) -> None:
        """Ask for a page once. Of many under way (somebody drags the bar) the oldest is given up."""
        if number in self._asked:
            return
        while len(self._asked) >= AT_ONCE:
            self._asked.pop(next(iter(self._asked))).forget()
        read = partial(self._read, self._stretch(number))
        self._asked[number] = self._tasks.read(read, done=partial(self._take, number))

    def _read(self, stretch: array[int], _watch: Watch) -> Lines:
        return {self._line_id(line): line for line in self._fetch(stretch)}

    def _take(self, number: int, page: Lines) -> None:
        self._asked.pop(number, None)
        self._pages[number] = page
        self._pages.move_to_end(number)
        while len(self._pages) > self._kept:
            self._pages.popitem(last=False)
        self.arrived.emit(number)

    def _stretch(self, number: int) -> array[int]:
        return self._ids[number * self.size : (number + 1) * self.size]
