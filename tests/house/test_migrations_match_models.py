"""A new file made by the migrations is the file the tables describe."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory

from db import migrate
from db.engine import make_engine
from db.migrations.make import differences
from tests.house import listed
from tests.tools.sources import ROOT


@pytest.fixture(scope="module")
def history() -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", str(ROOT / "db" / "migrations"))
    config.set_main_option("path_separator", "os")
    return ScriptDirectory.from_config(config)


def test_migrations_build_what_the_tables_say(tmp_path: Path) -> None:
    engine = make_engine(tmp_path / "schema.db", bytes(32), read_only=False, size=1)
    migrate.build(engine)

    with engine.connect() as connection:
        found = differences(connection)
    engine.dispose()

    assert found == [], listed(
        "Tables and migrations differ: run python3 dev.py migration NAME, read and tidy what it writes.", found
    )


def test_the_program_knows_every_revision(history: ScriptDirectory) -> None:
    revisions = [script.revision for script in history.walk_revisions()]

    assert history.get_heads() == [migrate.HEAD], "Set HEAD in db/migrate.py to the newest revision."
    assert sorted(migrate.KNOWN) == sorted(revisions), "Name every revision in KNOWN in db/migrate.py."
