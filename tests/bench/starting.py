"""From process start to the sign-in window, and from the accepted password to a filled work list."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.bench.bench_store import BenchStore
from tests.bench.children import ChildFailed, answer, run_times
from tests.bench.measuring import COUNT, MB, MS, Line, Row, Sample, Skipped

TIMES = 12
OFFICE_TIMES = 6
BARE = "bare PySide6 window"


def measure(store: BenchStore, empty: BenchStore) -> Iterator[Line]:
    """Start-up, the filled list, its memory, and what is imported before the first paint."""
    place = store.paths.folder
    try:
        pairs = [_both(place) for _turn in range(TIMES + 1)][1:]
        ours, base = _sample(pairs, "ours", 0), _sample(pairs, "base", 0)
        yield Row("start to first paint of the sign-in window", MS, ours, base, BARE, 1.6)
        busy, base_busy = _sample(pairs, "ours", 1), _sample(pairs, "base", 1)
        yield Row("the same in processor time", MS, busy, base_busy, BARE, 1.6)
        lists = [answer("office", place, "list") for _turn in range(OFFICE_TIMES)]
        heavy = answer("modules", place)["heavy"]
        shells = [answer("office", empty.paths.folder) for _turn in range(OFFICE_TIMES)]
    except ChildFailed as failed:
        yield Skipped("start of the program", f"the window did not start: {failed}")
        return
    filled = Sample(tuple(told["seconds"] * 1000 for told in lists))
    yield Row("accepted password to filled work list", MS, filled, base, BARE, 4)
    memory = Sample(tuple(told["memory"] for told in lists))
    shell = Sample(tuple(told["memory"] for told in shells))
    yield Row("memory with the list open", MB, memory, shell, "shell on an empty store", 80, "above")
    yield Row("heavy modules before the first paint", COUNT, Sample((len(heavy),)), aim=0, how="most")


def _both(store: Path) -> dict[str, tuple[float, float]]:
    base = run_times("-m", "tests.bench.child_window")
    return {"base": base, "ours": run_times("-m", "ui", "--store", store, "--until-first-paint")}


def _sample(pairs: Sequence[dict[str, tuple[float, float]]], side: str, which: int) -> Sample:
    return Sample(tuple(pair[side][which] for pair in pairs))
