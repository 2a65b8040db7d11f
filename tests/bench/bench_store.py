"""The store everything is measured on: made once, by the generator of the demonstration, and kept under .bench/."""

from __future__ import annotations

import hashlib
import json
import shutil
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from app.base.clock import FixedClock
from app.base.paths import StorePaths
from app.base.watch import Watch
from app.desk import Desk, NewOffice, create_desk, open_desk
from app.domain.permissions import Actor
from app.gate import Gate, Opened
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
        if not _is_there(folder):
            shutil.rmtree(folder, ignore_errors=True)
            _make(folder, cases)
        paths, opened = StorePaths.of(folder), opened_without_password(folder)
        desk = open_desk(opened.key, paths, FixedClock(NOW))
        return cls(paths, desk, desk.accounts.actor(opened.person_id), opened.key)

    def close(self) -> None:
        """Let go of the file."""
        self.desk.close()


def opened_without_password(folder: Path) -> Opened:
    """The key of a store that holds nothing real, kept beside it: a run opens it often, and wrong guesses never count."""
    told = json.loads((folder / "made.json").read_text(encoding="utf-8"))
    return Opened(bytes.fromhex(told["key"]), UUID(told["person"]))


def _is_there(folder: Path) -> bool:
    """True when the store is whole and of today's schema."""
    told = folder / "made.json"
    return told.exists() and json.loads(told.read_text(encoding="utf-8")).get("schema") == schema()


def schema() -> str:
    """What changes when a migration does."""
    versions = sorted((ROOT / "db" / "migrations" / "versions").glob("*.py"))
    return hashlib.sha256(b"".join(version.read_bytes() for version in versions)).hexdigest()[:16]


def _make(folder: Path, cases: int) -> None:
    folder.mkdir(parents=True)
    office = NewOffice("410105", "测速用的城管局", "CS", demonstration=True)
    desk, _code = create_desk(StorePaths.of(folder), office, "测速员", LOGIN, PASSWORD, clock=FixedClock(NOW))
    actor = desk.accounts.actor(desk.accounts.persons()[0].id)
    begun = time.perf_counter()
    watch = Watch(lambda done, total, _note: _tell(f"\rmaking the store: {done:,} of {total:,} cases"))
    made = desk.demo.load(cases, SEED, actor=actor, days=DAYS, watch=watch)
    desk.close()
    seconds = time.perf_counter() - begun
    _tell(f"\nmade {made.cases:,} cases with {made.steps:,} steps in {seconds:.0f} s\n")
    opened = Gate(StorePaths.of(folder), FixedClock(NOW)).enter(LOGIN, PASSWORD)
    told = {"key": opened.key.hex(), "person": str(opened.person_id), "cases": made.cases, "steps": made.steps}
    told |= {"seed": SEED, "schema": schema(), "seconds": round(seconds, 1)}
    (folder / "made.json").write_text(json.dumps(told), encoding="utf-8")


def _tell(text: str) -> None:
    print(text, end="", file=sys.stderr, flush=True)
