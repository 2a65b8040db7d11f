"""What every test has: a fixed clock, ids, no network, no thread left behind."""

from __future__ import annotations

import gc
import os
import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest

from app.base.clock import FixedClock
from app.base.ids import IdSource
from app.base.words import use_language
from app.desk import Desk
from app.domain.permissions import Actor
from tests.desks import fill_lists, first_actor, make_desk

MONDAY_MORNING = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)

ENDING_S = 5.0


@pytest.fixture
def clock() -> FixedClock:
    """Monday 2026-11-02, nine o'clock in Zhengzhou."""
    return FixedClock(MONDAY_MORNING)


@pytest.fixture
def ids(clock: FixedClock) -> IdSource:
    """Identities of that morning."""
    return IdSource(clock)


@pytest.fixture
def desk(tmp_path: Path, clock: FixedClock) -> Iterator[Desk]:
    """An office with two units, two roads and one person who may do everything."""
    made = make_desk(tmp_path / "store", clock)
    fill_lists(made)
    yield made
    made.close()


@pytest.fixture
def actor(desk: Desk) -> Actor:
    """The person the office was made with."""
    return first_actor(desk)


@pytest.fixture(autouse=True)
def _collected_in_this_thread() -> Iterator[None]:
    """As in the program (ui.collecting): a thread of a later test never destroys the widgets of an earlier one."""
    gc.disable()
    yield
    gc.collect(1)


@pytest.fixture(autouse=True, scope="module")
def _nothing_left_for_the_next_module() -> Iterator[None]:
    yield
    gc.collect()


@pytest.fixture(autouse=True)
def _chinese_screens() -> Iterator[None]:
    yield
    use_language("zh")


@pytest.fixture(autouse=True)
def _only_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sockets reach loopback and nothing else."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: object) -> None:
        host = address[0] if isinstance(address, tuple) else "local"
        if host not in ("127.0.0.1", "::1", "localhost", "local"):
            raise AssertionError(f"a test tried to reach {host}")
        connect(self, address)  # type: ignore[arg-type]

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture(autouse=True)
def _no_thread_left_behind() -> Iterator[None]:
    before = set(threading.enumerate())
    yield
    started = [thread for thread in threading.enumerate() if thread not in before and not thread.daemon]
    for thread in started:
        thread.join(ENDING_S)  # one that was told to end may still be on its way
    left = [thread for thread in started if thread.is_alive()]
    assert not left, f"left running: {[thread.name for thread in left]}; call shutdown() on what started them"
