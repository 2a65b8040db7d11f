"""Key slots: the store key sealed by one person's password (argon2id, then AES-256-GCM bound to the person).

Plain dataclasses, and the ciphers are imported when they are used: the sign-in window is painted before either.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from app.domain.passwords import normal

_SALT_BYTES, _NONCE_BYTES, _KEY_BYTES, _TAG_BYTES = 16, 12, 32, 16
_MOST_PASSES, _MOST_KIB, _MOST_LANES = 16, 1_048_576, 16


@dataclass(frozen=True)
class KdfCost:
    """What one guess at a password costs. The defaults are RFC 9106's second recommendation (64 MiB)."""

    passes: int = 3
    memory_kib: int = 65_536
    lanes: int = 4

    def __post_init__(self) -> None:
        numbers = ((self.passes, _MOST_PASSES), (self.memory_kib, _MOST_KIB), (self.lanes, _MOST_LANES))
        if not all(type(number) is int and 1 <= number <= most for number, most in numbers):
            raise ValueError("a cost no key slot of ours has")


@dataclass(frozen=True)
class KeySlot:
    """The sealed key of one person. `login` and `name` are what the sign-in window shows; `person_id` is sealed in."""

    person_id: UUID
    login: str
    name: str
    cost: KdfCost
    salt: bytes
    nonce: bytes
    sealed: bytes

    def plain(self) -> dict[str, Any]:
        """The slot as values of JSON."""
        return {
            "person_id": str(self.person_id),
            "login": self.login,
            "name": self.name,
            "cost": asdict(self.cost),
            "salt": self.salt.hex(),
            "nonce": self.nonce.hex(),
            "sealed": self.sealed.hex(),
        }


def slot_from(plain: Mapping[str, Any]) -> KeySlot:
    """The slot written by `plain`. Raises ValueError, KeyError, TypeError or AttributeError for anything else."""
    slot = KeySlot(
        person_id=UUID(plain["person_id"]),
        login=plain["login"],
        name=plain["name"],
        cost=KdfCost(**plain["cost"]),
        salt=bytes.fromhex(plain["salt"]),
        nonce=bytes.fromhex(plain["nonce"]),
        sealed=bytes.fromhex(plain["sealed"]),
    )
    sizes = (len(slot.salt), len(slot.nonce), len(slot.sealed))
    if sizes != (_SALT_BYTES, _NONCE_BYTES, _KEY_BYTES + _TAG_BYTES) or not (slot.login and slot.name.isprintable()):
        raise ValueError("not a key slot of ours")
    return slot


def make_slot(person_id: UUID, login: str, name: str, password: str, key: bytes, cost: KdfCost) -> KeySlot:
    """A slot that opens with `password`."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    salt, nonce = secrets.token_bytes(_SALT_BYTES), secrets.token_bytes(_NONCE_BYTES)
    sealed = AESGCM(_stretched(password, salt, cost)).encrypt(nonce, key, _bound_to(person_id))
    return KeySlot(person_id, login, name, cost, salt, nonce, sealed)


def opened(slot: KeySlot, password: str) -> bytes | None:
    """The store key, or None when the password is wrong or the slot was tampered with (which cannot be told apart)."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    try:
        return AESGCM(_stretched(password, slot.salt, slot.cost)).decrypt(
            slot.nonce, slot.sealed, _bound_to(slot.person_id)
        )
    except InvalidTag:
        return None


def spend_time(password: str, cost: KdfCost) -> None:
    """Do the work of a guess without a slot, so that an unknown login answers no faster than a known one."""
    _stretched(password, bytes(_SALT_BYTES), cost)


def _stretched(password: str, salt: bytes, cost: KdfCost) -> bytes:
    from argon2.low_level import Type, hash_secret_raw

    return hash_secret_raw(
        normal(password).encode(),
        salt,
        time_cost=cost.passes,
        memory_cost=cost.memory_kib,
        parallelism=cost.lanes,
        hash_len=_KEY_BYTES,
        type=Type.ID,
    )


def _bound_to(person_id: UUID) -> bytes:
    return b"griddesk key slot 1" + person_id.bytes
