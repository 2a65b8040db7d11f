"""The sealed file at the city: work that came on a stick is judged as if it had come over the line, and answered.

The same functions decide; a file that comes twice gets the same answers, and a line that works again goes on where the
file left off.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from sqlalchemy import Connection, select

from app.base.sealing import ItemBody, SealedFile, SealWriter, sealing
from app.base.version import VERSION
from app.base.watch import Watch, silent
from app.domain.problems import Refused
from app.wire.accounts import NumberRequest
from app.wire.blobs import PIECE_BYTES, FileOffer, FileState
from app.wire.sealed import ItemHead, ItemKind, SealedHead, Wishes
from app.wire.signing import to_text
from app.wire.sync import PAGE_ROWS, Cursor, Entry, PullReply, PullRequest, PushRequest, ScopeHead, SnapshotReply
from server import audit, devices, files, numbers
from server.city import City
from server.devices import Device
from server.proven import keep_dead_letter
from server.sync import receive, serve
from server.tables import DEVICE

M = TypeVar("M", bound=BaseModel)
AGENT = "sealed file"


@dataclass(frozen=True)
class Unsealed:
    """What a file brought. outcomes: status -> how many changes; rows: entries that go back."""

    device: Device
    counter: int
    outcomes: Mapping[str, int]
    files: int
    rows: int


def unseal(city: City, file: Path, answer: Path, *, who: str, watch: Watch | None = None) -> Unsealed:
    """Take in a desk's sealed file and write the sealed answer for it.

    What a revoked PC brings goes to the review tray; it gets its outcomes and nothing else.
    Raises Refused: sync.seal_not_ours (altered, cut, of another city, of a PC nobody knows), sync.seal_newer,
    file.unreadable; nothing has changed then. Unavailable: what was judged stays so, do it again.
    """
    with SealedFile(file) as sealed:
        device, sign_key, box_key = _sender(city, sealed.head)
        with sealing(answer, _answer_head(city, sealed.head, box_key), city.keys.sign) as out:
            desk = _Delivery(city, device, out, watch or silent())
            for head, body in sealed.items(city.keys.box, sign_key):
                desk.take(head, body)
            desk.answer_wishes()
        counter = sealed.head.counter
    result = Unsealed(device, counter, dict(desk.outcomes), desk.files, desk.rows)
    note = f"{counter}: {sum(desk.outcomes.values())} / {desk.files} / {desk.rows}"
    city.database.retrying(
        lambda connection: audit.note(connection, city.now(), who, "sealed.take", str(device.id), note)
    )
    return result


def _sender(city: City, head: SealedHead) -> tuple[Device, bytes, bytes]:
    """The PC that made the file, its signing key and its box key."""
    with city.database.read() as connection:
        device = devices.get(connection, head.device_id)
        keys = connection.execute(
            select(DEVICE.c.sign_key, DEVICE.c.box_key).where(DEVICE.c.id == head.device_id)
        ).first()
    if device is None or keys is None or head.kind != "to_city" or head.city != to_text(city.keys.sign_public):
        raise Refused("sync.seal_not_ours")
    return device, bytes(keys[0]), bytes(keys[1])


def _answer_head(city: City, asked: SealedHead, box_key: bytes) -> SealedHead:
    return SealedHead(
        kind="to_desk",
        device_id=asked.device_id,
        city=to_text(city.keys.sign_public),
        receiver=to_text(box_key),
        counter=asked.counter,
        made_at=city.now(),
        program=VERSION,
        ephemeral="",
    )


@dataclass
class _Delivery:
    """One file being taken in; `out` is its answer."""

    city: City
    device: Device
    out: SealWriter
    watch: Watch
    outcomes: Counter[str] = field(default_factory=Counter)
    files: int = 0
    rows: int = 0
    brought: set[str] = field(default_factory=set)
    wishes: Wishes | None = None

    def take(self, head: ItemHead, body: ItemBody) -> None:
        """Judge one item and write what is answered to it at once. Kinds of a newer program are passed over."""
        self.watch.check()
        if head.kind == ItemKind.PUSH:
            self._take_push(body.whole())
        elif self.device.revoked:
            return
        elif head.kind == ItemKind.FILE:
            self._take_file(head, body)
        elif head.kind == ItemKind.THUMBNAIL:
            self._take_thumbnail(head, body)
        elif head.kind == ItemKind.NUMBERS and (request := self._read(NumberRequest, body.whole())):
            self._grant(request)
        elif head.kind == ItemKind.WISHES:
            self.wishes = self._read(Wishes, body.whole())

    def _take_push(self, raw: bytes) -> None:
        request = self._read(PushRequest, raw)
        if request is None:
            return
        reply = receive.receive(self.city, self.device, request, raw=raw, agent=AGENT)
        self.outcomes.update(str(outcome.status) for outcome in reply.outcomes)
        self._answer(ItemKind.OUTCOMES, reply)

    def _read(self, kind: type[M], raw: bytes) -> M | None:
        """An envelope; one that is none is kept as a dead letter, and the others go on."""
        try:
            return kind.model_validate_json(raw)
        except ValidationError:
            keep_dead_letter(self.city, self.device.id, "sync.request_broken", kind.__name__, AGENT, raw)
            return None

    def _take_file(self, head: ItemHead, body: ItemBody) -> None:
        scope = self.device.district
        try:
            state = files.offer(
                self.city, scope, FileOffer(sha256=head.sha256, size=head.size, media_type=head.media_type)
            )
            state = self._append(state, body)
        except Refused:
            # One file the city does not take is told in its state, as a line would; the others go on.
            state = files.state(self.city, scope, head.sha256)
        self.brought.add(head.sha256)
        self.files += state.state == "complete"
        self._answer(ItemKind.FILE_STATE, state)

    def _append(self, state: FileState, body: ItemBody) -> FileState:
        at = 0
        for piece in _in_pieces(body.chunks()):
            if state.state == "complete":
                break
            end = at + len(piece)
            if end > state.offset:
                rest = piece[max(0, state.offset - at) :]
                state = files.append(self.city, self.device.district, state.sha256, state.offset, rest)
            at = end
        return state

    def _take_thumbnail(self, head: ItemHead, body: ItemBody) -> None:
        try:
            files.keep_thumbnail(self.city, self.device.district, head.sha256, body.whole())
        except Refused:
            # Its file was not taken either, and the file's state says so.
            return
        self.brought.add(head.sha256)

    def _grant(self, request: NumberRequest) -> None:
        def granted(connection: Connection) -> BaseModel:
            return numbers.grant(connection, self.city, self.device, request)

        try:
            block = self.city.database.retrying(granted)
        except Refused as refusal:
            # The desk asks again; its work that came before and after in the file is answered all the same.
            raw = request.model_dump_json().encode()
            keep_dead_letter(self.city, self.device.id, refusal.code, request.kind, AGENT, raw)
            return
        self._answer(ItemKind.NUMBERS, block)

    def answer_wishes(self) -> None:
        """Everything the desk does not have yet, its own work included."""
        if self.wishes is None:
            return
        allowed = serve.scopes_of(self.device)
        cursors = {scope: cursor for scope, cursor in self.wishes.scopes.items() if scope in allowed}
        for scope in self._that_need_snapshots(cursors):
            head = self._write_snapshot(scope)
            cursors[scope] = Cursor(epoch=head.epoch, after=head.head)
        while cursors:
            cursors = self._write_pages(cursors)
        self._write_thumbnails(self.wishes.thumbnails)

    def _that_need_snapshots(self, cursors: Mapping[str, Cursor]) -> list[str]:
        if not cursors:
            return []
        reply = self._pull(cursors, limit=1)[0]
        return [scope for scope, page in reply.scopes.items() if page.snapshot_needed]

    def _write_snapshot(self, scope: str) -> ScopeHead:
        """Every live record of a scope; gives the head of its first page."""
        head, after, first = None, None, True
        while first or after is not None:
            self.watch.check()
            raw = serve.snapshot(self.city, self.device, scope, after, PAGE_ROWS)
            page = SnapshotReply.model_validate_json(raw)
            self.out.envelope(ItemKind.SNAPSHOT, raw, first=first)
            self.rows += len(page.rows)
            head, after, first = head or page.head, page.next, False
        assert head is not None
        return head

    def _write_pages(self, cursors: Mapping[str, Cursor]) -> dict[str, Cursor]:
        """The next page of each scope; gives the cursors of those that go on."""
        self.watch.check()
        reply, raw = self._pull(cursors, limit=PAGE_ROWS)
        self.out.envelope(ItemKind.PAGES, raw)
        self.rows += sum(len(page.entries) for page in reply.scopes.values())
        self._write_thumbnails(named_in(entry for page in reply.scopes.values() for entry in page.entries))
        return {
            scope: Cursor(epoch=page.head.epoch, after=page.to_seq)
            for scope, page in reply.scopes.items()
            if page.from_seq <= page.to_seq < page.head.head
        }

    def _pull(self, cursors: Mapping[str, Cursor], *, limit: int) -> tuple[PullReply, bytes]:
        raw = serve.pull(self.city, self.device, PullRequest(scopes=dict(cursors), limit=limit))
        return PullReply.model_validate_json(raw), raw

    def _write_thumbnails(self, hashes: Iterable[str]) -> None:
        for sha256 in dict.fromkeys(hashes):
            if sha256 in self.brought:
                continue
            try:
                picture = files.thumbnail(self.city, self.device.district, sha256)
            except Refused:
                # Not here yet; the desk asks again.
                continue
            self.out.envelope(ItemKind.THUMBNAIL, picture, sha256=sha256)

    def _answer(self, kind: ItemKind, body: BaseModel) -> None:
        self.out.envelope(kind, body.model_dump_json().encode())


def named_in(entries: Iterable[Entry]) -> Iterator[str]:
    """The files that entries of the feed name."""
    for entry in entries:
        sha256 = (entry.row or {}).get("sha256")
        if isinstance(sha256, str):
            yield sha256


def _in_pieces(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in pieces as the line carries them."""
    held = bytearray()
    for chunk in chunks:
        held += chunk
        while len(held) >= PIECE_BYTES:
            yield bytes(held[:PIECE_BYTES])
            del held[:PIECE_BYTES]
    if held:
        yield bytes(held)
