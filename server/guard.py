"""Slows guessing of codes and passwords, across all workers: after some failures each further one costs a longer wait."""

from __future__ import annotations

import math
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from app.domain.problems import Refused
from server.tables import TRY

FREE_TRIES = 5
FIRST_WAIT_S = 30
LONGEST_WAIT_S = 3600
FORGOTTEN_AFTER = timedelta(hours=24)


def refuse_when_waiting(connection: Connection, now: datetime, subject: str) -> None:
    """Raises Refused("sync.too_many_tries") while the subject has to wait."""
    until = connection.execute(select(TRY.c.until).where(TRY.c.subject == subject[:120])).scalar()
    if until is not None and until > now:
        raise Refused("sync.too_many_tries", wait_s=math.ceil((until - now).total_seconds()))


def failed(connection: Connection, now: datetime, subject: str) -> None:
    """Count a failure. Its transaction must commit, whatever is refused afterwards."""
    subject = subject[:120]
    # Locked by the upsert, so that two workers never count from the same number.
    make = (postgresql if connection.dialect.name == "postgresql" else sqlite).insert(TRY)
    fresh = make.values(subject=subject, count=0, last_at=now, until=None)
    connection.execute(fresh.on_conflict_do_update(index_elements=["subject"], set_={"subject": subject}))
    failures, last_at = connection.execute(select(TRY.c.count, TRY.c.last_at).where(TRY.c.subject == subject)).one()
    count = 1 if now - last_at > FORGOTTEN_AFTER else failures + 1
    values = {"count": count, "last_at": now, "until": _until(count, now)}
    connection.execute(TRY.update().where(TRY.c.subject == subject).values(values))


def passed(connection: Connection, subject: str) -> None:
    """The right code or password: what failed before is forgotten."""
    connection.execute(delete(TRY).where(TRY.c.subject == subject[:120]))


def _until(count: int, now: datetime) -> datetime | None:
    if count < FREE_TRIES:
        return None
    seconds = min(LONGEST_WAIT_S, FIRST_WAIT_S * 2 ** min(count - FREE_TRIES, 12))
    return now + timedelta(seconds=seconds)
