"""Where the time comes from; handed in, never asked for inside rules."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Gives the present instant, aware, in UTC, and seconds that nobody can set."""

    def now(self) -> datetime: ...

    def steady(self) -> float: ...


class SystemClock:
    """The PC's own clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def steady(self) -> float:
        """Seconds that rise while the PC is on, whatever is done to its clock; they start anew with the PC."""
        return time.monotonic()


class FixedClock:
    """A clock that stands still until it is moved: demonstration, tour and tests."""

    def __init__(self, at: datetime) -> None:
        if at.tzinfo is None:
            raise ValueError("a clock needs an aware instant")
        self._at = at.astimezone(UTC)
        self._steady = 0.0

    def now(self) -> datetime:
        return self._at

    def advance(self, by: timedelta) -> None:
        """Let time pass."""
        self._at += by
        self._steady += max(0.0, by.total_seconds())

    def steady(self) -> float:
        return self._steady

    def set_wrong(self, by: timedelta) -> None:
        """Somebody moves the hands of the PC's clock; no time passes."""
        self._at += by
