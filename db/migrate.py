"""Brings a file to this program's schema: refuses newer ones, copies first, runs Alembic only when needed."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from sqlalchemy import Connection, Engine

from app.base.clock import Clock
from app.base.disk import disk_told_in_words, drop, need_room, part_beside, put_in_place, sync_file
from app.base.paths import StorePaths
from app.domain.problems import Unavailable
from db import cipher
from db.engine import raw_connection
from db.lock import alone

HEAD = "20261121_grids"
KNOWN = ("20261121_first", "20261121_sync", HEAD)
_MIGRATIONS = Path(__file__).parent / "migrations"


def build(engine: Engine) -> None:
    """Make every table of a new file."""
    _upgrade(engine)


def bring_up_to_date(engine: Engine, paths: StorePaths, key: bytes, clock: Clock) -> None:
    """Upgrade an older file after copying it; do nothing to a current one.

    Raises Unavailable("store.locked_by_window") while another window uses the older file, ("store.newer") for a file of a newer program, ("store.not_ours") for one without a revision,
    ("store.upgrade_failed") when foreign keys do not hold afterwards.
    """
    revision = _revision(engine)
    if revision == HEAD:
        return
    if revision is None:
        raise Unavailable("store.not_ours")
    if revision not in KNOWN:
        raise Unavailable("store.newer", revision=revision)
    with alone(paths.lock, clock, "upgrade"):
        copy_aside(engine, paths, key, clock)
        _upgrade(engine)
    with engine.connect() as connection:
        if connection.exec_driver_sql("PRAGMA foreign_key_check").first() is not None:
            raise Unavailable("store.upgrade_failed")


def copy_aside(engine: Engine, paths: StorePaths, key: bytes, clock: Clock) -> Path:
    """A whole copy of the file as it stands, under the same key, beside the backups.

    Raises Unavailable("store.disk_full") and the like; nothing is left behind then.
    """
    copy = paths.backups / f"before-upgrade-{clock.now():%Y%m%d-%H%M%S}.db"
    part = part_beside(copy)
    with disk_told_in_words():
        paths.backups.mkdir(parents=True, exist_ok=True)
    need_room(paths.backups, paths.database.stat().st_size)
    try:
        with engine.connect() as connection, closing(cipher.connect_scratch(part, key)) as target:
            raw_connection(connection).backup(target)
        with disk_told_in_words():
            sync_file(part)
            put_in_place(part, copy)
    finally:
        drop(part)
    return copy


def _revision(engine: Engine) -> str | None:
    with engine.connect() as connection:
        found = connection.exec_driver_sql("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").first()
        if found is None:
            return None
        return str(connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one())


def _upgrade(engine: Engine) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.set_main_option("path_separator", "os")
    with engine.begin() as connection:
        run_with(config, connection)
        command.upgrade(config, "head")


def run_with(config: object, connection: Connection) -> None:
    """Hand the open connection to `migrations/env.py`, which never opens one itself."""
    config.attributes["connection"] = connection  # type: ignore[attr-defined]
