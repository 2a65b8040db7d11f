"""Keys of PCs that were heard lately, so that a signature is looked at before the database is asked anything."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from functools import cached_property
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

MOST = 4096


@dataclass(frozen=True)
class Signer:
    """A PC's key. raw: 32 bytes, as the city keeps it."""

    raw: bytes

    def signed(self, words: bytes, signature: bytes) -> bool:
        """Whether the holder of the key signed exactly this."""
        try:
            self._key.verify(signature, words)
        except (InvalidSignature, ValueError):
            return False
        return True

    @cached_property
    def _key(self) -> Ed25519PublicKey:
        """Raises ValueError for bytes that are no key."""
        return Ed25519PublicKey.from_public_bytes(self.raw)


@dataclass
class Signers:
    """What is remembered here is never believed alone: taking the counter asks for a row with the same key."""

    _known: dict[UUID, Signer] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def get(self, device_id: UUID) -> Signer | None:
        """The key of a PC heard lately."""
        return self._known.get(device_id)

    def remember(self, device_id: UUID, signer: Signer) -> None:
        """Keep a key the database gave; whoever was taken in first is forgotten when there are too many."""
        with self._lock:
            while len(self._known) >= MOST:
                del self._known[next(iter(self._known))]
            self._known[device_id] = signer
