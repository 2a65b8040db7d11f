"""One window per store: a lock of the operating system, and beside it in words who holds it.

The system's lock is the truth: it vanishes with its holder, however that ended, so no lock is ever stale. The words are
for the person who is refused.
"""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

from app.base.clock import Clock
from app.base.filelock import FileLock
from app.domain.problems import Unavailable

SILENT_AFTER = timedelta(minutes=2)
_MOST_BYTES = 4096


@dataclass(frozen=True)
class Owner:
    """Who holds a store. beat_at: when it last showed life; purpose: window, create, restore, salvage, upgrade or sync."""

    pid: int
    host: str
    purpose: str
    started_at: datetime
    beat_at: datetime

    def is_silent(self, now: datetime) -> bool:
        """True when it holds the lock but has shown no life for a while: it hangs, or sleeps with its PC."""
        return now - self.beat_at > SILENT_AFTER

    def said(self) -> str:
        """The owner for a sentence on the screen."""
        return f"{self.host} · {self.pid} · {self.started_at.astimezone():%m-%d %H:%M}"


class StoreLock:
    """The lock of one store, held from `take` to `release`; also a context manager."""

    def __init__(self, path: Path, clock: Clock, purpose: str = "window") -> None:
        self._path = path
        self._clock = clock
        self._purpose = purpose
        self._lock = FileLock(path)
        self._owner: Owner | None = None

    def take(self) -> Self:
        """Hold the store. Raises Unavailable("store.locked_by_window" | "store.locked_by_silent_window", owner=…)."""
        if not self._lock.take():
            raise self._refusal()
        now = self._clock.now()
        self._owner = Owner(pid=os.getpid(), host=platform.node(), purpose=self._purpose, started_at=now, beat_at=now)
        self._write(_text_of(self._owner))
        return self

    def _refusal(self) -> Unavailable:
        owner = _owner_in(self._path)
        if owner is not None and owner.is_silent(self._clock.now()):
            return Unavailable("store.locked_by_silent_window", owner=owner.said())
        return Unavailable("store.locked_by_window", owner="?" if owner is None else owner.said())

    def beat(self) -> None:
        """Show life; called about every half minute while the store is held."""
        if self._owner is not None:
            self._owner = replace(self._owner, beat_at=self._clock.now())
            self._write(_text_of(self._owner))

    def release(self) -> None:
        """Let go. The file stays: deleting it would let two holders have a lock each."""
        if self._owner is not None:
            self._write("")
            self._owner = None
            self._lock.release()

    def __enter__(self) -> Self:
        return self.take()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()

    def _write(self, text: str) -> None:
        # In place: a renamed file would be another file, and not the locked one.
        # On a full disk the words are missing and the lock still holds.
        data = text.encode()
        with suppress(OSError):
            os.lseek(self._lock.handle, 0, os.SEEK_SET)
            os.write(self._lock.handle, data)
            os.ftruncate(self._lock.handle, len(data))


@contextmanager
def alone(path: Path, clock: Clock, purpose: str) -> Iterator[None]:
    """Hold a store for one deed. The window of this very process, which holds it already, is no obstacle.

    Raises Unavailable("store.locked_by_window", owner=…).
    """
    owner = holder(path)
    if owner is not None and (owner.pid, owner.host) == (os.getpid(), platform.node()):
        yield
        return
    with StoreLock(path, clock, purpose):
        yield


def holder(path: Path) -> Owner | None:
    """Who holds the store now; None when nobody does. Takes the lock for an instant to find out."""
    if not path.exists():
        return None
    probe = FileLock(path)
    if probe.take(patience_s=0):
        probe.release()
        return None
    return _owner_in(path)


def _text_of(owner: Owner) -> str:
    return json.dumps(asdict(owner), default=datetime.isoformat)


def _owner_in(path: Path) -> Owner | None:
    try:
        with path.open("rb") as file:
            said = json.loads(file.read(_MOST_BYTES))
        started_at, beat_at = (datetime.fromisoformat(said[name]).astimezone() for name in ("started_at", "beat_at"))
        return Owner(int(said["pid"]), str(said["host"]), str(said["purpose"]), started_at, beat_at)
    except (OSError, ValueError, KeyError, TypeError):
        return None
