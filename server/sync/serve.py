"""Serving the feed: pages and snapshots as JSON bytes, rows spliced in as the text they were judged as."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from pydantic_core import to_json
from sqlalchemy import Connection, Row, bindparam, or_, select

from app.domain.problems import Refused
from app.wire.sync import CITY_SCOPE, Cursor, PullRequest, ScopeHead
from server import devices
from server.city import City
from server.devices import Device, Entry, NotEntered
from server.statements import Statement, together
from server.tables import FEED, RECORD, SCOPE_HEAD

MOST_ROWS = 5000
_NONE = UUID(int=0)
_ENTRY = (
    FEED.c.seq,
    FEED.c.tx,
    FEED.c.op,
    FEED.c.type,
    FEED.c.record_id,
    FEED.c.version,
    FEED.c.row,
    FEED.c.device_id,
)
_HEAD = (
    SCOPE_HEAD.c.scope,
    SCOPE_HEAD.c.epoch,
    SCOPE_HEAD.c.head,
    SCOPE_HEAD.c.live_count,
    SCOPE_HEAD.c.live_hash,
    SCOPE_HEAD.c.floor,
)


_PLACES = ("first", "second", "third")
_GLANCE = Statement(
    lambda _postgres: select(*_HEAD).where(
        or_(*(SCOPE_HEAD.c.scope == bindparam(name, type_=SCOPE_HEAD.c.scope.type) for name in _PLACES))
    )
)


def scopes_of(device: Device) -> frozenset[str]:
    """What a PC may read: its district, what the city publishes, its own test records."""
    return frozenset({device.district, CITY_SCOPE, f"{device.district}/{device.id}"})


def glance(city: City, entry: Entry, request: PullRequest) -> tuple[Device, list[ScopeHead]]:
    """The counter taken and where each scope stands, in one round trip. Raises NotEntered; nothing was done then.

    The heads are those of no scope the PC may not read: whoever uses them asks `permit` first.
    """
    scopes = sorted(request.scopes)
    if not 0 < len(scopes) <= len(_PLACES) or not all(scope.isprintable() for scope in scopes):
        raise NotEntered
    named = dict(zip(_PLACES, (*scopes, *scopes[-1:] * len(_PLACES)), strict=False))

    def look(connection: Connection) -> tuple[Device, list[ScopeHead]]:
        taken, found = together(connection, entry.taken(city.now()), (_GLANCE, [named]), commit=True)
        rows = {row[0]: row for row in found}
        return devices.entered(connection, taken), [_head(scope, rows.get(scope)) for scope in scopes]

    return city.database.retrying(look)


def nothing_new(city: City, found: Sequence[ScopeHead], request: PullRequest) -> bytes | None:
    """A PullReply as JSON that says so; None when there is something to pull."""
    if _brings(found, request):
        return None
    pages = (
        b'"%b":%b' % (head.scope.encode(), _page_of(head, head.head + 1, head.head, "", lost=False)) for head in found
    )
    return b'{"now":%b,"scopes":{%b}}' % (to_json(city.now()), b",".join(pages))


def heads(connection: Connection, scopes: Collection[str]) -> list[ScopeHead]:
    """Where each scope stands, in the order of their names; one nobody has written into yet stands at 0 without an epoch."""
    found = select(*_HEAD).where(SCOPE_HEAD.c.scope.in_(sorted(scopes)))
    rows = {row[0]: row for row in connection.execute(found)}
    return [_head(scope, rows.get(scope)) for scope in sorted(scopes)]


def pull(city: City, device: Device, request: PullRequest) -> bytes:
    """A PullReply as JSON: one page a scope, all of one snapshot. Raises Refused("sync.scope_denied")."""
    permit(device, request.scopes)
    now = to_json(city.now())
    with city.database.read() as connection:
        pages = [
            b'"%b":%b' % (head.scope.encode(), _page(connection, head, request, device if request.lean else None))
            for head in heads(connection, request.scopes)
        ]
    return b'{"now":%b,"scopes":{%b}}' % (now, b",".join(pages))


def has_news(city: City, device: Device, request: PullRequest) -> bool:
    """Whether a pull would bring anything now; reads one row a scope. Raises Refused("sync.scope_denied")."""
    permit(device, request.scopes)
    with city.database.read() as connection:
        return _brings(heads(connection, request.scopes), request)


def snapshot(city: City, device: Device, scope: str, after: UUID | None, limit: int) -> bytes:
    """A SnapshotReply as JSON: live records of a scope above `after` in id order. Raises Refused("sync.scope_denied")."""
    permit(device, [scope])
    limit = max(1, min(limit, MOST_ROWS))
    live = select(RECORD.c.type, RECORD.c.id, RECORD.c.version, RECORD.c.body).where(
        RECORD.c.scope == scope, RECORD.c.deleted.is_(False), RECORD.c.id > (after or _NONE)
    )
    with city.database.read() as connection:
        (head,) = heads(connection, [scope])
        rows = connection.execute(live.order_by(RECORD.c.id).limit(limit + 1)).all()
    more, rows = len(rows) > limit, rows[:limit]
    entries = ",".join(_text(0, "put", type_, id_, version, body) for type_, id_, version, body in rows)
    last = f'"{rows[-1][1]}"' if more else "null"
    words = (to_json(city.now()), head.model_dump_json().encode(), entries.encode(), last.encode())
    return b'{"now":%b,"head":%b,"rows":[%b],"next":%b}' % words


def permit(device: Device, scopes: Iterable[str]) -> None:
    """Raises Refused("sync.scope_denied") when a PC asks for what it may not read."""
    if not scopes_of(device).issuperset(scopes):
        raise Refused("sync.scope_denied")


def _head(scope: str, row: Sequence[Any] | None) -> ScopeHead:
    if row is None:
        return ScopeHead(scope=scope, epoch="", head=0, count=0, hash=0)
    _scope, epoch, head, count, total, floor = row
    return ScopeHead(scope=scope, epoch=epoch, head=head, count=count, hash=total, floor=floor)


def _brings(found: Sequence[ScopeHead], request: PullRequest) -> bool:
    cursors = request.scopes
    return any(_is_lost(head, cursors[head.scope]) or head.head > cursors[head.scope].after for head in found)


def _is_lost(head: ScopeHead, cursor: Cursor) -> bool:
    """The cursor is of another epoch, or points where the feed does not reach."""
    return cursor.epoch != head.epoch or not head.floor <= cursor.after <= head.head


def _page(connection: Connection, head: ScopeHead, request: PullRequest, asker: Device | None) -> bytes:
    """asker: whose own entries come without their row."""
    cursor, limit = request.scopes[head.scope], request.limit
    lost = _is_lost(head, cursor)
    rows: Sequence[Row[*tuple[Any, ...]]] = (
        [] if lost or head.head == cursor.after else _whole(connection, head, cursor.after, limit)
    )
    to_seq = rows[-1].seq if rows else cursor.after
    entries = ",".join(
        _text(seq, op, type_, id_, version, None if asker is not None and device_id == asker.id else row)
        for seq, _tx, op, type_, id_, version, row, device_id in _last(rows)
    )
    return _page_of(head, cursor.after + 1, to_seq, entries, lost=lost)


def _page_of(head: ScopeHead, from_seq: int, to_seq: int, entries: str, *, lost: bool) -> bytes:
    return b'{"head":%b,"from_seq":%d,"to_seq":%d,"entries":[%b],"snapshot_needed":%b}' % (
        head.model_dump_json().encode(),
        from_seq,
        to_seq,
        entries.encode(),
        b"true" if lost else b"false",
    )


def _whole(connection: Connection, head: ScopeHead, after: int, limit: int) -> Sequence[Row[*tuple[Any, ...]]]:
    """About `limit` entries after the cursor, ending where a transaction of the city ended."""
    newer = select(*_ENTRY).where(FEED.c.scope == head.scope, FEED.c.seq > after).order_by(FEED.c.seq)
    rows = connection.execute(newer.limit(limit + 1)).all()
    if len(rows) <= limit:
        return rows
    cut = rows[limit].tx
    whole = [row for row in rows if row.tx != cut]
    if whole:
        return whole
    # One transaction larger than the page goes over as one piece.
    return connection.execute(newer.where(FEED.c.tx == cut)).all()


def _last(rows: Sequence[Row[*tuple[Any, ...]]]) -> Iterable[Row[*tuple[Any, ...]]]:
    """Of several versions of one record the last."""
    newest: Mapping[UUID, int] = {row.record_id: row.seq for row in rows}
    return rows if len(newest) == len(rows) else [row for row in rows if newest[row.record_id] == row.seq]


def _text(seq: int, op: str, type_: str, id_: UUID, version: int, row: str | None) -> str:
    return f'{{"seq":{seq},"op":"{op}","type":"{type_}","id":"{id_}","version":{version},"row":{row or "null"}}}'
