"""Official numbers the city set aside for this PC, and the cases that wait for one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from db.engine import run
from db.types import to_microseconds


@dataclass(frozen=True)
class Block:
    """Numbers first..last of a kind and year; pattern makes the number of {n}."""

    id: UUID
    kind: str
    year: int
    first: int
    last: int
    pattern: str


def left(connection: Connection, device_id: UUID, kind: str, year: int) -> int:
    """How many numbers this PC has still to give."""
    sql = (
        'SELECT coalesce(sum("last" - "next" + 1), 0) FROM number_blocks '
        'WHERE device_id = ? AND kind = ? AND year = ? AND "next" <= "last"'
    )
    return int(run(connection, sql, (device_id.bytes, kind, year)).fetchone()[0])


def take(connection: Connection, kind: str, year: int) -> str:
    """The next official number, never given again; "" when none is left. Blocks of another identity do not count."""
    sql = (
        'UPDATE number_blocks SET "next" = "next" + 1 WHERE id = (SELECT b.id FROM number_blocks b '
        "JOIN city_link l ON l.id = 1 AND l.device_id = b.device_id "
        'WHERE b.kind = ? AND b.year = ? AND b."next" <= b."last" ORDER BY b.granted_at, b."first" LIMIT 1) '
        'RETURNING pattern, "next" - 1'
    )
    row = run(connection, sql, (kind, year)).fetchone()
    return "" if row is None else filled(row[0], int(row[1]))


def filled(pattern: str, number: int) -> str:
    """The number as it is written, by a pattern like `410105-2026-{n:06d}`."""
    return pattern.format(n=number)


def keep(connection: Connection, block: Block, device_id: UUID, at: datetime) -> bool:
    """Take a block in; False when it was here already, however much of it is used."""
    sql = (
        'INSERT INTO number_blocks(id, kind, year, "first", "last", "next", pattern, device_id, granted_at) '
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT(id) DO NOTHING"
    )
    numbers = (block.first, block.last, block.first)
    values = (block.id.bytes, block.kind, block.year, *numbers, block.pattern, device_id.bytes, to_microseconds(at))
    return bool(run(connection, sql, values).rowcount)


def drop_of_others(connection: Connection, device_id: UUID) -> int:
    """Forget blocks of an identity this PC no longer has: whoever has it now may give them."""
    return int(run(connection, "DELETE FROM number_blocks WHERE device_id <> ?", (device_id.bytes,)).rowcount)


def without_number(connection: Connection, limit: int) -> list[UUID]:
    """Open cases reported at this PC that carry no official number, oldest first; imported ones have their source's."""
    # Few cases are open, however long the outbox is: they are looked at first.
    sql = (
        "SELECT c.id FROM cases c CROSS JOIN outbox o INDEXED BY ix_outbox_record ON o.record_id = c.id "
        "WHERE c.stage NOT IN ('closed', 'void') AND c.city_no = '' AND o.record_type = 'case' "
        "AND o.action = 'case.report' AND o.state <> 'decided' AND o.base_version = 0 AND o.follows IS NULL "
        "ORDER BY o.seq LIMIT ?"
    )
    return [UUID(bytes=row[0]) for row in run(connection, sql, (limit,))]
