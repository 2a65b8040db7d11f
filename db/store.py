"""The encrypted local file and its three doors: read, write, local."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import Connection, Engine

from app.base.changes import ChangeSet
from app.base.clock import Clock
from app.base.disk import disk_told_in_words
from app.base.ids import IdSource
from app.base.paths import StorePaths
from app.domain.catalog import TYPE_NAMED
from app.domain.office import SYSTEM_PERSON_ID, SYSTEM_PERSON_NAME
from app.domain.permissions import Actor
from app.domain.problems import Unavailable
from db import cipher, migrate
from db.engine import make_engine, raw_connection
from db.fts import SearchIndex
from db.trouble import told_in_words
from db.tx import Reader, Tx

if TYPE_CHECKING:
    from db.city_tx import CityTx

Listener = Callable[[ChangeSet], None]
LOG_PAGES, LONG_LOG_PAGES = 1000, 8000
"""So many pages in the write-ahead log let the next commit move them to their places."""


@dataclass
class Store:
    """One office's file. Made by `create` or `open`; one writer at a time, readers beside it."""

    paths: StorePaths
    clock: Clock
    ids: IdSource
    search: SearchIndex
    _writer: Engine
    _readers: Engine
    _lock: threading.RLock = field(default_factory=threading.RLock)
    _listeners: list[Listener] = field(default_factory=list)
    _device_id: UUID | None = None
    _file: tuple[int, int] | None = None
    _closed: bool = False
    admit: Callable[[Actor], None] | None = None
    """Asked before a write that changed records is committed; raises Refused for somebody who may no longer work here."""

    @classmethod
    def create(cls, paths: StorePaths, key: bytes, *, clock: Clock, ids: IdSource, search: SearchIndex) -> Store:
        """A new, empty file at the newest schema, with an identity for this PC.

        Raises Unavailable when the place cannot be written.
        """
        with disk_told_in_words():
            paths.database.parent.mkdir(parents=True, exist_ok=True)
        with told_in_words():
            store = cls._connect(paths, key, clock, ids, search)
            try:
                migrate.build(store._writer)
                with store.local() as connection:
                    sql = "INSERT INTO device(id, made_at) VALUES (?, ?)"
                    connection.exec_driver_sql(sql, (ids.new().bytes, int(clock.now().timestamp() * 1_000_000)))
            except BaseException:
                store.close()
                raise
        return store

    @classmethod
    def open(cls, paths: StorePaths, key: bytes, *, clock: Clock, ids: IdSource, search: SearchIndex) -> Store:
        """The file at `paths`, looked over and brought up to date (a copy is kept first).

        Raises Unavailable: missing, wrong key, damaged, made by a newer program.
        """
        with told_in_words():
            store = cls._connect(paths, key, clock, ids, search)
            try:
                store._look_over()
                migrate.bring_up_to_date(store._writer, paths, key, clock)
                store._go_on_from_the_last_id()
                store.refuse_when_gone()
            except BaseException:
                store.close()
                raise
        return store

    @classmethod
    def _connect(cls, paths: StorePaths, key: bytes, clock: Clock, ids: IdSource, search: SearchIndex) -> Store:
        writer = make_engine(paths.database, key, read_only=False, size=1)
        readers = make_engine(paths.database, key, read_only=True, size=4)
        return cls(paths, clock, ids, search, writer, readers)

    def _look_over(self) -> None:
        with self._readers.connect() as connection:
            if not cipher.is_whole(raw_connection(connection)):
                raise Unavailable("store.damaged")

    def _go_on_from_the_last_id(self) -> None:
        # So that identities rise though somebody set the PC's clock back since.
        with self.read() as reader:
            sql = "SELECT change_id FROM outbox ORDER BY seq DESC LIMIT 1"
            last = reader.connection.exec_driver_sql(sql).scalar()
        if last is not None:
            self.ids.go_on_from(UUID(bytes=last))

    @property
    def device_id(self) -> UUID:
        """The identity this PC's store was given when it was made."""
        if self._device_id is None:
            with self.read() as reader:
                raw = reader.connection.exec_driver_sql("SELECT id FROM device").scalar_one()
            self._device_id = UUID(bytes=raw)
        return self._device_id

    def close(self) -> None:
        """Let go of the file for good: whoever still asks hears Unavailable("store.closed")."""
        self._closed = True
        self._readers.dispose()
        self._writer.dispose()

    @contextmanager
    def read(self) -> Iterator[Reader]:
        """One snapshot of the file."""
        self._refuse_when_closed()
        with told_in_words(), self._readers.connect() as connection, connection.begin():
            yield Reader(connection)

    @contextmanager
    def write(self, actor: Actor, deed: str, note: str = "") -> Iterator[Tx]:
        """One use case: commits on leaving normally, rolls everything back on any exception.

        Listeners hear what changed after the commit, in this thread.
        """
        with self._lock:
            self.refuse_when_gone()
            with told_in_words(), self._writer.begin() as connection:
                tx = Tx(connection, actor, deed, note, now=self.clock.now(), ids=self.ids, search=self.search)
                yield tx
                changes = tx.changes()
                if self.admit is not None and (changes.touched or changes.bulk):
                    self.admit(actor)
            self._tell(changes)

    @contextmanager
    def from_city(self, deed: str = "city.apply") -> Iterator[CityTx]:
        """Write what the city sent or answered: nothing is queued, one audit event. Listeners hear of it as of a write."""
        from db.city_tx import CityTx

        actor = Actor(SYSTEM_PERSON_ID, SYSTEM_PERSON_NAME, frozenset(), self.device_id)
        with self._lock:
            self.refuse_when_gone()
            with told_in_words(), self._writer.begin() as connection:
                tx = CityTx(connection, actor, deed, now=self.clock.now(), search=self.search)
                yield tx
                tx.finish()
                changes = tx.changes()
            self._tell(changes)

    @contextmanager
    def local(self) -> Iterator[Connection]:
        """Write what belongs to this PC alone: drafts, preferences, files. No outbox, no audit."""
        with self._lock:
            self.refuse_when_gone()
            with told_in_words(), self._writer.begin() as connection:
                yield connection

    @contextmanager
    def long_log(self) -> Iterator[None]:
        """For many writes in a row: the log grows to some 32 MB, so that a page they all touch is moved to its place once.

        Each commit is as safe as ever.
        """
        self._move_log_every(LONG_LOG_PAGES)
        try:
            yield
        finally:
            if not self._closed:
                self._move_log_every(LOG_PAGES)

    def _refuse_when_closed(self) -> None:
        # The engine would open the file anew, for a thread that was left waiting for the city.
        if self._closed:
            raise Unavailable("store.closed")

    def _move_log_every(self, pages: int) -> None:
        with self._lock, told_in_words(), self._writer.connect() as connection:
            raw_connection(connection).execute(f"PRAGMA wal_autocheckpoint = {pages}")

    def refuse_when_gone(self) -> None:
        """Raise Unavailable("store.gone") when the file was moved away, deleted or exchanged since it was opened.

        SQLite would go on writing to the file it has open; what is saved there is lost.
        """
        self._refuse_when_closed()
        try:
            found = self.paths.database.stat()
        except OSError as error:
            raise Unavailable("store.gone", path=self.paths.database) from error
        here = (found.st_dev, found.st_ino)
        if self._file is None:
            self._file = here
        if self._file != here:
            raise Unavailable("store.gone", path=self.paths.database)

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Call `listener` after each commit; gives the function that ends it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def foreign_stamp(self) -> int:
        """A number that changes when another process wrote to the file."""
        with self._lock, told_in_words(), self._writer.connect() as connection:
            return int(connection.exec_driver_sql("PRAGMA data_version").scalar_one())

    def tell(self, changes: ChangeSet) -> None:
        """Tell listeners of what no commit of records says: files that came or arrived."""
        self._tell(changes)

    def tell_all_changed(self) -> None:
        """Tell listeners that anything may have changed (another process wrote)."""
        self._tell(ChangeSet(bulk=frozenset(TYPE_NAMED)))

    def _tell(self, changes: ChangeSet) -> None:
        if changes.touched or changes.bulk:
            for listener in tuple(self._listeners):
                listener(changes)
