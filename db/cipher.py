"""Connections to the encrypted file: the key goes in first, then the settings every connection of ours has."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as sqlcipher

from app.domain.problems import Unavailable
from db.trouble import told_in_words

KEY_BYTES = 32
BUSY_TIMEOUT_MS = 5000
CACHE_KIB = 16_384
START_CHECK_MS = 60
_PLAIN_HEADER = b"SQLite format 3\x00"
_SMALLEST_FILE = 512
_STEPS_BETWEEN_LOOKS = 1000

Connection = Any
"""A sqlcipher3 connection; the package carries no types."""


def connect(database: Path, key: bytes, *, read_only: bool = False) -> Connection:
    """An open connection in autocommit, usable from any thread one at a time.

    key: the 32 raw bytes. A writer makes a missing file; a reader does not.
    Raises Unavailable: store.missing, store.wrong_key (also when the very first page is damaged), store.not_ours (the
    file is not encrypted), store.damaged (also when its end is missing), store.read_only, store.cannot_open.
    """
    if len(key) != KEY_BYTES:
        raise ValueError("the store key is 32 bytes")
    _look_at(database, read_only)
    mode = "rw" if read_only else "rwc"
    with told_in_words():
        connection = sqlcipher.connect(
            f"{database.absolute().as_uri()}?mode={mode}",
            uri=True,
            isolation_level=None,
            check_same_thread=False,
            cached_statements=256,
            timeout=BUSY_TIMEOUT_MS / 1000,
        )
        try:
            _set_up(connection, key, read_only)
        except BaseException:
            connection.close()
            raise
    return connection


def connect_scratch(database: Path, key: bytes) -> Connection:
    """A connection for filling a new file in one go: quick, and without any safety until it is closed and synced."""
    with told_in_words():
        connection = sqlcipher.connect(str(database), isolation_level=None, check_same_thread=False)
        _unlock(connection, key)
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute("PRAGMA synchronous = OFF")
    return connection


def connect_damaged(database: Path, key: bytes) -> Connection:
    """A connection to a copy of a damaged file, also when its end is missing. Errors come as the driver's own."""
    connection = sqlcipher.connect(f"{database.absolute().as_uri()}?mode=rw", uri=True, isolation_level=None)
    _unlock(connection, key)
    # With a writable schema SQLite does not insist on the length the header tells.
    connection.execute("PRAGMA writable_schema = ON")
    connection.execute("PRAGMA query_only = ON")
    return connection


def _look_at(database: Path, read_only: bool) -> None:
    if database.parent.is_dir() and not os.access(database.parent, os.W_OK):
        # Even a reader has to write beside the file: the index of the log.
        raise Unavailable("store.read_only")
    try:
        with database.open("rb") as file:
            head = file.read(_SMALLEST_FILE)
    except FileNotFoundError:
        if read_only:
            raise Unavailable("store.missing", path=database) from None
        return
    except OSError as error:
        raise Unavailable("store.cannot_open") from error
    if head.startswith(_PLAIN_HEADER):
        raise Unavailable("store.not_ours")
    if 0 < len(head) < _SMALLEST_FILE:
        raise Unavailable("store.damaged")


def _unlock(connection: Connection, key: bytes) -> None:
    # SQLCipher writes every failed page to stderr by itself; the errors reach us as exceptions anyway.
    connection.execute("PRAGMA cipher_log_level = NONE")
    connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")


def _set_up(connection: Connection, key: bytes, read_only: bool) -> None:
    _unlock(connection, key)
    connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA temp_store = MEMORY")
    connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
    if read_only:
        connection.execute("PRAGMA query_only = ON")
    else:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")


def quick_check(connection: Connection, most: int = 20) -> list[str]:
    """What SQLite finds wrong with the structure of the file; empty when it is sound. Reads every page.

    The first page whose seal is broken ends the check: SQLCipher lets nothing through on that connection afterwards.
    """
    try:
        found = [str(row[0]) for row in connection.execute(f"PRAGMA quick_check({most})")]
    except sqlcipher.DatabaseError as error:
        return [str(error)]
    return [] if found == ["ok"] else found


def is_whole(connection: Connection, most_ms: int = START_CHECK_MS) -> bool:
    """False when SQLite finds something wrong with the structure of the file within `most_ms` milliseconds.

    Meant for every start: a small file is read whole, a large one in part. What lies further on is told when it is
    read, by `quick_check` and by every backup.
    """
    give_up_at = time.monotonic() + most_ms / 1000
    connection.set_progress_handler(lambda: time.monotonic() > give_up_at, _STEPS_BETWEEN_LOOKS)
    try:
        found = connection.execute("PRAGMA quick_check(1)").fetchone()
    except sqlcipher.DatabaseError as error:
        return "interrupted" in str(error)
    finally:
        connection.set_progress_handler(None, 0)
    return bool(found == ("ok",))


def broken_pages(connection: Connection) -> list[int]:
    """Numbers of pages whose seal (HMAC) does not fit, reading the whole file past the first fault."""
    said = [str(row[0]) for row in connection.execute("PRAGMA cipher_integrity_check")]
    return [int(text.rsplit(" ", 1)[1]) for text in said if text.rsplit(" ", 1)[-1].isdigit()]
