"""A value that is read once and kept until it is forgotten, for services that several threads ask."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Kept(Generic[T]):
    """What was being read while somebody forgot is given to who asked, and kept for nobody else: it may be of before."""

    def __init__(self, read: Callable[[], T]) -> None:
        self._read = read
        self._lock = threading.Lock()
        self._held: tuple[T] | None = None
        self._forgotten = 0

    def get(self) -> T:
        """The value as it was read last, or is read now. Two who ask at once may read it twice."""
        held, forgotten = self._held, self._forgotten
        if held is not None:
            return held[0]
        value = self._read()
        with self._lock:
            if forgotten == self._forgotten:
                self._held = (value,)
        return value

    def forget(self) -> None:
        """It is no longer of now."""
        with self._lock:
            self._forgotten += 1
            self._held = None
