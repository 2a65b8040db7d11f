"""Bringing a backup back: unpacked and proved beside the store first, then swapped in; what was there is kept aside.

The swap is a few renames. A note beside the store says what is being swapped, so that one cut off by a power cut is
finished at the next start and never leaves half of one store and half of another. Knows nothing of SQL and needs no key.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import BinaryIO

from pydantic import BaseModel, ConfigDict, ValidationError

from app.base.clock import Clock
from app.base.disk import (
    disk_told_in_words,
    need_room,
    open_private,
    part_beside,
    sync_folder,
    write_atomically,
)
from app.base.paths import StorePaths
from app.base.watch import Watch
from app.domain.problems import Unavailable
from db.blobs import is_stored_name, stored_path
from db.lock import StoreLock
from db.manifest import DATABASE, FILES, KEYS, checked_part, opened_backup

_FILES, _KEYS_COPY = "files", "keys-copy.json"


class _Swap(BaseModel):
    """A swap under way: folder names beside the database."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    staged: str
    aside: str


def restore(file: Path, paths: StorePaths, *, clock: Clock, watch: Watch) -> Path | None:
    """Put the store of a backup at `paths`; gives the folder with what was there before, or None.

    Raises Unavailable: store.locked_by_window, backup.not_ours, backup.newer, backup.damaged, store.disk_full. Nothing
    has changed then, and nothing is left behind.
    """
    with StoreLock(paths.lock, clock, "restore"):
        finish_interrupted(paths)
        staged = part_beside(paths.database).with_suffix(".restoring")
        try:
            _unpack(file, staged, watch)
        except BaseException:
            shutil.rmtree(staged, ignore_errors=True)
            raise
        aside = _free_name(paths.folder, f"{paths.database.stem}.before-{clock.now().astimezone():%Y%m%d-%H%M%S}")
        write_atomically(_note(paths), _Swap(staged=staged.name, aside=aside).model_dump_json().encode())
        finish_interrupted(paths)
    return paths.folder / aside if (paths.folder / aside).exists() else None


def finish_interrupted(paths: StorePaths) -> bool:
    """Finish a swap that was cut off; called before a store is opened. True when there was one."""
    try:
        swap = _Swap.model_validate_json(_note(paths).read_bytes())
    except FileNotFoundError:
        return False
    except ValidationError as error:
        raise Unavailable("store.damaged") from error
    with disk_told_in_words():
        _swap(paths, paths.folder / swap.staged, paths.folder / swap.aside)
        _note(paths).unlink()
        sync_folder(paths.folder)
    return True


def _swap(paths: StorePaths, staged: Path, aside: Path) -> None:
    """Each step looks whether it is done already, so the whole may be cut off anywhere and run again."""
    database = paths.database
    logs = [database.with_name(database.name + ending) for ending in ("-wal", "-shm")]
    for new, place, with_it in (
        (staged / KEYS, paths.keys, []),
        (staged / _KEYS_COPY, paths.keys_copy, []),
        (staged / _FILES, paths.files, []),
        (staged / DATABASE, database, logs),
    ):
        if not new.exists():
            continue
        for old in (*with_it, place):
            if old.exists():
                aside.mkdir(exist_ok=True)
                old.replace(aside / old.relative_to(paths.folder).as_posix().replace("/", "-"))
        place.parent.mkdir(parents=True, exist_ok=True)
        new.replace(place)
        sync_folder(place.parent)
    shutil.rmtree(staged, ignore_errors=True)


def _unpack(file: Path, staged: Path, watch: Watch) -> None:
    with opened_backup(file) as (archive, manifest), disk_told_in_words():
        for needed in (DATABASE, KEYS):
            if needed not in manifest.parts:
                raise Unavailable("backup.damaged", name=file.name, part=needed)
        (staged / _FILES).mkdir(parents=True)
        need_room(staged, manifest.size)
        for done, (name, said) in enumerate(manifest.parts.items()):
            watch.step(done, len(manifest.parts))
            with _target(staged, name, file) as sink:
                checked_part(archive, name, said, sink, watch, file.name)
        write_atomically(staged / _KEYS_COPY, (staged / KEYS).read_bytes())


@contextmanager
def _target(staged: Path, name: str, file: Path) -> Iterator[BinaryIO]:
    if name in (DATABASE, KEYS):
        path = staged / name
    elif name.startswith(FILES) and is_stored_name(name.removeprefix(FILES)):
        path = stored_path(staged / _FILES, name.removeprefix(FILES))
    else:
        raise Unavailable("backup.damaged", name=file.name, part=name)
    path.parent.mkdir(parents=True, exist_ok=True)
    with open_private(path) as sink:
        yield sink
        sink.flush()
        os.fsync(sink.fileno())


def _note(paths: StorePaths) -> Path:
    return paths.folder / f"{paths.database.stem}.restoring.json"


def _free_name(folder: Path, name: str) -> str:
    names = (name if number == 1 else f"{name}-{number}" for number in count(1))
    return next(name for name in names if not (folder / name).exists())
