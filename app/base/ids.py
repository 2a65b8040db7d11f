"""Time-ordered identities (UUIDv7, RFC 9562 section 5.7)."""

from __future__ import annotations

import os
import threading
from uuid import UUID

from app.base.clock import Clock


class IdSource:
    """Hands out UUIDv7 values that rise within one process, even when the clock stands or steps back."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._last = 0

    def go_on_from(self, last: UUID) -> None:
        """Hand out nothing below an identity made earlier, whatever the clock says now."""
        head = (last.int >> 80) << 12 | (last.int >> 64) & 0xFFF
        with self._lock:
            self._last = max(self._last, head)

    def new(self) -> UUID:
        """A fresh identity: 48 bits of milliseconds, 12 bits of counter, 62 random bits."""
        with self._lock:
            stamp = int(self._clock.now().timestamp() * 1000) << 12
            self._last = max(self._last + 1, stamp)
            head = self._last
        value = ((head >> 12) << 80) | (0x7 << 76) | ((head & 0xFFF) << 64)
        return UUID(int=value | (0b10 << 62) | int.from_bytes(os.urandom(8)) >> 2)
