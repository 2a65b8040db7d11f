"""Lists among 200,000 rounds and 1,000,000 check results, beside the same SQL sent by hand to the same file."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from app.base.paths import StorePaths
from app.domain.patrol_views import RoundFilter
from app.domain.patrols import RoundState
from db import cipher
from db.queries.patrols import LINE_SQL, list_query
from tests.bench.bench_store import BenchStore
from tests.bench.coverage import FIRST, LAST, PLACE, patrol_desk
from tests.bench.measuring import MS, Line, Row, beside

PAGE, TIMES = 100, 40
BY_HAND = "the same SQL by hand"
LISTS = {
    "all rounds": RoundFilter(),
    "a month": RoundFilter(first=FIRST, last=LAST),
    "a grid": RoundFilter(grid_code="410105000007"),
    "a street": RoundFilter(street_code="410105003"),
    "the missed": RoundFilter(states=frozenset({RoundState.MISSED})),
    "the missed of a month, oldest first": RoundFilter(
        states=frozenset({RoundState.MISSED}), first=FIRST, last=LAST, ascending=True
    ),
    "one number": RoundFilter(search="XC-CS-AAAA-0100007"),
}


def measure(_store: BenchStore) -> Iterator[Line]:
    """The first page of every list, in processor time."""
    desk, key = patrol_desk()
    connection = cipher.connect(StorePaths.of(PLACE).database, key, read_only=True)
    try:
        for what, wanted in LISTS.items():
            by_hand = _page(connection, wanted)
            samples = beside(partial(desk.patrols.first_page, wanted, PAGE), by_hand, TIMES, time.process_time)
            yield Row(f"first page of {what}, {PAGE} rounds", MS, *samples, BY_HAND, 3)
    finally:
        connection.close()
        desk.close()


def _page(connection: cipher.Connection, wanted: RoundFilter) -> Callable[[], list[Any]]:
    query = list_query(wanted, PAGE)

    def ask() -> list[Any]:
        rids = tuple(row[0] for row in connection.execute(query.sql, query.params))
        return list(connection.execute(LINE_SQL.format(marks=",".join("?" * len(rids))), rids).fetchall())

    return ask
