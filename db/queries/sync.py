"""What the engine asks the file: which changes go next, what waits, how far each scope has come, the brake."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from pydantic_core import from_json, to_json
from sqlalchemy import Connection

from app.domain.catalog import RECORD_TYPES
from app.domain.records import Reach
from app.wire.sync import CITY_SCOPE, Change, Outcome
from db.engine import run, run_many
from db.outbox import OPEN, OPEN_STATES
from db.queries import files
from db.queries.queued import next_queued
from db.types import to_microseconds

BRAKE_NOTE = "sync.brake"
ADOPTED_NOTE = "sync.adopted"
_STAYS_HERE = tuple(kind.name for kind in RECORD_TYPES if kind.reach is Reach.PC)
_MARKS = ", ".join("?" * len(_STAYS_HERE))


@dataclass(frozen=True)
class ScopeState:
    """A line of `scopes`."""

    scope: str
    epoch: str
    after: int
    head: int
    count: int
    hash: int
    phase: str
    snapshot_after: UUID | None
    snapshot_head: int
    equal: bool | None


@dataclass(frozen=True)
class Brake:
    """Removals a person is asked about. allowed: they said yes."""

    count: int
    limit: int
    allowed: bool = False


def next_batch(connection: Connection, limit: int, max_bytes: int, after: int = 0) -> list[Change]:
    """The next changes to send as envelopes; see `db.queries.queued.next_queued`."""
    return [one.change() for one in next_queued(connection, limit, max_bytes, after)]


def state_counts(connection: Connection) -> dict[str, int]:
    """How many changes are in each open state."""
    counts = dict.fromkeys(OPEN_STATES, 0)
    rows = run(connection, f"SELECT state, count(*) FROM outbox WHERE state IN {OPEN} GROUP BY state")
    return counts | dict(rows.fetchall())


def settle_what_stays_here(connection: Connection) -> None:
    """Changes of records that never travel count as settled."""
    sql = f"UPDATE outbox SET state = 'settled' WHERE state = 'waiting' AND record_type IN ({_MARKS})"
    run(connection, sql, _STAYS_HERE)


def free_held(connection: Connection) -> int:
    """Let changes be judged anew that wait for a parent, a review, an upgrade of the city, or for something settled since."""
    said = "json_extract((SELECT answer FROM outcomes WHERE outcomes.change_id = outbox.change_id), '$.waiting_for')"
    freed: int = run(
        connection,
        "UPDATE outbox SET state = 'waiting' WHERE state = 'refused' AND change_id IN "
        "(SELECT change_id FROM outcomes WHERE code = 'sync.type_unknown' AND decided_at IS NULL)",
    ).rowcount
    freed += run(
        connection,
        f"UPDATE outbox SET state = 'waiting' WHERE state = 'held' AND coalesce({said}, '') IN ('', 'parent', 'review', 'removed')",
    ).rowcount
    while True:
        more: int = run(
            connection,
            f"UPDATE outbox SET state = 'waiting' WHERE state = 'held' AND EXISTS (SELECT 1 FROM outbox o "
            f"WHERE o.change_id = unhex(replace({said}, '-', '')) AND o.state IN ('settled', 'waiting'))",
        ).rowcount
        if not more:
            return freed
        freed += more


def free_those_after(connection: Connection, settled: Iterable[bytes]) -> int:
    """Let changes be sent again that were held for one of these, which are settled now."""
    if run(connection, "SELECT 1 FROM outbox WHERE state = 'held' LIMIT 1").fetchone() is None:
        return 0
    sql = (
        "UPDATE outbox SET state = 'waiting' WHERE state = 'held' AND change_id IN (SELECT change_id FROM outcomes "
        "WHERE status = 'held' AND json_extract(answer, '$.waiting_for') IN (SELECT value FROM json_each(?)))"
    )
    freed: int = run(connection, sql, (to_json([UUID(bytes=change_id) for change_id in settled]).decode(),)).rowcount
    return freed


def put_settled(connection: Connection, changes: Sequence[tuple[int, bytes]]) -> None:
    """(place in the queue, change id) of changes the city has taken over: they need no answer any more."""
    sql = "UPDATE outbox SET state = 'settled' WHERE seq = ? AND change_id = ? AND state IN ('waiting', 'held')"
    run_many(connection, sql, changes)
    if run(connection, "SELECT 1 FROM outcomes LIMIT 1").fetchone() is not None:
        run_many(connection, "DELETE FROM outcomes WHERE change_id = ?", [change[1:] for change in changes])


def put_answer(connection: Connection, record_type: str, record_id: bytes, answer: Outcome, now: datetime) -> None:
    """Keep the city's answer to a change that is not settled, whole, and put the change in that state."""
    sql = (
        "INSERT OR REPLACE INTO outcomes(change_id, record_type, record_id, status, code, field, message, answer, at) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
    )
    at = to_microseconds(answer.at or now)
    text = answer.model_dump_json(exclude_defaults=True)
    words = (answer.status.value, answer.code, answer.field, answer.message, text, at)
    run(connection, sql, (answer.change_id.bytes, record_type, record_id, *words))
    sql = "UPDATE outbox SET state = ? WHERE change_id = ? AND state IN ('waiting', 'held')"
    run(connection, sql, (answer.status.value, answer.change_id.bytes))


def ensure_scopes(connection: Connection, scopes: Iterable[str]) -> None:
    """A line for each scope that has none; its first snapshot is still to come."""
    sql = (
        "INSERT OR IGNORE INTO scopes(scope, epoch, after, head, count, hash, phase, snapshot_head) "
        "VALUES (?, '', 0, 0, 0, 0, 'snapshot', 0)"
    )
    run_many(connection, sql, [(scope,) for scope in scopes])


def scope_states(connection: Connection, scopes: Sequence[str]) -> list[ScopeState]:
    """The lines of these scopes, in the order asked."""
    sql = (
        'SELECT scope, epoch, after, head, "count", hash, phase, snapshot_after, snapshot_head, equal '
        f"FROM scopes WHERE scope IN ({', '.join('?' * len(scopes))})"
    )
    found = {row[0]: _scope_state(row) for row in run(connection, sql, list(scopes))}
    return [found[scope] for scope in scopes if scope in found]


def _scope_state(row: Sequence[Any]) -> ScopeState:
    after_id = UUID(bytes=row[7]) if row[7] else None
    equal = None if row[9] is None else bool(row[9])
    return ScopeState(row[0], row[1], row[2], row[3], row[4], row[5], row[6], after_id, row[8], equal)


def home_scopes(connection: Connection) -> tuple[str, ...]:
    """The scopes this PC always pulls: its district and what the city publishes; empty while it is not enrolled."""
    row = run(connection, "SELECT district FROM city_link WHERE id = 1").fetchone()
    return () if row is None else (str(row[0]), CITY_SCOPE)


@lru_cache(maxsize=1)
def understood() -> str:
    """Every record type this program knows, with its schema and fields, as a mark that changes when one does."""
    known = sorted((kind.name, kind.schema, *sorted(kind.record.model_fields)) for kind in RECORD_TYPES)
    return hashlib.sha256(repr(known).encode()).hexdigest()


def adopted_by(connection: Connection) -> str | None:
    """The mark of the program that last looked through rows kept verbatim."""
    row = run(connection, "SELECT value FROM notes WHERE name = ?", (ADOPTED_NOTE,)).fetchone()
    return None if row is None else str(row[0])


def note_adopted(connection: Connection) -> None:
    """This program has looked through them."""
    _put_note(connection, ADOPTED_NOTE, understood())


def tell_again(connection: Connection) -> int:
    """Every settled change goes again: the city answers those it still has as before, and takes those it lost.

    So does every file: it is offered anew, and what the city still has whole is not sent.
    """
    files.offer_all_again(connection)
    sql = f"UPDATE outbox SET state = 'waiting' WHERE state = 'settled' AND record_type NOT IN ({_MARKS})"
    told: int = run(connection, sql, _STAYS_HERE).rowcount
    return told


def _put_note(connection: Connection, name: str, value: str) -> None:
    sql = "INSERT INTO notes(name, value) VALUES (?, ?) ON CONFLICT(name) DO UPDATE SET value = excluded.value"
    run(connection, sql, (name, value))


def brake(connection: Connection) -> Brake | None:
    """The removals that wait for a person's word, or were allowed and have not been carried out yet."""
    row = run(connection, "SELECT value FROM notes WHERE name = ?", (BRAKE_NOTE,)).fetchone()
    return None if row is None else Brake(**from_json(row[0]))


def put_brake(connection: Connection, found: Brake) -> None:
    """Ask about removals."""
    _put_note(connection, BRAKE_NOTE, to_json(found.__dict__).decode())


def allow_removals(connection: Connection) -> int:
    """A person lets the removals through; gives how many were asked about."""
    found = brake(connection)
    if found is None:
        return 0
    put_brake(connection, Brake(found.count, found.limit, allowed=True))
    return found.count


def drop_brake(connection: Connection) -> None:
    """The removals were carried out, or are no longer asked for."""
    run(connection, "DELETE FROM notes WHERE name = ?", (BRAKE_NOTE,))
