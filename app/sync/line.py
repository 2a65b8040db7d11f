"""What the engine asks of the city, whoever carries it: HTTP, a sealed file, a test."""

from __future__ import annotations

from typing import Protocol, cast, runtime_checkable
from uuid import UUID

from app.sync.ahead import Answer
from app.wire.accounts import EnrolReply, EnrolRequest, NumberBlock, NumberRequest, RenewRequest
from app.wire.blobs import FileOffer, FileState, Receipt
from app.wire.sync import PullReply, PullRequest, PushReply, PushRequest, SnapshotReply


class CityLine(Protocol):
    """Every question may fail with Unavailable("sync.…") when the line or the city is at fault: stop, wait, ask again.

    It may be refused with Refused("sync.…") when this PC is: asking again will not help. Nothing else is raised.
    """

    def enrol(self, request: EnrolRequest) -> EnrolReply: ...

    def renew(self, request: RenewRequest) -> EnrolReply: ...

    def push(self, request: PushRequest) -> PushReply: ...

    def pull(self, request: PullRequest) -> PullReply: ...

    def snapshot(self, scope: str, after: UUID | None, limit: int) -> SnapshotReply: ...

    def numbers(self, request: NumberRequest) -> NumberBlock: ...

    def offer_file(self, offer: FileOffer) -> FileState: ...

    def file_state(self, sha256: str) -> FileState: ...

    def send_piece(self, sha256: str, offset: int, piece: bytes) -> FileState: ...

    def send_thumbnail(self, sha256: str, thumbnail: bytes) -> None: ...

    def fetch_thumbnail(self, sha256: str) -> bytes | None: ...

    def fetch_piece(self, sha256: str, offset: int) -> bytes:
        """Up to PIECE_BYTES of the file from `offset`; empty at its end. Raises Refused("sync.file_unknown")."""
        ...

    def receipt(self, record_id: UUID) -> Receipt: ...


class AsksAhead(Protocol):
    """A line on which a question can be under way while the caller works on."""

    def push_written(self, body: bytes, *, ahead: bool) -> Answer[PushReply]:
        """Send a PushRequest as it was written. ahead: at once; else when the answer is taken."""
        ...

    def snapshot_ahead(self, scope: str, after: UUID | None, limit: int) -> Answer[SnapshotReply]:
        """Ask for a page at once."""
        ...


def asking_ahead(line: CityLine) -> AsksAhead | None:
    """The line, when questions can be under way on it.

    Its class is asked, for what stands around a line and looks at the pushes hands on every other question.
    """
    return cast(AsksAhead, line) if hasattr(type(line), "push_written") else None


class BreaksOff(Protocol):
    """A line whose questions somebody else can end. asking: somebody waits for an answer; broken_off: none comes any more."""

    @property
    def asking(self) -> bool: ...

    @property
    def broken_off(self) -> bool: ...

    def break_off(self) -> None:
        """End what is under way, from any thread: it raises Cancelled, as does every later question."""
        ...


def breaking_off(line: CityLine | None) -> BreaksOff | None:
    """The line, when its questions can be ended; its class is asked, as in `asking_ahead`."""
    return cast(BreaksOff, line) if hasattr(type(line), "break_off") else None


@runtime_checkable
class Closes(Protocol):
    """A line that holds a connection."""

    def close(self) -> None: ...


def hang_up(line: CityLine | None) -> None:
    """Let go of what a line holds, if it holds anything."""
    if isinstance(line, Closes):
        line.close()
