"""Photos on their way: ours to the city, those of others to us. A queue of its own, derived from rows and not from memory."""

from __future__ import annotations

import threading
import weakref
from collections.abc import Callable, Iterator
from datetime import timedelta
from uuid import UUID

from app.base.changes import ChangeSet
from app.base.watch import Watch
from app.domain.cases import PHOTO
from app.domain.problems import Problem, Refused, Unavailable
from app.sync import points
from app.sync.line import CityLine
from app.sync.points import Reach
from app.wire.blobs import PIECE_BYTES, FileOffer, FileState
from db.arrivals import Arrival
from db.blobs import BlobRef, BlobStore
from db.queries import files as rows
from db.queries.files import Waiting
from db.store import Store

THUMBNAIL_BYTES = 256 * 1024
SMALLEST_PIECE = 64 * 1024
FIRST_WAIT_S, LONGEST_WAIT_S = 30, 3600
ASK_AGAIN_AFTER = timedelta(minutes=15)
_THIS_FILE = frozenset({"sync.file_altered", "sync.too_large", "sync.file_piece_misplaced", "sync.request_broken"})
"""What the city says of one file; the others go on. Anything else is about the line or this PC: all stop."""
_TURNS = 3
_AT_ONCE = 1000
MOVED = ChangeSet(bulk=frozenset({PHOTO.name}))
"""Told to screens when files came or arrived."""
_PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")


class FileDelivery:
    """Sends what the city lacks, fetches small pictures first and originals when asked for. One per store."""

    def __init__(self, store: Store, blobs: BlobStore, line: CityLine, *, reach: Reach = points.nothing) -> None:
        self._store = store
        self._blobs = blobs
        self._line = line
        self._reach = reach
        self._not_before: dict[str, float] = {}
        self._fetching = threading.Lock()
        self._news = _News()
        self._first = True
        _hear_of_photos(store, weakref.ref(self._news))

    def send(self, watch: Watch, between: Callable[[], None] = lambda: None) -> int:
        """Send every file whose turn it is; gives how many the city has whole now. between: called before each file.

        Raises Unavailable("sync.…") and Refused("sync.…") when the line or this PC is at fault; what was sent stays sent.
        """
        self._derive()
        with self._store.read() as reader:
            queue = rows.waiting(reader.connection)
        now, sent = self._store.clock.steady(), 0
        for done, one in enumerate(queue):
            watch.step(done, len(queue))
            if self._not_before.get(one.ref.sha256, now) <= now:
                between()
                sent += self._tried(one, watch)
        self._tell(sent)
        return sent

    def counts(self) -> tuple[int, int]:
        """(files waiting, files missing from this disk)."""
        self._derive()
        with self._store.read() as reader:
            return rows.counts(reader.connection)

    def fetch_thumbnails(self, watch: Watch, limit: int) -> int:
        """Ask about up to `limit` files of other PCs; gives how many small pictures came. Raises as `send`."""
        self._derive()
        now, came = self._store.clock.now(), 0
        with self._store.read() as reader:
            wanted = rows.wanted(reader.connection, limit, now, ASK_AGAIN_AFTER)
        for done, one in enumerate(wanted):
            watch.step(done, len(wanted))
            state = self._line.file_state(one.sha256)
            small = self._line.fetch_thumbnail(one.sha256) if state.thumbnail and not one.has_thumbnail else None
            if small is not None and not is_small_picture(small):
                small = None
            with self._store.local() as connection:
                rows.note_asked(connection, one.sha256, now, with_city=state.state == "complete", small=small)
            came += small is not None
        self._tell(came)
        return came

    def fetch(self, sha256: str, watch: Watch) -> None:
        """Bring the original here, going on where it stopped; nothing happens when it is here already.

        Raises Refused("sync.file_unknown"), Unavailable: store.disk_full, sync.file_altered, the line's own.
        """
        self._derive()
        with self._fetching:
            with self._store.read() as reader:
                here, wanted = rows.find(reader.connection, sha256), rows.remote(reader.connection, sha256)
            if here is not None and not self._blobs.verify([here], watch):
                return
            size = here.size if here is not None else wanted.size if wanted is not None else 0
            if not size:
                raise Refused("sync.file_unknown")
            self._keep(self._arrived(Arrival(self._blobs, sha256, size), size, watch))

    def _derive(self) -> None:
        """Bring the queue up to the records, if any changed; found by reading, so that nobody waits to save meanwhile."""
        everything, photos = self._news.take()
        if not everything and not photos:
            return
        if self._first:
            with self._store.local() as connection:
                rows.look_again(connection)
        self._first = False
        with self._store.read() as reader:
            connection = reader.connection
            ours, of_others = rows.underived(connection) if everything else rows.underived_of(connection, photos)
        for start in range(0, max(len(ours), len(of_others)), _AT_ONCE):
            until = start + _AT_ONCE
            with self._store.local() as connection:
                rows.derive(connection, ours[start:until], of_others[start:until])

    def _tried(self, one: Waiting, watch: Watch) -> bool:
        """Whether the city has it whole now; what goes wrong with this file alone is noted."""
        sha256 = one.ref.sha256
        try:
            self._send(one, watch)
        except Problem as problem:
            if problem.code.startswith("file."):
                self._note_trouble(one, problem.code, "missing")
                return False
            if problem.code.startswith("sync."):
                self._note_trouble(one, problem.code)
            if isinstance(problem, Refused) and problem.code in _THIS_FILE:
                return False
            raise
        self._not_before.pop(sha256, None)
        return True

    def _send(self, one: Waiting, watch: Watch) -> None:
        ref = one.ref
        offer = FileOffer(sha256=ref.sha256, size=ref.size, media_type=one.media_type)
        state = self._line.offer_file(offer)
        if not state.thumbnail:
            self._send_thumbnail(ref)
        for _turn in range(_TURNS):
            if state.state == "complete":
                break
            state = self._send_from(one, state.offset, watch)
        if state.state != "complete":
            raise Refused("sync.file_piece_misplaced")
        self._reach("before_file_done")
        with self._store.local() as connection:
            rows.note_done(connection, ref, state.at)

    def _send_from(self, one: Waiting, offset: int, watch: Watch) -> FileState:
        """Send pieces from `offset` until the city stands elsewhere than expected, or has all.

        Pieces get smaller with every try that failed: a slow line may never bring a large one through.
        """
        ref, length = one.ref, max(PIECE_BYTES >> min(one.tries, 10), SMALLEST_PIECE)
        state = FileState(sha256=ref.sha256, state="partial", offset=offset)
        for piece in _from(self._blobs.pieces(ref), offset, length):
            watch.check()
            self._reach("before_file_piece")
            try:
                state = self._line.send_piece(ref.sha256, offset, piece)
            except Refused as refused:
                if refused.code != "sync.file_piece_misplaced":
                    raise
                return self._line.file_state(ref.sha256)
            self._reach("after_file_piece")
            offset += len(piece)
            with self._store.local() as connection:
                rows.note_offset(connection, ref.sha256, state.offset)
            if state.state == "complete" or state.offset != offset:
                break
        return state

    def _send_thumbnail(self, ref: BlobRef) -> None:
        with self._store.read() as reader:
            small = rows.thumbnail(reader.connection, ref.sha256)
        if small is None or not is_small_picture(small):
            return
        try:
            self._line.send_thumbnail(ref.sha256, small)
        except Refused as refused:
            # The file itself matters more than its small picture.
            if refused.code not in _THIS_FILE:
                raise
        with self._store.local() as connection:
            rows.note_thumbnail(connection, ref.sha256)

    def _note_trouble(self, one: Waiting, code: str, state: str = "waiting") -> None:
        wait_s = min(FIRST_WAIT_S * 2 ** min(one.tries, 10), LONGEST_WAIT_S)
        self._not_before[one.ref.sha256] = self._store.clock.steady() + wait_s
        with self._store.local() as connection:
            rows.note_trouble(connection, one.ref.sha256, code, state)

    def _arrived(self, arrival: Arrival, size: int, watch: Watch) -> BlobRef:
        while arrival.offset < size:
            watch.step(arrival.offset, size)
            piece = self._line.fetch_piece(arrival.sha256, arrival.offset)
            if not piece:
                arrival.drop()
                raise Unavailable("sync.file_altered")
            arrival.add(piece)
        ref = arrival.finish()
        self._reach("after_file_fetched")
        return ref

    def _tell(self, moved: int) -> None:
        """Screens show photos and how many are with the city."""
        if moved:
            self._store.tell(MOVED)

    def _keep(self, ref: BlobRef) -> None:
        now = self._store.clock.now()
        with self._store.local() as connection:
            kind, small = rows.media_type(connection, ref.sha256), rows.thumbnail(connection, ref.sha256)
            rows.keep(connection, ref, kind, small, now)
            rows.note_done(connection, ref, None)
        self._tell(1)


def is_small_picture(small: bytes) -> bool:
    """Whether these bytes may be kept as a thumbnail."""
    return len(small) <= THUMBNAIL_BYTES and small.startswith(_PICTURES)


def _from(pieces: Iterator[bytes], offset: int, length: int) -> Iterator[bytes]:
    """The bytes from `offset` on in pieces of `length`."""
    held, skip = b"", offset
    for piece in pieces:
        left = piece[skip:]
        skip = max(0, skip - len(piece))
        held += left
        while len(held) >= length:
            yield held[:length]
            held = held[length:]
    if held:
        yield held


class _News:
    """Photo records that changed since the queue was last brought up to them; at first all may have."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._everything = True
        self._photos: set[UUID] = set()

    def hear(self, changes: ChangeSet) -> None:
        """Remember what was written. That files moved changes no record."""
        if changes is MOVED:
            return
        with self._lock:
            self._everything = self._everything or PHOTO.name in changes.bulk
            self._photos |= changes.ids(PHOTO.name)

    def take(self) -> tuple[bool, list[UUID]]:
        """(whether anything may have changed, the records that did), once."""
        with self._lock:
            found = self._everything, list(self._photos)
            self._everything, self._photos = False, set()
        return found


def _hear_of_photos(store: Store, news: weakref.ref[_News]) -> None:
    """Tell it of photo records that changed; the store outlives whoever asked."""

    def hear(changes: ChangeSet) -> None:
        mine = news()
        if mine is not None:
            mine.hear(changes)

    store.listen(hear)
