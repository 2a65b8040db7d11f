"""Locks of the operating system on a file: they vanish with the process that held them, however it ended."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.base.disk import disk_told_in_words
from app.domain.problems import Unavailable

_FAR_BYTE = 1 << 30
"""Windows locks keep others from reading; so the locked byte lies far behind anything written."""


class FileLock:
    """An exclusive lock on a file that stays readable. One holder in the world, also within one process."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._handle: int | None = None

    @property
    def handle(self) -> int:
        """The open file of a lock that is held."""
        if self._handle is None:
            raise RuntimeError("the lock is not held")
        return self._handle

    def take(self, patience_s: float = 0.2) -> bool:
        """True once held; False when another holds it all the while. Raises Unavailable for a place without access."""
        with disk_told_in_words():
            self._path.parent.mkdir(parents=True, exist_ok=True)
            handle = os.open(self._path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o600)
        give_up_at = time.monotonic() + patience_s
        while not _lock(handle):
            if time.monotonic() >= give_up_at:
                os.close(handle)
                return False
            time.sleep(0.02)
        self._handle = handle
        return True

    def release(self) -> None:
        """Let go; nothing happens when it is not held."""
        if self._handle is not None:
            _unlock(self._handle)
            os.close(self._handle)
            self._handle = None


@contextmanager
def held(path: Path, patience_s: float = 10) -> Iterator[None]:
    """Hold the lock of `path` for a moment. Raises Unavailable("store.busy") when it does not come free."""
    lock = FileLock(path)
    if not lock.take(patience_s):
        raise Unavailable("store.busy")
    try:
        yield
    finally:
        lock.release()


if sys.platform == "win32":
    import msvcrt

    def _lock(handle: int) -> bool:
        os.lseek(handle, _FAR_BYTE, os.SEEK_SET)
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _unlock(handle: int) -> None:
        os.lseek(handle, _FAR_BYTE, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_UNLCK, 1)
else:
    import fcntl

    def _lock(handle: int) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _unlock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_UN)
