"""Samples, and a measured thing beside its baseline."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

MS, S, MB, COUNT = "ms", "s", "MB", ""


@dataclass(frozen=True)
class Sample:
    """Repeated measurements of one thing."""

    values: tuple[float, ...]

    @property
    def best(self) -> float:
        return min(self.values)

    @property
    def median(self) -> float:
        return statistics.median(self.values)

    @property
    def worst(self) -> float:
        return max(self.values)


@dataclass(frozen=True)
class Row:
    """One line of the table.

    aim: for how="ratio" the most our median may be of the baseline's, for "above" the most it may lie above it, for
    "most" the most it may be; None: shown for information.
    """

    what: str
    unit: str
    ours: Sample
    base: Sample | None = None
    base_is: str = ""
    aim: float | None = None
    how: str = "ratio"

    @property
    def measure(self) -> float | None:
        """What the aim is about."""
        if self.how == "most":
            return self.ours.median
        if self.base is None:
            return None
        return self.ours.median - self.base.median if self.how == "above" else self.ours.median / self.base.median

    @property
    def ok(self) -> bool | None:
        """Whether the aim holds; None: there is none."""
        return None if self.aim is None or self.measure is None else self.measure <= self.aim

    def told(self) -> dict[str, Any]:
        """As --json prints it."""
        sides = {"ours": self.ours, "baseline": self.base}
        told: dict[str, Any] = {"what": self.what, "unit": self.unit, "baseline_is": self.base_is, "how": self.how}
        for name, sample in sides.items():
            told[name] = sample and {"min": sample.best, "median": sample.median, "max": sample.worst}
        return told | {"measure": self.measure, "aim": self.aim, "ok": self.ok}


@dataclass(frozen=True)
class Skipped:
    """What could not be measured here, and why."""

    what: str
    why: str

    def told(self) -> dict[str, Any]:
        """As --json prints it."""
        return {"what": self.what, "skipped": self.why}


Line = Row | Skipped


Seconds = Callable[[], float]


def beside(
    ours: Callable[[], object], base: Callable[[], object], times: int, clock: Seconds = time.perf_counter
) -> tuple[Sample, Sample]:
    """Both measured in turn, so that whatever else the machine does meets both; milliseconds.

    clock: `time.process_time` for work that waits for nothing, where other programs are not to be counted.
    """
    ours(), base()
    pairs = [(milliseconds(ours, clock), milliseconds(base, clock)) for _turn in range(times)]
    return Sample(tuple(pair[0] for pair in pairs)), Sample(tuple(pair[1] for pair in pairs))


def milliseconds(work: Callable[[], object], clock: Seconds = time.perf_counter) -> float:
    """How long one call takes."""
    begun = clock()
    work()
    return (clock() - begun) * 1000
