"""Brings the city's database to this program's schema: a new one is made whole, an older one is moved up step by step."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from app.domain.problems import Refused
from server.database import Database
from server.tables import METADATA

HEAD = "20261121_first"
KNOWN = (HEAD,)
_MIGRATIONS = Path(__file__).parent / "migrations"
_LOCK = 0x47524944_4D494752


def bring_up_to_date(database: Database) -> None:
    """Make or upgrade the tables; several workers that start at once do it one after the other.

    Raises Refused("city.newer") for a database of a newer program, ("city.not_ours") for tables that are not the city's.
    """
    with database.read() as connection:
        if revision(connection) == HEAD:
            return
    with database.write() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL lock_timeout = 0"))
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        found = revision(connection)
        if found == HEAD:
            return
        if found is None:
            _build(connection)
        elif found in KNOWN:
            upgrade(connection)
        else:
            raise Refused("city.newer", revision=found)


def revision(connection: Connection) -> str | None:
    """The revision a database is at; None when it has none."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return None if found is None else str(found)


def upgrade(connection: Connection) -> None:
    """Run every migration the database has not seen, in the caller's transaction."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _build(connection: Connection) -> None:
    """The newest tables at once: a test holds them equal to what the migrations build."""
    if set(inspect(connection).get_table_names()) & set(METADATA.tables):
        raise Refused("city.not_ours")
    METADATA.create_all(connection)
    connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)"))
    connection.execute(text("INSERT INTO alembic_version (version_num) VALUES (:head)"), {"head": HEAD})
