"""How often this office picked each value of a field."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection

from db.engine import run_many
from db.types import to_microseconds

_COUNT = (
    "INSERT INTO usage(field, value, count, last_at) VALUES (?, ?, 1, ?) "
    "ON CONFLICT(field, value) DO UPDATE SET count = count + 1, last_at = excluded.last_at"
)


def count_picks(connection: Connection, now: datetime, picked: Mapping[str, str]) -> None:
    """Count choices by field; empty ones are no choice."""
    rows = [(field, value, to_microseconds(now)) for field, value in picked.items() if value]
    run_many(connection, _COUNT, rows)


def most_used(connection: Connection, field: str, limit: int = 50) -> list[str]:
    """Values of a field, most often chosen first."""
    sql = "SELECT value FROM usage WHERE field = ? ORDER BY count DESC, last_at DESC LIMIT ?"
    return [row[0] for row in connection.exec_driver_sql(sql, (field, limit))]
