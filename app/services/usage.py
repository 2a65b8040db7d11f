"""What this office picks most often, so that pickers offer it first."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from app.domain.cases import Case
from db.types import to_microseconds

_COUNT = (
    "INSERT INTO usage(field, value, count, last_at) VALUES (?, ?, 1, ?) "
    "ON CONFLICT(field, value) DO UPDATE SET count = count + 1, last_at = excluded.last_at"
)


def count_use(connection: Connection, now: datetime, case: Case) -> None:
    """Count what was chosen in a new case."""
    picked = {
        "category": f"{case.kind}-{case.major}-{case.minor}" if case.minor else "",
        "street_code": case.street_code,
        "community_code": case.community_code,
        "road": case.road,
        "source": case.source,
        "collector_name": case.collector_name,
    }
    count_picks(connection, now, picked)


def count_picks(connection: Connection, now: datetime, picked: dict[str, str]) -> None:
    """Count choices by field."""
    rows = [(field, value, to_microseconds(now)) for field, value in picked.items() if value]
    if rows:
        connection.exec_driver_sql(_COUNT, rows)


def most_used(connection: Connection, field: str, limit: int = 50) -> list[str]:
    """Values of a field, most often chosen first."""
    sql = "SELECT value FROM usage WHERE field = ? ORDER BY count DESC, last_at DESC LIMIT ?"
    return [row[0] for row in connection.exec_driver_sql(sql, (field, limit))]
