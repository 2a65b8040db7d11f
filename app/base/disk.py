"""Writing files so that a power cut leaves the old one or the new one, and saying in words what the disk refuses."""

from __future__ import annotations

import errno
import os
import secrets
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from app.domain.problems import Unavailable

PART_SUFFIX = ".part"
SPARE_BYTES = 32 * 1024 * 1024
"""What we leave free, so that the database can still save while a photo or a backup fills the disk."""

_MEANINGS = {
    errno.ENOSPC: "store.disk_full",
    errno.EDQUOT: "store.disk_full",
    errno.EROFS: "store.read_only",
    errno.EACCES: "store.read_only",
    errno.EPERM: "store.read_only",
    errno.ENOENT: "store.cannot_open",
    errno.ENOTDIR: "store.cannot_open",
}


@contextmanager
def disk_told_in_words() -> Iterator[None]:
    """Turn errors of the operating system into Unavailable("store.…")."""
    try:
        yield
    except OSError as error:
        raise Unavailable(_MEANINGS.get(error.errno or 0, "store.disk_error")) from error


def write_atomically(path: Path, data: bytes) -> None:
    """Replace `path` by a file holding `data`, readable by its owner alone. Raises Unavailable."""
    with disk_told_in_words():
        path.parent.mkdir(parents=True, exist_ok=True)
        part = part_beside(path)
        try:
            with open_private(part) as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            put_in_place(part, path)
        finally:
            drop(part)


def part_beside(path: Path) -> Path:
    """A fresh name in the same folder for a file that is not finished yet."""
    return path.with_name(f".{path.name}.{secrets.token_hex(4)}{PART_SUFFIX}")


def open_private(path: Path) -> BinaryIO:
    """A new file for writing bytes, readable by its owner alone; refuses an existing one."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    return os.fdopen(os.open(path, flags, 0o600), "wb")


def drop(*unfinished: Path) -> None:
    """Delete what an unfinished deed left. What cannot be deleted stays: the deed's own trouble is the one to tell."""
    for path in unfinished:
        with suppress(OSError):
            path.unlink(missing_ok=True)


def put_in_place(part: Path, path: Path) -> None:
    """Give a finished (and synced) file its name, and make the name itself outlive a power cut."""
    part.replace(path)
    sync_folder(path.parent)


def drop_parts_of(path: Path) -> None:
    """Delete unfinished versions of a file that a killed program left; only while nobody else writes it."""
    drop(*path.parent.glob(f".{path.name}.*{PART_SUFFIX}"))


def sync_file(path: Path) -> None:
    """Make the bytes of a file that something else wrote outlive a power cut."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Make names in `folder` outlive a power cut; Windows does this by itself."""
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        # Some file systems know no fsync of folders; the rename is then as safe as they make it.
        with suppress(OSError):
            os.fsync(handle)
    finally:
        os.close(handle)


def free_bytes(folder: Path) -> int:
    """How much the disk of a folder can still take. Raises Unavailable."""
    with disk_told_in_words():
        return shutil.disk_usage(folder).free


def need_room(folder: Path, size: int) -> None:
    """Raise Unavailable("store.disk_full") unless `size` bytes fit in `folder` and some room stays free."""
    with disk_told_in_words():
        if shutil.disk_usage(folder).free < size + SPARE_BYTES:
            raise Unavailable("store.disk_full")
