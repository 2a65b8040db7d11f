"""The store of every released version opens, and what waited in it still waits."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from app.base.clock import FixedClock
from app.base.paths import StorePaths
from app.desk import open_desk
from app.domain.case_views import CaseFilter
from app.gate import Gate
from db import migrate
from tests.builders import PASSWORD
from tests.data_files import data_file

RELEASES = sorted(folder.name for folder in data_file("schema").iterdir() if folder.is_dir())


@pytest.fixture(params=RELEASES)
def old_store(request: pytest.FixtureRequest, tmp_path: Path) -> StorePaths:
    """A store as that release left it."""
    shutil.copytree(data_file("schema", request.param), tmp_path / "store")
    return StorePaths.of(tmp_path / "store")


def test_there_is_a_store_of_every_revision_before_this_one() -> None:
    assert set(RELEASES) == set(migrate.KNOWN) - {migrate.HEAD}, "Keep a file of the old release in tests/data/schema."


def test_an_older_store_opens_with_everything_in_it(old_store: StorePaths, clock: FixedClock) -> None:
    opened = Gate(old_store, clock).enter("zhangmin", PASSWORD)

    desk = open_desk(opened.key, old_store, clock)
    try:
        lines = desk.case_lists.first_page(CaseFilter(), 10)
        found = desk.case_lists.first_page(CaseFilter(search="旧版本"), 10)
        waiting, trail = desk.outbox_count(), desk.audit.broken_at()
    finally:
        desk.close()

    assert len(lines) == len(found) == 3
    assert waiting == 19
    assert trail is None


def test_a_copy_is_kept_before_the_upgrade(old_store: StorePaths, clock: FixedClock) -> None:
    opened = Gate(old_store, clock).enter("zhangmin", PASSWORD)

    open_desk(opened.key, old_store, clock).close()

    assert [copy.name[:14] for copy in old_store.backups.glob("*.db")] == ["before-upgrade"]
