"""A list as a workbook and back, beside the libraries alone."""

from __future__ import annotations

from collections.abc import Iterator

from tests.bench.bench_store import FOLDER, BenchStore
from tests.bench.children import ChildFailed, answer
from tests.bench.measuring import MB, Line, Row, S, Sample, Skipped

ROWS = 100_000
TIMES = 2
Told = dict[str, float]


def measure(store: BenchStore) -> Iterator[Line]:
    """Export of 100,000 cases of 25 columns and import of the same file, each in a process of its own."""
    (FOLDER / "sheets").mkdir(parents=True, exist_ok=True)
    try:
        ours, base = _in_turn(("export", "ours.xlsx"), ("openpyxl", "alone.xlsx"), store)
        what = f"export of {ours[0]['rows']:,} x {ours[0]['columns']}"
        alone = "openpyxl write-only alone"
        yield Row(what, S, _of(ours, "seconds"), _of(base, "seconds"), alone, 1.3)
        yield Row("the same in processor time", S, _of(ours, "busy"), _of(base, "busy"), alone, 1.3)
        yield Row("memory of that export", MB, _of(ours, "peak"), aim=120, how="most")
        ours, base = _in_turn(("import", "ours.xlsx"), ("calamine", "ours.xlsx"), store)
        what = f"import of {ours[0]['rows']:,} cases"
        by_hand = "calamine's reading + Core insert of the cases"
        yield Row(what, S, _of(ours, "seconds"), _of(base, "seconds"), by_hand, 3)
        yield Row("the same in processor time", S, _of(ours, "busy"), _of(base, "busy"), by_hand, 3)
        yield Row("memory of that import", MB, _of(ours, "peak"), _of(base, "peak"), by_hand)
    except ChildFailed as failed:
        yield Skipped("export and import", str(failed))


def _in_turn(ours: tuple[str, str], base: tuple[str, str], store: BenchStore) -> tuple[list[Told], list[Told]]:
    """Both ways one after the other, again and again, so that whatever else the machine does meets both."""

    def told(way: str, file: str) -> Told:
        return answer("sheet", way, store.paths.folder, FOLDER / "sheets" / file, ROWS)

    pairs = [(told(*ours), told(*base)) for _turn in range(TIMES)]
    return [pair[0] for pair in pairs], [pair[1] for pair in pairs]


def _of(answers: list[Told], name: str) -> Sample:
    return Sample(tuple(told[name] for told in answers))
