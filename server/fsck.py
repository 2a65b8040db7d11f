"""Looks at everything the city holds and says what does not fit together; it changes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, and_, exists, func, select

from app.wire.proof import moved, row_hash
from server import audit
from server.city import City
from server.files import shelf_of
from server.tables import BLOB, FEED, RECORD, SCOPE_HEAD

_COMPLETE = (
    select(BLOB.c.scope, BLOB.c.sha256, BLOB.c.size, BLOB.c.stored_name)
    .where(BLOB.c.completed_at.is_not(None))
    .order_by(BLOB.c.stored_name, BLOB.c.scope)
)


@dataclass(frozen=True)
class Damage:
    """kind: feed_hole, feed_stray, count_wrong, hash_wrong, version_missing, file_missing, file_altered, audit_broken."""

    kind: str
    where: str
    told: str = ""


def damages(city: City) -> Iterator[Damage]:
    """Everything that is wrong; the database is looked at in one snapshot."""
    with city.database.read() as connection:
        for head in connection.execute(select(SCOPE_HEAD).order_by(SCOPE_HEAD.c.scope)).all():
            yield from _feed(connection, head)
            yield from _sums(connection, head)
            yield from _versions(connection, head)
        yield from _strays(connection)
        broken = audit.broken_at(connection)
        if broken is not None:
            yield Damage("audit_broken", str(broken))
        files = connection.execute(_COMPLETE).all()
    # Reading every byte takes longer than a database lets a transaction stand idle.
    yield from _files(files, city)


def _feed(connection: Connection, head: Any) -> Iterator[Damage]:
    """A line for every number from the floor to the head, and none outside."""
    mine = select(func.count(), func.min(FEED.c.seq), func.max(FEED.c.seq)).where(FEED.c.scope == head.scope)
    count, first, last = connection.execute(mine).one()
    wanted = head.head - head.floor
    if count != wanted or (wanted and (first, last) != (head.floor + 1, head.head)):
        told = f"{count} of {wanted}, {first}..{last} instead of {head.floor + 1}..{head.head}"
        yield Damage("feed_hole", head.scope, told)


def _sums(connection: Connection, head: Any) -> Iterator[Damage]:
    """Count and hash by a plain recount of the live records."""
    live = select(RECORD.c.id, RECORD.c.version).where(RECORD.c.scope == head.scope, ~RECORD.c.deleted)
    count = total = 0
    with connection.execute(live.execution_options(yield_per=5000)) as rows:
        for record_id, version in rows:
            count += 1
            total = moved(total, come=row_hash(record_id, version))
    if count != head.live_count:
        yield Damage("count_wrong", head.scope, f"{head.live_count} instead of {count}")
    if total != head.live_hash:
        yield Damage("hash_wrong", head.scope, f"{head.live_hash} instead of {total}")


def _versions(connection: Connection, head: Any) -> Iterator[Damage]:
    """The newest version of each record stands in the feed, unless it is older than the feed reaches."""
    newest = and_(FEED.c.scope == RECORD.c.scope, FEED.c.record_id == RECORD.c.id, FEED.c.version == RECORD.c.version)
    missing = select(RECORD.c.id, RECORD.c.version).where(RECORD.c.scope == head.scope, ~exists().where(newest))
    if head.floor:
        oldest = select(func.min(FEED.c.received_at)).where(FEED.c.scope == head.scope)
        reaches_to = connection.execute(oldest).scalar()
        if reaches_to is None:
            return
        missing = missing.where(RECORD.c.received_at >= reaches_to)
    for record_id, version in connection.execute(missing.order_by(RECORD.c.id).limit(1000)):
        yield Damage("version_missing", head.scope, f"{record_id} version {version}")


def _strays(connection: Connection) -> Iterator[Damage]:
    known = select(SCOPE_HEAD.c.scope)
    for table in (FEED, RECORD):
        lost = select(table.c.scope).where(table.c.scope.not_in(known)).distinct().order_by(table.c.scope)
        for scope in connection.execute(lost).scalars():
            yield Damage("feed_stray", str(scope), table.name)


def _files(files: Sequence[Any], city: City) -> Iterator[Damage]:
    """Each complete file is there once more: its size, and its sha-256 read from the disk."""
    shelf, seen = shelf_of(city), dict[str, tuple[int, str]]()
    for scope, sha256, size, name in files:
        if name not in seen:
            seen[name] = (shelf.length(name), shelf.sha256(name))
        length, digest = seen[name]
        if length == 0 and size:
            yield Damage("file_missing", scope, sha256)
        elif (length, digest) != (size, sha256):
            yield Damage("file_altered", scope, sha256)
