"""Putting an unpacked store in the place of another: a few renames, finished at the next start when they are cut off.

A note beside the store says what is being swapped, so that a power cut never leaves half of one store and half of another.
"""

from __future__ import annotations

import json
import shutil
from itertools import count
from pathlib import Path

from app.base.clock import Clock
from app.base.disk import disk_told_in_words, drop_parts_of, part_beside, sync_folder, write_atomically
from app.base.paths import StorePaths
from app.domain.problems import Unavailable
from db.lock import StoreLock

DATABASE, KEYS, KEYS_COPY, FILES = "store.db", "keys.json", "keys-copy.json", "files"
"""Names of what lies in a folder that waits to be swapped in; each is whole before the swap begins."""
STAGED_SUFFIX = ".restoring"


def swap_in(paths: StorePaths, staged: Path, aside: str) -> Path | None:
    """Put what lies in `staged`, a folder beside the store, in its place; gives where the old one is kept, if any.

    aside: the name of the folder for what was there; a number is added when it is taken.
    """
    kept = _free_name(paths.folder, aside)
    write_atomically(_note(paths), json.dumps({"staged": staged.name, "aside": kept}).encode())
    finish_interrupted(paths)
    return paths.folder / kept if (paths.folder / kept).exists() else None


def settle(paths: StorePaths, clock: Clock) -> None:
    """Finish a swap that was cut off, before a store is looked at. Raises Unavailable("store.locked_by_window") while
    the swap is under way in another process.
    """
    if _note(paths).exists():
        with StoreLock(paths.lock, clock, "restore"):
            finish_interrupted(paths)


def finish_interrupted(paths: StorePaths) -> bool:
    """Finish a swap that was cut off; only while holding the store's lock. True when there was one."""
    note = _note(paths)
    try:
        said = json.loads(note.read_bytes())
        staged, aside = (paths.folder / Path(said[name]).name for name in ("staged", "aside"))
    except FileNotFoundError:
        return False
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Unavailable("store.cannot_open") from error
    with disk_told_in_words():
        _swap(paths, staged, aside)
        note.unlink()
        sync_folder(paths.folder)
    return True


def _swap(paths: StorePaths, staged: Path, aside: Path) -> None:
    """Each step looks whether it is done already, so the whole may be cut off anywhere and run again."""
    logs = [paths.database.with_name(paths.database.name + ending) for ending in ("-wal", "-shm")]
    for new, place, with_it in (
        (staged / KEYS, paths.keys, []),
        (staged / KEYS_COPY, paths.keys_copy, []),
        (staged / FILES, paths.files, []),
        (staged / DATABASE, paths.database, logs),
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


def sweep_staged(paths: StorePaths) -> None:
    """Delete what is left of a store that was killed before its swap began; only while holding the store's lock."""
    drop_parts_of(_note(paths))
    for staged in paths.folder.glob(f".{paths.database.name}.*{STAGED_SUFFIX}"):
        shutil.rmtree(staged, ignore_errors=True)


def staged_beside(paths: StorePaths) -> Path:
    """A fresh name for the folder a store is put together in before it is swapped in."""
    return part_beside(paths.database).with_suffix(STAGED_SUFFIX)


def _note(paths: StorePaths) -> Path:
    return paths.folder / f"{paths.database.stem}.restoring.json"


def _free_name(folder: Path, name: str) -> str:
    names = (name if number == 1 else f"{name}-{number}" for number in count(1))
    return next(name for name in names if not (folder / name).exists())
