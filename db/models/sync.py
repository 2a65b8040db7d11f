"""What this PC knows of the city: the link, how far each scope has come, what waits for an answer or a decision."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Integer, LargeBinary, String, Table, Text

from db.base import METADATA, record_table
from db.types import Json, Uid, UtcTime, Word

DECISIONS = record_table(
    "decisions",
    Column("parent", Uid, nullable=False),
    Column("parent_type", String, nullable=False),
    Column("verdict", Word, nullable=False),
    Column("reason", Text, nullable=False),
    Column("fields", Json, nullable=False),
    Column("given_up", Json, nullable=False),
    Column("actor_id", Uid, nullable=False),
    Column("actor_name", String, nullable=False),
    Index("ix_decisions_parent", "parent"),
)

LINE_TESTS = record_table("line_tests", Column("words", Text, nullable=False))

CITY_LINK = Table(
    # One row while the PC is enrolled. Keys: raw private seeds; the file around them is encrypted.
    "city_link",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("url", String, nullable=False),
    Column("city", String, nullable=False),
    Column("district", String, nullable=False),
    Column("device_id", Uid, nullable=False),
    Column("sign_seed", LargeBinary(32), nullable=False),
    Column("box_seed", LargeBinary(32), nullable=False),
    Column("counter", Integer, nullable=False),
    Column("city_sign_key", LargeBinary(32), nullable=False),
    Column("city_box_key", LargeBinary(32), nullable=False),
    Column("machine", String, nullable=False),
    Column("own_ca", Text, nullable=False),
    Column("proxy", Text, nullable=False),
    Column("enrolled_at", UtcTime, nullable=False),
    Column("clock_offset_ms", Integer, nullable=False),
    Column("paused", Boolean, nullable=False),
)

SCOPES = Table(
    # after: the feed number applied last. phase: "snapshot" while the first sync is unfinished, "tail" until the head was
    # reached once, then "ready". count and hash: over the city's rows held here. equal: what the last comparison said.
    "scopes",
    METADATA,
    Column("scope", String, primary_key=True),
    Column("epoch", String, nullable=False),
    Column("after", Integer, nullable=False),
    Column("head", Integer, nullable=False),
    Column("count", Integer, nullable=False),
    Column("hash", Integer, nullable=False),
    Column("phase", String, nullable=False),
    Column("snapshot_after", Uid),
    Column("snapshot_head", Integer, nullable=False),
    Column("compared_at", UtcTime),
    Column("equal", Boolean),
)

BASES = Table(
    # The city's last row of records that have unsent changes here; without unsent changes the record's own row is it.
    "bases",
    METADATA,
    Column("record_id", Uid, primary_key=True),
    Column("record_type", String, nullable=False),
    Column("version", Integer, nullable=False),
    Column("row", Json, nullable=False),
)

FOREIGN_ROWS = Table(
    # Records of another scope than the district's, and those of types or schemas this program does not know yet.
    "foreign_rows",
    METADATA,
    Column("record_id", Uid, primary_key=True),
    Column("scope", String, nullable=False),
    Column("record_type", String, nullable=False),
    Column("version", Integer, nullable=False),
    Column("row", Json),
    Index("ix_foreign_rows_scope", "scope"),
)

OUTCOMES = Table(
    # The city's last answer to a change that is not settled: conflict, refused, held. Kept when a person has decided.
    "outcomes",
    METADATA,
    Column("change_id", Uid, primary_key=True),
    Column("record_type", String, nullable=False),
    Column("record_id", Uid, nullable=False),
    Column("status", String, nullable=False),
    Column("code", String, nullable=False),
    Column("field", String, nullable=False),
    Column("message", Text, nullable=False),
    Column("answer", Json, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("decided_at", UtcTime),
    Index("ix_outcomes_record", "record_id"),
)

DELIVERIES = Table(
    # One row for each file of ours the city was offered. state: waiting, sending, done, missing (gone from this disk).
    "deliveries",
    METADATA,
    Column("sha256", String, primary_key=True),
    Column("state", String, nullable=False),
    Column("offset", Integer, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("code", String, nullable=False),
    Column("thumbnail_sent", Boolean, nullable=False),
    Column("city_at", UtcTime),
    Index("ix_deliveries_state", "state"),
)

REMOTE_FILES = Table(
    # Files of records that came from the city: the thumbnail first, the original when somebody asks for it.
    "remote_files",
    METADATA,
    Column("sha256", String, primary_key=True),
    Column("size", Integer, nullable=False),
    Column("thumbnail", LargeBinary),
    Column("asked_at", UtcTime),
    Column("state", String, nullable=False),
    # Pictures lie before the state in a row: a look through the table would read them all.
    Index("ix_remote_files_state", "state", "asked_at"),
)

NUMBER_BLOCKS = Table(
    "number_blocks",
    METADATA,
    Column("id", Uid, primary_key=True),
    Column("kind", String, nullable=False),
    Column("year", Integer, nullable=False),
    Column("first", Integer, nullable=False),
    Column("last", Integer, nullable=False),
    Column("next", Integer, nullable=False),
    Column("pattern", String, nullable=False),
    Column("device_id", Uid, nullable=False),
    Column("granted_at", UtcTime, nullable=False),
)

LINE_LOG = Table(
    # Every attempt to speak with the city, successful or not.
    "line_log",
    METADATA,
    Column("seq", Integer, primary_key=True),
    Column("at", UtcTime, nullable=False),
    Column("ok", Boolean, nullable=False),
    Column("code", String, nullable=False),
    Column("pushed", Integer, nullable=False),
    Column("pulled", Integer, nullable=False),
    Column("conflicts", Integer, nullable=False),
    Column("refused", Integer, nullable=False),
    Column("held", Integer, nullable=False),
    Column("files", Integer, nullable=False),
    Column("ms", Integer, nullable=False),
    Column("waiting", Integer, nullable=False),
)
