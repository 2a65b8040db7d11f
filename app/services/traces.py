"""Traces (痕迹化): the tracks of rounds and days."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from app.domain.attendance import Track
from db.queries import traces
from db.store import Store


class TraceService:
    """Reads are safe from reader threads."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def of_round(self, round_id: UUID) -> list[Track]:
        """Tracks of a round, in the order they began."""
        with self._store.read() as reader:
            return traces.of_round(reader.connection, round_id)

    def of_day(self, day: date, member_id: UUID | None = None) -> list[Track]:
        """Tracks of a day, of all members or of one."""
        with self._store.read() as reader:
            return traces.of_day(reader.connection, day, member_id)
