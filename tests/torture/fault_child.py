"""A desk that kills itself at one named point of one deed: `python -m tests.torture.fault_child FOLDER DEED POINT NTH`.

The product knows nothing of this: the named function is replaced by one that dies, before or after doing its work.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from app.base.clock import SystemClock
from app.base.paths import StorePaths
from app.desk import Desk, open_desk, restore_desk, salvage_desk
from app.domain.case_views import CaseFilter
from app.domain.cases import PhotoPhase
from app.gate import Gate
from app.services import case_import
from tests.builders import PASSWORD, a_draft, a_picture, inputs
from tests.desks import first_actor, make_desk

DRAFT = "写了一半的描述"


def die_at(point: str, nth: int) -> None:
    """Kill this process at the `nth` call of `module:Class.name` (`+` in front: after the call has done its work)."""
    after, where = point.startswith("+"), point.removeprefix("+")
    module, _, path = where.partition(":")
    owner: Any = import_module(module)
    *parents, name = path.split(".")
    for parent in parents:
        owner = getattr(owner, parent)
    plain: Callable[..., Any] = getattr(owner, name)
    calls = 0

    def deadly(*args: Any, **named: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls < nth:
            return plain(*args, **named)
        if after:
            plain(*args, **named)
        os.kill(os.getpid(), signal.SIGKILL)
        raise AssertionError("alive")

    setattr(owner, name, deadly)


def opened(folder: Path) -> Desk:
    paths, clock = StorePaths.of(folder), SystemClock()
    return open_desk(Gate(paths, clock).enter("zhangmin", PASSWORD).key, paths, clock)


def report(folder: Path) -> None:
    """Save the form that lies there as a draft."""
    desk = opened(folder)
    actor = first_actor(desk)
    (draft,) = desk.drafts.all("case", actor=actor)
    desk.cases.report(a_draft(description=draft.body["description"]), actor=actor, draft_id=draft.id)


def act(folder: Path) -> None:
    """File the one case there is."""
    desk = opened(folder)
    (line,) = desk.case_lists.first_page(CaseFilter())
    desk.cases.act(line.id, "register", inputs(), actor=first_actor(desk))


def photo(folder: Path) -> None:
    """Take a photo in and tie it to the one case there is."""
    desk = opened(folder)
    actor = first_actor(desk)
    taken = desk.photos.take_in(a_picture("一张新照片"), "新.jpg")
    (line,) = desk.case_lists.first_page(CaseFilter())
    desk.photos.attach(line.id, [taken], PhotoPhase.BEFORE, actor=actor)


def bring_in(folder: Path) -> None:
    """Import a sheet in batches of ten."""
    case_import.BATCH = 10
    desk = opened(folder)
    desk.imports.run(folder / "cases.csv", actor=first_actor(desk))


def back_up(folder: Path) -> None:
    """Write a backup over the last one."""
    desk = opened(folder)
    desk.care.back_up(folder / "out" / "office.gdbackup", actor=first_actor(desk))


def restore(folder: Path) -> None:
    """Bring the backup back."""
    restore_desk(folder / "out" / "office.gdbackup", StorePaths.of(folder), SystemClock())


def salvage(folder: Path) -> None:
    """Save the store in its place."""
    paths, clock = StorePaths.of(folder), SystemClock()
    salvage_desk(Gate(paths, clock).enter("zhangmin", PASSWORD).key, paths, clock)


def create(folder: Path) -> None:
    """The first run."""
    make_desk(folder, SystemClock())


DEEDS: dict[str, Callable[[Path], None]] = {
    deed.__name__: deed for deed in (report, act, photo, bring_in, back_up, restore, salvage, create)
}

if __name__ == "__main__":
    die_at(sys.argv[3], int(sys.argv[4]))
    DEEDS[sys.argv[2]](Path(sys.argv[1]))
