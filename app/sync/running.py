"""One run with everything around it: alone on the store, a backup first, the right identity, a line in the log."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from app.base.logs import Log
from app.base.watch import Watch
from app.domain.problems import Problem, Refused, Unavailable
from app.services.accounts import AccountService
from app.services.care import CareService
from app.services.reference import OFFICE_ZONE
from app.sync.alone import syncing
from app.sync.identity import Identity
from app.sync.line_log import LineLog
from app.sync.status import Live
from app.sync.views import SyncReport
from db.engine import run
from db.outbox import open_count
from db.store import Store

if TYPE_CHECKING:
    from app.sync.engine import SyncEngine

log = Log("sync")
COUNTER_OLD = "sync.counter_old"
_RENEWALS = 2
"""A restored image may first take up an identity it had asked for itself once."""


class Running:
    """Runs of one store in this process."""

    def __init__(
        self,
        store: Store,
        care: CareService,
        accounts: AccountService,
        log: LineLog,
        identity: Identity,
        live: Live,
    ) -> None:
        self._store = store
        self._care = care
        self._accounts = accounts
        self._log = log
        self._identity = identity
        self._live = live

    def run(self, engine: Callable[[], SyncEngine], watch: Watch) -> SyncReport:
        """See SyncService.run."""
        made = engine()
        with syncing(self._store.paths, self._store.clock, watch) as beating:
            self._live.running = True
            try:
                self._back_up_first(beating)
                return self._logged(made, beating)
            finally:
                self._live.running = False

    def _logged(self, engine: SyncEngine, watch: Watch) -> SyncReport:
        clock = self._store.clock
        started_at, steady = clock.now(), clock.steady()
        try:
            report = self._as_whom_we_are(engine, watch)
        except Problem as problem:
            self._log.failed(started_at, _ms(clock.steady() - steady), problem, self._waiting())
            if not problem.code.startswith("sync."):
                raise
            details = {name: str(value) for name, value in problem.details.items()}
            return SyncReport(waiting=self._waiting(), problem_code=problem.code, problem_details=details)
        self._log.carried(started_at, _ms(clock.steady() - steady), report)
        return report

    def _as_whom_we_are(self, engine: SyncEngine, watch: Watch) -> SyncReport:
        system = self._accounts.system()
        self._identity.look(actor=system)
        report = engine.run(watch)
        for _turn in range(_RENEWALS):
            if report.problem_code != COUNTER_OLD:
                break
            self._identity.renew("counter", actor=system)
            report = engine.run(watch)
        if report.problem_code == COUNTER_OLD:
            raise Refused(COUNTER_OLD)
        return report

    def _back_up_first(self, watch: Watch) -> None:
        """A backup of today lies there before the first sync of the day changes anything."""
        today = self._store.clock.now().astimezone(OFFICE_ZONE).date()
        last = self._care.last_backup_at()
        if (last is not None and last.astimezone(OFFICE_ZONE).date() == today) or not self._has_cases():
            return
        try:
            self._care.back_up_here(actor=self._accounts.system(), watch=watch)
        except Unavailable as problem:
            # Without room for a backup the work of today is safer with the city than kept back here.
            log.warning("sync.no_backup", code=problem.code)

    def _has_cases(self) -> bool:
        with self._store.read() as reader:
            return run(reader.connection, "SELECT 1 FROM cases LIMIT 1").fetchone() is not None

    def _waiting(self) -> int:
        with self._store.read() as reader:
            return open_count(reader.connection)


def _ms(seconds: float) -> int:
    return round(seconds * 1000)
