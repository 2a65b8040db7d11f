"""A store put together beside the place it is meant for, and swapped in whole: made, salvaged or not there at all."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from app.base.disk import disk_told_in_words, sync_folder
from app.base.paths import StorePaths
from db.swap import DATABASE, FILES, KEYS, KEYS_COPY, staged_beside, swap_in


@dataclass
class Staged:
    """paths: where to put the store together. kept: where the one it replaced lies, known after the swap."""

    paths: StorePaths
    kept: Path | None = None


@contextmanager
def staged(paths: StorePaths, aside: str) -> Iterator[Staged]:
    """A folder beside `paths` for a new store, closed by the caller before leaving.

    Left normally, it takes the place of what is at `paths`, which is kept in a folder named `aside`; parts that were
    not made stay as they are. Left by an exception, nothing has changed and nothing is left behind. Only while holding
    the store's lock.
    """
    folder = staged_beside(paths)
    made = Staged(StorePaths.of(folder / DATABASE))
    with disk_told_in_words():
        folder.mkdir(parents=True)
    try:
        yield made
        with disk_told_in_words():
            _named_for_the_swap(made.paths, folder)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    made.kept = swap_in(paths, folder, aside)


def _named_for_the_swap(made: StorePaths, folder: Path) -> None:
    for place, name in ((made.keys, KEYS), (made.keys_copy, KEYS_COPY), (made.files, FILES)):
        if place.exists():
            place.replace(folder / name)
    sync_folder(folder)
