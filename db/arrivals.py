"""A file that comes from the city piece by piece: sealed as it arrives, gone on with after a restart, proved at the end."""

from __future__ import annotations

import os
import secrets

from app.base.disk import PART_SUFFIX, disk_told_in_words, drop, need_room, put_in_place
from app.domain.problems import Unavailable
from db.blobs import HEAD_BYTES, PIECE_BYTES, SEALED_BYTES, BlobRef, BlobStore


class Arrival:
    """The unfinished file of one sha-256. Its plain bytes never touch the disk.

    `offset`: how many bytes are here; what did not fill a sealed piece before a restart is asked for again.
    """

    def __init__(self, blobs: BlobStore, sha256: str, size: int) -> None:
        self._blobs = blobs
        self.sha256 = sha256
        self._size = size
        target = blobs.path_of(sha256[:32])
        self._part = target.with_name(f".{target.name}.arriving{PART_SUFFIX}")
        self._tail = b""
        self._sealed = self._go_on()
        need_room(self._part.parent, size - self.offset)

    @property
    def offset(self) -> int:
        """Where the next piece begins."""
        return min(self._sealed * PIECE_BYTES + len(self._tail), self._size)

    def add(self, piece: bytes) -> None:
        """Keep the bytes from `offset` on. Raises Unavailable("sync.file_altered") when there are more than there should be."""
        if self.offset + len(piece) > self._size:
            self.drop()
            raise Unavailable("sync.file_altered")
        self._tail += piece
        whole = len(self._tail) // PIECE_BYTES * PIECE_BYTES
        self._seal(whole if self.offset < self._size else len(self._tail))

    def finish(self) -> BlobRef:
        """Give it its place in the store, once every byte was read back and proved.

        Raises Unavailable("sync.file_altered"); nothing is left behind then.
        """
        ref = BlobRef(self.sha256, self._size, secrets.token_hex(16))
        path = self._blobs.path_of(ref.stored_name)
        with disk_told_in_words():
            path.parent.mkdir(parents=True, exist_ok=True)
            put_in_place(self._part, path)
        try:
            for _piece in self._blobs.pieces(ref):
                pass
        except Unavailable as problem:
            drop(path)
            raise Unavailable("sync.file_altered") from problem
        return ref

    def drop(self) -> None:
        """Begin anew the next time."""
        drop(self._part)

    def _go_on(self) -> int:
        """How many sealed pieces lie there whole; makes the file when there is none. The last piece is always sent anew."""
        with disk_told_in_words():
            self._part.parent.mkdir(parents=True, exist_ok=True)
            lying = self._part.stat().st_size if self._part.exists() else 0
            if lying < HEAD_BYTES or not self._has_head():
                self._write_head()
                return 0
            sealed = min((lying - HEAD_BYTES) // SEALED_BYTES, (self._size - 1) // PIECE_BYTES)
            os.truncate(self._part, HEAD_BYTES + sealed * SEALED_BYTES)
            return sealed

    def _has_head(self) -> bool:
        with self._part.open("rb") as file:
            try:
                self._blobs.sealer(file.read(HEAD_BYTES))
            except ValueError:
                return False
        return True

    def _write_head(self) -> None:
        handle = os.open(self._part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0), 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(self._blobs.new_head())

    def _seal(self, length: int) -> None:
        if not length:
            return
        with disk_told_in_words(), self._part.open("rb+") as file:
            seal = self._blobs.sealer(file.read(HEAD_BYTES))
            file.seek(0, os.SEEK_END)
            for start in range(0, length, PIECE_BYTES):
                piece = self._tail[start : min(start + PIECE_BYTES, length)]
                last = self._sealed * PIECE_BYTES + len(piece) == self._size
                file.write(seal(self._sealed, last, piece))
                self._sealed += 1
            file.flush()
            os.fsync(file.fileno())
        self._tail = self._tail[length:]
