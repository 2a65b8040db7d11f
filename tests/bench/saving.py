"""Saving one case, beside one bare commit of the same values in the same encrypted file."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from uuid import uuid4

from app.base.clock import FixedClock
from app.base.paths import StorePaths
from app.desk import Desk, open_desk
from app.domain.case_views import CaseFilter
from app.domain.cases import Case, CaseDraft
from db import cipher
from db.engine import raw_connection
from db.tx import CODECS
from tests.bench.bench_store import FOLDER, NOW, BenchStore
from tests.bench.measuring import MS, Line, Row, beside

TIMES = 200
_AIM = 4


def measure(store: BenchStore) -> Iterator[Line]:
    """Row, outbox, audit and search of one case; and the whole report as the form saves it. On a copy of the store."""
    folder = FOLDER / "scratch"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    paths = StorePaths.of(folder)
    shutil.copyfile(store.paths.database, paths.database)
    with paths.database.open("rb+") as copy:
        os.fsync(copy.fileno())  # or the first save would wait for two gigabytes to reach the disk
    desk = open_desk(store.key, paths, FixedClock(NOW))
    # Both sides write through one connection: a second one would empty the first one's cache with every commit.
    with desk.store.local() as writer:
        connection = raw_connection(writer)
    try:
        case = desk.cases.get(desk.case_lists.first_page(CaseFilter(), 1)[0].id)
        save, report = _save(desk, store, case), _report(desk, store, case)
        bare, same = _bare_commit(connection, case), _same_row(connection, case)
        ours, base = beside(save, bare, TIMES)
        yield Row("saving one case: row, outbox, audit, search", MS, ours, base, "one bare commit, no index", _AIM)
        ours, base = beside(save, same, TIMES)
        yield Row(
            "saving one case: row, outbox, audit, search", MS, ours, base, "the row alone, its indexes kept", _AIM
        )
        ours, base = beside(report, bare, TIMES)
        yield Row("the report of a form: case, two steps, number", MS, ours, base, "one bare commit, no index")
    finally:
        desk.close()
        shutil.rmtree(folder)


def _save(desk: Desk, store: BenchStore, case: Case) -> Callable[[], None]:
    def save() -> None:
        new = case.model_copy(update={"id": desk.store.ids.new(), "local_no": uuid4().hex})
        with desk.store.write(store.actor, "case.report") as tx:
            tx.add(new)

    return save


def _report(desk: Desk, store: BenchStore, case: Case) -> Callable[[], object]:
    names = CaseDraft.model_fields.keys() & Case.model_fields.keys()
    draft = CaseDraft(**{name: getattr(case, name) for name in names} | {"reported_at": NOW})
    return lambda: desk.cases.report(draft, actor=store.actor)


def _bare_commit(connection: cipher.Connection, case: Case) -> Callable[[], None]:
    codec = CODECS["case"]
    columns = ", ".join(f'"{name}"' for name in codec.names)
    connection.execute(f"CREATE TABLE bare (rid INTEGER PRIMARY KEY, {columns})")
    return _commit(connection, codec.insert_sql.replace('"cases"', "bare", 1), case)


def _same_row(connection: cipher.Connection, case: Case) -> Callable[[], None]:
    return _commit(connection, CODECS["case"].insert_sql, case)


def _commit(connection: cipher.Connection, sql: str, case: Case) -> Callable[[], None]:
    codec = CODECS["case"]
    row = codec.encode(case)
    own, number = codec.names.index("id"), codec.names.index("local_no")

    def commit() -> None:
        row[own], row[number] = uuid4().bytes, uuid4().hex
        connection.execute("BEGIN IMMEDIATE")
        connection.execute(sql, row)
        connection.execute("COMMIT")

    return commit
