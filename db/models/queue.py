"""What waits for the city, and the audit trail."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, LargeBinary, String, Table, Text

from db.base import METADATA
from db.types import Json, Uid, UtcTime

OUTBOX = Table(
    "outbox",
    METADATA,
    Column("seq", Integer, primary_key=True),
    Column("change_id", Uid, nullable=False, unique=True),
    Column("group_id", Uid, nullable=False),
    Column("record_type", String, nullable=False),
    Column("record_id", Uid, nullable=False),
    Column("action", String, nullable=False),
    Column("schema", Integer, nullable=False),
    Column("base_version", Integer, nullable=False),
    Column("follows", Uid),
    Column("fields", Json, nullable=False),
    Column("made_at", UtcTime, nullable=False),
    Column("actor_id", Uid, nullable=False),
    Column("actor_name", String, nullable=False),
    Column("device_id", Uid, nullable=False),
    Column("state", String, nullable=False),
    Index("ix_outbox_record", "record_id", "seq"),
    Index("ix_outbox_state", "state", "seq"),
)

EVENTS = Table(
    "events",
    METADATA,
    Column("seq", Integer, primary_key=True),
    Column("at", UtcTime, nullable=False),
    Column("actor_id", Uid, nullable=False),
    Column("actor_name", String, nullable=False),
    Column("device_id", Uid, nullable=False),
    Column("deed", String, nullable=False),
    Column("record_type", String, nullable=False),
    Column("record_id", Uid),
    Column("note", Text, nullable=False),
    Column("fields", Text, nullable=False),
    Column("result", String, nullable=False),
    Column("hash", LargeBinary(32), nullable=False),
    Index("ix_events_record", "record_id", "seq"),
)
