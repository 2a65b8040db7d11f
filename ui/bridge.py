"""The one crossing from the store's threads to Qt: what a commit touched, told in the main thread."""

from __future__ import annotations

import threading
from collections.abc import Callable
from uuid import UUID

from PySide6.QtCore import QObject, Qt, Signal, Slot

from app.base.changes import ChangeSet

Listen = Callable[[Callable[[ChangeSet], None]], Callable[[], None]]


class StoreBridge(QObject):
    """`changed` carries a ChangeSet to pages. Commits in quick succession arrive as one."""

    changed = Signal(object)
    _heard = Signal()

    def __init__(self, listen: Listen, parent: QObject | None = None) -> None:
        """listen: `desk.store.listen`, gives back the function that ends listening."""
        super().__init__(parent)
        self._lock = threading.Lock()
        self._waiting: list[ChangeSet] = []
        self._heard.connect(self._tell, Qt.ConnectionType.QueuedConnection)
        self._stop: Callable[[], None] | None = listen(self._hear)

    def close(self) -> None:
        """Stop listening; nothing is told any more."""
        if self._stop is not None:
            self._stop()
            self._stop = None
        with self._lock:
            self._waiting.clear()

    def _hear(self, changes: ChangeSet) -> None:
        with self._lock:
            first = not self._waiting
            self._waiting.append(changes)
        if first:
            self._heard.emit()

    @Slot()
    def _tell(self) -> None:
        with self._lock:
            waiting, self._waiting = self._waiting, []
        if waiting:
            self.changed.emit(merged(waiting))


def merged(changes: list[ChangeSet]) -> ChangeSet:
    """Everything several commits touched, as one."""
    if len(changes) == 1:
        return changes[0]
    touched: dict[str, frozenset[UUID]] = {}
    bulk: frozenset[str] = frozenset()
    for change in changes:
        bulk |= change.bulk
        for record_type, ids in change.touched.items():
            touched[record_type] = touched.get(record_type, frozenset()) | ids
    return ChangeSet(touched=touched, bulk=bulk)
