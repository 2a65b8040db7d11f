"""What every test of the city has: a city on SQLite and on PostgreSQL, PCs that sign, and a client without sockets."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from app.base.clock import FixedClock
from server.city import City, open_city
from server.main import create_app
from server.settings import CitySettings
from tests.server import devices, postgres
from tests.server.devices import JINSHUI, SignedDevice


@pytest.fixture(scope="session")
def postgres_cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[postgres.Cluster]:
    """The PostgreSQL of this test run."""
    base = tmp_path_factory.getbasetemp()
    with postgres.cluster(base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) as cluster:
        yield cluster


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database of each kind."""
    with ExitStack() as leaving:
        if request.param == "sqlite":
            yield f"sqlite:{'///'}{tmp_path / 'city.db'}"
        else:
            cluster: postgres.Cluster = request.getfixturevalue("postgres_cluster")
            yield leaving.enter_context(cluster.database())


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> CitySettings:
    """Where the city of the test lies."""
    return CitySettings(database_url, tmp_path / "files", secure_cookies=False)


@pytest.fixture
def city(settings: CitySettings, clock: FixedClock) -> Iterator[City]:
    """A city with 金水区 and 惠济区."""
    made = open_city(settings, clock=clock)
    devices.add_districts(made)
    yield made
    made.close()


@pytest.fixture
def sqlite_city(tmp_path: Path, clock: FixedClock) -> Iterator[City]:
    """The same city, on SQLite only, for what does not depend on the database."""
    made = open_city(CitySettings(f"sqlite:{'///'}{tmp_path / 'one.db'}", tmp_path / "files"), clock=clock)
    devices.add_districts(made)
    yield made
    made.close()


@pytest.fixture
def client(city: City) -> TestClient:
    """Asks the city's application without a socket. The city stays open afterwards; its fixture closes it."""
    return TestClient(create_app(city), raise_server_exceptions=True)


@pytest.fixture
def make_device(city: City, client: TestClient) -> Callable[..., SignedDevice]:
    """`make_device(district=…, persons=…)`: a PC that has enrolled over the wire and signs what it sends."""

    def make(district: str = JINSHUI, **told: object) -> SignedDevice:
        return devices.enrolled(city, client, district, **told)

    return make
