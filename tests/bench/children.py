"""Measurements in a process of their own: their start, their memory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from tests.tools.sources import ROOT


class ChildFailed(Exception):
    """A measured process did not do its work; the text is what it said."""


def run_times(*command: str | Path) -> tuple[float, float]:
    """Milliseconds `python *command` takes from start to end: by the clock, and of the processor (0 on Windows)."""
    begun, busy = time.perf_counter(), _children_busy()
    _run(command)
    return (time.perf_counter() - begun) * 1000, (_children_busy() - busy) * 1000


def _children_busy() -> float:
    times = os.times()
    return times.children_user + times.children_system


def answer(module: str, *arguments: str | Path | int) -> dict[str, Any]:
    """What `python -m tests.bench.child_<module>` says in its last line."""
    said = _run(("-m", f"tests.bench.child_{module}", *map(str, arguments)))
    found: dict[str, Any] = json.loads(said.strip().splitlines()[-1])
    return found


def say(**values: object) -> None:
    """A child's answer."""
    print(json.dumps(values), flush=True)


def memory_mb() -> float:
    """Resident memory of this process now (Linux)."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


def forget_peak() -> None:
    """Let `peak_mb` start from now: the password's key derivation before takes memory on purpose (Linux)."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def peak_mb() -> float:
    """The most resident memory this process had since then (Linux)."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def _run(command: tuple[str | Path, ...]) -> str:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment["QT_QPA_PLATFORM"] = "offscreen"
    done = subprocess.run(
        [sys.executable, *map(str, command)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode != 0:
        raise ChildFailed("\n".join(done.stderr.strip().splitlines()[-3:]))
    return done.stdout
