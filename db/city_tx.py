"""What the city sent, written down: rows, search words, bases and sums of a page in one transaction; nothing is queued."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from app.base.changes import ChangeSet
from app.base.logs import Log
from app.domain.catalog import TYPE_NAMED
from app.domain.permissions import Actor
from app.domain.records import Reach, RecordType
from app.wire.proof import row_hash
from app.wire.sync import HASH_MODULUS, Entry, Outcome, Status
from app.wire.upcast import upcast
from db.city_held import GONE, Held, home_of, look, on_top
from db.city_rows import CityRows, RowBroken
from db.engine import run, run_many
from db.events import Event, Trail
from db.fts import SearchIndex
from db.queries.sync import put_answer
from db.tx import CODECS, Reader
from db.types import as_json

ROWS = {name: CityRows(codec) for name, codec in CODECS.items()}
BULK = 500
OF_SCHEMA = "#"
"""Between the name of a type and its schema, where a row is kept verbatim because its schema is newer than ours."""
log = Log("sync")
MARK_SQL = 'INSERT OR REPLACE INTO foreign_rows(record_id, scope, record_type, version, "row") VALUES (?, ?, ?, ?, ?)'
BASE_SQL = 'INSERT OR REPLACE INTO bases(record_id, record_type, version, "row") VALUES (?, ?, ?, ?)'


@dataclass
class _Writes:
    """What a page comes to, set by set."""

    inserts: defaultdict[str, list[tuple[list[Any], Mapping[str, Any]]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    updates: defaultdict[str, list[tuple[list[Any], int, Mapping[str, Any]]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    marks: list[tuple[Any, ...]] = field(default_factory=list)
    unmarked: list[tuple[bytes]] = field(default_factory=list)
    bases: dict[bytes, Entry] = field(default_factory=dict)


class CityTx(Reader):
    """One page or one batch of answers. `changes` afterwards says what it touched."""

    def __init__(self, connection: Connection, actor: Actor, deed: str, *, now: datetime, search: SearchIndex) -> None:
        super().__init__(connection)
        self.now = now
        self.home = home_of(connection)
        self._actor = actor
        self._deed = deed
        self._search = search
        self._sums: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0])
        self._touched: defaultdict[str, set[bytes]] = defaultdict(set)

    def take(self, scope: str, entries: Iterable[Entry], *, replace: bool = False) -> int:
        """Apply feed entries or snapshot rows of a scope; gives how many changed something here.

        What is here already is passed over, so a page may be taken twice. replace: rows of a city that was put back to
        an earlier state stand, whatever version is here.
        """
        newest = {entry.id.bytes: entry for entry in entries}
        held = look(self.connection, ((entry.type, raw) for raw, entry in newest.items()), self.home)
        writes, gone = _Writes(), list[tuple[bytes, str]]()
        taken = 0
        for raw, entry in newest.items():
            place = held.place(raw)
            if entry.op in ("leave", "delete"):
                if place and place[0].removeprefix(GONE) == scope and entry.version >= place[1]:
                    gone.append((raw, entry.type))
            elif entry.row is not None and (replace or _is_news(place, scope, entry.version)):
                self._sort_in(scope, raw, entry, held, writes)
                self.move_sum(raw, place, (scope, entry.version))
                taken += 1
        self._write(writes)
        return taken + self.remove(gone, held)

    def would_remove(self, scope: str, entries: Iterable[Entry]) -> int:
        """How many records that are here these entries take away."""
        leaving = {e.id.bytes: e.type for e in entries if e.op in ("leave", "delete")}
        if not leaving:
            return 0
        held = look(self.connection, ((kind, raw) for raw, kind in leaving.items()), self.home)
        return sum(1 for raw in leaving if (place := held.place(raw)) and place[0].removeprefix(GONE) == scope)

    def move_sum(self, raw: bytes, gone: tuple[str, int] | None, come: tuple[str, int] | None) -> None:
        """A record's share leaves the sum of one (scope, version) and joins another's."""
        if gone is not None and not gone[0].startswith(GONE):
            sums = self._sums[gone[0]]
            sums[0] -= 1
            sums[1] -= row_hash(raw, gone[1])
        if come is not None:
            sums = self._sums[come[0]]
            sums[0] += 1
            sums[1] += row_hash(raw, come[1])

    def scope_of(self, kind: str) -> str:
        """The scope new records of a type come to stand in."""
        return self.home.of(TYPE_NAMED[kind])

    def touch(self, kind: str, raw: bytes) -> None:
        """Listeners hear of this record after the commit."""
        self._touched[kind].add(raw)

    def finish(self, note: str = "") -> None:
        """Write the sums, and one entry in the audit trail when anything changed."""
        sql = 'UPDATE scopes SET "count" = "count" + ?, hash = (hash + ?) % ? WHERE scope = ?'
        sums = [(s[0], s[1] % HASH_MODULUS, HASH_MODULUS, scope) for scope, s in self._sums.items() if s != [0, 0]]
        run_many(self.connection, sql, sums)
        if self._touched:
            told = note or ", ".join(f"{kind} {len(ids)}" for kind, ids in sorted(self._touched.items()))
            most = max(self._touched, key=lambda kind: len(self._touched[kind]))
            Trail(self.connection, self._actor, self.now).append([Event(self._deed, most, None, told)])

    def changes(self) -> ChangeSet:
        """What this transaction touched."""
        few = {
            kind: frozenset(UUID(bytes=raw) for raw in ids) for kind, ids in self._touched.items() if len(ids) <= BULK
        }
        return ChangeSet(few, frozenset(self._touched.keys() - few.keys()))

    def rewrite(self, kind: str, raw: bytes, version: int, values: Mapping[str, Any], held: Held) -> None:
        """Put what screens show of a record that is here."""
        writes = _Writes()
        self._put(kind, raw, version, values, held, writes)
        self._write(writes)

    def _sort_in(self, scope: str, raw: bytes, entry: Entry, held: Held, writes: _Writes) -> None:
        kind = TYPE_NAMED.get(entry.type)
        if kind is None or kind.reach is Reach.PC:
            writes.marks.append((raw, scope, entry.type, entry.version, as_json(entry.row)))
            return
        if schema_of(entry, kind) > kind.schema:
            newer = f"{entry.type}{OF_SCHEMA}{schema_of(entry, kind)}"
            writes.marks.append((raw, scope, newer, entry.version, as_json(entry.row)))
            return
        values = upcast(entry.type, schema_of(entry, kind), kind.schema, entry.row or {})
        if not self._put(entry.type, raw, entry.version, values, held, writes):
            writes.marks.append((raw, scope, entry.type, entry.version, as_json(entry.row)))
            return
        if raw in held.open:
            writes.bases[raw] = entry
        if self.home.of(kind) != scope:
            writes.marks.append((raw, scope, entry.type, entry.version, None))
        elif raw in held.marks:
            writes.unmarked.append((raw,))

    def _put(self, kind: str, raw: bytes, version: int, values: Mapping[str, Any], held: Held, writes: _Writes) -> bool:
        rows = ROWS[kind]
        try:
            stored = rows.stored(raw, version, values)
        except RowBroken as error:
            log.warning("sync.row_not_understood", type=kind, id=str(UUID(bytes=raw)), reason=str(error))
            return False
        here = held.rows.get(raw)
        if here is None:
            writes.inserts[kind].append((stored, values))
        else:
            writes.updates[kind].append((stored, here[1], values))
        self.touch(kind, raw)
        return True

    def _write(self, writes: _Writes) -> None:
        for kind, fresh in writes.inserts.items():
            self._insert(kind, fresh)
        if writes.bases:
            self._rebase(writes)
        for kind, changed in writes.updates.items():
            rows = ROWS[kind]
            run_many(self.connection, rows.update_sql, (rows.update_values(stored) for stored, _, _ in changed))
            if self._search.covers(kind):
                words = [(rid, rows.for_words(values)) for _, rid, values in changed]
                self._search.replace_many(self.connection, kind, words)
        run_many(self.connection, "DELETE FROM foreign_rows WHERE record_id = ?", writes.unmarked)
        run_many(self.connection, MARK_SQL, writes.marks)

    def _insert(self, kind: str, fresh: Sequence[tuple[list[Any], Mapping[str, Any]]]) -> None:
        rows = ROWS[kind]
        sql = f'SELECT coalesce(max(rid), 0) + 1 FROM "{rows.table.name}"'
        first = int(run(self.connection, sql).fetchone()[0])
        run_many(self.connection, rows.insert_sql, (stored for stored, _ in fresh))
        if self._search.covers(kind):
            words = [(rid, rows.for_words(values)) for rid, (_, values) in enumerate(fresh, start=first)]
            self._search.put_many(self.connection, kind, words)

    def _rebase(self, writes: _Writes) -> None:
        """The city's row becomes the base of a record with open changes; they go on top again."""
        bases = {raw: entry.row or {} for raw, entry in writes.bases.items()}
        run_many(
            self.connection, BASE_SQL, [(raw, e.type, e.version, as_json(e.row)) for raw, e in writes.bases.items()]
        )
        seen = on_top(self.connection, bases)
        for kind, changed in writes.updates.items():
            mine = [self._with_mine(kind, row, seen) for row in changed]
            writes.updates[kind] = [row for row in mine if row is not None]

    def _with_mine(
        self, kind: str, row: tuple[list[Any], int, Mapping[str, Any]], seen: Mapping[bytes, Mapping[str, Any]]
    ) -> tuple[list[Any], int, Mapping[str, Any]] | None:
        stored, rid, _values = row
        raw, version = ROWS[kind].key_of(stored)
        if raw not in seen:
            return row
        try:
            return ROWS[kind].stored(raw, version, seen[raw]), rid, seen[raw]
        except RowBroken as error:
            # What the person entered stays on the screen; only the version moves on.
            log.warning("sync.mine_does_not_fit", type=kind, id=str(UUID(bytes=raw)), reason=str(error))
            run(self.connection, f'UPDATE "{ROWS[kind].table.name}" SET version = ? WHERE id = ?', (version, raw))
            return None

    def remove(self, gone: Sequence[tuple[bytes, str]], held: Held) -> int:
        """Take (id, type) away with their search words; those with open changes stay, known to nobody else."""
        for raw, kind in gone:
            self.move_sum(raw, held.place(raw), None)
            self.touch(kind, raw)
        run_many(self.connection, "DELETE FROM foreign_rows WHERE record_id = ?", [(raw,) for raw, _ in gone])
        kept = [(raw, kind) for raw, kind in gone if raw in held.open]
        left = [(raw, kind) for raw, kind in gone if raw not in held.open and raw in held.rows]
        for kind in {kind for _, kind in left}:
            ids = [raw for raw, name in left if name == kind]
            if self._search.covers(kind):
                self._search.remove_many(self.connection, kind, [held.rows[raw][1] for raw in ids])
            run_many(self.connection, f'DELETE FROM "{CODECS[kind].table.name}" WHERE id = ?', [(raw,) for raw in ids])
        for raw, kind in kept:
            self._hold(raw, kind)
        return len(gone)

    def _hold(self, raw: bytes, kind: str) -> None:
        """The city took a record away of which changes are open: it stays here with them, known to nobody else."""
        run(self.connection, f'UPDATE "{CODECS[kind].table.name}" SET version = 0 WHERE id = ?', (raw,))
        run(self.connection, "DELETE FROM bases WHERE record_id = ?", (raw,))
        sql = "SELECT change_id FROM outbox WHERE state = 'waiting' AND record_id = ?"
        for (change_id,) in run(self.connection, sql, (raw,)).fetchall():
            held = Outcome(change_id=UUID(bytes=change_id), status=Status.HELD, waiting_for="removed")
            put_answer(self.connection, kind, raw, held, self.now)


def _is_news(place: tuple[str, int] | None, scope: str, version: int) -> bool:
    if place is None:
        return True
    return version > place[1] or (version == place[1] and place[0] != scope)


def schema_of(entry: Entry, kind: RecordType) -> int:
    return int((entry.model_extra or {}).get("schema_no", kind.schema))
