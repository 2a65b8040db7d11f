"""One stage of a desk in a process of its own: `child_desk STAGE STORE [...]` says seconds, memory and what was done."""

from __future__ import annotations

import random
import statistics
import sys
import time
from pathlib import Path

from app.base.clock import SystemClock
from app.base.paths import StorePaths
from app.base.watch import silent
from app.desk import Desk, NewOffice, create_desk, open_desk
from app.domain.cases import Case
from app.domain.permissions import Actor
from app.services.demo_cases import DemoMaker
from tests.bench.bench_store import LOGIN, PASSWORD
from tests.bench.children import forget_peak, memory_mb, peak_mb, say

BATCH = 5000
PERSON = "测速员"


def main(stage: str, store: str, *rest: str) -> None:
    """Do one stage."""
    # The line's library takes trio along where it lies: tools of the tests brought it, an installed desk has none.
    sys.modules["trio"] = None  # type: ignore[assignment]
    if stage == "found":
        _found(Path(store))
        return
    desk = _opened(Path(store))
    actor = desk.accounts.actor(desk.accounts.persons()[0].id)
    idle = memory_mb()
    forget_peak()
    begun = time.perf_counter()
    told = _STAGES[stage](desk, actor, *rest)
    seconds = told.pop("seconds", time.perf_counter() - begun)
    say(seconds=seconds, idle_mb=idle, peak_mb=peak_mb(), **told)
    desk.close()


def _found(folder: Path) -> None:
    office = NewOffice("410105", "测速用的城管局", "CS")
    desk, _code = create_desk(StorePaths.of(folder), office, PERSON, LOGIN, PASSWORD, clock=SystemClock())
    (folder / "key.hex").write_text(desk.care._key.hex(), encoding="ascii")
    desk.close()
    say(seconds=0)


def _opened(folder: Path) -> Desk:
    key = bytes.fromhex((folder / "key.hex").read_text(encoding="ascii"))
    return open_desk(key, StorePaths.of(folder), SystemClock())


def _create(desk: Desk, actor: Actor, count: str) -> dict[str, object]:
    """Cases as an office without a line took them in from a sheet: row, outbox, audit and search for each."""
    desk.demo._fill_lists(actor)
    chance = random.Random(20261121)
    maker = DemoMaker(chance, desk.reference, desk.directory, desk.store.ids, actor)
    moments = sorted(desk.demo._moment(chance, 365) for _ in range(int(count)))
    made = 0
    for start in range(0, len(moments), BATCH):
        now = desk.clock.now()
        cases = [maker.make(at, now)[0] for at in moments[start : start + BATCH]]
        numbered = [
            case.model_copy(update={"local_no": f"CS-{made + at:07d}", "created_at": now, "changed_at": now})
            for at, case in enumerate(cases)
        ]
        with desk.store.write(actor, "case.import") as tx:
            tx.add_many(numbered)
        made += len(numbered)
    return {"rows": made}


def _enrol(desk: Desk, actor: Actor, url: str, code: str) -> dict[str, object]:
    desk.sync.enrol(url, code, actor=actor)
    return {}


def _sync(desk: Desk, _actor: Actor) -> dict[str, object]:
    report = desk.sync.run(silent())
    return {"report": report.told()}


def _backup(desk: Desk, _actor: Actor) -> dict[str, object]:
    """The day's first sync makes a backup before; it is measured by itself."""
    desk.care.back_up_here(actor=desk.accounts.system(), watch=silent())
    return {}


def _edit(desk: Desk, actor: Actor, count: str) -> dict[str, object]:
    """As clerks do: one transaction each."""
    with desk.store.read() as reader:
        raw = reader.connection.exec_driver_sql("SELECT id FROM cases ORDER BY rid LIMIT ?", (int(count),)).scalars()
        ids = list(raw)
    from uuid import UUID

    begun = time.perf_counter()
    for raw_id in ids:
        with desk.store.write(actor, "case.correct", "测速") as tx:
            case = tx.need(Case, UUID(bytes=raw_id))
            tx.change(case.changed(tx.now, near=f"{case.near}改"))
    return {"rows": len(ids), "seconds": time.perf_counter() - begun}


def _nothing(desk: Desk, _actor: Actor, times: str) -> dict[str, object]:
    desk.sync.run(silent())
    taken = []
    for _turn in range(int(times)):
        begun = time.perf_counter()
        report = desk.sync.run(silent())
        taken.append(time.perf_counter() - begun)
        assert report.finished, report
    return {"seconds": statistics.median(taken), "report": report.told()}


_STAGES = {"create": _create, "backup": _backup, "enrol": _enrol, "sync": _sync, "edit": _edit, "nothing": _nothing}


if __name__ == "__main__":
    main(*sys.argv[1:])
