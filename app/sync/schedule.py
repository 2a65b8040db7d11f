"""When to try next: pure arithmetic on seconds nobody can set."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

AFTER_SUCCESS_S = 60.0
FIRST_WAIT_S, LONGEST_WAIT_S = 5.0, 600.0
JITTER = 0.25
SLEPT_S = 60.0
Chance = Callable[[], float]
"""A number in [0, 1)."""


@dataclass(frozen=True)
class Schedule:
    """failures: in a row, since the last success. next_at: steady seconds of the next try; None: only when asked.

    A fresh schedule is due at once.
    """

    failures: int = 0
    next_at: float | None = 0.0

    def due(self, now: float) -> bool:
        """The time for a try has come."""
        return self.next_at is not None and now >= self.next_at

    def wait_s(self, now: float) -> float | None:
        """Seconds until the next try; None: until somebody asks."""
        return None if self.next_at is None else max(0.0, self.next_at - now)

    def succeeded(self, now: float) -> Schedule:
        """The line carried everything."""
        return Schedule(0, now + AFTER_SUCCESS_S)

    def failed(self, now: float, chance: Chance) -> Schedule:
        """The line or the city failed: wait twice as long each time, and never all desks together."""
        wait = min(LONGEST_WAIT_S, FIRST_WAIT_S * 2 ** min(self.failures, 10))
        return Schedule(self.failures + 1, now + wait * (1 - JITTER + 2 * JITTER * chance()))

    def stopped(self) -> Schedule:
        """Trying again by itself would not help."""
        return Schedule(self.failures, None)

    def at_once(self, now: float) -> Schedule:
        """Somebody pressed the button, wrote something, or the line is back."""
        return Schedule(self.failures, now)


@dataclass(frozen=True)
class Moment:
    """One instant on both clocks: the one on the wall, and the one that counts only while the PC is awake."""

    at: datetime
    steady: float

    def slept_until(self, later: Moment) -> bool:
        """More time went by on the wall than the PC was awake for: it slept, and the line may be another one now."""
        return (later.at - self.at).total_seconds() - (later.steady - self.steady) > SLEPT_S
