"""Wrong passwords slow the next try down and lock a login for a while; kept in a file, so a restart forgives nothing.

The file holds counts under a hash of the login. Whoever can delete it can also copy the key file and guess elsewhere:
it stops people at the desk, argon2id stops the rest.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from app.base.disk import drop_parts_of, write_atomically
from app.base.filelock import held
from app.domain.passwords import normal
from app.domain.problems import Refused, Unavailable

_MOST_LOGINS = 200
Steady = Callable[[], float]


@dataclass(frozen=True)
class AttemptRules:
    """After `failures` wrong passwords in a row a login is locked; before that each one doubles the wait from 1 s."""

    failures: int = 5
    lock_minutes: int = 10


@dataclass(frozen=True)
class _Count:
    """failures in a row; the wait that began at `at` (seconds since 1970), when the PC's steady seconds stood at `up`.

    up: None where no steady seconds were at hand.
    """

    failures: int
    at: float
    wait_s: float
    up: float | None = None

    def left_s(self, now: datetime, up: float | None) -> float:
        """Seconds still to wait. Setting the clock changes nothing as long as the PC stays on.

        After a restart of the PC the clock counts; set back, it starts the wait anew: it neither ends it nor makes it
        endless.
        """
        if self.up is not None and up is not None and up >= self.up:
            return self.wait_s - (up - self.up)
        return self.wait_s - max(0.0, now.timestamp() - self.at)


class Attempts:
    """The counts of one store. On a full disk they hold for this run of the program alone."""

    def __init__(self, file: Path, rules: AttemptRules, steady: Steady | None = None) -> None:
        """steady: seconds nobody can set; without them the clock alone counts."""
        self._file = file
        self._steady = steady
        self._lock = file.with_suffix(".lock")
        self._rules = rules
        self._unsaved: dict[str, _Count] | None = None

    def begin(self, login: str, now: datetime) -> None:
        """Count a try as failed before it is made, so that killing the program saves nobody a failure.

        Raises Refused("account.wait" | "account.locked", until=…) while the login has to wait; that is not counted.
        """
        waiting = self._waiting(login, now)
        if waiting is not None:
            raise self._refusal(waiting, now)
        with held(self._lock):
            counts, name = self._read(), _name(login)
            before = counts[name].failures if name in counts else 0
            failures = 1 if before >= self._rules.failures else before + 1
            counts[name] = _Count(failures, now.timestamp(), self._wait_s(failures), self._up())
            self._write(counts)

    def succeeded(self, login: str) -> None:
        """Forget the failures of a login."""
        with held(self._lock):
            counts = self._read()
            if counts.pop(_name(login), None) is not None:
                self._write(counts)

    def wrong(self, login: str, now: datetime) -> Refused:
        """What to raise for a try that `begin` counted and that failed; its wait may be over when the try was slow."""
        count = self._counted(login, now) or _Count(1, now.timestamp(), 0, self._up())
        if count.failures >= self._rules.failures:
            return self._refusal(count, now)
        wait_s = max(1, math.ceil(count.left_s(now, self._up())))
        until = now + timedelta(seconds=wait_s)
        left = self._rules.failures - count.failures
        return Refused("account.wrong_password", left=left, wait_s=wait_s, until=until)

    def waiting_until(self, login: str, now: datetime) -> datetime | None:
        """Until when a login has to wait; None when it may try now."""
        count = self._waiting(login, now)
        return None if count is None else now + timedelta(seconds=count.left_s(now, self._up()))

    def _waiting(self, login: str, now: datetime) -> _Count | None:
        count = self._counted(login, now)
        return count if count is not None and count.left_s(now, self._up()) > 0 else None

    def _counted(self, login: str, now: datetime) -> _Count | None:
        with held(self._lock):
            counts, name = self._read(), _name(login)
            count = counts.get(name)
            if count is not None and now.timestamp() < count.at:
                count = counts[name] = replace(count, at=now.timestamp())
                self._write(counts)
        return count

    def _up(self) -> float | None:
        return None if self._steady is None else self._steady()

    def _wait_s(self, failures: int) -> float:
        return self._rules.lock_minutes * 60.0 if failures >= self._rules.failures else 2.0 ** (failures - 1)

    def _refusal(self, count: _Count, now: datetime) -> Refused:
        left_s = count.left_s(now, self._up())
        until = now + timedelta(seconds=left_s)
        if count.failures >= self._rules.failures:
            return Refused("account.locked", failures=count.failures, minutes=math.ceil(left_s / 60), until=until)
        return Refused("account.wait", wait_s=math.ceil(left_s), until=until)

    def _read(self) -> dict[str, _Count]:
        if self._unsaved is not None:
            return dict(self._unsaved)
        try:
            raw = json.loads(self._file.read_bytes())
            return {name: _count(said) for name, said in raw.items()}
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return {}

    def _write(self, counts: dict[str, _Count]) -> None:
        newest = dict(sorted(counts.items(), key=lambda item: item[1].at)[-_MOST_LOGINS:])
        text = json.dumps({name: asdict(count) for name, count in newest.items()})
        drop_parts_of(self._file)
        try:
            write_atomically(self._file, text.encode())
        except Unavailable:
            self._unsaved = newest
        else:
            self._unsaved = None


def _count(said: dict[str, Any]) -> _Count:
    up = said.get("up")
    return _Count(int(said["failures"]), float(said["at"]), float(said["wait_s"]), None if up is None else float(up))


def _name(login: str) -> str:
    return hashlib.sha256(normal(login).strip().casefold().encode()).hexdigest()[:24]
