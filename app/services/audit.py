"""The audit trail, read back: who did what to what, when, with what result."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.domain.permissions import Actor, OfficeRole
from app.domain.problems import Refused
from db import events
from db.store import Store
from db.types import from_microseconds

_PAGE_SQL = (
    "SELECT seq, at, actor_name, deed, record_type, record_id, note, fields, result FROM events "
    "WHERE seq < ? ORDER BY seq DESC LIMIT ?"
)
_OF_RECORD_SQL = (
    "SELECT seq, at, actor_name, deed, record_type, record_id, note, fields, result FROM events "
    "WHERE record_id = ? ORDER BY seq DESC"
)
NEWEST = 2**62
READERS = frozenset({OfficeRole.ADMIN, OfficeRole.AUDITOR})


@dataclass(frozen=True)
class AuditLine:
    """One entry of the trail. `fields`: JSON of what changed, with old and new values."""

    seq: int
    at: datetime
    actor_name: str
    deed: str
    record_type: str
    record_id: UUID | None
    note: str
    fields: str
    result: str


class AuditService:
    """Reading and checking; writing is done by every transaction itself."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def page(self, *, actor: Actor, before: int = NEWEST, size: int = 200) -> Sequence[AuditLine]:
        """Entries older than `before`, newest first. For administrators and auditors."""
        self._admit(actor)
        with self._store.read() as reader:
            return [_line(row) for row in reader.connection.exec_driver_sql(_PAGE_SQL, (before, size))]

    def of_record(self, record_id: UUID, *, actor: Actor) -> Sequence[AuditLine]:
        """Every entry about one record."""
        self._admit(actor)
        with self._store.read() as reader:
            return [_line(row) for row in reader.connection.exec_driver_sql(_OF_RECORD_SQL, (record_id.bytes,))]

    def broken_at(self) -> int | None:
        """The first entry whose seal is broken; None when the trail is whole."""
        with self._store.read() as reader:
            return events.broken_at(reader.connection)

    def note(self, deed: str, *, actor: Actor, note: str = "", result: str = "ok") -> None:
        """Write down a deed that changes no record: an export, a printout, a sign-in."""
        with self._store.write(actor, deed) as tx:
            tx.note_event(deed, "", None, note, result)

    def _admit(self, actor: Actor) -> None:
        if not actor.roles & READERS:
            raise Refused("account.audit_denied")


def _line(row: Sequence[object]) -> AuditLine:
    seq, at, actor_name, deed, record_type, record_id, note, fields, result = row
    found = UUID(bytes=record_id) if isinstance(record_id, bytes) else None
    return AuditLine(
        int(str(seq)),
        from_microseconds(int(str(at))),
        str(actor_name),
        str(deed),
        str(record_type),
        found,
        str(note),
        str(fields),
        str(result),
    )
