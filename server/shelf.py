"""Where received bytes lie: under random names that nobody on the wire ever sees or gives."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path

from app.base.disk import disk_told_in_words, drop, need_room, sync_folder
from app.domain.problems import Unavailable

_NAME = re.compile("[0-9a-f]{32}")
_READ_BYTES = 1024 * 1024
_STRAYS_STAY = timedelta(days=1)


class FileShelf:
    """Files of the city by their random name. What a name means stands in the table `blob` alone."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def new_name(self) -> str:
        """A name for bytes about to arrive."""
        return secrets.token_hex(16)

    def length(self, name: str) -> int:
        """How many bytes lie under a name; 0 when there is no such file."""
        try:
            return self._path(name).stat().st_size
        except FileNotFoundError:
            return 0

    def append(self, name: str, offset: int, piece: bytes) -> None:
        """Put `piece` at `offset`, cutting off whatever lay behind it; on the disk when this returns.

        Raises Unavailable("sync.city_full") and leaves what lay before `offset` as it was.
        """
        path = self._path(name)
        with _city_told_in_words():
            path.parent.mkdir(parents=True, exist_ok=True)
            need_room(path.parent, len(piece))
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o600)
            with os.fdopen(handle, "wb") as file:
                file.truncate(offset)
                file.seek(offset)
                file.write(piece)
                file.flush()
                os.fsync(file.fileno())
            if offset == 0:
                sync_folder(path.parent)

    def need_room(self, size: int) -> None:
        """Raise Unavailable("sync.city_full") unless `size` more bytes fit."""
        with _city_told_in_words():
            need_room(self._folder, size)

    def sha256(self, name: str) -> str:
        """The hash of what lies there now; "" when there is nothing."""
        digest = hashlib.sha256()
        try:
            with self._path(name).open("rb") as file:
                while piece := file.read(_READ_BYTES):
                    digest.update(piece)
        except FileNotFoundError:
            return ""
        return digest.hexdigest()

    def read(self, name: str, offset: int, length: int) -> bytes:
        """Up to `length` bytes from `offset`. Raises FileNotFoundError."""
        with self._path(name).open("rb") as file:
            file.seek(offset)
            return file.read(length)

    def drop(self, name: str) -> None:
        """Delete a file nothing means any more; one that is gone already is no trouble."""
        drop(self._path(name))

    def names(self) -> Iterator[str]:
        """Everything that lies here."""
        for path in sorted(self._folder.glob("??/*")):
            if _NAME.fullmatch(path.name):
                yield path.name

    def strays(self, meant: frozenset[str], now: datetime) -> list[str]:
        """Names that mean nothing and are older than a day: a worker died between file and row."""
        oldest, found = (now - _STRAYS_STAY).timestamp(), []
        for name in self.names():
            with suppress(FileNotFoundError):
                if name not in meant and self._path(name).stat().st_mtime < oldest:
                    found.append(name)
        return found

    def _path(self, name: str) -> Path:
        if not _NAME.fullmatch(name):
            raise ValueError("not a name of ours")
        return self._folder / name[:2] / name


@contextmanager
def _city_told_in_words() -> Iterator[None]:
    """What the disk refuses, as the desk is to hear it: its own disk is not meant."""
    try:
        with disk_told_in_words():
            yield
    except Unavailable as problem:
        raise Unavailable("sync.city_full" if problem.code == "store.disk_full" else "sync.city_busy") from problem
