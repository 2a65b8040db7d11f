"""The city's database: one door for reading, one for writing, the same on PostgreSQL and SQLite."""

from __future__ import annotations

import select
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

import psycopg
from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import DBAPIError, IntegrityError, InvalidatePoolError, OperationalError
from sqlalchemy.pool import ConnectionPoolEntry

T = TypeVar("T")
TURNS = 6
WAL_TURNS = 20
ASKED_AFTER_S = 30
"""Seconds a connection may lie unused before the server is asked whether it still knows it."""
_LAST_USED = "griddesk_last_used"
_AFTER_COMMIT = "griddesk_after_commit"
_RETRIED_STATES = frozenset({"40001", "40P01", "55P03", "23505"})
_POSTGRES_OPTIONS = "-c lock_timeout=5000 -c idle_in_transaction_session_timeout=15000 -c timezone=UTC -c plan_cache_mode=force_generic_plan"


class Database:
    """`read` sees one snapshot; `write` commits on leaving; `retrying` does a write again when another stood in its way."""

    def __init__(self, url: str, *, pool_size: int = 8) -> None:
        self.url = make_url(url)
        self.is_postgres = self.url.get_backend_name() == "postgresql"
        self.engine = _postgres(url, pool_size) if self.is_postgres else _sqlite(url)
        self._snapshots = self.engine.execution_options(
            **({"isolation_level": "REPEATABLE READ"} if self.is_postgres else {"griddesk_read_only": True})
        )

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One snapshot of everything."""
        with self._snapshots.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction; any exception rolls it back."""
        with self.engine.connect() as connection:
            # A pooled connection keeps its `info`: what a rolled back transaction left there must not run.
            connection.info.pop(_AFTER_COMMIT, None)
            with connection.begin():
                yield connection
            for job in connection.info.pop(_AFTER_COMMIT, ()):
                job()

    def retrying(self, job: Callable[[Connection], T]) -> T:
        """What `job` gives, in one transaction, done again after a deadlock, a lock time-out or a row made meanwhile."""
        for turn in range(1, TURNS + 1):
            try:
                with self.write() as connection:
                    return job(connection)
            except (OperationalError, IntegrityError, DBAPIError) as error:
                if turn == TURNS or not _passes(error):
                    raise
        raise AssertionError("unreachable")

    def close(self) -> None:
        """Let go of every connection."""
        self.engine.dispose()


def after_commit(connection: Connection, job: Callable[[], None]) -> None:
    """Do `job` once the `write` around this connection has committed; never when it was rolled back."""
    connection.info.setdefault(_AFTER_COMMIT, []).append(job)


def _passes(error: DBAPIError) -> bool:
    """Whether the same work may well succeed when it is done again."""
    state = getattr(error.orig, "sqlstate", None)
    if state is not None:
        return state in _RETRIED_STATES
    return isinstance(error, IntegrityError) or "locked" in str(error).lower()


def _postgres(url: str, pool_size: int) -> Engine:
    engine = create_engine(
        url,
        pool_size=pool_size,
        max_overflow=pool_size,
        # The driver's own preparing would forget, after a rollback, what `server.statements` prepared.
        connect_args={"options": _POSTGRES_OPTIONS, "connect_timeout": 10, "prepare_threshold": None},
        hide_parameters=True,
    )

    @event.listens_for(engine, "checkin")
    def _put_back(_connection: object, record: ConnectionPoolEntry) -> None:
        record.info[_LAST_USED] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def _look(connection: psycopg.Connection[object], record: ConnectionPoolEntry, _proxy: object) -> None:
        idle = time.monotonic() - record.info.get(_LAST_USED, time.monotonic())
        if not _is_alive(connection, ask=idle > ASKED_AFTER_S):
            # The others are as old as this one: a server that was restarted let go of all of them.
            raise InvalidatePoolError("the server let go of the connection")

    return engine


def _is_alive(connection: psycopg.Connection[object], *, ask: bool) -> bool:
    """Whether a connection can still be used: nobody has hung up, or, when asked, the server answers.

    A line that is idle and has something to read was ended by the server; looking costs no round trip.
    """
    try:
        if not ask and _is_quiet(connection.fileno()):
            return True
        connection.execute("SELECT 1")
        connection.rollback()
    except psycopg.Error:
        return False
    return True


def _is_quiet(line: int) -> bool:
    try:
        return not select.select([line], [], [], 0)[0]
    except ValueError:
        # More than a thousand lines are open, and this one's number is beyond what can be looked at so.
        return False


def _sqlite(url: str) -> Engine:
    engine = create_engine(url, connect_args={"timeout": 30, "check_same_thread": False}, hide_parameters=True)

    @event.listens_for(engine, "connect")
    def _prepare(connection: object, _record: object) -> None:
        # SQLAlchemy begins transactions (below), not the driver.
        connection.isolation_level = None  # type: ignore[attr-defined]
        cursor = connection.cursor()  # type: ignore[attr-defined]
        for pragma in ("busy_timeout=30000", "synchronous=FULL", "foreign_keys=ON"):
            cursor.execute(f"PRAGMA {pragma}")
        _write_ahead(cursor)
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        read_only = connection.get_execution_options().get("griddesk_read_only", False)
        connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")

    return engine


def _write_ahead(cursor: sqlite3.Cursor) -> None:
    """Turn a new file to WAL; when another connection is just doing so SQLite says "locked" at once instead of waiting."""
    for turn in range(1, WAL_TURNS + 1):
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError:
            if turn == WAL_TURNS:
                raise
            time.sleep(0.02 * turn)
