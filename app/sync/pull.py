"""Fetching what is new: pages of all scopes at once, without a gap, until every scope is at its head."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from app.base.logs import Log
from app.base.version import VERSION
from app.base.watch import Watch
from app.domain.problems import Unavailable
from app.sync.apply import Apply
from app.sync.line import CityLine
from app.sync.points import Reach
from app.sync.snapshot import IN_SNAPSHOT, Snapshot
from app.wire.sync import Cursor, PullReply, PullRequest, ScopeHead, ScopePage
from db.queries import sync as queue
from db.queries.sync import ScopeState
from db.store import Store

log = Log("sync")


class Pull:
    """One run's fetching. note_clock: told what the city's clock shows, at each answer."""

    def __init__(
        self, store: Store, line: CityLine, apply: Apply, reach: Reach, note_clock: Callable[[datetime], None]
    ) -> None:
        self._store = store
        self._line = line
        self._apply = apply
        self._reach = reach
        self._note_clock = note_clock
        self._snapshot = Snapshot(store, line, apply, reach)
        self.taken = 0
        self.replaced = False

    def run(self, scopes: Sequence[str], watch: Watch) -> dict[str, ScopeHead]:
        """Pull until each scope is at the head of one same answer; gives the heads.

        Nothing when a scope is of another epoch: what this PC ever sent goes again before its snapshot is fetched.
        Raises of the line, Cancelled, the brake."""
        states: Sequence[ScopeState] = self._states(scopes)
        if len(states) < len(scopes):
            with self._store.local() as connection:
                queue.ensure_scopes(connection, scopes)
            states = self._states(scopes)
        self.replaced = False
        while True:
            watch.step(self.taken)
            states = self._with_snapshots(states, watch)
            reply = self._ask(states)
            if self._take(reply, states):
                return {scope: page.head for scope, page in reply.scopes.items()}
            if self.replaced:
                return {}
            states = self._states(scopes)

    def _with_snapshots(self, states: Sequence[ScopeState], watch: Watch) -> Sequence[ScopeState]:
        """Where the scopes stand once those that need a snapshot have theirs."""
        if not any(state.phase in IN_SNAPSHOT for state in states):
            return states
        scopes = [state.scope for state in states]
        self._go_on_where_all_is_here(states)
        for state in self._states(scopes):
            if state.phase in IN_SNAPSHOT:
                self.taken += self._snapshot.run(state.scope, watch)
        return self._states(scopes)

    def wait(self, scopes: Sequence[str], seconds: int) -> bool:
        """Hold a question open until there is news; True when there is. Nothing is applied."""
        states: Sequence[ScopeState] = self._states(scopes)
        if len(states) < len(scopes) or any(state.phase in IN_SNAPSHOT for state in states):
            return True
        reply = self._ask(states, seconds)
        return any(
            page.snapshot_needed or page.entries or page.to_seq != page.from_seq - 1 for page in reply.scopes.values()
        )

    def _states(self, scopes: Sequence[str]) -> list[ScopeState]:
        with self._store.read() as reader:
            return queue.scope_states(reader.connection, scopes)

    def _go_on_where_all_is_here(self, states: Sequence[ScopeState]) -> None:
        """A scope that was never fetched and holds nothing but what this PC sent needs no snapshot."""
        never = [state for state in states if state.phase == "snapshot" and not state.epoch]
        if never:
            for page in self._ask(never).scopes.values():
                if page.head.epoch and page.snapshot_needed:
                    self._apply.holds_all(page.head)

    def _ask(self, states: Sequence[ScopeState], wait: int = 0) -> PullReply:
        self._reach("before_pull")
        cursors = {state.scope: Cursor(epoch=state.epoch, after=state.after) for state in states}
        reply = self._line.pull(PullRequest(program=VERSION, scopes=cursors, wait=wait, lean=True))
        if self._apply.lacks_rows(reply.scopes):
            reply = self._line.pull(PullRequest(program=VERSION, scopes=cursors))
        self._note_clock(reply.now)
        self._reach("after_pull")
        if reply.scopes.keys() != cursors.keys():
            raise Unavailable("sync.reply_broken", reason="scopes")
        return reply

    def _take(self, reply: PullReply, states: Sequence[ScopeState]) -> bool:
        """Apply the pages; True when every scope is at its head."""
        fit = True
        for state in states:
            page = reply.scopes[state.scope]
            other = bool(state.epoch) and page.head.epoch != state.epoch
            if page.snapshot_needed or other or not _follows(state, page):
                self._fetch_anew(state, page, other)
                fit = False
        if not fit:
            return False
        news = {scope: page for scope, page in reply.scopes.items() if page.to_seq >= page.from_seq}
        stale = any(state.head != reply.scopes[state.scope].head.head for state in states)
        if news or stale:
            self.taken += self._apply.pages(reply.scopes)
        return all(page.to_seq >= page.head.head for page in reply.scopes.values())

    def _fetch_anew(self, state: ScopeState, page: ScopePage, other: bool) -> None:
        self.replaced = self.replaced or other
        if not page.snapshot_needed and not other:
            log.warning("sync.hole", scope=state.scope, after=state.after, got=page.from_seq)
        self._apply.start_anew(state.scope, replace=other, tell_again=other)


def _follows(state: ScopeState, page: ScopePage) -> bool:
    """The page begins where the last one ended and names nothing outside its range."""
    inside = all(page.from_seq <= entry.seq <= page.to_seq for entry in page.entries)
    return page.from_seq == state.after + 1 and page.to_seq >= state.after and inside
