"""What this file holds of a set of records: their rows, the scopes they stand in, whether changes of them are open."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from pydantic_core import from_json
from sqlalchemy import Connection

from app.domain.catalog import TYPE_NAMED
from app.domain.records import Reach, RecordType
from app.wire.proof import row_hash
from app.wire.sync import HASH_MODULUS
from db.engine import run
from db.outbox import OPEN
from db.tx import CODECS
from db.types import from_microseconds

GONE = "-"
"""In front of a scope's name: its last snapshot did not name the record, which is still here."""
_AT_ONCE = 1000


@dataclass(frozen=True)
class Home:
    """Where records of this PC belong when nothing else is noted: its district, and for a PC's own types its own scope."""

    district: str
    device_scope: str

    def of(self, kind: RecordType) -> str:
        """The scope records of a type stand in."""
        return self.device_scope if kind.reach is Reach.DEVICE else self.district


@dataclass(frozen=True)
class Held:
    """rows: id -> (type, rid, version). marks: id -> (scope, type, version) of `foreign_rows`. open: ids with open changes."""

    home: Home
    rows: dict[bytes, tuple[str, int, int]] = field(default_factory=dict)
    marks: dict[bytes, tuple[str, str, int]] = field(default_factory=dict)
    open: frozenset[bytes] = frozenset()

    def place(self, record_id: bytes) -> tuple[str, int] | None:
        """(scope, the city's version) of a record that is here; None when the city has not sent it."""
        mark = self.marks.get(record_id)
        if mark is not None:
            return mark[0], mark[2]
        row = self.rows.get(record_id)
        if row is None or row[2] == 0:
            return None
        return self.home.of(TYPE_NAMED[row[0]]), row[2]


def home_of(connection: Connection) -> Home:
    """From the link; while there is none nothing stands in any scope."""
    row = run(connection, "SELECT district, device_id FROM city_link WHERE id = 1").fetchone()
    return Home("", "") if row is None else Home(row[0], f"{row[0]}/{UUID(bytes=row[1])}")


def look(connection: Connection, wanted: Iterable[tuple[str, bytes]], home: Home, *, with_open: bool = True) -> Held:
    """What is held of (record type, id) pairs: a fixed number of statements, however many there are.

    with_open: also which of them have open changes.
    """
    ids: defaultdict[str, list[bytes]] = defaultdict(list)
    for name, record_id in wanted:
        ids[name].append(record_id)
    rows: dict[bytes, tuple[str, int, int]] = {}
    for name, known in ids.items():
        if name in CODECS:
            sql = f'SELECT id, rid, version FROM "{CODECS[name].table.name}" WHERE id IN'
            rows.update((row[0], (name, row[1], row[2])) for row in _of_ids(connection, sql, known))
    every = [record_id for known in ids.values() for record_id in known]
    marks: dict[bytes, tuple[str, str, int]] = {}
    if run(connection, "SELECT 1 FROM foreign_rows LIMIT 1").fetchone():
        sql = "SELECT record_id, scope, record_type, version FROM foreign_rows WHERE record_id IN"
        marks.update((row[0], (row[1], row[2], row[3])) for row in _of_ids(connection, sql, every))
    return Held(home, rows, marks, _open_of(connection, every) if with_open else frozenset())


def _open_of(connection: Connection, ids: Sequence[bytes]) -> frozenset[bytes]:
    if run(connection, f"SELECT 1 FROM outbox WHERE state IN {OPEN} LIMIT 1").fetchone() is None:
        return frozenset()
    # Left to itself SQLite walks everything that waits, for each page anew.
    sql = f"SELECT DISTINCT record_id FROM outbox INDEXED BY ix_outbox_record WHERE state IN {OPEN} AND record_id IN"
    return frozenset(row[0] for row in _of_ids(connection, sql, ids))


def _of_ids(connection: Connection, sql: str, ids: Sequence[bytes]) -> Iterator[Sequence[Any]]:
    for at in range(0, len(ids), _AT_ONCE):
        part = ids[at : at + _AT_ONCE]
        yield from run(connection, f"{sql} ({', '.join('?' * len(part))})", part)


def bases_of(connection: Connection, ids: Sequence[bytes]) -> dict[bytes, tuple[int, dict[str, Any]]]:
    """id -> (version, the city's row) of records whose base is kept beside them."""
    if run(connection, "SELECT 1 FROM bases LIMIT 1").fetchone() is None:
        return {}
    sql = 'SELECT record_id, version, "row" FROM bases WHERE record_id IN'
    return {row[0]: (row[1], from_json(row[2])) for row in _of_ids(connection, sql, ids)}


def on_top(connection: Connection, bases: dict[bytes, dict[str, Any]]) -> dict[bytes, dict[str, Any]]:
    """The city's rows with the open changes of this PC on top, in the order they were made: what screens show."""
    seen = {record_id: dict(row) for record_id, row in bases.items()}
    sql = (
        "SELECT record_id, fields, made_at, seq FROM outbox INDEXED BY ix_outbox_record "
        f"WHERE state IN {OPEN} AND record_id IN"
    )
    for record_id, fields, made_at, _seq in sorted(_of_ids(connection, sql, list(bases)), key=lambda row: row[3]):
        values = seen[record_id]
        values.update((name, pair[1]) for name, pair in from_json(fields).items())
        values["changed_at"] = later(values.get("changed_at"), made_at)
    return seen


def later(said: Any, made_at: int) -> str:
    """The later of two instants, as the wire writes them: one said by a row, one in microseconds."""
    from datetime import datetime

    made = from_microseconds(made_at)
    old = datetime.fromisoformat(said) if isinstance(said, str) else made
    return max(old, made).isoformat().replace("+00:00", "Z")


def recount(connection: Connection, scope: str, home: Home) -> tuple[int, int]:
    """(count, hash) of a scope from the rows themselves."""
    count, total = 0, 0
    for rows in _all_of(connection, scope, home):
        for record_id, version in rows:
            count += 1
            total += row_hash(record_id, version)
    return count, total % HASH_MODULUS


def named_between(
    connection: Connection, scope: str, home: Home, after: bytes, last: bytes | None
) -> list[tuple[bytes, str, int]]:
    """(id, type, version) of a scope's records here with after < id <= last; last None: to the end."""
    limit = last if last is not None else b"\xff" * 17
    found: list[tuple[bytes, str, int]] = []
    for name, codec in CODECS.items():
        if _stands_in(TYPE_NAMED[name], scope, home):
            sql = (
                f'SELECT id, ?, version FROM "{codec.table.name}" WHERE id > ? AND id <= ? AND version > 0 '
                "AND id NOT IN (SELECT record_id FROM foreign_rows)"
            )
            found.extend(run(connection, sql, (name, after, limit)))
    sql = (
        "SELECT record_id, record_type, version FROM foreign_rows WHERE scope = ? AND record_id > ? AND record_id <= ?"
    )
    found.extend(run(connection, sql, (scope, after, limit)))
    return found


def _all_of(connection: Connection, scope: str, home: Home) -> Iterator[Any]:
    for name, codec in CODECS.items():
        if _stands_in(TYPE_NAMED[name], scope, home):
            sql = (
                f'SELECT id, version FROM "{codec.table.name}" WHERE version > 0 '
                "AND id NOT IN (SELECT record_id FROM foreign_rows)"
            )
            yield run(connection, sql)
    yield run(connection, "SELECT record_id, version FROM foreign_rows WHERE scope = ?", (scope,))


def _stands_in(kind: RecordType, scope: str, home: Home) -> bool:
    return kind.reach is not Reach.PC and home.of(kind) == scope
