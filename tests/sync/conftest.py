"""Desks with a line: real encrypted stores, enrolled at a real city in this process, speaking HTTP through its routes."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from app.base.clock import FixedClock
from app.base.paths import StorePaths
from app.desk import NewOffice, create_desk, open_desk
from app.domain.recovery import key_from_recovery
from app.sync.enrolment import Enrolment
from server import districts, enrolment
from server.city import City, open_city
from server.main import create_app
from server.settings import CitySettings
from tests.builders import PASSWORD
from tests.conftest import MONDAY_MORNING
from tests.desks import JINSHUI, fill_lists
from tests.sync.offices import URL, Office

MakeOffice = Callable[..., Office]


@pytest.fixture
def city(tmp_path: Path, clock: FixedClock) -> Iterator[City]:
    """A city on SQLite with two districts."""
    settings = CitySettings(f"sqlite:{'///'}{tmp_path / 'city.sqlite'}", tmp_path / "city files")
    made = open_city(settings, clock=clock)

    def add(connection: object) -> None:
        for code, name in ((JINSHUI, "金水区"), ("410103", "二七区")):
            districts.add(connection, made, code, name, who="测试")  # type: ignore[arg-type]

    made.database.retrying(add)
    yield made
    made.close()


@pytest.fixture
def client(city: City) -> TestClient:
    """The city's application without a network."""
    return TestClient(create_app(city))


@pytest.fixture(scope="session")
def _templates(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, str], tuple[Path, bytes]]:
    """One office a name and district, made once and copied for each test."""
    made: dict[tuple[str, str], tuple[Path, bytes]] = {}

    def template(name: str, district: str) -> tuple[Path, bytes]:
        if (name, district) not in made:
            folder = tmp_path_factory.mktemp("office")
            office = NewOffice(district, "城市管理局", "JS" if district == JINSHUI else "EQ")
            person = (f"张敏{name}", f"zhangmin-{name.lower()}")
            desk, code = create_desk(StorePaths.of(folder), office, *person, PASSWORD, clock=FixedClock(MONDAY_MORNING))
            fill_lists(desk)
            desk.close()
            made[name, district] = (folder, key_from_recovery(code))
        return made[name, district]

    return template


@pytest.fixture
def make_desk_alone(
    tmp_path: Path,
    clock: FixedClock,
    city: City,
    client: TestClient,
    _templates: Callable[[str, str], tuple[Path, bytes]],
) -> Iterator[MakeOffice]:
    """Gives the office of a name, not enrolled; closed at the end."""
    made: list[Office] = []

    def make(name: str = "A", district: str = JINSHUI) -> Office:
        folder, key = _templates(name, district)
        here = tmp_path / f"office {name} {district}"
        shutil.copytree(folder, here)
        office = Office(open_desk(key, StorePaths.of(here), clock), client, city, key)
        made.append(office)
        return office

    yield make
    for office in made:
        office.desk.close()


@pytest.fixture
def make_desk_with_line(make_desk_alone: MakeOffice, city: City) -> MakeOffice:
    """Gives the office of a name, enrolled at the city."""

    def make(name: str = "A", district: str = JINSHUI) -> Office:
        office = make_desk_alone(name, district)
        code = city.database.retrying(lambda c: enrolment.new_code(c, city, district, hours=1, who="测试"))
        asks = Enrolment(
            office.desk.store, office.line_of, seed=lambda: secrets.token_bytes(32), machine=lambda: f"machine {name}"
        )
        asks.enrol(URL, code, own_ca="", proxy="", actor=office.actor)
        return office

    return make


@pytest.fixture
def two(make_desk_with_line: MakeOffice) -> tuple[Office, Office]:
    """Two desks of one district."""
    return make_desk_with_line("A"), make_desk_with_line("B")
