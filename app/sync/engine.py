"""One run between desk and city: send, fetch, send again, files, compare. No clock, no chance, no threads of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

from app.base.watch import Watch
from app.domain.problems import Problem, Refused
from app.sync import points
from app.sync.apply import Apply
from app.sync.check import Check
from app.sync.giving_way import give_way
from app.sync.line import CityLine
from app.sync.link import LinkStore
from app.sync.points import Reach
from app.sync.pull import Pull
from app.sync.push import Push
from app.sync.views import SyncReport
from app.wire.sync import LONGEST_WAIT_S, ScopeHead
from db.city_apart import adopt
from db.outbox import open_count
from db.queries import sync as queue
from db.store import Store

THUMBNAILS_A_RUN = 200
RECORDS_EVERY_S = 10.0
"""While many photos go, records are sent and fetched between two of them so often."""


class FilesOnTheLine(Protocol):
    """What the engine asks of the delivery of files (app.sync.files.FileDelivery)."""

    def send(self, watch: Watch, between: Callable[[], None]) -> int: ...

    def fetch_thumbnails(self, watch: Watch, limit: int) -> int: ...

    def counts(self) -> tuple[int, int]: ...


class SyncEngine:
    """Put together anew for each run or kept; it holds nothing that is not in the store.

    numbers: called once a run while the line stands, to ask for official numbers.
    """

    def __init__(
        self,
        store: Store,
        line: CityLine,
        link: LinkStore,
        *,
        files: FilesOnTheLine | None = None,
        reach: Reach = points.nothing,
        numbers: Callable[[], None] | None = None,
    ) -> None:
        self._store = store
        self._line = line
        self._link = link
        self._files = files
        self._reach = reach
        self._numbers = numbers

    def run(self, watch: Watch) -> SyncReport:
        """Everything that can be done now. Trouble of the line or a refusal of this PC ends it early and stands in the report.

        Raises Cancelled; raises Unavailable("store.…") when the disk is at fault.
        """
        return _Run(self._store, self._line, self._link, self._files, self._reach, self._numbers).whole(watch)

    def wait_for_news(self, seconds: int = LONGEST_WAIT_S) -> bool:
        """Ask the city to answer when there is news or the time is over; True when there is. Raises of the line."""
        with self._store.read() as reader:
            scopes = queue.home_scopes(reader.connection)
        apply = Apply(self._store, self._reach)
        return bool(scopes) and Pull(self._store, self._line, apply, self._reach, self._link.note_clock).wait(
            scopes, seconds
        )


class _Run:
    """One run and what it did so far."""

    def __init__(
        self,
        store: Store,
        line: CityLine,
        link: LinkStore,
        files: FilesOnTheLine | None,
        reach: Reach,
        numbers: Callable[[], None] | None,
    ) -> None:
        self._store = store
        self._files = files
        self._reach = reach
        self._numbers = numbers
        self._apply = Apply(store, reach)
        self._push = Push(store, line, reach)
        self._pull = Pull(store, line, self._apply, reach, link.note_clock)
        self._check = Check(store, self._apply)
        self._heads: dict[str, ScopeHead] = {}
        self._equal: bool | None = None
        self._sent = 0
        self._fetched = 0
        self._records_at = store.clock.steady()

    def whole(self, watch: Watch) -> SyncReport:
        code, details = "", dict[str, str]()
        try:
            self._both_ways(watch)
        except Problem as problem:
            if not problem.code.startswith("sync."):
                raise
            code, details = problem.code, {name: str(value) for name, value in problem.details.items()}
        return self._report(code, details)

    def _both_ways(self, watch: Watch) -> None:
        with self._store.read() as reader:
            scopes = queue.home_scopes(reader.connection)
            known = queue.adopted_by(reader.connection)
            waiting = open_count(reader.connection)
        if not scopes:
            raise Refused("sync.not_enrolled")
        if known != queue.understood():
            adopt_known(self._store)
        if waiting:
            self._push.prepare()
            self._push.run(watch)
        self._fetch(scopes, watch)
        if self._numbers is not None:
            self._numbers()
        while give_way(self._store, self._reach):
            watch.check()
        self._send_what_became_free(scopes, watch)
        watch.check()
        if self._files is not None:
            self._sent = self._files.send(watch, lambda: self._records_between(scopes, watch))
            self._fetched = self._files.fetch_thumbnails(watch, THUMBNAILS_A_RUN)
        self._compare(scopes, watch)

    def _fetch(self, scopes: tuple[str, ...], watch: Watch) -> None:
        self._heads = self._pull.run(scopes, watch)
        while self._pull.replaced:
            self._push.run(watch)
            self._heads = self._pull.run(scopes, watch)

    def _send_what_became_free(self, scopes: tuple[str, ...], watch: Watch) -> None:
        before = self._push.done.settled
        self._push.run(watch)
        if self._push.done.settled > before:
            self._fetch(scopes, watch)

    def _records_between(self, scopes: tuple[str, ...], watch: Watch) -> None:
        """Before each photo: what was typed and what came since does not wait until all photos are there."""
        now = self._store.clock.steady()
        if now - self._records_at >= RECORDS_EVERY_S:
            self._push.run(watch)
            self._fetch(scopes, watch)
            self._records_at = self._store.clock.steady()

    def _compare(self, scopes: tuple[str, ...], watch: Watch) -> None:
        self._reach("before_compare")
        self._equal = self._check.run(self._heads)
        if not self._equal:
            self._fetch(scopes, watch)
            self._equal = self._check.run(self._heads)
        self._apply.release_brake()

    def _report(self, code: str, details: Mapping[str, str]) -> SyncReport:
        with self._store.read() as reader:
            counts = queue.state_counts(reader.connection)
        files_waiting, files_missing = self._files.counts() if self._files is not None else (0, 0)
        if not code and self._equal is False:
            code = "sync.not_equal"
        # A photo that is gone from this disk will never reach the city: somebody has to know before all is well.
        left = sum(counts.values()) + files_waiting + files_missing
        return SyncReport(
            pushed=self._push.done.settled,
            merged=self._push.done.merged,
            pulled=self._pull.taken,
            conflicts=counts["conflict"],
            refused=counts["refused"],
            held=counts["held"],
            files_sent=self._sent,
            files_fetched=self._fetched,
            waiting=counts["waiting"],
            files_waiting=files_waiting,
            head={scope: head.head for scope, head in self._heads.items()},
            equal=self._equal,
            finished=not code and self._equal is True and left == 0,
            problem_code=code,
            problem_details=details,
        )


def adopt_known(store: Store) -> None:
    """Take over rows kept verbatim that this program understands by now; needed once after each upgrade."""
    with store.from_city("city.adopt") as tx:
        adopt(tx)
        queue.note_adopted(tx.connection)
