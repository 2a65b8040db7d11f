"""Photos and other files beside the database: encrypted in pieces, under random names, known by the plain sha-256.

A file is a head (`GDB1`, 32 random bytes) and sealed pieces of 1 MiB plain text. A piece's number and whether it is the
last one are sealed in, so that pieces cannot be cut off, swapped or taken from another file unnoticed.
"""

from __future__ import annotations

import hashlib
import io
import os
import re
import secrets
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.base.disk import PART_SUFFIX, disk_told_in_words, drop, need_room, open_private, part_beside, put_in_place
from app.base.watch import Watch, silent
from app.domain.problems import Refused, Unavailable
from db.keys import subkey

PIECE_BYTES = 1024 * 1024
LARGEST_MB = 500
_MAGIC, _SALT_BYTES, _TAG_BYTES = b"GDB1", 32, 16
HEAD_BYTES = len(_MAGIC) + _SALT_BYTES
SEALED_BYTES = PIECE_BYTES + _TAG_BYTES
_LEFT_BEHIND_AFTER = timedelta(days=1)
_NAME = re.compile("[0-9a-f]{32}")


@dataclass(frozen=True)
class BlobRef:
    """sha256 (64 hex digits) and size are of the plain bytes; stored_name is the random name on the disk."""

    sha256: str
    size: int
    stored_name: str


@dataclass(frozen=True)
class BlobFault:
    """A stored file that is not what it should be: missing, or changed on the disk."""

    sha256: str
    stored_name: str
    missing: bool


class BlobStore:
    """The encrypted files of one store. Which sha-256 lies under which name is kept in the database's `files` table."""

    def __init__(self, folder: Path, key: bytes, *, largest_mb: int = LARGEST_MB) -> None:
        self._folder = folder
        self._key = subkey(key, "files")
        self._largest = largest_mb * 1024 * 1024

    def put(
        self,
        source: Path | bytes,
        *,
        name: str = "",
        known: Callable[[str], str | None] = lambda _: None,
        watch: Watch | None = None,
    ) -> BlobRef:
        """Copy `source` into the store, reading it once and holding one piece in memory.

        known: the stored name for a sha-256 already kept, asked at the end; the copy is then dropped, unless the kept
        one is missing or damaged.
        Raises Refused: file.empty, file.too_large, file.unreadable; Unavailable: store.disk_full and the like. Nothing
        is left behind by a refusal, a full disk or a stop.
        """
        shown = name or (source.name if isinstance(source, Path) else "")
        with _opened(source, shown) as (file, size):
            if size == 0:
                raise Refused("file.empty", name=shown)
            if size > self._largest:
                raise Refused("file.too_large", name=shown, size_mb=size >> 20, limit_mb=self._largest >> 20)
            return self._store(_read_pieces(file, shown), size, shown, known, watch or silent())

    def _store(
        self, pieces: Iterator[bytes], size: int, shown: str, known: Callable[[str], str | None], watch: Watch
    ) -> BlobRef:
        stored_name = secrets.token_hex(16)
        target = self._path(stored_name)
        with disk_told_in_words():
            target.parent.mkdir(parents=True, exist_ok=True)
        need_room(target.parent, size)
        part = part_beside(target)
        try:
            with disk_told_in_words():
                digest, written = self._seal(pieces, part, size, shown, watch)
            twin = known(digest)
            if twin is not None and not self.verify([BlobRef(digest, written, twin)]):
                return BlobRef(digest, written, twin)
            with disk_told_in_words():
                put_in_place(part, target)
            return BlobRef(digest, written, stored_name)
        finally:
            drop(part)

    def _seal(self, pieces: Iterator[bytes], part: Path, size: int, shown: str, watch: Watch) -> tuple[str, int]:
        salt, digest, written = secrets.token_bytes(_SALT_BYTES), hashlib.sha256(), 0
        cipher = self._cipher(salt)
        with open_private(part) as file:
            file.write(_MAGIC + salt)
            for number, (piece, last) in enumerate(_with_last(pieces)):
                digest.update(piece)
                written += len(piece)
                if written > self._largest:
                    raise Refused("file.too_large", name=shown, size_mb=written >> 20, limit_mb=self._largest >> 20)
                file.write(cipher.encrypt(_nonce(number, last), piece, _MAGIC))
                watch.step(written, size)
            if written == 0:
                raise Refused("file.empty", name=shown)
            file.flush()
            os.fsync(file.fileno())
        return digest.hexdigest(), written

    def pieces(self, ref: BlobRef) -> Iterator[bytes]:
        """The plain bytes, piece by piece, each proved before it is given; the whole is proved at the end.

        Raises Unavailable: file.missing, file.damaged.
        """
        digest = hashlib.sha256()
        try:
            file = self._path(ref.stored_name).open("rb")
        except FileNotFoundError:
            raise Unavailable("file.missing", sha256=ref.sha256) from None
        except OSError as error:
            raise Unavailable("file.damaged", sha256=ref.sha256) from error
        with file:
            try:
                for piece in self._plain(file):
                    digest.update(piece)
                    yield piece
            except (InvalidTag, ValueError, OSError) as error:
                raise Unavailable("file.damaged", sha256=ref.sha256) from error
        if digest.hexdigest() != ref.sha256:
            raise Unavailable("file.damaged", sha256=ref.sha256)

    def read(self, ref: BlobRef) -> bytes:
        """All plain bytes, proved. Raises Unavailable: file.missing, file.damaged."""
        return b"".join(self.pieces(ref))

    def copy_out(self, ref: BlobRef, to: Path) -> None:
        """Write the plain file to `to`; an existing file there is replaced only by the whole one."""
        part = part_beside(to)
        try:
            with disk_told_in_words(), open_private(part) as file:
                for piece in self.pieces(ref):
                    file.write(piece)
                file.flush()
                os.fsync(file.fileno())
            with disk_told_in_words():
                put_in_place(part, to)
        finally:
            drop(part)

    def delete(self, stored_name: str) -> None:
        """Remove a file nothing refers to any more; one that is gone already is no trouble."""
        with disk_told_in_words():
            self._path(stored_name).unlink(missing_ok=True)

    def verify(self, refs: Iterable[BlobRef], watch: Watch | None = None) -> list[BlobFault]:
        """The files among `refs` that are missing or no longer what they were; reads all of them."""
        watch, faults = watch or silent(), []
        for done, ref in enumerate(refs):
            watch.step(done)
            try:
                for _ in self.pieces(ref):
                    watch.check()
            except Unavailable as problem:
                faults.append(BlobFault(ref.sha256, ref.stored_name, problem.code == "file.missing"))
        return faults

    def stored_names(self) -> Iterator[str]:
        """Names of everything that lies here."""
        for path in sorted(self._folder.glob("??/*")):
            if is_stored_name(path.name):
                yield path.name

    def sweep(self, referenced: Iterable[str], now: datetime) -> int:
        """Delete what a killed program left: unfinished files and files nothing refers to. Gives how many went.

        Younger ones than a day stay: the command line may be writing one beside us, not yet in the database.
        """
        keep, oldest = set(referenced), (now - _LEFT_BEHIND_AFTER).timestamp()
        strays = [stored_path(self._folder, name) for name in self.stored_names() if name not in keep]
        old = [path for path in (*strays, *self._folder.glob(f"??/.*{PART_SUFFIX}")) if path.stat().st_mtime < oldest]
        drop(*old)
        return len(old)

    def new_head(self) -> bytes:
        """The head of a file about to be written piece by piece."""
        return _MAGIC + secrets.token_bytes(_SALT_BYTES)

    def sealer(self, head: bytes) -> Callable[[int, bool, bytes], bytes]:
        """What seals (number, is it the last, plain piece) of the file with this head. Raises ValueError: not a head."""
        if len(head) != HEAD_BYTES or not head.startswith(_MAGIC):
            raise ValueError("not a stored file")
        cipher = self._cipher(head[len(_MAGIC) :])
        return lambda number, last, piece: cipher.encrypt(_nonce(number, last), piece, _MAGIC)

    def path_of(self, stored_name: str) -> Path:
        """Where a stored file lies, or will lie."""
        return self._path(stored_name)

    def _plain(self, file: BinaryIO) -> Iterator[bytes]:
        head = file.read(HEAD_BYTES)
        if len(head) != HEAD_BYTES or not head.startswith(_MAGIC):
            raise ValueError("not a stored file")
        cipher = self._cipher(head[len(_MAGIC) :])
        sealed = iter(lambda: file.read(SEALED_BYTES), b"")
        number = -1
        for number, (piece, last) in enumerate(_with_last(sealed)):
            yield cipher.decrypt(_nonce(number, last), piece, _MAGIC)
        if number < 0:
            raise ValueError("a stored file without pieces")

    def _cipher(self, salt: bytes) -> AESGCM:
        return AESGCM(HKDF(SHA256(), 32, salt, b"griddesk one file").derive(self._key))

    def _path(self, stored_name: str) -> Path:
        return stored_path(self._folder, stored_name)


def is_stored_name(text: str) -> bool:
    """True for a name this store could have given."""
    return _NAME.fullmatch(text) is not None


def stored_path(folder: Path, stored_name: str) -> Path:
    """Where a stored file lies below `folder`."""
    if not is_stored_name(stored_name):
        raise ValueError("not the name of a stored file")
    return folder / stored_name[:2] / stored_name


@contextmanager
def _opened(source: Path | bytes, shown: str) -> Iterator[tuple[BinaryIO, int]]:
    if isinstance(source, bytes):
        yield io.BytesIO(source), len(source)
        return
    try:
        file = source.open("rb")
    except OSError as error:
        raise Refused("file.unreadable", name=shown) from error
    with file:
        yield file, os.fstat(file.fileno()).st_size


def _read_pieces(file: BinaryIO, shown: str) -> Iterator[bytes]:
    while True:
        try:
            piece = file.read(PIECE_BYTES)
        except OSError as error:
            # A card pulled out or a phone unplugged in the middle.
            raise Refused("file.unreadable", name=shown) from error
        if not piece:
            return
        yield piece


def _nonce(number: int, last: bool) -> bytes:
    return number.to_bytes(11, "big") + (b"\x01" if last else b"\x00")


def _with_last(pieces: Iterator[bytes]) -> Iterator[tuple[bytes, bool]]:
    held = next(pieces, None)
    while held is not None:
        following = next(pieces, None)
        yield held, following is None
        held = following
