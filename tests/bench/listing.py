"""Saved views, pages and search, beside the same SQL sent by hand to the same encrypted file."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

from app.domain.case_views import CaseFilter, CaseView
from db import cipher
from db.queries.case_lists import LINE_SQL, id_queries
from db.queries.case_paths import Query
from tests.bench.bench_store import BenchStore
from tests.bench.measuring import MS, Line, Row, beside

PAGE = 100
TIMES = 40
BY_HAND = "the same SQL by hand"
SEARCHES = ("占道", "花园", "hy")


def measure(store: BenchStore) -> Iterator[Line]:
    """One row per saved view, one for pages anywhere, one per search."""
    lists = store.desk.case_lists
    connection = cipher.connect(store.paths.database, store.key, read_only=True)
    try:
        for view in CaseView:
            wanted = lists.view(view, actor=store.actor)
            yield _row(f"first page of view {view}", lists.first_page, _by_hand(connection, wanted), wanted)
        yield _anywhere(store, connection)
        for text in SEARCHES:
            wanted = CaseFilter(search=text)
            yield _row(f"newest {PAGE} for “{text}”", lists.first_page, _by_hand(connection, wanted), wanted)
            query = id_queries(wanted, PAGE)[0]
            ours, base = beside(partial(lists.ids, wanted, PAGE), partial(_rows, connection, query), TIMES)
            yield Row(f"row numbers alone for “{text}”", MS, ours, base, "the FTS query by hand", 3)
    finally:
        connection.close()


def _row(what: str, ours: Callable[[CaseFilter], object], base: Callable[[], object], wanted: CaseFilter) -> Row:
    samples = beside(lambda: ours(wanted), base, TIMES)
    return Row(what, MS, *samples, BY_HAND, 3)


def _by_hand(connection: cipher.Connection, wanted: CaseFilter) -> Callable[[], list[Any]]:
    """The SQL of a first page by the driver alone: rows as tuples, nothing made of them."""
    queries = id_queries(wanted, PAGE)

    def ask() -> list[Any]:
        rids: list[int] = []
        for query in queries:
            if len(rids) < PAGE:
                rids += [row[0] for row in connection.execute(query.sql, query.params)]
        return _lines(connection, rids[:PAGE])

    return ask


def _anywhere(store: BenchStore, connection: cipher.Connection) -> Row:
    rids, chance = store.desk.case_lists.ids(CaseFilter()), random.Random(1)

    def anywhere() -> Sequence[int]:
        start = chance.randrange(max(1, len(rids) - PAGE))
        return rids[start : start + PAGE]

    # Each side reads stretches of its own: a page the other has just read would come from the system's cache.
    samples = beside(lambda: store.desk.case_lists.lines(anywhere()), lambda: _lines(connection, anywhere()), TIMES)
    return Row("one page anywhere in the whole list", MS, *samples, BY_HAND, 3)


def _rows(connection: cipher.Connection, query: Query) -> list[Any]:
    return list(connection.execute(query.sql, query.params).fetchall())


def _lines(connection: cipher.Connection, rids: Sequence[int]) -> list[Any]:
    sql = LINE_SQL.format(marks=",".join("?" * len(rids)))
    return list(connection.execute(sql, tuple(rids)).fetchall())
