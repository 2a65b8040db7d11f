"""What waits for the city: one change of one record, with old and new values."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from app.domain.records import Record, RecordType
from db.engine import run, run_many

OPEN_STATES = ("waiting", "conflict", "refused", "held")
"""States of a change the city has not settled and nobody has decided."""
OPEN = str(OPEN_STATES)
"""The same as SQL says it."""
_INSERT = (
    'INSERT INTO outbox(change_id, group_id, record_type, record_id, action, "schema", base_version, follows, '
    "fields, made_at, actor_id, actor_name, device_id, state) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'waiting')"
)
_COMMON = frozenset({"id", "version", "created_at", "changed_at"})


@dataclass(frozen=True)
class ChangeHead:
    """What all changes of one transaction share, as stored values."""

    group_id: bytes
    action: str
    made_at: int
    actor_id: bytes
    actor_name: str
    device_id: bytes


def changed_fields(old: Record, new: Record) -> dict[str, list[Any]]:
    """Field name -> [old, new] for every field that differs, bookkeeping left out; `db.types.as_json` writes it down."""
    before, after = old.__dict__, new.__dict__
    names = (name for name in sorted(after) if name not in _COMMON and before[name] != after[name])
    return {name: [before[name], after[name]] for name in names}


def first_fields(record: Record) -> dict[str, list[Any]]:
    """Field name -> [None, value] of a new record; fields that hold their default are left to the schema."""
    values = record.__dict__
    return {name: [None, values[name]] for name, default in _defaults(type(record)) if values[name] != default}


@lru_cache
def _defaults(record: type[Record]) -> list[tuple[str, Any]]:
    """Every field but bookkeeping with its default; a required field with a value nothing equals."""
    fields = {name: info for name, info in record.model_fields.items() if name not in _COMMON}
    return [
        (name, object() if info.is_required() else info.get_default(call_default_factory=True))
        for name, info in fields.items()
    ]


def change_row(
    kind: RecordType, record: Record, fields: str, change_id: UUID, follows: bytes | None, head: ChangeHead
) -> tuple[object, ...]:
    """The stored values of one change."""
    return (
        change_id.bytes,
        head.group_id,
        kind.name,
        record.id.bytes,
        head.action,
        kind.schema,
        record.version,
        follows,
        fields,
        head.made_at,
        head.actor_id,
        head.actor_name,
        head.device_id,
    )


def last_waiting(connection: Connection, record_id: UUID) -> bytes | None:
    """The newest change of that record which is neither settled nor decided: what a further change follows."""
    sql = "SELECT change_id FROM outbox WHERE record_id = ? AND state NOT IN ('settled', 'decided') ORDER BY seq DESC LIMIT 1"
    row = run(connection, sql, (record_id.bytes,)).fetchone()
    return None if row is None else row[0]


def open_count(connection: Connection) -> int:
    """Changes the city has not settled and nobody has decided."""
    return int(run(connection, f"SELECT count(*) FROM outbox WHERE state IN {OPEN}").fetchone()[0])


def put(connection: Connection, rows: list[tuple[object, ...]]) -> None:
    """Queue changes in the order given."""
    run_many(connection, _INSERT, rows)
