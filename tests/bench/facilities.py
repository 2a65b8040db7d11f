"""100,000 facilities: imported beside the libraries alone, listed and looked around in beside the same SQL by hand."""

from __future__ import annotations

import random
import shutil
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from app.base.clock import FixedClock
from app.base.paths import StorePaths
from app.desk import Desk, open_desk
from app.domain.facility_views import FacilityFilter, FacilityOrder
from app.gate import Gate
from app.services.facility_groups import groups
from db import cipher
from db.queries.facilities import LINE_COLUMNS, id_query
from tests.bench.bench_store import LOGIN, NOW, PASSWORD, BenchStore
from tests.bench.child_facilities import SHEET, STORE
from tests.bench.children import ChildFailed, answer
from tests.bench.measuring import MB, MS, Line, Row, S, Sample, Skipped, beside

PAGE, TIMES, METRES = 100, 40, 100.0
BY_HAND = "the same SQL by hand"
NEAR_SQL = (
    f"SELECT {LINE_COLUMNS} FROM facilities INDEXED BY ix_facilities_point "
    "WHERE longitude BETWEEN ? AND ? AND latitude BETWEEN ? AND ?"
)


def measure(_store: BenchStore) -> Iterator[Line]:
    """The import and the same file again, each in a process of its own; then the lists of what came in."""
    try:
        yield from _imports()
    except ChildFailed as failed:
        yield Skipped("facilities", str(failed))
        return
    desk, key = opened_desk()
    connection = cipher.connect(StorePaths.of(STORE).database, key, read_only=True)
    try:
        yield from _lists(desk, connection)
        yield _near(desk, connection)
    finally:
        connection.close()
        desk.close()
        shutil.rmtree(STORE)
        SHEET.unlink()


def opened_desk() -> tuple[Desk, bytes]:
    """The store the import made, and its key."""
    paths, clock = StorePaths.of(STORE), FixedClock(NOW)
    key = Gate(paths, clock).enter(LOGIN, PASSWORD).key
    return open_desk(key, paths, clock), key


def _imports() -> Iterator[Line]:
    answer("facilities", "sheet")
    base, ours, again = (answer("facilities", way) for way in ("calamine", "import", "again"))
    by_hand = "calamine's reading + Core insert"
    what = f"import of {ours['rows']:,} facilities"
    yield Row(what, S, _one(ours, "seconds"), _one(base, "seconds"), by_hand)
    yield Row("the same in processor time", S, _one(ours, "busy"), _one(base, "busy"), by_hand)
    yield Row("memory of that import", MB, _one(ours, "peak"), _one(base, "peak"), by_hand)
    yield Row("the same file again", S, _one(again, "seconds"), _one(base, "seconds"), by_hand)


def _lists(desk: Desk, connection: cipher.Connection) -> Iterator[Line]:
    for group in ("", *(one.name for one in groups())):
        wanted = FacilityFilter(group=group, order=FacilityOrder.CODE, ascending=True)
        if desk.facilities.count(wanted).count:
            ours, base = _beside(partial(desk.facilities.find, wanted, PAGE), _page(connection, wanted))
            yield Row(f"first page of {group or 'all facilities'}", MS, ours, base, BY_HAND, 3)
    wanted = FacilityFilter(search="道路17")
    ours, base = _beside(partial(desk.facilities.find, wanted, PAGE), _page(connection, wanted))
    yield Row(f"newest {PAGE} for “道路17”", MS, ours, base, BY_HAND, 3)


def _near(desk: Desk, connection: cipher.Connection) -> Row:
    chance = random.Random(1)
    places = [(113.60 + chance.random() * 0.16, 34.72 + chance.random() * 0.14) for _n in range(TIMES + 1)]
    ours, base = iter(places), iter(places)

    def by_hand() -> list[Any]:
        longitude, latitude = next(base)
        box = (longitude - 0.0011, longitude + 0.0011, latitude - 0.0009, latitude + 0.0009)
        return list(connection.execute(NEAR_SQL, box).fetchall())

    samples = _beside(lambda: desk.facilities.near(*next(ours), METRES), by_hand)
    return Row(f"facilities within {METRES:.0f} m of a point", MS, *samples, "the box by hand", 3)


def _page(connection: cipher.Connection, wanted: FacilityFilter) -> Callable[[], list[Any]]:
    query = id_query(wanted, PAGE)

    def ask() -> list[Any]:
        rids = tuple(row[0] for row in connection.execute(query.sql, query.params))
        sql = f"SELECT {LINE_COLUMNS} FROM facilities WHERE rid IN ({','.join('?' * len(rids))})"
        return list(connection.execute(sql, rids).fetchall())

    return ask


def _beside(ours: Callable[[], object], base: Callable[[], object]) -> tuple[Sample, Sample]:
    """Processor time: a page takes a millisecond, and whatever interrupts it would be counted to it."""
    return beside(ours, base, TIMES, time.process_time)


def _one(told: dict[str, Any], name: str) -> Sample:
    return Sample((float(told[name]),))
