"""What SQLite's own errors mean for the person at the desk."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy.exc import DBAPIError

from app.domain.problems import Unavailable

_MEANINGS = (
    ("disk is full", "store.disk_full"),
    ("readonly", "store.read_only"),
    ("locked", "store.busy"),
    ("busy", "store.busy"),
    ("malformed", "store.damaged"),
    ("not a database", "store.wrong_key"),
    ("unable to open", "store.cannot_open"),
    ("disk i/o error", "store.disk_error"),
)


def meaning_of(error: BaseException) -> str | None:
    """The problem code of an error of the environment; None for a fault of ours."""
    text = str(error).lower()
    return next((code for words, code in _MEANINGS if words in text), None)


@contextmanager
def told_in_words() -> Iterator[None]:
    """Turn errors of disk and file into Unavailable; let faults of ours fly."""
    try:
        yield
    except (sqlcipher.DatabaseError, DBAPIError) as error:
        code = meaning_of(error.orig if isinstance(error, DBAPIError) and error.orig else error)
        if code is None:
            raise
        raise Unavailable(code) from error
