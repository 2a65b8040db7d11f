"""The line to the city as screens and the command line ask for it: one door, `desk.sync`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from app.base.watch import Watch, silent
from app.domain.decisions import Decision, Verdict
from app.domain.permissions import Actor
from app.services.accounts import AccountService
from app.services.care import CareService
from app.services.reference import ReferenceService
from app.sync import deciding, points
from app.sync.alone import syncing
from app.sync.enrolment import Enrolment, MakeLine, Seed, refuse_unless_administrator
from app.sync.identity import Identity
from app.sync.line import breaking_off, hang_up
from app.sync.link import Link
from app.sync.overview import LineReading
from app.sync.points import Reach
from app.sync.running import Running
from app.sync.views import (
    LineTestResult,
    SyncReport,
)
from db.blobs import BlobStore
from db.queries import sync as queue_rows
from db.store import Store

if TYPE_CHECKING:
    from app.sync.engine import SyncEngine
    from app.sync.files import FileDelivery
    from app.sync.line import CityLine
    from app.sync.receipts import CheckedReceipt
    from app.sync.sealed import SealedWork


@dataclass(frozen=True)
class Parts:
    """What the line is put together from. seed: 32 random bytes; machine: this machine's mark; reach: named places.

    give_codes: gives identity codes to facilities that wait, once serials came.
    """

    make_line: MakeLine
    seed: Seed
    machine: Callable[[], str]
    reach: Reach = points.nothing
    give_codes: Callable[[Actor], int] = lambda _actor: 0


class SyncService(LineReading):
    """Everything between this desk and the city. Reading is cheap; runs and single questions use the line."""

    def __init__(
        self,
        store: Store,
        blobs: BlobStore,
        reference: ReferenceService,
        accounts: AccountService,
        care: CareService,
        parts: Parts,
    ) -> None:
        super().__init__(store, reference)
        self._blobs = blobs
        self._accounts = accounts
        self._parts = parts
        self._line: CityLine | None = None
        self._delivery: FileDelivery | None = None
        self._running = Running(store, care, accounts, self._log, self.identity(), self.live)

    # What a person decides.

    def decide(
        self,
        record_id: UUID,
        verdict: Verdict,
        choices: Mapping[str, str],
        reason: str,
        *,
        actor: Actor,
        seen: deciding.Seen | None = None,
    ) -> Decision:
        """Close a conflict or refusal. choices: field -> "mine" or "theirs", asked for when the verdict is mixed.

        seen: both sides of each field as the person saw them; None when nobody looked (the command line).
        Raises Refused: sync.nothing_to_decide, sync.reason_missing, sync.choice_missing, sync.flow_is_theirs,
        sync.nothing_of_theirs, sync.trouble_moved.
        """
        reach = self._parts.reach
        return deciding.decide(self._store, record_id, verdict, choices, reason, actor=actor, seen=seen, reach=reach)

    def resend(self, record_id: UUID, *, actor: Actor) -> None:
        """Send again what was refused and has been put right. Raises Refused("sync.nothing_to_decide" | …)."""
        deciding.resend(self._store, record_id, actor=actor, reach=self._parts.reach)

    def set_paused(self, paused: bool, *, actor: Actor) -> None:
        """Stop or resume syncing by itself; the button still syncs."""
        self._links.set(paused=paused)
        self._note("sync.pause" if paused else "sync.resume", actor)

    def allow_removals(self, *, actor: Actor) -> int:
        """Let the removals through that the brake holds; gives how many were asked about."""
        refuse_unless_administrator(actor)
        with self._store.write(actor, "sync.allow_removals") as tx:
            count = queue_rows.allow_removals(tx.connection)
            tx.note_event("sync.allow_removals", "", None, str(count))
        return count

    # The link.

    def enrol(
        self, url: str, code: str, *, own_ca: str = "", proxy: str = "", actor: Actor, watch: Watch | None = None
    ) -> Link:
        """Become known to the city. own_ca: PEM text of the authority the city's certificate is of."""
        (watch or silent()).check()
        parts = self._parts
        enrolment = Enrolment(self._store, parts.make_line, seed=parts.seed, machine=parts.machine)
        enrolment.enrol(url, code, own_ca=own_ca, proxy=proxy, actor=actor)
        self.close()
        return self._links.need()

    def set_line(self, own_ca: str, proxy: str, *, actor: Actor) -> None:
        """Change how the city is reached. Raises Refused: sync.not_administrator, sync.not_enrolled."""
        refuse_unless_administrator(actor)
        self._links.set(own_ca=own_ca, proxy=proxy)
        self.close()
        self._note("sync.set_line", actor)

    def identity(self) -> Identity:
        """Who this PC is for the city."""
        parts = self._parts
        return Identity(self._store, parts.make_line, seed=parts.seed, machine=parts.machine, reach=parts.reach)

    # The line.

    def line(self) -> CityLine:
        """The line of this PC. Raises Refused("sync.not_enrolled")."""
        known = breaking_off(self._line)
        if known is not None and known.broken_off:
            self.close()
        if self._line is None:
            self._links.need()
            self._line = self._parts.make_line(self._links)
        return self._line

    @property
    def asking(self) -> bool:
        """Whether somebody waits for the city's answer now; nothing is being written meanwhile by who waits."""
        known = breaking_off(self._line)
        return known is not None and known.asking

    def break_off(self) -> None:
        """End at once what is under way on the line, from any thread: it raises Cancelled there."""
        known = breaking_off(self._line)
        if known is not None:
            known.break_off()

    def close(self) -> None:
        """Let go of the line; the next question takes it up anew."""
        line, self._line, self._delivery = self._line, None, None
        hang_up(line)

    def files(self) -> FileDelivery:
        """The queue of photos."""
        from app.sync.files import FileDelivery

        line = self.line()
        if self._delivery is None:
            self._delivery = FileDelivery(self._store, self._blobs, line, reach=self._parts.reach)
        return self._delivery

    def run(self, watch: Watch | None = None) -> SyncReport:
        """One run both ways. The report names what stood in the way, if anything did.

        Raises Refused("sync.not_enrolled"), Unavailable("sync.running" | "store.…"), Cancelled.
        """
        return self._running.run(self._engine, watch or silent())

    def wait_for_news(self, seconds: int) -> bool:
        """Hold a question open at the city; True when there is something to fetch. Raises of the line."""
        return self._engine().wait_for_news(seconds)

    def receipt(self, case_id: UUID) -> CheckedReceipt:
        """The city's signed word on what it holds of a case, compared with what lies here. Raises of the line."""
        from app.sync.receipts import ask_receipt

        return ask_receipt(self._store, self.line(), self._links.need().city_sign_key, case_id)

    def fetch_original(self, sha256: str, watch: Watch | None = None) -> None:
        """Bring the original of a photo here. Raises Refused("sync.file_unknown") and of the line."""
        self.files().fetch(sha256, watch or silent())

    def test_line(self, watch: Watch | None = None) -> LineTestResult:
        """Send a made-up record to the city, fetch it back, compare, take it away again. Raises Unavailable("sync.running")."""
        from app.sync.line_test import LineTester

        line, link, store = self.line(), self._links.need(), self._store
        with syncing(store.paths, store.clock, watch or silent()) as beating:
            return LineTester(store, line, link, actor=self._accounts.system()).run(beating)

    # The sealed file.

    def seal(self, file: Path, *, actor: Actor, watch: Watch | None = None) -> SealedWork:
        """Everything the city lacks as one sealed, signed file. Raises Refused("sync.not_enrolled"), Unavailable."""
        from app.sync import stick

        made = stick.seal(self._store, self._blobs, file, watch or silent())
        self._note("sync.seal", actor)
        return made

    def unseal(self, file: Path, *, actor: Actor, watch: Watch | None = None) -> SyncReport:
        """Take in the city's answer to a sealed file. Raises Refused("sync.seal_not_ours" | …), Unavailable."""
        from app.sync import stick

        system = self._accounts.system()
        parts = self._parts
        arrived = stick.unseal(
            self._store, file, watch or silent(), system=system, reach=parts.reach, give_codes=parts.give_codes
        )
        self._note("sync.unseal", actor)
        return stick.told(arrived, self.status())

    def _engine(self) -> SyncEngine:
        from app.sync.engine import SyncEngine

        line = self.line()
        return SyncEngine(
            self._store,
            line,
            self._links,
            files=self.files(),
            reach=self._parts.reach,
            numbers=lambda: self._top_up(line),
        )

    def _top_up(self, line: CityLine) -> None:
        from app.sync.numbers import Numbers

        Numbers(self._store, self._parts.give_codes).top_up(line, actor=self._accounts.system())

    def _note(self, deed: str, actor: Actor) -> None:
        with self._store.write(actor, deed) as tx:
            tx.note_event(deed, "", None)
