"""A database the migrations build is the one the tables describe, and a city never opens one it does not understand."""

from __future__ import annotations

import threading

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import func, select, text

from app.base.clock import FixedClock
from app.domain.problems import Refused
from server import migrate
from server.city import open_city
from server.database import Database
from server.migrations.make import differences
from server.settings import CitySettings
from server.tables import CITY
from tests.tools.sources import ROOT


def test_migrations_build_what_the_tables_say(database_url: str) -> None:
    database = Database(database_url)
    with database.write() as connection:
        migrate.upgrade(connection)
        found = differences(connection)
        revision = migrate.revision(connection)
    database.close()

    assert found == [], "Run python -m server.migrations.make NAME, read and tidy what it writes."
    assert revision == migrate.HEAD


def test_a_new_database_is_made_whole_at_the_newest_revision(database_url: str) -> None:
    database = Database(database_url)
    migrate.bring_up_to_date(database)
    with database.write() as connection:
        found, revision = differences(connection), migrate.revision(connection)
    database.close()

    assert (found, revision) == ([], migrate.HEAD)


def test_the_program_knows_every_revision() -> None:
    config = Config()
    config.set_main_option("script_location", str(ROOT / "server" / "migrations"))
    config.set_main_option("path_separator", "os")
    history = ScriptDirectory.from_config(config)

    assert history.get_heads() == [migrate.HEAD], "Set HEAD in server/migrate.py to the newest revision."
    assert sorted(migrate.KNOWN) == sorted(script.revision for script in history.walk_revisions())


def test_six_workers_that_start_at_once_make_one_city(settings: CitySettings, clock: FixedClock) -> None:
    gate, keys = threading.Barrier(6), []

    def start() -> None:
        gate.wait()
        city = open_city(settings, clock=clock)
        with city.database.read() as connection:
            count = connection.execute(select(func.count()).select_from(CITY)).scalar_one()
        keys.append((city.keys.sign_public, count))
        city.close()

    threads = [threading.Thread(target=start) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(keys) == 6
    assert len(set(keys)) == 1


def test_a_database_of_a_newer_program_is_left_alone(database_url: str) -> None:
    database = Database(database_url)
    migrate.bring_up_to_date(database)
    with database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '29990101_later'"))

    with pytest.raises(Refused, match="29990101_later"):
        migrate.bring_up_to_date(database)
    database.close()


def test_a_database_with_other_tables_of_our_names_is_left_alone(database_url: str) -> None:
    database = Database(database_url)
    with database.write() as connection:
        connection.execute(text("CREATE TABLE device (id INTEGER)"))

    with pytest.raises(Refused, match=r"city\.not_ours"):
        migrate.bring_up_to_date(database)
    database.close()
