"""What the city does not keep for ever: feed lines older than agreed, uploads nobody goes on with, old failed attempts."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import Connection, delete, func, select, update

from server import audit, files
from server.city import City
from server.tables import ATTEMPT, FEED, SCOPE_HEAD, TRY

MOST_UNKNOWN_ATTEMPTS = 10_000
LINES_AT_ONCE = 2_000
_TRIES_STAY = timedelta(days=2)


def tidy(city: City, *, who: str) -> dict[str, int]:
    """Take away what is old; gives how much went. Records, answers, dead letters and the trail stay for ever."""
    before = city.now() - timedelta(days=city.settings.feed_days)
    with city.database.read() as connection:
        scopes = connection.execute(select(SCOPE_HEAD.c.scope).order_by(SCOPE_HEAD.c.scope)).scalars().all()
    gone = {
        "feed": sum(_cut(city, scope, before) for scope in scopes),
        "attempts": city.database.retrying(lambda connection: _cut_attempts(connection, before)),
        "files": files.tidy(city, partial_before=city.now() - timedelta(days=city.settings.partial_file_days)),
    }
    said = " ".join(f"{name}={count}" for name, count in gone.items())
    city.database.retrying(lambda connection: _note(connection, city, who, said))
    return gone


def _note(connection: Connection, city: City, who: str, said: str) -> None:
    connection.execute(delete(TRY).where(TRY.c.last_at < city.now() - _TRIES_STAY))
    audit.note(connection, city.now(), who, "tidy", "", said)


def _cut(city: City, scope: str, before: datetime) -> int:
    """Take lines older than `before` out of a scope's feed, piece by piece; gives how many."""
    total = 0
    while gone := city.database.retrying(partial(_cut_feed, scope=scope, before=before)):
        total += gone
    return total


def _cut_feed(connection: Connection, scope: str, before: datetime) -> int:
    """Move the floor up towards the last line older than `before`; a desk that stands below it takes a snapshot.

    Only a few at a time: whoever pushes waits for the counter row, which is locked until the commit.
    """
    head = connection.execute(
        select(SCOPE_HEAD.c.head, SCOPE_HEAD.c.floor).where(SCOPE_HEAD.c.scope == scope).with_for_update()
    ).one()
    furthest = min(head.head, head.floor + LINES_AT_ONCE)
    near = (FEED.c.scope == scope, FEED.c.seq > head.floor, FEED.c.seq <= furthest)
    first_young = connection.execute(select(func.min(FEED.c.seq)).where(*near, FEED.c.received_at >= before)).scalar()
    floor = furthest if first_young is None else first_young - 1
    if floor <= head.floor:
        return 0
    connection.execute(update(SCOPE_HEAD).where(SCOPE_HEAD.c.scope == scope).values(floor=floor))
    return int(connection.execute(delete(FEED).where(FEED.c.scope == scope, FEED.c.seq <= floor)).rowcount)


def _cut_attempts(connection: Connection, before: datetime) -> int:
    """Old attempts, and of PCs nobody knows all but the newest: strangers never fill the disk."""
    gone = int(connection.execute(delete(ATTEMPT).where(ATTEMPT.c.at < before)).rowcount)
    unknown = select(ATTEMPT.c.id).where(ATTEMPT.c.device_id.is_(None)).order_by(ATTEMPT.c.id.desc())
    oldest_kept = connection.execute(unknown.offset(MOST_UNKNOWN_ATTEMPTS - 1).limit(1)).scalar()
    if oldest_kept is not None:
        strangers = delete(ATTEMPT).where(ATTEMPT.c.device_id.is_(None), ATTEMPT.c.id < oldest_kept)
        gone += int(connection.execute(strangers).rowcount)
    return gone
