"""At the head both sides must hold the same: count and hash of each scope are compared, and counted anew when they differ."""

from __future__ import annotations

from app.base.logs import Log
from app.sync.apply import Apply
from app.wire.sync import ScopeHead
from db.city_held import home_of
from db.city_held import recount as recounted
from db.engine import run
from db.queries import sync as queue
from db.queries.sync import ScopeState
from db.store import Store
from db.types import to_microseconds

log = Log("sync")
_SUMS = 'UPDATE scopes SET "count" = ?, hash = ? WHERE scope = ? AND "count" = ? AND hash = ?'
_EQUAL = "UPDATE scopes SET compared_at = ?, equal = ?, phase = CASE phase WHEN 'tail' THEN 'ready' ELSE phase END WHERE scope = ?"


class Check:
    """Compares what the city said of its scopes with what is here."""

    def __init__(self, store: Store, apply: Apply) -> None:
        self._store = store
        self._apply = apply

    def run(self, heads: dict[str, ScopeHead]) -> bool:
        """True when every scope is equal. One that is not is fetched anew by the next pull; nothing here is thrown away."""
        equal = True
        with self._store.read() as reader:
            states = {state.scope: state for state in queue.scope_states(reader.connection, list(heads))}
        for scope, head in heads.items():
            state = states[scope]
            if (state.count, state.hash) == (head.count, head.hash) or self._same_when_recounted(scope, head):
                self._note(state)
            else:
                log.warning("sync.not_equal", scope=scope, head=head.head)
                self._apply.start_anew(scope, replace=True, equal=False)
                equal = False
        return equal

    def _same_when_recounted(self, scope: str, head: ScopeHead) -> bool:
        """Counted in a snapshot, for in a large scope it takes a while, and nobody's saving waits for it."""
        with self._store.read() as reader:
            before = queue.scope_states(reader.connection, [scope])[0]
            sums = recounted(reader.connection, scope, home_of(reader.connection))
        with self._store.local() as connection:
            run(connection, _SUMS, (*sums, scope, before.count, before.hash))
        return sums == (head.count, head.hash)

    def _note(self, state: ScopeState) -> None:
        if state.equal and state.phase == "ready":
            # Nothing new to write down, and a run that finds nothing new should cost next to nothing.
            return
        with self._store.local() as connection:
            run(connection, _EQUAL, (to_microseconds(self._store.clock.now()), True, state.scope))


def recount(store: Store, scope: str) -> tuple[int, int]:
    """(count, hash) of a scope from the rows themselves."""
    with store.read() as reader:
        return recounted(reader.connection, scope, home_of(reader.connection))
