"""`python -m server.migrations.make NAME`: a new migration from the difference between tables and the newest schema."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Connection, TypeDecorator, create_engine

from server import migrate
from server.tables import METADATA


def plain_type(kind: str, item: object, _context: object) -> str | Literal[False]:
    """Our column types by the plain type below them: a migration imports nothing of ours."""
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{item.impl_instance!r}"
    return False


def differences(connection: Connection) -> list[object]:
    """What the tables say that the schema of `connection` does not, and the other way round."""
    options = {"compare_type": False, "include_name": lambda name, _kind, _parents: name != "alembic_version"}
    return list(compare_metadata(MigrationContext.configure(connection, opts=options), METADATA))


def main(arguments: list[str]) -> int:
    """Write the migration file and say what to do next."""
    if len(arguments) != 1:
        print("usage: python -m server.migrations.make NAME", file=sys.stderr)
        return 2
    slug = arguments[0].strip().replace(" ", "_")
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.set_main_option("path_separator", "os")
    config.set_main_option("file_template", "%%(rev)s")
    config.attributes["target_metadata"] = METADATA
    config.attributes["render_item"] = plain_type
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        if any(Path(__file__).parent.joinpath("versions").glob("*.py")):
            migrate.upgrade(connection)
        config.attributes["connection"] = connection
        revision = f"{datetime.now(UTC):%Y%m%d}_{slug}"
        command.revision(config, message=slug, autogenerate=True, rev_id=revision)
    engine.dispose()
    print(f"Read and tidy versions/{revision}.py, then set HEAD and KNOWN in server/migrate.py.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
