"""The store everything is measured on: made once, by the generator of the demonstration, and kept under .bench/."""

from __future__ import annotations

import json
import shutil
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from app.base.clock import FixedClock
from app.base.paths import StorePaths
from app.base.watch import Watch
from app.desk import Desk, NewOffice, create_desk, open_desk
from app.domain.permissions import Actor
from app.gate import Gate
from tests.tools.sources import ROOT

FOLDER = ROOT / ".bench"
PASSWORD = "Kite-harbour-42"
LOGIN = "bench"
SEED = 20261121
DAYS = 365
NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)


@dataclass
class BenchStore:
    """A filled office. The clock stands at the moment it was made, so that every run sees the same lists."""

    paths: StorePaths
    desk: Desk
    actor: Actor
    key: bytes

    @classmethod
    def at_scale(cls, cases: int) -> BenchStore:
        """The store of that many cases, made when it is not there yet."""
        folder = FOLDER / str(cases)
        if not (folder / "made.json").exists():
            shutil.rmtree(folder, ignore_errors=True)
            _make(folder, cases)
        paths = StorePaths.of(folder)
        clock = FixedClock(NOW)
        opened = Gate(paths, clock).enter(LOGIN, PASSWORD)
        desk = open_desk(opened.key, paths, clock)
        return cls(paths, desk, desk.accounts.actor(opened.person_id), opened.key)

    def close(self) -> None:
        """Let go of the file."""
        self.desk.close()


def _make(folder: Path, cases: int) -> None:
    folder.mkdir(parents=True)
    office = NewOffice("410105", "测速用的城管局", "CS", demonstration=True)
    desk, _code = create_desk(StorePaths.of(folder), office, "测速员", LOGIN, PASSWORD, clock=FixedClock(NOW))
    actor = desk.accounts.actor(desk.accounts.persons()[0].id)
    begun = time.perf_counter()
    watch = Watch(
        lambda done, total, _note: print(f"\rmaking the store: {done:,} of {total:,} cases", end="", flush=True)
    )
    made = desk.demo.load(cases, SEED, actor=actor, days=DAYS, watch=watch)
    desk.close()
    seconds = time.perf_counter() - begun
    print(f"\nmade {made.cases:,} cases with {made.steps:,} steps in {seconds:.0f} s")
    told = {"cases": made.cases, "steps": made.steps, "seed": SEED, "seconds": round(seconds, 1)}
    (folder / "made.json").write_text(json.dumps(told), encoding="utf-8")
