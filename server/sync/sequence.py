"""The one place that numbers the feed: counter rows last, scopes ascending, locked until the commit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from app.wire.proof import row_hash
from app.wire.sync import HASH_MODULUS, Op
from server.city import City
from server.database import after_commit
from server.sync.bulk import insert_rows
from server.tables import FEED, SCOPE_HEAD
from server.wake import CHANNEL

_SEES = frozenset({"put", "enter"})


@dataclass(frozen=True, slots=True)
class FeedLine:
    """One version of a record on its way into a scope's feed.

    before: the version the scope held alive until now, 0 when it held none. row: JSON of the record's fields without id
    and version (put, enter). fields: JSON name -> [before, after] of what changed; None for a first version.
    """

    scope: str
    record_id: UUID
    type: str
    version: int
    before: int
    op: Op
    row: str | None
    fields: str | None
    actor_name: str
    made_at: datetime
    change_id: UUID | None = None
    device_id: UUID | None = None
    actor_id: UUID | None = None


@dataclass(slots=True)
class _Growth:
    """What one transaction does to one scope."""

    entries: int = 0
    live: int = 0
    hash: int = 0

    def take(self, line: FeedLine) -> None:
        self.entries += 1
        if line.before:
            self.live -= 1
            self.hash -= row_hash(line.record_id, line.before)
        if line.op in _SEES:
            self.live += 1
            self.hash += row_hash(line.record_id, line.version)


def append(connection: Connection, city: City, lines: Sequence[FeedLine], now: datetime) -> list[int]:
    """Number the lines and write them; gives their seq in the order given. The last a transaction does before its commit."""
    growth: dict[str, _Growth] = defaultdict(_Growth)
    for line in lines:
        growth[line.scope].take(line)
    firsts = {scope: _advance(connection, city, scope, growth[scope]) for scope in sorted(growth)}
    nexts, numbers = dict(firsts), []
    for line in lines:
        numbers.append(nexts[line.scope])
        nexts[line.scope] += 1
    insert_rows(connection, FEED, [_row(line, seq, firsts, now) for line, seq in zip(lines, numbers, strict=True)])
    scopes = sorted(growth)
    after_commit(connection, lambda: city.waker.told(scopes))
    return numbers


def make_scope(connection: Connection, city: City, scope: str) -> None:
    """A scope with an empty feed; nothing happens when it is there."""
    values = {"scope": scope, "head": 0, "live_count": 0, "live_hash": 0, "floor": 0, "epoch": str(city.ids.new())}
    make = (postgresql if connection.dialect.name == "postgresql" else sqlite).insert(SCOPE_HEAD)
    connection.execute(make.values(values).on_conflict_do_nothing(index_elements=["scope"]))


def new_epoch(connection: Connection, city: City) -> None:
    """After a restore: every desk takes the whole anew, whatever it believes to have."""
    scopes = connection.execute(select(SCOPE_HEAD.c.scope).order_by(SCOPE_HEAD.c.scope)).scalars().all()
    for scope in scopes:
        renewed = update(SCOPE_HEAD).where(SCOPE_HEAD.c.scope == scope).values(epoch=str(city.ids.new()))
        connection.execute(renewed)
    city.waker.announce(connection, scopes)
    after_commit(connection, lambda: city.waker.told(scopes))


def _advance(connection: Connection, city: City, scope: str, growth: _Growth) -> int:
    """Lock the scope's counter row and move it on; gives the first number of this transaction."""
    moved = _moved(scope, growth, announced=connection.dialect.name == "postgresql")
    last = connection.execute(moved).scalar()
    if last is None:
        make_scope(connection, city, scope)
        last = connection.execute(moved).scalar_one()
    return int(last) - growth.entries + 1


def _moved(scope: str, growth: _Growth, *, announced: bool) -> Any:
    """The counter row moved on; `announced` with the commit by the same statement, so that the row is locked no longer."""
    by: Mapping[str, Any] = {
        "head": SCOPE_HEAD.c.head + growth.entries,
        "live_count": SCOPE_HEAD.c.live_count + growth.live,
        "live_hash": (SCOPE_HEAD.c.live_hash + growth.hash % HASH_MODULUS) % HASH_MODULUS,
    }
    told = [func.pg_notify(CHANNEL, scope)] if announced else []
    return update(SCOPE_HEAD).where(SCOPE_HEAD.c.scope == scope).values(by).returning(SCOPE_HEAD.c.head, *told)


def _row(line: FeedLine, seq: int, firsts: Mapping[str, int], now: datetime) -> dict[str, Any]:
    return {
        "scope": line.scope,
        "seq": seq,
        "tx": firsts[line.scope],
        "record_id": line.record_id,
        "type": line.type,
        "version": line.version,
        "op": line.op,
        "row": line.row,
        "fields": line.fields,
        "change_id": line.change_id,
        "device_id": line.device_id,
        "actor_id": line.actor_id,
        "actor_name": line.actor_name,
        "made_at": line.made_at,
        "received_at": now,
    }
