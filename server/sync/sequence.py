"""The one place that numbers the feed: counter rows last, scopes ascending, locked until the commit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ColumnElement, Connection, bindparam, func, literal, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.dml import ReturningUpdate

from app.wire.proof import row_hash
from app.wire.sync import HASH_MODULUS, Op
from server.city import City
from server.database import after_commit
from server.statements import Said, Statement, insertion, one, together
from server.sync.bulk import left_to_say
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


def append(
    connection: Connection, city: City, lines: Sequence[FeedLine], now: datetime, *, before: Sequence[Said] = ()
) -> tuple[list[int], Said]:
    """Number the lines; gives their seq in the order given, and what writes them.

    before: what is still to be written, said on the way. What is given must be said too: the last before the commit.
    """
    growth: dict[str, _Growth] = defaultdict(_Growth)
    for line in lines:
        growth[line.scope].take(line)
    scopes = sorted(growth)
    firsts: dict[str, int] = {}
    for scope in scopes:
        firsts[scope] = _advance(connection, city, scope, growth[scope], before)
        before = ()
    if before:
        together(connection, *before)
    nexts, numbers = dict(firsts), []
    for line in lines:
        numbers.append(nexts[line.scope])
        nexts[line.scope] += 1
    after_commit(connection, lambda: city.waker.told(scopes))
    feed = [_row(line, seq, firsts, now) for line, seq in zip(lines, numbers, strict=True)]
    return numbers, left_to_say(connection, FEED, feed)


def append_at_once(
    connection: Connection,
    city: City,
    lines: Sequence[FeedLine],
    now: datetime,
    before: Sequence[Said],
    after: Sequence[Said],
) -> int:
    """Number a few lines of one scope that is there, write them and commit, all in one round trip; gives the first number.

    after: may name the scope as `which` and a number by its distance from the last, through `numbered`.
    """
    growth, scope, last = _Growth(), lines[0].scope, len(lines) - 1
    for line in lines:
        growth.take(line)
    feed = [_row(line, last - place, {scope: last}, now) | {"which": scope} for place, line in enumerate(lines)]
    said = [*before, (_MOVED, [_by(scope, growth)]), (_NUMBERED, feed), *after]
    after_commit(connection, lambda: city.waker.told([scope]))
    moved = together(connection, *said, commit=True)[len(before)]
    return int(moved[0][0]) - last


def write(connection: Connection, city: City, lines: Sequence[FeedLine], now: datetime, *, before: Said) -> None:
    """Write the records, number the lines and write them. The last a transaction does before its commit."""
    together(connection, append(connection, city, lines, now, before=[before])[1])


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


def _advance(connection: Connection, city: City, scope: str, growth: _Growth, before: Sequence[Said]) -> int:
    """Lock the scope's counter row and move it on; gives the first number of this transaction."""
    by = _by(scope, growth)
    last = together(connection, *before, (_MOVED, [by]))[-1]
    if not last:
        make_scope(connection, city, scope)
        last = one(connection, _MOVED, **by)
    return int(last[0][0]) - growth.entries + 1


def _moved(postgres: bool) -> ReturningUpdate[Any]:
    """The counter row moved on; told with the commit by the same statement, so that the row is locked no longer."""
    scope = bindparam("which", type_=SCOPE_HEAD.c.scope.type)
    total = SCOPE_HEAD.c.live_hash + bindparam("total", type_=BigInteger)
    by: Mapping[str, Any] = {
        "head": SCOPE_HEAD.c.head + bindparam("entries", type_=BigInteger),
        "live_count": SCOPE_HEAD.c.live_count + bindparam("live", type_=BigInteger),
        "live_hash": total % literal(HASH_MODULUS, BigInteger),
    }
    told = [func.pg_notify(CHANNEL, scope)] if postgres else []
    return update(SCOPE_HEAD).where(SCOPE_HEAD.c.scope == scope).values(by).returning(SCOPE_HEAD.c.head, *told)


def numbered(column: str) -> ColumnElement[Any]:
    """A number of this transaction by its distance from the last one, which the counter row `which` tells."""
    named = SCOPE_HEAD.c.scope == bindparam("which", type_=SCOPE_HEAD.c.scope.type)
    return select(SCOPE_HEAD.c.head).where(named).scalar_subquery() - bindparam(column, type_=BigInteger)


def _by(scope: str, growth: _Growth) -> dict[str, Any]:
    return {"which": scope, "entries": growth.entries, "live": growth.live, "total": growth.hash % HASH_MODULUS}


_MOVED = Statement(_moved)
_NUMBERED = insertion(FEED, seq=numbered("seq"), tx=numbered("tx"))


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
