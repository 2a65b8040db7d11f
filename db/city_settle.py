"""What became of changes that were sent: outbox, versions, bases and answers move in one transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic_core import from_json

from app.wire.sync import SETTLED, Outcome
from db.city_held import Held, bases_of, later, look, on_top
from db.city_tx import BASE_SQL, ROWS, CityTx
from db.engine import run, run_many
from db.outbox import OPEN
from db.queries.queued import Queued
from db.queries.sync import free_those_after, put_answer, put_settled
from db.types import as_json


def settle(tx: CityTx, changes: Sequence[Queued], outcomes: Sequence[Outcome]) -> int:
    """Write down the answers to changes, in the order they were sent; gives how many held ones became free.

    A version goes up only by the step the city named: where others came in between and the answer has no row, the
    feed brings row and version together.
    """
    held = look(tx.connection, {(one.record_type, one.record_id) for one in changes}, tx.home, with_open=False)
    work = _Work(tx, held, bases_of(tx.connection, [one.record_id for one in changes]))
    settled: list[tuple[int, bytes]] = []
    for change, outcome in zip(changes, outcomes, strict=True):
        tx.touch(change.record_type, change.record_id)
        if outcome.status in SETTLED:
            settled.append((change.seq, change.change_id))
            work.settled(change, outcome)
        else:
            put_answer(tx.connection, change.record_type, change.record_id, outcome, tx.now)
            work.stopped(change, outcome)
    put_settled(tx.connection, settled)
    work.write()
    return free_those_after(tx.connection, (change_id for _, change_id in settled))


class _Work:
    """Versions and bases as they become while the answers are read."""

    def __init__(self, tx: CityTx, held: Held, bases: dict[bytes, tuple[int, dict[str, Any]]]) -> None:
        self._tx = tx
        self._held = held
        # One that a decision left behind says nothing any more.
        self._bases = {
            raw: base for raw, base in bases.items() if (place := held.place(raw)) is None or place[1] == base[0]
        }
        self._kinds: dict[bytes, str] = {}
        self._versions: dict[bytes, int] = {}
        self._dirty: set[bytes] = set()

    def settled(self, change: Queued, outcome: Outcome) -> None:
        """The city took it."""
        raw, here = change.record_id, self._version(change)
        if outcome.version <= here:
            # The feed was quicker: what it brought stands, without this change on top.
            self._dirty.update({raw} & self._bases.keys())
            return
        if outcome.row is not None:
            self._base(raw, outcome.version, outcome.row)
        elif outcome.version == here + 1:
            self._versions[raw] = outcome.version
            if raw in self._bases:
                row = {**self._bases[raw][1], **{name: pair[1] for name, pair in from_json(change.fields).items()}}
                row["changed_at"] = later(row.get("changed_at"), change.made_at)
                self._bases[raw] = (outcome.version, row)

    def stopped(self, change: Queued, outcome: Outcome) -> None:
        """A conflict shows the city's row: it is the base from now on, mine stays on top."""
        if outcome.row is not None and outcome.version >= self._version(change):
            self._base(change.record_id, outcome.version, outcome.row)

    def write(self) -> None:
        """Rows, versions, sums and bases, set by set."""
        tx = self._tx
        open_now = self._open_now()
        seen = on_top(tx.connection, {raw: self._bases[raw][1] for raw in self._dirty})
        for raw, values in seen.items():
            if raw in self._held.rows:
                tx.rewrite(self._kinds[raw], raw, self._bases[raw][0], values, self._held)
        moved: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
        for raw, version in self._versions.items():
            if raw in self._held.rows:
                kind, rid, _ = self._held.rows[raw]
                moved[kind].append((version, rid))
        for kind, versions in moved.items():
            run_many(tx.connection, f'UPDATE "{ROWS[kind].table.name}" SET version = ? WHERE rid = ?', versions)
        self._move_sums()
        kept = {raw: base for raw, base in self._bases.items() if raw in open_now}
        rows = [(raw, self._kinds[raw], version, as_json(row)) for raw, (version, row) in kept.items()]
        run_many(tx.connection, BASE_SQL, rows)
        if run(tx.connection, "SELECT 1 FROM bases LIMIT 1").fetchone() is not None:
            closed = [(raw,) for raw in self._kinds if raw not in kept]
            run_many(tx.connection, "DELETE FROM bases WHERE record_id = ?", closed)

    def _move_sums(self) -> None:
        tx, held = self._tx, self._held
        marks: list[tuple[int, bytes]] = []
        for raw, version in self._versions.items():
            place = held.place(raw)
            scope = place[0] if place else tx.scope_of(self._kinds[raw])
            tx.move_sum(raw, place, (scope, version))
            if raw in held.marks:
                marks.append((version, raw))
        run_many(tx.connection, "UPDATE foreign_rows SET version = ? WHERE record_id = ?", marks)

    def _version(self, change: Queued) -> int:
        raw = change.record_id
        self._kinds[raw] = change.record_type
        if raw not in self._versions:
            place = self._held.place(raw)
            return place[1] if place else 0
        return self._versions[raw]

    def _base(self, raw: bytes, version: int, row: Mapping[str, Any]) -> None:
        self._bases[raw] = (version, dict(row))
        self._versions[raw] = version
        self._dirty.add(raw)

    def _open_now(self) -> set[bytes]:
        if not self._bases:
            return set()
        sql = (
            "SELECT DISTINCT record_id FROM outbox INDEXED BY ix_outbox_record "
            f"WHERE record_id IN ({', '.join('?' * len(self._bases))}) AND state IN {OPEN}"
        )
        return {row[0] for row in run(self._tx.connection, sql, list(self._bases))}
