"""`python -m tests.bench`: every aim of speed and memory beside its baseline, measured in this run."""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping

from tests.bench import coverage, facilities, listing, mapping, paging, points, rounds, saving, sheets, starting
from tests.bench.bench_store import FOLDER, BenchStore
from tests.bench.measuring import Line, Row
from tests.bench.table import printed

Part = Callable[[BenchStore], Iterator[Line]]


def _starting(store: BenchStore) -> Iterator[Line]:
    empty = BenchStore.at_scale(0)
    empty.close()
    yield from starting.measure(store, empty)


PARTS: Mapping[str, Part] = {
    "start": _starting,
    "lists": listing.measure,
    "saving": saving.measure,
    "paging": paging.measure,
    "sheets": sheets.measure,
    "facilities": facilities.measure,
    "coverage": coverage.measure,
    "rounds": rounds.measure,
    "points": points.measure,
    "map": mapping.measure,
}


def main(arguments: list[str]) -> int:
    """Measure, print, and give 0; aims that do not hold are said, not punished."""
    parser = argparse.ArgumentParser(prog="dev.py bench", description=__doc__)
    parser.add_argument("--scale", type=int, default=1_000_000, metavar="N", help="cases in the store (1000000)")
    parser.add_argument("--only", choices=sorted(PARTS), action="append", help="measure this part alone")
    parser.add_argument("--json", action="store_true", help="print JSON in place of the table")
    parser.add_argument("--keep", action="store_true", help="keep the sheets written meanwhile")
    told = parser.parse_args(arguments)
    store = BenchStore.at_scale(told.scale)
    lines: list[Line] = []
    try:
        for name, part in PARTS.items():
            if not told.only or name in told.only:
                print(f"measuring: {name}", file=sys.stderr, flush=True)
                lines += part(store)
    finally:
        store.close()
        if not told.keep:
            shutil.rmtree(FOLDER / "sheets", ignore_errors=True)
    print(json.dumps([line.told() for line in lines], ensure_ascii=False, indent=1) if told.json else printed(lines))
    over = [line.what for line in lines if isinstance(line, Row) and line.ok is False]
    print(f"{len(over)} of {len(lines)} over their aim" if over else "every aim holds", file=sys.stderr)
    return 0


if __name__ == "__main__":
    if sys.argv[1:2] == ["sync"]:
        from tests.bench import sync_line

        sys.exit(sync_line.main(sys.argv[2:]))
    sys.exit(main(sys.argv[1:]))
