"""What a sealed file takes from the store, and how it finds the changes its answers are about."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Connection

from db.engine import run
from db.queries.queued import COLUMNS, Queued, queued_of

_AT_ONCE = 500


def open_changes(connection: Connection, change_ids: Sequence[UUID]) -> dict[UUID, Queued]:
    """Those of these changes that still wait for an answer: neither settled nor shown to a person by now."""
    found: dict[UUID, Queued] = {}
    for start in range(0, len(change_ids), _AT_ONCE):
        some = [change_id.bytes for change_id in change_ids[start : start + _AT_ONCE]]
        marks = ", ".join("?" * len(some))
        sql = f"SELECT {COLUMNS} FROM outbox WHERE change_id IN ({marks}) AND state IN ('waiting', 'held')"
        found.update((UUID(bytes=one.change_id), one) for one in queued_of(run(connection, sql, some)))
    return found


def next_file_no(connection: Connection) -> int:
    """The number of the next sealed file of this PC, from 1 up."""
    sql = (
        "INSERT INTO numbers(series, last) VALUES ('sealed', 1) "
        "ON CONFLICT(series) DO UPDATE SET last = last + 1 RETURNING last"
    )
    return int(run(connection, sql).fetchone()[0])
