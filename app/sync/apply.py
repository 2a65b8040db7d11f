"""Pages of the city into the store: rows and cursor in one transaction, removals only below the brake."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from app.base.disk import SPARE_BYTES, free_bytes
from app.domain.problems import Refused, Unavailable
from app.sync.points import Reach
from app.wire.sync import ScopeHead, ScopePage, SnapshotReply
from db.city_apart import note_unnamed, remove_unnamed, unnamed
from db.city_held import home_of, look, recount
from db.city_tx import CityTx
from db.engine import run
from db.queries import sync as queue
from db.queries.sync import Brake, ScopeState
from db.store import Store
from db.types import Uid

LEAST_BRAKE = 50
BRAKE_SHARE = 0.05
ROW_BYTES = 4000
"""What a case takes on the disk with its search words and its places in the indexes."""
_CURSOR = "UPDATE scopes SET after = ?, head = ? WHERE scope = ?"
_SNAPSHOT = "UPDATE scopes SET epoch = ?, snapshot_after = ?, snapshot_head = ?, head = ? WHERE scope = ?"
_TO_TAIL = "UPDATE scopes SET phase = 'tail', after = snapshot_head, snapshot_after = NULL WHERE scope = ?"
_FROM_HEAD = "UPDATE scopes SET epoch = ?, after = ?, head = ?, \"count\" = ?, hash = ?, phase = 'tail' WHERE scope = ?"
_ANEW = "UPDATE scopes SET phase = ?, epoch = '', snapshot_after = NULL, snapshot_head = 0, equal = ? WHERE scope = ?"


class Apply:
    """Writes what the city sent; remembers how many records one run has taken away."""

    def __init__(self, store: Store, reach: Reach, free: Callable[[Path], int] = free_bytes) -> None:
        self._free = free
        self._store = store
        self._reach = reach
        self._removed: dict[str, int] = {}

    def pages(self, pages: Mapping[str, ScopePage]) -> int:
        """Apply one page of each scope and move the cursors, all in one transaction; gives how many rows changed.

        Raises Refused("sync.brake") with nothing applied.
        """
        taken = 0
        self.need_room(sum(len(page.entries) for page in pages.values()))
        with self._braked(), self._store.from_city() as tx:
            for scope, page in sorted(pages.items(), key=lambda item: _takes_away(item[1])):
                self._mind_the_brake(tx, scope, tx.would_remove(scope, page.entries))
                taken += tx.take(scope, page.entries)
                run(tx.connection, _CURSOR, (page.to_seq, page.head.head, scope))
            self._reach("before_cursor_commit")
        self._reach("after_cursor_commit")
        return taken

    def need_room(self, rows: int) -> None:
        """Raise Unavailable("sync.disk_low") unless so many more rows fit beside the room that stays free for saving."""
        missing = rows * ROW_BYTES + SPARE_BYTES - self._free(self._store.paths.database.parent)
        if missing > 0:
            raise Unavailable("sync.disk_low", needed_mb=missing // 1_000_000 + 1)

    def snapshot_page(self, state: ScopeState, page: SnapshotReply) -> int:
        """Apply one page of a snapshot and remember how far it came; gives how many rows changed."""
        first = state.snapshot_after is None
        head = page.head.head if first else state.snapshot_head
        with self._store.from_city() as tx:
            note_unnamed(tx, state.scope, state.snapshot_after, page.next, (entry.id for entry in page.rows))
            taken = tx.take(state.scope, page.rows, replace=state.phase == "replace")
            after = Uid().encode(page.next) if page.next else None
            run(tx.connection, _SNAPSHOT, (page.head.epoch, after, head, page.head.head, state.scope))
            self._reach("before_cursor_commit")
        self._reach("after_cursor_commit")
        return taken

    def holds_all(self, head: ScopeHead) -> bool:
        """Whether a scope holds just what is here: then there is nothing to fetch, and pulling goes on from its head."""
        with self._store.local() as connection:
            sums = recount(connection, head.scope, home_of(connection))
            if sums != (head.count, head.hash):
                return False
            run(connection, _FROM_HEAD, (head.epoch, head.head, head.head, *sums, head.scope))
        return True

    def lacks_rows(self, pages: Mapping[str, ScopePage]) -> bool:
        """Whether an entry came without its row, as this PC's own do, though the version is not here."""
        bare = [e for page in pages.values() for e in page.entries if e.row is None and e.op in ("put", "enter")]
        if not bare:
            return False
        with self._store.read() as reader:
            held = look(
                reader.connection, ((e.type, e.id.bytes) for e in bare), home_of(reader.connection), with_open=False
            )
        return any((place := held.place(e.id.bytes)) is None or place[1] < e.version for e in bare)

    def end_snapshot(self, scope: str) -> None:
        """What the snapshot did not name leaves, below the brake; pulling goes on from the head of its first page."""
        with self._braked(), self._store.from_city() as tx:
            self._mind_the_brake(tx, scope, unnamed(tx, scope))
            remove_unnamed(tx, scope)
            run(tx.connection, _TO_TAIL, (scope,))

    def start_anew(self, scope: str, *, replace: bool, tell_again: bool = False, equal: bool | None = None) -> None:
        """Forget how far a scope has come; its snapshot is fetched, and its rows stand whatever version is here when `replace`.

        tell_again: the city was put back to an earlier state and may have lost what it had settled.
        """
        with self._store.local() as connection:
            run(connection, _ANEW, ("replace" if replace else "snapshot", equal, scope))
            if tell_again:
                queue.tell_again(connection)

    @contextmanager
    def _braked(self) -> Iterator[None]:
        """A brake outlives the transaction it stopped, and the program."""
        try:
            yield
        except Refused as problem:
            if problem.code == "sync.brake":
                asked = Brake(int(str(problem.details["count"])), int(str(problem.details["limit"])))
                with self._store.local() as connection:
                    queue.put_brake(connection, asked)
            raise

    def _mind_the_brake(self, tx: CityTx, scope: str, count: int) -> None:
        if count == 0:
            return
        total = self._removed.get(scope, 0) + count
        asked = queue.brake(tx.connection)
        here = queue.scope_states(tx.connection, [scope])[0].count
        limit = max(LEAST_BRAKE, int(here * BRAKE_SHARE))
        # Once asked, only a person's word lets removals through, not a later run that finds fewer of them in a page.
        if not (asked and asked.allowed) and (asked or total > limit):
            raise Refused("sync.brake", count=max(total, asked.count if asked else 0), limit=limit)
        self._removed[scope] = total

    def release_brake(self) -> None:
        """The head was reached: the word a person gave holds no longer."""
        with self._store.read() as reader:
            found = queue.brake(reader.connection)
        if found is not None:
            with self._store.local() as connection:
                queue.drop_brake(connection)


def _takes_away(page: ScopePage) -> bool:
    """A record that moves from one scope to another comes before it goes, so that it is never out of sight."""
    return any(entry.op in ("leave", "delete") for entry in page.entries)
