"""The sealed file at the desk: everything unsent goes onto a stick, the city's answer comes back the same way.

What the line would have sent is what goes in, what the line would have brought is what comes out, written down by the
same functions. Nothing is called sent by sealing it: the line goes on where an answer left off, and answers a second
time what a file carried already.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from app.base.sealing import SealWriter, sealing
from app.base.version import VERSION
from app.base.watch import Watch
from app.sync.link import Link
from app.sync.snapshot import IN_SNAPSHOT
from app.wire.accounts import NumberRequest
from app.wire.sealed import ItemHead, ItemKind, SealedHead, Wishes
from app.wire.signing import to_text
from app.wire.sync import MAX_CHANGES, MAX_PUSH_BYTES, Cursor, PushRequest
from db.blobs import BlobStore
from db.outbox import open_count
from db.queries import files as file_rows
from db.queries import sealed as rows
from db.queries import sync as queue
from db.queries.files import Waiting
from db.store import Store

MOST_THUMBNAILS = 500


@dataclass(frozen=True)
class SealedWork:
    """What went into a sealed file."""

    counter: int
    changes: int
    files: int


class Sealer:
    """Makes a desk's sealed files."""

    def __init__(self, store: Store, blobs: BlobStore) -> None:
        self._store = store
        self._blobs = blobs

    def seal(
        self, file: Path, link: Link, scopes: tuple[str, ...], *, numbers: Sequence[NumberRequest] = (), watch: Watch
    ) -> SealedWork:
        """Write everything the city lacks, as far as we know, and what we would like back.

        One snapshot of the store; its files are proved first, so a photo gone from this disk is left out and told as
        missing. Raises Unavailable("store.…") when the place will not take it; nothing is there then.
        """
        with self._store.read() as reader:
            files = file_rows.underived(reader.connection)
        with self._store.local() as connection:
            queue.settle_what_stays_here(connection)
            queue.free_held(connection)
            queue.ensure_scopes(connection, scopes)
            file_rows.derive(connection, *files)
            counter = rows.next_file_no(connection)
        waiting = self._sound(watch)
        with sealing(file, self._head(link, counter), link.sign_key()) as out:
            changes = self._put_changes(out, watch)
            for done, one in enumerate(waiting):
                watch.step(done, len(waiting))
                self._put_file(out, one)
            for request in numbers:
                out.envelope(ItemKind.NUMBERS, request.model_dump_json().encode())
            out.envelope(ItemKind.WISHES, self._wishes(scopes).model_dump_json().encode())
        return SealedWork(counter, changes, len(waiting))

    def _head(self, link: Link, counter: int) -> SealedHead:
        return SealedHead(
            kind="to_city",
            device_id=link.device_id,
            city=to_text(link.city_sign_key),
            receiver=to_text(link.city_box_key),
            counter=counter,
            made_at=self._store.clock.now(),
            program=VERSION,
            ephemeral="",
        )

    def _put_changes(self, out: SealWriter, watch: Watch) -> int:
        done, after = 0, 0
        with self._store.read() as reader:
            total = open_count(reader.connection)
            while batch := queue.next_batch(reader.connection, MAX_CHANGES, MAX_PUSH_BYTES, after):
                watch.step(done, total)
                request = PushRequest(program=VERSION, sent_at=self._store.clock.now(), changes=batch)
                out.envelope(ItemKind.PUSH, request.model_dump_json().encode())
                done, after = done + len(batch), batch[-1].seq
        return done

    def _sound(self, watch: Watch) -> list[Waiting]:
        """The files the city lacks whose bytes are whole on this disk."""
        with self._store.read() as reader:
            waiting = file_rows.waiting(reader.connection)
        faults = {fault.sha256: fault for fault in self._blobs.verify([one.ref for one in waiting], watch)}
        for sha256, fault in faults.items():
            code = "file.missing" if fault.missing else "file.damaged"
            with self._store.local() as connection:
                file_rows.note_trouble(connection, sha256, code, "missing")
        return [one for one in waiting if one.ref.sha256 not in faults]

    def _put_file(self, out: SealWriter, one: Waiting) -> None:
        ref = one.ref
        head = ItemHead(kind=ItemKind.FILE, size=ref.size, sha256=ref.sha256, media_type=one.media_type)
        out.item(head, self._blobs.pieces(ref))
        with self._store.read() as reader:
            small = file_rows.thumbnail(reader.connection, ref.sha256)
        if small is not None:
            out.envelope(ItemKind.THUMBNAIL, small, sha256=ref.sha256)

    def _wishes(self, scopes: tuple[str, ...]) -> Wishes:
        now = self._store.clock.now()
        with self._store.read() as reader:
            states = {state.scope: state for state in queue.scope_states(reader.connection, scopes)}
            wanted = file_rows.wanted(reader.connection, MOST_THUMBNAILS, now, timedelta(0))
        cursors: Mapping[str, Cursor] = {
            scope: Cursor()
            if scope not in states or states[scope].phase in IN_SNAPSHOT
            else Cursor(epoch=states[scope].epoch, after=states[scope].after)
            for scope in scopes
        }
        return Wishes(scopes=dict(cursors), thumbnails=[one.sha256 for one in wanted if not one.has_thumbnail])
