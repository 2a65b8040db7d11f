"""A damaged store made usable again: readable rows saved, the search index and the numbers rebuilt, the loss told."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.base.clock import Clock
from app.base.disk import disk_told_in_words, need_room
from app.base.ids import IdSource
from app.base.paths import StorePaths
from app.base.watch import Watch
from app.domain.office import SYSTEM_PERSON_ID, SYSTEM_PERSON_NAME
from app.domain.permissions import Actor
from app.domain.problems import Unavailable
from db.fts import SearchIndex
from db.keys import KeyFile
from db.lock import alone
from db.rebuild import rebuild
from db.salvage import SalvageReport, salvage
from db.staging import staged
from db.store import Store
from db.swap import finish_interrupted, sweep_staged


@dataclass(frozen=True)
class Salvaged:
    """store: the file that can be used now. kept: the folder with the damaged one, None when it lies where it lay."""

    store: Path
    kept: Path | None
    report: SalvageReport

    def told(self) -> dict[str, Any]:
        """As the command line prints it."""
        return {
            "store": str(self.store),
            "kept_aside": "" if self.kept is None else str(self.kept),
            "rows": self.report.rows,
            "whole": self.report.whole,
            "lost": [
                {"table": table.name, "after_row": gap.after, "before_row": gap.before}
                for table in self.report.tables
                for gap in table.gaps
            ],
        }


def salvage_store(
    key: bytes, paths: StorePaths, to: StorePaths, *, clock: Clock, search: SearchIndex, watch: Watch
) -> Salvaged:
    """Save the store at `paths` to `to`, which may be the same place. Raises Unavailable; nothing has changed then."""
    elsewhere = to.database != paths.database
    with disk_told_in_words():
        to.folder.mkdir(parents=True, exist_ok=True)
    with alone(paths.lock, clock, "salvage"):
        finish_interrupted(paths)
        sweep_staged(paths)
        if elsewhere and to.database.exists():
            raise Unavailable("store.exists", path=to.database)
        with staged(to, f"{to.database.stem}.damaged-{clock.now().astimezone():%Y%m%d-%H%M%S}") as beside:
            report = _read_out(paths, beside.paths, key, watch)
            _make_usable(beside.paths, key, clock, search, report, watch)
            if elsewhere:
                _take_along(paths, beside.paths, watch)
    return Salvaged(to.database, beside.kept, report)


def _read_out(damaged: StorePaths, made: StorePaths, key: bytes, watch: Watch) -> SalvageReport:
    try:
        return salvage(damaged.database, made.database, key, watch)
    except Unavailable as problem:
        if problem.code in ("store.wrong_key", "store.damaged"):
            raise Unavailable("store.salvage_nothing") from problem
        raise


def _make_usable(
    made: StorePaths, key: bytes, clock: Clock, search: SearchIndex, report: SalvageReport, watch: Watch
) -> None:
    store = Store.open(made, key, clock=clock, ids=IdSource(clock), search=search)
    try:
        rebuild(store, watch)
        actor = Actor(SYSTEM_PERSON_ID, SYSTEM_PERSON_NAME, frozenset(), store.device_id)
        lost = ", ".join(
            f"{table.name} {gap.after}-{gap.before or ''}" for table in report.tables for gap in table.gaps
        )
        with store.write(actor, "store.salvage") as tx:
            tx.note_event("store.salvage", "", None, lost, result="ok" if report.whole else "rows lost")
    finally:
        store.close()


def _take_along(paths: StorePaths, made: StorePaths, watch: Watch) -> None:
    """Key slots and photos, for a store that moves to another place."""
    photos = list(_photos(paths.files))
    need_room(made.folder, sum(photo.stat().st_size for photo in photos))
    with disk_told_in_words():
        for done, photo in enumerate(photos):
            watch.step(done, len(photos))
            target = made.files / photo.relative_to(paths.files)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(photo, target)
        for copy in (made.keys, made.keys_copy):
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(KeyFile(paths).as_bytes())


def _photos(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.glob("??/*")) if path.is_file())
