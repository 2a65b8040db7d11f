"""Backups: one file with the database as it stood at one moment, the key slots and every photo, proved after writing."""

from __future__ import annotations

import os
import re
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from app.base.clock import Clock, SystemClock
from app.base.disk import PART_SUFFIX, disk_told_in_words, drop, need_room, open_private, part_beside, put_in_place
from app.base.paths import StorePaths
from app.base.settings import DeskSettings
from app.base.watch import Watch, silent
from app.domain.problems import Refused, Unavailable
from db import cipher
from db.blobs import stored_path
from db.keys import KeyFile
from db.manifest import FILES, MANIFEST, Manifest, Part, checked_part, copy_hashed, inspect, opened_backup
from db.restore import restore
from db.swap import DATABASE, KEYS
from db.trouble import told_in_words

__all__ = ["Manifest", "back_up", "inspect", "prune", "restore"]

_PAGES_PER_STEP = 2000
_CUT_OFF_AFTER_S = 600


def back_up(paths: StorePaths, key: bytes, to: Path, watch: Watch | None = None, *, clock: Clock | None = None) -> int:
    """Write everything of a store into `to`, read it again to prove it, and give its size in bytes.

    Work goes on meanwhile. The database in it stays encrypted under the same key. `to` is replaced only by a whole,
    proved backup; in the store's own backup folder the oldest go. Raises Refused("backup.inside_store"), Unavailable:
    store.disk_full, store.damaged, backup.not_verified and the like; Cancelled when stopped. Nothing is left then.
    """
    watch = watch or silent()
    _refuse_inside(paths, to)
    part, copy = part_beside(to), part_beside(to.with_suffix(".db"))
    with _told_of_the_target(to), disk_told_in_words():
        to.parent.mkdir(parents=True, exist_ok=True)
        open_private(part).close()
        drop(part)
    _sweep_cut_off(to)
    try:
        with _told_of_the_target(to):
            need_room(
                to.parent, 2 * _size(paths.database) + _size(paths.database.with_name(paths.database.name + "-wal"))
            )
            contents = _snapshot(paths, key, copy, watch)
            need_room(to.parent, _size(copy) + sum(contents.files.values()))
            with disk_told_in_words():
                manifest = _pack(paths, copy, contents, part, (clock or SystemClock()).now(), watch)
                _prove(part, manifest, watch)
                put_in_place(part, to)
                size = to.stat().st_size
    finally:
        drop(part, copy, copy.with_name(f"{copy.name}-wal"), copy.with_name(f"{copy.name}-shm"))
    if to.absolute().parent == paths.backups:
        prune(paths.backups, to.suffix, DeskSettings.read(paths.settings).backups_kept)
    return size


def prune(folder: Path, suffix: str, keep: int) -> int:
    """Delete all but the newest `keep` backups of a folder, by name; gives how many went."""
    made = sorted(file for file in folder.glob(f"*{suffix}") if not file.name.startswith("."))
    gone = made[:-keep]
    with disk_told_in_words():
        for file in gone:
            file.unlink(missing_ok=True)
    return len(gone)


@dataclass(frozen=True)
class _Contents:
    """What the copied database says of itself. files: stored name to bytes on the disk."""

    revision: str
    counts: dict[str, int]
    files: dict[str, int] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)


_OF_THE_TARGET = {"store.disk_full": "backup.no_room", "store.read_only": "backup.place_read_only"}


@contextmanager
def _told_of_the_target(to: Path) -> Iterator[None]:
    """Name the place of the backup: it is that disk which is full or read-only, not the store's own."""
    try:
        yield
    except Unavailable as problem:
        if problem.code in _OF_THE_TARGET:
            raise Unavailable(_OF_THE_TARGET[problem.code], place=to.parent) from problem
        raise


def _sweep_cut_off(to: Path) -> None:
    """Delete what backups left in this folder that a power cut ended; one still at work writes all the time."""
    ours = re.compile(rf"\..+(\.db|{re.escape(to.suffix)})\.[0-9a-f]{{8}}{re.escape(PART_SUFFIX)}(-wal|-shm)?")
    untouched = time.time() - _CUT_OFF_AFTER_S
    drop(*(file for file in to.parent.glob(".*") if ours.fullmatch(file.name) and file.stat().st_mtime < untouched))


def _refuse_inside(paths: StorePaths, to: Path) -> None:
    place = to.absolute()
    ours = (paths.database, paths.keys, paths.keys_copy, paths.lock, paths.attempts)
    if place in ours or place.is_relative_to(paths.files) or place.is_relative_to(paths.keys_copy.parent):
        raise Refused("backup.inside_store", name=to.name)


def _snapshot(paths: StorePaths, key: bytes, copy: Path, watch: Watch) -> _Contents:
    with told_in_words(), _closing(cipher.connect(paths.database, key, read_only=True)) as source:
        # One snapshot for the whole copy: what is saved meanwhile neither gets in nor starts the copy anew.
        source.execute("BEGIN")
        source.execute("SELECT count(*) FROM sqlite_master").fetchone()
        with _closing(cipher.connect_scratch(copy, key)) as target:
            source.backup(
                target,
                pages=_PAGES_PER_STEP,
                progress=lambda _, left, total: watch.step(total - left, total),
            )
            _leave_numbers_out(target)
    with told_in_words(), _closing(cipher.connect(copy, key, read_only=True)) as proved:
        if cipher.quick_check(proved):
            raise Unavailable("store.damaged")
        return _contents(proved, paths.files)


def _leave_numbers_out(copy: cipher.Connection) -> None:
    """Official numbers go on being given after the copy was made: who restores it gets fresh ones from the city."""
    if copy.execute("SELECT 1 FROM sqlite_master WHERE name = 'number_blocks'").fetchone():
        copy.execute("DELETE FROM number_blocks")
        copy.commit()


def _contents(connection: cipher.Connection, files: Path) -> _Contents:
    sql = "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY name"
    tables = [str(row[0]) for row in connection.execute(sql)]
    counts = {table: int(connection.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0]) for table in tables}
    revision = ""
    if "alembic_version" in tables:
        revision = str(connection.execute("SELECT version_num FROM alembic_version").fetchone()[0])
    contents = _Contents(revision, counts)
    if "files" in tables:
        for sha256, stored_name in connection.execute("SELECT sha256, stored_name FROM files ORDER BY sha256"):
            path = stored_path(files, stored_name)
            if path.exists():
                contents.files[stored_name] = path.stat().st_size
            else:
                contents.missing.append(sha256)
    return contents


def _pack(paths: StorePaths, copy: Path, contents: _Contents, part: Path, now: datetime, watch: Watch) -> Manifest:
    parts: dict[str, Part] = {}
    with open_private(part) as raw:
        with zipfile.ZipFile(raw, "w", zipfile.ZIP_STORED, allowZip64=True) as archive:
            parts[DATABASE] = _add(archive, DATABASE, copy, watch)
            keys = KeyFile(paths).as_bytes()
            archive.writestr(KEYS, keys)
            parts[KEYS] = Part.of(keys)
            for done, stored_name in enumerate(contents.files):
                watch.step(done, len(contents.files))
                parts[FILES + stored_name] = _add(
                    archive, FILES + stored_name, stored_path(paths.files, stored_name), watch
                )
            manifest = Manifest(
                made_at=now,
                revision=contents.revision,
                counts=contents.counts,
                missing=tuple(contents.missing),
                parts=parts,
            )
            archive.writestr(MANIFEST, manifest.model_dump_json(indent=1))
        raw.flush()
        os.fsync(raw.fileno())
    return manifest


def _add(archive: zipfile.ZipFile, name: str, path: Path, watch: Watch) -> Part:
    with path.open("rb") as source, archive.open(name, "w", force_zip64=True) as sink:
        return copy_hashed(source, sink, watch)


def _prove(part: Path, manifest: Manifest, watch: Watch) -> None:
    try:
        with opened_backup(part) as (archive, said):
            for done, (name, what) in enumerate(said.parts.items()):
                watch.step(done, len(said.parts))
                checked_part(archive, name, what, None, watch, part.name)
    except Unavailable as problem:
        raise Unavailable("backup.not_verified", part=problem.details.get("part", MANIFEST)) from problem
    if said != manifest:
        raise Unavailable("backup.not_verified", part=MANIFEST)


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


@contextmanager
def _closing(connection: cipher.Connection) -> Iterator[cipher.Connection]:
    try:
        yield connection
    finally:
        connection.close()
