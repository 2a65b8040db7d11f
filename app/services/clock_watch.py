"""Whether the PC's clock can be believed: nothing happens by the clock alone while it jumped by weeks."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta

from app.domain.permissions import Actor
from app.domain.problems import Problem, Refused, Unavailable
from app.services.reference import OFFICE_ZONE
from db.store import Store
from db.types import from_microseconds, to_microseconds

AHEAD = timedelta(days=45)
"""Longer than an office is ever shut; a clock further on than this was set wrong, or the store lay in a drawer."""
BEHIND = timedelta(days=1)
_SEEN = "clock_seen_at"
_STEP = timedelta(hours=1)
_KEEP = "INSERT INTO notes(name, value) VALUES (?, ?) ON CONFLICT(name) DO UPDATE SET value = excluded.value"


class ClockWatch:
    """Remembers the latest time the clock was believed, and doubts one that stands far from it."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def doubt(self) -> Problem | None:
        """Why the clock is not believed, with both times; None when it is. Looking often keeps the memory fresh."""
        now, seen = self._store.clock.now(), self._seen()
        if seen is None or seen + _STEP <= now <= seen + AHEAD:
            # On a full disk the memory stays old; nobody is refused for that.
            with suppress(Unavailable):
                self._keep(now)
            return None
        if now > seen + AHEAD:
            return Unavailable("store.clock_ahead", now=_said(now), seen=_said(seen))
        return Unavailable("store.clock_behind", now=_said(now), seen=_said(seen)) if now < seen - BEHIND else None

    def confirm(self, *, actor: Actor) -> None:
        """The clock is right, somebody who may know says. Raises Refused for anybody but an administrator."""
        if not actor.administers:
            raise Refused("account.not_administrator")
        with self._store.write(actor, "clock.confirm") as tx:
            tx.note_event("clock.confirm", "", None)
        self._keep(self._store.clock.now())

    def _seen(self) -> datetime | None:
        with self._store.read() as reader:
            found = reader.connection.exec_driver_sql("SELECT value FROM notes WHERE name = ?", (_SEEN,)).scalar()
        return None if found is None else from_microseconds(int(found))

    def _keep(self, now: datetime) -> None:
        with self._store.local() as connection:
            connection.exec_driver_sql(_KEEP, (_SEEN, str(to_microseconds(now))))


def _said(at: datetime) -> str:
    return f"{at.astimezone(OFFICE_ZONE):%Y-%m-%d %H:%M}"
