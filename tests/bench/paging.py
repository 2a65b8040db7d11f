"""Page down in the work list, beside a model that returns constants in the same view."""

from __future__ import annotations

from collections.abc import Iterator

from tests.bench.bench_store import BenchStore
from tests.bench.children import ChildFailed, answer
from tests.bench.measuring import MS, Line, Row, Sample, Skipped

CONSTANTS = "a model of constants"


def measure(store: BenchStore) -> Iterator[Line]:
    """The key, the frame, and the lines of the page come from the store."""
    try:
        told = answer("paging", store.paths.folder)
    except ChildFailed as failed:
        yield Skipped("page down in the list", f"the list did not start: {failed}")
        return
    ours, base = Sample(tuple(told["ours"])), Sample(tuple(told["base"]))
    yield Row("page down in the list", MS, ours, base, CONSTANTS, 1.5)
    ours, base = Sample(tuple(told["jump"])), Sample(tuple(told["base_jump"]))
    yield Row("a jump anywhere until its lines are there", MS, ours, base, CONSTANTS)
