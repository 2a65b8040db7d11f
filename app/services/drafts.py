"""Half-typed forms, saved at every pause and found again after a crash."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from app.domain.permissions import Actor
from db.store import Store
from db.types import from_microseconds, to_microseconds

ABOUT = "about"
"""The key in a draft's body under which stands the id of the record it is about."""
_SAVE = (
    "INSERT INTO drafts(id, person_id, form, body, changed_at) VALUES (?, ?, ?, ?, ?) "
    "ON CONFLICT(id) DO UPDATE SET body = excluded.body, changed_at = excluded.changed_at"
)


@dataclass(frozen=True)
class SavedDraft:
    """One half-typed form. `body`: field name -> what was typed, and the photos already taken in."""

    id: UUID
    form: str
    body: dict[str, Any]
    changed_at: datetime


class DraftService:
    """Each person's own drafts; nobody else sees them."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def save(self, form: str, body: dict[str, Any], *, actor: Actor, draft_id: UUID | None = None) -> UUID:
        """Keep what was typed so far; gives the draft's identity for the next save."""
        draft_id = draft_id or self._store.ids.new()
        # Escaped, so that half a character from a broken paste does not keep the rest from being kept.
        text = json.dumps(body)
        at = to_microseconds(self._store.clock.now())
        with self._store.local() as connection:
            connection.exec_driver_sql(_SAVE, (draft_id.bytes, actor.person_id.bytes, form, text, at))
        return draft_id

    def discard(self, draft_id: UUID, *, actor: Actor) -> None:
        """Throw one draft away."""
        sql = "DELETE FROM drafts WHERE id = ? AND person_id = ?"
        with self._store.local() as connection:
            connection.exec_driver_sql(sql, (draft_id.bytes, actor.person_id.bytes))

    def all(self, form: str, *, actor: Actor) -> list[SavedDraft]:
        """This person's drafts of one form, newest first."""
        sql = "SELECT id, form, body, changed_at FROM drafts WHERE person_id = ? AND form = ? ORDER BY changed_at DESC"
        with self._store.read() as reader:
            return [_draft(row) for row in reader.connection.exec_driver_sql(sql, (actor.person_id.bytes, form))]

    def about(self, form: str, record_id: UUID, *, actor: Actor) -> list[SavedDraft]:
        """This person's drafts of one form about one record, newest first."""
        return [draft for draft in self.all(form, actor=actor) if draft.body.get(ABOUT) == str(record_id)]


def _draft(row: Sequence[Any]) -> SavedDraft:
    return SavedDraft(UUID(bytes=row[0]), row[1], json.loads(row[2]), from_microseconds(row[3]))
