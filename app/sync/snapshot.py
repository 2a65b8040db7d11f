"""The snapshot of a scope: page by page in id order, resumable, then the feed goes on from where it began."""

from __future__ import annotations

from uuid import UUID

from app.base.undisturbed import undisturbed
from app.base.watch import Watch
from app.sync.ahead import Answer
from app.sync.apply import Apply
from app.sync.line import CityLine, asking_ahead
from app.sync.points import Reach
from app.wire.sync import SnapshotReply
from db.queries import sync as queue
from db.queries.sync import ScopeState
from db.store import Store

PAGE = 2000
IN_SNAPSHOT = frozenset({"snapshot", "replace"})
"""Phases of a scope whose snapshot is not complete yet."""


class Snapshot:
    """Fetches the snapshots of scopes that need one."""

    def __init__(self, store: Store, line: CityLine, apply: Apply, reach: Reach) -> None:
        self._store = store
        self._line = line
        self._ahead = asking_ahead(line)
        self._apply = apply
        self._reach = reach

    def run(self, scope: str, watch: Watch) -> int:
        """Fetch what is missing of a scope's snapshot; gives how many rows changed. Raises of the line, Cancelled, the brake."""
        with self._store.long_log():
            return self._fetch(scope, watch)

    def _fetch(self, scope: str, watch: Watch) -> int:
        taken = 0
        under_way: Answer[SnapshotReply] | None = None
        try:
            while (state := self._state(scope)).phase in IN_SNAPSHOT:
                watch.step(taken, state.head)
                page = (under_way or self._ask(scope, state.snapshot_after)).take()
                under_way = None
                if state.snapshot_after is not None and page.head.epoch != state.epoch:
                    self._apply.start_anew(scope, replace=True, tell_again=True)
                    continue
                self._apply.need_room(max(len(page.rows), page.head.count - state.count))
                if page.next is not None and self._ahead is not None:
                    under_way = self._ask(scope, page.next)
                taken += self._take(state, page)
        finally:
            if under_way is not None:
                under_way.drop()
        return taken

    def _ask(self, scope: str, after: UUID | None) -> Answer[SnapshotReply]:
        """One page. It comes while the one before is written down, and never more than one."""
        self._reach("before_snapshot_page")
        if self._ahead is not None:
            return self._ahead.snapshot_ahead(scope, after, PAGE)
        return Answer(lambda: self._line.snapshot(scope, after, PAGE))

    def _take(self, state: ScopeState, page: SnapshotReply) -> int:
        with undisturbed():
            taken = self._apply.snapshot_page(state, page)
        self._reach("after_snapshot_page")
        if page.next is None:
            self._apply.end_snapshot(state.scope)
        return taken

    def _state(self, scope: str) -> ScopeState:
        with self._store.read() as reader:
            return queue.scope_states(reader.connection, [scope])[0]
