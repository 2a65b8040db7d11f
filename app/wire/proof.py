"""The sum both sides keep over what a scope holds: it does not depend on order, and one change moves it by a difference."""

from __future__ import annotations

import hashlib
from uuid import UUID

from app.wire.sync import HASH_MODULUS


def row_hash(record_id: UUID | bytes, version: int) -> int:
    """One record's share of its scope's hash, 0 <= share < HASH_MODULUS."""
    raw = record_id if isinstance(record_id, bytes) else record_id.bytes
    digest = hashlib.blake2b(raw + version.to_bytes(8, "big"), digest_size=8).digest()
    return int.from_bytes(digest, "big") % HASH_MODULUS


def moved(total: int, *, gone: int = 0, come: int = 0) -> int:
    """The sum after one share went and another came."""
    return (total - gone + come) % HASH_MODULUS
