"""A session remembered in the key store of the operating system, where there is one; where there is none, it says so."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

_SERVICE = "griddesk"
_TRUSTED = ("keyring.backends.Windows", "keyring.backends.SecretService", "keyring.backends.kwallet")


class SessionMemory:
    """Remembers the opened key of one store for one person until an instant. Never written to a file of ours."""

    def __init__(self, database: Path, backend: KeyringBackend | None) -> None:
        """backend: from `system_key_store`; None remembers nothing."""
        self._place = str(database)
        self._backend = backend

    @property
    def available(self) -> bool:
        """True when this PC has a key store of its own."""
        return self._backend is not None

    def remember(self, person_id: UUID, key: bytes, now: datetime, until: datetime) -> bool:
        """Keep the key; False when the system would not."""
        kept = {"key": base64.b64encode(key).decode(), "from": now.timestamp(), "until": until.timestamp()}
        return self._backend is not None and _tried(
            self._backend.set_password, _SERVICE, self._user(person_id), json.dumps(kept)
        )

    def recall(self, person_id: UUID, now: datetime) -> bytes | None:
        """The key while it is remembered. A clock set back before the beginning ends the memory as well."""
        if self._backend is None:
            return None
        said = _asked(self._backend, self._user(person_id))
        try:
            kept = json.loads(said or "")
            key = base64.b64decode(kept["key"], validate=True)
            fresh = float(kept["from"]) <= now.timestamp() < float(kept["until"])
        except (ValueError, KeyError, TypeError, binascii.Error):
            return None
        if not fresh or len(key) != 32:
            self.forget(person_id)
            return None
        return key

    def forget(self, person_id: UUID) -> None:
        """End the memory; nothing happens when there was none."""
        if self._backend is not None:
            _tried(self._backend.delete_password, _SERVICE, self._user(person_id))

    def _user(self, person_id: UUID) -> str:
        return f"{person_id}@{self._place}"


def system_key_store() -> KeyringBackend | None:
    """The key store of this desktop (Windows, Secret Service, KWallet); None where there is none or only a plain file."""
    import keyring
    from keyring.backends import chainer

    backend = keyring.get_keyring()
    choices = backend.backends if isinstance(backend, chainer.ChainerBackend) else [backend]
    return next((choice for choice in choices if type(choice).__module__ in _TRUSTED), None)


def _asked(backend: KeyringBackend, user: str) -> str | None:
    from keyring.errors import KeyringError

    try:
        return backend.get_password(_SERVICE, user)
    except KeyringError:
        return None


def _tried(deed: Callable[..., object], *values: str) -> bool:
    from keyring.errors import KeyringError

    try:
        deed(*values)
    except KeyringError:
        return False
    return True
