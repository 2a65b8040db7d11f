"""Bringing a backup back: unpacked and proved beside the store first, then swapped in; what was there is kept aside.

Knows nothing of SQL and needs no key.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from app.base.clock import Clock
from app.base.disk import (
    disk_told_in_words,
    need_room,
    open_private,
    write_atomically,
)
from app.base.paths import StorePaths
from app.base.watch import Watch
from app.domain.problems import Unavailable
from db.blobs import is_stored_name, stored_path
from db.lock import StoreLock
from db.manifest import FILES, checked_part, opened_backup
from db.swap import DATABASE, KEYS, KEYS_COPY, finish_interrupted, staged_beside, swap_in, sweep_staged
from db.swap import FILES as STAGED_FILES


def restore(file: Path, paths: StorePaths, *, clock: Clock, watch: Watch) -> Path | None:
    """Put the store of a backup at `paths`; gives the folder with what was there before, or None.

    Raises Unavailable: store.locked_by_window, backup.not_ours, backup.newer, backup.damaged, store.disk_full. Nothing
    has changed then, and nothing is left behind.
    """
    with StoreLock(paths.lock, clock, "restore"):
        finish_interrupted(paths)
        sweep_staged(paths)
        staged = staged_beside(paths)
        try:
            _unpack(file, staged, watch)
        except BaseException:
            shutil.rmtree(staged, ignore_errors=True)
            raise
        return swap_in(paths, staged, f"{paths.database.stem}.before-{clock.now().astimezone():%Y%m%d-%H%M%S}")


def _unpack(file: Path, staged: Path, watch: Watch) -> None:
    with opened_backup(file) as (archive, manifest), disk_told_in_words():
        for needed in (DATABASE, KEYS):
            if needed not in manifest.parts:
                raise Unavailable("backup.damaged", name=file.name, part=needed)
        (staged / STAGED_FILES).mkdir(parents=True)
        need_room(staged, manifest.size)
        for done, (name, said) in enumerate(manifest.parts.items()):
            watch.step(done, len(manifest.parts))
            with _target(staged, name, file) as sink:
                checked_part(archive, name, said, sink, watch, file.name)
        write_atomically(staged / KEYS_COPY, (staged / KEYS).read_bytes())


@contextmanager
def _target(staged: Path, name: str, file: Path) -> Iterator[BinaryIO]:
    if name in (DATABASE, KEYS):
        path = staged / name
    elif name.startswith(FILES) and is_stored_name(name.removeprefix(FILES)):
        path = stored_path(staged / STAGED_FILES, name.removeprefix(FILES))
    else:
        raise Unavailable("backup.damaged", name=file.name, part=name)
    path.parent.mkdir(parents=True, exist_ok=True)
    with open_private(path) as sink:
        yield sink
        sink.flush()
        os.fsync(sink.fileno())
