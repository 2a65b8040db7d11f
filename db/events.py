"""The audit trail: append-only, each entry sealed with the hash of the one before."""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from app.domain.permissions import Actor
from db.engine import run, run_many
from db.types import to_microseconds

_START = bytes(32)
_LENGTH = struct.Struct(">I").pack
_INSERT = (
    "INSERT INTO events(at, actor_id, actor_name, device_id, deed, record_type, record_id, note, fields, result, hash) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)


@dataclass(frozen=True)
class Event:
    """One deed on one thing. `fields`: JSON of changed fields with old and new values, empty for a new record."""

    deed: str
    record_type: str
    record_id: UUID | None
    note: str = ""
    fields: str = ""
    result: str = "ok"


class Trail:
    """Appends events inside one transaction; reads the last seal once."""

    def __init__(self, connection: Connection, actor: Actor, at: datetime) -> None:
        self._connection = connection
        self._head = (to_microseconds(at), actor.person_id.bytes, actor.name, actor.device_id.bytes)
        self._sealed_head = _packed(self._head)
        last = run(connection, "SELECT hash FROM events ORDER BY seq DESC LIMIT 1").fetchone()
        self._seal: bytes = last[0] if last else _START

    def append(self, events: Iterable[Event]) -> None:
        """Write events in order."""
        rows = [self._row(event) for event in events]
        run_many(self._connection, _INSERT, rows)

    def _row(self, event: Event) -> tuple[object, ...]:
        values = (
            event.deed,
            event.record_type,
            event.record_id.bytes if event.record_id else None,
            event.note,
            event.fields,
            event.result,
        )
        self._seal = hashlib.sha256(self._seal + self._sealed_head + _packed(values)).digest()
        return (*self._head, *values, self._seal)


def seal(before: bytes, values: Iterable[object]) -> bytes:
    """sha-256 over the previous seal and every value, each with its length in front."""
    return hashlib.sha256(before + _packed(values)).digest()


def _packed(values: Iterable[object]) -> bytes:
    raws = [v if isinstance(v, bytes) else b"\0" if v is None else str(v).encode() for v in values]
    return b"".join([part for raw in raws for part in (_LENGTH(len(raw)), raw)])


def broken_at(connection: Connection) -> int | None:
    """The first entry whose seal does not follow from the one before; None when the trail is whole."""
    before = _START
    rows = connection.exec_driver_sql(
        "SELECT seq, at, actor_id, actor_name, device_id, deed, record_type, record_id, note, fields, result, hash "
        "FROM events ORDER BY seq"
    )
    expected = 1
    for row in rows:
        if row[0] != expected or seal(before, tuple(row[1:11])) != row[11]:
            return int(row[0])
        before = row[11]
        expected += 1
    return None
