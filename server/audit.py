"""The city's own trail: who did what to whom, each entry sealed with the hash of the one before."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

from pydantic_core import to_json
from sqlalchemy import Connection, insert, select, text

from server.tables import AUDIT

FIRST_HASH = bytes(32)
_CHAIN_LOCK = 0x47524944_41554449  # "GRIDAUDI": two acts at once would otherwise both follow the same entry.


def note(connection: Connection, now: datetime, who: str, deed: str, subject: str, note: str = "") -> None:
    """Write down an act in the caller's transaction, after the newest entry."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _CHAIN_LOCK})
    newest = connection.execute(select(AUDIT.c.hash).order_by(AUDIT.c.id.desc()).limit(1)).scalar()
    who, deed, subject = who[:80], deed[:60], subject[:120]
    sealed = _seal(bytes(newest or FIRST_HASH), now, who, deed, subject, note)
    values = {"at": now, "who": who, "deed": deed, "subject": subject, "note": note, "hash": sealed}
    connection.execute(insert(AUDIT).values(values))


def broken_at(connection: Connection) -> int | None:
    """The first entry that does not follow from the one before it; None when the whole trail holds."""
    before = FIRST_HASH
    with connection.execute(select(AUDIT).order_by(AUDIT.c.id).execution_options(yield_per=1000)) as entries:
        for entry in entries:
            if bytes(entry.hash) != _seal(before, entry.at, entry.who, entry.deed, entry.subject, entry.note):
                return int(entry.id)
            before = bytes(entry.hash)
    return None


def _seal(before: bytes, at: datetime, who: str, deed: str, subject: str, words: str) -> bytes:
    return hashlib.sha256(before + to_json([at.astimezone(UTC).isoformat(), who, deed, subject, words])).digest()
