"""How things stand between this desk and the city, from the store alone: nothing here uses the line."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from app.domain.decisions import Decision
from app.services.reference import ReferenceService
from app.sync import record_states, troubles
from app.sync.line_log import LineLog
from app.sync.link import Link, LinkStore
from app.sync.status import Live, status_of
from app.sync.views import (
    MissingFile,
    OutageReport,
    QueueLine,
    RecordDelivery,
    RecordState,
    SyncStatus,
    Trouble,
)
from db.queries import troubles as rows
from db.store import Store


class LineReading:
    """Everything lists and heads show. live: what this process adds to it."""

    def __init__(self, store: Store, reference: ReferenceService) -> None:
        self._store = store
        self._reference = reference
        self._links = LinkStore(store)
        self._log = LineLog(store)
        self.live = Live()

    def link(self) -> Link | None:
        """How this PC is linked with the city; None while it is not enrolled."""
        return self._links.get()

    def status(self) -> SyncStatus:
        """Everything the sync page's head and the foot line tell."""
        return status_of(self._store, self._links, self._log, self.live, self._reference.office().pc_mark)

    def delivery(self, record_id: UUID) -> RecordDelivery:
        """Where one record stands on its way to the city."""
        with self._store.read() as reader:
            found = record_states.deliveries(reader, [record_id])
            return found.get(record_id) or record_states.delivery(reader, record_id)

    def deliveries(self, case_ids: Sequence[UUID]) -> dict[UUID, RecordDelivery]:
        """Where the cases of a list stand."""
        with self._store.read() as reader:
            return record_states.deliveries(reader, case_ids)

    def queue(self, state: RecordState | None = None, limit: int = 500) -> list[QueueLine]:
        """Records with changes that are not settled: what needs a person first, then oldest first."""
        with self._store.read() as reader:
            return troubles.queue(reader, state, limit)

    def troubles(self) -> list[QueueLine]:
        """Conflicts and refusals."""
        lines = self.queue(RecordState.CONFLICT) + self.queue(RecordState.REFUSED)
        return sorted(lines, key=lambda line: line.made_at)

    def trouble(self, record_id: UUID) -> Trouble | None:
        """One conflict or refusal laid out for who decides; None when there is none (any more)."""
        with self._store.read() as reader:
            return troubles.trouble(reader, record_id, self._reference)

    def missing_files(self, limit: int = 500) -> list[MissingFile]:
        """Files that records name and that are not here."""
        with self._store.read() as reader:
            return [MissingFile(*row) for row in rows.missing_files(reader.connection, limit)]

    def outages(self) -> list[OutageReport]:
        """Outages that are over, newest first."""
        return self._log.outages()

    def decisions_of(self, record_id: UUID) -> list[Decision]:
        """What was decided about a record, oldest first."""
        with self._store.read() as reader:
            return reader.children(Decision, record_id)
