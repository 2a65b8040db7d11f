"""`python3 dev.py migration NAME`: a new migration from the difference between tables and the newest schema."""

from __future__ import annotations

import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Connection, TypeDecorator

import db.models  # noqa: F401  registers every table
from db import migrate
from db.base import METADATA
from db.engine import make_engine


def alembic_config(connection: Connection) -> Config:
    """Alembic on an open connection, with our tables to compare with."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.set_main_option("path_separator", "os")
    config.set_main_option("file_template", "%%(rev)s")
    config.attributes["connection"] = connection
    config.attributes["target_metadata"] = METADATA
    config.attributes["render_item"] = plain_type
    return config


def plain_type(kind: str, item: object, _context: object) -> str | Literal[False]:
    """Our column types by the plain type below them: a migration imports nothing of ours."""
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{item.impl_instance!r}"
    return False


def differences(connection: Connection) -> list[object]:
    """What the tables say that the schema of `connection` does not, and the other way round."""
    options = {"compare_type": False, "include_name": wanted_name}
    return list(compare_metadata(MigrationContext.configure(connection, opts=options), METADATA))


def wanted_name(name: str | None, kind: str, _parents: object) -> bool:
    """Everything but the shadow tables of the search index."""
    return not (kind == "table" and str(name).startswith("search"))


def main(arguments: list[str]) -> int:
    """Write the migration file and say what to do next."""
    if len(arguments) != 1:
        print("usage: python3 dev.py migration NAME", file=sys.stderr)
        return 2
    slug = arguments[0].strip().replace(" ", "_")
    with tempfile.TemporaryDirectory() as folder:
        engine = make_engine(Path(folder) / "schema.db", bytes(32), read_only=False, size=1)
        if any(Path(__file__).parent.joinpath("versions").glob("*.py")):
            migrate.build(engine)
        with engine.begin() as connection:
            revision = f"{datetime.now(UTC):%Y%m%d}_{slug}"
            command.revision(alembic_config(connection), message=slug, autogenerate=True, rev_id=revision)
        engine.dispose()
    print(f"Read and tidy versions/{revision}.py, then set HEAD and KNOWN in db/migrate.py.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
