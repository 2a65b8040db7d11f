"""Questions asked ahead: the city works on one while this side goes on with the answer before it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from app.base.watch import Cancelled
from app.domain.problems import Problem, Unavailable

T = TypeVar("T")


class Answer(Generic[T]):
    """The answer to a question that is asked when the answer is wanted."""

    def __init__(self, ask: Callable[[], T]) -> None:
        self._ask = ask

    def take(self) -> T:
        """The answer. Raises of the line."""
        return self._ask()

    def drop(self) -> None:
        """The answer is not wanted any more."""


class Ahead(Answer[T]):
    """The answer to a question that is on its way: a thread of its own waits for it and touches nothing else.

    send: only sends and receives. read: makes the answer of what came, in the thread that takes it.
    """

    def __init__(self, send: Callable[[], bytes], read: Callable[[bytes], T]) -> None:
        super().__init__(self._wait)
        self._send = send
        self._read = read
        self._came = b""
        # Stays when the thread ends by a fault of ours, which its own traceback tells.
        self._trouble: Problem | Cancelled | None = Unavailable("sync.offline", reason="question")
        self._thread = threading.Thread(target=self._go, name="sync question", daemon=True)
        self._thread.start()

    def drop(self) -> None:
        self._thread.join()

    def _go(self) -> None:
        try:
            self._came = self._send()
            self._trouble = None
        except (Problem, Cancelled) as trouble:
            self._trouble = trouble

    def _wait(self) -> T:
        self._thread.join()
        if self._trouble is not None:
            raise self._trouble
        return self._read(self._came)
