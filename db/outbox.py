"""What waits for the city: one change of one record, with old and new values."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from app.domain.records import Record, RecordType

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
    """Field name -> [old, new] in JSON values, for every field that differs, bookkeeping left out."""
    before, after = old.__dict__, new.__dict__
    names = {name for name in after if name not in _COMMON and before[name] != after[name]}
    if not names:
        return {}
    was, now = old.model_dump(mode="json", include=names), new.model_dump(mode="json", include=names)
    return {name: [was[name], now[name]] for name in sorted(names)}


def first_fields(record: Record) -> dict[str, list[Any]]:
    """Field name -> [None, value] of a new record; fields that hold their default are left to the schema."""
    values = record.model_dump(mode="json", exclude_defaults=True, exclude=set(_COMMON))
    return {name: [None, value] for name, value in values.items()}


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
    """The newest change of that record which the city has not settled: what a further change follows."""
    row = connection.exec_driver_sql(
        "SELECT change_id FROM outbox WHERE record_id = ? AND state <> 'settled' ORDER BY seq DESC LIMIT 1",
        (record_id.bytes,),
    ).first()
    return None if row is None else row[0]


def put(connection: Connection, rows: list[tuple[object, ...]]) -> None:
    """Queue changes in the order given."""
    if rows:
        connection.exec_driver_sql(_INSERT, rows if len(rows) > 1 else rows[0])


def as_json(fields: dict[str, list[Any]]) -> str:
    """Changed fields as the text both outbox and audit keep."""
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":"))
