"""A list as a workbook and back, beside the libraries alone."""

from __future__ import annotations

from collections.abc import Iterator

from tests.bench.bench_store import FOLDER, BenchStore
from tests.bench.children import ChildFailed, answer
from tests.bench.measuring import MB, Line, Row, S, Sample, Skipped

ROWS = 100_000
TIMES = 2


def measure(store: BenchStore) -> Iterator[Line]:
    """Export of 100,000 cases of 25 columns and import of the same file, each in a process of its own."""
    folder = FOLDER / "sheets"
    folder.mkdir(parents=True, exist_ok=True)
    source = store.paths.folder
    try:
        ours = [answer("sheet", "export", source, folder / "ours.xlsx", ROWS) for _turn in range(TIMES)]
        base = [answer("sheet", "openpyxl", source, folder / "alone.xlsx", ROWS) for _turn in range(TIMES)]
        rows, columns = ours[0]["rows"], ours[0]["columns"]
        what = f"export of {rows:,} x {columns}"
        yield Row(what, S, _of(ours, "seconds"), _of(base, "seconds"), "openpyxl write-only alone", 1.3)
        yield Row(f"memory of that export ({what})", MB, _of(ours, "peak"), aim=120, how="most")
        ours = [answer("sheet", "import", source, folder / "ours.xlsx", ROWS) for _turn in range(TIMES)]
        base = [answer("sheet", "calamine", source, folder / "ours.xlsx", ROWS) for _turn in range(TIMES)]
        baseline = "calamine's reading + Core insert of the cases"
        yield Row(f"import of {rows:,} cases", S, _of(ours, "seconds"), _of(base, "seconds"), baseline, 3)
        yield Row("memory of that import", MB, _of(ours, "peak"), _of(base, "peak"), baseline)
    except ChildFailed as failed:
        yield Skipped("export and import", str(failed))


def _of(answers: list[dict[str, float]], name: str) -> Sample:
    return Sample(tuple(told[name] for told in answers))
