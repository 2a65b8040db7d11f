"""Key slots: the store key sealed by one person's password (argon2id, then AES-256-GCM bound to the person)."""

from __future__ import annotations

import secrets
from typing import Annotated
from uuid import UUID

from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pydantic import BaseModel, ConfigDict, Field

from app.domain.passwords import normal

Hex = Annotated[str, Field(pattern="^([0-9a-f]{2})+$", max_length=256)]
_SALT_BYTES, _NONCE_BYTES, _KEY_BYTES = 16, 12, 32


class KdfCost(BaseModel):
    """What one guess at a password costs. The defaults are RFC 9106's second recommendation (64 MiB)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    passes: int = Field(default=3, ge=1, le=16)
    memory_kib: int = Field(default=65_536, ge=8, le=1_048_576)
    lanes: int = Field(default=4, ge=1, le=16)


class KeySlot(BaseModel):
    """The sealed key of one person. `login` and `name` are what the sign-in window shows; `person_id` is sealed in."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    person_id: UUID
    login: str = Field(min_length=1, max_length=80)
    name: str = Field(max_length=80)
    cost: KdfCost
    salt: Hex
    nonce: Hex
    sealed: Hex


def make_slot(person_id: UUID, login: str, name: str, password: str, key: bytes, cost: KdfCost) -> KeySlot:
    """A slot that opens with `password`."""
    salt, nonce = secrets.token_bytes(_SALT_BYTES), secrets.token_bytes(_NONCE_BYTES)
    sealed = AESGCM(_stretched(password, salt, cost)).encrypt(nonce, key, _bound_to(person_id))
    return KeySlot(
        person_id=person_id,
        login=login,
        name=name,
        cost=cost,
        salt=salt.hex(),
        nonce=nonce.hex(),
        sealed=sealed.hex(),
    )


def opened(slot: KeySlot, password: str) -> bytes | None:
    """The store key, or None when the password is wrong or the slot was tampered with (which cannot be told apart)."""
    stretched = _stretched(password, bytes.fromhex(slot.salt), slot.cost)
    try:
        key = AESGCM(stretched).decrypt(
            bytes.fromhex(slot.nonce), bytes.fromhex(slot.sealed), _bound_to(slot.person_id)
        )
    except (InvalidTag, ValueError):
        return None
    return key if len(key) == _KEY_BYTES else None


def spend_time(password: str, cost: KdfCost) -> None:
    """Do the work of a guess without a slot, so that an unknown login answers no faster than a known one."""
    _stretched(password, bytes(_SALT_BYTES), cost)


def _stretched(password: str, salt: bytes, cost: KdfCost) -> bytes:
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
