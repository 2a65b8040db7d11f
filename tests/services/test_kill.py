"""The program killed at any moment: the store opens, everything acknowledged is there, the half-typed form too."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from app.base.clock import FixedClock, SystemClock
from app.desk import Desk, open_desk
from app.domain.permissions import Actor
from tests.desks import first_actor, make_desk

KILLS = int(os.environ.get("GRIDDESK_KILLS", "20"))
ROOT = Path(__file__).parents[2]


def work_until_killed(folder: Path, after_lines: int, then_s: float) -> list[str]:
    """Let a desk work, kill it a moment after it told `after_lines` deeds; gives what it had told."""
    command = [sys.executable, "-m", "tests.services.kill_child", str(folder)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=environment) as child:
        assert child.stdout is not None
        told = [child.stdout.readline() for _line in range(after_lines)]
        timer = threading.Timer(then_s, child.send_signal, (signal.SIGKILL,))
        timer.start()
        told += child.stdout.readlines()
        timer.join()
    assert child.returncode == -signal.SIGKILL
    return [line.strip() for line in told if line.endswith("\n")]


def check_promises(desk: Desk, actor: Actor, told: list[str]) -> None:
    cases: dict[str, str] = {}
    drafts: dict[str, str] = {}
    photos: list[str] = []
    for line in told:
        match line.split():
            case ["case", identity, stage]:
                cases[identity] = stage
                drafts.clear()
            case ["draft", identity, number]:
                drafts[identity] = number
            case ["photo", digest, _]:
                photos.append(digest)
    kept = {str(draft.id): draft.body["description"] for draft in desk.drafts.all("case", actor=actor)}
    untold_cases = sum(desk.case_lists.totals().values()) - len(cases)
    for identity, number in drafts.items():
        # A draft is there, or it became a case whose acknowledgement the kill swallowed.
        assert kept.get(identity) == f"第 {number} 份草稿" or untold_cases > 0
    for identity, stage in cases.items():
        found = desk.cases.get(desk.cases.find_number(identity))
        assert found.stage in (stage, "pending_dispatch")
    for digest in photos:
        assert desk.photos.open(digest)


@pytest.mark.skipif(os.name == "nt", reason="SIGKILL is a signal of Unix")
@pytest.mark.timeout(7200)
def test_killed_at_any_moment_nothing_acknowledged_is_lost(tmp_path: Path, clock: FixedClock) -> None:
    folder = tmp_path / "store"
    made = make_desk(folder, clock)
    key, paths = made.accounts._key, made.paths
    made.close()
    chance = random.Random(20261121)
    everything: list[str] = []

    for _kill in range(KILLS):
        everything += work_until_killed(folder, chance.randrange(1, 9), chance.random() * 0.05)
        desk = open_desk(key, paths, SystemClock())
        actor = first_actor(desk)
        check_promises(desk, actor, everything)
        report = desk.care.check(actor=actor)
        assert report.sound, report.told()
        queued = desk.outbox_count()
        with desk.store.read() as reader:
            sql = "SELECT count(*) FROM cases c WHERE NOT EXISTS (SELECT 1 FROM outbox o WHERE o.record_id = c.id)"
            assert reader.connection.exec_driver_sql(sql).scalar_one() == 0
        assert queued > 0
        desk.close()
