"""A session remembered by the operating system, and its honest absence."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends.fail import Keyring as NoKeyring
from keyring.errors import KeyringLocked, PasswordDeleteError

from app.base.secrets import SessionMemory, system_key_store

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
WANG, LI = UUID(int=1), UUID(int=2)
KEY = bytes(range(32))


class Desktop(KeyringBackend):
    """A key store in memory, which can be locked."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.kept: dict[tuple[str, str], str] = {}
        self.locked = False

    def get_password(self, service: str, username: str) -> str | None:
        self._need_unlocked()
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._need_unlocked()
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        self._need_unlocked()
        if self.kept.pop((service, username), None) is None:
            raise PasswordDeleteError("not there")

    def _need_unlocked(self) -> None:
        if self.locked:
            raise KeyringLocked("the person pressed cancel")


@pytest.fixture
def desktop() -> Desktop:
    return Desktop()


@pytest.fixture
def memory(desktop: Desktop) -> SessionMemory:
    return SessionMemory(Path("office.db"), desktop)


def test_a_session_is_remembered_for_its_person_until_it_ends(memory: SessionMemory) -> None:
    assert memory.remember(WANG, KEY, NOW, NOW + timedelta(hours=8))

    assert memory.recall(WANG, NOW + timedelta(hours=7)) == KEY
    assert memory.recall(LI, NOW) is None
    assert memory.recall(WANG, NOW + timedelta(hours=8)) is None
    assert memory.recall(WANG, NOW) is None


def test_a_clock_set_back_ends_the_memory(memory: SessionMemory) -> None:
    memory.remember(WANG, KEY, NOW, NOW + timedelta(hours=8))

    assert memory.recall(WANG, NOW - timedelta(days=365)) is None


def test_signing_out_forgets(memory: SessionMemory, desktop: Desktop) -> None:
    memory.remember(WANG, KEY, NOW, NOW + timedelta(hours=8))

    memory.forget(WANG)
    memory.forget(WANG)

    assert desktop.kept == {}


def test_another_store_has_its_own_memory(memory: SessionMemory, desktop: Desktop) -> None:
    memory.remember(WANG, KEY, NOW, NOW + timedelta(hours=8))

    assert SessionMemory(Path("other.db"), desktop).recall(WANG, NOW) is None


def test_a_locked_key_store_is_no_fault(memory: SessionMemory, desktop: Desktop) -> None:
    desktop.locked = True

    assert not memory.remember(WANG, KEY, NOW, NOW + timedelta(hours=8))
    assert memory.recall(WANG, NOW) is None
    memory.forget(WANG)


@pytest.mark.parametrize("said", ["", "null", "[]", '{"key": "AAAA", "from": 0, "until": 9e9}', '{"key": 5}'])
def test_what_another_program_wrote_there_is_no_key(memory: SessionMemory, desktop: Desktop, said: str) -> None:
    memory.remember(WANG, KEY, NOW, NOW + timedelta(hours=8))
    desktop.kept = dict.fromkeys(desktop.kept, said)

    assert memory.recall(WANG, NOW) is None


def test_a_desktop_without_a_key_store_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keyring, "get_keyring", NoKeyring)

    memory = SessionMemory(Path("office.db"), system_key_store())

    assert not memory.available
    assert not memory.remember(WANG, KEY, NOW, NOW + timedelta(hours=8))
    assert memory.recall(WANG, NOW) is None
    memory.forget(WANG)


def test_a_key_store_of_unknown_making_is_not_trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keyring, "get_keyring", Desktop)

    assert system_key_store() is None
