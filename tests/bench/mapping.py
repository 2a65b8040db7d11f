"""Frames of the map with 100,000 points, beside pyqtgraph's own scatter of the same points in the same window."""

from __future__ import annotations

from collections.abc import Iterator

from tests.bench.bench_store import BenchStore
from tests.bench.children import ChildFailed, answer
from tests.bench.measuring import MS, Line, Row, Sample, Skipped

SCATTER = "pyqtgraph's scatter"


def measure(_store: BenchStore) -> Iterator[Line]:
    """Moving at three distances, going nearer and farther, and the first frame of all."""
    try:
        told = answer("map")
    except ChildFailed as failed:
        yield Skipped("frames of the map", f"the map did not start: {failed}")
        return
    for what, (ours, base) in told.items():
        yield Row(f"map of 100,000 points: {what}", MS, Sample(tuple(ours)), Sample(tuple(base)), SCATTER, 2.0)
