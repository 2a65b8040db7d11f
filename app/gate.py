"""The way in: who may open this store, and the key for those who can. Imports no SQL, so sign-in paints at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from app.base.clock import Clock
from app.base.paths import StorePaths
from app.domain.problems import Unavailable
from db.keys import KeyFile
from db.lock import StoreLock
from db.swap import finish_interrupted, settle, sweep_staged


@dataclass(frozen=True)
class GatePerson:
    """Somebody who has a key slot at this store."""

    person_id: UUID
    login: str
    name: str


@dataclass(frozen=True)
class Opened:
    """A key that fits, and whose it is. The key is never shown or logged."""

    key: bytes
    person_id: UUID

    def __repr__(self) -> str:
        return f"Opened(person_id={self.person_id})"


class Gate:
    """Sign-in at one store, before its file is opened."""

    def __init__(self, paths: StorePaths, clock: Clock) -> None:
        self._paths = paths
        self._clock = clock
        self._keys = KeyFile(paths, steady=clock.steady)

    def exists(self) -> bool:
        """True when there is a store here, with or without its key slots."""
        return self._paths.database.exists() or self._keys.exists()

    def settle(self) -> None:
        """Finish a restore that was cut off; for those who do not hold the store. Raises Unavailable("store.…")."""
        settle(self._paths, self._clock)

    def people(self) -> Sequence[GatePerson]:
        """Everybody with a key slot, in order of entry. Raises Unavailable("store.missing")."""
        if not self.exists():
            raise Unavailable("store.missing", path=self._paths.folder)
        return [GatePerson(owner.person_id, owner.login, owner.name) for owner in self._keys.people()]

    def enter(self, login: str, password: str) -> Opened:
        """The store's key for a right password.

        Raises Refused("account.wrong_password" | "account.wait" | "account.locked"): wrong ones are counted and slowed.
        """
        opened = self._keys.open_slot(login, password, self._clock.now())
        return Opened(opened.key, opened.person_id)

    def hold(self) -> StoreLock:
        """This store for one window, until released; a restore that was cut off is finished first.

        Raises Unavailable("store.locked_by_window", owner=…)."""
        lock = StoreLock(self._paths.lock, self._clock).take()
        try:
            finish_interrupted(self._paths)
            sweep_staged(self._paths)
        except BaseException:
            lock.release()
            raise
        return lock

    def recover(self, code: str) -> bytes:
        """The store's key from the printed recovery code, also when the key slots are gone."""
        return self._keys.recover(code)
