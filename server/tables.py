"""Every table of the city, for PostgreSQL and SQLite alike.

Identities are UUIDs, instants aware UTC, JSON is text exactly as it was judged, so that it can be handed on unread.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    Uuid,
)
from sqlalchemy.engine import Dialect


class Instant(TypeDecorator[datetime]):
    """An aware UTC instant; SQLite, which knows no zones, keeps it without one."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        at: datetime = value
        return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)
# SQLite numbers rows by itself only in a column of exactly this type.
RowNo = BigInteger().with_variant(Integer, "sqlite")

CITY = Table(
    # One row: name, and the seeds of the city's own keys (Ed25519 for receipts, X25519 for sealed files).
    "city",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("name", String(80), nullable=False),
    Column("sign_seed", LargeBinary, nullable=False),
    Column("box_seed", LargeBinary, nullable=False),
    Column("made_at", Instant, nullable=False),
)

DISTRICT = Table(
    "district",
    METADATA,
    Column("code", String(6), primary_key=True),
    Column("name", String(40), nullable=False),
    Column("added_at", Instant, nullable=False),
)

SCOPE_HEAD = Table(
    # The counter row of a scope: locked last, in ascending order of scopes, by the transaction that commits.
    # floor: entries up to it may be gone. hash: app.wire.proof over live records.
    "scope_head",
    METADATA,
    Column("scope", String(60), primary_key=True),
    Column("head", BigInteger, nullable=False),
    Column("epoch", String(36), nullable=False),
    Column("live_count", BigInteger, nullable=False),
    Column("live_hash", BigInteger, nullable=False),
    Column("floor", BigInteger, nullable=False),
)

RECORD = Table(
    # Live and deleted records as they stand. body: JSON of all fields but id and version that differ from their default.
    "record",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("scope", String(60), nullable=False),
    Column("type", String(40), nullable=False),
    Column("version", Integer, nullable=False),
    Column("schema_no", Integer, nullable=False),
    Column("parent", Uuid),
    Column("deleted", Boolean, nullable=False),
    Column("stage", String(40)),
    Column("number", String(40)),
    Column("sha256", String(64)),
    Column("created_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("body", Text, nullable=False),
    Index("ix_record_scope", "scope", "id"),
    Index("ix_record_parent", "parent"),
    Index("ix_record_number", "number"),
    Index("ix_record_sha256", "sha256", "scope"),
)

FEED = Table(
    # One entry for each version of a record: its place in the scope's order, the whole row as it was then, and what
    # changed by whom. Version history and feed are one table: every version has exactly one entry in its scope.
    # tx: the first seq of the transaction in this scope; a page ends where it changes. fields None: the first version.
    "feed",
    METADATA,
    Column("scope", String(60), primary_key=True),
    Column("seq", BigInteger, primary_key=True),
    Column("tx", BigInteger, nullable=False),
    Column("record_id", Uuid, nullable=False),
    Column("type", String(40), nullable=False),
    Column("version", Integer, nullable=False),
    Column("op", String(6), nullable=False),
    Column("row", Text),
    Column("fields", Text),
    Column("change_id", Uuid),
    Column("device_id", Uuid),
    Column("actor_id", Uuid),
    Column("actor_name", String(60), nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("received_at", Instant, nullable=False),
    Index("ix_feed_record", "record_id", "version"),
)

OUTCOME = Table(
    # Final answers by change: asked again with the same bytes, the same answer comes back.
    "outcome",
    METADATA,
    Column("change_id", Uuid, primary_key=True),
    Column("device_id", Uuid, nullable=False),
    Column("record_id", Uuid, nullable=False),
    Column("change_hash", LargeBinary, nullable=False),
    Column("status", String(10), nullable=False),
    Column("scope", String(60), nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("version", Integer, nullable=False),
    Column("at", Instant, nullable=False),
    Column("answer", Text),
    Index("ix_outcome_status", "status", "at"),
)

DEAD_LETTER = Table(
    # What could not be used, as received.
    "dead_letter",
    METADATA,
    Column("id", RowNo, primary_key=True, autoincrement=True),
    Column("at", Instant, nullable=False),
    Column("device_id", Uuid),
    Column("reason", String(80), nullable=False),
    Column("note", Text, nullable=False),
    Column("agent", String(200), nullable=False),
    Column("raw", LargeBinary, nullable=False),
    Column("seen_at", Instant),
)

REVIEW = Table(
    # Work of revoked persons and PCs, in groups, until the operator takes it over or refuses it.
    "review",
    METADATA,
    Column("change_id", Uuid, primary_key=True),
    Column("group_id", Uuid, nullable=False),
    Column("district", String(6), nullable=False),
    Column("device_id", Uuid, nullable=False),
    Column("actor_id", Uuid, nullable=False),
    Column("actor_name", String(60), nullable=False),
    Column("reason", String(40), nullable=False),
    Column("change", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("state", String(10), nullable=False),
    Column("decided_by", String(60), nullable=False),
    Column("decided_at", Instant),
    Column("note", Text, nullable=False),
    Index("ix_review_state", "state", "at"),
    Index("ix_review_group", "group_id"),
)

DEVICE = Table(
    # window: which of the 64 counters below `counter` were seen already, as bits.
    "device",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("district", String(6), nullable=False),
    Column("office", String(60), nullable=False),
    Column("office_mark", String(12), nullable=False),
    Column("pc_mark", String(8), nullable=False),
    Column("sign_key", LargeBinary, nullable=False),
    Column("box_key", LargeBinary, nullable=False),
    Column("machine", String(64), nullable=False),
    Column("program", String(40), nullable=False),
    Column("protocol", Integer, nullable=False),
    Column("counter", BigInteger, nullable=False),
    Column("window", BigInteger, nullable=False),
    Column("renewed_from", Uuid),
    Column("enrolled_at", Instant, nullable=False),
    Column("last_seen_at", Instant),
    Column("last_ok_at", Instant),
    Column("last_failed_at", Instant),
    Column("last_failure", String(80), nullable=False),
    Column("requests", BigInteger, nullable=False),
    Column("failures", BigInteger, nullable=False),
    Column("clock_offset_ms", BigInteger, nullable=False),
    Column("revoked_at", Instant),
    Index("ix_device_district", "district"),
)

ATTEMPT = Table(
    # Requests that failed, and pushes and pulls that did something.
    "attempt",
    METADATA,
    Column("id", RowNo, primary_key=True, autoincrement=True),
    Column("at", Instant, nullable=False),
    Column("device_id", Uuid),
    Column("kind", String(20), nullable=False),
    Column("ok", Boolean, nullable=False),
    Column("code", String(80), nullable=False),
    Column("note", Text, nullable=False),
    Index("ix_attempt_device", "device_id", "id"),
)

PERSON = Table(
    # Who may do what, in the city's eyes. state: active, revoked, to_map. mapped_to: the same human under another id.
    "person",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("district", String(6), nullable=False),
    Column("name", String(40), nullable=False),
    Column("login", String(40), nullable=False),
    Column("roles", Text, nullable=False),
    Column("state", String(10), nullable=False),
    Column("mapped_to", Uuid),
    Column("revoked_at", Instant),
    Column("added_at", Instant, nullable=False),
    Index("ix_person_district", "district", "login"),
)

ENROLMENT_CODE = Table(
    # code_hash: sha-256 of the code; the code itself is shown once and kept nowhere.
    "enrolment_code",
    METADATA,
    Column("code_hash", LargeBinary, primary_key=True),
    Column("district", String(6), nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("made_by", String(60), nullable=False),
    Column("used_at", Instant),
    Column("device_id", Uuid),
    Column("reply", Text),
)

NUMBER_BLOCK = Table(
    "number_block",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("district", String(6), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("year", Integer, nullable=False),
    Column("first", BigInteger, nullable=False),
    Column("last", BigInteger, nullable=False),
    Column("pattern", String(60), nullable=False),
    Column("device_id", Uuid, nullable=False),
    Column("granted_at", Instant, nullable=False),
    Index("ix_number_block_series", "district", "kind", "year", "first", unique=True),
)

NUMBER_SERIES = Table(
    "number_series",
    METADATA,
    Column("district", String(6), primary_key=True),
    Column("kind", String(20), primary_key=True),
    Column("year", Integer, primary_key=True),
    Column("last", BigInteger, nullable=False),
)

BLOB = Table(
    # A file a scope has sent or is sending. stored_name: where the bytes lie below the files folder, shared by scopes.
    "blob",
    METADATA,
    Column("scope", String(60), primary_key=True),
    Column("sha256", String(64), primary_key=True),
    Column("size", BigInteger, nullable=False),
    Column("offset", BigInteger, nullable=False),
    Column("media_type", String(80), nullable=False),
    Column("part_name", String(40), nullable=False),
    Column("stored_name", String(40), nullable=False),
    Column("thumbnail", LargeBinary),
    Column("started_at", Instant, nullable=False),
    Column("touched_at", Instant, nullable=False),
    Column("completed_at", Instant),
)

OPERATOR = Table(
    "operator",
    METADATA,
    Column("login", String(40), primary_key=True),
    Column("name", String(60), nullable=False),
    Column("password", String(200), nullable=False),
    Column("active", Boolean, nullable=False),
    Column("added_at", Instant, nullable=False),
)

CONSOLE_SESSION = Table(
    "console_session",
    METADATA,
    Column("token_hash", LargeBinary, primary_key=True),
    Column("login", String(40), nullable=False),
    Column("csrf", String(64), nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
)

TRY = Table(
    # Wrong codes and passwords by who tried: slows guessing across all workers.
    "try",
    METADATA,
    Column("subject", String(120), primary_key=True),
    Column("count", Integer, nullable=False),
    Column("last_at", Instant, nullable=False),
    Column("until", Instant),
)

AUDIT = Table(
    # The city's own trail: append-only, each entry sealed with the hash of the one before.
    "audit",
    METADATA,
    Column("id", RowNo, primary_key=True, autoincrement=True),
    Column("at", Instant, nullable=False),
    Column("who", String(80), nullable=False),
    Column("deed", String(60), nullable=False),
    Column("subject", String(120), nullable=False),
    Column("note", Text, nullable=False),
    Column("hash", LargeBinary, nullable=False),
)
