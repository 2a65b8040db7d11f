"""One window per store."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.base.clock import FixedClock
from app.domain.problems import Unavailable
from db.lock import StoreLock, holder

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
_HOLDS = (
    "import sys; from pathlib import Path; from app.base.clock import SystemClock; from db.lock import StoreLock\n"
    "lock = StoreLock(Path(sys.argv[1]), SystemClock()).take()\n"
    "print('held', flush=True); sys.stdin.read()\n"
)


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOW)


def test_a_second_window_is_told_who_holds_the_store_since_when(tmp_path: Path, clock: FixedClock) -> None:
    path = tmp_path / "a.lock"

    with StoreLock(path, clock), pytest.raises(Unavailable) as told:
        StoreLock(path, clock).take()

    assert told.value.code == "store.locked_by_window"
    said = str(told.value.details["owner"])
    assert platform.node() in said
    assert str(os.getpid()) in said
    assert f"{NOW.astimezone():%H:%M}" in said


def test_a_closed_window_lets_the_next_one_in(tmp_path: Path, clock: FixedClock) -> None:
    path = tmp_path / "a.lock"
    with StoreLock(path, clock):
        pass

    assert holder(path) is None
    with StoreLock(path, clock):
        owner = holder(path)

    assert owner is not None
    assert (owner.pid, owner.purpose) == (os.getpid(), "window")


def test_a_killed_window_bars_nobody(tmp_path: Path, clock: FixedClock) -> None:
    path = tmp_path / "a.lock"
    with subprocess.Popen(
        [sys.executable, "-c", _HOLDS, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        other.stdout.readline()
        seen = holder(path)
        with pytest.raises(Unavailable):
            StoreLock(path, clock).take()

        other.kill()
        other.wait()

        assert seen is not None
        assert seen.pid == other.pid
        with StoreLock(path, clock):
            assert path.stat().st_size > 0


def test_a_window_that_hangs_is_known_by_its_silence(tmp_path: Path, clock: FixedClock) -> None:
    path = tmp_path / "a.lock"
    with StoreLock(path, clock) as lock:
        clock.advance(timedelta(minutes=3))
        before = holder(path)
        with pytest.raises(Unavailable) as told:
            StoreLock(path, clock).take()
        lock.beat()
        after = holder(path)

    assert before is not None
    assert after is not None
    assert told.value.code == "store.locked_by_silent_window"
    assert (before.is_silent(clock.now()), after.is_silent(clock.now())) == (True, False)
    assert after.started_at == NOW


def test_damaged_words_in_the_lock_file_are_no_obstacle(tmp_path: Path, clock: FixedClock) -> None:
    path = tmp_path / "a.lock"
    path.write_bytes(b"\x00garbage" * 900)

    with StoreLock(path, clock):
        owner = holder(path)

    assert owner is not None
