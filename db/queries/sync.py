"""What the engine asks the file: which changes go next, what waits, how far each scope has come, the brake."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic_core import from_json, to_json
from sqlalchemy import Connection

from app.domain.catalog import RECORD_TYPES
from app.domain.records import Reach
from app.wire.sync import CITY_SCOPE, Change, Outcome
from db.engine import run, run_many
from db.queries import files
from db.types import from_microseconds, to_microseconds

OPEN_STATES = ("waiting", "conflict", "refused", "held")
"""States of a change the city has not settled and nobody has decided."""
_OPEN = "('waiting', 'conflict', 'refused', 'held')"
_STUCK = "('conflict', 'refused', 'held')"
CHANGE_COLUMNS = (
    "change_id, group_id, seq, record_type, record_id, action, schema, base_version, follows, fields, made_at, "
    "actor_id, actor_name"
)
_ENVELOPE_BYTES = 520
BRAKE_NOTE = "sync.brake"
ADOPTED_NOTE = "sync.adopted"


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
    """The next changes to send, in the order they were made; groups whole.

    Changes of a record with an open conflict, refusal or held change stay back, and so does their whole group.
    A group larger than `limit` or `max_bytes` is split only when every change in it is a new record.
    """
    sql = f"SELECT {CHANGE_COLUMNS} FROM outbox WHERE state = 'waiting' AND seq > ? ORDER BY seq"
    stuck = _stuck(connection)
    batch: list[Change] = []
    size = 0
    for group in _groups(run(connection, sql, (after,))):
        if stuck and any(row[4] in stuck for row in group):
            stuck.update(row[4] for row in group)
            continue
        weight = sum(_weight(row) for row in group)
        if batch and (len(batch) + len(group) > limit or size + weight > max_bytes):
            break
        if (len(group) > limit or weight > max_bytes) and _may_be_split(group):
            return [change_of(row) for row in _first_part(group, limit, max_bytes)]
        batch.extend(change_of(row) for row in group)
        size += weight
        if len(batch) >= limit:
            break
    return batch


def _first_part(group: Sequence[Sequence[Any]], limit: int, max_bytes: int) -> Sequence[Sequence[Any]]:
    size = 0
    for count, row in enumerate(group):
        size += _weight(row)
        if count and (count >= limit or size > max_bytes):
            return group[:count]
    return group


def _groups(rows: Iterable[Sequence[Any]]) -> Iterator[list[Sequence[Any]]]:
    """Changes of one group stand together: one transaction wrote them."""
    group: list[Sequence[Any]] = []
    for row in rows:
        if group and group[0][1] != row[1]:
            yield group
            group = []
        group.append(row)
    if group:
        yield group


def _weight(row: Sequence[Any]) -> int:
    """Bytes of a change on the wire, a little too many rather than too few."""
    return len(row[9].encode()) + _ENVELOPE_BYTES


def _may_be_split(group: Sequence[Sequence[Any]]) -> bool:
    return all(row[7] == 0 and row[8] is None for row in group)


def _stuck(connection: Connection) -> set[bytes]:
    """Records that wait for a person or for other changes."""
    return {row[0] for row in run(connection, f"SELECT record_id FROM outbox WHERE state IN {_STUCK}")}


def change_of(row: Sequence[Any]) -> Change:
    """A change as it goes over the wire, from a row of the outbox; exactly what was written down."""
    return Change.model_construct(
        change_id=UUID(bytes=row[0]),
        group=UUID(bytes=row[1]),
        seq=row[2],
        record_type=row[3],
        record_id=UUID(bytes=row[4]),
        action=row[5],
        schema_no=row[6],
        base_version=row[7],
        follows=UUID(bytes=row[8]) if row[8] else None,
        fields={name: tuple(pair) for name, pair in from_json(row[9]).items()},
        made_at=from_microseconds(row[10]),
        actor_id=UUID(bytes=row[11]),
        actor_name=row[12],
    )


def waiting_count(connection: Connection) -> int:
    """Changes that are not settled and not decided."""
    return int(run(connection, f"SELECT count(*) FROM outbox WHERE state IN {_OPEN}").fetchone()[0])


def state_counts(connection: Connection) -> dict[str, int]:
    """How many changes are in each open state."""
    counts = dict.fromkeys(OPEN_STATES, 0)
    rows = run(connection, f"SELECT state, count(*) FROM outbox WHERE state IN {_OPEN} GROUP BY state")
    return counts | dict(rows.fetchall())


def settle_what_stays_here(connection: Connection) -> None:
    """Changes of records that never travel count as settled."""
    names = [kind.name for kind in RECORD_TYPES if kind.reach is Reach.PC]
    marks = ", ".join("?" * len(names))
    run(connection, f"UPDATE outbox SET state = 'settled' WHERE state = 'waiting' AND record_type IN ({marks})", names)


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


def free_those_after(connection: Connection, settled: Sequence[UUID]) -> int:
    """Let changes be sent again that were held for one of these, which are settled now."""
    if run(connection, "SELECT 1 FROM outbox WHERE state = 'held' LIMIT 1").fetchone() is None:
        return 0
    sql = (
        "UPDATE outbox SET state = 'waiting' WHERE state = 'held' AND change_id IN (SELECT change_id FROM outcomes "
        "WHERE status = 'held' AND json_extract(answer, '$.waiting_for') IN (SELECT value FROM json_each(?)))"
    )
    freed: int = run(connection, sql, (to_json([str(change_id) for change_id in settled]).decode(),)).rowcount
    return freed


def put_states(connection: Connection, states: Sequence[tuple[str, bytes]]) -> None:
    """(state, change id) of changes that were waiting or held; settled ones need no answer any more."""
    run_many(connection, "UPDATE outbox SET state = ? WHERE change_id = ? AND state IN ('waiting', 'held')", states)
    if run(connection, "SELECT 1 FROM outcomes LIMIT 1").fetchone() is not None:
        settled = [(change_id,) for state, change_id in states if state == "settled"]
        run_many(connection, "DELETE FROM outcomes WHERE change_id = ?", settled)


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
    put_states(connection, [(answer.status.value, answer.change_id.bytes)])


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
    names = [kind.name for kind in RECORD_TYPES if kind.reach is Reach.PC]
    marks = ", ".join("?" * len(names))
    sql = f"UPDATE outbox SET state = 'waiting' WHERE state = 'settled' AND record_type NOT IN ({marks})"
    told: int = run(connection, sql, names).rowcount
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
