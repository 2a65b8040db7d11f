"""The city's sealed answer at the desk: outcomes, rows, thumbnails and numbers, as if the line had brought them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from app.base.sealing import ItemBody, SealedFile
from app.base.watch import Watch
from app.domain.problems import Refused, Unavailable
from app.sync import points
from app.sync.apply import Apply
from app.sync.check import Check
from app.sync.files import is_small_picture
from app.sync.link import Link
from app.sync.points import Reach
from app.sync.snapshot import IN_SNAPSHOT
from app.wire.accounts import NumberBlock
from app.wire.blobs import FileState
from app.wire.sealed import ItemHead, ItemKind
from app.wire.signing import to_text
from app.wire.sync import SETTLED, PullReply, PushReply, ScopeHead, ScopePage, SnapshotReply, Status
from db.city_settle import settle
from db.queries import files as file_rows
from db.queries import sealed as rows
from db.queries import sync as queue
from db.queries.sync import ScopeState
from db.store import Store

M = TypeVar("M", bound=BaseModel)


@dataclass
class Arrived:
    """What a sealed answer came to. heads: how far the city was; equal: whether we hold the same; blocks: numbers for this PC."""

    statuses: Counter[Status] = field(default_factory=Counter)
    pulled: int = 0
    files: int = 0
    heads: dict[str, ScopeHead] = field(default_factory=dict)
    equal: bool | None = None
    blocks: list[NumberBlock] = field(default_factory=list)

    @property
    def pushed(self) -> int:
        """Changes the city settled."""
        return sum(count for status, count in self.statuses.items() if status in SETTLED)


class Unsealer:
    """Takes in the answer to one of this PC's sealed files. What is here already is passed over, in any order."""

    def __init__(self, store: Store, *, reach: Reach = points.nothing) -> None:
        self._store = store
        self._reach = reach
        self._apply = Apply(store, reach)
        self._skipped: set[str] = set()
        self._derived = False
        self.arrived = Arrived()

    def take(self, file: Path, link: Link, watch: Watch) -> None:
        """Apply the whole file.

        Raises Refused: sync.seal_not_ours, sync.seal_newer, file.unreadable, with nothing changed; sync.brake: what came
        before stays, take the file again once a person has allowed it. Unavailable("sync.hole"): something that came
        with an earlier file is missing here; seal again.
        """
        with SealedFile(file) as sealed:
            head = sealed.head
            ours = (
                head.kind == "to_desk" and head.device_id == link.device_id and head.city == to_text(link.city_sign_key)
            )
            if not ours:
                raise Refused("sync.seal_not_ours")
            for item, body in sealed.items(link.box_key(), link.city_sign_key):
                watch.step(self.arrived.pushed + self.arrived.pulled)
                self._take(item, body)
        self._compare()
        self._apply.release_brake()

    def _compare(self) -> None:
        """Where the file brought us to the city's head, both must hold the same."""
        reached = {scope: head for scope, head in self.arrived.heads.items() if self._state(scope).after == head.head}
        if reached:
            self._reach("before_compare")
            self.arrived.equal = Check(self._store, self._apply).run(reached)

    def _take(self, item: ItemHead, body: ItemBody) -> None:
        if item.kind == ItemKind.OUTCOMES:
            self._settle(_read(PushReply, body))
        elif item.kind == ItemKind.SNAPSHOT:
            self._take_snapshot(_read(SnapshotReply, body), first=item.first)
        elif item.kind == ItemKind.PAGES:
            self._take_pages(_read(PullReply, body))
        elif item.kind == ItemKind.FILE_STATE:
            self._note_file(_read(FileState, body))
        elif item.kind == ItemKind.THUMBNAIL:
            self._keep_thumbnail(item.sha256, body.whole())
        elif item.kind == ItemKind.NUMBERS:
            self.arrived.blocks.append(_read(NumberBlock, body))

    def _settle(self, reply: PushReply) -> None:
        with self._store.read() as reader:
            still = rows.open_changes(reader.connection, [outcome.change_id for outcome in reply.outcomes])
        answered = [outcome for outcome in reply.outcomes if outcome.change_id in still]
        if not answered:
            return
        self._reach("before_settle")
        with self._store.from_city("city.settle") as tx:
            settle(tx, [still[outcome.change_id] for outcome in answered], answered)
        self._reach("after_settle")
        self.arrived.statuses.update(outcome.status for outcome in answered)

    def _take_snapshot(self, page: SnapshotReply, *, first: bool) -> None:
        scope = page.head.scope
        if first and not self._begin_snapshot(page):
            self._skipped.add(scope)
        if scope in self._skipped:
            return
        self._reach("before_snapshot_page")
        self.arrived.pulled += self._apply.snapshot_page(self._state(scope), page)
        self._reach("after_snapshot_page")
        if page.next is None:
            self._apply.end_snapshot(scope)

    def _begin_snapshot(self, page: SnapshotReply) -> bool:
        """Make ready for it; False when the line has brought us as far meanwhile."""
        scope, state = page.head.scope, self._state(page.head.scope)
        same_city = state.epoch in ("", page.head.epoch)
        if state.phase not in IN_SNAPSHOT and same_city and state.after >= page.head.head:
            return False
        # A city that was put back may have lost what it had settled: everything of ours is told again.
        self._apply.start_anew(scope, replace=state.phase == "replace" or not same_city, tell_again=not same_city)
        return True

    def _take_pages(self, reply: PullReply) -> None:
        news = {scope: page for scope, found in reply.scopes.items() if (page := self._news(scope, found)) is not None}
        if news:
            self._reach("before_pull")
            self.arrived.pulled += self._apply.pages(news)
            self._reach("after_pull")

    def _news(self, scope: str, page: ScopePage) -> ScopePage | None:
        """What of a page is not here yet; None when there is nothing of it."""
        with self._store.read() as reader:
            states = queue.scope_states(reader.connection, [scope])
        if not states:
            return None
        state = states[0]
        self.arrived.heads[scope] = page.head
        other = state.epoch != page.head.epoch or state.phase in IN_SNAPSHOT
        if page.snapshot_needed or other or page.to_seq < max(state.after, page.from_seq):
            return None
        if page.from_seq > state.after + 1:
            raise Unavailable("sync.hole")
        return page.model_copy(update={"entries": [entry for entry in page.entries if entry.seq > state.after]})

    def _state(self, scope: str) -> ScopeState:
        with self._store.read() as reader:
            found = queue.scope_states(reader.connection, [scope])
        if not found:
            raise Refused("sync.seal_not_ours")
        return found[0]

    def _note_file(self, state: FileState) -> None:
        with self._store.local() as connection:
            ref = file_rows.find(connection, state.sha256)
            if ref is not None and state.state == "complete":
                file_rows.note_done(connection, ref, state.at)
                self.arrived.files += 1

    def _keep_thumbnail(self, sha256: str, small: bytes) -> None:
        if not is_small_picture(small):
            return
        now = self._store.clock.now()
        if not self._derived:
            self._derive()
        with self._store.local() as connection:
            file_rows.note_asked(connection, sha256, now, with_city=False, small=small)

    def _derive(self) -> None:
        """Want the files of the rows that came; once a file, for its thumbnails stand behind all rows."""
        self._derived = True
        with self._store.read() as reader:
            found = file_rows.underived(reader.connection)
        with self._store.local() as connection:
            file_rows.derive(connection, *found)


def _read(kind: type[M], body: ItemBody) -> M:
    """An envelope of a file whose signature holds, so only a faulty city can have written it wrongly."""
    try:
        return kind.model_validate_json(body.whole())
    except ValidationError as error:
        raise Refused("sync.reply_broken", reason=kind.__name__) from error
