"""A filled office for tests of lists and plans."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from app.base.clock import FixedClock
from app.desk import Desk
from app.domain.cases import Case
from tests.conftest import MONDAY_MORNING
from tests.desks import first_actor, make_desk


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """An office with two thousand made-up cases of the last forty days; read only."""
    made = make_desk(tmp_path_factory.mktemp("archive"), FixedClock(MONDAY_MORNING))
    made.demo.load(2000, seed=11, actor=first_actor(made), days=40)
    yield made
    made.close()


@pytest.fixture(scope="module")
def records(archive: Desk) -> dict[int, Case]:
    """Every case of the archive by its row number."""
    with archive.store.read() as reader:
        rids = reader.connection.exec_driver_sql("SELECT rid FROM cases ORDER BY rid").scalars().all()
        return dict(zip(rids, reader.all(Case), strict=True))
