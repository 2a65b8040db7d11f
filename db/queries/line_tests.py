"""The made-up record of a line test: what waits of it, and taking away every trace but the audit trail."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Connection

from db.engine import run
from db.queries.queued import COLUMNS, Queued, queued_of

_TABLES = {
    "outbox": "record_id",
    "outcomes": "record_id",
    "bases": "record_id",
    "foreign_rows": "record_id",
    "line_tests": "id",
}


def waiting_of(connection: Connection, record_id: UUID) -> list[Queued]:
    """The changes of a record that wait for the city, in order."""
    sql = f"SELECT {COLUMNS} FROM outbox WHERE record_id = ? AND state = 'waiting' ORDER BY seq"
    return list(queued_of(run(connection, sql, (record_id.bytes,))))


def is_stuck(connection: Connection, record_id: UUID) -> bool:
    """Whether the city did not take a change of the record."""
    sql = "SELECT EXISTS (SELECT 1 FROM outbox WHERE record_id = ? AND state IN ('conflict', 'refused', 'held'))"
    return bool(run(connection, sql, (record_id.bytes,)).fetchone()[0])


def forget(connection: Connection, record_id: UUID) -> None:
    """Take the record and its changes away; only for a record nobody else will ever ask about."""
    for table, column in _TABLES.items():
        run(connection, f"DELETE FROM {table} WHERE {column} = ?", (record_id.bytes,))
