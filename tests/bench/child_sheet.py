"""`child_sheet WHAT STORE FILE ROWS`: one way of writing or reading a sheet, its seconds and its peak of memory."""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from app.base.clock import FixedClock
from app.base.paths import StorePaths
from app.desk import Desk, NewOffice, create_desk
from app.domain.case_views import CaseFilter
from app.domain.cases import Case
from app.services.exports import COLUMNS
from db.models.cases import CASES
from tests.bench.bench_store import FOLDER, LOGIN, NOW, PASSWORD, BenchStore
from tests.bench.children import forget_peak, peak_mb, say

CHUNK = 5000


def export(source: BenchStore, file: Path, rows: int) -> None:
    """The product's export."""
    rids = source.desk.case_lists.ids(CaseFilter(), rows)
    forget_peak()
    begun, busy = time.perf_counter(), time.process_time()
    written = source.desk.exports.chosen(file, rids, actor=source.actor)
    say(
        seconds=time.perf_counter() - begun,
        busy=time.process_time() - busy,
        peak=peak_mb(),
        rows=written,
        columns=len(COLUMNS),
    )


def openpyxl(source: BenchStore, file: Path, rows: int) -> None:
    """The same values, at hand in memory, by openpyxl alone."""
    from openpyxl import Workbook
    from python_calamine import load_workbook

    told = file.with_name("ours.xlsx")
    lines = list(load_workbook(str(told)).get_sheet_by_index(0).iter_rows())
    begun, busy = time.perf_counter(), time.process_time()
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for line in lines:
        sheet.append(line)
    book.save(file)
    say(seconds=time.perf_counter() - begun, busy=time.process_time() - busy, peak=peak_mb(), rows=len(lines) - 1)


def import_(source: BenchStore, file: Path, _rows: int) -> None:
    """The product's import into a new store."""
    with _new_desk() as desk:
        actor = desk.accounts.actor(desk.accounts.persons()[0].id)
        forget_peak()
        begun, busy = time.perf_counter(), time.process_time()
        result = desk.imports.run(file, actor=actor)
        say(
            seconds=time.perf_counter() - begun,
            busy=time.process_time() - busy,
            peak=peak_mb(),
            rows=result.taken,
            refused=len(result.refused),
        )


def calamine(source: BenchStore, file: Path, rows: int) -> None:
    """Reading alone, and Core's insert of as many cases made before into a new store with the same indexes."""
    from python_calamine import load_workbook

    made = _records(source, rows)
    with _new_desk() as desk:
        forget_peak()
        begun, busy = time.perf_counter(), time.process_time()
        for _row in load_workbook(str(file)).get_sheet_by_index(0).iter_rows():
            pass
        for start in range(0, len(made), CHUNK):
            with desk.store.local() as connection:
                connection.execute(insert(CASES), made[start : start + CHUNK])
        say(seconds=time.perf_counter() - begun, busy=time.process_time() - busy, peak=peak_mb(), rows=len(made))


def _records(source: BenchStore, rows: int) -> list[dict[str, Any]]:
    """Cases as Core wants them."""
    rids = source.desk.case_lists.ids(CaseFilter(), rows)
    made = []
    with source.desk.store.read() as reader:
        for start in range(0, len(rids), CHUNK):
            lines = source.desk.case_lists.lines(rids[start : start + CHUNK])
            made += [dict(reader.need(Case, line.id).__dict__) for line in lines]
    return made


@contextmanager
def _new_desk() -> Iterator[Desk]:
    FOLDER.mkdir(exist_ok=True)
    folder = Path(tempfile.mkdtemp(dir=FOLDER))
    office = NewOffice("410105", "测速用的城管局", "CS")
    desk, _code = create_desk(StorePaths.of(folder), office, "测速员", LOGIN, PASSWORD, clock=FixedClock(NOW))
    try:
        yield desk
    finally:
        desk.close()
        shutil.rmtree(folder)


WAYS = {"export": export, "openpyxl": openpyxl, "import": import_, "calamine": calamine}


if __name__ == "__main__":
    way, store_folder, file_name, count = sys.argv[1:]
    store = BenchStore.at_scale(int(Path(store_folder).name))
    WAYS[way](store, Path(file_name), int(count))
    store.close()
