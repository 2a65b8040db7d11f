"""The line to a real city in the same process, for what concerns files: its functions called directly, faults on demand."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar
from uuid import UUID

from app.domain.problems import Refused, Unavailable
from app.wire.accounts import EnrolReply, EnrolRequest, NumberBlock, NumberRequest, RenewRequest
from app.wire.blobs import PIECE_BYTES, FileOffer, FileState, Receipt
from app.wire.sync import PullReply, PullRequest, PushReply, PushRequest, SnapshotReply
from server import files, receipts
from server.city import City

T = TypeVar("T")


class FileLine:
    """`asked`: the questions in order. `cut_before`, `cut_after`: numbers of questions whose request or answer is lost."""

    def __init__(self, city: City, district: str, *, piece: int = PIECE_BYTES) -> None:
        self.city = city
        self.district = district
        self.piece = piece
        self.asked: list[str] = []
        self.cut_before: set[int] = set()
        self.cut_after: set[int] = set()
        self.alter: Callable[[bytes], bytes] = bytes

    def offer_file(self, offer: FileOffer) -> FileState:
        return self._ask("offer", lambda: files.offer(self.city, self.district, offer))

    def file_state(self, sha256: str) -> FileState:
        return self._ask("state", lambda: files.state(self.city, self.district, sha256))

    def send_piece(self, sha256: str, offset: int, piece: bytes) -> FileState:
        return self._ask("piece", lambda: files.append(self.city, self.district, sha256, offset, self.alter(piece)))

    def send_thumbnail(self, sha256: str, thumbnail: bytes) -> None:
        self._ask("small", lambda: files.keep_thumbnail(self.city, self.district, sha256, thumbnail))

    def fetch_thumbnail(self, sha256: str) -> bytes | None:
        def ask() -> bytes | None:
            try:
                return files.thumbnail(self.city, self.district, sha256)
            except Refused:
                return None

        return self._ask("fetch small", ask)

    def fetch_piece(self, sha256: str, offset: int) -> bytes:
        return self.alter(self._ask("fetch", lambda: files.read(self.city, self.district, sha256, offset, self.piece)))

    def receipt(self, record_id: UUID) -> Receipt:
        return self._ask("receipt", lambda: receipts.receipt(self.city, frozenset({self.district}), record_id))

    def enrol(self, request: EnrolRequest) -> EnrolReply:
        raise NotImplementedError

    def renew(self, request: RenewRequest) -> EnrolReply:
        raise NotImplementedError

    def push(self, request: PushRequest) -> PushReply:
        raise NotImplementedError

    def pull(self, request: PullRequest) -> PullReply:
        raise NotImplementedError

    def snapshot(self, scope: str, after: UUID | None, limit: int) -> SnapshotReply:
        raise NotImplementedError

    def numbers(self, request: NumberRequest) -> NumberBlock:
        raise NotImplementedError

    def _ask(self, what: str, question: Callable[[], T]) -> T:
        number = len(self.asked)
        self.asked.append(what)
        if number in self.cut_before:
            raise Unavailable("sync.timeout")
        answer = question()
        if number in self.cut_after:
            raise Unavailable("sync.timeout")
        return answer
