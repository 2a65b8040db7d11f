"""Cyclic garbage is collected in the main thread alone.

Python collects in whatever thread happens to make the object too many. A worker that collected a closed page would
destroy Qt objects off their thread: a crash or a hang, seen once in some hundred test runs. So the automatic collector
is switched off and this one looks every second, as it would have, generation by generation.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer, Slot

LOOK_EVERY_MS = 1000


class MainThreadCollector(QObject):
    """Lives as long as the program; made in the main thread."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        gc.disable()
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_EVERY_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()

    @Slot()
    def look(self) -> int:
        """Collect the oldest generation whose count is past its threshold; gives the objects found, -1 for none due."""
        due = [
            place
            for place, (count, limit) in enumerate(zip(gc.get_count(), gc.get_threshold(), strict=True))
            if limit and count > limit
        ]
        return gc.collect(due[-1]) if due else -1
