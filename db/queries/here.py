"""Which of many identities are records here."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import Connection

from db.engine import run
from db.tx import CODECS

CHUNK = 500


def here(connection: Connection, record_type: str, ids: Iterable[UUID]) -> set[UUID]:
    """Those of the identities that are records of a type."""
    table, wanted = CODECS[record_type].table.name, [one.bytes for one in ids]
    found: set[UUID] = set()
    for start in range(0, len(wanted), CHUNK):
        page = tuple(wanted[start : start + CHUNK])
        sql = f'SELECT id FROM "{table}" WHERE id IN ({",".join("?" * len(page))})'
        found |= {UUID(bytes=row[0]) for row in run(connection, sql, page)}
    return found
