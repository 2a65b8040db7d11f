"""SQLAlchemy engines over the encrypted file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import Connection, Engine, QueuePool, create_engine, event

from db import cipher


def make_engine(database: Path, key: bytes, *, read_only: bool, size: int) -> Engine:
    """An engine whose connections hold the key; writers begin IMMEDIATE, readers begin a snapshot."""
    engine = create_engine(
        "sqlite://",
        creator=lambda: cipher.connect(database, key, read_only=read_only),
        module=sqlcipher,
        poolclass=QueuePool,
        pool_size=size,
        max_overflow=0 if not read_only else 4,
        pool_reset_on_return="rollback",
    )
    begin = "BEGIN" if read_only else "BEGIN IMMEDIATE"

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # Past SQLAlchemy's own statements: every transaction begins with this one.
        run(connection, begin)

    return engine


def run(connection: Connection, sql: str, values: Sequence[Any] = ()) -> Any:
    """The driver's cursor of a statement in the connection's transaction.

    For the few statements every save and every page repeats: a tenth of the time of `exec_driver_sql`.
    """
    return connection.connection.driver_connection.execute(sql, values)  # type: ignore[union-attr]


def run_many(connection: Connection, sql: str, rows: Iterable[Sequence[Any]]) -> None:
    """One prepared statement for many rows, in the connection's transaction."""
    connection.connection.driver_connection.executemany(sql, rows)  # type: ignore[union-attr]


def raw_connection(connection: Connection) -> Any:
    """The driver's own connection, for the online backup and the look over the file."""
    return connection.connection.driver_connection
