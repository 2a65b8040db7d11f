"""What the engine asks of the city, whoever carries it: HTTP, a sealed file, a test."""

from __future__ import annotations

from typing import Protocol, runtime_checkable
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


class WritePush(Protocol):
    """Sends a PushRequest as it was written."""

    def __call__(self, body: bytes, *, ahead: bool) -> Answer[PushReply]: ...


@runtime_checkable
class WritesPushes(Protocol):
    """A line that takes a PushRequest as bytes. ahead: it goes at once, and the caller works on meanwhile."""

    def push_written(self, body: bytes, *, ahead: bool) -> Answer[PushReply]: ...


def push_writer(line: CityLine) -> WritePush | None:
    """How a line takes what is written already; None when it takes envelopes alone.

    Its class is asked, for what stands around a line and looks at the pushes hands on every other question.
    """
    if isinstance(line, WritesPushes) and hasattr(type(line), "push_written"):
        return line.push_written
    return None


@runtime_checkable
class Closes(Protocol):
    """A line that holds a connection."""

    def close(self) -> None: ...


def hang_up(line: CityLine | None) -> None:
    """Let go of what a line holds, if it holds anything."""
    if isinstance(line, Closes):
        line.close()
