"""The whole city in one folder, with a list that proves it whole; and back from there into an empty place."""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Sequence
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError
from sqlalchemy import inspect, make_url, select
from sqlalchemy.engine import URL

from app.base.clock import Clock
from app.base.disk import disk_told_in_words, sync_file, write_atomically
from app.domain.problems import Refused, Unavailable
from server import audit, numbers
from server.city import City, open_city
from server.database import Database
from server.files import shelf_of
from server.settings import CitySettings
from server.sync import city_records
from server.tables import BLOB, METADATA

MANIFEST, DUMP, FILES = "manifest.json", "database.dump", "files"
_TOOLS = ("/usr/lib/postgresql", "/usr/pgsql")
_PIECE = 1024 * 1024


class Kept(BaseModel):
    """One file of the backup: name below its folder, bytes, sha-256."""

    model_config = ConfigDict(frozen=True)
    name: str
    size: int
    sha256: str


class Manifest(BaseModel):
    """What a backup holds. It is written last: without it there is no backup. database: postgresql or sqlite."""

    model_config = ConfigDict(frozen=True)
    format: int = 1
    city: str
    made_at: datetime
    kind: str
    database: Kept
    files: list[Kept]


def back_up(city: City, folder: Path, *, who: str) -> Manifest:
    """Write the city to an empty folder: the database in one snapshot, every complete file, then the manifest.

    Raises Refused("city.backup_there"), Unavailable("city.backup_tool") and what the disk has to say.
    """
    if folder.exists() and any(folder.iterdir()):
        raise Refused("city.backup_there", path=folder)
    city.database.retrying(lambda connection: audit.note(connection, city.now(), who, "backup", str(folder)))
    with disk_told_in_words():
        # The folder holds the city's own keys.
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with suppress(PermissionError):
            # One that was there already; a stick without owners cannot do better.
            folder.chmod(0o700)
        (folder / FILES).mkdir(exist_ok=True)
    _dump(city.database, folder / DUMP)
    files = [_copied(city, name, folder / FILES / name) for name in _complete(city)]
    manifest = Manifest(
        city=city.name, made_at=city.now(), kind=_kind(city.database.url), database=_kept(folder / DUMP), files=files
    )
    with disk_told_in_words():
        write_atomically(folder / MANIFEST, manifest.model_dump_json(indent=1).encode())
    return manifest


def restore(settings: CitySettings, folder: Path, *, who: str, clock: Clock | None = None) -> Manifest:
    """Read a backup into an empty database and an empty folder, and begin a new epoch: every desk compares anew.

    Raises Refused("city.backup_damaged" | "city.restore_not_empty" | "city.backup_other_kind"),
    Unavailable("city.backup_tool").
    """
    manifest = proved(folder)
    url = make_url(settings.database)
    if manifest.kind != _kind(url):
        raise Refused("city.backup_other_kind", kind=manifest.kind)
    if not _is_empty(settings):
        raise Refused("city.restore_not_empty")
    for kept in manifest.files:
        with disk_told_in_words():
            target = settings.files / kept.name[:2] / kept.name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(folder / FILES / kept.name, target)
            sync_file(target)
    _read_in(url, folder / DUMP)
    city = open_city(settings, clock=clock)
    try:
        with city.database.write() as connection:
            city_records.new_epoch(connection, city)
            numbers.leap(connection, city)
            audit.note(connection, city.now(), who, "restore", str(folder), manifest.made_at.isoformat())
    finally:
        city.close()
    return manifest


def proved(folder: Path) -> Manifest:
    """The manifest of a backup, every byte of it looked at. Raises Refused("city.backup_damaged")."""
    try:
        manifest = Manifest.model_validate_json((folder / MANIFEST).read_bytes())
    except (OSError, ValidationError) as error:
        raise Refused("city.backup_damaged", path=folder / MANIFEST) from error
    places = [(folder / DUMP, manifest.database), *((folder / FILES / kept.name, kept) for kept in manifest.files)]
    for path, kept in places:
        if Path(kept.name).name != kept.name or not path.is_file() or _kept(path) != kept:
            raise Refused("city.backup_damaged", path=path)
    return manifest


def _dump(database: Database, path: Path) -> None:
    if database.is_postgres:
        _run("pg_dump", database.url, ["--format=custom", "--no-owner", "--no-privileges", "--file", str(path)])
        return
    with closing(sqlite3.connect(_sqlite_file(database.url))) as source, closing(sqlite3.connect(path)) as target:
        source.backup(target)
    sync_file(path)


def _read_in(url: URL, path: Path) -> None:
    if _kind(url) == "postgresql":
        _run("pg_restore", url, ["--single-transaction", "--no-owner", "--no-privileges", str(path)])
        return
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(_sqlite_file(url))) as target:
        source.backup(target)


def _run(tool: str, url: URL, arguments: Sequence[str]) -> None:
    """Run a tool of PostgreSQL on a database; the password goes by the environment, where nobody else reads it."""
    program = _tool(tool)
    plain = url.set(drivername="postgresql", password=None).render_as_string(hide_password=False)
    environment = {**os.environ, **({"PGPASSWORD": str(url.password)} if url.password else {})}
    try:
        done = subprocess.run(
            [program, "--dbname", plain, *arguments], env=environment, stderr=subprocess.PIPE, check=False
        )
    except OSError as error:
        raise Unavailable("city.backup_tool", tool=tool, reason=error.strerror or "") from error
    if done.returncode != 0:
        lines = done.stderr.decode(errors="replace").strip().splitlines() or [str(done.returncode)]
        raise Unavailable("city.backup_tool", tool=tool, reason=lines[-1][:300])


def _tool(name: str) -> str:
    """The newest one on this machine: an older pg_dump refuses a newer database."""
    found = [path for place in _TOOLS for path in Path(place).glob(f"*/bin/{name}")]
    if found:
        return str(max(found, key=lambda path: int("".join(filter(str.isdigit, path.parent.parent.name)) or 0)))
    return shutil.which(name) or name


def _complete(city: City) -> list[str]:
    names = select(BLOB.c.stored_name).where(BLOB.c.completed_at.is_not(None)).distinct().order_by(BLOB.c.stored_name)
    with city.database.read() as connection:
        return [str(name) for name in connection.execute(names).scalars()]


def _copied(city: City, name: str, target: Path) -> Kept:
    shelf, digest, size = shelf_of(city), hashlib.sha256(), 0
    with disk_told_in_words(), target.open("wb") as file, suppress(FileNotFoundError):
        while piece := shelf.read(name, size, _PIECE):
            file.write(piece)
            digest.update(piece)
            size += len(piece)
        file.flush()
        os.fsync(file.fileno())
    return Kept(name=name, size=size, sha256=digest.hexdigest())


def _kept(path: Path) -> Kept:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            digest.update(piece)
    return Kept(name=path.name, size=path.stat().st_size, sha256=digest.hexdigest())


def _is_empty(settings: CitySettings) -> bool:
    if settings.files.exists() and any(settings.files.iterdir()):
        return False
    database = Database(settings.database, pool_size=1)
    try:
        with database.read() as connection:
            return not set(inspect(connection).get_table_names()) & {*METADATA.tables, "alembic_version"}
    finally:
        database.close()


def _kind(url: URL) -> str:
    return url.get_backend_name()


def _sqlite_file(url: URL) -> str:
    return str(url.database)
