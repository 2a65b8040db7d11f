"""What belongs to this PC alone: drafts, preferences, files, thumbnails, counters. Never sent, never audited."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, LargeBinary, String, Table, Text

from db.base import METADATA
from db.types import Json, Uid, UtcTime

DEVICE = Table(
    "device",
    METADATA,
    Column("id", Uid, primary_key=True),
    Column("made_at", UtcTime, nullable=False),
)

DRAFTS = Table(
    "drafts",
    METADATA,
    Column("id", Uid, primary_key=True),
    Column("person_id", Uid, nullable=False),
    Column("form", String, nullable=False),
    Column("body", Json, nullable=False),
    Column("changed_at", UtcTime, nullable=False),
    Index("ix_drafts_person", "person_id", "form", "changed_at"),
)

PREFERENCES = Table(
    "preferences",
    METADATA,
    Column("person_id", Uid, primary_key=True),
    Column("name", String, primary_key=True),
    Column("value", Json, nullable=False),
)

USAGE = Table(
    "usage",
    METADATA,
    Column("field", String, primary_key=True),
    Column("value", String, primary_key=True),
    Column("count", Integer, nullable=False),
    Column("last_at", UtcTime, nullable=False),
)

NUMBERS = Table(
    "numbers",
    METADATA,
    Column("series", String, primary_key=True),
    Column("last", Integer, nullable=False),
)

FILES = Table(
    "files",
    METADATA,
    Column("sha256", String, primary_key=True),
    Column("size", Integer, nullable=False),
    Column("stored_name", String, nullable=False, unique=True),
    Column("media_type", String, nullable=False),
    Column("thumbnail", LargeBinary),
    Column("added_at", UtcTime, nullable=False),
)

LAYOUTS = Table(
    "import_layouts",
    METADATA,
    Column("signature", String, primary_key=True),
    Column("mapping", Json, nullable=False),
    Column("used_at", UtcTime, nullable=False),
)

NOTES = Table(
    "notes",
    METADATA,
    Column("name", String, primary_key=True),
    Column("value", Text, nullable=False),
)
