"""The key file: one random key opens the store; every person holds it in a slot of their own. Two copies on the disk.

Removing a slot ends that person's sign-in; it does not make a new key. All slots gone: the recovery code is the key.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from uuid import UUID

from app.base.disk import drop_parts_of, write_atomically
from app.base.filelock import held
from app.base.paths import StorePaths
from app.base.settings import DeskSettings
from app.domain.passwords import normal
from app.domain.problems import Refused, Unavailable
from app.domain.recovery import key_from_recovery
from db.attempts import AttemptRules, Attempts, Steady
from db.slots import KdfCost, KeySlot, make_slot, opened, slot_from, spend_time

_FORMAT = "griddesk-keys-1"
_LARGEST_FILE = 4 * 1024 * 1024


@dataclass(frozen=True)
class _Body:
    """What stands in the key file. serial rises with every change; the newer sound copy is believed."""

    serial: int
    fingerprint: str
    slots: tuple[KeySlot, ...] = ()


@dataclass(frozen=True)
class SlotOwner:
    """Somebody who can sign in at this store."""

    person_id: UUID
    login: str
    name: str


@dataclass(frozen=True)
class OpenedSlot:
    """What a right password gives."""

    key: bytes
    person_id: UUID


def make_key() -> bytes:
    """A fresh random store key."""
    return secrets.token_bytes(32)


def subkey(key: bytes, purpose: str) -> bytes:
    """32 bytes derived from the store key for one purpose; they do not give the key away."""
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    return HKDF(SHA256(), 32, None, f"griddesk {purpose}".encode()).derive(key)


class KeyFile:
    """The key slots of one store. Safe beside another process; every change replaces both copies whole."""

    def __init__(
        self,
        paths: StorePaths,
        *,
        cost: KdfCost | None = None,
        rules: AttemptRules | None = None,
        steady: Steady | None = None,
    ) -> None:
        self._copies = (paths.keys, paths.keys_copy)
        self._lock = paths.keys.with_suffix(".lock")
        self._cost = cost or KdfCost()
        self.attempts = Attempts(paths.attempts, rules or _rules(paths.settings), steady)

    def exists(self) -> bool:
        """True when a copy is there, sound or not."""
        return any(path.exists() for path in self._copies)

    def is_sound(self) -> bool:
        """True when both copies are there, readable and the same."""
        bodies = [_read(path) for path in self._copies]
        return bodies[0] is not None and bodies[0] == bodies[1]

    def people(self) -> tuple[SlotOwner, ...]:
        """Who can sign in, in the order they were added. Raises Unavailable("account.keys_lost")."""
        return tuple(SlotOwner(slot.person_id, slot.login, slot.name) for slot in self._body().slots)

    def start(self, key: bytes) -> None:
        """A key file without slots, for a new store.

        Raises Refused("account.keys_exist") when a readable one is there.
        """
        with held(self._lock):
            if any(_read(path) is not None for path in self._copies):
                raise Refused("account.keys_exist")
            self._write(_Body(serial=1, fingerprint=_fingerprint(key)))

    def fits(self, key: bytes) -> bool | None:
        """Whether `key` is the key of this store; None when no readable key file says so."""
        bodies = [body for body in map(_read, self._copies) if body is not None]
        return secrets.compare_digest(bodies[0].fingerprint, _fingerprint(key)) if bodies else None

    def add(self, person_id: UUID, login: str, name: str, password: str, key: bytes) -> None:
        """A slot for somebody new. Raises Refused("account.login_taken") for a login in use by another."""
        slot = make_slot(person_id, login, name, password, key, self._cost)
        with held(self._lock):
            body = self._body_for(key)
            if any(_same(login, other.login) and other.person_id != person_id for other in body.slots):
                raise Refused("account.login_taken", login=login)
            if any(other.person_id == person_id for other in body.slots):
                slots: Iterable[KeySlot] = (slot if old.person_id == person_id else old for old in body.slots)
            else:
                slots = (*body.slots, slot)
            self._change(body, slots)
        self.attempts.succeeded(login)

    def set(self, person_id: UUID, login: str, name: str, password: str, key: bytes) -> None:
        """The person's slot with a new password; it and a lost key file are made anew. Forgives wrong tries."""
        self.add(person_id, login, name, password, key)

    def rename(self, person_id: UUID, login: str, name: str) -> None:
        """Another login or name for the same slot; nothing happens to somebody without one."""
        with held(self._lock):
            body = self._body()
            if any(_same(login, other.login) and other.person_id != person_id for other in body.slots):
                raise Refused("account.login_taken", login=login)
            self._change(
                body,
                (replace(slot, login=login, name=name) if slot.person_id == person_id else slot for slot in body.slots),
            )

    def remove(self, person_id: UUID) -> None:
        """End somebody's sign-in. Raises Refused("account.last_slot") for the only one left."""
        with held(self._lock):
            body = self._body()
            rest = [slot for slot in body.slots if slot.person_id != person_id]
            if body.slots and not rest:
                raise Refused("account.last_slot")
            if len(rest) < len(body.slots):
                self._change(body, rest)

    def open_slot(self, login: str, password: str, now: datetime) -> OpenedSlot:
        """The store key for a right login and password.

        Raises Refused: account.wrong_password(left, wait_s, until), account.wait(wait_s, until),
        account.locked(failures, minutes, until); Unavailable("account.keys_lost").
        """
        body = self._body()
        self.attempts.begin(login, now)
        slot = next((slot for slot in body.slots if _same(login, slot.login)), None)
        if slot is None:
            spend_time(password, self._cost)
        key = None if slot is None else opened(slot, password)
        if slot is None or key is None or _fingerprint(key) != body.fingerprint:
            raise self.attempts.wrong(login, now)
        self.attempts.succeeded(login)
        self._mend()
        return OpenedSlot(key, slot.person_id)

    def recover(self, code: str) -> bytes:
        """The key from a recovery code. Raises Refused("account.recovery_…"), also for the code of another store."""
        key = key_from_recovery(code)
        if self.fits(key) is False:
            raise Refused("account.recovery_other_store")
        return key

    def as_bytes(self) -> bytes:
        """The key file as it stands, for a backup."""
        return _sealed(self._body())

    def _body(self) -> _Body:
        bodies = [body for body in map(_read, self._copies) if body is not None]
        if not bodies:
            raise Unavailable("account.keys_lost")
        return max(bodies, key=lambda body: body.serial)

    def _body_for(self, key: bytes) -> _Body:
        if not any(_read(path) for path in self._copies):
            # Whoever holds the key (by recovery code, or signed in already) may rebuild lost slots.
            return _Body(serial=1, fingerprint=_fingerprint(key))
        body = self._body()
        if body.fingerprint != _fingerprint(key):
            raise Unavailable("store.wrong_key")
        return body

    def _change(self, body: _Body, slots: Iterable[KeySlot]) -> None:
        self._write(replace(body, serial=body.serial + 1, slots=tuple(slots)))

    def _write(self, body: _Body) -> None:
        for path in self._copies:
            drop_parts_of(path)
            write_atomically(path, _sealed(body))

    def _mend(self) -> None:
        if not self.is_sound():
            with held(self._lock):
                self._write(self._body())


def _sealed(body: _Body) -> bytes:
    plain = {
        "format": _FORMAT,
        "serial": body.serial,
        "fingerprint": body.fingerprint,
        "slots": [slot.plain() for slot in body.slots],
    }
    text = json.dumps(plain, ensure_ascii=False)
    return json.dumps({"sum": _sum(text), "body": text}, ensure_ascii=False, indent=1).encode()


def _read(path: Path) -> _Body | None:
    try:
        with path.open("rb") as file:
            sealed = json.loads(file.read(_LARGEST_FILE))
        plain = json.loads(sealed["body"])
        if sealed["sum"] != _sum(sealed["body"]) or plain["format"] != _FORMAT or set(sealed) != {"sum", "body"}:
            return None
        return _Body(int(plain["serial"]), str(plain["fingerprint"]), tuple(map(slot_from, plain["slots"])))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def _sum(text: str) -> str:
    """A sum over the exact text, so that a damaged copy is known from a sound one."""
    return hashlib.sha256(text.encode()).hexdigest()


def _rules(settings: Path) -> AttemptRules:
    said = DeskSettings.read(settings)
    return AttemptRules(said.wrong_passwords, said.lock_minutes)


def _fingerprint(key: bytes) -> str:
    return subkey(key, "fingerprint")[:16].hex()


def _same(one: str, other: str) -> bool:
    return normal(one).strip().casefold() == normal(other).strip().casefold()
