"""Saving what can be read of a damaged database: every readable row goes into a new file, and what is lost is counted.

SQLCipher lets nothing more through on a connection that met a broken page. So each break is jumped over with fresh
connections: doubling steps find a row number that reads again, halving ones the first such. Tables have row numbers from 0.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as sqlcipher

from app.base.disk import disk_told_in_words, drop, need_room, part_beside, put_in_place
from app.base.watch import Watch, silent
from app.domain.problems import Unavailable
from db import cipher
from db.trouble import told_in_words

_LAST_ROWID = 2**63 - 1
_BROKEN = object()
_ROWS_PER_STEP = 5000


@dataclass(frozen=True)
class Gap:
    """Row numbers that could not be read: those after `after` and before `before` (None: up to the end)."""

    after: int
    before: int | None


@dataclass(frozen=True)
class SavedTable:
    """What came of one table."""

    name: str
    rows: int
    gaps: tuple[Gap, ...]


@dataclass(frozen=True)
class SalvageReport:
    """tables: what was saved. to_rebuild: search tables made anew but empty. refused: indexes the rows do not allow."""

    tables: tuple[SavedTable, ...]
    to_rebuild: tuple[str, ...]
    refused: tuple[str, ...]

    @property
    def rows(self) -> int:
        """Rows saved altogether."""
        return sum(table.rows for table in self.tables)

    @property
    def whole(self) -> bool:
        """True when no row is known to be lost."""
        return not any(table.gaps for table in self.tables)


def salvage(damaged: Path, to: Path, key: bytes, watch: Watch | None = None) -> SalvageReport:
    """Copy every readable row of every table of `damaged` into the new file `to`. The damaged file is not touched.

    Raises Unavailable: store.exists (for `to`), store.wrong_key (also when the very first page is gone), store.damaged
    (when not even the list of tables can be read), store.disk_full.
    """
    if to.exists():
        raise Unavailable("store.exists", path=to)
    work, part = part_beside(to).with_suffix(".damaged"), part_beside(to)
    made = [work, part, *(file.with_name(file.name + end) for file in (work, part) for end in ("-wal", "-shm"))]
    try:
        with disk_told_in_words():
            to.parent.mkdir(parents=True, exist_ok=True)
            need_room(to.parent, 2 * damaged.stat().st_size)
            for end in ("", "-wal"):
                if (source := damaged.with_name(damaged.name + end)).exists():
                    shutil.copyfile(source, work.with_name(work.name + end))
        report = _Salvage(work, key, watch or silent()).into(part)
        with disk_told_in_words():
            put_in_place(part, to)
        return report
    finally:
        drop(*made)


class _Salvage:
    def __init__(self, damaged: Path, key: bytes, watch: Watch) -> None:
        self._damaged = damaged
        self._key = key
        self._watch = watch
        self._rows = 0

    def into(self, part: Path) -> SalvageReport:
        with told_in_words():
            schema = self._schema()
            target = cipher.connect_scratch(part, self._key)
            try:
                return self._fill(target, schema)
            finally:
                target.close()

    def _fill(self, target: cipher.Connection, schema: list[tuple[str, str, str]]) -> SalvageReport:
        search = tuple(name for kind, name, sql in schema if kind == "table" and sql.startswith("CREATE VIRTUAL"))
        shadows = tuple(f"{name}_" for name in search)
        tables = [
            (name, sql)
            for kind, name, sql in schema
            if kind == "table" and name not in search and not name.startswith((*shadows, "sqlite_"))
        ]
        target.execute("BEGIN")
        for _, sql in tables:
            target.execute(sql)
        saved = tuple(self._copy(target, name) for name, _ in tables)
        refused = []
        for _, name, sql in (item for item in schema if item[1] in search or item[0] in ("index", "trigger", "view")):
            try:
                target.execute(sql)
            except sqlcipher.IntegrityError:
                refused.append(name)
        target.execute("COMMIT")
        return SalvageReport(saved, search, tuple(refused))

    def _schema(self) -> list[tuple[str, str, str]]:
        sql = "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY rowid"
        with self._fresh() as connection:
            return [(str(kind), str(name), str(text)) for kind, name, text in connection.execute(sql)]

    def _copy(self, target: cipher.Connection, table: str) -> SavedTable:
        columns = target.execute(f'PRAGMA table_info("{table}")').fetchall()
        names = [f'"{column[1]}"' for column in columns]
        own = [column for column in columns if column[5]]
        if not (len(own) == 1 and str(own[0][2]).upper() == "INTEGER"):
            names.insert(0, "rowid")
        marks = ", ".join("?" * len(names))
        insert = f'INSERT INTO "{table}"({", ".join(names)}) VALUES ({marks})'
        select = f'SELECT rowid, {", ".join(names)} FROM "{table}" NOT INDEXED WHERE rowid >= ? ORDER BY rowid'
        before, gaps, start = self._rows, [], 0
        while True:
            last = self._copy_run(target, insert, select, start)
            if last is None:
                break
            found = self._next_readable(select, last + 1)
            gaps.append(Gap(last, found))
            if found is None:
                break
            start = found
        return SavedTable(table, self._rows - before, tuple(gaps))

    def _copy_run(self, target: cipher.Connection, insert: str, select: str, start: int) -> int | None:
        """Copy rows from `start` on; the last one before a break, or None at the end of the table."""
        last = start - 1
        try:
            with self._fresh() as source:
                rows = source.execute(select, (start,))
                while batch := _some(rows):
                    target.executemany(insert, [row[1:] for row in batch.rows])
                    self._rows += len(batch.rows)
                    last = batch.rows[-1][0] if batch.rows else last
                    self._watch.step(self._rows)
                    if batch.error is not None:
                        raise batch.error
        except sqlcipher.DatabaseError:
            return last
        return None

    def _next_readable(self, select: str, first: int) -> int | None:
        """The smallest row number from which rows read again; None when none do."""
        low, step = first, 1
        while (found := self._probe(select, low + step)) is _BROKEN:
            low, step = low + step, step * 2
            if low + step > _LAST_ROWID:
                return None
        high = low + step
        while high - low > 1:
            self._watch.check()
            middle = (low + high) // 2
            answer = self._probe(select, middle)
            low, high, found = (middle, high, found) if answer is _BROKEN else (low, middle, answer)
        return found if isinstance(found, int) else None

    def _probe(self, select: str, at: int) -> object:
        """The first row number at or after `at`, None for no row there, _BROKEN when it cannot be read."""
        with suppress(sqlcipher.DatabaseError), self._fresh() as connection:
            row = connection.execute(f"{select} LIMIT 1", (at,)).fetchone()
            return None if row is None else int(row[0])
        return _BROKEN

    @contextmanager
    def _fresh(self) -> Iterator[cipher.Connection]:
        connection = cipher.connect_damaged(self._damaged, self._key)
        try:
            yield connection
        finally:
            connection.close()


@dataclass(frozen=True)
class _Batch:
    rows: list[tuple[Any, ...]]
    error: sqlcipher.DatabaseError | None


def _some(rows: Iterator[tuple[Any, ...]]) -> _Batch | None:
    """The next rows, as many as could be read; None when there are no more."""
    batch: list[tuple[Any, ...]] = []
    try:
        for row in rows:
            batch.append(row)
            if len(batch) == _ROWS_PER_STEP:
                break
    except sqlcipher.DatabaseError as error:
        return _Batch(batch, error)
    return _Batch(batch, None) if batch else None
