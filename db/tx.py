"""One use case in one transaction: what it writes is queued, audited and indexed by itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import TypeVar, cast
from uuid import UUID

from pydantic_core import from_json
from sqlalchemy import Connection

from app.base.changes import ChangeSet
from app.base.ids import IdSource
from app.domain.catalog import TYPE_NAMED, TYPE_OF
from app.domain.permissions import Actor
from app.domain.problems import Refused
from app.domain.records import Reach, Record
from db import outbox
from db.codec import TableCodec
from db.engine import run
from db.events import Event, Trail
from db.fts import SearchIndex
from db.models import TABLES
from db.outbox import ChangeHead
from db.types import as_json, to_microseconds

R = TypeVar("R", bound=Record)

CODECS = {name: TableCodec(TYPE_NAMED[name], table) for name, table in TABLES.items()}


class Reader:
    """Reads records of one snapshot; `connection` serves the queries of `db.queries`."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def get(self, record: type[R], record_id: UUID) -> R | None:
        """The record of that identity, or None."""
        found = CODECS[TYPE_OF[record].name].find(self.connection, record_id.bytes)
        return None if found is None else cast(R, found[1])

    def need(self, record: type[R], record_id: UUID) -> R:
        """The record of that identity. Raises Refused("store.record_missing")."""
        found = self.get(record, record_id)
        if found is None:
            raise Refused("store.record_missing", kind=TYPE_OF[record].title)
        return found

    def all(self, record: type[R]) -> list[R]:
        """Every record of a small type, oldest first."""
        codec = CODECS[TYPE_OF[record].name]
        rows = run(self.connection, f"{codec.select_sql} ORDER BY rid")
        return [cast(R, codec.decode(row)) for row in rows]

    def children(self, record: type[R], parent: UUID) -> list[R]:
        """Every record of a type with a `parent`, in order of entry."""
        codec = CODECS[TYPE_OF[record].name]
        rows = run(self.connection, f"{codec.select_sql} WHERE parent = ? ORDER BY rid", (parent.bytes,))
        return [cast(R, codec.decode(row)) for row in rows]


class Tx(Reader):
    """A write in progress. Everything added or changed here stands or falls together."""

    def __init__(
        self,
        connection: Connection,
        actor: Actor,
        deed: str,
        note: str,
        *,
        now: datetime,
        ids: IdSource,
        search: SearchIndex,
    ) -> None:
        super().__init__(connection)
        self.actor = actor
        self.now = now
        self.ids = ids
        self._deed = deed
        self._note = note
        self._search = search
        self._trail = Trail(connection, actor, now)
        self._touched: dict[str, set[UUID]] = {}
        self._bulk: set[str] = set()
        self._last_change: dict[UUID, bytes] = {}
        self._head = ChangeHead(
            group_id=ids.new().bytes,
            action=deed,
            made_at=to_microseconds(now),
            actor_id=actor.person_id.bytes,
            actor_name=actor.name,
            device_id=actor.device_id.bytes,
        )

    def add(self, record: Record) -> None:
        """Write a new record."""
        kind = TYPE_OF[type(record)]
        rid = CODECS[kind.name].insert(self.connection, record)
        if self._search.covers(kind.name):
            self._search.put(self.connection, kind.name, rid, record)
        self._queue(record, as_json(outbox.first_fields(record)), None)
        self._trail.append([Event(self._deed, kind.name, record.id, self._note)])
        self._touched.setdefault(kind.name, set()).add(record.id)

    def change(self, record: Record) -> None:
        """Write a record that exists; nothing happens when no field differs.

        Raises Refused("store.append_only") for steps and photos.
        """
        kind = TYPE_OF[type(record)]
        if kind.append_only:
            raise Refused("store.append_only", kind=kind.title)
        codec = CODECS[kind.name]
        found = codec.find(self.connection, record.id.bytes)
        if found is None:
            raise Refused("store.record_missing", kind=kind.title)
        rid, old = found
        fields = outbox.changed_fields(old, record)
        if not fields:
            return
        codec.update(self.connection, record, [*fields, "changed_at"])
        if self._search.covers(kind.name):
            self._search.replace(self.connection, kind.name, rid, old, record)
        text = as_json(fields)
        self._queue(record, text, self._follows(record.id))
        self._trail.append([Event(self._deed, kind.name, record.id, self._note, text)])
        self._touched.setdefault(kind.name, set()).add(record.id)

    def rewrite(self, record: Record) -> None:
        """Put the row of a record that exists as a decision leaves it; nothing is queued by this."""
        kind = TYPE_OF[type(record)]
        codec = CODECS[kind.name]
        found = codec.find(self.connection, record.id.bytes)
        if found is None:
            raise Refused("store.record_missing", kind=kind.title)
        rid, old = found
        codec.update(self.connection, record, [name for name in codec.names if name != "id"])
        if self._search.covers(kind.name):
            self._search.replace(self.connection, kind.name, rid, old, record)
        self._trail.append(
            [Event(self._deed, kind.name, record.id, self._note, as_json(outbox.changed_fields(old, record)))]
        )
        self._touched.setdefault(kind.name, set()).add(record.id)

    def take_out(self, record: Record) -> None:
        """Remove a record the city never had; who calls keeps it whole somewhere else."""
        kind = TYPE_OF[type(record)]
        codec = CODECS[kind.name]
        found = codec.find(self.connection, record.id.bytes)
        if found is None:
            return
        if self._search.covers(kind.name):
            self._search.remove_many(self.connection, kind.name, [found[0]])
        run(self.connection, f'DELETE FROM "{codec.table.name}" WHERE id = ?', (record.id.bytes,))
        self._trail.append([Event(self._deed, kind.name, record.id, self._note)])
        self._touched.setdefault(kind.name, set()).add(record.id)

    def take_back(self, record: Record) -> None:
        """Remove a record of this PC's own here, and queue its removal at the city."""
        found = self.get(type(record), record.id) or record
        self._queue(found, "{}", self._follows(record.id))
        self.take_out(found)

    def queue_anew(
        self, record: Record, fields: str, base_version: int, *, group: UUID, action: str, actor: tuple[UUID, str]
    ) -> None:
        """Queue one fresh change of a record whose earlier ones are closed; fields: JSON as in the outbox."""
        change_id = self.ids.new()
        self._last_change[record.id] = change_id.bytes
        head = replace(
            self._head,
            group_id=group.bytes,
            action=action,
            made_at=to_microseconds(record.changed_at),
            actor_id=actor[0].bytes,
            actor_name=actor[1],
        )
        if base_version == 0 and record.created_at != record.changed_at:
            # The city takes the first change's instant for the record's own unless it is told otherwise.
            fields = as_json({**from_json(fields), "created_at": [None, record.created_at]})
        at_base = record.model_copy(update={"version": base_version})
        row = outbox.change_row(TYPE_OF[type(record)], at_base, fields, change_id, None, head)
        outbox.put(self.connection, [row])

    def note_event(
        self, deed: str, record_type: str, record_id: UUID | None, note: str = "", result: str = "ok"
    ) -> None:
        """Write an audit event that changes no record: a look at personal data, a sign-in, an export."""
        self._trail.append([Event(deed, record_type, record_id, note, result=result)])

    def add_many(self, records: Sequence[Record], *, queue: bool = True) -> None:
        """Write many new records of one type set by set.

        `queue` False for what the city already has: no outbox, and one audit event for the whole set.
        """
        if not records:
            return
        kind = TYPE_OF[type(records[0])]
        codec = CODECS[kind.name]
        first = self._next_rid(codec.table.name)
        codec.insert_many(self.connection, records)
        if self._search.covers(kind.name):
            self._search.put_many(self.connection, kind.name, list(enumerate(records, start=first)))
        self._bulk.add(kind.name)
        if not queue:
            self._trail.append([Event(self._deed, kind.name, None, f"{len(records)}")])
            return
        # Each stands for itself: thousands of imported records are no single use case that must arrive whole.
        rows = [self._change_row(r, as_json(outbox.first_fields(r)), None, group=r.id.bytes) for r in records]
        outbox.put(self.connection, rows)
        self._trail.append([Event(self._deed, kind.name, record.id, self._note) for record in records])

    @contextmanager
    def by_itself(self) -> Iterator[None]:
        """What is written inside travels as a group of its own: thousands of records of one deed need not arrive together."""
        whole, self._head = self._head, replace(self._head, group_id=self.ids.new().bytes)
        try:
            yield
        finally:
            self._head = whole

    def changes(self) -> ChangeSet:
        """What this transaction touched so far."""
        return ChangeSet({name: frozenset(ids) for name, ids in self._touched.items()}, frozenset(self._bulk))

    def next_number(self, series: str, count: int = 1) -> int:
        """The first of the next `count` numbers of a local series, from 1 up, never given twice on this PC."""
        sql = (
            "INSERT INTO numbers(series, last) VALUES (?, ?) "
            "ON CONFLICT(series) DO UPDATE SET last = last + excluded.last RETURNING last"
        )
        return int(run(self.connection, sql, (series, count)).fetchone()[0]) - count + 1

    def _next_rid(self, table: str) -> int:
        return int(run(self.connection, f'SELECT coalesce(max(rid), 0) + 1 FROM "{table}"').fetchone()[0])

    def _follows(self, record_id: UUID) -> bytes | None:
        return self._last_change.get(record_id) or outbox.last_waiting(self.connection, record_id)

    def _queue(self, record: Record, fields: str, follows: bytes | None) -> None:
        if TYPE_OF[type(record)].reach is not Reach.PC:
            outbox.put(self.connection, [self._change_row(record, fields, follows)])

    def _change_row(
        self, record: Record, fields: str, follows: bytes | None, group: bytes | None = None
    ) -> tuple[object, ...]:
        change_id = self.ids.new()
        self._last_change[record.id] = change_id.bytes
        # The city takes a record's instants from its changes; both sides then hold the same ones.
        head = replace(self._head, group_id=group or self._head.group_id, made_at=to_microseconds(record.changed_at))
        return outbox.change_row(TYPE_OF[type(record)], record, fields, change_id, follows, head)
